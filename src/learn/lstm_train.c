/*
 * Descent by Adam (Kingma and Ba 2015), a batch after the other; sequences of like length share a batch, so that little
 * is filled up. Equal sequences are learnt once, with more weight.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/lstm_inside.h"

#define BATCH 32
#define EPOCHS 50
#define PATIENCE 3
#define LEARNING_RATE 0.002
#define FIRST_MOMENT 0.9F
#define SECOND_MOMENT 0.999F
#define TINY 1e-8F
#define STEEPEST 5.0 /* a longer gradient is shortened to this */
#define FEWEST_HELD 5

struct item {
	struct lstm_sequence sequence;
	size_t steps;
	uint64_t tag; /* random: the order among equally long ones */
	size_t count; /* equal ones */
	float weight;
};

struct training {
	struct lstm *lstm;
	struct lstm_training options;
	struct blas blas;
	struct lstm_batch batch;
	struct random random;
	struct item *items, *held; /* different sequences */
	size_t item_count, held_count;
	size_t *order; /* of batches */
	size_t batches;
	struct lstm_sequence *together;
	float *together_weights;
	float *gradient, *first, *second, *best;
	uint64_t updates;
};

static int by_content(const void *a, const void *b)
{
	const struct lstm_sequence *left = &((const struct item *)a)->sequence,
				   *right = &((const struct item *)b)->sequence;
	int order;

	if (left->count != right->count)
		return left->count < right->count ? -1 : 1;
	if (left->begins != right->begins)
		return left->begins ? -1 : 1;
	if (left->ends != right->ends)
		return left->ends ? -1 : 1;
	order = left->count == 0 ? 0 : memcmp(left->events, right->events, left->count * sizeof(*left->events));
	return order;
}

static int by_steps(const void *a, const void *b)
{
	const struct item *left = a, *right = b;

	if (left->steps != right->steps)
		return left->steps < right->steps ? -1 : 1;
	return (left->tag > right->tag) - (left->tag < right->tag);
}

/* Equal items become one; those without a prediction go. Returns how many are left, in order of length. */
static size_t make_distinct(struct item *items, size_t count)
{
	size_t kept = 0;

	qsort(items, count, sizeof(*items), by_content);
	for (size_t i = 0; i < count; i++) {
		items[i].steps = lstm_sequence_steps(&items[i].sequence);
		items[i].count = 1;
		if (items[i].steps == 0)
			continue;
		if (kept > 0 && by_content(&items[kept - 1], &items[i]) == 0)
			items[kept - 1].count++;
		else
			items[kept++] = items[i];
	}
	for (size_t i = 0; i < kept; i++)
		items[i].tag = i;
	qsort(items, kept, sizeof(*items), by_steps);
	return kept;
}

static bool is_sound(const struct lstm *lstm, const struct lstm_sequence *sequences, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < sequences[i].count; j++)
			if (sequences[i].events[j] >= lstm->shape.events)
				return false;
	return true;
}

/* Draws which sequences are held out. */
static int split(struct training *training, const struct lstm_sequence *sequences, size_t count, bool *held)
{
	size_t *drawn = calloc(count, sizeof(*drawn));
	size_t held_out = (size_t)(training->options.validation * (double)count);

	training->items = calloc(count + 1, sizeof(*training->items));
	training->held = calloc(count + 1, sizeof(*training->held));
	if (drawn == NULL || training->items == NULL || training->held == NULL) {
		free(drawn);
		return ERROR_MEMORY;
	}
	if (held_out < FEWEST_HELD || held_out >= count)
		held_out = 0;
	for (size_t i = 0; i < count; i++)
		drawn[i] = i;
	for (size_t i = 0; i < held_out; i++) {
		size_t other = i + random_below(&training->random, (uint32_t)(count - i)), taken = drawn[other];

		drawn[other] = drawn[i];
		drawn[i] = taken;
	}
	for (size_t i = 0; i < count; i++) {
		struct item *item = i < held_out ? &training->held[training->held_count++]
						 : &training->items[training->item_count++];

		item->sequence = sequences[drawn[i]];
		if (held != NULL)
			held[drawn[i]] = i < held_out;
	}
	free(drawn);
	training->item_count = make_distinct(training->items, training->item_count);
	training->held_count = make_distinct(training->held, training->held_count);
	for (size_t i = 0; i < training->item_count; i++)
		training->items[i].weight = 1.0F + logf((float)training->items[i].count);
	for (size_t i = 0; i < training->held_count; i++)
		training->held[i].weight = (float)training->held[i].count;
	return training->item_count > 0 ? 0 : ERROR_INPUT;
}

