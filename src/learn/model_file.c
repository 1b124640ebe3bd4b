/*
 * A model as bytes. Whoever reads them trusts nothing: counts are compared with what is left, numbers with what they
 * may be, and the checksum comes first.
 */
#include <stdlib.h>
#include <string.h>

#include "learn/model_inside.h"

#define MAGIC "tocsin model 1\n"
#define MAGIC_FAMILY "tocsin model "
#define SUM_BYTES 8

uint64_t model_checksum(struct slice bytes)
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (size_t i = 0; i + SUM_BYTES < bytes.size; i++)
		sum = (sum ^ (unsigned char)bytes.data[i]) * UINT64_C(1099511628211);
	return sum;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

static void put(struct buffer *out, uint64_t value)
{
	char bytes[8];

	for (size_t i = 0; i < 8; i++)
		bytes[i] = (char)(value >> 8 * i);
	buffer_append(out, bytes, sizeof(bytes));
}

static void put_double(struct buffer *out, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	put(out, bits);
}

static void put_text(struct buffer *out, struct slice text)
{
	put(out, text.size);
	buffer_append_slice(out, text);
}

static void put_texts(struct buffer *out, const struct intern *texts)
{
	put(out, intern_count(texts));
	for (uint32_t i = 0; i < intern_count(texts); i++)
		put_text(out, intern_text(texts, i));
}

static void put_shares(struct buffer *out, const struct shares *shares)
{
	put_double(out, shares->highest);
	for (size_t i = 0; i < SHARES_BINS; i++)
		put(out, shares->bins[i]);
}

static void put_settings(struct buffer *out, const struct model_settings *settings)
{
	put(out, settings->embedding);
	put(out, settings->units);
	put(out, settings->layers);
	put(out, settings->batch);
	put(out, settings->epochs);
	put(out, settings->max_sequence_length);
	put_double(out, settings->dropout);
	put_double(out, settings->validation);
	put(out, settings->seed);
}

static void put_normal(struct buffer *out, const struct normal *normal)
{
	put(out, normal->records);
	put(out, normal->sessions);
	put(out, normal->shortest);
	put(out, normal->longest);
	for (size_t i = 0; i < LEVEL_COUNT; i++)
		put(out, normal->levels[i]);
	for (size_t i = 0; i < normal->events.count; i++) {
		const struct normal_event *event = vector_at(&normal->events, i);

		put(out, event->count);
		put(out, event->sessions);
		put(out, event->ends);
		put(out, event->gaps);
		put(out, (uint64_t)event->longest_gap);
	}
	put_texts(out, normal->services);
	put(out, normal->pairs.count);
	for (size_t i = 0; i < normal->pairs.count; i++) {
		const struct normal_pair *pair = vector_at(&normal->pairs, i);

		put(out, pair->event);
		put(out, pair->service);
		put(out, pair->count);
	}
	put_texts(out, normal->counts);
	for (size_t i = 0; i < normal->counts_seen.count; i++)
		put(out, *(uint32_t *)vector_at(&normal->counts_seen, i));
}

