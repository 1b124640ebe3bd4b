/*
 * The analyst's pane: what it shows of a transcript at a size, how citations are walked and followed, and what stays
 * unseen in a replay.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "unit/ui/view_scene.h"

#define KNOWN (UI_FIXTURE_START + 160 * TIMESTAMP_SECOND) /* when all of the fixture was said */

static int setup(void **state)
{
	return scene_open(state, PANE_ANALYST);
}

static void say(struct scene *scene, enum entry_kind kind, const char *label, const char *text)
{
	int64_t now = scene->fixture.snapshot.horizon.time;
	assert_int_equal(transcript_add(&scene->fixture.transcript, kind, label, slice_of(text), now), 0);
}

static void groups__stand_apart_and_labels_in_a_column(void **state)
{
	struct scene *scene = *state;
	static const char *const expected[] = {
		"✓ quiet until 20:41:07; baseline 20:39:00 - 20:41:00",
		"✓ onset: orders-db 20:41:07, inventory +1.9 s, payment",
		"  +12.3 s, gateway +12.8 s [E1]",
		"✓ gateway is loudest but last: a victim [E4]",
		"",
		"root cause: orders-db (confidence 0.91)",
		"orders-db ran out of connections [E1]; inventory timed out",
		"waiting for it [E2], then payment and gateway failed behind",
		"it [E3].",
		"",
		"spread  orders-db, inventory, payment, gateway",
		"next    raise max or find the leak",
		"",
		"you     how many errors in gateway?",
		"tocsin  4 records of ERROR or worse in gateway [E4].",
	};
	scene_paint(scene, 60, 15);
	for (int y = 0; y < 15; y++)
		assert_string_equal(scene_row(scene, y), expected[y]);
	assert_memory_equal(scene_roles(scene, 3), "p pppp", 6);
	assert_int_equal(scene_cell(scene, 0, 5)->role, ROLE_VERDICT);
	assert_int_equal(scene_cell(scene, 0, 10)->role, ROLE_LABEL);
	assert_int_equal(scene_cell(scene, 8, 13)->role, ROLE_QUESTION);
}

static void a_label__is_said_once__for_lines_that_share_it(void **state)
{
	struct scene *scene = *state;
	transcript_clear(&scene->fixture.transcript);
	say(scene, ENTRY_LABELLED, "ruled out", "notifier");
	say(scene, ENTRY_LABELLED, "ruled out", "a deploy");
	say(scene, ENTRY_LABELLED, "next", "look");
	scene_paint(scene, 60, 3);
	assert_string_equal(scene_row(scene, 0), "ruled out  notifier");
	assert_string_equal(scene_row(scene, 1), "           a deploy");
	assert_string_equal(scene_row(scene, 2), "next       look");
}

static void citations__differ__when_nothing_stands_behind_them(void **state)
{
	struct scene *scene = *state;
	transcript_clear(&scene->fixture.transcript);
	say(scene, ENTRY_TEXT, NULL, "so it was [E2], perhaps [E77]");
	scene_paint(scene, 60, 3);
	assert_int_equal(scene_cell(scene, 10, 0)->role, ROLE_CITATION);
	assert_int_equal(scene_cell(scene, 24, 0)->role, ROLE_UNPROVEN);
	scene->state.analyst.selected = 1;
	scene_do(scene, ACTION_OPEN_ITEM);
	assert_true(scene->state.message_is_error);
	assert_non_null(strstr(scene->state.message, "E77"));
}

static void the_verdict__stays_in_view__when_not_everything_fits(void **state)
{
	struct scene *scene = *state;
	struct transcript *transcript = &scene->fixture.transcript;
	transcript->entries.count -= 2; /* nothing was asked */
	scene_paint(scene, 40, 4);
	assert_non_null(strstr(scene_row(scene, 0), "root cause"));
	/* More room shows what led to it too. */
	scene_paint(scene, 40, 12);
	assert_true(scene_find(scene, "root cause") > 0);
	assert_string_equal(scene_row(scene, 11), "next    raise max or find the leak");
}

