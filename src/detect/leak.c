/*
 * Memory that only ever grows: the values of a series are averaged in slots, and the last slots are looked at, an hour
 * of them and most of a day of longer ones. There is a leak when nearly all pairs of them rise (Mann-Kendall), the
 * typical slope (Theil-Sen) makes a good part of what it was at first, it rises as much in the later half as in the
 * earlier (a start that levels off is none), and it has left behind all that was before (the teeth of a garbage
 * collector are none).
 */
#include "detect/findings.h"
#include "detect/robust.h"

#include <stdio.h>

#define SLOTS 120
#define SLOTS_LEAST 30
#define SHORT_SLOT (30 * TIMESTAMP_SECOND)
#define LONG_SLOT (600 * TIMESTAMP_SECOND)
#define TREND 4.0     /* standard deviations of Mann-Kendall */
#define AGREEMENT 0.6 /* of all pairs that rise, less those that fall */
#define LONG_GROWTH 4 /* times leak_growth, over most of a day: nights are quiet */
#define DETAIL_FROM 0 /* bytes */
#define DETAIL_TO 1
#define DETAIL_SLOPE 2 /* bytes a minute */

struct leak_ring {
	int64_t length; /* of a slot */
	int64_t slot;   /* being filled */
	double sum;
	uint32_t filled;
	double times[SLOTS]; /* minutes since the first */
	double values[SLOTS];
	uint32_t count;
	int64_t origin; /* the first slot */
	double highest; /* of all that fell out */
};

struct leak_watch {
	bool begun;
	struct leak_ring rings[2];
	struct lasting lasting;
};

struct leak {
	const struct detect_options *options;
	struct vector series; /* of struct leak_watch */
};

static void leak_init(void *state, const struct detect_options *options)
{
	struct leak *leak = state;

	leak->options = options;
	vector_init(&leak->series, sizeof(struct leak_watch), 2 * SERIES_MAXIMUM);
}

static void leak_release(void *state)
{
	vector_release(&((struct leak *)state)->series);
}

static double minutes(int64_t span)
{
	return (double)span / TIMESTAMP_MINUTE;
}

/* Closes the slot before the one of this time. True when there is a new value. */
static bool ring_enter(struct leak_ring *ring, int64_t time)
{
	int64_t slot = detect_step(time, ring->length);
	bool closed = ring->filled > 0 && slot != ring->slot;

	if (closed) {
		if (ring->count == SLOTS) {
			ring->highest = ring->values[0] > ring->highest ? ring->values[0] : ring->highest;
			for (uint32_t i = 1; i < SLOTS; i++) {
				ring->values[i - 1] = ring->values[i];
				ring->times[i - 1] = ring->times[i];
			}
			ring->count--;
		}
		ring->times[ring->count] = (double)(ring->slot - ring->origin) * minutes(ring->length);
		ring->values[ring->count++] = ring->sum / ring->filled;
		ring->sum = 0;
		ring->filled = 0;
	}
	ring->slot = slot;
	return closed;
}

struct growth {
	double from, to, slope;
	double minutes;
};

/* Pairs that rise less those that fall, of all. */
static double agreement(const double *values, size_t count)
{
	double pairs = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			pairs += (values[j] > values[i]) - (values[j] < values[i]);
	return pairs / ((double)count * (double)(count - 1) / 2);
}

static bool ring_leaks(const struct leak_ring *ring, double least, int64_t window, struct growth *growth)
{
	size_t count = ring->count, part = count / 5, half = count / 2;
	double low, high, deviation;

	if (count < SLOTS_LEAST || ring->times[count - 1] - ring->times[0] < minutes(window))
		return false;
	robust_center(ring->values, part, &low, &deviation);
	robust_center(ring->values + count - part, part, &high, &deviation);
	if (high < low * (1 + least) || high < ring->highest * (1 + least / 2))
		return false; /* cheap to see, and nearly always so */
	if (ring->values[count - 1] < (low + high) / 2)
		return false; /* it has just fallen back: a restart */
	if (agreement(ring->values, count) < AGREEMENT || robust_trend(ring->values, count) < TREND)
		return false;
	growth->minutes = ring->times[count - 1] - ring->times[0];
	growth->slope = robust_slope(ring->times, ring->values, count);
	growth->from = low;
	growth->to = high;
	return growth->slope * growth->minutes >= least * low &&
		robust_slope(ring->times + half, ring->values + half, count - half) >= growth->slope / 2;
}

