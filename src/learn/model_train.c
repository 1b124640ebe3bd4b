/*
 * Training: number the templates, count what is usual, let the network learn, and see on what was held out how
 * surprising normal records and sessions are.
 */
#include <stdlib.h>
#include <string.h>

#include "learn/scorer_inside.h"

#define EMBEDDING 128
#define UNITS 64
#define BATCH 32
#define EPOCHS 50
#define MAX_SEQUENCE_LENGTH 100
#define LONGEST_SEQUENCE 4096
#define DROPOUT 0.2
#define VALIDATION 0.2
#define ROOM_TO_GROW 1 /* events of the network beyond those known, so that it has two even of an empty log */

struct training {
	struct model *model;
	const struct sequences *sequences;
	const struct store *store;
	uint32_t *events;  /* of each template of the store */
	uint32_t *stepped; /* the network's event of each step, known ones only */
	struct lstm_sequence *pieces;
	bool *held; /* of each piece */
	size_t piece_count;
};

static struct model_settings complete(const struct model_settings *given)
{
	struct model_settings settings = *given;

	settings.embedding = settings.embedding > 0 ? settings.embedding : EMBEDDING;
	settings.units = settings.units > 0 ? settings.units : UNITS;
	settings.layers = settings.layers > 0 ? settings.layers : 1;
	settings.batch = settings.batch > 0 ? settings.batch : BATCH;
	settings.epochs = settings.epochs > 0 ? settings.epochs : EPOCHS;
	settings.max_sequence_length =
		settings.max_sequence_length > 0 ? settings.max_sequence_length : MAX_SEQUENCE_LENGTH;
	settings.dropout = settings.dropout < 0 ? DROPOUT : settings.dropout;
	settings.validation = settings.validation > 0 ? settings.validation : VALIDATION;
	return settings;
}

static int check(const struct model_settings *settings, struct error *error)
{
	struct lstm_shape shape = { 2, settings->embedding, settings->units, settings->layers };

	if (!lstm_shape_fits(&shape))
		return error_set(error, ERROR_INPUT,
			"the network: embedding 1 to %d, units a multiple of 8 up to %d, layers 1 or 2",
			LSTM_MAXIMUM_WIDTH, LSTM_MAXIMUM_WIDTH);
	if (settings->max_sequence_length > LONGEST_SEQUENCE || settings->batch > LONGEST_SEQUENCE)
		return error_set(
			error, ERROR_INPUT, "max_sequence_length and batch may be at most %d", LONGEST_SEQUENCE);
	if (settings->dropout >= 0.95 || settings->validation >= 0.95)
		return error_set(error, ERROR_INPUT, "dropout and validation must be below 0.95");
	return 0;
}

/* --- numbering ------------------------------------------------------------------------------------------------- */

struct frequency {
	uint32_t template;
	uint64_t count;
};

static int by_frequency(const void *a, const void *b)
{
	const struct frequency *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return (left->template > right->template) - (left->template <right->template);
}

/* The most frequent template is event 1. */
static int number_events(struct training *training)
{
	uint32_t templates = store_template_count(training->store);
	struct frequency *list = calloc((size_t)templates + 1, sizeof(*list));
	size_t steps = training->sequences->begins[training->sequences->count];
	int result = 0;

	training->events = calloc((size_t)templates + 1, sizeof(*training->events));
	if (list == NULL || training->events == NULL) {
		free(list);
		return ERROR_MEMORY;
	}
	for (uint32_t i = 0; i < templates; i++)
		list[i].template = i;
	for (size_t i = 0; i < steps; i++)
		list[training->sequences->steps[i].template].count++;
	qsort(list, templates, sizeof(*list), by_frequency);
	for (uint32_t i = 0; i < templates && list[i].count > 0 && result == 0; i++) {
		uint32_t code;
		int put = intern_put(
			training->model->events, sequence_template(training->store, list[i].template), &code);

		training->events[list[i].template] = put == 0 ? code + 1 : NORMAL_UNKNOWN;
		if (put == 0 && code == training->model->normal.events.count &&
			vector_push(&training->model->normal.events) == NULL)
			result = ERROR_MEMORY;
		result = put == ERROR_MEMORY ? put : result;
	}
	free(list);
	return result;
}

