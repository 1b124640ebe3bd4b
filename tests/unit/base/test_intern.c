/*
 * Strings to codes and back, with a reader beside the writer.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tocsin/base/error.h"
#include "tocsin/base/intern.h"

#define MANY 20000

static struct slice nth_name(uint32_t n, char out[32])
{
	return (struct slice){out, (size_t)snprintf(out, 32, "service-%u", (unsigned)n)};
}

static void intern_put__gives_dense_codes__when_texts_are_new(void **state)
{
	struct intern *table = intern_create(MANY, 1000000);
	char name[32];
	uint32_t code;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(intern_find(table, nth_name(i, name), &code), ERROR_ABSENT);
		assert_int_equal(intern_put(table, nth_name(i, name), &code), 0);
		assert_int_equal(code, i);
	}
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(intern_put(table, nth_name(i, name), &code), 0);
		assert_int_equal(code, i);
		assert_int_equal(intern_find(table, nth_name(i, name), &code), 0);
		assert_int_equal(code, i);
		assert_true(slice_is(intern_text(table, i), name));
		assert_int_equal(intern_text(table, i).data[strlen(name)], '\0');
	}
	assert_int_equal(intern_count(table), MANY);
	intern_destroy(table);
}

static void intern_put__tells_texts_apart__when_empty_or_with_nul(void **state)
{
	struct intern *table = intern_create(10, 100);
	uint32_t code;

	(void)state;
	assert_int_equal(intern_put(table, (struct slice){NULL, 0}, &code), 0);
	assert_int_equal(code, 0);
	assert_int_equal(intern_put(table, (struct slice){"\0", 1}, &code), 0);
	assert_int_equal(code, 1);
	assert_int_equal(intern_put(table, (struct slice){"\0\0", 2}, &code), 0);
	assert_int_equal(code, 2);
	assert_int_equal(intern_put(table, slice_of(""), &code), 0);
	assert_int_equal(code, 0);
	intern_destroy(table);
}

static void intern_put__refuses_only_new_texts__when_full(void **state)
{
	struct intern *table = intern_create(2, 100);
	uint32_t code;

	(void)state;
	assert_int_equal(intern_put(table, slice_of("a"), &code), 0);
	assert_int_equal(intern_put(table, slice_of("b"), &code), 0);
	assert_int_equal(intern_put(table, slice_of("c"), &code), ERROR_FULL);
	assert_int_equal(intern_put(table, slice_of("b"), &code), 0);
	assert_int_equal(code, 1);
	assert_int_equal(intern_count(table), 2);
	intern_destroy(table);

	table = intern_create(100, 10);
	assert_int_equal(intern_put(table, slice_of("12345678"), &code), 0);
	assert_int_equal(intern_put(table, slice_of("abc"), &code), ERROR_FULL);
	assert_int_equal(intern_put(table, slice_of("ab"), &code), 0);
	assert_int_equal(intern_put(table, slice_of("c"), &code), ERROR_FULL);
	intern_destroy(table);
	intern_destroy(NULL);
}

static void intern_text__does_not_move__when_the_table_grows(void **state)
{
	struct intern *table = intern_create(MANY, 1000000);
	const char *first;
	char name[32];
	uint32_t code;

	(void)state;
	intern_put(table, slice_of("gateway"), &code);
	first = intern_text(table, code).data;
	for (uint32_t i = 0; i < MANY - 1; i++)
		assert_int_equal(intern_put(table, nth_name(i, name), &code), 0);
	assert_ptr_equal(intern_text(table, 0).data, first);
	assert_string_equal(first, "gateway");
	intern_destroy(table);
}

/* Returns the number of published texts that were not what they must be. */
static void *read_until_full(void *argument)
{
	const struct intern *table = argument;
	uintptr_t wrong = 0;
	uint32_t seen = 0;

	while (seen < MANY) {
		uint32_t count = intern_count(table);
		char name[32];

		for (; seen < count; seen++)
			wrong += !slice_equal(intern_text(table, seen), nth_name(seen, name));
	}
	return (void *)wrong;
}

static void intern_text__is_whole__when_read_from_another_thread(void **state)
{
	struct intern *table = intern_create(MANY, 1000000);
	pthread_t reader;
	void *wrong = NULL;
	char name[32];
	uint32_t code;

	(void)state;
	assert_int_equal(pthread_create(&reader, NULL, read_until_full, table), 0);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(intern_put(table, nth_name(i, name), &code), 0);
	assert_int_equal(pthread_join(reader, &wrong), 0);
	assert_null(wrong);
	intern_destroy(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intern_put__gives_dense_codes__when_texts_are_new),
		cmocka_unit_test(intern_put__tells_texts_apart__when_empty_or_with_nul),
		cmocka_unit_test(intern_put__refuses_only_new_texts__when_full),
		cmocka_unit_test(intern_text__does_not_move__when_the_table_grows),
		cmocka_unit_test(intern_text__is_whole__when_read_from_another_thread),
	};

	return cmocka_run_group_tests_name("base/intern", tests, NULL, NULL);
}