static void leak_tell(struct leak *leak, struct leak_watch *watch, const struct series *series,
	const struct series_value *sample, const struct growth *growth, const struct event *event,
	struct findings *findings)
{
	struct finding_entry *entry;

	if (!lasting_on(&watch->lasting, sample->time, leak->options->leak_window)) {
		watch->lasting.raised = true;
		watch->lasting.index =
			findings_raise_series(findings, &detector_leak, FINDING_MEMORY_LEAK, event, series);
	}
	watch->lasting.held = sample->time;
	entry = findings_at(findings, watch->lasting.index);
	if (entry == NULL)
		return;
	int64_t begin;
	if (__builtin_sub_overflow(sample->time, (int64_t)(growth->minutes * TIMESTAMP_MINUTE), &begin))
		begin = sample->time;
	finding_stretch(entry, begin, sample->time);
	if (sample->record != SERIES_NO_RECORD)
		finding_show(entry, sample->record);
	entry->finding.count++;
	entry->finding.score = finding_score(growth->to / (growth->from > 1 ? growth->from : 1), 2);
	if (!(entry->detail[DETAIL_FROM] > 0))
		entry->detail[DETAIL_FROM] = growth->from;
	if (entry->detail[DETAIL_TO] < growth->to)
		entry->detail[DETAIL_TO] = growth->to;
	entry->detail[DETAIL_SLOPE] = growth->slope;
}

static void leak_sample(void *state, const struct series *series, const struct series_value *sample,
	const struct event *event, struct findings *findings)
{
	struct leak *leak = state;
	struct leak_watch *watch =
		series->kind == SERIES_MEMORY ? detect_table_at(&leak->series, sample->series) : NULL;

	if (watch == NULL)
		return;
	if (!watch->begun) {
		watch->begun = true;
		watch->rings[0] =
			(struct leak_ring){ .length = SHORT_SLOT, .origin = detect_step(sample->time, SHORT_SLOT) };
		watch->rings[1] =
			(struct leak_ring){ .length = LONG_SLOT, .origin = detect_step(sample->time, LONG_SLOT) };
	}
	for (int i = 0; i < 2; i++) {
		struct leak_ring *ring = &watch->rings[i];
		struct growth growth;
		double least = leak->options->leak_growth * (i == 0 ? 1 : LONG_GROWTH);

		if (ring_enter(ring, sample->time) && ring_leaks(ring, least, leak->options->leak_window, &growth))
			leak_tell(leak, watch, series, sample, &growth, event, findings);
		ring->sum += sample->value;
		ring->filled++;
	}
}

static void leak_describe(const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	struct finding *finding = &entry->finding;
	char name[60], from[32], to[32], slope[32], span[32], what[90];

	(void)options;
	finding_subject_text(store, finding, name, sizeof(name));
	finding_text(
		finding->template != STORE_NO_CODE ? store_template_text(store, finding->template) : finding->series,
		what, sizeof(what));
	snprintf(finding->sentence, sizeof(finding->sentence),
		"%s: memory grew from %s to %s in %s, %s a minute, without falling back (%s)", name,
		finding_bytes_text(entry->detail[DETAIL_FROM], from), finding_bytes_text(entry->detail[DETAIL_TO], to),
		duration_format(detect_span(finding->end, finding->start), span),
		finding_bytes_text(entry->detail[DETAIL_SLOPE], slope), what);
}

const struct detector detector_leak = {
	.state_size = sizeof(struct leak),
	.init = leak_init,
	.release = leak_release,
	.sample = leak_sample,
	.describe = leak_describe,
};
