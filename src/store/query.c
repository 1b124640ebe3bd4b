/*
 * Questions are answered by a walk over the segments that a window touches. A segment that is full, visible to its end
 * and inside one bucket is answered by its summary; the others are scanned.
 */
#include "tocsin/store/query.h"

#include "store/store_inside.h"

/* What of one segment is visible. */
struct part {
	const struct segment *segment;
	uint64_t first; /* id of its first record */
	size_t count;
	bool summarised; /* all of the segment is visible, so its summary holds */
	bool inside;     /* and all its times lie in the window */
};

struct walk {
	const struct store *store;
	struct window window;
	uint64_t visible; /* records */
	uint64_t next;    /* segment */
};

/* --- the horizon ----------------------------------------------------------------------------------------------- */

static uint64_t count_visible(const struct store *store, struct horizon horizon)
{
	uint64_t count = store_has_records(store) ? store_count(store) : 0;

	return horizon.records < count ? horizon.records : count;
}

static int64_t newest_time(const struct store *store, uint64_t visible)
{
	const struct segment *segment;
	int64_t newest;

	if (visible == 0)
		return TIMESTAMP_NONE;
	segment = store_segment(store, visible - 1);
	newest = segment->maximum_before;
	for (size_t i = 0; i <= (visible - 1) % STORE_SEGMENT_RECORDS; i++)
		if (segment->time[i] > newest)
			newest = segment->time[i];
	return newest;
}

struct horizon horizon_all(const struct store *store)
{
	uint64_t count = store_count(store);

	if (!store_has_records(store))
		return (struct horizon){count, store_totals(store).last};
	return (struct horizon){count, newest_time(store, count)};
}

struct horizon horizon_at(const struct store *store, int64_t time)
{
	struct horizon all = horizon_all(store);
	uint64_t visible;

	if (time >= all.time || !store_has_records(store))
		return all;
	visible = query_find_time(store, all, time + 1);
	return (struct horizon){visible, newest_time(store, visible)};
}

