/*
 * The book of evidence: entries never move once minted, so a number and a pointer stay good as long as the book.
 */
#include "tocsin/analyst/evidence.h"

#include <stdatomic.h>
#include <stdlib.h>

#define BOOK_BYTES ((size_t)EVIDENCE_MAXIMUM * (EVIDENCE_TEXT + 512))

struct evidence_book {
	struct arena arena;
	atomic_uint count; /* published last: an entry below it never changes, so readers need no lock */
	struct evidence *entries[EVIDENCE_MAXIMUM];
};

struct evidence_book *evidence_book_create(void)
{
	struct evidence_book *book = calloc(1, sizeof(*book));

	if (!book)
		return NULL;
	arena_init(&book->arena, BOOK_BYTES);
	return book;
}

void evidence_book_destroy(struct evidence_book *book)
{
	if (!book)
		return;
	arena_release(&book->arena);
	free(book);
}

unsigned evidence_count(const struct evidence_book *book)
{
	return atomic_load_explicit(&book->count, memory_order_acquire);
}

const struct evidence *evidence_find(const struct evidence_book *book, unsigned number)
{
	return number == 0 || number > evidence_count(book) ? NULL : book->entries[number - 1];
}

static unsigned find_line(const struct evidence_book *book, uint64_t record)
{
	for (unsigned number = 1; number <= evidence_count(book); number++) {
		const struct evidence *evidence = evidence_find(book, number);

		if (evidence->kind == EVIDENCE_LINE && evidence->record == record)
			return number;
	}
	return 0;
}

static unsigned find_count(const struct evidence_book *book, const struct evidence *wanted)
{
	for (unsigned number = 1; number <= evidence_count(book); number++) {
		const struct evidence *evidence = evidence_find(book, number);

		if (evidence->kind == EVIDENCE_COUNT && evidence->count == wanted->count &&
			evidence->window.from == wanted->window.from && evidence->window.to == wanted->window.to &&
			slice_equal(evidence->filter, wanted->filter))
			return number;
	}
	return 0;
}

/* Keeps a copy of `draft` with copies of its texts. An empty text stays empty. */
static unsigned keep(struct evidence_book *book, const struct evidence *draft)
{
	unsigned count = evidence_count(book);
	struct evidence *evidence;

	if (count >= EVIDENCE_MAXIMUM)
		return 0;
	evidence = arena_allocate(&book->arena, sizeof(*evidence));
	if (!evidence)
		return 0;
	*evidence = *draft;
	evidence->source = arena_copy(&book->arena, draft->source);
	evidence->text = arena_copy(&book->arena, slice_first(draft->text, EVIDENCE_TEXT));
	evidence->filter = arena_copy(&book->arena, draft->filter);
	if ((draft->source.size && !evidence->source.data) || (draft->text.size && !evidence->text.data) ||
		(draft->filter.size && !evidence->filter.data))
		return 0;
	evidence->number = count + 1;
	book->entries[count] = evidence;
	atomic_store_explicit(&book->count, count + 1, memory_order_release);
	return evidence->number;
}

unsigned evidence_add_line(
	struct evidence_book *book, const struct store *store, const struct store_reader *reader, uint64_t record)
{
	unsigned number = find_line(book, record);
	struct store_text text = { 0 };
	struct record row;
	struct evidence draft = { .kind = EVIDENCE_LINE, .record = record, .count = 1 };

	if (number)
		return number;
	if (!reader || record >= store_count(store) || !store_has_records(store))
		return 0;
	store_record(store, record, &row);
	if (reader->read(reader->context, &row, &text) != 0 || text.gone)
		return 0;
	draft.time = row.time;
	draft.service = row.service;
	draft.level = row.level;
	draft.source = store_source_name(store, row.source);
	draft.line = row.line;
	draft.text = text.message;
	draft.hash = slice_hash(text.raw, 0);
	return keep(book, &draft);
}

unsigned evidence_add_count(struct evidence_book *book, const struct store *store, struct slice filter,
	struct window window, uint64_t count, uint64_t first, struct slice sentence)
{
	struct evidence draft = { .kind = EVIDENCE_COUNT,
		.record = first,
		.time = TIMESTAMP_NONE,
		.service = STORE_NO_CODE,
		.level = LEVEL_UNKNOWN,
		.text = sentence,
		.filter = filter,
		.window = window,
		.count = count };
	unsigned number = find_count(book, &draft);

	if (number)
		return number;
	if (first < store_count(store) && store_has_records(store)) {
		struct record row;

		store_record(store, first, &row);
		draft.time = row.time;
		draft.line = row.line;
		if (slice_find(filter, slice_of("service:")) != SIZE_MAX && slice_find_byte(filter, ',') == SIZE_MAX)
			draft.service = row.service;
	}
	if (store_source_count(store) == 1)
		draft.source = store_source_name(store, 0);
	return keep(book, &draft);
}

const char *evidence_kind_name(enum evidence_kind kind)
{
	static const char *const names[] = { "line", "count", "metric", "span", "change", "runbook" };

	return names[kind];
}

static unsigned find_fact(const struct evidence_book *book, const struct evidence *wanted)
{
	for (unsigned number = 1; number <= evidence_count(book); number++) {
		const struct evidence *evidence = evidence_find(book, number);

		if (evidence->kind == wanted->kind && evidence->window.from == wanted->window.from &&
			evidence->window.to == wanted->window.to && slice_equal(evidence->source, wanted->source) &&
			slice_equal(evidence->filter, wanted->filter))
			return number;
	}
	return 0;
}

unsigned evidence_add_fact(struct evidence_book *book, enum evidence_kind kind, struct slice service, struct slice name,
	struct window window, double value, struct slice sentence)
{
	struct evidence draft = { .kind = kind,
		.record = UINT64_MAX,
		.time = window.from,
		.service = STORE_NO_CODE,
		.level = LEVEL_UNKNOWN,
		.source = service,
		.text = sentence,
		.filter = name,
		.window = window,
		.value = value };
	unsigned number = find_fact(book, &draft);

	return number ? number : keep(book, &draft);
}

bool evidence_next_citation(struct slice text, size_t start, size_t *begin, size_t *end, unsigned *number)
{
	for (size_t at = start; at + 3 < text.size; at++) {
		size_t stop = at + 2;
		uint64_t value;

		if (text.data[at] != '[' || text.data[at + 1] != 'E')
			continue;
		while (stop < text.size && text.data[stop] >= '0' && text.data[stop] <= '9')
			stop++;
		if (stop == text.size || text.data[stop] != ']' || text.data[at + 2] == '0' ||
			!slice_to_u64((struct slice){ text.data + at + 2, stop - at - 2 }, &value) ||
			value > EVIDENCE_MAXIMUM)
			continue;
		*begin = at;
		*end = stop + 1;
		*number = (unsigned)value;
		return true;
	}
	return false;
}
