/*
 * Noting records, and adding them up.
 */
#include "store/totals.h"

#include <stdlib.h>

static void clear(struct time_range *range)
{
	atomic_store_explicit(&range->first, TIMESTAMP_NONE, memory_order_relaxed);
	atomic_store_explicit(&range->last, TIMESTAMP_NONE, memory_order_relaxed);
}

int totals_init(struct totals *totals, uint32_t services, uint32_t templates)
{
	totals->stride = (services + UINT32_C(63)) / 64;
	totals->services = calloc(services, sizeof(*totals->services));
	totals->templates = calloc(templates, sizeof(*totals->templates));
	totals->occurs = calloc(totals->stride * templates, sizeof(*totals->occurs));
	vector_init(&totals->notes, sizeof(struct totals_note), UINT32_MAX);
	totals->noted = STORE_NO_CODE;
	clear(&totals->range);
	return totals->services && totals->templates && totals->occurs ? 0 : ERROR_MEMORY;
}

void totals_release(struct totals *totals)
{
	free(totals->services);
	free(totals->templates);
	free(totals->occurs);
	vector_release(&totals->notes);
}

/* --- noting ---------------------------------------------------------------------------------------------------- */

int totals_prepare(struct totals *totals, uint32_t tuple)
{
	while (totals->notes.count <= tuple)
		if (!vector_push(&totals->notes))
			return ERROR_MEMORY;
	return 0;
}

void totals_begin_note(
	struct totals *totals, const struct tuples *tuples, uint64_t id, const struct store_entry *entry)
{
	struct totals_note *note = (struct totals_note *)totals->notes.items + entry->kind;
	const struct tuple *tuple = tuples_at(tuples, entry->kind);

	note->next = totals->noted;
	totals->noted = entry->kind;
	note->first = INT64_MAX;
	note->last = TIMESTAMP_NONE;
	/* Codes are given in order of appearance: what carries the next code is the first of its template. */
	if (tuple->template < totals->template_count)
		return;
	totals->templates[tuple->template].first = (struct record){
		.id = id,
		.time = entry->time,
		.service = tuple->service,
		.template = tuple->template,
		.source = tuple->source,
		.level = tuple->level,
		.flags = tuple->flags,
		.size = entry->size,
		.offset = entry->offset,
		.line = entry->line,
	};
	clear(&totals->templates[tuple->template].range);
	totals->template_count = tuple->template + 1;
}

/* --- adding up ------------------------------------------------------------------------------------------------- */

/* There is one writer, so no locked instruction is needed. */
static void count(struct count_by_level *levels, uint8_t level, uint64_t records)
{
	_Atomic uint64_t *number = &levels->of[level];

	atomic_store_explicit(
		number, atomic_load_explicit(number, memory_order_relaxed) + records, memory_order_relaxed);
}

static void widen(struct time_range *range, const struct totals_note *note)
{
	int64_t first = atomic_load_explicit(&range->first, memory_order_relaxed);

	if (note->last == TIMESTAMP_NONE)
		return;
	if (first == TIMESTAMP_NONE || note->first < first)
		atomic_store_explicit(&range->first, note->first, memory_order_relaxed);
	if (note->last > atomic_load_explicit(&range->last, memory_order_relaxed))
		atomic_store_explicit(&range->last, note->last, memory_order_relaxed);
}

static _Atomic uint64_t *occurs_word(const struct totals *totals, uint32_t template, uint32_t service)
{
	return &totals->occurs[template * totals->stride + service / 64];
}

static void add(struct totals *totals, const struct tuple *tuple, const struct totals_note *note)
{
	struct template_row *row = &totals->templates[tuple->template];
	_Atomic uint64_t *word = occurs_word(totals, tuple->template, tuple->service);
	uint64_t bits = atomic_load_explicit(word, memory_order_relaxed), bit = UINT64_C(1) << tuple->service % 64;

	count(&row->levels, tuple->level, note->count);
	widen(&row->range, note);
	if (!(bits & bit))
		atomic_store_explicit(word, bits | bit, memory_order_relaxed);
	count(&totals->services[tuple->service], tuple->level, note->count);
	count(&totals->levels, tuple->level, note->count);
	widen(&totals->range, note);
}

void totals_publish(struct totals *totals, const struct tuples *tuples)
{
	while (totals->noted != STORE_NO_CODE) {
		struct totals_note *note = vector_at(&totals->notes, totals->noted);

		add(totals, tuples_at(tuples, totals->noted), note);
		note->count = 0;
		totals->noted = note->next;
	}
}

void totals_read_levels(const struct count_by_level *levels, uint64_t out[LEVEL_COUNT])
{
	for (size_t i = 0; i < LEVEL_COUNT; i++)
		out[i] = atomic_load_explicit(&levels->of[i], memory_order_relaxed);
}

bool totals_occurs(const struct totals *totals, uint32_t template, uint32_t service)
{
	uint64_t bits = atomic_load_explicit(occurs_word(totals, template, service), memory_order_relaxed);

	return bits >> service % 64 & 1;
}
