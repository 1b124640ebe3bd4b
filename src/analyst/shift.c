#include "analyst/shift.h"

#include <math.h>
#include <stdlib.h>

#define SHIFT_LEAST 4 /* times the usual spread */
#define SHIFT_LEAVES 0.25
#define SHIFT_BEFORE 3    /* samples */
#define SHIFT_AFTER 2     /* samples */
#define SHIFT_SAMPLES 512 /* looked at on each side of a change */
#define SHIFT_TRIES 128   /* places where it may begin */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

double shift_quantile(double *values, size_t count, double share)
{
	size_t index = (size_t)(share * (double)count);

	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), by_value);
	return values[index < count ? index : count - 1];
}

/* Copies at most SHIFT_SAMPLES of the samples, evenly. */
static size_t copy(const struct metric_sample *samples, size_t count, double values[SHIFT_SAMPLES])
{
	size_t stride = (count + SHIFT_SAMPLES - 1) / SHIFT_SAMPLES, kept = 0;

	for (size_t i = 0; i < count; i += stride)
		values[kept++] = samples[i].value;
	return kept;
}

double shift_level(const struct metric_series *series, int64_t from, int64_t to)
{
	double values[SHIFT_SAMPLES];
	const struct metric_sample *samples;
	size_t count = metrics_window(series, from, to, &samples);

	return count ? shift_quantile(values, copy(samples, count, values), 0.5) : 0;
}

static void judge(const struct metric_sample *samples, size_t begin, size_t count, struct shift *shift)
{
	double values[SHIFT_SAMPLES], quarter, spread, ease, ratio;
	size_t before = copy(samples, begin, values);

	shift->time = samples[begin].time;
	shift->before = shift_quantile(values, before, 0.5);
	quarter = shift_quantile(values, before, 0.25);
	spread = shift_quantile(values, before, 0.75) - quarter;
	shift->after = shift_quantile(values, copy(samples + begin, count - begin, values), 0.5);
	ease = fmax(fabs(shift->before), fabs(shift->after)) * 0.01;
	shift->effect = fabs(shift->after - shift->before) / (fmax(spread, fabs(shift->before) * 0.05) + ease + 1e-12);
	ease += spread;
	ratio = log((fabs(shift->after) + ease + 1e-12) / (fabs(shift->before) + ease + 1e-12));
	shift->strength = 1 - exp(-fabs(ratio) / 1.5);
}

/* Medians say that there is a change, not when: it begins with the first of two samples in a row that went a quarter of
   the way. False when there are none: one odd value at the end is no change yet. */
static bool find_beginning(const struct metric_sample *samples, size_t count, struct shift *shift)
{
	double quarter = (shift->after - shift->before) * SHIFT_LEAVES;
	size_t gone = 0;

	for (size_t i = 0; i < count; i++) {
		double way = samples[i].value - shift->before;

		if (samples[i].time < shift->time || (quarter > 0 ? way < quarter : way > quarter)) {
			gone = 0;
		} else if (++gone == 2) {
			shift->time = samples[i - 1].time;
			return true;
		}
	}
	return false;
}

bool shift_find(const struct metric_series *series, int64_t from, int64_t to, struct shift *shift)
{
	const struct metric_sample *samples;
	size_t count = metrics_window(series, INT64_MIN + 1, to, &samples), first = 0, stride;
	double best = 0;

	while (first < count && samples[first].time < from)
		first++;
	if (first < SHIFT_BEFORE)
		first = SHIFT_BEFORE;
	stride = count > first ? (count - first) / SHIFT_TRIES + 1 : 1;
	for (size_t i = first; i + SHIFT_AFTER <= count; i += stride) {
		struct shift candidate;
		double weight;

		judge(samples, i, count, &candidate);
		/* What divides the samples evenly says more than the last two. */
		weight = candidate.effect * sqrt((double)(count - i) * (double)i) / (double)count;
		if (candidate.effect < SHIFT_LEAST || weight <= best)
			continue;
		best = weight;
		*shift = candidate;
	}
	if (best <= 0 || !find_beginning(samples, count, shift))
		return false;
	shift->after = shift_level(series, shift->time, to);
	return true;
}
