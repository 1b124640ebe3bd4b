/*
 * The network: its gradient against differences of the loss, its two sets of kernels, what it learns.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/kernel.h"
#include "learn/random.h"
#include "tocsin/learn/lstm.h"

static const uint32_t first[] = { 1, 2, 3, 4, 2, 3 }, second[] = { 4, 4, 1 }, third[] = { 3, 1, 2 };
static const struct lstm_sequence examples[] = {
	{ first, 6, true, true },
	{ second, 3, true, false },
	{ third, 3, false, true },
};

static void make(struct lstm *lstm, uint32_t layers, uint64_t seed)
{
	struct lstm_shape shape = { .events = 5, .embedding = 3, .units = 8, .layers = layers };
	assert_int_equal(lstm_init(lstm, &shape, seed), 0);
}

static double loss_of(const struct lstm *lstm)
{
	double loss;
	assert_int_equal(lstm_loss(lstm, examples, 3, true, &loss, NULL), 0);
	return loss;
}

/* Float32 rounds: the differences are taken wide enough, and compared by the length of all of them too. */
static void check_gradient(uint32_t layers)
{
	const float step = 4e-3F;
	struct lstm lstm;
	double loss, difference = 0, length = 0;
	make(&lstm, layers, 11);
	float *gradient = calloc(lstm.parameter_count, 2 * sizeof *gradient);
	float *by_blas = gradient + lstm.parameter_count;
	assert_int_equal(lstm_loss(&lstm, examples, 3, true, &loss, gradient), 0);
	assert_int_equal(lstm_loss(&lstm, examples, 3, false, &loss, by_blas), 0);
	for (size_t i = 0; i < lstm.parameter_count; i++) {
		float before = lstm.parameters[i];
		assert_float_equal(gradient[i], by_blas[i], 1e-6);
		if (before < -1e29F) {
			assert_float_equal(gradient[i], 0, 0);
			continue;
		}
		lstm.parameters[i] = before + step;
		double above = loss_of(&lstm);
		lstm.parameters[i] = before - step;
		double numeric = (above - loss_of(&lstm)) / (2 * (double)step);
		lstm.parameters[i] = before;
		if (fabs(numeric - (double)gradient[i]) > 1e-3 + 0.02 * fabs(numeric))
			fail_msg("parameter %zu: %g by differences, %g", i, numeric, (double)gradient[i]);
		difference += (numeric - (double)gradient[i]) * (numeric - (double)gradient[i]);
		length += numeric * numeric;
	}
	assert_true(sqrt(difference / length) < 2e-3);
	free(gradient);
	lstm_release(&lstm);
}

static void lstm__gradient__is_that_of_the_loss(void **state)
{
	(void)state;
	check_gradient(1);
	check_gradient(2);
}

static void kernel__avx2__equals_portable_bit_for_bit(void **state)
{
	(void)state;
	enum { UNITS = 72, ROWS = 50 };
	float gates[2][4 * UNITS], cell[2][UNITS], hidden[2][UNITS], matrix[ROWS * 4 * UNITS], in[ROWS], back[2][UNITS];
	const struct kernel *kernels[2] = { kernel_portable(), kernel_best() };
	struct random random = { 3 };
	if (kernels[1] == kernels[0])
		skip();
	for (int round = 0; round < 200; round++) {
		float width = round % 10 == 0 ? 200.0F : 4.0F;
		for (size_t i = 0; i < ROWS * 4 * UNITS; i++)
			matrix[i] = (random_unit(&random) - 0.5F) * width;
		for (size_t i = 0; i < ROWS; i++)
			in[i] = random_unit(&random) - 0.5F;
		for (size_t i = 0; i < 4 * UNITS; i++)
			gates[0][i] = gates[1][i] = (random_unit(&random) - 0.5F) * width;
		for (size_t i = 0; i < UNITS; i++) {
			cell[0][i] = cell[1][i] = (random_unit(&random) - 0.5F) * width;
			back[0][i] = back[1][i] = random_unit(&random) - 0.5F;
		}
		for (int k = 0; k < 2; k++) {
			kernels[k]->product(in, ROWS, matrix, 4 * UNITS, gates[k]);
			kernels[k]->gates(gates[k], cell[k], hidden[k], UNITS);
		}
		assert_memory_equal(gates[0], gates[1], sizeof gates[0]);
		assert_memory_equal(cell[0], cell[1], sizeof cell[0]);
		assert_memory_equal(hidden[0], hidden[1], sizeof hidden[0]);
		assert_true(
			kernels[0]->log_sum(matrix, ROWS * 4 * UNITS) == kernels[1]->log_sum(matrix, ROWS * 4 * UNITS));
		for (int k = 0; k < 2; k++) {
			kernels[k]->gates_back(
				back[k], hidden[k], round % 2 ? cell[0] : NULL, gates[k], back[k], UNITS);
			kernels[k]->exponentials(gates[k], 4 * UNITS, 1.5F);
		}
		assert_memory_equal(gates[0], gates[1], sizeof gates[0]);
		assert_memory_equal(back[0], back[1], sizeof back[0]);
	}
}

