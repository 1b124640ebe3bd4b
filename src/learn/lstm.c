/*
 * A network's parameters, and the engine that runs it one event at a time.
 *
 * The engine keeps, for each event, what its embedding brings to the gates of the first layer: a step is one product of
 * the last output with the layer's weights. Events are filled up to whole registers with outputs of no probability.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/lstm_inside.h"

#define NO_CHANCE (-1e30F)

bool lstm_shape_fits(const struct lstm_shape *shape)
{
	return shape->events >= 2 && shape->events <= LSTM_MAXIMUM_EVENTS && shape->embedding >= 1 &&
		shape->embedding <= LSTM_MAXIMUM_WIDTH && shape->units >= 1 && shape->units <= LSTM_MAXIMUM_WIDTH &&
		shape->units % KERNEL_LANES == 0 && shape->layers >= 1 && shape->layers <= LSTM_MAXIMUM_LAYERS;
}

struct lstm_layout lstm_layout(const struct lstm_shape *shape)
{
	struct lstm_layout layout = { .count = (size_t)shape->events * shape->embedding };
	size_t units = shape->units;

	for (uint32_t i = 0; i < shape->layers; i++) {
		struct lstm_layer_layout *layer = &layout.layers[i];

		layer->width = i == 0 ? shape->embedding : shape->units;
		layer->input = layout.count;
		layer->hidden = layer->input + layer->width * 4 * units;
		layer->bias = layer->hidden + units * 4 * units;
		layout.count = layer->bias + 4 * units;
	}
	layout.output = layout.count;
	layout.columns = kernel_round_up(shape->events);
	layout.output_bias = layout.output + units * layout.columns;
	layout.count = layout.output_bias + layout.columns;
	return layout;
}

size_t lstm_parameter_bytes(const struct lstm_shape *shape)
{
	return lstm_layout(shape).count * sizeof(float);
}

/* Evenly within +-sqrt(3 / inputs), so that what passes through keeps its size. */
static void draw(struct random *random, float *weights, size_t count, size_t inputs)
{
	float width = sqrtf(3.0F / (float)inputs);

	for (size_t i = 0; i < count; i++)
		weights[i] = (2.0F * random_unit(random) - 1.0F) * width;
}

int lstm_init(struct lstm *lstm, const struct lstm_shape *shape, uint64_t seed)
{
	struct random random = { seed };
	struct lstm_layout layout;
	size_t units = shape->units;

	*lstm = (struct lstm){ .shape = *shape };
	if (!lstm_shape_fits(shape))
		return ERROR_INPUT;
	layout = lstm_layout(shape);
	lstm->parameter_count = layout.count;
	lstm->parameters = calloc(layout.count, sizeof(*lstm->parameters));
	if (lstm->parameters == NULL)
		return ERROR_MEMORY;
	draw(&random, lstm->parameters + layout.embedding, (size_t)shape->events * shape->embedding, 3);
	for (uint32_t i = 0; i < shape->layers; i++) {
		const struct lstm_layer_layout *layer = &layout.layers[i];

		draw(&random, lstm->parameters + layer->input, layer->width * 4 * units, layer->width);
		draw(&random, lstm->parameters + layer->hidden, units * 4 * units, units);
		for (size_t j = units; j < 2 * units; j++)
			lstm->parameters[layer->bias + j] = 1.0F; /* at first remember */
	}
	draw(&random, lstm->parameters + layout.output, units * layout.columns, units);
	for (size_t event = shape->events; event < layout.columns; event++)
		lstm->parameters[layout.output_bias + event] = NO_CHANCE;
	return 0;
}

void lstm_release(struct lstm *lstm)
{
	free(lstm->parameters);
	*lstm = (struct lstm){ .parameters = NULL };
}

/* --- the engine ------------------------------------------------------------------------------------------------ */

struct lstm_engine {
	struct lstm_shape shape;
	const struct kernel *kernel;
	size_t columns;                     /* events, filled up */
	float *table;                       /* [event][4 units]: of the first layer, with its biases */
	float *inputs[LSTM_MAXIMUM_LAYERS]; /* [units][4 units], from the second on */
	float *biases[LSTM_MAXIMUM_LAYERS];
	float *hidden[LSTM_MAXIMUM_LAYERS]; /* [units][4 units] */
	float *output, *output_bias;        /* [units][columns], [columns] */
	float *gates, *logits;
};

/* Takes floats off one piece of memory; with `memory` NULL it only counts them. */
static float *take(float *memory, size_t *used, size_t count)
{
	float *taken = memory == NULL ? NULL : memory + *used;

	*used += kernel_round_up(count);
	return taken;
}

