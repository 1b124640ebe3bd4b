/*
 * How fast: a rate over the window, its course in steps of whole minutes, and the peak.
 */
#include "analyst/asking.h"

#define STEPS 24

/* The shortest step of round minutes by which the window has at most STEPS steps. */
static int64_t choose_step(struct window window)
{
	static const int minutes[] = { 1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440 };
	int64_t step = TIMESTAMP_MINUTE, span = time_apart(window.from, window.to);

	for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
		step = minutes[i] * TIMESTAMP_MINUTE;
		if (span / step < STEPS)
			return step;
	}
	while (span / step >= STEPS)
		step *= 2;
	return step;
}

static int64_t floor_to(int64_t time, int64_t step)
{
	int64_t rest = time % step;

	return time_shift(time, -(rest < 0 ? rest + step : rest));
}

static int64_t step_time(int64_t start, int64_t step, size_t index)
{
	while (index--)
		start = time_shift(start, step);
	return start;
}

/* The part of a step that lies in the window. */
static struct window step_window(const struct answer *answer, int64_t start, int64_t step, size_t index)
{
	struct window window = { step_time(start, step, index), step_time(start, step, index + 1) };

	if (window.from < answer->window.from)
		window.from = answer->window.from;
	if (window.to > answer->window.to)
		window.to = answer->window.to;
	return window;
}

static void say_minute(struct answer *answer, int64_t time)
{
	char text[40];

	buffer_append_string(&answer->out, timestamp_format(time, TIMESTAMP_MINUTES, answer->scene.zone, text));
}

/* Returns the number of steps. */
static size_t count_steps(struct answer *answer, int64_t start, int64_t step, uint64_t counts[STEPS + 2])
{
	size_t steps = (size_t)(time_apart(start, answer->window.to) / step) + 1;
	struct matches matches;
	struct record record;
	struct buffer filter;

	if (time_apart(start, answer->window.to) % step == 0)
		steps--;
	buffer_init(&filter, SCENE_SENTENCE);
	answer_filter(answer, &filter, false);
	matches_init(&matches, answer, buffer_slice(&filter), answer->window);
	while (matches_next(&matches, &record))
		counts[time_apart(start, record.time) / step]++;
	matches_release(&matches);
	buffer_release(&filter);
	return steps;
}

/* "20:41 151, 20:42 213"; a step that the window cuts short says how long it is. */
static void say_series(struct answer *answer, int64_t start, int64_t step, const uint64_t *counts, size_t steps)
{
	char label[40] = "per minute", text[32];

	if (step > TIMESTAMP_MINUTE)
		slice_copy(slice_of("a minute"), label, sizeof(label));
	for (size_t i = 0; i < steps; i++) {
		struct window part = step_window(answer, start, step, i);
		int64_t span = time_apart(part.from, part.to);

		buffer_append_string(&answer->out, i ? ", " : "");
		say_minute(answer, step_time(start, step, i));
		buffer_append_byte(&answer->out, ' ');
		if (step == TIMESTAMP_MINUTE)
			say_number(&answer->out, counts[i]);
		else
			say_rate(&answer->out, (double)counts[i] / minutes_of(part));
		if (span < step - TIMESTAMP_SECOND)
			buffer_append_format(&answer->out, " (%s only)", duration_format(span, text));
	}
	if (step > TIMESTAMP_MINUTE)
		buffer_append_format(&answer->out, " (steps of %s)", duration_format(step, text));
	answer_say(answer, label);
}

static void say_peak(struct answer *answer, int64_t start, int64_t step, const uint64_t *counts, size_t steps)
{
	double highest = 0;
	size_t peak = 0;
	struct window part, whole = { start, time_shift(start, step) };
	uint64_t count, first;
	unsigned number;
	bool any_whole = steps > 2;

	/* Beside whole steps, one that is cut short has no more than what it has. */
	for (size_t i = 0; i < steps; i++) {
		double rate;

		part = step_window(answer, start, step, i);
		rate = (double)counts[i] / minutes_of(any_whole ? whole : part);
		if (rate > highest) {
			highest = rate;
			peak = i;
		}
	}
	if (highest <= 0)
		return;
	part = step_window(answer, start, step, peak);
	number = answer_tally(answer, part, &count, &first);
	buffer_append_string(&answer->out, answer->answered ? "" : "the peak was ");
	say_rate(&answer->out, highest);
	buffer_append_string(&answer->out, " a minute, ");
	say_window(&answer->out, &answer->scene, part);
	say_cite(&answer->out, number);
	answer_say(answer, answer->answered ? "peak" : NULL);
	answer->has_anchor = true;
	answer->anchor = part.from;
}

static void say_head(struct answer *answer, uint64_t count, unsigned number)
{
	int64_t unit = answer->question->rate_unit ? answer->question->rate_unit : TIMESTAMP_MINUTE;
	double rate = (double)count / minutes_of(answer->window) * ((double)unit / (double)TIMESTAMP_MINUTE);
	char text[32];

	if (rate > 0 && rate < 0.095)
		buffer_append_format(&answer->out, "%.3f", rate);
	else
		say_rate(&answer->out, rate);
	buffer_append_format(&answer->out, " %s: ",
		unit == TIMESTAMP_MINUTE           ? "a minute"
			: unit == TIMESTAMP_SECOND ? "a second"
			: unit == TIMESTAMP_HOUR   ? "an hour"
			: unit == TIMESTAMP_DAY    ? "a day"
						   : duration_format(unit, text));
	answer_subject(answer, count);
	answer_window(answer);
	say_cite(&answer->out, number);
	answer_say(answer, answer->answered ? "rate" : NULL);
}

void answer_rate(struct answer *answer)
{
	struct question question = *answer->question;
	const struct question *asked = answer->question;
	uint64_t counts[STEPS + 2] = { 0 }, count, first;
	int64_t step = choose_step(answer->window), start = floor_to(answer->window.from, step);
	size_t steps;
	unsigned number;

	if (!question.has_level && !question.any_level && question.term_count == 0) {
		question.has_level = true;
		question.level = LEVEL_ERROR;
		question.exactly = false;
	}
	answer->question = &question;
	answer_filter(answer, answer->filter, true);
	number = answer_tally(answer, answer->window, &count, &first);
	steps = count_steps(answer, start, step, counts);
	if (question.about_peak && count && steps > 1)
		say_peak(answer, start, step, counts, steps);
	say_head(answer, count, number);
	if (count && steps > 1) {
		if (!question.about_peak)
			say_peak(answer, start, step, counts, steps);
		say_series(answer, start, step, counts, steps);
	}
	answer_baseline(answer, count);
	if (count == 0)
		answer_hint(answer);
	answer->question = asked;
}
