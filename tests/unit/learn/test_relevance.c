/*
 * The two stages of the filter for an issue text, and the category of an issue.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "lines.h"
#include "tocsin/learn/relevance.h"

static void find(struct lines *lines, const char *issue, struct relevance *found)
{
	struct relevance_input input = {
		.store = lines->store, .reader = &lines->reader, .horizon = lines_publish(lines), .issue = issue
	};
	assert_int_equal(relevance_find(&input, found), 0);
}

static const struct relevant *nth(const struct relevance *found, size_t index)
{
	assert_true(index < found->records.count);
	return vector_at(&found->records, index);
}

static struct slice text_of(struct lines *lines, uint64_t id)
{
	struct record record;
	struct store_text text;
	store_record(lines->store, id, &record);
	lines_read(lines, &record, &text);
	return text.message;
}

static void say_cloud(struct lines *lines, int count)
{
	for (int i = 0; i < count; i++) {
		lines_say(lines, "nova-api", LEVEL_INFO, "GET /v2.1/servers/detail status: 200 len: %d", 1000 + i);
		if (i % 10 == 3)
			lines_say(lines, "cinder", LEVEL_INFO, "Volume vol-%d attached", i);
	}
}

static void relevance__finds__the_lines_that_an_issue_speaks_of(void **state)
{
	(void)state;
	struct lines lines;
	struct relevance found;
	struct buffer counts;
	lines_init(&lines);
	say_cloud(&lines, 90);
	lines_say(&lines, "nova-scheduler", LEVEL_ERROR, "No valid host was found for instance inst-77");
	find(&lines, "instance creation failed: no valid host", &found);

	assert_int_equal(found.total, 100);
	assert_int_equal(found.important, 70);
	assert_int_equal(found.relevant, 1);
	assert_int_equal(found.compared, 70);
	assert_false(found.by_importance);
	assert_int_equal(found.category, ISSUE_RESOURCE_SHORTAGE);
	assert_true(slice_starts(text_of(&lines, nth(&found, 0)->record), "No valid host"));
	assert_true(nth(&found, 0)->cosine > 0.3 && nth(&found, 0)->importance > 0.4);
	buffer_init(&counts, 100);
	relevance_append_counts(&found, &counts);
	assert_string_equal(buffer_string(&counts), "100 -> 70 -> 1");
	buffer_release(&counts);
	relevance_release(&found);
	lines_release(&lines);
}

static void relevance__gives_the_best_by_importance__when_nothing_is_alike(void **state)
{
	(void)state;
	struct lines lines;
	struct relevance found;
	lines_init(&lines);
	say_cloud(&lines, 90);
	lines_say(&lines, "cinder", LEVEL_ERROR, "Volume vol-3 cannot be detached");
	find(&lines, "zebra crossing", &found);
	assert_int_equal(found.relevant, 0);
	assert_true(found.by_importance);
	assert_int_equal(found.records.count, 50);
	assert_int_equal(found.category, ISSUE_UNKNOWN);
	assert_true(slice_starts(text_of(&lines, nth(&found, 0)->record), "Volume vol-3 cannot"));
	for (size_t i = 1; i < found.records.count; i++)
		assert_true(nth(&found, i)->importance <= nth(&found, i - 1)->importance);
	relevance_release(&found);
	lines_release(&lines);
}

static void relevance__keeps_fifty__the_most_alike_first(void **state)
{
	(void)state;
	struct lines lines;
	struct relevance found;
	lines_init(&lines);
	say_cloud(&lines, 900);
	for (int i = 0; i < 80; i++)
		lines_say(&lines, "neutron", LEVEL_WARN, "port of server srv_%d is unreachable", i);
	find(&lines, "srv_41 is unreachable", &found);
	assert_int_equal(found.relevant, 50);
	assert_int_equal(found.category, ISSUE_NETWORK);
	assert_true(slice_is(text_of(&lines, nth(&found, 0)->record), "port of server srv_41 is unreachable"));
	for (size_t i = 1; i < 50; i++)
		assert_true(nth(&found, i)->cosine <= nth(&found, i - 1)->cosine && nth(&found, i)->cosine >= 0.1);
	relevance_release(&found);
	lines_release(&lines);
}

static void relevance__answers__when_there_is_nothing_at_all(void **state)
{
	(void)state;
	struct lines lines;
	struct relevance found;
	lines_init(&lines);
	find(&lines, "anything", &found);
	assert_int_equal(found.total + found.important + found.relevant, 0);
	assert_true(found.by_importance);
	assert_int_equal(found.records.count, 0);
	relevance_release(&found);
	lines_say(&lines, "app", LEVEL_INFO, "started");
	find(&lines, "", &found);
	assert_int_equal(found.records.count, 1);
	relevance_release(&found);
	lines_release(&lines);
}

/* More than is compared line by line: the needle is one in a hundred thousand, its template is common. */
static void relevance__finds_a_needle__in_a_large_log(void **state)
{
	(void)state;
	struct lines lines;
	struct relevance found;
	lines_init(&lines);
	for (int i = 0; i < 120000; i++) {
		lines_say(&lines, "shop", LEVEL_INFO, "request took %d ms", i % 900);
		if (i % 4000 == 7)
			lines_say(&lines, "shop", LEVEL_ERROR, "payment for order ord_%d declined", i);
	}
	find(&lines, "order ord_48007 declined", &found);
	assert_int_equal(found.total, 120030);
	assert_int_equal(found.important, 84021);
	assert_int_equal(found.relevant, 30);
	assert_true(found.compared < 60000);
	assert_true(slice_is(text_of(&lines, nth(&found, 0)->record), "payment for order ord_48007 declined"));
	relevance_release(&found);
	lines_release(&lines);
}