static void the_end__is_followed__until_scrolled(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 40, 6);
	assert_non_null(strstr(scene_row(scene, 5), "gateway [E4]"));
	scene_do(scene, ACTION_TOP);
	scene_paint(scene, 40, 6);
	assert_non_null(strstr(scene_row(scene, 0), "quiet until"));
	say(scene, ENTRY_TEXT, NULL, "one more thing");
	scene_paint(scene, 40, 6);
	assert_non_null(strstr(scene_row(scene, 0), "quiet until"));
	/* A new question brings its answer into view. */
	say(scene, ENTRY_QUESTION, NULL, "and now?");
	say(scene, ENTRY_ANSWER, NULL, "still four");
	scene_paint(scene, 40, 6);
	assert_non_null(strstr(scene_row(scene, 5), "still four"));
	scene_do(scene, ACTION_PAGE_UP);
	scene_paint(scene, 40, 6);
	assert_int_equal(scene_find(scene, "still four"), -1);
	scene_do(scene, ACTION_BOTTOM);
	scene_paint(scene, 40, 6);
	assert_non_null(strstr(scene_row(scene, 5), "still four"));
}

/* Moving the time cursor elsewhere brings what was said about that moment into view, and the end with the newest. */
static void the_time_cursor__brings_its_moment_into_view(void **state)
{
	struct scene *scene = *state;
	const struct evidence *first = evidence_find(scene->fixture.evidence, 1);
	scene_paint(scene, 60, 4);
	assert_int_equal(scene_find(scene, "[E1]"), -1);
	scene->state.focus = PANE_TIMELINE;
	scene->state.cursor_time = first->time - TIMESTAMP_SECOND;
	scene_paint(scene, 60, 4);
	int row = scene_find(scene, "[E1]");
	assert_true(row >= 0);
	assert_int_equal(scene_cell(scene, 59, row)->role, ROLE_CURSOR_TIME);
	/* Its own keys lead while it has the focus. */
	scene->state.focus = PANE_ANALYST;
	scene_do(scene, ACTION_TOP);
	scene->state.cursor_time = first->time + 40 * TIMESTAMP_SECOND;
	scene_paint(scene, 60, 4);
	assert_non_null(strstr(scene_row(scene, 0), "quiet until"));
	scene->state.focus = PANE_TIMELINE;
	scene->state.cursor_time = TIMESTAMP_NONE;
	scene_paint(scene, 60, 4);
	assert_non_null(strstr(scene_row(scene, 3), "gateway [E4]"));
}

/* j from the top meets every citation in order, in view, and at the end stays. */
static void down__goes_from_citation_to_citation(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 40, 6);
	scene_do(scene, ACTION_TOP);
	int last = -1;
	for (int i = 0; i < 60; i++) {
		scene_do(scene, ACTION_DOWN);
		scene_paint(scene, 40, 6);
		bool seen = scene->state.analyst.selected == last;
		assert_true(seen || scene->state.analyst.selected == last + 1);
		last = scene->state.analyst.selected;
		for (int y = 0; y < 6; y++)
			seen = seen || strchr(scene_roles(scene, y), 'L');
		assert_true(seen);
	}
	assert_int_equal(last, 5);
	for (int i = 0; i < 60; i++)
		scene_do(scene, ACTION_UP);
	scene_paint(scene, 40, 6);
	assert_int_equal(scene->state.analyst.selected, 0);
	assert_non_null(strstr(scene_row(scene, 0), "quiet until"));
}

static void enter__follows_a_citation_to_its_line(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 60, 20);
	assert_false(scene_do(scene, ACTION_OPEN_ITEM));
	scene_do(scene, ACTION_TOP);
	scene_do(scene, ACTION_DOWN);
	assert_true(scene_do(scene, ACTION_OPEN_ITEM));
	assert_int_equal(scene->state.tail.record, scene->fixture.first_failure);
	assert_int_equal(state_time(&scene->state), store_time(scene->fixture.store, scene->fixture.first_failure));
	assert_int_equal(scene->state.focus, PANE_TAIL);
}

static void enter__shows_what_a_count_counted(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 60, 20);
	scene->state.analyst.selected = 1; /* [E4] */
	assert_true(scene_do(scene, ACTION_OPEN_ITEM));
	assert_string_equal(buffer_string(&scene->state.filter_text), "service:gateway level>=error");
	assert_int_equal(scene->state.range.from, UI_FIXTURE_START);
	assert_int_equal(scene->state.tail.record, scene->fixture.first_failure + 12);
}

static void escape__cancels__while_working(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 60, 20);
	assert_false(scene_do(scene, ACTION_BACK));
	scene->fixture.snapshot.analyst_state = ANALYST_WORKING;
	scene->fixture.snapshot.horizon.time = KNOWN;
	assert_string_equal(scene_title(scene), "working… · built-in");
	assert_true(scene_do(scene, ACTION_BACK));
	const struct intent *intent = vector_at(&scene->state.intents, 0);
	assert_int_equal(intent->kind, INTENT_CANCEL);
}