static void kernel__exp__is_close_to_the_true_one(void **state)
{
	(void)state;
	for (double x = -80; x < 80; x += 0.0137)
		assert_true(fabs((double)kernel_exp((float)x) / exp((double)(float)x) - 1) < 3e-7);
	assert_true(kernel_exp(-1e30F) > 0 && isfinite(kernel_exp(1e30F)));
}

/* The engine, step by step, says the same loss as the pass for training. */
static void check_engine(uint32_t layers, bool portable)
{
	struct lstm lstm;
	make(&lstm, layers, 5);
	struct lstm_engine *engine = lstm_engine_create(&lstm, portable);
	float *state = calloc(lstm_engine_state_size(engine), sizeof *state);
	double sum = 0, loss;
	lstm_engine_step(engine, state, LSTM_BOUNDARY);
	for (size_t i = 0; i <= 6; i++) {
		uint32_t event = i < 6 ? first[i] : LSTM_BOUNDARY;
		sum += (double)lstm_engine_surprise(engine, state, event);
		lstm_engine_step(engine, state, event);
	}
	assert_int_equal(lstm_loss(&lstm, examples, 1, portable, &loss, NULL), 0);
	assert_float_equal(sum / 7, loss, 1e-5);
	free(state);
	lstm_engine_destroy(engine);
	lstm_release(&lstm);
}

static void lstm__engine__says_what_training_saw(void **state)
{
	(void)state;
	for (uint32_t layers = 1; layers <= 2; layers++) {
		check_engine(layers, false);
		check_engine(layers, true);
	}
}

#define GRAMMAR 60

/* 1 2 3 4, with 2 and 3 sometimes changed about. */
static void write_grammar(uint32_t events[GRAMMAR][4], struct lstm_sequence sequences[GRAMMAR])
{
	for (uint32_t i = 0; i < GRAMMAR; i++) {
		uint32_t swap = i % 3 == 0;
		memcpy(events[i], (uint32_t[]){ 1, 2 + swap, 3 - swap, 4 }, sizeof events[i]);
		sequences[i] = (struct lstm_sequence){ events[i], 4, true, true };
	}
}

static void train(struct lstm *lstm, uint64_t seed, struct lstm_trained *trained, bool portable)
{
	uint32_t events[GRAMMAR][4];
	struct lstm_sequence sequences[GRAMMAR];
	bool held[GRAMMAR];
	size_t held_count = 0;
	struct lstm_training training = { .dropout = 0.1,
		.validation = 0.2,
		.epochs = 200,
		.patience = 200,
		.learning_rate = 0.02,
		.seed = seed,
		.portable = portable };
	write_grammar(events, sequences);
	make(lstm, 1, seed);
	assert_int_equal(lstm_train(lstm, sequences, GRAMMAR, &training, held, trained), 0);
	for (size_t i = 0; i < GRAMMAR; i++)
		held_count += held[i];
	assert_int_equal(held_count, GRAMMAR / 5);
	assert_int_equal(trained->distinct, 2);
}

