#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ingest/format_table.h"
#include "ingest/framing.h"

/* Frames written one behind the other as "offset:line:text|". */
struct seen {
	struct buffer text;
	size_t count;
	bool truncated;
	size_t last_size;
};

static void on_frame(void *context, const struct frame *frame)
{
	struct seen *seen = context;

	seen->count++;
	seen->truncated = frame->truncated;
	seen->last_size = frame->raw.size;
	buffer_append_format(&seen->text, "%d:%d:", (int)frame->offset, (int)frame->line);
	buffer_append_slice(&seen->text, slice_first(frame->raw, 200));
	buffer_append_byte(&seen->text, '|');
}

static void run(struct seen *seen, bool is_csv, struct slice bytes, size_t piece)
{
	struct framer framer;

	*seen = (struct seen){ 0 };
	buffer_init(&seen->text, 1 << 20);
	framer_init(&framer, is_csv, 0, 1, on_frame, seen);
	while (bytes.size > 0) {
		assert_int_equal(framer_feed(&framer, slice_first(bytes, piece)), 0);
		bytes = slice_from(bytes, piece);
	}
	assert_int_equal(framer_finish(&framer), 0);
	assert_false(framer_is_pending(&framer));
	framer_release(&framer);
}

static void framing__gives_the_same__however_it_is_cut(void **state)
{
	static const char lines[] = "one\ntwo\r\n\nfour\xff\0five\n\rsix\r\n last";
	static const char rows[] = "a,b\r\n\"two\nlines\",c\n\nd,e\n\"open,f\ng,h";
	static const struct {
		bool is_csv;
		struct slice bytes;
		const char *expected; /* NULs shown as they are compared, with a size */
		size_t expected_size;
	} cases[] = {
		{ false, { lines, sizeof(lines) - 1 },
			"0:1:one|4:2:two|9:3:|10:4:four\xff\0five|21:5:\rsix|27:6: last|",
			sizeof("0:1:one|4:2:two|9:3:|10:4:four\xff\0five|21:5:\rsix|27:6: last|") - 1 },
		{ true, { rows, sizeof(rows) - 1 }, "0:1:a,b|5:2:\"two\nlines\",c|20:5:d,e|24:6:\"open,f|32:7:g,h|",
			sizeof("0:1:a,b|5:2:\"two\nlines\",c|20:5:d,e|24:6:\"open,f|32:7:g,h|") - 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t piece = 1; piece <= cases[i].bytes.size; piece++) {
			struct seen seen;

			run(&seen, cases[i].is_csv, cases[i].bytes, piece);
			assert_int_equal(seen.text.size, cases[i].expected_size);
			assert_memory_equal(seen.text.data, cases[i].expected, cases[i].expected_size);
			buffer_release(&seen.text);
		}
	}
}

/* What is indented goes on, as does an empty line behind it. */
static bool joins(void *context, struct slice first, struct slice previous, struct slice line)
{
	(void)context;
	assert_true(first.size > 0 && first.data <= previous.data);
	return line.size > 0 ? line.data[0] == ' ' : previous.size > 0 && previous.data[0] == ' ';
}

static void framing__joins_lines__however_they_are_cut(void **state)
{
	static const char text[] = "one\n a\r\n b\n\n c\ntwo\n\nthree\r\n d\r\n\r\nfour\n e";
	static const char expected[] = "0:1:one\n a\r\n b\n\n c|15:6:two|19:7:|20:8:three\r\n d|33:11:four\n e|";

	(void)state;
	for (size_t piece = 1; piece < sizeof(text); piece++) {
		struct slice bytes = slice_of(text);
		struct framer framer;
		struct seen seen = { 0 };

		buffer_init(&seen.text, 1 << 20);
		framer_init(&framer, false, 0, 1, on_frame, &seen);
		framer_set_joins(&framer, joins);
		while (bytes.size > 0) {
			assert_int_equal(framer_feed(&framer, slice_first(bytes, piece)), 0);
			bytes = slice_from(bytes, piece);
		}
		assert_int_equal(framer_finish(&framer), 0);
		assert_string_equal(buffer_string(&seen.text), expected);
		assert_int_equal(framer_held_lines(&framer), 0);
		framer_release(&framer);
		buffer_release(&seen.text);
	}
}

