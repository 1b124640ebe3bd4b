/*
 * A growing array of equal items with a maximum.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/base/vector.h"

static int compare_ints(const void *a, const void *b)
{
	const int *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void push_int(struct vector *vector, int value)
{
	int *item = vector_push(vector);

	assert_non_null(item);
	assert_int_equal(*item, 0);
	*item = value;
}

static int int_at(const struct vector *vector, size_t index)
{
	const int *item = vector_at(vector, index);

	return *item;
}

static void vector_push__keeps_all_items__when_it_grows(void **state)
{
	struct vector vector;

	(void)state;
	vector_init(&vector, sizeof(int), 1000);
	for (int i = 0; i < 1000; i++)
		push_int(&vector, i + 1);
	assert_null(vector_push(&vector));
	assert_int_equal(vector.count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(int_at(&vector, (size_t)i), i + 1);
	vector_clear(&vector);
	push_int(&vector, 5);
	assert_int_equal(vector.count, 1);
	vector_release(&vector);
	assert_int_equal(vector.count, 0);
	push_int(&vector, 6);
	vector_release(&vector);
}

static void vector_push__refuses__when_the_maximum_is_small_or_zero(void **state)
{
	struct vector vector;

	(void)state;
	vector_init(&vector, sizeof(int), 0);
	assert_null(vector_push(&vector));
	vector_init(&vector, sizeof(int), 3);
	for (int i = 0; i < 3; i++)
		push_int(&vector, i);
	assert_null(vector_push(&vector));
	assert_int_equal(vector.capacity, 3);
	vector_release(&vector);
}

static void vector_remove__moves_the_rest_down__when_in_the_middle(void **state)
{
	struct vector vector;

	(void)state;
	vector_init(&vector, sizeof(int), 10);
	for (int i = 0; i < 5; i++)
		push_int(&vector, i * 10);
	vector_remove(&vector, 1);
	vector_remove(&vector, 3);
	vector_remove(&vector, 99);
	assert_int_equal(vector.count, 3);
	assert_int_equal(int_at(&vector, 0), 0);
	assert_int_equal(int_at(&vector, 1), 20);
	assert_int_equal(int_at(&vector, 2), 30);
	vector_release(&vector);
}

static void vector_sort__orders_items__when_any(void **state)
{
	static const int values[] = {5, -1, 3, 3, 0};
	static const int sorted[] = {-1, 0, 3, 3, 5};
	struct vector vector;

	(void)state;
	vector_init(&vector, sizeof(int), 10);
	vector_sort(&vector, compare_ints);
	for (size_t i = 0; i < 5; i++)
		push_int(&vector, values[i]);
	vector_sort(&vector, compare_ints);
	assert_memory_equal(vector.items, sorted, sizeof(sorted));
	vector_release(&vector);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vector_push__keeps_all_items__when_it_grows),
		cmocka_unit_test(vector_push__refuses__when_the_maximum_is_small_or_zero),
		cmocka_unit_test(vector_remove__moves_the_rest_down__when_in_the_middle),
		cmocka_unit_test(vector_sort__orders_items__when_any),
	};

	return cmocka_run_group_tests_name("base/vector", tests, NULL, NULL);
}
