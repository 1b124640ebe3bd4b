/*
 * Questions: any bytes asked, one question a line, get an answer whose citations can be read and whose filter can be
 * typed.
 */
#include "fuzz/small_log.h"
#include "tocsin/analyst/question.h"
#include "tocsin/store/filter.h"

#define MAXIMUM_QUESTIONS 8

static struct store *store;
static struct detect *detect;
static struct analysis *analysis;

static struct analysis_input input_of(void)
{
	return (struct analysis_input){
		.store = store, .reader = &small_log_reader, .horizon = horizon_all(store), .detect = detect
	};
}

static void set_up(void)
{
	struct analysis_input input;

	store = small_log_create();
	detect = detect_create(NULL);
	REQUIRE(detect != NULL);
	while (detect_advance(detect, store, horizon_all(store), UINT64_MAX))
		continue;
	input = input_of();
	analysis = analysis_create(&input);
	REQUIRE(analysis != NULL);
	while (analysis_step(analysis))
		continue;
}

static void require_cited(const struct transcript *transcript, const struct evidence_book *book)
{
	for (size_t i = 0; i < transcript_count(transcript); i++) {
		const struct entry *entry = transcript_at(transcript, i);
		size_t start = 0, begin, end;
		unsigned number;

		if (entry->kind == ENTRY_QUESTION)
			continue; /* the person may cite what is not there */
		while (evidence_next_citation(entry->text, start, &begin, &end, &number)) {
			REQUIRE(begin >= start && end > begin && end <= entry->text.size);
			REQUIRE(slice_find(slice_first(entry->text, end), slice_of("[E")) != SIZE_MAX);
			(void)evidence_find(book, number);
			start = end;
		}
	}
}

static void ask(struct conversation *conversation, struct evidence_book *book, const struct analysis *known,
	struct slice question)
{
	struct analysis_input input = input_of();
	struct filter_scope scope = { store, input.horizon.time, NULL };
	struct transcript transcript;
	struct buffer filter;
	struct filter *parsed;
	size_t fault;

	transcript_init(&transcript);
	buffer_init(&filter, 4096);
	if (conversation_ask(conversation, &input, known, question, &transcript, book, &filter) == 0) {
		REQUIRE(transcript_count(&transcript) >= 1);
		require_cited(&transcript, book);
		parsed = filter_parse(buffer_slice(&filter), &scope, &fault, NULL);
		if (parsed == NULL)
			fprintf(stderr, "the filter offered: %s\n", buffer_string(&filter));
		REQUIRE(parsed != NULL);
		filter_destroy(parsed);
	}
	buffer_release(&filter);
	transcript_release(&transcript);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = fuzz_input(data, size);
	struct slice question;
	struct conversation *conversation = conversation_create();
	struct evidence_book *book = evidence_book_create();
	unsigned flags = fuzz_byte(&rest);

	REQUIRE(conversation != NULL && book != NULL);
	if (store == NULL)
		set_up();
	for (int i = 0; i < MAXIMUM_QUESTIONS && slice_next(&rest, '\n', &question); i++)
		ask(conversation, book, (flags & 1) != 0 ? analysis : NULL, question);
	evidence_book_destroy(book);
	conversation_destroy(conversation);
	return 0;
}