static void relevance__looks_at__what_is_asked_about_only(void **state)
{
	(void)state;
	struct lines lines;
	struct relevance found;
	lines_init(&lines);
	for (int i = 0; i < 20; i++)
		lines_say(&lines, "db", LEVEL_ERROR, "deadlock in transaction %d", i);
	struct relevance_input input = { .store = lines.store,
		.reader = &lines.reader,
		.horizon = lines_publish(&lines),
		.from = 5,
		.to = 15,
		.issue = "deadlock" };
	input.horizon.records = 12;
	assert_int_equal(relevance_find(&input, &found), 0);
	assert_int_equal(found.total, 7);
	assert_int_equal(found.important, 5);
	for (size_t i = 0; i < found.records.count; i++)
		assert_true(nth(&found, i)->record >= 5 && nth(&found, i)->record < 12);
	relevance_release(&found);
	lines_release(&lines);
}

static void issue__has_a_category__from_its_words(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum issue_category category;
	} cases[] = {
		{ "Instance creation failed: No valid host was found", ISSUE_RESOURCE_SHORTAGE },
		{ "We cannot reach the VM over its floating IP", ISSUE_NETWORK },
		{ "checkout fails, database connection pool exhausted", ISSUE_DATABASE },
		{ "users cannot log in, token expired", ISSUE_AUTH },
		{ "the dashboard is slow", ISSUE_API },
		{ "volume stuck in detaching", ISSUE_STORAGE },
		{ "it crashed after the deploy", ISSUE_APPLICATION },
		{ "something is odd", ISSUE_UNKNOWN },
		{ "", ISSUE_UNKNOWN },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct issue_votes votes = { { 0 } };
		issue_vote(&votes, slice_of(cases[i].text), 1);
		if (issue_decide(&votes) != cases[i].category)
			fail_msg("\"%s\" is %s", cases[i].text, issue_category_name(issue_decide(&votes)));
	}
}

static void importance__is_higher__for_what_is_rare_severe_or_failing(void **state)
{
	(void)state;
	struct lines lines;
	struct record record;
	enum importance_part part;
	lines_init(&lines);
	for (int i = 0; i < 3000; i++) {
		lines_say(&lines, "app", LEVEL_INFO, "tick %d", i);
		if (i % 30 == 0)
			lines_say(&lines, "app", LEVEL_INFO, "flushed %d rows", i);
	}
	lines_say(&lines, "app", LEVEL_INFO, "lease renewed");
	lines_say(&lines, "app", LEVEL_FATAL, "cannot write %d rows", 3);
	struct importance *importance = importance_of_log(lines.store, lines_publish(&lines));
	double last = 0;
	uint64_t ids[] = { 1, 1, store_count(lines.store) - 2, store_count(lines.store) - 1 };
	store_record(lines.store, 2, &record);
	assert_true(importance_of(importance, &record, NULL) < 0.01);
	for (size_t i = 1; i < 4; i++) {
		store_record(lines.store, ids[i], &record);
		assert_true(importance_of(importance, &record, &part) > last);
		last = importance_of(importance, &record, NULL);
	}
	assert_true(last > 0.75 && last <= 1);
	assert_true(part == PART_LEVEL || part == PART_NEW_EVENT || part == PART_ERROR);
	importance_destroy(importance);
	lines_release(&lines);
}

static void importance__is_calibrated__by_shares(void **state)
{
	(void)state;
	static const double shares[][2] = { { 1, 0 }, { 0.1, 0.25 }, { 0.01, 0.5 }, { 0.001, 0.75 }, { 1e-4, 1 },
		{ 0, 1 } };
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
		assert_float_equal(importance_of_share(shares[i][0]), shares[i][1], 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relevance__finds__the_lines_that_an_issue_speaks_of),
		cmocka_unit_test(relevance__gives_the_best_by_importance__when_nothing_is_alike),
		cmocka_unit_test(relevance__keeps_fifty__the_most_alike_first),
		cmocka_unit_test(relevance__answers__when_there_is_nothing_at_all),
		cmocka_unit_test(relevance__finds_a_needle__in_a_large_log),
		cmocka_unit_test(relevance__looks_at__what_is_asked_about_only),
		cmocka_unit_test(issue__has_a_category__from_its_words),
		cmocka_unit_test(importance__is_higher__for_what_is_rare_severe_or_failing),
		cmocka_unit_test(importance__is_calibrated__by_shares),
	};
	return cmocka_run_group_tests_name("relevance", tests, NULL, NULL);
}
