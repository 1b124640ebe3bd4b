/*
 * One pass through the network and back, for many sequences side by side. What is a product of matrices goes to BLAS:
 * all steps at once where a step does not need the one before.
 */
#include <stdlib.h>
#include <string.h>

#include "learn/lstm_inside.h"

struct room {
	float *memory;
	size_t used;
};

static float *take(struct room *room, size_t count)
{
	float *taken = room->memory == NULL ? NULL : room->memory + room->used;

	room->used += kernel_round_up(count);
	return taken;
}

static size_t place(struct lstm_batch *batch, float *memory)
{
	struct room room = { memory, 0 };
	size_t rows = batch->most_rows, units = batch->shape.units;

	batch->weights = take(&room, rows);
	batch->embedded = take(&room, rows * batch->shape.embedding);
	for (uint32_t i = 0; i < batch->shape.layers; i++) {
		struct lstm_layer_pass *pass = &batch->passes[i];

		pass->gates = take(&room, rows * 4 * units);
		pass->cells = take(&room, rows * units);
		pass->hidden = take(&room, rows * units);
		pass->given = take(&room, rows * units);
		pass->mask = take(&room, rows * units);
	}
	batch->logits = take(&room, rows * batch->layout.columns);
	batch->back = take(&room, batch->most_columns * units);
	batch->cell_back = take(&room, batch->most_columns * units);
	batch->scratch = take(&room, rows * batch->shape.embedding);
	return room.used;
}

int lstm_batch_init(struct lstm_batch *batch, const struct lstm_shape *shape, size_t rows, size_t columns,
	const struct blas *blas, const struct kernel *kernel)
{
	*batch = (struct lstm_batch){ .blas = blas,
		.kernel = kernel,
		.shape = *shape,
		.layout = lstm_layout(shape),
		.most_rows = rows,
		.most_columns = columns };
	batch->memory = calloc(place(batch, NULL), sizeof(float));
	batch->inputs = calloc(rows, 2 * sizeof(*batch->inputs));
	batch->targets = batch->inputs + rows;
	if (batch->memory == NULL || batch->inputs == NULL) {
		lstm_batch_release(batch);
		return ERROR_MEMORY;
	}
	place(batch, batch->memory);
	return 0;
}

void lstm_batch_release(struct lstm_batch *batch)
{
	free(batch->memory);
	free(batch->inputs);
	*batch = (struct lstm_batch){ .memory = NULL };
}

/* Event `at` of a sequence with its boundaries; -1 is what comes before the first. */
static uint32_t event_at(const struct lstm_sequence *sequence, size_t at_plus_one)
{
	return at_plus_one == 0 || at_plus_one > sequence->count ? LSTM_BOUNDARY : sequence->events[at_plus_one - 1];
}

void lstm_batch_fill(
	struct lstm_batch *batch, const struct lstm_sequence *sequences, const float *weights, size_t count)
{
	batch->steps = 0;
	batch->columns = count;
	for (size_t i = 0; i < count; i++)
		if (lstm_sequence_steps(&sequences[i]) > batch->steps)
			batch->steps = lstm_sequence_steps(&sequences[i]);
	for (size_t step = 0; step < batch->steps; step++)
		for (size_t i = 0; i < count; i++) {
			const struct lstm_sequence *sequence = &sequences[i];
			size_t row = step * count + i, first = sequence->begins ? step : step + 1;
			bool is_there = step < lstm_sequence_steps(sequence);

			batch->inputs[row] = is_there ? event_at(sequence, first) : LSTM_BOUNDARY;
			batch->targets[row] = is_there ? event_at(sequence, first + 1) : LSTM_BOUNDARY;
			batch->weights[row] = !is_there ? 0.0F : weights == NULL ? 1.0F : weights[i];
		}
}

/* --- forward --------------------------------------------------------------------------------------------------- */

static void add_bias(float *rows, size_t count, size_t width, const float *bias)
{
	for (size_t i = 0; i < count; i++)
		memcpy(rows + i * width, bias, width * sizeof(float));
}

