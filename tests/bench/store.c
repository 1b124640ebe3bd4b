/*
 * The store alone, over records made up here: what a record costs in memory and in time, and how fast questions about
 * all of them are answered. Times are the best of several runs.
 *
 *   store [RECORDS]    10,000,000 if not told
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tocsin/store/selection.h"

#define RECORDS UINT64_C(10000000)
#define SERVICES 8
#define TEMPLATES 150
#define BATCH 1000
#define ROUNDS 5
#define RANDOM_READS 200000
#define BEGIN INT64_C(1746057600000000000)

static const enum level levels[] = { LEVEL_DEBUG, LEVEL_DEBUG, LEVEL_INFO, LEVEL_INFO, LEVEL_INFO, LEVEL_INFO,
	LEVEL_WARN, LEVEL_ERROR };

static uint64_t seed = 7;

static uint32_t next_random(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) * below >> 31);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static size_t heap(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* --- making it ------------------------------------------------------------------------------------------------- */

static char names[SERVICES][32];
static char signatures[TEMPLATES][64];

/* Few templates make most of the records; each is of one or two services and of one level. */
static void make_row(struct store_row *row)
{
	uint32_t rank = next_random(TEMPLATES), template = rank * next_random(TEMPLATES) / TEMPLATES;

	row->level = levels[template % 8];
	row->service = slice_of(names[(template * 5 + next_random(2)) % SERVICES]);
	row->signature = slice_of(signatures[template]);
	row->time += (10 + next_random(891)) * INT64_C(1000);
	row->offset += row->size + UINT64_C(1);
	row->line++;
	row->size = 70 + template % 30 + next_random(30);
}

static struct store *make(uint64_t records)
{
	struct store *store = store_create(NULL);
	struct store_row row = { .time = BEGIN };
	double begin, spent;
	size_t before = heap();

	if (!store || store_add_source(store, slice_of("made.csv"), &row.source) != 0)
		return NULL;
	for (int i = 0; i < SERVICES; i++)
		snprintf(names[i], sizeof(names[i]), "service-%d", i);
	for (int i = 0; i < TEMPLATES; i++)
		snprintf(signatures[i], sizeof(signatures[i]), "request <*> of kind %d took <*> ms", i);
	begin = now();
	for (uint64_t i = 0; i < records; i++) {
		make_row(&row);
		if (store_append(store, &row) != 0)
			return NULL;
		if (i % BATCH == 0)
			store_publish(store);
	}
	store_publish(store);
	spent = now() - begin;
	printf("append ns/record      %8.1f\n", spent * 1e6 / (double)records);
	printf("heap B/record         %8.2f\n", (double)(heap() - before) / (double)records);
	return store;
}

/* --- asking ---------------------------------------------------------------------------------------------------- */

/* Keeps an answer from being optimised away. */
static volatile uint64_t kept;

struct task {
	const struct store *store;
	struct horizon horizon;
	struct window window;
	struct level_counts *buckets;
	const char *filter;
};

static void count_window(const struct task *task)
{
	struct level_counts counts = query_count(task->store, task->horizon, task->window, 3, QUERY_ALL);

	kept += level_counts_total(&counts);
}

static void count_services(const struct task *task)
{
	query_service_histograms(task->store, task->horizon, task->window, 1, SERVICES, task->buckets);
}

static void count_buckets(const struct task *task)
{
	query_histogram(task->store, task->horizon, task->window, QUERY_ALL, 200, task->buckets);
}

static void count_templates(const struct task *task)
{
	uint64_t counts[TEMPLATES] = { 0 }, firsts[TEMPLATES];

	query_template_counts(
		task->store, task->horizon, task->window, QUERY_ALL, LEVEL_TRACE, TEMPLATES, counts, firsts);
	kept += counts[0];
}

static void find_time(const struct task *task)
{
	kept += query_find_time(task->store, task->horizon, task->window.from);
}

static void read_all(const struct task *task)
{
	struct record record;

	for (uint64_t id = 0; id < task->horizon.records; id++) {
		store_record(task->store, id, &record);
		kept += record.offset;
	}
}

static void read_some(const struct task *task)
{
	struct record record;

	for (int i = 0; i < RANDOM_READS; i++) {
		store_record(task->store, next_random((uint32_t)task->horizon.records), &record);
		kept += record.offset;
	}
}

static void filter(const struct task *task)
{
	struct filter_scope scope = { .store = task->store, .now = task->horizon.time };
	struct filter *parsed = filter_parse(slice_of(task->filter), &scope, NULL, NULL);
	struct selection selection;

	if (!parsed || selection_init(&selection, parsed) != 0)
		abort();
	selection_advance(&selection, task->store, NULL, task->horizon, UINT64_MAX);
	kept += selection_count(&selection);
	selection_release(&selection);
	filter_destroy(parsed);
}

static double best(void (*run)(const struct task *task), const struct task *task)
{
	double least = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double begin = now(), spent;

		run(task);
		spent = now() - begin;
		least = spent < least ? spent : least;
	}
	return least;
}

static void ask(struct task *task)
{
	static const char *const filters[] = { "service:service-3", "level>=error", "level=info", "template:12",
		"service:service-3 level>=warn | template:20..90", "since:10m", "-service:service-1 since:30m" };
	uint64_t records = task->horizon.records;

	printf("count, a service   ms %8.3f\n", best(count_window, task));
	printf("count, by service  ms %8.3f\n", best(count_services, task));
	printf("count, 200 buckets ms %8.3f\n", best(count_buckets, task));
	printf("count, by template ms %8.3f\n", best(count_templates, task));
	printf("find a time        ms %8.3f\n", best(find_time, task));
	printf("read all    ns/record %8.1f\n", best(read_all, task) * 1e6 / (double)records);
	printf("read any    ns/record %8.1f\n", best(read_some, task) * 1e6 / RANDOM_READS);
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		task->filter = filters[i];
		printf("filter             ms %8.3f  %s\n", best(filter, task), filters[i]);
	}
}

int main(int argc, char **argv)
{
	uint64_t records = argc > 1 ? strtoull(argv[1], NULL, 10) : RECORDS;
	struct store *store = records > 0 ? make(records) : NULL;
	struct task task = { .store = store, .buckets = calloc(200 * SERVICES, sizeof(*task.buckets)) };

	if (!store || !task.buckets) {
		fputs("store: out of memory, or no records\n", stderr);
		return 1;
	}
	task.horizon = horizon_all(store);
	task.window.from = BEGIN + (task.horizon.time - BEGIN) / 7;
	task.window.to = task.horizon.time - (task.horizon.time - BEGIN) / 9;
	ask(&task);
	free(task.buckets);
	store_destroy(store);
	return 0;
}
