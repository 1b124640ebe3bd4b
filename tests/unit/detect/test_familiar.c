#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/detect/familiar.h"

static void append(struct store *store, const char *signature)
{
	struct store_row row = {.time = TIMESTAMP_NONE, .service = slice_of("s"), .signature = slice_of(signature)};

	assert_int_equal(store_append(store, &row), 0);
	store_publish(store);
}

static struct store *create(void)
{
	struct store *store = store_create(NULL);
	uint16_t source;

	assert_non_null(store);
	assert_int_equal(store_add_source(store, slice_of("x"), &source), 0);
	return store;
}

/* A baseline in which two signatures are one template, and one is only masks. */
static struct store *create_baseline(void)
{
	struct store *store = create();
	struct store_templates *templates = store_templates_create(3, (const uint32_t[]){0, 0, 2});

	append(store, "login of ada refused");
	append(store, "login of bob refused");
	append(store, "<*> <*>");
	assert_int_equal(store_templates_put_text(templates, 0, slice_of("login of <*> refused")), 0);
	assert_int_equal(store_publish_templates(store, templates), 0);
	return store;
}

static void signature__is_familiar__when_it_fits_a_template(void **state)
{
	struct store *baseline = create_baseline();

	(void)state;
	assert_true(familiar_signature(baseline, slice_of("login of bob refused")));
	assert_true(familiar_signature(baseline, slice_of("login of eve refused")));
	assert_true(familiar_signature(baseline, slice_of("<*> <*>")));
	assert_false(familiar_signature(baseline, slice_of("login of eve granted")));
	assert_false(familiar_signature(baseline, slice_of("disk full")));
	store_destroy(baseline);
}

static void template__is_familiar__when_one_of_its_signatures_is(void **state)
{
	struct store *baseline = create_baseline(), *store = create();
	struct store_templates *templates = store_templates_create(3, (const uint32_t[]){0, 1, 0});

	(void)state;
	append(store, "logon of eve refused");
	append(store, "disk full");
	append(store, "login of eve refused");
	assert_int_equal(store_publish_templates(store, templates), 0);
	assert_true(familiar_template(baseline, store, 0));
	assert_false(familiar_template(baseline, store, 1));
	store_destroy(store);
	store_destroy(baseline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signature__is_familiar__when_it_fits_a_template),
		cmocka_unit_test(template__is_familiar__when_one_of_its_signatures_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
