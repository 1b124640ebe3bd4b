#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/store/selection.h"

#define RECORDS 10000

/* Every tenth record is an error; times are 1, 2, 3, ... */
static void append(struct store *store, uint64_t count)
{
	for (uint64_t i = store_count(store); count > 0; i++, count--) {
		struct store_row row = {.time = (int64_t)i + 1,
					.level = i % 10 == 0 ? LEVEL_ERROR : LEVEL_INFO,
					.service = slice_of("a"),
					.signature = slice_of("x")};

		assert_int_equal(store_append(store, &row), 0);
	}
	store_publish(store);
}

static int set_up(void **state)
{
	struct store *store = store_create(NULL);

	append(store, RECORDS);
	*state = store;
	return 0;
}

static int tear_down(void **state)
{
	store_destroy(*state);
	return 0;
}

static struct filter *parse_errors(const struct store *store)
{
	struct filter_scope scope = {.store = store, .now = RECORDS};
	struct filter *filter = filter_parse(slice_of("level>=error"), &scope, NULL, NULL);

	assert_non_null(filter);
	return filter;
}

static void selection__holds_every_id__when_filter_is_empty(void **state)
{
	struct store *store = *state;
	struct selection selection;

	assert_int_equal(selection_init(&selection, NULL), 0);
	assert_false(selection_advance(&selection, store, NULL, horizon_all(store), 1));
	assert_int_equal(selection_count(&selection), RECORDS);
	assert_int_equal(selection_id(&selection, 77), 77);
	assert_int_equal(selection_index(&selection, 77), 77);
	assert_int_equal(selection_index(&selection, RECORDS + 5), RECORDS);
	selection_advance(&selection, store, NULL, horizon_at(store, 100), 1);
	assert_int_equal(selection_count(&selection), 100);
	selection_release(&selection);
}

static void selection__looks_at_no_more__than_its_budget(void **state)
{
	struct store *store = *state;
	struct filter *filter = parse_errors(store);
	struct selection selection;
	unsigned rounds = 1;

	assert_int_equal(selection_init(&selection, filter), 0);
	assert_true(selection_advance(&selection, store, NULL, horizon_all(store), 1000));
	assert_int_equal(selection_count(&selection), 100);
	while (selection_advance(&selection, store, NULL, horizon_all(store), 1000))
		rounds++;
	assert_int_equal(rounds, RECORDS / 1000 - 1);
	assert_int_equal(selection_count(&selection), RECORDS / 10);
	assert_int_equal(selection_id(&selection, 3), 30);
	assert_int_equal(selection_index(&selection, 30), 3);
	assert_int_equal(selection_index(&selection, 31), 4);
	assert_int_equal(selection_index(&selection, RECORDS), RECORDS / 10);
	selection_release(&selection);
	filter_destroy(filter);
}

static void selection__grows__with_the_log(void **state)
{
	struct store *store = *state;
	struct filter *filter = parse_errors(store);
	struct selection selection;

	assert_int_equal(selection_init(&selection, filter), 0);
	assert_false(selection_advance(&selection, store, NULL, horizon_all(store), UINT64_MAX));
	append(store, 25);
	assert_false(selection_advance(&selection, store, NULL, horizon_all(store), UINT64_MAX));
	assert_int_equal(selection_count(&selection), RECORDS / 10 + 3);
	assert_int_equal(selection_id(&selection, RECORDS / 10 + 2), RECORDS + 20);
	selection_release(&selection);
	filter_destroy(filter);
}

static void selection__shows_nothing__past_the_horizon(void **state)
{
	struct store *store = *state;
	struct filter *filter = parse_errors(store);
	struct selection selection;

	assert_int_equal(selection_init(&selection, filter), 0);
	selection_advance(&selection, store, NULL, horizon_all(store), UINT64_MAX);
	assert_false(selection_advance(&selection, store, NULL, horizon_at(store, 500), UINT64_MAX));
	assert_int_equal(selection_count(&selection), 50);
	assert_int_equal(selection_index(&selection, 9000), 50);
	selection_advance(&selection, store, NULL, horizon_at(store, 600), UINT64_MAX);
	assert_int_equal(selection_count(&selection), 60);
	assert_int_equal(selection_id(&selection, 59), 590);
	selection_release(&selection);
	filter_destroy(filter);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(selection__holds_every_id__when_filter_is_empty),
		TEST(selection__looks_at_no_more__than_its_budget),
		TEST(selection__grows__with_the_log),
		TEST(selection__shows_nothing__past_the_horizon),
	};

	return cmocka_run_group_tests_name("store/selection", tests, NULL, NULL);
}
