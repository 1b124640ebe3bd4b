/*
 * Logs made up for tests: records noted in any order, put into a store by time.
 */
#ifndef TEST_DETECT_SCENARIO_H
#define TEST_DETECT_SCENARIO_H

#include "tocsin/store/query.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#define SCENARIO_MAXIMUM 60000
/* 2025-05-17T20:00:00Z, where every scenario has its second 0. */
#define SCENARIO_ORIGIN (INT64_C(1747512000) * TIMESTAMP_SECOND)

struct scenario_line {
	int64_t time;
	size_t order;
	enum level level;
	const char *service;
	const char *text;
};

struct scenario {
	struct scenario_line *lines;
	size_t count;
	uint64_t random;
	struct store *store;
};

static inline int64_t at(double second)
{
	return SCENARIO_ORIGIN + (int64_t)(second * 1000) * 1000000;
}

static inline void scenario_init(struct scenario *scenario)
{
	*scenario = (struct scenario){.random = 88172645463325252U};
	scenario->lines = calloc(SCENARIO_MAXIMUM, sizeof(*scenario->lines));
	assert_non_null(scenario->lines);
}

static inline void scenario_release(struct scenario *scenario)
{
	store_destroy(scenario->store);
	free(scenario->lines);
}

/* 0 <= value < 1, the same sequence in every run. */
static inline double scenario_random(struct scenario *scenario)
{
	scenario->random ^= scenario->random << 13;
	scenario->random ^= scenario->random >> 7;
	scenario->random ^= scenario->random << 17;
	return (double)(scenario->random >> 11) / 9007199254740992.0;
}

static inline void say(
	struct scenario *scenario, double second, const char *service, enum level level, const char *text)
{
	assert_true(scenario->count < SCENARIO_MAXIMUM);
	scenario->lines[scenario->count] = (struct scenario_line){at(second), scenario->count, level, service, text};
	scenario->count++;
}

/* From one second until another, one every `period`, each moved by as much as `jitter` of the period. */
static inline void repeat(struct scenario *scenario, double from, double to, double period, double jitter,
	const char *service, enum level level, const char *text)
{
	for (double second = from; second < to; second += period) {
		double moved = second + period * jitter * scenario_random(scenario);
		if (moved < to)
			say(scenario, moved, service, level, text);
	}
}

static inline int scenario_compare(const void *a, const void *b)
{
	const struct scenario_line *first = a, *second = b;

	if (first->time != second->time)
		return first->time < second->time ? -1 : 1;
	return first->order < second->order ? -1 : 1;
}

static inline void store_say(struct store *store, int64_t time, const char *service, enum level level, const char *text)
{
	struct store_row row = {
		.time = time,
		.level = level,
		.size = 10,
		.service = slice_of(service),
		.signature = slice_of(text),
	};

	assert_int_equal(store_append(store, &row), 0);
}

static inline struct store *store_empty(void)
{
	struct store *store = store_create(NULL);
	uint16_t source;

	assert_non_null(store);
	assert_int_equal(store_add_source(store, slice_of("test.csv"), &source), 0);
	return store;
}

/* Everything said so far, in order of time. */
static inline const struct store *scenario_store(struct scenario *scenario)
{
	store_destroy(scenario->store);
	scenario->store = store_empty();
	qsort(scenario->lines, scenario->count, sizeof(*scenario->lines), scenario_compare);
	for (size_t i = 0; i < scenario->count; i++) {
		const struct scenario_line *line = &scenario->lines[i];
		store_say(scenario->store, line->time, line->service, line->level, line->text);
	}
	store_publish(scenario->store);
	return scenario->store;
}

static inline uint32_t service_code(const struct store *store, const char *name)
{
	uint32_t service = UINT32_MAX;

	assert_int_equal(store_service_find(store, slice_of(name), &service), 0);
	return service;
}

#endif