static size_t longest(const struct item *items, size_t count)
{
	return count == 0 ? 0 : items[count - 1].steps;
}

static int training_init(struct training *training, struct lstm *lstm, const struct lstm_sequence *sequences,
	size_t count, const struct lstm_training *options, bool *held)
{
	size_t parameters = lstm->parameter_count, most, batch;
	int result;

	*training = (struct training){ .lstm = lstm, .options = *options, .random = { options->seed } };
	if (options->batch == 0)
		training->options.batch = BATCH;
	if (options->epochs == 0)
		training->options.epochs = EPOCHS;
	if (options->patience == 0)
		training->options.patience = PATIENCE;
	if (options->learning_rate <= 0)
		training->options.learning_rate = LEARNING_RATE;
	blas_open(&training->blas, options->portable);
	result = split(training, sequences, count, held);
	if (result != 0)
		return result;
	batch = training->options.batch;
	training->batches = (training->item_count + batch - 1) / batch;
	training->order = calloc(training->batches, sizeof(*training->order));
	training->together = calloc(batch, sizeof(*training->together));
	training->together_weights = calloc(batch, sizeof(*training->together_weights));
	training->gradient = calloc(parameters, 4 * sizeof(float));
	if (training->order == NULL || training->together == NULL || training->together_weights == NULL ||
		training->gradient == NULL)
		return ERROR_MEMORY;
	training->first = training->gradient + parameters;
	training->second = training->first + parameters;
	training->best = training->second + parameters;
	most = longest(training->items, training->item_count);
	if (longest(training->held, training->held_count) > most)
		most = longest(training->held, training->held_count);
	return lstm_batch_init(&training->batch, &lstm->shape, most * batch, batch, &training->blas,
		options->portable ? kernel_portable() : kernel_best());
}

static void training_release(struct training *training)
{
	lstm_batch_release(&training->batch);
	blas_close(&training->blas);
	free(training->items);
	free(training->held);
	free(training->order);
	free(training->together);
	free(training->together_weights);
	free(training->gradient);
}

static void fill(struct training *training, const struct item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		training->together[i] = items[i].sequence;
		training->together_weights[i] = items[i].weight;
	}
	lstm_batch_fill(&training->batch, training->together, training->together_weights, count);
}

static void update(struct training *training)
{
	float *parameters = training->lstm->parameters, *gradient = training->gradient;
	size_t count = training->lstm->parameter_count;
	double squares = 0, rate = training->options.learning_rate;
	float shorten, step;

	for (size_t i = 0; i < count; i++)
		squares += (double)(gradient[i] * gradient[i]);
	shorten = squares > STEEPEST * STEEPEST ? (float)(STEEPEST / sqrt(squares)) : 1.0F;
	training->updates++;
	step = (float)(rate * sqrt(1 - pow((double)SECOND_MOMENT, (double)training->updates)) /
		(1 - pow((double)FIRST_MOMENT, (double)training->updates)));
	for (size_t i = 0; i < count; i++) {
		float slope = gradient[i] * shorten;

		training->first[i] = FIRST_MOMENT * training->first[i] + (1.0F - FIRST_MOMENT) * slope;
		training->second[i] = SECOND_MOMENT * training->second[i] + (1.0F - SECOND_MOMENT) * slope * slope;
		parameters[i] -= step * training->first[i] / (sqrtf(training->second[i]) + TINY);
		gradient[i] = 0.0F;
	}
}

static size_t batch_begin(const struct training *training, size_t batch)
{
	size_t begin = batch * training->options.batch;

	return begin < training->item_count ? begin : training->item_count;
}

/* Who shares a batch, and in which order they come, is new in each epoch. */
static void shuffle(struct training *training)
{
	for (size_t i = 0; i < training->item_count; i++)
		training->items[i].tag = random_next(&training->random);
	qsort(training->items, training->item_count, sizeof(*training->items), by_steps);
	for (size_t i = 0; i < training->batches; i++)
		training->order[i] = i;
	for (size_t i = training->batches; i > 1; i--) {
		size_t other = random_below(&training->random, (uint32_t)i), taken = training->order[other];

		training->order[other] = training->order[i - 1];
		training->order[i - 1] = taken;
	}
}

