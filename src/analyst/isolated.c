/*
 * One operation that failed is no incident: a service erred once, for a moment, went on, and nobody else erred.
 *
 * It takes a single suspect without FATAL lines whose errors lie within OPERATION, and a log that goes on calmly for
 * CALM_TIMES as long and at least a minute. Where somebody said that something is wrong, or named a log of quiet times
 * that has nothing of the kind, it counts all the same.
 */
#include "analyst/inside.h"

#define OPERATION (5 * TIMESTAMP_SECOND)
#define CALM_TIMES 5

bool is_isolated(const struct analysis *analysis)
{
	const struct scene *scene = &analysis->scene;
	const struct suspect *culprit = analysis->culprit;
	int64_t first, last;
	int64_t quiet;

	if (!culprit || analysis->suspects.count != 1 || analysis->fatal_templates || analysis->input.issue ||
		analysis->have_contrast || analysis->input.scope)
		return false;
	first = last = culprit->onset.time;
	for (uint64_t id = culprit->onset.record; id < scene->horizon.records; id++) {
		struct record record;

		store_record(scene->store, id, &record);
		if (!level_is_error(record.level) || record.service != culprit->service ||
			record.time == TIMESTAMP_NONE)
			continue;
		if (record.level == LEVEL_FATAL)
			return false;
		last = record.time > last ? record.time : last;
	}
	if (time_apart(first, last) > OPERATION)
		return false;
	quiet = time_apart(last, analysis->scope.to);
	return quiet >= TIMESTAMP_MINUTE && quiet >= CALM_TIMES * time_apart(first, last);
}
