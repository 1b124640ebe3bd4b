#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/find.h"

#define ROUNDS 20000
#define LONGEST 400

static uint64_t seed = 11;

static unsigned next_random(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((seed >> 33) % below);
}

static size_t find_slowly(struct slice bytes, struct slice text, size_t start)
{
	for (; start + text.size <= bytes.size; start++)
		if (slice_equal_nocase(slice_first(slice_from(bytes, start), text.size), text))
			return start;
	return SIZE_MAX;
}

/* Few different bytes, so that much is nearly right; neighbours of letters, so that folding is not too broad. */
static size_t make(char *out, size_t size)
{
	static const char letters[] = "abABzZ@[`{ \x80\xe1";

	for (size_t i = 0; i < size; i++)
		out[i] = letters[next_random(sizeof(letters) - 1)];
	return size;
}

/* The bytes end where their memory does, so that a sanitizer sees a read beyond. */
static void find__finds_the_same__on_every_path(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		size_t size = next_random(LONGEST), start;
		char *bytes = malloc(size + 1), text[8];
		struct slice all = { bytes, make(bytes, size) };
		struct slice wanted = { text, make(text, 1 + next_random(round % 2 ? 2 : 8)) };
		struct find find;

		bytes = realloc(bytes, size > 0 ? size : 1);
		all.data = bytes;
		start = next_random((unsigned)size + 2);
		find_init(&find, wanted);
		assert_int_equal(find_next(&find, all, start), find_slowly(all, wanted, start));
		assert_int_equal(find_next_portable(&find, all, start), find_slowly(all, wanted, start));
		free(bytes);
	}
}

static void find__finds_a_text__at_every_place(void **state)
{
	char bytes[LONGEST];
	struct find find;

	(void)state;
	find_init(&find, slice_of("Deadlock"));
	for (size_t at = 0; at + 8 <= sizeof(bytes); at++) {
		memset(bytes, 'd', sizeof(bytes));
		memcpy(bytes + at, "dEaDLOCk", 8);
		assert_int_equal(find_next(&find, (struct slice){ bytes, sizeof(bytes) }, 0), at);
		assert_int_equal(find_next(&find, (struct slice){ bytes, sizeof(bytes) }, at), at);
		assert_int_equal(find_next(&find, (struct slice){ bytes, sizeof(bytes) }, at + 1), SIZE_MAX);
		assert_int_equal(find_next(&find, (struct slice){ bytes, at + 7 }, 0), SIZE_MAX);
	}
}

static void find__goes_by_the_head__of_a_text_that_is_too_long(void **state)
{
	char text[FIND_MAXIMUM + 10], bytes[FIND_MAXIMUM + 20];
	struct find find;

	(void)state;
	memset(text, 'x', sizeof(text));
	memset(bytes, 'X', sizeof(bytes));
	bytes[0] = 'y';
	find_init(&find, (struct slice){ text, sizeof(text) });
	assert_int_equal(find_next(&find, (struct slice){ bytes, sizeof(bytes) }, 0), 1);
	assert_int_equal(find_next(&find, (struct slice){ bytes, FIND_MAXIMUM }, 0), SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find__finds_the_same__on_every_path),
		cmocka_unit_test(find__finds_a_text__at_every_place),
		cmocka_unit_test(find__goes_by_the_head__of_a_text_that_is_too_long),
	};

	return cmocka_run_group_tests_name("find", tests, NULL, NULL);
}
