/*
 * The open segment: the newest records as plain columns, until the segment is full and is sealed.
 *
 * There is one such set of columns for a store, and the next segment is written over it as soon as the one before is
 * sealed. A reader may stand in the middle of it then. So the columns are atomic, written with release and read with
 * acquire order, and the reader looks again for the sealed segment after it has read: as long as there is none, nothing
 * was written over, since the writer shows the sealed segment first.
 */
#ifndef STORE_OPEN_H
#define STORE_OPEN_H

#include <stdatomic.h>

#include "tocsin/store/store.h"

struct open_record {
	int64_t time;
	uint64_t offset;
	uint64_t line;
	uint32_t size;
	uint32_t tuple;
};

struct open_segment {
	_Atomic int64_t *times;
	_Atomic uint64_t *offsets;
	_Atomic uint64_t *lines;
	_Atomic uint32_t *sizes;
	_Atomic uint32_t *tuples;
};

static inline void open_put(struct open_segment *open, size_t position, const struct store_entry *entry)
{
	atomic_store_explicit(&open->times[position], entry->time, memory_order_release);
	atomic_store_explicit(&open->offsets[position], entry->offset, memory_order_release);
	atomic_store_explicit(&open->lines[position], entry->line, memory_order_release);
	atomic_store_explicit(&open->sizes[position], entry->size, memory_order_release);
	atomic_store_explicit(&open->tuples[position], entry->kind, memory_order_release);
}

int open_init(struct open_segment *open, size_t records); /* ERROR_MEMORY */
void open_release(struct open_segment *open);

void open_get(const struct open_segment *open, size_t position, struct open_record *record);

void open_times(const struct open_segment *open, size_t position, size_t count, int64_t *times);
void open_tuples(const struct open_segment *open, size_t position, size_t count, uint32_t *tuples);

#endif
