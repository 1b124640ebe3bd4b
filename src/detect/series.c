#include "detect/series.h"

#include <ctype.h>

/* How far a series was handed out: the samples of a metric, or the spans of a service. */
struct series_cursor {
	const struct metric_series *metric; /* NULL: spans */
	const uint32_t *spans;              /* by start */
	size_t count;
	size_t next;
};

static bool has(struct slice name, const char *word)
{
	return slice_find_nocase(name, slice_of(word)) != SIZE_MAX;
}

/* Between two letters a word begins and ends only where the case changes: "UsageRate". */
static bool is_boundary(struct slice name, size_t at)
{
	if (at == 0 || at == name.size)
		return true;
	unsigned char before = (unsigned char)name.data[at - 1], after = (unsigned char)name.data[at];
	return !isalpha(before) || !isalpha(after) || (islower(before) && isupper(after));
}

static bool has_word(struct slice name, const char *word)
{
	size_t size = slice_of(word).size, from = 0, at;

	while ((at = slice_find_nocase(slice_from(name, from), slice_of(word))) != SIZE_MAX) {
		at += from;
		if (is_boundary(name, at) && is_boundary(name, at + size))
			return true;
		from = at + 1;
	}
	return false;
}

static bool has_any(struct slice name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (has(name, *words))
			return true;
	return false;
}

static bool has_any_word(struct slice name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (has_word(name, *words))
			return true;
	return false;
}

static const struct unit {
	const char *word;
	double factor;
} time_units[] = {
	{ "ns", 1e-9 }, { "nanoseconds", 1e-9 }, { "us", 1e-6 }, { "microseconds", 1e-6 }, { "ms", 1e-3 },
	{ "msec", 1e-3 }, { "millis", 1e-3 }, { "milliseconds", 1e-3 }, { "s", 1 }, { "sec", 1 }, { "seconds", 1 },
	{ NULL, 0 },
}, size_units[] = {
	{ "bytes", 1 }, { "b", 1 }, { "kb", 1024 }, { "ki", 1024 }, { "kib", 1024 }, { "mb", 1048576 }, { "mi", 1048576 },
	{ "mib", 1048576 }, { "gb", 1073741824 }, { "gi", 1073741824 }, { "gib", 1073741824 }, { NULL, 0 },
};

static double unit_of(struct slice name, const struct unit *units, double otherwise)
{
	for (; units->word != NULL; units++)
		if (has_word(name, units->word))
			return units->factor;
	return otherwise;
}

enum series_kind series_kind_of(struct slice name, double *unit)
{
	static const char *const not_values[] = { "count", "total", "ratio", "limit", "quota", "request_rate", "errors",
		"bucket", "percent", "rate", "free", "available", "expiry", "uptime", "node", NULL };
	static const char *const latencies[] = { "latency", "duration", "response_time", "responsetime", "elapsed",
		"request_time", "wait_seconds", "wait_time", "query_time", NULL };
	static const char *const memories[] = { "memory", "heap", "rss", "resident", NULL };

	*unit = 1;
	if (has_any_word(name, not_values) || has(name, "%"))
		return SERIES_NONE;
	if (has_any(name, latencies)) {
		*unit = unit_of(name, time_units, 1);
		return SERIES_LATENCY;
	}
	if (has_any(name, memories)) {
		*unit = unit_of(name, size_units, 1);
		return SERIES_MEMORY;
	}
	return SERIES_NONE;
}

void series_feed_init(struct series_feed *feed)
{
	feed->context = NULL;
	vector_init(&feed->series, sizeof(struct series), SERIES_MAXIMUM);
	vector_init(&feed->cursors, sizeof(struct series_cursor), SERIES_MAXIMUM);
}

void series_feed_release(struct series_feed *feed)
{
	vector_release(&feed->series);
	vector_release(&feed->cursors);
}

static bool add(struct series_feed *feed, const struct series *series, const struct series_cursor *cursor)
{
	if (feed->series.count == SERIES_MAXIMUM)
		return true; /* the first ones are watched */
	struct series *place = vector_push(&feed->series);
	struct series_cursor *walk = vector_push(&feed->cursors);
	if (place == NULL || walk == NULL)
		return false;
	*place = *series;
	*walk = *cursor;
	return true;
}