static double run_epoch(struct training *training, struct lstm_progress *progress)
{
	double loss = 0, weights = 0;

	shuffle(training);
	for (size_t i = 0; i < training->batches; i++) {
		size_t begin = batch_begin(training, training->order[i]),
		       end = batch_begin(training, training->order[i] + 1);
		double weight;

		fill(training, training->items + begin, end - begin);
		loss += lstm_batch_forward(&training->batch, training->lstm->parameters, training->options.dropout,
			&training->random, &weight);
		weights += weight;
		lstm_batch_backward(&training->batch, training->lstm->parameters, weight, training->gradient);
		update(training);
		progress->batch = (uint32_t)i + 1;
		progress->loss = loss / weights;
		if (training->options.progress != NULL)
			training->options.progress(training->options.context, progress);
	}
	return loss / weights;
}

/* Loss of items without dropout. */
static double measure(struct training *training, const struct item *items, size_t count)
{
	double loss = 0, weights = 0, weight;

	for (size_t begin = 0; begin < count; begin += training->options.batch) {
		size_t left = count - begin;

		fill(training, items + begin, left < training->options.batch ? left : training->options.batch);
		loss += lstm_batch_forward(&training->batch, training->lstm->parameters, 0, NULL, &weight);
		weights += weight;
	}
	return weights > 0 ? loss / weights : 0;
}

static void run(struct training *training, struct lstm_trained *trained)
{
	size_t bytes = training->lstm->parameter_count * sizeof(float);
	struct lstm_progress progress = { .epochs = training->options.epochs, .batches = (uint32_t)training->batches };
	uint32_t waited = 0;

	for (uint32_t epoch = 1; epoch <= training->options.epochs && waited < training->options.patience; epoch++) {
		double loss, held_out;

		progress.epoch = epoch;
		loss = run_epoch(training, &progress);
		held_out = training->held_count > 0 ? measure(training, training->held, training->held_count) : loss;
		progress.held_out = held_out;
		trained->epochs = epoch;
		waited++;
		if (epoch == 1 || held_out < trained->held_out) {
			waited = 0;
			trained->loss = loss;
			trained->held_out = held_out;
			memcpy(training->best, training->lstm->parameters, bytes);
		}
	}
	memcpy(training->lstm->parameters, training->best, bytes);
}

int lstm_train(struct lstm *lstm, const struct lstm_sequence *sequences, size_t sequence_count,
	const struct lstm_training *options, bool *held, struct lstm_trained *trained)
{
	struct training training;
	int result;

	*trained = (struct lstm_trained){ 0 };
	if (sequence_count == 0 || sequence_count > UINT32_MAX || !is_sound(lstm, sequences, sequence_count))
		return ERROR_INPUT;
	result = training_init(&training, lstm, sequences, sequence_count, options, held);
	if (result == 0) {
		run(&training, trained);
		trained->distinct = training.item_count;
		trained->with_blas = training.blas.multiply != NULL;
	}
	training_release(&training);
	return result;
}

int lstm_loss(const struct lstm *lstm, const struct lstm_sequence *sequences, size_t sequence_count, bool portable,
	double *loss, float *gradient)
{
	struct lstm_batch batch;
	struct blas blas;
	size_t most = 1;
	double weight;
	int result;

	if (sequence_count == 0 || !is_sound(lstm, sequences, sequence_count))
		return ERROR_INPUT;
	for (size_t i = 0; i < sequence_count; i++)
		if (lstm_sequence_steps(&sequences[i]) > most)
			most = lstm_sequence_steps(&sequences[i]);
	blas_open(&blas, portable);
	result = lstm_batch_init(&batch, &lstm->shape, most * sequence_count, sequence_count, &blas,
		portable ? kernel_portable() : kernel_best());
	if (result == 0) {
		lstm_batch_fill(&batch, sequences, NULL, sequence_count);
		*loss = lstm_batch_forward(&batch, lstm->parameters, 0, NULL, &weight);
		if (gradient != NULL) {
			memset(gradient, 0, lstm->parameter_count * sizeof(float));
			lstm_batch_backward(&batch, lstm->parameters, weight > 0 ? weight : 1, gradient);
		}
		*loss /= weight > 0 ? weight : 1;
		lstm_batch_release(&batch);
	}
	blas_close(&blas);
	return result;
}
