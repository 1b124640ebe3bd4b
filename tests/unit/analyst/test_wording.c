#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "analyst/wording.h"

static void assert_words(const char *text, const char *expected)
{
	struct slice rest = slice_of(text), wanted = slice_of(expected), next;
	char word[WORD_BYTES];
	size_t size;

	while (wording_next(&rest, word, &size)) {
		assert_true(slice_next(&wanted, ' ', &next));
		assert_true(slice_equal(next, (struct slice){ word, size }));
	}
	assert_false(slice_next(&wanted, ' ', &next));
}

static void names_of_code__fall_apart_into_words(void **state)
{
	(void)state;
	assert_words("TSOClient.casRetry", "tso cas retr");
	assert_words("cas_retry CAS-retries", "cas retr cas retr");
	assert_words("pool exhausted: active=50", "pool exhaust active");
}

static void what_every_text_has__is_left_out(void **state)
{
	(void)state;
	assert_words("return nil if err != nil", "");
	assert_words("", "");
	assert_words("a 1 ... \xff", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_code__fall_apart_into_words),
		cmocka_unit_test(what_every_text_has__is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