int model_write(const struct model *model, struct buffer *out)
{
	size_t begin = out->size;

	buffer_append_string(out, MAGIC);
	put_settings(out, &model->settings);
	put_text(out, slice_of(model->pattern));
	put_texts(out, model->events);
	put_normal(out, &model->normal);
	put(out, model->lstm.shape.events);
	for (size_t i = 0; i < model->lstm.parameter_count; i++) {
		uint32_t bits;

		memcpy(&bits, &model->lstm.parameters[i], sizeof(bits));
		for (size_t j = 0; j < 4; j++)
			buffer_append_byte(out, (char)(bits >> 8 * j));
	}
	put_shares(out, &model->steps);
	put_shares(out, &model->sessions);
	put_shares(out, &model->records);
	if (out->failed == 0) {
		struct slice so_far = slice_from(buffer_slice(out), begin);

		/* as if the checksum stood there already */
		put(out, model_checksum((struct slice){ so_far.data, so_far.size + SUM_BYTES }));
	}
	return out->failed;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

struct reading {
	struct slice rest;
	const char *fault; /* NULL while all is well; what was wrong first */
};

static void refuse(struct reading *reading, const char *fault)
{
	if (reading->fault == NULL)
		reading->fault = fault;
	reading->rest.size = 0;
}

static uint64_t get(struct reading *reading)
{
	uint64_t value = 0;

	if (reading->rest.size < 8) {
		refuse(reading, "it ends too early");
		return 0;
	}
	for (size_t i = 0; i < 8; i++)
		value |= (uint64_t)(unsigned char)reading->rest.data[i] << 8 * i;
	reading->rest = slice_from(reading->rest, 8);
	return value;
}

/* At most `most`. */
static uint64_t get_within(struct reading *reading, uint64_t most)
{
	uint64_t value = get(reading);

	if (value <= most)
		return value;
	refuse(reading, "a number is larger than it can be");
	return 0;
}

static double get_double(struct reading *reading, double most)
{
	uint64_t bits = get(reading);
	double value;

	memcpy(&value, &bits, sizeof(value));
	if (value >= 0 && value <= most)
		return value;
	refuse(reading, "a number is not within its range");
	return 0;
}

static struct slice get_text(struct reading *reading)
{
	uint64_t size = get_within(reading, reading->rest.size);
	struct slice text = slice_first(reading->rest, size);

	if (text.size < size)
		refuse(reading, "it ends too early");
	reading->rest = slice_from(reading->rest, text.size);
	return text;
}

/* Each text once. */
static void get_texts(struct reading *reading, struct intern *texts, uint64_t most)
{
	uint64_t count = get_within(reading, most);

	for (uint32_t i = 0; i < count && reading->fault == NULL; i++) {
		struct slice text = get_text(reading);
		uint32_t code;

		if (reading->fault == NULL && (intern_put(texts, text, &code) != 0 || code != i))
			refuse(reading, "a text stands there twice, or there are too many");
	}
}

static void get_shares(struct reading *reading, struct shares *shares)
{
	shares->highest = get_double(reading, 1e9);
	for (size_t i = 0; i < SHARES_BINS; i++) {
		shares->bins[i] = get_within(reading, UINT64_C(1) << 48);
		shares->count += shares->bins[i];
	}
}

static void get_settings(struct reading *reading, struct model_settings *settings)
{
	settings->embedding = (uint32_t)get_within(reading, UINT32_MAX);
	settings->units = (uint32_t)get_within(reading, UINT32_MAX);
	settings->layers = (uint32_t)get_within(reading, UINT32_MAX);
	settings->batch = (uint32_t)get_within(reading, UINT32_MAX);
	settings->epochs = (uint32_t)get_within(reading, UINT32_MAX);
	settings->max_sequence_length = (uint32_t)get_within(reading, UINT32_MAX);
	settings->dropout = get_double(reading, 1);
	settings->validation = get_double(reading, 1);
	settings->seed = get(reading);
}

static void get_pairs(struct reading *reading, struct normal *normal)
{
	uint64_t count = get_within(reading, reading->rest.size / 24);

	for (uint64_t i = 0; i < count && reading->fault == NULL; i++) {
		struct normal_pair *pair = vector_push(&normal->pairs);

		if (pair == NULL) {
			refuse(reading, "out of memory");
			return;
		}
		pair->event = (uint32_t)get_within(reading, UINT32_MAX);
		pair->service = (uint32_t)get_within(reading, UINT32_MAX);
		pair->count = get(reading);
		if (i > 0 &&
			(pair[-1].event > pair->event ||
				(pair[-1].event == pair->event && pair[-1].service >= pair->service)))
			refuse(reading, "its services are out of order");
	}
}

static void get_events(struct reading *reading, struct normal *normal, uint32_t count)
{
	for (uint32_t i = 0; i < count && reading->fault == NULL; i++) {
		struct normal_event *event = vector_push(&normal->events);

		if (event == NULL) {
			refuse(reading, "out of memory");
			return;
		}
		event->count = get(reading);
		event->sessions = get(reading);
		event->ends = get(reading);
		event->gaps = get(reading);
		event->longest_gap = (int64_t)get_within(reading, INT64_MAX);
	}
}

static void get_normal(struct reading *reading, struct normal *normal, uint32_t events)
{
	normal->records = get(reading);
	normal->sessions = get(reading);
	normal->shortest = get(reading);
	normal->longest = get(reading);
	for (size_t i = 0; i < LEVEL_COUNT; i++)
		normal->levels[i] = get_within(reading, UINT64_C(1) << 48);
	get_events(reading, normal, events);
	get_texts(reading, normal->services, NORMAL_SERVICES);
	get_pairs(reading, normal);
	get_texts(reading, normal->counts, NORMAL_VECTORS);
	for (uint32_t i = 0; i < intern_count(normal->counts) && reading->fault == NULL; i++) {
		uint32_t *seen = vector_push(&normal->counts_seen);

		if (seen == NULL)
			refuse(reading, "out of memory");
		else
			*seen = (uint32_t)get_within(reading, UINT32_MAX);
	}
}

static void get_lstm(struct reading *reading, struct model *model)
{
	struct lstm_shape shape = { (uint32_t)get_within(reading, LSTM_MAXIMUM_EVENTS), model->settings.embedding,
		model->settings.units, model->settings.layers };

	if (reading->fault != NULL)
		return;
	if (!lstm_shape_fits(&shape) || shape.events > model_event_count(model) + 1) {
		refuse(reading, "its network has a shape that does not fit its templates or this version");
		return;
	}
	if (lstm_parameter_bytes(&shape) > reading->rest.size) {
		refuse(reading, "it ends too early");
		return;
	}
	if (lstm_init(&model->lstm, &shape, 0) != 0) {
		refuse(reading, "out of memory");
		return;
	}
	for (size_t i = 0; i < model->lstm.parameter_count; i++) {
		const unsigned char *at = (const unsigned char *)reading->rest.data + 4 * i;
		uint32_t bits = (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;

		memcpy(&model->lstm.parameters[i], &bits, sizeof(bits));
		if ((bits >> 23 & 0xFF) == 0xFF) {
			refuse(reading, "its network holds what is no number");
			return;
		}
	}
	reading->rest = slice_from(reading->rest, 4 * model->lstm.parameter_count);
}

static const char *check_frame(struct slice bytes)
{
	struct reading end = { slice_from(bytes, bytes.size < SUM_BYTES ? 0 : bytes.size - SUM_BYTES), NULL };

	if (!slice_starts(bytes, MAGIC_FAMILY))
		return "it is no model that `tocsin train` wrote";
	if (!slice_starts(bytes, MAGIC))
		return "it was written by another version of tocsin: train it again";
	if (bytes.size < strlen(MAGIC) + SUM_BYTES || get(&end) != model_checksum(bytes))
		return "it is damaged or cut off: its checksum does not fit";
	return NULL;
}

static void get_model(struct reading *reading, struct model *model)
{
	struct slice pattern;

	get_settings(reading, &model->settings);
	pattern = get_text(reading);
	if (slice_find_byte(pattern, '\0') != SIZE_MAX)
		refuse(reading, "its pattern of sessions is no text");
	model->pattern = strndup(pattern.size > 0 ? pattern.data : "", pattern.size);
	if (model->pattern == NULL)
		refuse(reading, "out of memory");
	get_texts(reading, model->events, MODEL_KNOWN);
	get_normal(reading, &model->normal, intern_count(model->events));
	get_lstm(reading, model);
	get_shares(reading, &model->steps);
	get_shares(reading, &model->sessions);
	get_shares(reading, &model->records);
	if (reading->fault == NULL && reading->rest.size > 0)
		refuse(reading, "there is more in it than belongs to it");
}

struct model *model_read(struct slice bytes, struct error *error)
{
	struct reading reading = { { NULL, 0 }, check_frame(bytes) };
	struct model *model = model_create();

	if (model == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	if (reading.fault == NULL) {
		reading.rest = slice_first(slice_from(bytes, strlen(MAGIC)), bytes.size - strlen(MAGIC) - SUM_BYTES);
		get_model(&reading, model);
	}
	if (reading.fault != NULL) {
		error_set(error, ERROR_INPUT, "%s", reading.fault);
		model_destroy(model);
		return NULL;
	}
	model_finish(model);
	return model;
}
