/*
 * B11: the network alone, over random events: what a line costs to score, what an epoch over 100,000 windows of ten
 * events costs to train. CPU time; the best of several runs for scoring.
 *
 *   learn [BATCH [EMBEDDING [WINDOWS]]]    256, 64 and 100,000 if not told (the prototype's); 32 and 128 are the
 * defaults
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tocsin/learn/lstm.h"

#define EVENTS 500
#define UNITS 64
#define WINDOW 10
#define LINES 100000
#define ROUNDS 5

static uint64_t seed = 7;

static uint32_t next_random(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) * below >> 31);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double score(const struct lstm *lstm, bool portable)
{
	struct lstm_engine *engine = lstm_engine_create(lstm, portable);
	float *state = engine == NULL ? NULL : calloc(lstm_engine_state_size(engine), sizeof(*state));
	double best = 1e9, sum = 0;

	for (int round = 0; state != NULL && round < ROUNDS; round++) {
		double begun = now();

		for (int i = 0; i < LINES; i++) {
			uint32_t event = 1 + next_random(EVENTS - 1);

			sum += (double)lstm_engine_surprise(engine, state, event);
			lstm_engine_step(engine, state, event);
		}
		best = now() - begun < best ? now() - begun : best;
	}
	free(state);
	lstm_engine_destroy(engine);
	return sum > 0 ? best / LINES * 1e6 : 0;
}

static double train(struct lstm *lstm, uint32_t batch, uint32_t windows)
{
	uint32_t(*events)[WINDOW] = calloc(windows, sizeof(*events));
	struct lstm_sequence *sequences = calloc(windows, sizeof(*sequences));
	struct lstm_training training = { .batch = batch, .epochs = 1, .dropout = 0.2, .seed = 1 };
	struct lstm_trained trained;
	double begun, took = 0;

	for (uint32_t i = 0; events != NULL && sequences != NULL && i < windows; i++) {
		for (uint32_t j = 0; j < WINDOW; j++)
			events[i][j] = 1 + next_random(EVENTS - 1);
		sequences[i] = (struct lstm_sequence){ events[i], WINDOW, true, false };
	}
	begun = now();
	if (lstm_train(lstm, sequences, windows, &training, NULL, &trained) == 0)
		took = now() - begun;
	free(events);
	free(sequences);
	return took;
}

int main(int argc, char **argv)
{
	uint32_t batch = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 256;
	uint32_t embedding = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 64;
	uint32_t windows = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 100000;
	struct lstm_shape shape = { .events = EVENTS, .embedding = embedding, .units = UNITS, .layers = 1 };
	struct lstm lstm;

	if (lstm_init(&lstm, &shape, 1) != 0)
		return 1;
	printf("score a line: %.2f us, portable %.2f us\n", score(&lstm, false), score(&lstm, true));
	printf("train %u windows of %d, each step predicted, batch %u, embedding %u: %.2f s an epoch\n", windows,
		WINDOW, batch, embedding, train(&lstm, batch, windows));
	lstm_release(&lstm);
	return 0;
}
