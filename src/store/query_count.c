/*
 * Questions that add up: each takes the same walk and keeps what it was asked for.
 */
#include "store/query_walk.h"

uint64_t level_counts_total(const struct level_counts *counts)
{
	uint64_t total = 0;

	for (size_t i = 0; i < LEVEL_COUNT; i++)
		total += counts->of[i];
	return total;
}

uint64_t level_counts_errors(const struct level_counts *counts)
{
	return counts->of[LEVEL_ERROR] + counts->of[LEVEL_FATAL];
}

/* --- counts by level ------------------------------------------------------------------------------------------- */

struct counting {
	uint32_t service;
	uint32_t template;
	struct level_counts *out; /* by bucket */
};

static void count(void *context, const struct tuple *tuple, size_t bucket, uint64_t records, uint64_t first)
{
	struct counting *counting = context;

	(void)first;
	if ((counting->service == QUERY_ALL || tuple->service == counting->service) &&
		(counting->template == QUERY_ALL || tuple->template == counting->template))
		counting->out[bucket].of[tuple->level] += records;
}

struct level_counts query_count(
	const struct store *store, struct horizon horizon, struct window window, uint32_t service, uint32_t template)
{
	struct level_counts counts = { 0 };
	struct counting counting = { .service = service, .template = template, .out = &counts };

	walk_window(store, horizon,
		&(struct walk_options){ .window = window, .buckets = 1, .tell = count, .context = &counting });
	return counts;
}

void query_histogram(const struct store *store, struct horizon horizon, struct window window, uint32_t service,
	size_t bucket_count, struct level_counts *out)
{
	struct counting counting = { .service = service, .template = QUERY_ALL, .out = out };

	walk_window(store, horizon,
		&(struct walk_options){
			.window = window, .buckets = bucket_count, .tell = count, .context = &counting });
}

struct service_counting {
	uint32_t service_count;
	size_t bucket_count;
	struct level_counts *out;
};

static void count_service(void *context, const struct tuple *tuple, size_t bucket, uint64_t records, uint64_t first)
{
	struct service_counting *counting = context;

	(void)first;
	if (tuple->service < counting->service_count)
		counting->out[tuple->service * counting->bucket_count + bucket].of[tuple->level] += records;
}

void query_service_histograms(const struct store *store, struct horizon horizon, struct window window,
	size_t bucket_count, uint32_t service_count, struct level_counts *out)
{
	struct service_counting counting = { service_count, bucket_count, out };

	walk_window(store, horizon,
		&(struct walk_options){
			.window = window, .buckets = bucket_count, .tell = count_service, .context = &counting });
}

/* --- templates ------------------------------------------------------------------------------------------------- */

struct template_counting {
	uint32_t service;
	enum level level;
	uint32_t template_count;
	uint64_t *counts;
	uint64_t *firsts; /* may be NULL */
};

static bool is_at_least(uint8_t have, enum level wanted)
{
	return wanted == LEVEL_TRACE || (have >= wanted && have != LEVEL_UNKNOWN);
}

static void count_template(void *context, const struct tuple *tuple, size_t bucket, uint64_t records, uint64_t first)
{
	struct template_counting *counting = context;

	(void)bucket;
	if (tuple->template >= counting->template_count || !is_at_least(tuple->level, counting->level) ||
		(counting->service != QUERY_ALL && tuple->service != counting->service))
		return;
	counting->counts[tuple->template] += records;
	if (counting->firsts && first < counting->firsts[tuple->template])
		counting->firsts[tuple->template] = first;
}

void query_template_counts(const struct store *store, struct horizon horizon, struct window window, uint32_t service,
	enum level level, uint32_t template_count, uint64_t *counts, uint64_t *firsts)
{
	struct template_counting counting = { service, level, template_count, counts, firsts };

	for (uint32_t i = 0; firsts && i < template_count; i++)
		firsts[i] = UINT64_MAX;
	walk_window(store, horizon,
		&(struct walk_options){ .window = window,
			.buckets = 1,
			.firsts = firsts != NULL,
			.tell = count_template,
			.context = &counting });
}

/* --- unparsed -------------------------------------------------------------------------------------------------- */

static bool is_unparsed(const struct store *store, uint32_t tuple)
{
	return (tuples_at(&store->tuples, tuple)->flags & RECORD_UNPARSED) != 0;
}

/* Of the records from `begin` on and before `end` in one segment. */
static uint64_t count_unparsed(const struct store *store, uint64_t segment, size_t begin, size_t end)
{
	bool whole = begin == 0 && end == store->shape.segment_records;
	const struct segment *sealed = whole ? store_sealed(store, segment) : NULL;
	uint32_t tuples[PLANES_NUMBERS];
	uint64_t unparsed = 0;

	if (sealed) {
		for (size_t i = 0; i < sealed->entry_count; i++)
			if (is_unparsed(store, segment_entry_tuple(sealed, i)))
				unparsed += segment_entry_records(sealed, i);
		return unparsed;
	}
	for (size_t i = begin; i < end; i++) {
		if (i == begin || i % PLANES_NUMBERS == 0)
			store_block_tuples(store, segment, i / PLANES_NUMBERS, tuples);
		unparsed += is_unparsed(store, tuples[i % PLANES_NUMBERS]);
	}
	return unparsed;
}

uint64_t query_unparsed(const struct store *store, uint64_t from, uint64_t to)
{
	uint64_t unparsed = 0;

	while (from < to) {
		uint64_t segment = store_segment_of(store, from), first = store_first_of(store, segment);
		size_t records = store->shape.segment_records;
		size_t end = to - first < records ? (size_t)(to - first) : records;

		unparsed += count_unparsed(store, segment, (size_t)(from - first), end);
		from = first + end;
	}
	return unparsed;
}
