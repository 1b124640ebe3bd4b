/*
 * When nothing stands out, is that because all is well or because there is nothing to see?
 *
 * Healthy takes 60 records, one service with 20 of them, a minute in which the log was active (half a minute of 1,000
 * records will do), and fewer than one error in four records.
 */
#include "analyst/inside.h"

#include <stdlib.h>

#define ENOUGH_RECORDS 60
#define ENOUGH_OF_A_SERVICE 20
#define ENOUGH_TIME TIMESTAMP_MINUTE
#define ENOUGH_MANY 1000
#define ENOUGH_CALM 4

static uint64_t most_of_a_service(const struct analysis *analysis)
{
	uint32_t known = store_service_count(analysis->scene.store);
	struct level_counts *counts = calloc((size_t)known + 1, sizeof(*counts));
	uint64_t most = 0;

	if (!counts)
		return 0;
	query_service_histograms(analysis->scene.store, analysis->scene.horizon, analysis->scope, 1, known, counts);
	for (uint32_t service = 0; service < known; service++)
		if (level_counts_total(&counts[service]) > most)
			most = level_counts_total(&counts[service]);
	free(counts);
	return most;
}

bool enough_for_health(const struct analysis *analysis, struct buffer *missing)
{
	const struct scene *scene = &analysis->scene;
	struct level_counts counts = query_count(scene->store, scene->horizon, analysis->scope, QUERY_ALL, QUERY_ALL);
	uint64_t records = level_counts_total(&counts), errors = level_counts_errors(&counts);

	if (errors * ENOUGH_CALM >= records) {
		buffer_append_string(missing, "a time with fewer errors to compare with: ");
		say_number(missing, errors);
		buffer_append_string(missing, " of ");
		say_plural(missing, records, "record");
		buffer_append_string(missing, errors == 1 ? " is ERROR or worse" : " are ERROR or worse");
		return false;
	}
	bool spoken = records >= ENOUGH_RECORDS && most_of_a_service(analysis) >= ENOUGH_OF_A_SERVICE;
	if (spoken && analysis->onsets.active >= (records >= ENOUGH_MANY ? ENOUGH_TIME / 2 : ENOUGH_TIME))
		return true;
	buffer_append_string(missing, "more of the log: ");
	if (!spoken) {
		say_plural(missing, records, "record");
		buffer_append_string(
			missing, records < ENOUGH_RECORDS ? " in " : ", of no service more than a few, in ");
	}
	say_duration(missing, analysis->onsets.active);
	buffer_append_string(missing,
		spoken                 ? " of it are too short to tell"
			: records == 1 ? " is too little to tell"
				       : " are too few to tell");
	return false;
}