static void lstm__learns__which_event_follows_which(void **state)
{
	(void)state;
	struct lstm lstm;
	struct lstm_trained trained;
	train(&lstm, 1, &trained, false);
	assert_true(trained.held_out < 0.25);
	struct lstm_engine *engine = lstm_engine_create(&lstm, false);
	float *memory = calloc(lstm_engine_state_size(engine), sizeof *memory);
	lstm_engine_step(engine, memory, LSTM_BOUNDARY);
	lstm_engine_step(engine, memory, 1);
	assert_true(lstm_engine_surprise(engine, memory, 2) < 1.5F);
	assert_true(lstm_engine_surprise(engine, memory, 4) > 3.0F);
	lstm_engine_step(engine, memory, 2);
	assert_true(lstm_engine_surprise(engine, memory, 3) < 0.2F);
	assert_true(lstm_engine_surprise(engine, memory, LSTM_BOUNDARY) > 3.0F);
	free(memory);
	lstm_engine_destroy(engine);
	lstm_release(&lstm);
}

static void lstm__learns_the_same__from_the_same_seed(void **state)
{
	(void)state;
	struct lstm one, same, other;
	struct lstm_trained trained;
	for (int portable = 0; portable < 2; portable++) {
		train(&one, 7, &trained, portable == 1);
		train(&same, 7, &trained, portable == 1);
		train(&other, 8, &trained, portable == 1);
		assert_int_equal(one.parameter_count, same.parameter_count);
		assert_memory_equal(one.parameters, same.parameters, one.parameter_count * sizeof(float));
		assert_true(memcmp(one.parameters, other.parameters, one.parameter_count * sizeof(float)) != 0);
		lstm_release(&one);
		lstm_release(&same);
		lstm_release(&other);
	}
}

static void lstm__stops_early__when_the_held_out_part_gets_no_better(void **state)
{
	(void)state;
	uint32_t events[40][8];
	struct lstm_sequence sequences[40];
	struct random random = { 9 };
	struct lstm lstm;
	struct lstm_trained trained;
	struct lstm_training training = { .validation = 0.3, .epochs = 500, .patience = 2, .learning_rate = 0.05 };
	for (uint32_t i = 0; i < 40; i++) {
		for (uint32_t j = 0; j < 8; j++)
			events[i][j] = 1 + random_below(&random, 4);
		sequences[i] = (struct lstm_sequence){ events[i], 8, true, true };
	}
	make(&lstm, 1, 2);
	assert_int_equal(lstm_train(&lstm, sequences, 40, &training, NULL, &trained), 0);
	assert_true(trained.epochs < 100);
	assert_true(trained.held_out >= 1);
	lstm_release(&lstm);
}

static void lstm__refuses__what_does_not_fit(void **state)
{
	(void)state;
	static const struct lstm_shape shapes[] = { { 1, 3, 8, 1 }, { 5, 0, 8, 1 }, { 5, 3, 7, 1 }, { 5, 3, 8, 3 },
		{ 5, 3, 8, 0 }, { UINT32_MAX, 3, 8, 1 }, { 5, 3, UINT32_MAX - 7, 1 } };
	struct lstm lstm;
	struct lstm_trained trained;
	uint32_t stranger = 5;
	struct lstm_sequence sequence = { &stranger, 1, true, true };
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		assert_int_equal(lstm_init(&lstm, &shapes[i], 1), ERROR_INPUT);
	make(&lstm, 1, 1);
	assert_int_equal(lstm_train(&lstm, &sequence, 1, &(struct lstm_training){ 0 }, NULL, &trained), ERROR_INPUT);
	assert_int_equal(lstm_train(&lstm, &sequence, 0, &(struct lstm_training){ 0 }, NULL, &trained), ERROR_INPUT);
	lstm_release(&lstm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lstm__gradient__is_that_of_the_loss),
		cmocka_unit_test(kernel__avx2__equals_portable_bit_for_bit),
		cmocka_unit_test(kernel__exp__is_close_to_the_true_one),
		cmocka_unit_test(lstm__engine__says_what_training_saw),
		cmocka_unit_test(lstm__learns__which_event_follows_which),
		cmocka_unit_test(lstm__learns_the_same__from_the_same_seed),
		cmocka_unit_test(lstm__stops_early__when_the_held_out_part_gets_no_better),
		cmocka_unit_test(lstm__refuses__what_does_not_fit),
	};
	return cmocka_run_group_tests_name("lstm", tests, NULL, NULL);
}
