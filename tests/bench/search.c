/*
 * Searching a log that is indexed, by itself: CPU ms, wall ms and matches of each filter, one a line, the best of
 * several runs; and, with --any N, the µs of reading back one line anywhere: the median of N.
 *
 *   search FILE FILTER...
 *   search --any N FILE
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tocsin/ingest/intake.h"
#include "tocsin/store/selection.h"

#define ROUNDS 3

struct bench {
	struct store *store;
	struct intake *intake;
	struct store_reader *reader;
};

static double now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int load(struct bench *bench, const char *path)
{
	struct error error = { 0 };
	struct batch *batch;

	bench->store = store_create(NULL);
	bench->intake = intake_create(bench->store, NULL);
	if (intake_open(bench->intake, slice_of(path), &error) != 0) {
		fprintf(stderr, "search: %s\n", error.text);
		return -1;
	}
	while ((batch = intake_read(bench->intake)) != NULL)
		if (intake_publish(bench->intake, batch) != 0)
			return -1;
	bench->reader = intake_reader_create(bench->intake);
	return bench->reader == NULL ? -1 : 0;
}

static int search(const struct bench *bench, const char *text)
{
	struct horizon all = horizon_all(bench->store);
	struct filter_scope scope = { .store = bench->store, .now = all.time };
	double cpu = 1e9, wall = 1e9;
	uint64_t count = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct error error = { 0 };
		struct filter *filter = filter_parse(slice_of(text), &scope, NULL, &error);
		double cpu_begun = now(CLOCK_PROCESS_CPUTIME_ID), begun = now(CLOCK_MONOTONIC), spent;
		struct selection selection;

		if (filter == NULL) {
			fprintf(stderr, "search: %s: %s\n", text, error.text);
			return -1;
		}
		selection_init(&selection, filter);
		selection_advance(&selection, bench->store, bench->reader, all, UINT64_MAX);
		count = selection_count(&selection);
		spent = now(CLOCK_PROCESS_CPUTIME_ID) - cpu_begun;
		cpu = spent < cpu ? spent : cpu;
		spent = now(CLOCK_MONOTONIC) - begun;
		wall = spent < wall ? spent : wall;
		selection_release(&selection);
		filter_destroy(filter);
	}
	printf("%.1f %.1f %" PRIu64 " %s\n", cpu, wall, count, text);
	return 0;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static int read_any(const struct bench *bench, size_t count)
{
	double *times = calloc(count + 1, sizeof(*times));
	uint64_t seed = 7, records = store_count(bench->store);

	for (size_t i = 0; times != NULL && i < count; i++) {
		double begun = now(CLOCK_MONOTONIC);
		struct record record;
		struct store_text read;

		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		store_record(bench->store, (seed >> 20) % records, &record);
		if (bench->reader->read(bench->reader->context, &record, &read) != 0 || read.gone)
			return -1;
		times[i] = now(CLOCK_MONOTONIC) - begun;
	}
	if (times == NULL)
		return -1;
	qsort(times, count, sizeof(*times), by_value);
	printf("%.2f %.2f\n", times[count / 2] * 1e3, times[count * 99 / 100] * 1e3);
	free(times);
	return 0;
}

int main(int argc, char **argv)
{
	bool any = argc == 4 && strcmp(argv[1], "--any") == 0;
	struct bench bench = { 0 };
	int result;

	if (argc < 3) {
		fputs("usage: search FILE FILTER... | search --any N FILE\n", stderr);
		return 2;
	}
	result = load(&bench, argv[any ? 3 : 1]);
	if (result == 0 && any)
		result = read_any(&bench, strtoul(argv[2], NULL, 10));
	for (int i = 2; result == 0 && !any && i < argc; i++)
		result = search(&bench, argv[i]);
	intake_reader_destroy(bench.reader);
	intake_destroy(bench.intake);
	store_destroy(bench.store);
	return result != 0;
}
