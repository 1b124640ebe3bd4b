#include "learn/normal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/buffer.h"

#define REQUIRED_SHARE 0.99
#define END_SHARE 0.01
#define LONGER 2 /* times the longest silence ever is news */
#define COUNTS_BYTES ((size_t)1 << 26)

int normal_init(struct normal *normal)
{
	*normal = (struct normal){ .services = intern_create(NORMAL_SERVICES, NORMAL_SERVICES * 256),
		.counts = intern_create(NORMAL_VECTORS, COUNTS_BYTES) };
	vector_init(&normal->events, sizeof(struct normal_event), 1 << 20);
	vector_init(&normal->pairs, sizeof(struct normal_pair), 1 << 20);
	vector_init(&normal->counts_seen, sizeof(uint32_t), NORMAL_VECTORS);
	if (normal->services != NULL && normal->counts != NULL)
		return 0;
	normal_release(normal);
	return ERROR_MEMORY;
}

void normal_release(struct normal *normal)
{
	intern_destroy(normal->services);
	intern_destroy(normal->counts);
	vector_release(&normal->events);
	vector_release(&normal->pairs);
	vector_release(&normal->counts_seen);
	*normal = (struct normal){ .services = NULL };
}

struct normal_event *normal_event_at(const struct normal *normal, uint32_t event)
{
	return event >= 1 && event <= normal->events.count ? vector_at(&normal->events, event - 1) : NULL;
}

static int by_pair(const void *a, const void *b)
{
	const struct normal_pair *left = a, *right = b;

	if (left->event != right->event)
		return left->event < right->event ? -1 : 1;
	return (left->service > right->service) - (left->service < right->service);
}

/* Pairs are kept sorted; there are few, and most additions find theirs. */
static int add_pair(struct normal *normal, uint32_t event, uint32_t service)
{
	struct normal_pair key = { event, service, 1 };
	struct normal_pair *found = normal->pairs.count == 0
		? NULL
		: bsearch(&key, normal->pairs.items, normal->pairs.count, sizeof(key), by_pair);

	if (found != NULL) {
		found->count++;
		return 0;
	}
	found = vector_push(&normal->pairs);
	if (found == NULL)
		return ERROR_MEMORY;
	*found = key;
	vector_sort(&normal->pairs, by_pair);
	return 0;
}

