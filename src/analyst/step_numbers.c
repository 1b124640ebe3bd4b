/*
 * Numbers out of the culprit's lines: something in use that reached its limit, or that rose until the onset.
 *
 * The records of the culprit whose template has a "key=<*>" are sampled evenly up to a minute after the onset; the
 * first and the highest sample of the most telling key are cited.
 */
#include "analyst/inside.h"
#include "analyst/numbers.h"

#define SAMPLES 256
#define SERIES 12
#define KEY_BYTES 48

struct series {
	char key[KEY_BYTES];
	char limit_key[KEY_BYTES]; /* the limit that stood in the line of the highest sample; "" when none */
	double limit;
	double first, highest;
	uint64_t first_record, highest_record;
	char first_text[24], highest_text[24], limit_text[24];
};

static bool has_named_number(struct slice signature)
{
	return slice_find(signature, slice_of("=<*>")) != SIZE_MAX ||
		slice_find(signature, slice_of(": <*>")) != SIZE_MAX;
}

static size_t sample(const struct analysis *analysis, uint64_t ids[SAMPLES])
{
	const struct scene *scene = &analysis->scene;
	int64_t end = time_shift(analysis->culprit->onset.time, TIMESTAMP_MINUTE);
	size_t count = 0, stride = 1, skipped = 0;

	for (uint64_t id = 0; id < scene->horizon.records; id++) {
		struct record record;

		store_record(scene->store, id, &record);
		if (record.time > end && record.time != TIMESTAMP_NONE)
			break;
		if (record.service != analysis->culprit->service ||
			!has_named_number(store_template_text(scene->store, record.template)))
			continue;
		if (++skipped < stride)
			continue;
		skipped = 0;
		if (count == SAMPLES) { /* keep every second one and go on at half the pace */
			for (size_t i = 0; i < SAMPLES / 2; i++)
				ids[i] = ids[2 * i];
			count = SAMPLES / 2;
			stride *= 2;
		}
		ids[count++] = id;
	}
	return count;
}

static struct series *series_of(struct series *series, size_t *count, struct slice key)
{
	for (size_t i = 0; i < *count; i++)
		if (slice_is(key, series[i].key))
			return &series[i];
	if (*count == SERIES || key.size >= KEY_BYTES)
		return NULL;
	slice_copy(key, series[*count].key, KEY_BYTES);
	series[*count].first_record = UINT64_MAX;
	return &series[(*count)++];
}

static void take(struct series *series, const struct number *number, const struct number *limit, uint64_t record)
{
	if (series->first_record == UINT64_MAX) {
		series->first_record = record;
		series->first = number->value;
		slice_copy(number->text, series->first_text, sizeof(series->first_text));
	} else if (number->value <= series->highest) {
		return;
	}
	series->highest = number->value;
	series->highest_record = record;
	slice_copy(number->text, series->highest_text, sizeof(series->highest_text));
	series->limit_key[0] = '\0';
	if (limit) {
		series->limit = limit->value;
		slice_copy(limit->key, series->limit_key, KEY_BYTES);
		slice_copy(limit->text, series->limit_text, sizeof(series->limit_text));
	}
}

static size_t collect(const struct analysis *analysis, struct series series[SERIES])
{
	uint64_t ids[SAMPLES];
	size_t samples = sample(analysis, ids), count = 0;

	for (size_t i = 0; i < samples; i++) {
		struct number numbers[NUMBERS_MAXIMUM];
		const struct number *limit = NULL;
		struct record record;
		struct store_text text;
		size_t found;

		if (!scene_read(&analysis->scene, ids[i], &record, &text))
			continue;
		found = numbers_find(slice_first(text.message, SUSPECT_TEXT), numbers);
		for (size_t j = 0; j < found && !limit; j++)
			if (number_kind(numbers[j].key) == NUMBER_LIMIT)
				limit = &numbers[j];
		for (size_t j = 0; j < found; j++) {
			struct series *one = number_kind(numbers[j].key) == NUMBER_USE
				? series_of(series, &count, numbers[j].key)
				: NULL;

			if (one)
				take(one, &numbers[j], limit, ids[i]);
		}
	}
	return count;
}

/* At its limit (or beyond, as with claimed against available) first; else the one that rose most, at least by half. */
static const struct series *most_telling(const struct series *series, size_t count)
{
	const struct series *best = NULL;
	double most = 0;

	for (size_t i = 0; i < count; i++) {
		bool full = series[i].limit_key[0] && series[i].limit > 0 && series[i].highest >= series[i].limit;
		double rise = series[i].first > 0 ? series[i].highest / series[i].first : series[i].highest > 0 ? 2 : 1;
		double weight = (full ? 1000 : 0) + rise;

		if ((full || rise >= 1.5) && weight > most) {
			most = weight;
			best = &series[i];
		}
	}
	return best;
}

static void say_series(struct analysis *analysis, const struct series *series, struct buffer *out)
{
	const struct scene *scene = &analysis->scene;
	unsigned first = analysis_cite_line(analysis, series->first_record),
		 highest = analysis_cite_line(analysis, series->highest_record);
	const struct evidence *start = evidence_find(scene->book, first), *top = evidence_find(scene->book, highest);

	buffer_append_format(out, "%s ", series->key);
	if (first != highest && series->first < series->highest && start) {
		buffer_append_format(out, "rose from %s at ", series->first_text);
		say_clock(out, scene, start->time);
		say_cite(out, first);
		buffer_append_format(out, " to %s at ", series->highest_text);
	} else {
		buffer_append_format(out, "was %s at ", series->highest_text);
	}
	say_clock(out, scene, top ? top->time : TIMESTAMP_NONE);
	if (series->limit_key[0] && series->highest >= series->limit)
		buffer_append_format(out, ", its limit: %s=%s", series->limit_key, series->limit_text);
	else if (series->limit_key[0])
		buffer_append_format(out, ", with %s=%s", series->limit_key, series->limit_text);
	say_cite(out, highest);
}

bool step_numbers(struct analysis *analysis)
{
	struct series series[SERIES] = { 0 };
	const struct series *telling;
	struct buffer out;

	if (!analysis->culprit)
		return false;
	telling = most_telling(series, collect(analysis, series));
	if (!telling)
		return false;
	buffer_init(&out, SCENE_SENTENCE);
	say_service(&out, &analysis->scene, analysis->culprit->service);
	buffer_append_string(&out, ": ");
	say_series(analysis, telling, &out);
	analysis_claim(analysis, CLAIM_CAUSE, &out);
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
	return false;
}
