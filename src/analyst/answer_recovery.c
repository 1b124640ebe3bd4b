/*
 * Is it over? The trouble of a service is over when its errors are back at what they were in the baseline and stay
 * there until the end of what is visible. Services that err all along, however loud, have no part in this.
 */
#include "analyst/asking.h"

#include <math.h>
#include <stdlib.h>

#define STEPS 4096
#define STEP_SHORTEST (5 * TIMESTAMP_SECOND)
#define QUIET_SHORTEST (30 * TIMESTAMP_SECOND) /* a pause, not yet the end */
#define SILENT_EXPECTED 5.0                    /* so many records should have come for silence to mean something */

/* Errors, or warnings where the trouble has no errors. */
static struct tally trouble_of(const struct answer *answer, const struct onset *onset, struct window since)
{
	struct tally tally = { .service = onset->service, .template = QUERY_ALL, .level = LEVEL_ERROR };

	if (scene_count(&answer->scene, &tally, since) == 0)
		tally.level = LEVEL_WARN;
	return tally;
}

static uint64_t pick(const struct level_counts *counts, const struct tally *tally)
{
	uint64_t sum = 0;

	for (int level = (int)tally->level; level <= LEVEL_FATAL; level++)
		sum += counts->of[level];
	return sum;
}

static bool is_silent(const struct answer *answer, const struct course *course, struct window baseline, int64_t since)
{
	struct tally all = { .service = course->service, .template = QUERY_ALL, .level = LEVEL_TRACE };
	struct window quiet = { time_shift(since, 1), answer->extent.to };
	double usual = baseline.from < baseline.to
		? (double)scene_count(&answer->scene, &all, baseline) / minutes_of(baseline)
		: 0;

	return usual * minutes_of(quiet) >= SILENT_EXPECTED && scene_count(&answer->scene, &all, quiet) == 0;
}

static bool find_last(struct answer *answer, const struct course *course, int64_t to, uint64_t *last)
{
	struct window window = { answer->extent.from, to };
	struct matches matches;
	struct record record;
	struct buffer filter;
	bool found;

	buffer_init(&filter, SCENE_SENTENCE);
	scene_filter(&filter, &answer->scene, &course->tally);
	found = matches_init(&matches, answer, buffer_slice(&filter), window) && matches_previous(&matches, &record);
	if (found)
		*last = record.id;
	matches_release(&matches);
	buffer_release(&filter);
	return found;
}

/* What comes right behind the last one belongs to it, though it was too little to make its stretch abnormal. */
static void follow_last(struct answer *answer, struct course *course)
{
	int64_t last = store_time(answer->scene.store, course->last);
	struct matches matches;
	struct record record;
	struct buffer filter;

	buffer_init(&filter, SCENE_SENTENCE);
	scene_filter(&filter, &answer->scene, &course->tally);
	matches_init(
		&matches, answer, buffer_slice(&filter), (struct window){ time_shift(last, 1), answer->extent.to });
	while (matches_next(&matches, &record) && time_apart(last, record.time) < QUIET_SHORTEST) {
		course->last = record.id;
		last = record.time;
	}
	matches_release(&matches);
	buffer_release(&filter);
}

/* Stretches of equal length from the onset, ending with what is visible. */
static int64_t choose_step(int64_t span)
{
	int64_t step = TIMESTAMP_MINUTE;

	if (span < 4 * TIMESTAMP_MINUTE)
		step = span / 8 > STEP_SHORTEST ? span / 8 : STEP_SHORTEST;
	while (span / step >= STEPS)
		step *= 2;
	return step;
}

bool course_compute(struct answer *answer, const struct onset *onset, struct course *course)
{
	const struct analysis *analysis = answer_analysis_now(answer);
	struct window baseline = analysis->onsets.baseline, since = { onset->time, answer->extent.to };
	int64_t span = time_apart(since.from, since.to), step = choose_step(span);
	size_t steps = (size_t)(span / step) + 1, quiet = 0;
	struct window window = { time_shift(time_shift(since.to, -(span / step) * step), -step), since.to };
	struct level_counts *counts = calloc(steps, sizeof(*counts));
	double usual, limit;

	if (!counts)
		return false;
	*course = (struct course){ .service = onset->service, .step = step, .peak = onset->peak };
	course->tally = trouble_of(answer, onset, since);
	if (baseline.from < baseline.to)
		course->usual = (double)scene_count(&answer->scene, &course->tally, baseline) / minutes_of(baseline);
	query_histogram(answer->scene.store, answer->scene.horizon, window, onset->service, steps, counts);
	/* Three deviations of a Poisson count above the usual; one stray error is none when there were many. */
	usual = course->usual * (double)step / (double)TIMESTAMP_MINUTE;
	limit = usual + 3 * sqrt(usual) + (onset->peak >= 10 ? 1 : 0);
	while (quiet < steps && (double)pick(&counts[steps - 1 - quiet], &course->tally) <= limit)
		quiet++;
	free(counts);
	course->back = (int64_t)quiet * step >= QUIET_SHORTEST;
	if (!find_last(answer, course, time_shift(since.to, course->back ? -(int64_t)quiet * step : 0), &course->last))
		course->last = onset->record;
	else if (course->back && course->usual < 1)
		follow_last(answer, course);
	course->silent =
		course->back && is_silent(answer, course, baseline, store_time(answer->scene.store, course->last));
	return true;
}

