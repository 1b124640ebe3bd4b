/*
 * Columns in, columns out.
 */
#include "store/open.h"

#include <stdlib.h>

int open_init(struct open_segment *open, size_t records)
{
	open->times = calloc(records, sizeof(*open->times));
	open->offsets = calloc(records, sizeof(*open->offsets));
	open->lines = calloc(records, sizeof(*open->lines));
	open->sizes = calloc(records, sizeof(*open->sizes));
	open->tuples = calloc(records, sizeof(*open->tuples));
	return open->times && open->offsets && open->lines && open->sizes && open->tuples ? 0 : ERROR_MEMORY;
}

void open_release(struct open_segment *open)
{
	free(open->times);
	free(open->offsets);
	free(open->lines);
	free(open->sizes);
	free(open->tuples);
}

void open_get(const struct open_segment *open, size_t position, struct open_record *record)
{
	record->time = atomic_load_explicit(&open->times[position], memory_order_acquire);
	record->offset = atomic_load_explicit(&open->offsets[position], memory_order_acquire);
	record->line = atomic_load_explicit(&open->lines[position], memory_order_acquire);
	record->size = atomic_load_explicit(&open->sizes[position], memory_order_acquire);
	record->tuple = atomic_load_explicit(&open->tuples[position], memory_order_acquire);
}

void open_times(const struct open_segment *open, size_t position, size_t count, int64_t *times)
{
	for (size_t i = 0; i < count; i++)
		times[i] = atomic_load_explicit(&open->times[position + i], memory_order_acquire);
}

void open_tuples(const struct open_segment *open, size_t position, size_t count, uint32_t *tuples)
{
	for (size_t i = 0; i < count; i++)
		tuples[i] = atomic_load_explicit(&open->tuples[position + i], memory_order_acquire);
}
