/*
 * A heap of the sources that have something, by the event time of their next record, and where times are equal by the
 * order in which they were opened. One source goes on as long as no other is earlier.
 */
#include "ingest/merge.h"

#include <string.h>

#define BATCH_BYTES ((size_t)4 << 20) /* a batch of more text than this is full */

struct heap {
	struct source *items[STORE_MAXIMUM_SOURCES];
	size_t count;
};

static bool is_before(const struct source *a, const struct source *b)
{
	int64_t left = source_next_key(a);
	int64_t right = source_next_key(b);

	return left != right ? left < right : a->order < b->order;
}

/* The source at `at` has become a later one. */
static void sink(struct heap *heap, size_t at)
{
	for (;;) {
		struct source *source = heap->items[at];
		size_t first = 2 * at + 1;

		if (first + 1 < heap->count && is_before(heap->items[first + 1], heap->items[first]))
			first++;
		if (first >= heap->count || !is_before(heap->items[first], source))
			return;
		heap->items[at] = heap->items[first];
		heap->items[first] = source;
		at = first;
	}
}

static void build(struct heap *heap, struct intake *intake)
{
	heap->count = 0;
	for (size_t i = 0; i < intake->count; i++)
		if (source_fill(intake->sources[i], intake->chunk))
			heap->items[heap->count++] = intake->sources[i];
	for (size_t i = heap->count / 2; i > 0; i--)
		sink(heap, i - 1);
}

/* Up to which time does the first one stay so? */
static int64_t find_limit(const struct heap *heap)
{
	int64_t limit = INT64_MAX;

	for (size_t i = 1; i < heap->count && i <= 2; i++)
		if (source_next_key(heap->items[i]) < limit)
			limit = source_next_key(heap->items[i]);
	return limit;
}

bool merge_is_full(const struct intake *intake, const struct batch *batch)
{
	return batch->entries.count >= intake->options.batch_records || batch->bytes >= BATCH_BYTES;
}

/* Takes what comes before the limit, at least one. */
static void take(const struct intake *intake, struct source *source, int64_t limit, struct batch *batch)
{
	const struct store_entry *first = entries_head(&source->recorder.queue), *entry = first;
	const struct store_entry *end = source->recorder.queue.items + source->recorder.queue.count;
	size_t room = intake->options.batch_records - batch->entries.count;

	do {
		source->key = entry->time != TIMESTAMP_NONE ? entry->time : source->key;
		batch->bytes += entry->size;
		entry++;
	} while (entry < end && (size_t)(entry - first) < room && batch->bytes < BATCH_BYTES &&
		(entry->time != TIMESTAMP_NONE ? entry->time : source->key) <= limit);
	source->recorder.queue.next += (size_t)(entry - first);
	if (!entries_reserve(&batch->entries, (size_t)(entry - first))) {
		source->recorder.pending.lost += (uint64_t)(entry - first);
		return;
	}
	memcpy(batch->entries.items + batch->entries.count, first, (size_t)(entry - first) * sizeof(*entry));
	batch->entries.count += (size_t)(entry - first);
}

void merge_into(struct intake *intake, struct batch *batch)
{
	struct heap heap;

	build(&heap, intake);
	while (heap.count > 0 && !merge_is_full(intake, batch)) {
		struct source *source = heap.items[0];

		take(intake, source, find_limit(&heap), batch);
		if (!source_fill(source, intake->chunk))
			heap.items[0] = heap.items[--heap.count];
		sink(&heap, 0);
	}
}