/* "orders-db: 26 errors in the last minute, 31 in the minute before; 0.0 a minute usual, 34.0 at worst" */
static void say_course(struct answer *answer, const struct course *course)
{
	struct window now = { time_shift(answer->extent.to, -course->step), answer->extent.to };
	struct window before = { time_shift(now.from, -course->step), now.from };
	uint64_t count, earlier;
	unsigned number;

	say_service(&answer->out, &answer->scene, course->service);
	buffer_append_string(&answer->out, ": ");
	if (course->back) {
		buffer_append_string(
			&answer->out, course->silent ? "silent, not recovered: nothing at all since " : "back since ");
		say_clock(&answer->out, &answer->scene, store_time(answer->scene.store, course->last));
		answer_cite_record(answer, course->last);
		buffer_append_string(&answer->out, course->silent ? ", errors had been " : ", ");
	}
	number = scene_cite_count(&answer->scene, &course->tally, now, &count);
	if (!course->silent) {
		say_plural(&answer->out, count, course->tally.level == LEVEL_ERROR ? "error" : "warning");
		buffer_append_string(&answer->out, " in the last ");
		if (course->step == TIMESTAMP_MINUTE)
			buffer_append_string(&answer->out, "minute");
		else
			say_duration(&answer->out, course->step);
		say_cite(&answer->out, number);
		number = scene_cite_count(&answer->scene, &course->tally, before, &earlier);
		buffer_append_string(&answer->out, ", ");
		say_number(&answer->out, earlier);
		buffer_append_string(&answer->out, " before that");
		say_cite(&answer->out, number);
		buffer_append_string(&answer->out, "; ");
	}
	say_rate(&answer->out, course->usual);
	buffer_append_string(&answer->out, " a minute usual, ");
	say_rate(&answer->out, course->peak);
	buffer_append_string(&answer->out, " at worst");
	answer_say(answer, NULL);
}

static void say_names(struct answer *answer, const struct course *courses, size_t count, bool recovered)
{
	size_t said = 0;

	for (size_t i = 0; i < count; i++) {
		if ((courses[i].back && !courses[i].silent) != recovered)
			continue;
		buffer_append_string(&answer->out, said++ ? ", " : "");
		say_service(&answer->out, &answer->scene, courses[i].service);
	}
}

/* Errors of all that are not back, in the last stretch against the one before and against their worst minutes. */
static void say_trend(struct answer *answer, const struct course *courses, size_t count)
{
	uint64_t now = 0, before = 0;
	double rate = 0, peak = 0;

	for (size_t i = 0; i < count; i++) {
		struct window last = { time_shift(answer->extent.to, -courses[i].step), answer->extent.to };
		struct window earlier = { time_shift(last.from, -courses[i].step), last.from };

		now += courses[i].back ? 0 : scene_count(&answer->scene, &courses[i].tally, last);
		before += courses[i].back ? 0 : scene_count(&answer->scene, &courses[i].tally, earlier);
		rate += courses[i].back
			? 0
			: (double)scene_count(&answer->scene, &courses[i].tally, last) / minutes_of(last);
		peak += courses[i].back ? 0 : courses[i].peak;
	}
	if (peak <= 0) /* all silent */
		return;
	if (rate < 0.5 * peak)
		buffer_append_format(&answer->out, ", but down to %.0f %% of the worst", 100 * rate / peak);
	buffer_append_string(&answer->out,
		(double)now > 1.25 * (double)before + 3           ? ", getting worse"
			: (double)before > 1.25 * (double)now + 3 ? ", getting better"
								  : ", steady now");
}

