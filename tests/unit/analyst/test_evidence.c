#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fixture.h"

static void evidence_line__keeps_its_number__when_minted_twice(void **state)
{
	struct fixture fixture;
	struct evidence_book *book = evidence_book_create();
	const struct evidence *evidence;

	(void)state;
	fixture_init(&fixture);
	fixture_quiet(&fixture, 0, 2);
	store_publish(fixture.store);
	assert_int_equal(evidence_add_line(book, fixture.store, &fixture.reader, 3), 1);
	assert_int_equal(evidence_add_line(book, fixture.store, &fixture.reader, 1), 2);
	assert_int_equal(evidence_add_line(book, fixture.store, &fixture.reader, 3), 1);
	assert_int_equal(evidence_count(book), 2);
	evidence = evidence_find(book, 1);
	assert_int_equal(evidence->kind, EVIDENCE_LINE);
	assert_int_equal(evidence->line, 5);
	assert_true(slice_is(evidence->source, "made.csv"));
	assert_true(slice_is(evidence->text, "request 1 done in 11 ms"));
	assert_int_equal(evidence->hash, slice_hash(slice_of("request 1 done in 11 ms"), 0));
	assert_null(evidence_find(book, 0));
	assert_null(evidence_find(book, 3));
	evidence_book_destroy(book);
	fixture_release(&fixture);
}

static void evidence_line__is_not_minted__when_its_text_is_gone(void **state)
{
	struct fixture fixture;
	struct evidence_book *book = evidence_book_create();

	(void)state;
	fixture_init(&fixture);
	fixture_quiet(&fixture, 0, 1);
	store_publish(fixture.store);
	fixture.lines[1].gone = true;
	assert_int_equal(evidence_add_line(book, fixture.store, &fixture.reader, 1), 0);
	assert_int_equal(evidence_add_line(book, fixture.store, &fixture.reader, 99), 0);
	assert_int_equal(evidence_add_line(book, fixture.store, NULL, 0), 0);
	assert_int_equal(evidence_count(book), 0);
	evidence_book_destroy(book);
	fixture_release(&fixture);
}

static void evidence_count__is_one_entry__when_filter_and_window_agree(void **state)
{
	struct fixture fixture;
	struct evidence_book *book = evidence_book_create();
	struct window window = { FIXTURE_START, FIXTURE_START + TIMESTAMP_MINUTE };
	struct slice filter = slice_of("service:gateway");

	(void)state;
	fixture_init(&fixture);
	fixture_quiet(&fixture, 0, 2);
	store_publish(fixture.store);
	assert_int_equal(evidence_add_count(book, fixture.store, filter, window, 2, 0, slice_of("2 records")), 1);
	assert_int_equal(evidence_add_count(book, fixture.store, filter, window, 2, 0, slice_of("2 records")), 1);
	window.to++;
	assert_int_equal(evidence_add_count(book, fixture.store, filter, window, 2, 0, slice_of("2 records")), 2);
	assert_int_equal(evidence_find(book, 1)->count, 2);
	assert_int_equal(evidence_find(book, 1)->time, FIXTURE_START);
	evidence_book_destroy(book);
	fixture_release(&fixture);
}

static void evidence_citation__is_found__when_well_formed(void **state)
{
	static const struct {
		const char *text;
		unsigned number;
		size_t begin, end;
	} rows[] = {
		{ "see [E3].", 3, 4, 8 },
		{ "[E12]", 12, 0, 5 },
		{ "[E]", 0, 0, 0 },
		{ "[Ex] [E7]", 7, 5, 9 },
		{ "[E0]", 0, 0, 0 },
		{ "[E99999]", 0, 0, 0 },
		{ "E3", 0, 0, 0 },
		{ "[E3", 0, 0, 0 },
		{ "", 0, 0, 0 },
		{ "[[E4]]", 4, 1, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t begin = 0, end = 0;
		unsigned number = 0;
		bool found = evidence_next_citation(slice_of(rows[i].text), 0, &begin, &end, &number);

		assert_int_equal(found, rows[i].number != 0);
		assert_int_equal(number, rows[i].number);
		assert_int_equal(begin, rows[i].begin);
		assert_int_equal(end, rows[i].end);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_line__keeps_its_number__when_minted_twice),
		cmocka_unit_test(evidence_line__is_not_minted__when_its_text_is_gone),
		cmocka_unit_test(evidence_count__is_one_entry__when_filter_and_window_agree),
		cmocka_unit_test(evidence_citation__is_found__when_well_formed),
	};

	return cmocka_run_group_tests_name("analyst/evidence", tests, NULL, NULL);
}