static void drop(struct lstm_layer_pass *pass, size_t count, double dropout, struct random *random)
{
	float kept = (float)(1 / (1 - dropout));

	if (dropout <= 0) {
		memcpy(pass->given, pass->hidden, count * sizeof(float));
		return;
	}
	for (size_t i = 0; i < count; i++) {
		pass->mask[i] = random_unit(random) < (float)dropout ? 0.0F : kept;
		pass->given[i] = pass->hidden[i] * pass->mask[i];
	}
}

static void layer_forward(struct lstm_batch *batch, uint32_t index, const float *in, const float *parameters)
{
	const struct lstm_layer_layout *layer = &batch->layout.layers[index];
	struct lstm_layer_pass *pass = &batch->passes[index];
	size_t units = batch->shape.units, gates = 4 * units, columns = batch->columns, rows = batch->steps * columns;

	add_bias(pass->gates, rows, gates, parameters + layer->bias);
	blas_multiply(batch->blas, BLAS_PLAIN, BLAS_PLAIN, rows, gates, layer->width, in, parameters + layer->input,
		1.0F, pass->gates);
	memset(pass->cells, 0, columns * units * sizeof(float));
	for (size_t step = 0; step < batch->steps; step++) {
		size_t first = step * columns;

		if (step > 0) {
			blas_multiply(batch->blas, BLAS_PLAIN, BLAS_PLAIN, columns, gates, units,
				pass->hidden + (first - columns) * units, parameters + layer->hidden, 1.0F,
				pass->gates + first * gates);
			memcpy(pass->cells + first * units, pass->cells + (first - columns) * units,
				columns * units * sizeof(float));
		}
		for (size_t row = first; row < first + columns; row++)
			batch->kernel->gates(pass->gates + row * gates, pass->cells + row * units,
				pass->hidden + row * units, units);
	}
}

/* Logits become the gradient of the loss. */
static double output_forward(struct lstm_batch *batch, const float *parameters, double *weight)
{
	size_t columns = batch->layout.columns, rows = batch->steps * batch->columns;
	double loss = 0;

	add_bias(batch->logits, rows, columns, parameters + batch->layout.output_bias);
	blas_multiply(batch->blas, BLAS_PLAIN, BLAS_PLAIN, rows, columns, batch->shape.units,
		batch->passes[batch->shape.layers - 1].given, parameters + batch->layout.output, 1.0F, batch->logits);
	*weight = 0;
	for (size_t row = 0; row < rows; row++) {
		float *logits = batch->logits + row * columns, worth = batch->weights[row], sum;

		if (worth <= 0.0F) {
			memset(logits, 0, columns * sizeof(float));
			continue;
		}
		sum = batch->kernel->log_sum(logits, columns);
		loss += (double)(worth * (sum - logits[batch->targets[row]]));
		*weight += (double)worth;
		batch->kernel->exponentials(logits, columns, sum);
		logits[batch->targets[row]] -= 1.0F;
		for (size_t i = 0; i < columns; i++)
			logits[i] = i < batch->shape.events ? logits[i] * worth : 0.0F;
	}
	return loss;
}

double lstm_batch_forward(
	struct lstm_batch *batch, const float *parameters, double dropout, struct random *random, double *weight)
{
	size_t rows = batch->steps * batch->columns, width = batch->shape.embedding;
	const float *in = batch->embedded;

	for (size_t row = 0; row < rows; row++)
		memcpy(batch->embedded + row * width, parameters + batch->layout.embedding + batch->inputs[row] * width,
			width * sizeof(float));
	for (uint32_t i = 0; i < batch->shape.layers; i++) {
		layer_forward(batch, i, in, parameters);
		drop(&batch->passes[i], rows * batch->shape.units, dropout, random);
		batch->passes[i].dropped = dropout > 0;
		in = batch->passes[i].given;
	}
	return output_forward(batch, parameters, weight);
}

/* --- backward -------------------------------------------------------------------------------------------------- */