int normal_add(struct normal *normal, const struct normal_sight *sight)
{
	struct normal_event *event = normal_event_at(normal, sight->event);
	struct normal_event *before = normal_event_at(normal, sight->before);

	normal->records++;
	normal->levels[sight->level < LEVEL_COUNT ? sight->level : LEVEL_UNKNOWN]++;
	if (before != NULL && sight->gap >= 0) {
		before->gaps++;
		if (sight->gap > before->longest_gap)
			before->longest_gap = sight->gap;
	}
	if (event == NULL)
		return 0;
	event->count++;
	return add_pair(normal, sight->event, sight->service);
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

int normal_write_counts(const uint32_t *events, size_t count, struct buffer *out)
{
	uint32_t *sorted = malloc((count + 1) * sizeof(*sorted));

	if (sorted == NULL)
		return ERROR_MEMORY;
	memcpy(sorted, events, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_number);
	for (size_t begin = 0, end; begin < count; begin = end) {
		uint32_t item[2] = { sorted[begin], 0 };

		for (end = begin; end < count && sorted[end] == sorted[begin]; end++)
			item[1]++;
		for (size_t i = 0; i < 8; i++)
			buffer_append_byte(out, (char)(item[i / 4] >> 8 * (i % 4)));
	}
	free(sorted);
	return out->failed;
}

static void count_sessions(struct normal *normal, const uint32_t *events, size_t count, struct slice counts)
{
	for (size_t i = 0; i + 8 <= counts.size; i += 8) {
		const unsigned char *at = (const unsigned char *)counts.data + i;
		uint32_t number =
			(uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
		struct normal_event *event = normal_event_at(normal, number);

		if (event != NULL)
			event->sessions++;
	}
	if (count > 0 && normal_event_at(normal, events[count - 1]) != NULL)
		normal_event_at(normal, events[count - 1])->ends++;
}

int normal_add_session(struct normal *normal, const uint32_t *events, size_t count)
{
	struct buffer counts;
	uint32_t code;
	int result;

	buffer_init(&counts, COUNTS_BYTES);
	result = normal_write_counts(events, count, &counts);
	if (result == 0) {
		count_sessions(normal, events, count, buffer_slice(&counts));
		result = intern_put(normal->counts, buffer_slice(&counts), &code);
	}
	if (result == 0 && code == normal->counts_seen.count && vector_push(&normal->counts_seen) == NULL)
		result = ERROR_MEMORY;
	if (result == 0)
		++*(uint32_t *)vector_at(&normal->counts_seen, code);
	buffer_release(&counts);
	normal->sessions++;
	if (normal->sessions == 1 || count < normal->shortest)
		normal->shortest = count;
	if (count > normal->longest)
		normal->longest = count;
	return result == ERROR_FULL ? 0 : result; /* beyond so many, vectors are no longer told apart */
}

uint64_t normal_singular_counts(const struct normal *normal)
{
	uint64_t singular = 0;

	for (size_t i = 0; i < normal->counts_seen.count; i++)
		singular += *(uint32_t *)vector_at(&normal->counts_seen, i) == 1;
	return singular;
}

bool normal_knows_counts(const struct normal *normal, struct slice counts)
{
	uint32_t code;

	return intern_find(normal->counts, counts, &code) == 0;
}

bool normal_is_required(const struct normal *normal, uint32_t event)
{
	const struct normal_event *known = normal_event_at(normal, event);

	return known != NULL && (double)known->sessions >= REQUIRED_SHARE * (double)normal->sessions;
}

bool normal_is_end(const struct normal *normal, uint32_t event)
{
	const struct normal_event *known = normal_event_at(normal, event);

	return known != NULL && (double)known->ends >= END_SHARE * (double)normal->sessions;
}

/* --- judging --------------------------------------------------------------------------------------------------- */

/* One more than what was seen of what was looked for: never certain. */
static float surprise_of(uint64_t seen, uint64_t all)
{
	return seen >= all ? 0.0F : (float)-log10((double)(seen + 1) / (double)(all + 1));
}

static float judge_level(const struct normal *normal, unsigned level)
{
	uint64_t as_high = 0;

	if (level >= LEVEL_UNKNOWN)
		return 0.0F;
	for (unsigned i = level; i < LEVEL_UNKNOWN; i++)
		as_high += normal->levels[i];
	return surprise_of(as_high, normal->records);
}

static float judge_service(const struct normal *normal, const struct normal_sight *sight)
{
	struct normal_pair key = { sight->event, sight->service, 0 };
	const struct normal_event *event = normal_event_at(normal, sight->event);

	if (event == NULL || normal->pairs.count == 0 || intern_count(normal->services) < 2)
		return 0.0F;
	if (bsearch(&key, normal->pairs.items, normal->pairs.count, sizeof(key), by_pair) != NULL)
		return 0.0F;
	return surprise_of(0, event->count);
}

void normal_judge(const struct normal *normal, const struct normal_sight *sight, float surprise[PART_COUNT])
{
	const struct normal_event *event = normal_event_at(normal, sight->event);
	const struct normal_event *before = normal_event_at(normal, sight->before);

	for (int i = 0; i < PART_COUNT; i++)
		surprise[i] = 0.0F;
	surprise[PART_NEW_EVENT] = surprise_of(event == NULL ? 0 : event->count, normal->records);
	surprise[PART_LEVEL] = judge_level(normal, sight->level);
	surprise[PART_SERVICE] = judge_service(normal, sight);
	if (event == NULL && sight->failing)
		surprise[PART_ERROR] = surprise_of(0, normal->records);
	if (before != NULL && sight->gap > 0 && sight->gap / LONGER > before->longest_gap)
		surprise[PART_GAP] = surprise_of(0, before->gaps);
}