static void say_result(struct answer *answer, const struct course *courses, size_t count)
{
	size_t back = 0, latest = 0;

	for (size_t i = 0; i < count; i++) {
		bool recovered = courses[i].back && !courses[i].silent;

		back += recovered;
		if (recovered && courses[i].last >= courses[latest].last)
			latest = i;
		else if (back == 0)
			latest = i + 1 < count ? i + 1 : i;
	}
	if (back == count) {
		buffer_append_string(&answer->out, "recovered at ");
		say_clock(&answer->out, &answer->scene, store_time(answer->scene.store, courses[latest].last));
		answer_cite_record(answer, courses[latest].last);
		buffer_append_string(&answer->out, ": the errors of ");
		say_names(answer, courses, count, true);
		buffer_append_string(&answer->out, " are back at their baseline");
		answer->has_anchor = true;
		answer->anchor = store_time(answer->scene.store, courses[latest].last);
	} else {
		buffer_append_string(&answer->out, back ? "partly recovered: " : "not within this log: ");
		if (back) {
			say_names(answer, courses, count, true);
			buffer_append_string(&answer->out,
				back == 1 ? " is back at its baseline, " : " are back at their baseline, ");
		}
		say_names(answer, courses, count, false);
		buffer_append_string(&answer->out, count - back == 1 ? " has" : " have");
		buffer_append_string(&answer->out, " not recovered by ");
		say_clock(&answer->out, &answer->scene, answer->extent.to);
		say_trend(answer, courses, count);
	}
	answer_say(answer, NULL);
}

static bool is_wanted(const struct question *question, uint32_t service)
{
	bool wanted = question->service_count == 0;

	for (size_t i = 0; i < question->service_count; i++)
		wanted = wanted || question->services[i] == service;
	for (size_t i = 0; i < question->excluded_count; i++)
		wanted = wanted && question->excluded[i] != service;
	return wanted;
}

static size_t compute_all(struct answer *answer, const struct analysis *analysis, struct course *courses)
{
	size_t count = 0;

	for (size_t i = 0; i < analysis->suspects.count && count < SUSPECTS_MAXIMUM; i++) {
		const struct onset *onset = &analysis_suspect(analysis, i)->onset;

		if (is_wanted(answer->question, onset->service) && course_compute(answer, onset, &courses[count]))
			count++;
	}
	return count;
}

/* Rates of services that stayed normal: there is nothing to recover from. */
static void say_unharmed(struct answer *answer)
{
	say_service(&answer->out, &answer->scene, answer->question->services[0]);
	buffer_append_string(&answer->out, " did not leave its baseline, so there is nothing to recover from");
	answer_say(answer, NULL);
}

static void set_filter(struct answer *answer, const struct course *course)
{
	scene_filter(answer->filter, &answer->scene, &course->tally);
}

void answer_recovery(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis_now(answer);
	struct course courses[SUSPECTS_MAXIMUM];
	size_t count;

	if (answer_is_calm(answer, analysis))
		return;
	count = compute_all(answer, analysis, courses);
	if (count == 0) {
		say_unharmed(answer);
		return;
	}
	set_filter(answer, &courses[0]);
	say_result(answer, courses, count);
	for (size_t i = 0; i < count && i < 8; i++)
		say_course(answer, &courses[i]);
}

/* From the onset to the recovery, or so far. */
void answer_duration(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis_now(answer);
	struct course courses[SUSPECTS_MAXIMUM];
	const struct course *latest = NULL;
	const struct suspect *first = NULL;
	bool over = true;
	size_t count;

	if (answer_is_calm(answer, analysis))
		return;
	count = compute_all(answer, analysis, courses);
	for (size_t i = analysis->suspects.count; i-- > 0;)
		if (is_wanted(answer->question, analysis_suspect(analysis, i)->service))
			first = analysis_suspect(analysis, i);
	for (size_t i = 0; i < count; i++) {
		latest = latest &&
				store_time(answer->scene.store, latest->last) >=
					store_time(answer->scene.store, courses[i].last)
			? latest
			: &courses[i];
		over = over && courses[i].back && !courses[i].silent;
	}
	if (!first || !latest) {
		say_unharmed(answer);
		return;
	}
	set_filter(answer, latest);
	say_duration(&answer->out, time_apart(first->onset.time, store_time(answer->scene.store, latest->last)));
	buffer_append_string(&answer->out, ", from the onset in ");
	say_service(&answer->out, &answer->scene, first->service);
	buffer_append_string(&answer->out, " at ");
	say_clock(&answer->out, &answer->scene, first->onset.time);
	answer_cite_record(answer, first->onset.record);
	buffer_append_string(&answer->out,
		over ? " to its last error, now back at the baseline: "
		     : " to the last error so far, it is not over: ");
	answer_line(answer, latest->last);
	answer_say(answer, NULL);
	answer->has_anchor = true;
	answer->anchor = first->onset.time;
}
