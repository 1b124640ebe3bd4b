/*
 * The property that matters: any split of the bytes gives the same events. Every case is fed whole, byte by byte, and in
 * two parts at every place.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/base/error.h"
#include "tocsin/llm/sse.h"

static void keep_event(void *context, struct slice name, struct slice data)
{
	struct buffer *out = context;
	buffer_append_format(out, "[%.*s|%.*s]", (int)name.size, name.data == NULL ? "" : name.data, (int)data.size,
		data.data == NULL ? "" : data.data);
}

static void keep_line(void *context, struct slice line)
{
	struct buffer *out = context;
	buffer_append_format(out, "[%.*s]", (int)line.size, line.data == NULL ? "" : line.data);
}

/* Feeds pieces of `step` bytes after a first one of `first`. */
static void events_of(struct slice stream, size_t first, size_t step, struct buffer *out)
{
	struct sse sse;
	sse_init(&sse, 1 << 16, keep_event, out);
	while (stream.size > 0) {
		struct slice piece = slice_first(stream, first);
		assert_int_equal(sse_feed(&sse, piece), 0);
		stream = slice_from(stream, piece.size);
		first = step;
	}
	sse_finish(&sse);
	sse_release(&sse);
}

static void lines_of(struct slice stream, size_t first, size_t step, struct buffer *out)
{
	struct lines lines;
	lines_init(&lines, 1 << 16, false, keep_line, out);
	while (stream.size > 0) {
		struct slice piece = slice_first(stream, first);
		assert_int_equal(lines_feed(&lines, piece), 0);
		stream = slice_from(stream, piece.size);
		first = step;
	}
	lines_finish(&lines);
	lines_release(&lines);
}

static void require(void (*parse)(struct slice, size_t, size_t, struct buffer *), const char *stream, const char *wanted)
{
	struct slice bytes = slice_of(stream);
	struct buffer out;
	buffer_init(&out, 1 << 16);
	for (size_t first = 0; first <= bytes.size; first++) {
		buffer_clear(&out);
		parse(bytes, first == 0 ? 1 : first, first == 0 ? 1 : SIZE_MAX, &out);
		assert_string_equal(buffer_string(&out), wanted);
	}
	buffer_release(&out);
}

static void sse__gives_the_same_events__at_any_split(void **state)
{
	static const struct {
		const char *stream, *events;
	} cases[] = {
		{ "data: a\n\ndata: b\n\n", "[|a][|b]" },
		{ "data: a\r\n\r\ndata: b\r\rdata:c\n\n", "[|a][|b][|c]" },
		{ "event: ping\ndata: {}\n\n", "[ping|{}]" },
		{ ": keep-alive\n\n: PROCESSING\ndata: a\n: in between\ndata: b\n\n", "[|a\nb]" },
		{ "data:  two spaces\n\n", "[| two spaces]" },
		{ "data\n\n", "[|]" },
		{ "id: 7\nretry: 10\nnonsense\ndata: x\n\n", "[|x]" },
		{ "event: only a name\n\ndata: y\n\n", "[|y]" },
		{ "\xEF\xBB\xBF" "data: z\n\n", "[|z]" },
		{ "data: \xF0\x9F\x9A\xA8\n\n", "[|\xF0\x9F\x9A\xA8]" },
		{ "data: no blank line", "[|no blank line]" },
		{ "data: no blank line\n", "[|no blank line]" },
		{ "error: {\"message\":\"old\"}\n\n", "[error|{\"message\":\"old\"}]" },
		{ "data: {\"a\":1}          \n\n", "[|{\"a\":1}          ]" },
		{ "\n\n\n", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		require(events_of, cases[i].stream, cases[i].events);
}

static void lines__gives_the_same_lines__at_any_split(void **state)
{
	(void)state;
	require(lines_of, "{\"a\":1}\n{\"b\":2}\r\n{\"c\":3}", "[{\"a\":1}][{\"b\":2}][{\"c\":3}]");
	require(lines_of, "a\rb\n\n", "[a\rb][]");
}

static void sse__counts_comments(void **state)
{
	struct buffer out;
	struct sse sse;
	(void)state;
	buffer_init(&out, 1 << 16);
	sse_init(&sse, 1 << 16, keep_event, &out);
	sse_feed(&sse, slice_of(": one\n: two\n\n"));
	assert_int_equal(sse.comments, 2);
	sse_release(&sse);
	buffer_release(&out);
}

static void sse__refuses_what_is_longer_than_its_maximum(void **state)
{
	struct buffer out;
	struct sse sse;
	(void)state;
	buffer_init(&out, 1 << 16);
	sse_init(&sse, 16, keep_event, &out);
	assert_int_equal(sse_feed(&sse, slice_of("data: 0123456789abcdef\n\n")), ERROR_FULL);
	sse_release(&sse);
	sse_init(&sse, 16, keep_event, &out);
	assert_int_equal(sse_feed(&sse, slice_of("data: 012345678\ndata: 012345678\n\n")), ERROR_FULL);
	sse_release(&sse);
	buffer_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sse__gives_the_same_events__at_any_split),
		cmocka_unit_test(lines__gives_the_same_lines__at_any_split),
		cmocka_unit_test(sse__counts_comments),
		cmocka_unit_test(sse__refuses_what_is_longer_than_its_maximum),
	};
	return cmocka_run_group_tests_name("sse", tests, NULL, NULL);
}
