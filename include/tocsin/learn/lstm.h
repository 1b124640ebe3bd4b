/*
 * A network that has learnt which event follows which: embedding, one or two LSTM layers, softmax.
 *
 * Events are numbers below `events`; LSTM_BOUNDARY is what comes before the first event of a sequence and what follows
 * its last. The parameters lie in one piece, in float32: embeddings [event][embedding]; of each layer the weights of
 * its input [in][4 * units] and of its own last output [units][4 * units] and the biases [4 * units], gates in the
 * order input, forget, cell, output; at last the output [units][columns] and its biases [columns], where columns are
 * the events filled up to a multiple of 8 by some that have no chance.
 */
#ifndef TOCSIN_LEARN_LSTM_H
#define TOCSIN_LEARN_LSTM_H

#include "tocsin/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LSTM_BOUNDARY 0
#define LSTM_MAXIMUM_EVENTS 4096
#define LSTM_MAXIMUM_WIDTH 1024 /* of embedding and units; units are a multiple of 8 */
#define LSTM_MAXIMUM_LAYERS 2

struct lstm_shape {
	uint32_t events;
	uint32_t embedding;
	uint32_t units;
	uint32_t layers;
};

struct lstm {
	struct lstm_shape shape;
	float *parameters;
	size_t parameter_count;
};

bool lstm_shape_fits(const struct lstm_shape *shape);        /* within the limits above */
size_t lstm_parameter_bytes(const struct lstm_shape *shape); /* of a shape that fits */
/* Parameters drawn by the seed. ERROR_INPUT when the shape does not fit, ERROR_MEMORY. */
int lstm_init(struct lstm *lstm, const struct lstm_shape *shape, uint64_t seed);
void lstm_release(struct lstm *lstm);

/* --- training ---- */

struct lstm_sequence {
	const uint32_t *events;
	uint32_t count;
	bool begins, ends; /* its neighbours are LSTM_BOUNDARY; else it is a piece of a longer one */
};

struct lstm_progress {
	uint32_t epoch, epochs;  /* from 1 */
	uint32_t batch, batches; /* done, of this epoch */
	double loss;             /* nats an event, of this epoch so far */
	double held_out;         /* of the held-out part, after the epoch before; 0 in the first */
};

struct lstm_training {
	uint32_t batch;       /* sequences; 0: 32 */
	uint32_t epochs;      /* at most; 0: 50 */
	uint32_t patience;    /* epochs without a better loss of the held-out part before it stops; 0: 3 */
	double dropout;       /* 0..0.9, of each layer's output */
	double validation;    /* 0..0.9, part of the sequences that is held out */
	double learning_rate; /* of Adam; 0: 0.002 */
	uint64_t seed;
	bool portable;                                                         /* without OpenBLAS and AVX2 */
	void (*progress)(void *context, const struct lstm_progress *progress); /* NULL: none */
	void *context;
};

struct lstm_trained {
	uint32_t epochs;       /* that were run */
	double loss, held_out; /* nats an event, of the best epoch */
	size_t distinct;       /* different sequences that were learnt from: equal ones weigh 1 + ln(count) */
	bool with_blas;
};

/* Learns; leaves the parameters of the epoch that was best on the held-out part. *held marks the sequences held out
   (sequence_count flags, may be NULL). ERROR_MEMORY, ERROR_INPUT (no sequence, an event that is none). */
int lstm_train(struct lstm *lstm, const struct lstm_sequence *sequences, size_t sequence_count,
	const struct lstm_training *training, bool *held, struct lstm_trained *trained);

/* Mean loss of sequences in nats an event and, when `gradient` is not NULL (parameter_count floats), its gradient: what
   training descends. Without dropout. */
int lstm_loss(const struct lstm *lstm, const struct lstm_sequence *sequences, size_t sequence_count, bool portable,
	double *loss, float *gradient);

/* --- expecting ---- */

struct lstm_engine;

/* Ready for one event after the other; the network may be released afterwards. NULL when out of memory. */
struct lstm_engine *lstm_engine_create(const struct lstm *lstm, bool portable);
void lstm_engine_destroy(struct lstm_engine *engine); /* NULL is fine */

/* A state is so many floats, all zero before a sequence; the first step is LSTM_BOUNDARY. One engine serves many
   states, in one thread at a time. */
size_t lstm_engine_state_size(const struct lstm_engine *engine);
void lstm_engine_step(struct lstm_engine *engine, float *state, uint32_t event);
/* -ln of the probability that `event` comes next. */
float lstm_engine_surprise(struct lstm_engine *engine, const float *state, uint32_t event);

#endif