static void add_rows(const float *rows, size_t count, size_t width, float *sum)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < width; j++)
			sum[j] += rows[i * width + j];
}

static void output_backward(struct lstm_batch *batch, const float *parameters, double divisor, float *gradient)
{
	size_t columns = batch->layout.columns, rows = batch->steps * batch->columns, units = batch->shape.units;
	float *given = batch->passes[batch->shape.layers - 1].given, scale = (float)(1 / divisor);

	for (size_t i = 0; i < rows * columns; i++)
		batch->logits[i] *= scale;
	blas_multiply(batch->blas, BLAS_TURNED, BLAS_PLAIN, units, columns, rows, given, batch->logits, 1.0F,
		gradient + batch->layout.output);
	add_rows(batch->logits, rows, columns, gradient + batch->layout.output_bias);
	blas_multiply(batch->blas, BLAS_PLAIN, BLAS_TURNED, rows, units, columns, batch->logits,
		parameters + batch->layout.output, 0.0F, given);
}

/* `given` holds the gradient of what the layer gave; the gates get theirs. */
static void steps_backward(struct lstm_batch *batch, uint32_t index, const float *parameters)
{
	struct lstm_layer_pass *pass = &batch->passes[index];
	size_t units = batch->shape.units, gates = 4 * units, columns = batch->columns;

	memset(batch->cell_back, 0, columns * units * sizeof(float));
	for (size_t i = 0; pass->dropped && i < batch->steps * columns * units; i++)
		pass->given[i] *= pass->mask[i];
	for (size_t step = batch->steps; step-- > 0;) {
		float *given = pass->given + step * columns * units;

		for (size_t i = 0; step + 1 < batch->steps && i < columns * units; i++)
			given[i] += batch->back[i];
		for (size_t column = 0; column < columns; column++) {
			size_t row = step * columns + column;

			batch->kernel->gates_back(pass->given + row * units, pass->hidden + row * units,
				step > 0 ? pass->cells + (row - columns) * units : NULL, pass->gates + row * gates,
				batch->cell_back + column * units, units);
		}
		blas_multiply(batch->blas, BLAS_PLAIN, BLAS_TURNED, columns, units, gates,
			pass->gates + step * columns * gates, parameters + batch->layout.layers[index].hidden, 0.0F,
			batch->back);
	}
}

static void layer_backward(struct lstm_batch *batch, uint32_t index, const float *parameters, float *gradient)
{
	const struct lstm_layer_layout *layer = &batch->layout.layers[index];
	struct lstm_layer_pass *pass = &batch->passes[index];
	size_t gates = (size_t)4 * batch->shape.units, columns = batch->columns, rows = batch->steps * columns;
	float *in = index == 0 ? batch->embedded : batch->passes[index - 1].given;

	steps_backward(batch, index, parameters);
	blas_multiply(batch->blas, BLAS_TURNED, BLAS_PLAIN, layer->width, gates, rows, in, pass->gates, 1.0F,
		gradient + layer->input);
	blas_multiply(batch->blas, BLAS_TURNED, BLAS_PLAIN, batch->shape.units, gates, rows - columns, pass->hidden,
		pass->gates + columns * gates, 1.0F, gradient + layer->hidden);
	add_rows(pass->gates, rows, gates, gradient + layer->bias);
	blas_multiply(batch->blas, BLAS_PLAIN, BLAS_TURNED, rows, layer->width, gates, pass->gates,
		parameters + layer->input, 0.0F, index == 0 ? batch->scratch : in);
}

void lstm_batch_backward(struct lstm_batch *batch, const float *parameters, double divisor, float *gradient)
{
	size_t rows = batch->steps * batch->columns, width = batch->shape.embedding;

	if (rows == 0)
		return;
	output_backward(batch, parameters, divisor, gradient);
	for (uint32_t i = batch->shape.layers; i-- > 0;)
		layer_backward(batch, i, parameters, gradient);
	for (size_t row = 0; row < rows; row++)
		add_rows(batch->scratch + row * width, 1, width,
			gradient + batch->layout.embedding + batch->inputs[row] * width);
}
