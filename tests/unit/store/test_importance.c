/*
 * The side column of importance, and the filter that asks for it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

#include "tocsin/store/selection.h"
#include "tocsin/store/importance.h"

#define RECORDS 9000 /* two sealed segments and an open one */

static struct store *make_store(bool totals_only)
{
	struct store *store = store_create(&(struct store_options){ .totals_only = totals_only });
	uint16_t source;
	assert_non_null(store);
	assert_int_equal(store_add_source(store, slice_of("a.log"), &source), 0);
	for (uint64_t i = 0; i < RECORDS; i++) {
		struct store_row row = { .time = (int64_t)i,
			.level = LEVEL_INFO,
			.line = i + 1,
			.size = 1,
			.offset = 2 * i,
			.service = slice_of("app"),
			.signature = slice_of("x") };
		assert_int_equal(store_append(store, &row), 0);
	}
	store_publish(store);
	return store;
}

static void importance__comes_back__as_near_as_it_is_kept(void **state)
{
	(void)state;
	struct store *store = make_store(false);
	double importance;
	assert_false(store_importance(store, 0, &importance));
	for (uint64_t id = 0; id < RECORDS; id += 7)
		assert_int_equal(store_put_importance(store, id, (double)id / RECORDS), 0);
	for (uint64_t id = 0; id < RECORDS; id++) {
		assert_int_equal(store_importance(store, id, &importance), id % 7 == 0);
		if (id % 7 == 0)
			assert_true(fabs(importance - (double)id / RECORDS) <= 0.5 / STORE_IMPORTANCE_STEPS + 1e-9);
	}
	store_put_importance(store, 3, -1);
	store_put_importance(store, 4, 9);
	assert_true(store_importance(store, 3, &importance) && importance <= 0);
	assert_true(store_importance(store, 4, &importance) && importance >= 1);
	store_destroy(store);
}

static void importance__is_not_known_any_more__when_it_was_forgotten(void **state)
{
	(void)state;
	struct store *store = make_store(false);
	double importance;
	store_forget_importance(store);
	for (uint64_t id = 0; id < RECORDS; id += 3)
		assert_int_equal(store_put_importance(store, id, 1), 0);
	store_forget_importance(store);
	for (uint64_t id = 0; id < RECORDS; id++)
		assert_false(store_importance(store, id, &importance));
	assert_int_equal(store_put_importance(store, RECORDS - 1, 1), 0);
	assert_true(store_importance(store, RECORDS - 1, &importance));
	store_destroy(store);
}

static void importance__is_refused__where_no_records_are_kept(void **state)
{
	(void)state;
	struct store *store = make_store(true);
	double importance;
	assert_int_equal(store_put_importance(store, 0, 1), ERROR_STATE);
	store_forget_importance(store);
	assert_false(store_importance(store, 0, &importance));
	store_destroy(store);
}

static uint64_t count(const struct store *store, const char *text)
{
	struct filter_scope scope = { .store = store, .now = RECORDS };
	struct selection selection;
	struct error error = { 0 };
	size_t fault;
	struct filter *filter = filter_parse(slice_of(text), &scope, &fault, &error);
	if (filter == NULL)
		fail_msg("%s: %s", text, error.text);
	assert_false(filter_needs_text(filter));
	assert_int_equal(selection_init(&selection, filter), 0);
	while (selection_advance(&selection, store, NULL, horizon_all(store), UINT64_MAX))
		continue;
	uint64_t selected = selection_count(&selection);
	selection_release(&selection);
	filter_destroy(filter);
	return selected;
}

/* 0, 0.1 ... 0.9 in turn; the last thousand are not known. */
static void filter__compares__importance(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t count;
	} cases[] = {
		{ "importance>0.9", 0 },
		{ "importance>=0.9", 800 },
		{ "importance>0.5", 3200 },
		{ "importance>=0.5", 4000 },
		{ "importance=0.3", 800 },
		{ "importance<0.3", 2400 },
		{ "importance<=0.3", 3200 },
		{ "importance>=0", 8000 },
		{ "importance<=1", 8000 },
		{ "importance<0", 0 },
		{ "-importance>=0.5", 5000 },
		{ "importance>=0.5 level:info id:0..99", 50 },
	};
	struct store *store = make_store(false);
	assert_int_equal(count(store, "importance>=0"), 0);
	for (uint64_t id = 0; id < 8000; id++)
		assert_int_equal(store_put_importance(store, id, (double)(id % 10) / 10), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (count(store, cases[i].text) != cases[i].count)
			fail_msg("%s selects %llu", cases[i].text, (unsigned long long)count(store, cases[i].text));
	store_destroy(store);
}

static void filter__refuses__importance_that_is_none(void **state)
{
	(void)state;
	static const char *const texts[] = { "importance>2", "importance:high", "importance>-1", "importance>",
		"importance>nan" };
	struct store *store = make_store(false);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct filter_scope scope = { .store = store };
		struct error error = { 0 };
		size_t fault;
		assert_null(filter_parse(slice_of(texts[i]), &scope, &fault, &error));
		assert_true(error.text[0] != '\0');
	}
	store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(importance__comes_back__as_near_as_it_is_kept),
		cmocka_unit_test(importance__is_not_known_any_more__when_it_was_forgotten),
		cmocka_unit_test(importance__is_refused__where_no_records_are_kept),
		cmocka_unit_test(filter__compares__importance),
		cmocka_unit_test(filter__refuses__importance_that_is_none),
	};
	return cmocka_run_group_tests_name("importance", tests, NULL, NULL);
}