static size_t engine_place(struct lstm_engine *engine, float *memory)
{
	size_t gates = (size_t)4 * engine->shape.units, units = engine->shape.units, used = 0;

	engine->table = take(memory, &used, engine->shape.events * gates);
	for (uint32_t i = 0; i < engine->shape.layers; i++) {
		engine->inputs[i] = take(memory, &used, i == 0 ? 0 : units * gates);
		engine->biases[i] = take(memory, &used, gates);
		engine->hidden[i] = take(memory, &used, units * gates);
	}
	engine->output = take(memory, &used, units * engine->columns);
	engine->output_bias = take(memory, &used, engine->columns);
	engine->gates = take(memory, &used, gates);
	engine->logits = take(memory, &used, engine->columns);
	return used;
}

static void engine_fill(struct lstm_engine *engine, const struct lstm *lstm)
{
	struct lstm_layout layout = lstm_layout(&lstm->shape);
	const float *from = lstm->parameters;
	size_t units = lstm->shape.units, gates = 4 * units, events = lstm->shape.events;

	for (uint32_t i = 0; i < lstm->shape.layers; i++) {
		const struct lstm_layer_layout *layer = &layout.layers[i];

		if (i > 0)
			memcpy(engine->inputs[i], from + layer->input, units * gates * sizeof(float));
		memcpy(engine->biases[i], from + layer->bias, gates * sizeof(float));
		memcpy(engine->hidden[i], from + layer->hidden, units * gates * sizeof(float));
	}
	for (size_t event = 0; event < events; event++) {
		float *row = engine->table + event * gates;

		memcpy(row, from + layout.layers[0].bias, gates * sizeof(float));
		engine->kernel->product(from + layout.embedding + event * lstm->shape.embedding, lstm->shape.embedding,
			from + layout.layers[0].input, gates, row);
	}
	memcpy(engine->output, from + layout.output, units * layout.columns * sizeof(float));
	memcpy(engine->output_bias, from + layout.output_bias, layout.columns * sizeof(float));
}

struct lstm_engine *lstm_engine_create(const struct lstm *lstm, bool portable)
{
	struct lstm_engine counted = { .shape = lstm->shape, .columns = kernel_round_up(lstm->shape.events) };
	struct lstm_engine *engine = NULL;
	size_t bytes = (sizeof(*engine) + 63) / 64 * 64;
	size_t floats = engine_place(&counted, NULL);

	engine = aligned_alloc(64, (bytes + floats * sizeof(float) + 63) / 64 * 64);
	if (engine == NULL)
		return NULL;
	memset(engine, 0, bytes + floats * sizeof(float));
	*engine = counted;
	engine->kernel = portable ? kernel_portable() : kernel_best();
	engine_place(engine, (float *)(void *)((char *)engine + bytes));
	engine_fill(engine, lstm);
	return engine;
}

void lstm_engine_destroy(struct lstm_engine *engine)
{
	free(engine);
}

/* Of each layer its cells and then its outputs. */
size_t lstm_engine_state_size(const struct lstm_engine *engine)
{
	return (size_t)2 * engine->shape.units * engine->shape.layers;
}

void lstm_engine_step(struct lstm_engine *engine, float *state, uint32_t event)
{
	size_t units = engine->shape.units, gates = 4 * units;
	const struct kernel *kernel = engine->kernel;

	for (uint32_t i = 0; i < engine->shape.layers; i++) {
		float *cell = state + 2 * units * i, *hidden = cell + units;

		memcpy(engine->gates, i == 0 ? engine->table + event * gates : engine->biases[i],
			gates * sizeof(float));
		if (i > 0)
			kernel->product(hidden - 2 * units, units, engine->inputs[i], gates, engine->gates);
		kernel->product(hidden, units, engine->hidden[i], gates, engine->gates);
		kernel->gates(engine->gates, cell, hidden, units);
	}
}

float lstm_engine_surprise(struct lstm_engine *engine, const float *state, uint32_t event)
{
	const float *hidden = state + lstm_engine_state_size(engine) - engine->shape.units;
	float surprise;

	memcpy(engine->logits, engine->output_bias, engine->columns * sizeof(float));
	engine->kernel->product(hidden, engine->shape.units, engine->output, engine->columns, engine->logits);
	surprise = engine->kernel->log_sum(engine->logits, engine->columns) - engine->logits[event];
	return surprise > 0 ? surprise : 0;
}