static void framing__holds_back__what_may_go_on(void **state)
{
	struct framer framer;
	struct seen seen = { 0 };

	(void)state;
	buffer_init(&seen.text, 1 << 20);
	framer_init(&framer, false, 0, 1, on_frame, &seen);
	framer_set_joins(&framer, joins);
	framer_feed(&framer, slice_of("one\n"));
	assert_int_equal(framer_held_lines(&framer), 1);
	assert_false(framer_is_pending(&framer));
	framer_feed(&framer, slice_of(" a"));
	framer_release_held(&framer); /* the unfinished line may belong to it */
	assert_int_equal(seen.count, 0);
	framer_feed(&framer, slice_of("\n"));
	assert_int_equal(framer_held_lines(&framer), 2);
	framer_release_held(&framer);
	assert_int_equal(framer_held_lines(&framer), 0);
	framer_feed(&framer, slice_of(" late\n"));
	framer_finish(&framer);
	assert_string_equal(buffer_string(&seen.text), "0:1:one\n a|7:3: late|");
	framer_release(&framer);
	buffer_release(&seen.text);
}

static void framing__begins_a_new_record__when_one_has_grown_too_long(void **state)
{
	struct framer framer;
	struct seen seen = { 0 };

	(void)state;
	buffer_init(&seen.text, 1 << 20);
	framer_init(&framer, false, 0, 1, on_frame, &seen);
	framer_set_joins(&framer, joins);
	framer_feed(&framer, slice_of("one\n"));
	for (size_t i = 0; i < 2 * RECORD_MAXIMUM_LINES; i++)
		framer_feed(&framer, slice_of(" x\n"));
	framer_finish(&framer);
	assert_int_equal(seen.count, 3);
	framer_release(&framer);
	buffer_release(&seen.text);
}

static void framing__keeps_the_head__of_an_overlong_line(void **state)
{
	size_t size = 2 * RECORD_MAXIMUM + 77;
	char *bytes = malloc(size);
	struct seen seen;

	(void)state;
	assert_non_null(bytes);
	for (int is_csv = 0; is_csv <= 1; is_csv++) {
		memset(bytes, 'x', size);
		memcpy(bytes + size - 6, "\nnext\n", 6);
		run(&seen, is_csv, (struct slice){ bytes, size }, 65536);
		assert_int_equal(seen.count, 2);
		assert_int_equal(seen.last_size, 4);
		buffer_release(&seen.text);

		run(&seen, is_csv, (struct slice){ bytes, size - 6 }, 65536);
		assert_int_equal(seen.count, 1);
		assert_true(seen.truncated);
		assert_int_equal(seen.last_size, RECORD_MAXIMUM);
		buffer_release(&seen.text);
	}
	free(bytes);
}

static void framing__goes_on__after_a_finish(void **state)
{
	struct framer framer;
	struct seen seen = { 0 };

	(void)state;
	for (int is_csv = 0; is_csv <= 1; is_csv++) {
		buffer_init(&seen.text, 1000);
		framer_init(&framer, is_csv, 100, 7, on_frame, &seen);
		framer_feed(&framer, slice_of("one\ntw"));
		assert_true(framer_is_pending(&framer));
		framer_finish(&framer);
		assert_false(framer_is_pending(&framer));
		framer_feed(&framer, slice_of("o\nthree\n"));
		assert_string_equal(buffer_string(&seen.text), "100:7:one|104:8:tw|106:8:o|108:9:three|");
		framer_release(&framer);
		buffer_release(&seen.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(framing__gives_the_same__however_it_is_cut),
		cmocka_unit_test(framing__joins_lines__however_they_are_cut),
		cmocka_unit_test(framing__holds_back__what_may_go_on),
		cmocka_unit_test(framing__begins_a_new_record__when_one_has_grown_too_long),
		cmocka_unit_test(framing__keeps_the_head__of_an_overlong_line),
		cmocka_unit_test(framing__goes_on__after_a_finish),
	};

	return cmocka_run_group_tests_name("ingest/framing", tests, NULL, NULL);
}
