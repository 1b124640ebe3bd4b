#include "app/command/load.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"

#include <stdlib.h>

#define TIMELINE_BUCKETS 60
#define TIMELINE_BUCKETS_MAXIMUM 10000
#define TIMELINE_BAR 60

struct timeline {
	struct window extent;
	size_t buckets;
	uint32_t services;
	struct level_counts *counts; /* services * buckets */
	struct level_counts *all;    /* buckets */
};

static int64_t bucket_start(const struct timeline *timeline, size_t bucket)
{
	int64_t length = timeline->extent.to - timeline->extent.from;
	return timeline->extent.from + (int64_t)((double)length * (double)bucket / (double)timeline->buckets);
}

static void bucket_json(
	const struct incident *incident, const struct timeline *timeline, size_t bucket, struct buffer *out)
{
	struct json json;
	json_init(&json, out);
	json_begin_object(&json);
	json_field_time(&json, "start", bucket_start(timeline, bucket));
	json_field_time(&json, "end", bucket_start(timeline, bucket + 1));
	json_key(&json, "levels");
	json_begin_object(&json);
	for (int level = 0; level < LEVEL_COUNT; level++)
		json_field_u64(&json, level_name((enum level)level), timeline->all[bucket].of[level]);
	json_end_object(&json);
	json_key(&json, "services");
	json_begin_object(&json);
	for (uint32_t service = 0; service < timeline->services; service++) {
		char name[256];
		slice_copy(store_service_name(incident->store, service), name, sizeof name);
		json_field_u64(
			&json, name, level_counts_total(&timeline->counts[service * timeline->buckets + bucket]));
	}
	json_end_object(&json);
	json_end_object(&json);
	buffer_append_byte(out, '\n');
}

static void timeline_text(const struct incident *incident, const struct timeline *timeline, struct buffer *out)
{
	uint64_t highest = 1;
	for (size_t i = 0; i < timeline->buckets; i++) {
		uint64_t total = level_counts_total(&timeline->all[i]);
		highest = total > highest ? total : highest;
	}
	buffer_append_format(out, "%-8s %8s %8s  # errors, = the rest\n", "start", "records", "errors");
	for (size_t i = 0; i < timeline->buckets; i++) {
		char start[40];
		uint64_t total = level_counts_total(&timeline->all[i]);
		uint64_t errors = level_counts_errors(&timeline->all[i]);
		size_t bar = (size_t)(total * TIMELINE_BAR / highest);
		size_t bad = (size_t)(errors * TIMELINE_BAR / highest);
		buffer_append_format(out, "%s %8llu %8llu  ",
			timestamp_format(bucket_start(timeline, i), TIMESTAMP_CLOCK, &incident->zone, start),
			(unsigned long long)total, (unsigned long long)errors);
		buffer_append_repeat(out, '#', bad);
		buffer_append_repeat(out, '=', bar - bad);
		buffer_append_byte(out, '\n');
	}
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	struct horizon horizon = horizon_all(incident->store);
	uint64_t wanted = settings_count(&invocation->settings, SETTING_LIMIT);
	struct timeline timeline = { .buckets = wanted == 0 ? TIMELINE_BUCKETS : (size_t)wanted };
	if (timeline.buckets > TIMELINE_BUCKETS_MAXIMUM) {
		complain("--limit: a timeline has at most %d spans", TIMELINE_BUCKETS_MAXIMUM);
		return EXIT_USAGE;
	}
	if (!query_extent(incident->store, horizon, &timeline.extent)) {
		complain("no record has a time: there is no timeline");
		return EXIT_DONE;
	}
	timeline.services = store_service_count(incident->store);
	timeline.counts = calloc((size_t)timeline.services * timeline.buckets + 1, sizeof *timeline.counts);
	timeline.all = calloc(timeline.buckets, sizeof *timeline.all);
	int exit_code = EXIT_INTERNAL;
	if (timeline.counts != NULL && timeline.all != NULL) {
		query_histogram(incident->store, horizon, timeline.extent, QUERY_ALL, timeline.buckets, timeline.all);
		query_service_histograms(incident->store, horizon, timeline.extent, timeline.buckets, timeline.services,
			timeline.counts);
		if (settings_flag(&invocation->settings, SETTING_JSON))
			for (size_t i = 0; i < timeline.buckets; i++)
				bucket_json(incident, &timeline, i, out);
		else
			timeline_text(incident, &timeline, out);
		exit_code = EXIT_DONE;
	}
	free(timeline.counts);
	free(timeline.all);
	return exit_code;
}

int command_timeline(struct invocation *invocation)
{
	return run_loaded(invocation, &(struct load){ 0 }, body);
}
