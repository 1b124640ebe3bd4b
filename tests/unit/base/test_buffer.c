/*
 * A growing string of bytes with a maximum and a sticky failure.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tocsin/base/buffer.h"
#include "tocsin/base/error.h"

static void buffer__is_an_empty_string__when_nothing_was_appended(void **state)
{
	struct buffer buffer;
	char *detached;

	(void)state;
	buffer_init(&buffer, 10);
	assert_string_equal(buffer_string(&buffer), "");
	assert_int_equal(buffer_slice(&buffer).size, 0);
	buffer_truncate(&buffer, 0);
	buffer_clear(&buffer);
	detached = buffer_detach(&buffer);
	assert_string_equal(detached, "");
	free(detached);
	buffer_release(&buffer);
}

static void buffer__holds_all_pieces__when_they_fit(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 1000);
	assert_int_equal(buffer_append_string(&buffer, "ab"), 0);
	assert_int_equal(buffer_append_string(&buffer, NULL), 0);
	assert_int_equal(buffer_append_byte(&buffer, 'c'), 0);
	assert_int_equal(buffer_append_slice(&buffer, slice_of("de")), 0);
	assert_int_equal(buffer_append_repeat(&buffer, '-', 3), 0);
	assert_int_equal(buffer_append_format(&buffer, "%d%s", 42, "!"), 0);
	assert_int_equal(buffer_append(&buffer, "\0x", 2), 0);
	assert_int_equal(buffer.size, 13);
	assert_memory_equal(buffer_string(&buffer), "abcde---42!\0x", 14);
	buffer_truncate(&buffer, 99);
	assert_int_equal(buffer.size, 13);
	buffer_truncate(&buffer, 2);
	assert_string_equal(buffer_string(&buffer), "ab");
	buffer_release(&buffer);
	assert_string_equal(buffer_string(&buffer), "");
	assert_int_equal(buffer.maximum, 1000);
}

static void buffer__formats_whole_texts__when_longer_than_its_memory(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 10000);
	assert_int_equal(buffer_append_format(&buffer, "%0500d", 7), 0);
	assert_int_equal(buffer_append_format(&buffer, "%0700d", 8), 0);
	assert_int_equal(buffer.size, 1200);
	assert_int_equal(strlen(buffer_string(&buffer)), 1200);
	assert_int_equal(buffer.data[499], '7');
	assert_int_equal(buffer.data[1199], '8');
	buffer_release(&buffer);
}

static void buffer__refuses_everything_after__when_a_piece_did_not_fit(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 5);
	assert_int_equal(buffer_append_string(&buffer, "abcde"), 0);
	assert_int_equal(buffer_append_byte(&buffer, 'f'), ERROR_FULL);
	buffer_truncate(&buffer, 1);
	assert_int_equal(buffer_append_byte(&buffer, 'f'), ERROR_FULL);
	assert_int_equal(buffer_append_format(&buffer, "x"), ERROR_FULL);
	assert_int_equal(buffer_append_repeat(&buffer, 'x', 1), ERROR_FULL);
	assert_int_equal(buffer.failed, ERROR_FULL);
	assert_string_equal(buffer_string(&buffer), "a");
	buffer_clear(&buffer);
	assert_int_equal(buffer_append_format(&buffer, "%s", "123456"), ERROR_FULL);
	assert_string_equal(buffer_string(&buffer), "");
	buffer_clear(&buffer);
	assert_int_equal(buffer_append_format(&buffer, "%s", "12345"), 0);
	assert_string_equal(buffer_string(&buffer), "12345");
	buffer_release(&buffer);
}

static void buffer__gives_no_string_away__when_it_failed(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 3);
	buffer_append_string(&buffer, "abcd");
	assert_null(buffer_detach(&buffer));
	assert_int_equal(buffer.failed, 0);
	assert_int_equal(buffer_append_string(&buffer, "abc"), 0);
	buffer_release(&buffer);
}

static void buffer__starts_anew__when_its_string_was_detached(void **state)
{
	struct buffer buffer;
	char *detached;

	(void)state;
	buffer_init(&buffer, 100);
	buffer_append_string(&buffer, "first");
	detached = buffer_detach(&buffer);
	buffer_append_string(&buffer, "second");
	assert_string_equal(detached, "first");
	assert_string_equal(buffer_string(&buffer), "second");
	free(detached);
	buffer_release(&buffer);
}

static void buffer__reports_full__when_sizes_would_wrap(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, SIZE_MAX);
	assert_int_equal(buffer_append_byte(&buffer, 'a'), 0);
	assert_int_equal(buffer_append_repeat(&buffer, 'a', SIZE_MAX), ERROR_FULL);
	assert_string_equal(buffer_string(&buffer), "a");
	buffer_release(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffer__is_an_empty_string__when_nothing_was_appended),
		cmocka_unit_test(buffer__holds_all_pieces__when_they_fit),
		cmocka_unit_test(buffer__formats_whole_texts__when_longer_than_its_memory),
		cmocka_unit_test(buffer__refuses_everything_after__when_a_piece_did_not_fit),
		cmocka_unit_test(buffer__gives_no_string_away__when_it_failed),
		cmocka_unit_test(buffer__starts_anew__when_its_string_was_detached),
		cmocka_unit_test(buffer__reports_full__when_sizes_would_wrap),
	};

	return cmocka_run_group_tests_name("base/buffer", tests, NULL, NULL);
}
