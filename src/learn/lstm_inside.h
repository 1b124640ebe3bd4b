/*
 * Where the parts of a network lie among its parameters, and the pass through it that training needs.
 */
#ifndef LEARN_LSTM_INSIDE_H
#define LEARN_LSTM_INSIDE_H

#include "learn/blas.h"
#include "learn/kernel.h"
#include "learn/random.h"
#include "tocsin/learn/lstm.h"

struct lstm_layer_layout {
	size_t input, hidden, bias; /* of weights of the input, weights of the last output, biases */
	uint32_t width;             /* of the input */
};

struct lstm_layout {
	struct lstm_layer_layout layers[LSTM_MAXIMUM_LAYERS];
	size_t embedding, output, output_bias, count;
	size_t columns; /* of the output */
};

struct lstm_layout lstm_layout(const struct lstm_shape *shape);

/* Sequences side by side, one column each, shorter ones filled up: row t * columns + b is step t of column b. */
struct lstm_batch {
	const struct blas *blas;
	const struct kernel *kernel;
	struct lstm_shape shape;
	struct lstm_layout layout;
	size_t most_rows, most_columns;
	size_t steps, columns;
	uint32_t *inputs, *targets; /* of each row */
	float *weights;             /* of each row: how much its target counts, 0 where there is none */
	float *embedded;            /* rows x embedding */
	struct lstm_layer_pass {
		float *gates;  /* rows x 4 units: what comes out of them; on the way back what should change before them
				*/
		float *cells;  /* rows x units */
		float *hidden; /* rows x units */
		float *given;  /* rows x units: hidden with dropout, what the next layer gets; then its gradient */
		float *mask;   /* rows x units: 0 or 1 / (1 - dropout) */
		bool dropped;  /* mask counts */
	} passes[LSTM_MAXIMUM_LAYERS];
	float *logits;                     /* rows x events */
	float *back, *cell_back, *scratch; /* columns x units, columns x units, rows x embedding */
	void *memory;
};

/* For at most so many rows and columns. ERROR_MEMORY. */
int lstm_batch_init(struct lstm_batch *batch, const struct lstm_shape *shape, size_t rows, size_t columns,
	const struct blas *blas, const struct kernel *kernel);
void lstm_batch_release(struct lstm_batch *batch);

/* Lays the sequences side by side; `weights` (one each) may be NULL for 1. */
void lstm_batch_fill(
	struct lstm_batch *batch, const struct lstm_sequence *sequences, const float *weights, size_t count);
/* Returns the sum of the losses, each by its weight; *weight is the sum of the weights. */
double lstm_batch_forward(
	struct lstm_batch *batch, const float *parameters, double dropout, struct random *random, double *weight);
/* After forward: adds the gradient of loss / `divisor`. */
void lstm_batch_backward(struct lstm_batch *batch, const float *parameters, double divisor, float *gradient);

/* How many predictions a sequence makes. */
static inline size_t lstm_sequence_steps(const struct lstm_sequence *sequence)
{
	return (size_t)sequence->count + (sequence->ends ? 1 : 0) - (sequence->begins || sequence->count == 0 ? 0 : 1);
}

#endif
