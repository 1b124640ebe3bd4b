/*
 * A log small enough to be asked about by every input: two sources, four services, every level, a line without a time,
 * hostile bytes.
 */
#ifndef TOCSIN_TESTS_FUZZ_SMALL_LOG_H
#define TOCSIN_TESTS_FUZZ_SMALL_LOG_H

#include "fuzz/fuzz.h"
#include "tocsin/mine/signature.h"
#include "tocsin/store/query.h"

#define SMALL_LOG_START INT64_C(1747514400000000000) /* 2025-05-17T20:40:00Z */
#define SMALL_LOG_LINES (sizeof(small_log_lines) / sizeof(small_log_lines[0]))

struct small_log_line {
	int second; /* after the start; below 0: no time */
	enum level level;
	const char *service;
	const char *message;
};

static const struct small_log_line small_log_lines[] = {
	{ 0, LEVEL_INFO, "gateway", "GET /orders/81234 200 in 41 ms" },
	{ 1, LEVEL_DEBUG, "orders-db", "pool: 12 of 40 connections in use" },
	{ 2, LEVEL_INFO, "payment-service", "charged order=81234 amount=12.50" },
	{ 10, LEVEL_TRACE, "auth", "session cache: 4308 entries" },
	{ 61, LEVEL_WARN, "orders-db", "pool almost full: 39 of 40 connections in use" },
	{ 62, LEVEL_ERROR, "orders-db", "pool exhausted: no connection within 5000 ms" },
	{ 63, LEVEL_FATAL, "orders-db", "giving up: pool exhausted" },
	{ 64, LEVEL_FATAL, "orders-db", "giving up: pool exhausted" },
	{ 65, LEVEL_ERROR, "payment-service", "Timeout after 5000 ms calling orders-db" },
	{ 66, LEVEL_ERROR, "payment-service", "Timeout after 5000 ms calling orders-db" },
	{ 67, LEVEL_FATAL, "orders-db", "giving up: pool exhausted" },
	{ 68, LEVEL_FATAL, "orders-db", "giving up: pool exhausted" },
	{ 69, LEVEL_FATAL, "orders-db", "giving up: pool exhausted" },
	{ 70, LEVEL_ERROR, "gateway", "GET /orders/81299 503 in 5003 ms" },
	{ -1, LEVEL_UNKNOWN, "gateway",
		"\033]0;owned\a\xE2\x80\xAE caf\xC3\xA9 \x9B"
		"2J | \"closed\"" },
	{ 130, LEVEL_INFO, "gateway", "GET /orders/81300 200 in 44 ms" },
};

static inline int small_log_read(void *context, const struct record *record, struct store_text *text)
{
	(void)context;
	*text = (struct store_text){ .message = slice_of(small_log_lines[record->id].message) };
	text->raw = text->message;
	text->fields[0] = (struct store_field){ slice_of("zone"), slice_of(record->id % 2 == 0 ? "eu-1" : "us-2") };
	text->field_count = 1;
	return 0;
}

static const struct store_reader small_log_reader = { .read = small_log_read };

static inline struct store *small_log_create(void)
{
	struct store *store = store_create(NULL);
	uint16_t sources[2];

	REQUIRE(store != NULL);
	REQUIRE(store_add_source(store, slice_of("samples/shop.csv"), &sources[0]) == 0);
	REQUIRE(store_add_source(store, slice_of("/var/log/db.log"), &sources[1]) == 0);
	for (size_t i = 0; i < SMALL_LOG_LINES; i++) {
		const struct small_log_line *line = &small_log_lines[i];
		char signature[SIGNATURE_MAXIMUM];
		struct store_row row = {
			.time = line->second < 0 ? TIMESTAMP_NONE : SMALL_LOG_START + line->second * TIMESTAMP_SECOND,
			.level = line->level,
			.source = sources[i % 2],
			.line = i + 1,
			.service = slice_of(line->service),
		};

		row.signature = (struct slice){ signature, signature_make(slice_of(line->message), signature) };
		row.size = (uint32_t)slice_of(line->message).size;
		REQUIRE(store_append(store, &row) == 0);
	}
	store_publish(store);
	return store;
}

#endif