static bool add_metrics(struct series_feed *feed)
{
	const struct metric_series *metric;
	bool there = true;

	for (size_t i = 0; there && (metric = metrics_at(&feed->context->metrics, i)) != NULL; i++) {
		struct series series = { .summarized = true,
			.service = metric->service,
			.name = metric->name,
			.code = STORE_NO_CODE,
			.template = STORE_NO_CODE };

		series.kind = series_kind_of(metric->name, &series.unit);
		if (series.kind != SERIES_NONE)
			there = add(feed, &series,
				&(struct series_cursor){ .metric = metric, .count = metric->samples.count });
	}
	return there;
}

/* Spans of a service are one series: what it answers with, whichever operation. The time it spends itself is what is
   watched, so that a slow callee does not make its callers slow too. */
static bool add_spans(struct series_feed *feed)
{
	const struct traces *traces = &feed->context->traces;
	bool there = true;

	for (size_t i = 0; there && i < traces_service_count(traces); i++) {
		struct series series = { .kind = SERIES_LATENCY,
			.unit = 1,
			.service = traces_service(traces, i),
			.name = slice_of("its own time in traces"),
			.code = STORE_NO_CODE,
			.template = STORE_NO_CODE };

		struct series_cursor cursor = { .metric = NULL };
		cursor.count = traces_window(traces, series.service, INT64_MIN, INT64_MAX, &cursor.spans);
		there = add(feed, &series, &cursor);
	}
	return there;
}

bool series_feed_open(struct series_feed *feed, const struct context *context)
{
	vector_clear(&feed->series);
	vector_clear(&feed->cursors);
	feed->context = context;
	return context == NULL || (add_metrics(feed) && add_spans(feed));
}

void series_feed_rewind(struct series_feed *feed)
{
	for (size_t i = 0; i < feed->cursors.count; i++)
		((struct series_cursor *)vector_at(&feed->cursors, i))->next = 0;
}

const struct series *series_feed_at(const struct series_feed *feed, uint32_t series)
{
	return vector_at(&feed->series, series);
}

/* The next sample of a series. A span is known when it ends. */
static bool next_sample(const struct series_feed *feed, const struct series *series, const struct series_cursor *cursor,
	struct series_value *sample)
{
	if (cursor->next >= cursor->count)
		return false;
	if (cursor->metric != NULL) {
		const struct metric_sample *metric = vector_at(&cursor->metric->samples, cursor->next);
		sample->time = metric->time;
		sample->value = metric->value * series->unit;
	} else {
		const struct span *span = traces_span(&feed->context->traces, cursor->spans[cursor->next]);
		sample->time = span->start + span->duration;
		sample->value = (double)span->self / TIMESTAMP_SECOND;
	}
	return true;
}

/* When the earliest sample comes that was not handed over; false when there is none. */
static bool earliest(const struct series_feed *feed, int64_t *time)
{
	bool any = false;

	for (uint32_t i = 0; i < feed->series.count; i++) {
		struct series_value sample;

		if (!next_sample(feed, series_feed_at(feed, i), vector_at(&feed->cursors, i), &sample) ||
			(any && sample.time >= *time))
			continue;
		*time = sample.time;
		any = true;
	}
	return any;
}

static void hand_over(struct series_feed *feed, int64_t time,
	void (*take)(void *target, const struct series *series, const struct series_value *sample), void *target)
{
	for (uint32_t i = 0; i < feed->series.count; i++) {
		const struct series *series = series_feed_at(feed, i);
		struct series_cursor *cursor = vector_at(&feed->cursors, i);
		struct series_value sample = { .series = i, .record = SERIES_NO_RECORD };

		while (next_sample(feed, series, cursor, &sample) && sample.time <= time) {
			take(target, series, &sample);
			cursor->next++;
		}
	}
}

void series_feed_until(struct series_feed *feed, int64_t time,
	void (*take)(void *target, const struct series *series, const struct series_value *sample), void *target)
{
	int64_t next = time, end;

	while (earliest(feed, &next) && next <= time) {
		if (__builtin_add_overflow(next, SERIES_SLICE, &end) || end > time)
			end = time;
		hand_over(feed, end, take, target);
	}
}
