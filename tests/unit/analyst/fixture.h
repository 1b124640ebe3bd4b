/*
 * A log made by hand: lines with a time, a service, a level and a message, whose text is read back from memory. A test
 * may change or lose a text behind the store's back, as files do.
 */
#ifndef TEST_ANALYST_FIXTURE_H
#define TEST_ANALYST_FIXTURE_H

#include "tocsin/analyst/analysis.h"
#include "tocsin/mine/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE_LINES 20000
#define FIXTURE_START INT64_C(1747514340000000000) /* 2025-05-17T20:39:00Z */

struct fixture_line {
	char message[400];
	bool gone;
};

struct fixture {
	struct store *store;
	struct store_reader reader;
	struct fixture_line *lines;
	size_t count;
	uint16_t source;
	struct store_field field; /* every record has it, when named */
};

static int fixture_read(void *context, const struct record *record, struct store_text *text)
{
	struct fixture *fixture = context;
	struct fixture_line *line = &fixture->lines[record->offset];

	*text = (struct store_text){ 0 };
	text->raw = slice_of(line->message);
	text->message = text->raw;
	text->gone = line->gone;
	if (fixture->field.name.size) {
		text->fields[0] = fixture->field;
		text->field_count = 1;
	}
	return 0;
}

static inline void fixture_init(struct fixture *fixture)
{
	*fixture = (struct fixture){ .store = store_create(NULL),
		.lines = calloc(FIXTURE_LINES, sizeof(struct fixture_line)) };
	fixture->reader = (struct store_reader){ .context = fixture, .read = fixture_read };
	if (!fixture->store || !fixture->lines ||
		store_add_source(fixture->store, slice_of("made.csv"), &fixture->source))
		abort();
}

static inline void fixture_release(struct fixture *fixture)
{
	store_destroy(fixture->store);
	free(fixture->lines);
}

/* `seconds` after 20:39:00. */
static inline void fixture_add(
	struct fixture *fixture, double seconds, const char *service, enum level level, const char *message)
{
	char signature[SIGNATURE_MAXIMUM];
	struct fixture_line *line = &fixture->lines[fixture->count];
	struct store_row row = {
		.time = FIXTURE_START + (int64_t)(seconds * 1000) * 1000000,
		.level = level,
		.source = fixture->source,
		.offset = fixture->count,
		.line = fixture->count + 2,
		.service = slice_of(service),
	};

	slice_copy(slice_of(message), line->message, sizeof(line->message));
	row.size = (uint32_t)strlen(line->message);
	row.signature = (struct slice){ signature, signature_make(slice_of(line->message), signature) };
	if (fixture->count + 1 >= FIXTURE_LINES || store_append(fixture->store, &row))
		abort();
	fixture->count++;
}

/* A quiet log of three services, one record a second each, from `from` to `to` seconds. */
static inline void fixture_quiet(struct fixture *fixture, int from, int to)
{
	for (int second = from; second < to; second++) {
		char message[80];

		snprintf(message, sizeof(message), "request %d done in %d ms", second, 10 + second % 7);
		fixture_add(fixture, second, "gateway", LEVEL_INFO, message);
		fixture_add(fixture, second + 0.2, "payment-service", LEVEL_INFO, message);
		fixture_add(fixture, second + 0.4, "orders-db", LEVEL_INFO, message);
	}
}

/* Ten minutes of quiet, then orders-db, payment-service and gateway fail in this order while a mailer complains all
 * along. */
static inline void fixture_incident(struct fixture *fixture)
{
	fixture_quiet(fixture, 0, 300);
	for (int second = 300; second < 600; second++) {
		char message[120];

		snprintf(message, sizeof(message), "request %d done in %d ms", second, 10 + second % 7);
		fixture_add(fixture, second, "gateway", LEVEL_INFO, message);
		fixture_add(fixture, second + 0.1, "orders-db", LEVEL_ERROR, "pool exhausted: active=50 max=50");
		if (second % 30 == 0)
			fixture_add(fixture, second + 0.15, "orders-db", LEVEL_FATAL,
				"cannot obtain connection, giving up");
		if (second >= 310)
			fixture_add(fixture, second + 0.2, "payment-service", LEVEL_ERROR,
				"capture failed: orders-db timeout after 5000 ms");
		if (second >= 320) {
			fixture_add(
				fixture, second + 0.3, "gateway", LEVEL_ERROR, "POST /checkout 502 upstream=payment");
			fixture_add(
				fixture, second + 0.4, "gateway", LEVEL_ERROR, "POST /checkout 502 upstream=payment");
		}
	}
	store_publish(fixture->store);
}

static inline struct analysis_input fixture_input(const struct fixture *fixture)
{
	return (struct analysis_input){
		.store = fixture->store, .reader = &fixture->reader, .horizon = horizon_all(fixture->store)
	};
}

static inline struct analysis *fixture_analyze(const struct analysis_input *input)
{
	struct analysis *analysis = analysis_create(input);

	while (analysis && analysis_step(analysis))
		;
	return analysis;
}

#endif
