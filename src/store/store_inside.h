/*
 * The inside of a store, for the files of this room.
 *
 * How readers need no lock: the writer fills what a record needs (segment pointer, columns, texts of codes, totals,
 * summary of a full segment) at places no reader looks at yet, and then stores the counts with release order,
 * `published` last. A reader loads `published` once with acquire order: all that was written before is then visible to
 * it, and below that count nothing is ever written again. A code in a visible record is therefore below the published
 * count of codes too, if that is loaded afterwards.
 */
#ifndef STORE_STORE_INSIDE_H
#define STORE_STORE_INSIDE_H

#include "store/segment.h"
#include "store/totals.h"
#include "tocsin/base/intern.h"

#define LEDGER_NUMBERS (sizeof(struct ledger) / sizeof(uint64_t))

struct store_source {
	char *name;
	size_t name_size;
	struct ledger edited; /* the writer's */
	_Atomic uint64_t published[LEDGER_NUMBERS];
};

struct store {
	bool totals_only;
	uint64_t maximum_records;
	uint32_t maximum_services;
	uint32_t maximum_templates;
	struct intern *services;
	struct intern *templates;
	struct totals totals;
	struct store_source *sources;
	struct segment **segments; /* with totals_only one, which holds what is not published yet */

	uint64_t appended;    /* the writer's */
	int64_t maximum_time; /* the writer's: newest time of all appended */

	_Atomic uint16_t source_count;
	_Atomic uint32_t service_count;
	_Atomic uint32_t template_count;
	_Atomic uint64_t published;
};

/* The segment that holds a published record; never with totals_only. */
static inline const struct segment *store_segment(const struct store *store, uint64_t id)
{
	return store->segments[id / STORE_SEGMENT_RECORDS];
}

#endif
