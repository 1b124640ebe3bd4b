/*
 * The inside of a store, for the files of this room.
 *
 * How readers need no lock: the writer fills what a record needs (columns, tuple, texts of codes) at places no reader
 * looks at yet, and then stores the counts with release order, `published` last. A reader loads `published` once with
 * acquire order: all that was written before is then visible to it, and what it sees of a record never changes. A code
 * in a visible record is therefore below the published count of codes too, if that is loaded afterwards. A segment may
 * be sealed before all of its records are published: its dictionary then knows tuples that no reader may look at yet.
 *
 * The one thing that is written again is the open segment; open.h tells how readers notice.
 *
 * Tests make small segments, and begin with an id just below a limit.
 */
#ifndef STORE_STORE_INSIDE_H
#define STORE_STORE_INSIDE_H

#include "store/rollup.h"
#include "store/totals.h"
#include "tocsin/base/intern.h"
#include "tocsin/store/templates.h"

#define LEDGER_NUMBERS (sizeof(struct ledger) / sizeof(uint64_t))

struct store_source {
	char *name;
	size_t name_size;
	struct ledger edited; /* the writer's */
	_Atomic uint64_t published[LEDGER_NUMBERS];
};

/* Where a segment is. */
struct store_slot {
	_Atomic(struct segment *) sealed; /* NULL: it is the open one */
	int64_t maximum_before;           /* newest time of all records before it, or TIMESTAMP_NONE */
	_Atomic(_Atomic uint8_t *) importance; /* of its records, or NULL: importance.c */
};

struct store_shape {
	size_t segment_records; /* a power of two from 64 to 4,096 */
	size_t fanout;          /* segments in a rollup */
	uint64_t first;         /* the first id, a multiple of segment_records */
};

struct store {
	bool totals_only;
	uint64_t maximum_records;
	uint32_t maximum_services;
	uint32_t maximum_templates;
	struct store_shape shape;
	unsigned segment_shift;
	struct intern *services;
	struct intern *templates;
	struct tuples tuples;
	struct totals totals;
	struct store_source *sources;
	struct store_slot *slots; /* NULL with totals_only, as the rollups */
	struct rollups rollups;
	struct store_templates **tables; /* those below table_count are published */
	struct open_segment open;

	/* The writer's. */
	struct sealer sealer;
	uint64_t appended;
	uint64_t sealed;      /* segments */
	int64_t maximum_time; /* newest time of all appended */

	_Atomic uint16_t source_count;
	_Atomic uint32_t service_count;
	_Atomic uint32_t template_count;
	_Atomic uint32_t tuple_count;
	_Atomic uint32_t table_count;
	_Atomic uint64_t published;
};

struct store *store_create_shaped(const struct store_options *options, struct store_shape shape);

static inline uint64_t store_segment_of(const struct store *store, uint64_t id)
{
	return (id - store->shape.first) >> store->segment_shift;
}

static inline size_t store_position_of(const struct store *store, uint64_t id)
{
	return (size_t)(id & (store->shape.segment_records - 1));
}

static inline uint64_t store_first_of(const struct store *store, uint64_t segment)
{
	return store->shape.first + (segment << store->segment_shift);
}

/* The sealed segment, or NULL while it is open. */
static inline const struct segment *store_sealed(const struct store *store, uint64_t segment)
{
	return atomic_load_explicit(&store->slots[segment].sealed, memory_order_acquire);
}

static inline int64_t store_maximum_before(const struct store *store, uint64_t segment)
{
	return store->slots[segment].maximum_before;
}

/* Times, and codes of tuples, of the 64 records of a block. What is not published yet is undefined. */
void store_block_times(const struct store *store, uint64_t segment, size_t block, int64_t times[PLANES_NUMBERS]);
void store_block_tuples(const struct store *store, uint64_t segment, size_t block, uint32_t tuples[PLANES_NUMBERS]);
void store_block_places(const struct store *store, uint64_t segment, size_t block, uint64_t offsets[PLANES_NUMBERS],
	uint32_t sizes[PLANES_NUMBERS]);

#endif