/* --- counting -------------------------------------------------------------------------------------------------- */

static uint32_t service_of(struct normal *normal, const struct store *store, uint16_t service)
{
	uint32_t code;

	return intern_put(normal->services, store_service_name(store, service), &code) == 0 ? code : NORMAL_UNKNOWN;
}

static int64_t gap_between(const struct sequence_step *before, const struct sequence_step *step)
{
	return before->time == TIMESTAMP_NONE || step->time == TIMESTAMP_NONE || step->time < before->time
		? -1
		: step->time - before->time;
}

static int count_sequence(struct training *training, size_t begin, size_t end, uint32_t *events)
{
	const struct sequence_step *steps = training->sequences->steps;
	struct normal *normal = &training->model->normal;
	int result = 0;

	for (size_t i = begin; i < end && result == 0; i++) {
		struct normal_sight sight = { .event = training->events[steps[i].template],
			.service = service_of(normal, training->store, steps[i].service),
			.before = i > begin ? events[i - begin - 1] : 0,
			.gap = i > begin ? gap_between(&steps[i - 1], &steps[i]) : -1,
			.level = steps[i].level };

		events[i - begin] = sight.event;
		result = normal_add(normal, &sight);
	}
	if (result == 0 && training->model->pattern[0] != '\0')
		result = normal_add_session(normal, events, end - begin);
	return result;
}

static int count_all(struct training *training)
{
	const struct sequences *sequences = training->sequences;
	uint32_t *events = calloc(sequences->begins[sequences->count] + 1, sizeof(*events));
	int result = events == NULL ? ERROR_MEMORY : 0;

	for (size_t i = 0; i < sequences->count && result == 0; i++)
		result = count_sequence(training, sequences->begins[i], sequences->begins[i + 1], events);
	free(events);
	return result;
}

/* --- the network ----------------------------------------------------------------------------------------------- */

/* Cuts the sequences into pieces of at most max_sequence_length; each but the first begins with the last event of the
   one before. Sessions have a beginning and an end. */
static int cut_pieces(struct training *training)
{
	const struct sequences *sequences = training->sequences;
	size_t steps = sequences->begins[sequences->count], length = training->model->settings.max_sequence_length,
	       used = 0;

	training->stepped = calloc(steps + 1, sizeof(*training->stepped));
	training->pieces = calloc(sequences->count + steps / length + 1, sizeof(*training->pieces));
	training->held = calloc(sequences->count + steps / length + 1, sizeof(*training->held));
	if (training->stepped == NULL || training->pieces == NULL || training->held == NULL)
		return ERROR_MEMORY;
	for (size_t i = 0; i < sequences->count; i++) {
		size_t first = used, count;

		for (size_t j = sequences->begins[i]; j < sequences->begins[i + 1]; j++) {
			uint32_t event =
				model_lstm_event(training->model, training->events[sequences->steps[j].template]);

			if (event != NORMAL_UNKNOWN)
				training->stepped[used++] = event;
		}
		count = used - first;
		for (size_t at = 0; at < count; at += length) {
			size_t from = at > 0 ? at - 1 : 0, to = at + length < count ? at + length : count;

			training->pieces[training->piece_count++] =
				(struct lstm_sequence){ training->stepped + first + from, (uint32_t)(to - from),
					at == 0, to == count && training->model->pattern[0] != '\0' };
		}
	}
	return 0;
}

static int learn(struct training *training, void (*progress)(void *, const struct lstm_progress *), void *context,
	struct lstm_trained *trained)
{
	struct model *model = training->model;
	struct model_settings *settings = &model->settings;
	size_t known = model_event_count(model);
	struct lstm_shape shape = { (uint32_t)(known < MODEL_EVENTS ? known : MODEL_EVENTS) + ROOM_TO_GROW,
		settings->embedding, settings->units, settings->layers };
	struct lstm_training options = { .batch = settings->batch,
		.epochs = settings->epochs,
		.dropout = settings->dropout,
		.validation = settings->validation,
		.seed = settings->seed,
		.progress = progress,
		.context = context };
	int result = lstm_init(&model->lstm, &shape, settings->seed);

