#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fixture.h"

#include "tocsin/analyst/report.h"
#include "tocsin/base/utf8.h"

static bool contains(const struct buffer *buffer, const char *part)
{
	return slice_find(buffer_slice(buffer), slice_of(part)) != SIZE_MAX;
}

static const char *string_of(const struct json_value *object, const char *key, char out[256])
{
	slice_copy(json_value_string(json_member(object, key)), out, 256);
	return out;
}

static void report_json__has_every_promised_member__when_analysed(void **state)
{
	static const char *const members[] = { "verdict", "issue", "category", "filter", "severity", "impact",
		"root_cause", "ranking", "components", "findings", "evidence", "claims", "timeline", "recommendations",
		"tickets", "analyst", "builtin", "usage" };
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	struct buffer out;
	struct json_document *document;
	const struct json_value *root, *first, *cause;
	char text[256];
	double number;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	input.issue = "checkout is slow";
	analysis = fixture_analyze(&input);
	buffer_init(&out, 1 << 22);
	assert_int_equal(report_json(&out, analysis, &input, NULL), 0);
	assert_int_equal(slice_find_byte(buffer_slice(&out), '\n'), SIZE_MAX);
	document = json_parse(buffer_slice(&out));
	assert_non_null(document);
	root = json_root(document);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!json_member(root, members[i]))
			fail_msg("no member %s", members[i]);
	assert_string_equal(string_of(root, "verdict", text), "root_cause");
	assert_string_equal(string_of(root, "issue", text), "checkout is slow");
	assert_string_equal(string_of(root, "analyst", text), "builtin");
	cause = json_member(root, "root_cause");
	assert_string_equal(string_of(cause, "service", text), "orders-db");
	assert_true(json_value_number(json_member(cause, "confidence"), &number) && number > 0.8);
	assert_non_null(json_member(cause, "change"));
	assert_string_equal(string_of(json_element(json_member(root, "ranking"), 0), "service", text), "orders-db");
	first = json_element(json_member(root, "evidence"), 0);
	assert_string_equal(string_of(first, "id", text), "E1");
	first = json_element(json_member(root, "claims"), 0);
	assert_non_null(json_element(json_member(first, "evidence"), 0));
	first = json_element(json_member(root, "tickets"), 0);
	assert_string_equal(string_of(first, "state", text), "proposed");
	assert_string_equal(string_of(first, "service", text), "orders-db");
	assert_string_equal(string_of(json_member(root, "builtin"), "verdict", text), "root_cause");
	json_document_free(document);
	buffer_release(&out);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void report_text__says_the_verdict_first__when_read_in_a_pipe(void **state)
{
	static const size_t widths[] = { 80, 100, 0 };
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	struct buffer out;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	buffer_init(&out, 1 << 22);
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct slice rest, line;

		buffer_clear(&out);
		assert_int_equal(report_text(&out, analysis, &input, widths[i]), 0);
		assert_true(slice_starts(buffer_slice(&out), "\nroot cause: orders-db (confidence 0.9"));
		assert_true(contains(&out, "spread    orders-db [E"));
		assert_true(contains(&out, "\nnext\n  1. "));
		assert_true(contains(&out, "\nevidence from made.csv\n  E1  "));
		assert_true(contains(&out, "made.csv:903  20:44:00 E orders-db  pool exhausted"));
		assert_true(contains(&out, "proposed tickets"));
		assert_true(contains(&out, "critical orders-db: cannot obtain connection, giving up\n"));
		rest = buffer_slice(&out);
		while (widths[i] && slice_next(&rest, '\n', &line))
			if (utf8_shown_width(line) > widths[i])
				fail_msg("wider than %zu: %.*s", widths[i], (int)line.size, line.data);
	}
	buffer_release(&out);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void report_text__lets_no_log_byte_through__when_lines_are_hostile(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	struct buffer out;

	(void)state;
	fixture_init(&fixture);
	fixture_quiet(&fixture, 0, 300);
	for (int second = 300; second < 400; second++)
		fixture_add(&fixture, second, "evil\x1b[2J", LEVEL_FATAL,
			"\x1b]0;x\x07\r\n\xc2\x9b"
			"31m \xe2\x80\xae gnirts \xff");
	store_publish(fixture.store);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	buffer_init(&out, 1 << 22);
	assert_int_equal(report_text(&out, analysis, &input, 80), 0);
	for (size_t i = 0; i < transcript_count(analysis_transcript(analysis)); i++)
		assert_int_equal(report_entry(&out, transcript_at(analysis_transcript(analysis), i), 80), 0);
	for (size_t i = 0; i < out.size; i++)
		assert_true((unsigned char)out.data[i] >= 0x20 || out.data[i] == '\n');
	assert_false(contains(&out, "\xc2\x9b"));
	assert_false(contains(&out, "\xe2\x80\xae"));
	assert_false(contains(&out, "\xff"));
	buffer_clear(&out);
	assert_int_equal(report_json(&out, analysis, &input, NULL), 0);
	for (size_t i = 0; i < out.size; i++)
		assert_true((unsigned char)out.data[i] >= 0x20);
	buffer_release(&out);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void report_text__hides_later_evidence__when_the_book_is_shared(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *whole, *early;
	struct evidence_book *book = evidence_book_create();
	struct buffer out;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	input.book = book;
	whole = fixture_analyze(&input);
	assert_ptr_equal(analysis_evidence(whole), book);
	input.horizon = horizon_at(fixture.store, FIXTURE_START + 200 * TIMESTAMP_SECOND);
	early = fixture_analyze(&input);
	buffer_init(&out, 1 << 22);
	assert_int_equal(report_text(&out, early, &input, 80), 0);
	assert_int_equal(report_json(&out, early, &input, NULL), 0);
	assert_false(contains(&out, "pool exhausted"));
	assert_false(contains(&out, "20:44:"));
	analysis_destroy(early);
	buffer_clear(&out);
	assert_int_equal(report_text(&out, whole, &input, 80), 0);
	assert_true(contains(&out, "pool exhausted"));
	buffer_release(&out);
	analysis_destroy(whole);
	evidence_book_destroy(book);
	fixture_release(&fixture);
}

static void report_entry__wraps_at_words__when_a_width_is_given(void **state)
{
	static const struct {
		enum entry_kind kind;
		const char *label, *text;
		size_t columns;
		const char *shown;
	} rows[] = {
		{ ENTRY_STEP, NULL, "one two three", 0, "- one two three\n" },
		{ ENTRY_STEP, NULL, "one two three four five six", 24, "- one two three four\n  five six\n" },
		{ ENTRY_LABELLED, "spread", "a > b", 80, "  spread    a > b\n" },
		{ ENTRY_QUESTION, NULL, "why?", 80, "> why?\n" },
		{ ENTRY_ANSWER, NULL, "because", 80, "because\n" },
		{ ENTRY_TEXT, NULL, "", 80, "  \n" },
		{ ENTRY_STEP, NULL, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 22, "- aaaaaaaaaaaaaaaaaaaa\n  aaaaaaaaaa\n" },
		{ ENTRY_NOTICE, NULL, "a\x1b[1m", 80, "! a^[[1m\n" },
	};
	struct buffer out;

	(void)state;
	buffer_init(&out, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct entry entry = {
			.kind = rows[i].kind, .label = slice_of(rows[i].label), .text = slice_of(rows[i].text)
		};

		buffer_clear(&out);
		assert_int_equal(report_entry(&out, &entry, rows[i].columns), 0);
		assert_string_equal(buffer_string(&out), rows[i].shown);
	}
	buffer_release(&out);
}

static void report__waits_for_the_verdict__when_the_analysis_runs(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	struct buffer out;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	analysis = analysis_create(&input);
	buffer_init(&out, 4096);
	assert_null(analysis_verdict(analysis));
	assert_int_not_equal(report_json(&out, analysis, &input, NULL), 0);
	assert_int_not_equal(report_text(&out, analysis, &input, 80), 0);
	assert_int_equal(out.size, 0);
	buffer_release(&out);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(report_json__has_every_promised_member__when_analysed),
		cmocka_unit_test(report_text__says_the_verdict_first__when_read_in_a_pipe),
		cmocka_unit_test(report_text__lets_no_log_byte_through__when_lines_are_hostile),
		cmocka_unit_test(report_text__hides_later_evidence__when_the_book_is_shared),
		cmocka_unit_test(report_entry__wraps_at_words__when_a_width_is_given),
		cmocka_unit_test(report__waits_for_the_verdict__when_the_analysis_runs),
	};

	return cmocka_run_group_tests_name("analyst/report", tests, NULL, NULL);
}
