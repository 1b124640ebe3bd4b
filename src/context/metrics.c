#include "tocsin/context/metrics.h"

#include "tocsin/base/error.h"

#include <stdio.h>

#define KEY_MAXIMUM 1024

int metrics_init(struct metrics *metrics, struct context_text *text)
{
	metrics->text = text;
	metrics->samples = 0;
	vector_init(&metrics->series, sizeof(struct metric_series), METRICS_SERIES);
	metrics->keys = intern_create(METRICS_SERIES, (size_t)METRICS_SERIES * KEY_MAXIMUM);
	return metrics->keys != NULL ? 0 : ERROR_MEMORY;
}

void metrics_release(struct metrics *metrics)
{
	for (size_t i = 0; i < metrics->series.count; i++)
		vector_release(&((struct metric_series *)vector_at(&metrics->series, i))->samples);
	vector_release(&metrics->series);
	intern_destroy(metrics->keys);
	metrics->keys = NULL;
}

/* The name under which a pair is interned. False when it is too long. */
static bool key_of(struct slice service, struct slice name, char buffer[KEY_MAXIMUM], struct slice *key)
{
	int size = snprintf(buffer, KEY_MAXIMUM, "%zu:%.*s%.*s", service.size, (int)service.size,
		service.size > 0 ? service.data : "", (int)name.size, name.size > 0 ? name.data : "");

	*key = (struct slice){ buffer, (size_t)size };
	return size < KEY_MAXIMUM;
}

static int series_add(struct metrics *metrics, struct slice service, struct slice name, struct metric_series **born)
{
	struct metric_series *series = vector_push(&metrics->series);

	if (series == NULL)
		return ERROR_FULL;
	vector_init(&series->samples, sizeof(struct metric_sample), METRICS_SAMPLES);
	series->sorted = true;
	*born = series;
	return context_text_name(metrics->text, service, &series->service) &&
			context_text_name(metrics->text, name, &series->name)
		? 0
		: ERROR_FULL;
}

int metrics_add(struct metrics *metrics, struct slice service, struct slice name, int64_t time, double value)
{
	char buffer[KEY_MAXIMUM];
	struct slice key;
	uint32_t code;
	int result = 0;

	if (metrics->samples == METRICS_SAMPLES || !key_of(service, name, buffer, &key))
		return ERROR_FULL;
	result = intern_put(metrics->keys, key, &code);
	if (result != 0)
		return result;
	struct metric_series *series = NULL;
	if (code == metrics->series.count)
		result = series_add(metrics, service, name, &series);
	else
		series = vector_at(&metrics->series, code);
	if (result != 0)
		return result;
	const struct metric_sample *last =
		series->samples.count > 0 ? vector_at(&series->samples, series->samples.count - 1) : NULL;
	series->sorted = series->sorted && (last == NULL || last->time <= time);
	struct metric_sample *sample = vector_push(&series->samples);
	if (sample == NULL)
		return ERROR_MEMORY;
	*sample = (struct metric_sample){ time, value };
	metrics->samples++;
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct metric_sample *first = a, *second = b;

	if (first->time != second->time)
		return first->time < second->time ? -1 : 1;
	return first->value < second->value ? -1 : first->value > second->value;
}

void metrics_settle(struct metrics *metrics)
{
	for (size_t i = 0; i < metrics->series.count; i++) {
		struct metric_series *series = vector_at(&metrics->series, i);

		if (!series->sorted)
			vector_sort(&series->samples, by_time);
		series->sorted = true;
	}
}

const struct metric_series *metrics_at(const struct metrics *metrics, size_t index)
{
	return index < metrics->series.count ? vector_at(&metrics->series, index) : NULL;
}

const struct metric_series *metrics_find(const struct metrics *metrics, struct slice service, struct slice name)
{
	char buffer[KEY_MAXIMUM];
	struct slice key;
	uint32_t code;

	if (!key_of(service, name, buffer, &key) || intern_find(metrics->keys, key, &code) != 0)
		return NULL;
	return metrics_at(metrics, code);
}

/* The first sample that is not before `time`. */
static size_t find_time(const struct metric_series *series, int64_t time)
{
	size_t low = 0, high = series->samples.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct metric_sample *sample = vector_at(&series->samples, middle);

		if (sample->time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t metrics_window(const struct metric_series *series, int64_t from, int64_t to, const struct metric_sample **first)
{
	size_t begin = find_time(series, from), end = find_time(series, to);

	*first = begin < series->samples.count ? vector_at(&series->samples, begin) : NULL;
	return end > begin ? end - begin : 0;
}