	if (result == 0)
		result = cut_pieces(training);
	return result != 0
		? result
		: lstm_train(&model->lstm, training->pieces, training->piece_count, &options, training->held, trained);
}

/* --- calibration ----------------------------------------------------------------------------------------------- */

/* What the network says of pieces that it did not learn from; of all, when none was held out. */
static int calibrate_steps(struct training *training)
{
	struct model *model = training->model;
	struct lstm_engine *engine = lstm_engine_create(&model->lstm, false);
	float *state = engine == NULL ? NULL : calloc(lstm_engine_state_size(engine), sizeof(*state));
	bool any_held = false;

	for (size_t i = 0; i < training->piece_count; i++)
		any_held |= training->held[i];
	for (size_t i = 0; state != NULL && i < training->piece_count; i++) {
		const struct lstm_sequence *piece = &training->pieces[i];
		double highest = 0;

		if (any_held && !training->held[i])
			continue;
		memset(state, 0, lstm_engine_state_size(engine) * sizeof(*state));
		lstm_engine_step(engine, state, piece->begins ? LSTM_BOUNDARY : piece->events[0]);
		for (uint32_t j = piece->begins ? 0 : 1; j < piece->count; j++) {
			double nats = (double)lstm_engine_surprise(engine, state, piece->events[j]);

			shares_add(&model->steps, nats);
			highest = nats > highest ? nats : highest;
			lstm_engine_step(engine, state, piece->events[j]);
		}
		shares_add(&model->sessions, highest);
	}
	free(state);
	lstm_engine_destroy(engine);
	return state == NULL ? ERROR_MEMORY : 0;
}

/* Sums of all parts, over the log in its order. */
static int calibrate_records(struct training *training)
{
	const struct sequences *sequences = training->sequences;
	struct scorer *scorer = scorer_create(training->model, training->store, false);

	if (scorer == NULL)
		return ERROR_MEMORY;
	for (size_t i = 0; i < sequences->count; i++) {
		size_t begin = sequences->begins[i];

		scorer_sum_sequence(
			scorer, sequences->steps + begin, sequences->begins[i + 1] - begin, &training->model->records);
	}
	scorer_destroy(scorer);
	return 0;
}

static void report_on(const struct training *training, struct model_report *report)
{
	report->sequences = training->sequences->count;
	report->events = model_event_count(training->model);
	report->steps = training->sequences->begins[training->sequences->count];
}

static int train(struct training *training, void (*progress)(void *, const struct lstm_progress *), void *context,
	struct model_report *report)
{
	int result = number_events(training);

	if (result == 0)
		result = count_all(training);
	if (result == 0)
		result = learn(training, progress, context, &report->trained);
	if (result == 0)
		result = calibrate_steps(training);
	if (result == 0) {
		model_finish(training->model);
		result = calibrate_records(training);
	}
	report_on(training, report);
	return result;
}

struct model *model_train(const struct sequences *sequences, const struct store *store, struct slice pattern,
	const struct model_settings *settings, void (*progress)(void *context, const struct lstm_progress *progress),
	void *context, struct model_report *report, struct error *error)
{
	struct training training = { .model = model_create(), .sequences = sequences, .store = store };
	int result;

	*report = (struct model_report){ 0 };
	if (training.model == NULL ||
		(training.model->pattern = strndup(pattern.size > 0 ? pattern.data : "", pattern.size)) == NULL) {
		model_destroy(training.model);
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	training.model->settings = complete(settings);
	result = check(&training.model->settings, error);
	if (result == 0 && sequences->begins[sequences->count] == 0)
		result = error_set(error, ERROR_INPUT, "there is nothing to learn from: no record%s",
			pattern.size > 0 ? " names a session" : "");
	if (result == 0) {
		result = train(&training, progress, context, report);
		if (result != 0)
			error_set(error, (enum error_code)result, "training: %s", error_name((enum error_code)result));
	}
	free(training.events);
	free(training.stepped);
	free(training.pieces);
	free(training.held);
	if (result != 0) {
		model_destroy(training.model);
		return NULL;
	}
	return training.model;
}
