/*
 * Memory given back all at once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdalign.h>
#include <string.h>

#include "tocsin/base/arena.h"

static void arena_allocate__is_zeroed_and_aligned__when_sizes_are_mixed(void **state)
{
	static const size_t sizes[] = {1, 3, 64, 5000, 17, 300000, 4096, 2, 0, 262144};
	unsigned char *pieces[10];
	struct arena arena;

	(void)state;
	arena_init(&arena, 10000000);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 10; i++) {
			pieces[i] = arena_allocate(&arena, sizes[i]);
			assert_non_null(pieces[i]);
			assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
			for (size_t k = 0; k < sizes[i]; k++)
				assert_true(pieces[i][k] == 0);
			if (sizes[i] > 0)
				memset(pieces[i], (int)i + 1, sizes[i]);
		}
		for (size_t i = 0; i < 10; i++) {
			for (size_t k = 0; k < sizes[i]; k++)
				assert_true(pieces[i][k] == i + 1);
		}
		arena_reset(&arena);
		assert_int_equal(arena.used, 0);
	}
	arena_release(&arena);
}

static void arena_allocate__keeps_earlier_pieces__when_many_follow(void **state)
{
	struct arena arena;
	char *first;

	(void)state;
	arena_init(&arena, 10000000);
	first = arena_string(&arena, slice_of("first"));
	for (int i = 0; i < 20000; i++)
		assert_non_null(arena_string(&arena, slice_of("another one")));
	assert_string_equal(first, "first");
	arena_release(&arena);
}

static void arena__refuses__when_the_maximum_is_reached(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 100);
	assert_non_null(arena_allocate(&arena, 90));
	assert_null(arena_allocate(&arena, 11));
	assert_null(arena_string(&arena, slice_of("0123456789")));
	assert_null(arena_copy(&arena, slice_of("01234567890")).data);
	assert_null(arena_allocate(&arena, SIZE_MAX));
	assert_non_null(arena_copy(&arena, slice_of("0123456789")).data);
	arena_reset(&arena);
	assert_non_null(arena_allocate(&arena, 100));
	arena_release(&arena);
	assert_non_null(arena_allocate(&arena, 100));
	arena_release(&arena);
}

static void arena_copy__is_not_null__when_the_slice_is_empty(void **state)
{
	struct arena arena;
	struct slice copy;

	(void)state;
	arena_init(&arena, 100);
	copy = arena_copy(&arena, (struct slice){NULL, 0});
	assert_non_null(copy.data);
	assert_int_equal(copy.size, 0);
	assert_string_equal(arena_string(&arena, (struct slice){NULL, 0}), "");
	copy = arena_copy(&arena, slice_of("abc"));
	assert_true(slice_is(copy, "abc"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_allocate__is_zeroed_and_aligned__when_sizes_are_mixed),
		cmocka_unit_test(arena_allocate__keeps_earlier_pieces__when_many_follow),
		cmocka_unit_test(arena__refuses__when_the_maximum_is_reached),
		cmocka_unit_test(arena_copy__is_not_null__when_the_slice_is_empty),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