/* The first segment at whose end the running maximum of times is >= `time`, or the last visible one. */
static uint64_t find_segment(const struct store *store, uint64_t visible, int64_t time)
{
	uint64_t low = 0, high = (visible - 1) / STORE_SEGMENT_RECORDS;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (store->segments[middle + 1]->maximum_before >= time)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

uint64_t query_find_time(const struct store *store, struct horizon horizon, int64_t time)
{
	uint64_t visible = count_visible(store, horizon);

	if (visible == 0)
		return horizon.records;
	for (uint64_t id = find_segment(store, visible, time) * STORE_SEGMENT_RECORDS; id < visible; id++)
		if (store_time(store, id) >= time)
			return id;
	return horizon.records;
}

/* --- the walk -------------------------------------------------------------------------------------------------- */

static void walk_init(struct walk *walk, const struct store *store, struct horizon horizon, struct window window)
{
	*walk = (struct walk){.store = store, .window = window, .visible = count_visible(store, horizon)};
	if (window.from == TIMESTAMP_NONE)
		walk->window.from++;
	if (window.from >= window.to)
		walk->visible = 0;
	if (walk->visible > 0)
		walk->next = find_segment(store, walk->visible, walk->window.from);
}

/* The next part that may hold a record of the window; false at the end. */
static bool walk_next(struct walk *walk, struct part *part)
{
	while (walk->next * STORE_SEGMENT_RECORDS < walk->visible) {
		const struct segment *segment = walk->store->segments[walk->next];
		uint64_t first = walk->next++ * STORE_SEGMENT_RECORDS, rest = walk->visible - first;

		*part = (struct part){.segment = segment, .first = first, .summarised = rest >= STORE_SEGMENT_RECORDS};
		part->count = part->summarised ? STORE_SEGMENT_RECORDS : (size_t)rest;
		if (!part->summarised)
			return true;
		if (segment->maximum < walk->window.from || segment->minimum >= walk->window.to)
			continue;
		part->inside = segment->minimum >= walk->window.from && segment->maximum < walk->window.to;
		return true;
	}
	return false;
}

static bool in_window(const struct walk *walk, int64_t time)
{
	return time >= walk->window.from && time < walk->window.to;
}

static bool is_service(const struct part *part, size_t i, uint32_t service)
{
	return service == QUERY_ALL || part->segment->service[i] == service;
}

/* The summary's counts of a service or of all. False when the summary does not know; *levels is NULL when there are
 * none. */
static bool find_summary(const struct part *part, uint32_t service, const uint16_t **levels)
{
	*levels = part->segment->levels;
	if (!part->summarised)
		return false;
	if (service == QUERY_ALL)
		return true;
	if (!segment_knows_services(part->segment))
		return false;
	*levels = segment_service_levels(part->segment, service);
	return true;
}

static void add_levels(struct level_counts *counts, const uint16_t *levels)
{
	for (size_t i = 0; levels && i < LEVEL_COUNT; i++)
		counts->of[i] += levels[i];
}

bool query_extent(const struct store *store, struct horizon horizon, struct window *extent)
{
	struct window all = {TIMESTAMP_NONE, INT64_MAX};
	int64_t first = INT64_MAX, last = TIMESTAMP_NONE;
	struct walk walk;
	struct part part;

	walk_init(&walk, store, horizon, all);
	while (walk_next(&walk, &part)) {
		if (part.summarised) {
			first = part.segment->minimum < first ? part.segment->minimum : first;
			last = part.segment->maximum > last ? part.segment->maximum : last;
			continue;
		}
		for (size_t i = 0; i < part.count; i++) {
			int64_t time = part.segment->time[i];

			if (time != TIMESTAMP_NONE && time < first)
				first = time;
			if (time > last)
				last = time;
		}
	}
	if (last == TIMESTAMP_NONE)
		return false;
	*extent = (struct window){first, last < INT64_MAX ? last + 1 : last};
	return true;
}

/* --- counts ---------------------------------------------------------------------------------------------------- */

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

struct level_counts query_count(const struct store *store, struct horizon horizon, struct window window,
				uint32_t service, uint32_t template)
{
	uint64_t template_first = template == QUERY_ALL ? 0 : store_template_first(store, template);
	struct level_counts counts = {0};
	struct walk walk;
	struct part part;

	walk_init(&walk, store, horizon, window);
	while (walk_next(&walk, &part)) {
		const uint16_t *levels;

		if (part.first + part.count <= template_first)
			continue;
		if (part.inside && template == QUERY_ALL && find_summary(&part, service, &levels)) {
			add_levels(&counts, levels);
			continue;
		}
		for (size_t i = 0; i < part.count; i++)
			if (in_window(&walk, part.segment->time[i]) && is_service(&part, i, service) &&
			    (template == QUERY_ALL || part.segment->template[i] == template))
				counts.of[part.segment->level[i]]++;
	}
	return counts;
}

/* --- histograms ------------------------------------------------------------------------------------------------ */

/* Finds the bucket of a time, quickly when it is that of the time before. */
struct buckets {
	int64_t from;
	uint64_t width;
	uint64_t start; /* of the bucket found last, counted from `from` */
	size_t index;   /* of that bucket */
};

static bool buckets_init(struct buckets *buckets, const struct walk *walk, struct window window, size_t count)
{
	uint64_t span = (uint64_t)window.to - (uint64_t)window.from;

	if (count == 0 || walk->visible == 0)
		return false;
	*buckets = (struct buckets){.from = window.from, .width = span / count + (span % count != 0)};
	return true;
}

static size_t buckets_find(struct buckets *buckets, int64_t time)
{
	uint64_t offset = (uint64_t)time - (uint64_t)buckets->from;

	if (offset - buckets->start >= buckets->width) {
		buckets->index = (size_t)(offset / buckets->width);
		buckets->start = buckets->index * buckets->width;
	}
	return buckets->index;
}

static bool in_one_bucket(struct buckets *buckets, const struct part *part, size_t *bucket)
{
	if (!part->inside)
		return false;
	*bucket = buckets_find(buckets, part->segment->minimum);
	return buckets_find(buckets, part->segment->maximum) == *bucket;
}

void query_histogram(const struct store *store, struct horizon horizon, struct window window, uint32_t service,
		     size_t bucket_count, struct level_counts *out)
{
	struct buckets buckets;
	struct walk walk;
	struct part part;

	walk_init(&walk, store, horizon, window);
	if (!buckets_init(&buckets, &walk, window, bucket_count))
		return;
	while (walk_next(&walk, &part)) {
		const uint16_t *levels;
		size_t bucket;

		if (in_one_bucket(&buckets, &part, &bucket) && find_summary(&part, service, &levels)) {
			add_levels(&out[bucket], levels);
			continue;
		}
		for (size_t i = 0; i < part.count; i++)
			if (in_window(&walk, part.segment->time[i]) && is_service(&part, i, service))
				out[buckets_find(&buckets, part.segment->time[i])].of[part.segment->level[i]]++;
	}
}

void query_service_histograms(const struct store *store, struct horizon horizon, struct window window,
			      size_t bucket_count, uint32_t service_count, struct level_counts *out)
{
	struct buckets buckets;
	struct walk walk;
	struct part part;

	walk_init(&walk, store, horizon, window);
	if (!buckets_init(&buckets, &walk, window, bucket_count))
		return;
	while (walk_next(&walk, &part)) {
		const struct segment *segment = part.segment;
		size_t bucket;

		if (in_one_bucket(&buckets, &part, &bucket) && segment_knows_services(segment)) {
			for (size_t i = 0; i < segment->service_count; i++)
				if (segment->services[i].service < service_count)
					add_levels(&out[segment->services[i].service * bucket_count + bucket],
						   segment->services[i].levels);
			continue;
		}
		for (size_t i = 0; i < part.count; i++)
			if (segment->service[i] < service_count && in_window(&walk, segment->time[i]))
				out[segment->service[i] * bucket_count + buckets_find(&buckets, segment->time[i])]
					.of[segment->level[i]]++;
	}
}

/* --- templates ------------------------------------------------------------------------------------------------- */

static bool is_at_least(uint8_t have, enum level wanted)
{
	return wanted == LEVEL_TRACE || (have >= wanted && have != LEVEL_UNKNOWN);
}

/* Does the summary say that the part holds nothing of the wanted service and level? */
static bool holds_none(const struct part *part, uint32_t service, enum level level)
{
	const uint16_t *levels;

	if (!part->summarised)
		return false;
	if (!find_summary(part, service, &levels))
		levels = part->segment->levels; /* of too many services to know each: what none has, this one has not */
	for (uint8_t i = 0; levels && i < LEVEL_COUNT; i++)
		if (levels[i] > 0 && is_at_least(i, level))
			return false;
	return true;
}

void query_template_counts(const struct store *store, struct horizon horizon, struct window window, uint32_t service,
			   enum level level, uint32_t template_count, uint64_t *counts, uint64_t *firsts)
{
	struct walk walk;
	struct part part;

	for (uint32_t i = 0; firsts && i < template_count; i++)
		firsts[i] = UINT64_MAX;
	walk_init(&walk, store, horizon, window);
	while (walk_next(&walk, &part)) {
		if (holds_none(&part, service, level))
			continue;
		for (size_t i = 0; i < part.count; i++) {
			uint32_t template = part.segment->template[i];

			if (template >= template_count || !in_window(&walk, part.segment->time[i]) ||
			    !is_service(&part, i, service) || !is_at_least(part.segment->level[i], level))
				continue;
			counts[template]++;
			if (firsts && firsts[template] == UINT64_MAX)
				firsts[template] = part.first + i;
		}
	}
}
