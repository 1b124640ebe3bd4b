#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "tocsin/store/selection.h"
#include "tocsin/store/templates.h"

static const char *const signatures[] = {"a went", "b went", "start", "c went", "stop"};

static void append(struct store *store, size_t signature)
{
	struct store_row row = {
		.time = TIMESTAMP_NONE, .service = slice_of("s"), .signature = slice_of(signatures[signature])};

	assert_int_equal(store_append(store, &row), 0);
}

/* Each signature twice, in turns. */
static struct store *store_of_all(void)
{
	struct store *store = store_create(NULL);
	uint16_t source;

	assert_non_null(store);
	assert_int_equal(store_add_source(store, slice_of("x"), &source), 0);
	for (size_t i = 0; i < 2 * sizeof signatures / sizeof *signatures; i++)
		append(store, i % (sizeof signatures / sizeof *signatures));
	store_publish(store);
	return store;
}

static void publish(struct store *store, uint32_t count, const uint32_t *of, const char *text)
{
	struct store_templates *templates = store_templates_create(count, of);

	assert_non_null(templates);
	assert_int_equal(store_templates_put_text(templates, 0, slice_of(text)), 0);
	assert_int_equal(store_publish_templates(store, templates), 0);
}

static void templates__are_of_the_past__under_a_horizon(void **state)
{
	struct store *store = store_of_all();

	(void)state;
	assert_null(store_templates(store, UINT32_MAX));
	assert_int_equal(store_templates_of(NULL, 1), 1);
	publish(store, 2, (const uint32_t[]){0, 0}, "<*> went");
	publish(store, 4, (const uint32_t[]){0, 0, 2, 0}, "<*> went");
	assert_int_equal(store_signatures_below(store, 0), 0);
	assert_int_equal(store_signatures_below(store, 3), 3);
	assert_int_equal(store_signatures_below(store, 10), 5);
	assert_null(store_templates(store, 1));
	assert_int_equal(store_templates_of(store_templates(store, 3), 3), 3);
	assert_int_equal(store_templates_of(store_templates(store, 5), 3), 0);
	assert_int_equal(store_templates_of(store_templates(store, 5), 4), 4);
	assert_true(slice_is(store_templates_text(store, store_templates(store, 5), 0), "<*> went"));
	assert_true(slice_is(store_templates_text(store, store_templates(store, 5), 2), "start"));
	assert_true(slice_is(store_templates_text(store, NULL, 0), "a went"));
	store_destroy(store);
}

static uint64_t count_matches(const struct store *store, const char *text)
{
	struct filter_scope scope = {store, TIMESTAMP_NONE, NULL};
	struct error error = {0};
	size_t fault;
	struct filter *filter = filter_parse(slice_of(text), &scope, &fault, &error);
	struct selection selection;
	uint64_t count;

	assert_non_null(filter);
	assert_int_equal(selection_init(&selection, filter), 0);
	while (selection_advance(&selection, store, NULL, horizon_all(store), 1000))
		continue;
	count = selection_count(&selection);
	selection_release(&selection);
	filter_destroy(filter);
	return count;
}

static void filter__by_template__takes_all_its_signatures(void **state)
{
	struct store *store = store_of_all();

	(void)state;
	assert_int_equal(count_matches(store, "template:0"), 2);
	publish(store, 5, (const uint32_t[]){0, 0, 2, 0, 4}, "<*> went");
	assert_int_equal(count_matches(store, "template:0"), 6);
	assert_int_equal(count_matches(store, "-template:0"), 4);
	assert_int_equal(count_matches(store, "template:1"), 2); /* a signature by itself */
	store_destroy(store);
}

static void carry__keeps_templates__in_a_part(void **state)
{
	struct store *store = store_of_all(), *part = store_create(NULL);
	uint16_t source;

	(void)state;
	publish(store, 5, (const uint32_t[]){0, 0, 2, 0, 4}, "<*> went");
	assert_int_equal(store_add_source(part, slice_of("x"), &source), 0);
	append(part, 2);
	append(part, 3);
	append(part, 1);
	store_publish(part);
	assert_int_equal(store_carry_templates(part, store), 0);
	assert_int_equal(store_templates_of(store_templates(part, 3), 0), 0);
	assert_int_equal(store_templates_of(store_templates(part, 3), 2), 1);
	assert_true(slice_is(store_templates_text(part, store_templates(part, 3), 1), "<*> went"));
	assert_true(slice_is(store_templates_text(part, store_templates(part, 3), 0), "start"));
	store_destroy(part);
	store_destroy(store);
}

static void publish__refuses__when_full(void **state)
{
	struct store *store = store_of_all();

	(void)state;
	for (uint32_t i = 0; i < STORE_MAXIMUM_TABLES; i++)
		publish(store, 2, (const uint32_t[]){0, 0}, "<*> went");
	assert_int_equal(store_publish_templates(store, store_templates_create(0, (const uint32_t[]){0})), ERROR_FULL);
	assert_int_equal(store_templates_of(store_templates(store, 5), 1), 0);
	store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates__are_of_the_past__under_a_horizon),
		cmocka_unit_test(filter__by_template__takes_all_its_signatures),
		cmocka_unit_test(carry__keeps_templates__in_a_part),
		cmocka_unit_test(publish__refuses__when_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
