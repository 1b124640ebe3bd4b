/*
 * Totals over everything published: of the store, of each service, of each template. Sized for the maximum at birth, so
 * that nothing moves under a reader; untouched pages cost nothing.
 *
 * The writer notes each record with its tuple, which costs little, and adds up what it noted when it publishes. The
 * numbers are relaxed atomics with one writer: each is right by itself, two of them read while the writer publishes
 * may be of different moments. What is written once (first record, example) is plain: it stands before the template's
 * code is published.
 */
#ifndef STORE_TOTALS_H
#define STORE_TOTALS_H

#include <stdatomic.h>

#include "store/tuples.h"
#include "tocsin/base/vector.h"

struct count_by_level {
	_Atomic uint64_t of[LEVEL_COUNT];
};

struct time_range {
	_Atomic int64_t first, last; /* TIMESTAMP_NONE while no record has a time */
};

struct template_row {
	struct count_by_level levels;
	struct time_range range;
	struct record first; /* the first record, which is the example too */
};

/* Records noted of a tuple, not added up yet. */
struct totals_note {
	uint64_t count;
	int64_t first, last;
	uint32_t next; /* tuple that was noted before it, or STORE_NO_CODE */
};

struct totals {
	struct count_by_level levels;
	struct time_range range;
	struct count_by_level *services;
	struct template_row *templates;
	_Atomic uint64_t *occurs; /* a bit for each service in a row of `stride` words for each template */
	size_t stride;

	/* The writer's. */
	uint32_t template_count; /* of those that were noted */
	struct vector notes;     /* of struct totals_note, by tuple */
	uint32_t noted;          /* the tuple noted last, or STORE_NO_CODE */
};

int totals_init(struct totals *totals, uint32_t services, uint32_t templates); /* the most there may be; ERROR_MEMORY */
void totals_release(struct totals *totals);

/* The writer makes room for notes of this tuple; ERROR_MEMORY. Then it notes records of it. */
int totals_prepare(struct totals *totals, uint32_t tuple);
/* The first note of a tuple since the last publish. */
void totals_begin_note(
	struct totals *totals, const struct tuples *tuples, uint64_t id, const struct store_entry *entry);
static inline void totals_note(
	struct totals *totals, const struct tuples *tuples, uint64_t id, const struct store_entry *entry)
{
	struct totals_note *note = (struct totals_note *)totals->notes.items + entry->kind;

	if (note->count++ == 0)
		totals_begin_note(totals, tuples, id, entry);
	if (entry->time == TIMESTAMP_NONE)
		return;
	note->first = entry->time < note->first ? entry->time : note->first;
	note->last = entry->time > note->last ? entry->time : note->last;
}

/* Adds up. */
void totals_publish(struct totals *totals, const struct tuples *tuples);

void totals_read_levels(const struct count_by_level *levels, uint64_t out[LEVEL_COUNT]);
bool totals_occurs(const struct totals *totals, uint32_t template, uint32_t service);

#endif