static void title__says_how_much_work_it_was(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.horizon.time = KNOWN;
	scene_paint(scene, 60, 20);
	assert_string_equal(scene_title(scene), "3 steps · 40 ms · built-in");
	scene->fixture.snapshot.analyst_steps = 1;
	assert_string_equal(scene_title(scene), "1 step · 40 ms · built-in");
	scene->fixture.snapshot.analyst_state = ANALYST_CANCELLED;
	assert_string_equal(scene_title(scene), "cancelled · built-in");
}

static void title__says_until_when_it_knows__where_that_is_not_what_is_shown(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.horizon.time = KNOWN;
	scene_paint(scene, 60, 20);
	scene->state.cursor_time = KNOWN - 30 * TIMESTAMP_SECOND;
	assert_string_equal(scene_title(scene), "up to 20:41:40 · 3 steps · 40 ms · built-in");
	scene->state.cursor_time = TIMESTAMP_NONE;
	scene->fixture.snapshot.replaying = true;
	assert_string_equal(scene_title(scene), "up to 20:41:40 · 3 steps · 40 ms · built-in");
	/* What was said later does not count. */
	ui_fixture_horizon(&scene->fixture, 30);
	say(scene, ENTRY_STEP, NULL, "all quiet so far");
	assert_non_null(strstr(scene_title(scene), "up to 20:40"));
}

static void later_knowledge__is_not_shown__in_a_replay(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.replaying = true;
	ui_fixture_horizon(&scene->fixture, 30);
	scene_paint(scene, 60, 20);
	assert_int_equal(scene_find(scene, "orders-db"), -1);
	say(scene, ENTRY_STEP, NULL, "all quiet so far");
	scene_paint(scene, 60, 20);
	assert_string_equal(scene_row(scene, 0), "✓ all quiet so far");
}

static void an_empty_pane__says_what_to_do(void **state)
{
	struct scene *scene = *state;
	transcript_clear(&scene->fixture.transcript);
	scene->fixture.snapshot.analyst_state = ANALYST_IDLE;
	scene_paint(scene, 60, 4);
	assert_string_equal(scene_row(scene, 0), "r analyses what is visible, i asks a question");
	scene_do(scene, ACTION_DOWN);
	scene_do(scene, ACTION_UP);
	scene_do(scene, ACTION_PAGE_DOWN);
	scene->fixture.snapshot.transcript = NULL;
	scene->fixture.snapshot.evidence = NULL;
	scene_paint(scene, 60, 4);
}

static void hostile_text__is_made_safe__at_any_size(void **state)
{
	struct scene *scene = *state;
	say(scene, ENTRY_QUESTION, NULL, "\033[2J\xff\xc3 \xe2\x80\xae [E1]\n\n[E2][E");
	say(scene, ENTRY_LABELLED, "\033c label", "今日は [E99] \xc2\x9b");
	for (int ascii = 0; ascii < 2; ascii++) {
		scene->ascii = ascii;
		for (int width = 1; width <= 90; width += width < 12 ? 1 : 9) {
			for (int height = 1; height <= 40; height += 13) {
				scene_paint(scene, width, height);
				scene_assert_safe(scene);
				scene_do(scene, ACTION_UP);
				scene_do(scene, ACTION_HALF_DOWN);
			}
		}
	}
}

#define ANALYST_TEST(name) cmocka_unit_test_setup_teardown(name, setup, scene_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ANALYST_TEST(groups__stand_apart_and_labels_in_a_column),
		ANALYST_TEST(a_label__is_said_once__for_lines_that_share_it),
		ANALYST_TEST(citations__differ__when_nothing_stands_behind_them),
		ANALYST_TEST(the_verdict__stays_in_view__when_not_everything_fits),
		ANALYST_TEST(the_end__is_followed__until_scrolled),
		ANALYST_TEST(the_time_cursor__brings_its_moment_into_view),
		ANALYST_TEST(down__goes_from_citation_to_citation),
		ANALYST_TEST(enter__follows_a_citation_to_its_line),
		ANALYST_TEST(enter__shows_what_a_count_counted),
		ANALYST_TEST(escape__cancels__while_working),
		ANALYST_TEST(title__says_how_much_work_it_was),
		ANALYST_TEST(title__says_until_when_it_knows__where_that_is_not_what_is_shown),
		ANALYST_TEST(later_knowledge__is_not_shown__in_a_replay),
		ANALYST_TEST(an_empty_pane__says_what_to_do),
		ANALYST_TEST(hostile_text__is_made_safe__at_any_size),
	};
	return cmocka_run_group_tests_name("view_analyst", tests, NULL, NULL);
}
