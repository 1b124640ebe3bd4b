/*
 * The limits of the detectors, where none are given.
 */
#include "detect/detector.h"
#include "detect/recent.h"
#include "tocsin/store/filter.h"

static uint32_t count_or(uint32_t count, uint32_t otherwise, uint32_t most)
{
	if (count == 0)
		return otherwise;
	return count < most ? count : most;
}

static int64_t span_or(int64_t span, int64_t otherwise)
{
	return span > 0 ? span : otherwise;
}

static double number_or(double number, double otherwise)
{
	return number > 0 ? number : otherwise;
}

struct detect_options detect_options_complete(const struct detect_options *options)
{
	struct detect_options all = options != NULL ? *options : (struct detect_options){ 0 };

	all.dedupe_window = span_or(all.dedupe_window, 5 * TIMESTAMP_SECOND);
	all.threshold_count = count_or(all.threshold_count, 5, RECENT_MAXIMUM);
	all.threshold_window = span_or(all.threshold_window, TIMESTAMP_MINUTE);
	all.threshold_cooldown = span_or(all.threshold_cooldown, 5 * TIMESTAMP_MINUTE);
	all.fatal_count = count_or(all.fatal_count, 5, UINT32_MAX);
	all.spike_ratio = number_or(all.spike_ratio, 4);
	all.spike_minimum = count_or(all.spike_minimum, 10, UINT32_MAX);
	all.spike_bucket = span_or(all.spike_bucket, 10 * TIMESTAMP_SECOND);
	all.connection_count = count_or(all.connection_count, 3, RECENT_MAXIMUM);
	all.connection_window = span_or(all.connection_window, TIMESTAMP_MINUTE);
	all.cascade_count = count_or(all.cascade_count, 3, FINDING_SERVICES);
	all.cascade_link = span_or(all.cascade_link, TIMESTAMP_MINUTE);
	all.novelty_count = count_or(all.novelty_count, 3, RECENT_MAXIMUM);
	all.novelty_window = span_or(all.novelty_window, TIMESTAMP_MINUTE);
	all.latency_ratio = number_or(all.latency_ratio, 3);
	all.latency_minimum = span_or(all.latency_minimum, TIMESTAMP_SECOND / 20);
	all.latency_bucket = span_or(all.latency_bucket, 10 * TIMESTAMP_SECOND);
	all.leak_growth = number_or(all.leak_growth, 0.25);
	all.leak_window = span_or(all.leak_window, 15 * TIMESTAMP_MINUTE);
	all.missing_count = count_or(all.missing_count, 30, UINT32_MAX);
	all.missing_least = span_or(all.missing_least, 2 * TIMESTAMP_MINUTE);
	all.learning = span_or(all.learning, TIMESTAMP_MINUTE);
	return all;
}

/* Clock times lie on no day while the log is not read yet, so that such a filter is refused or matches nothing. */
struct filter *detect_watch_filter(struct slice watch, const struct store *store, struct error *error)
{
	struct filter_scope scope = { .store = store, .now = TIMESTAMP_NONE };
	size_t fault = 0;
	struct error inner = { 0 };
	struct filter *filter = filter_parse(watch, &scope, &fault, &inner);

	if (filter == NULL) {
		error_set(error, ERROR_INPUT, "detect.watch: at character %zu: %s", fault + 1, inner.text);
		return NULL;
	}
	if (!filter_needs_text(filter))
		return filter;
	filter_destroy(filter);
	error_set(error, ERROR_INPUT,
		"detect.watch: what is watched is chosen by source:, service:, level: or template:, not by words or "
		"fields");
	return NULL;
}

int detect_check_watch(struct slice watch, const struct store *store, struct error *error)
{
	struct filter *filter = detect_watch_filter(watch, store, error);

	filter_destroy(filter);
	return filter != NULL ? 0 : ERROR_INPUT;
}
