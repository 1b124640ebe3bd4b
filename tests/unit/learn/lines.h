/*
 * A log made of lines that a test says, in memory, with a reader that gives their texts back.
 */
#ifndef TOCSIN_TESTS_UNIT_LEARN_LINES_H
#define TOCSIN_TESTS_UNIT_LEARN_LINES_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/mine/signature.h"
#include "tocsin/store/query.h"

#define LINES_BEGIN INT64_C(1747514340000000000)

struct lines {
	struct store *store;
	struct store_reader reader;
	char *texts; /* one line after the other, terminated; a record's offset is where its begins */
	size_t size, capacity;
	double now; /* seconds */
};

static inline int lines_read(void *context, const struct record *record, struct store_text *text)
{
	const struct lines *lines = context;
	text->raw = text->message = (struct slice){ lines->texts + record->offset, record->size };
	text->field_count = 0;
	text->gone = false;
	return 0;
}

static inline void lines_init(struct lines *lines)
{
	uint16_t source;
	*lines = (struct lines){ .store = store_create(NULL) };
	lines->reader = (struct store_reader){ .context = lines, .read = lines_read };
	assert_non_null(lines->store);
	assert_int_equal(store_add_source(lines->store, slice_of("made-up.log"), &source), 0);
}

static inline void lines_release(struct lines *lines)
{
	store_destroy(lines->store);
	free(lines->texts);
}

/* One second after the line before. */
static inline void __attribute__((format(printf, 4, 5)))
lines_say(struct lines *lines, const char *service, enum level level, const char *format, ...)
{
	char text[512], signature[SIGNATURE_MAXIMUM];
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	assert_true(size >= 0 && (size_t)size < sizeof text);
	if (lines->size + (size_t)size + 1 > lines->capacity) {
		lines->capacity = lines->capacity * 2 + 65536;
		lines->texts = realloc(lines->texts, lines->capacity);
		assert_non_null(lines->texts);
	}
	memcpy(lines->texts + lines->size, text, (size_t)size + 1);
	struct store_row row = {
		.time = LINES_BEGIN + (int64_t)(lines->now * 1e9),
		.level = level,
		.size = (uint32_t)size,
		.offset = lines->size,
		.line = store_count(lines->store) + 1,
		.service = slice_of(service),
		.signature = { signature, signature_make((struct slice){ text, (size_t)size }, signature) },
	};
	lines->size += (size_t)size + 1;
	lines->now += 1;
	assert_int_equal(store_append(lines->store, &row), 0);
}

static inline struct horizon lines_publish(struct lines *lines)
{
	store_publish(lines->store);
	return horizon_all(lines->store);
}

#endif
