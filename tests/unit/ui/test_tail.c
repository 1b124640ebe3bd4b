/*
 * The tail: following, scrolling, the cursor that stays on its record, filter, search, jumps, marks, and bytes that
 * would harm a terminal.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "support/ui_screen.h"
#include "tocsin/store/importance.h"
#include "tocsin/base/utf8.h"

static int open_narrow(void **state)
{
	struct ui_screen *screen = malloc(sizeof(*screen));
	*state = screen;
	return !screen || ui_screen_open(screen, 80, 24, false) != 0;
}

static int close_screen(void **state)
{
	ui_screen_close(*state);
	free(*state);
	return 0;
}

/* The row of the line cursor: the one with the ground of a selection up to its end. */
static const char *cursor_row(struct ui_screen *screen)
{
	for (int y = 0; y < screen->grid.rows; y++) {
		if (grid_cell(&screen->grid, 30, y)->ground == ROLE_SELECTION)
			return ui_screen_row(screen, y);
	}
	return "";
}

static void append(struct ui_screen *screen, int second, enum level level, const char *message)
{
	ui_fixture_append(&screen->fixture, second * TIMESTAMP_SECOND, "gateway", level, slice_of(message));
	ui_fixture_horizon(&screen->fixture, UINT64_MAX);
	ui_screen_show(screen);
}

static void follow__shows_what_comes__and_scrolling_up_stops_it(void **state)
{
	struct ui_screen *screen = *state;
	append(screen, 170, LEVEL_INFO, "the newest of all");
	assert_true(ui_screen_has(screen, "the newest of all"));
	assert_int_equal(console_cursor_time(screen->console), TIMESTAMP_NONE);
	ui_screen_keys(screen, "k");
	assert_int_equal(console_cursor_time(screen->console), UI_FIXTURE_START + 158 * TIMESTAMP_SECOND);
	for (int i = 0; i < 12; i++)
		append(screen, 171 + i, LEVEL_INFO, "came later");
	assert_true(ui_screen_has(screen, "12 new below  G ↓"));
	assert_false(ui_screen_has(screen, "came later"));
	assert_non_null(strstr(cursor_row(screen), "20:41:38"));
	ui_screen_keys(screen, "G");
	assert_true(ui_screen_has(screen, "came later"));
	assert_false(ui_screen_has(screen, "below"));
	assert_int_equal(console_cursor_time(screen->console), TIMESTAMP_NONE);
	append(screen, 190, LEVEL_INFO, "followed again");
	assert_true(ui_screen_has(screen, "followed again"));
}

static void scroll__moves_by_real_pages__to_both_ends(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "g");
	assert_non_null(strstr(cursor_row(screen), "20:39:00.000"));
	ui_screen_keys(screen, "PgDn");
	assert_non_null(strstr(cursor_row(screen), "20:39:30.000"));
	ui_screen_keys(screen, "PgUp");
	assert_non_null(strstr(cursor_row(screen), "20:39:00.000"));
	ui_screen_keys(screen, "PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn j j j");
	assert_non_null(strstr(cursor_row(screen), "20:41:38.000"));
	ui_screen_keys(screen, "PgUp PgUp PgUp PgUp PgUp PgUp PgUp PgUp k k");
	assert_non_null(strstr(cursor_row(screen), "20:39:00.000"));
	ui_screen_keys(screen, "F");
	assert_int_equal(console_cursor_time(screen->console), TIMESTAMP_NONE);
}

static void filter__shows_only_what_matches__and_keeps_the_cursor(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "t =20:41:14.201 Enter");
	assert_non_null(strstr(cursor_row(screen), "cannot obtain connection"));
	ui_screen_keys(screen, "& =level>=error Enter");
	assert_true(ui_screen_has(screen, "ERROR and worse"));
	assert_true(ui_screen_has(screen, "17 of 64"));
	assert_false(ui_screen_has(screen, "retry 1/3"));
	assert_non_null(strstr(cursor_row(screen), "20:41:14.201"));
	ui_screen_keys(screen, "Esc");
	assert_true(ui_screen_has(screen, "retry 1/3"));
	assert_non_null(strstr(cursor_row(screen), "20:41:14.201"));
}

static void filter__that_hides_the_record__comes_back_to_it(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "t =20:41:09.007 Enter");
	assert_non_null(strstr(cursor_row(screen), "retry 1/3"));
	ui_screen_keys(screen, "& =level>=error Enter");
	assert_non_null(strstr(cursor_row(screen), "20:41:12.530"));
	ui_screen_keys(screen, "Esc");
	assert_non_null(strstr(cursor_row(screen), "retry 1/3"));
}

static void filter__with_a_fault__points_at_it_and_changes_nothing(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "& =level>=bogus Enter");
	int fault = ui_screen_find(screen, " level>=bogus");
	assert_true(fault > 0);
	assert_string_equal(ui_screen_row(screen, fault + 1), "        ^");
	assert_true(ui_screen_has(screen, "& level>=bogus")); /* still there to be mended */
	assert_true(ui_screen_has(screen, "tail · everything"));
	ui_screen_keys(screen, "Backspace");
	assert_false(ui_screen_has(screen, "^\n"));
}

static void filter__that_matches_nothing__says_so(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "& =nosuchword Enter");
	assert_true(ui_screen_has(screen, "nothing matches nosuchword"));
	ui_screen_keys(screen, "j k Enter y e / =x Enter Esc Esc");
	ui_screen_keys(screen, "Esc Esc");
	assert_true(ui_screen_has(screen, "tail · everything"));
}

static void search__finds_highlights_and_goes_round(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "g / =max=50_wait Enter");
	assert_non_null(strstr(cursor_row(screen), "wait=5"));
	int y = ui_screen_find(screen, "wait=6");
	assert_true(y > 0);
	assert_int_equal(grid_cell(&screen->grid, 52, y)->role, ROLE_MATCH);
	assert_int_not_equal(grid_cell(&screen->grid, 25, y)->role, ROLE_MATCH);
	ui_screen_keys(screen, "n");
	assert_non_null(strstr(cursor_row(screen), "wait=6"));
	ui_screen_keys(screen, "n");
	assert_non_null(strstr(cursor_row(screen), "wait=9"));
	ui_screen_keys(screen, "n");
	assert_non_null(strstr(cursor_row(screen), "wait=5"));
	assert_true(ui_screen_has(screen, "went on from the beginning"));
	ui_screen_keys(screen, "N");
	assert_non_null(strstr(cursor_row(screen), "wait=9"));
	ui_screen_keys(screen, "/ =nosuchword Enter");
	assert_true(ui_screen_has(screen, "nothing matches nosuchword"));
	assert_non_null(strstr(cursor_row(screen), "wait=9"));
}

static void jumps__go_to_errors_warnings_and_marks__from_any_pane(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "g e");
	assert_non_null(strstr(cursor_row(screen), "20:41:07.118"));
	ui_screen_keys(screen, "Tab e w");
	assert_non_null(strstr(cursor_row(screen), "20:41:09.007"));
	ui_screen_keys(screen, "m w w W");
	assert_non_null(strstr(cursor_row(screen), "20:41:09.007"));
	assert_true(ui_screen_has(screen, "20:41:09.007◆W"));
	ui_screen_keys(screen, "E E");
	assert_non_null(strstr(cursor_row(screen), "20:41:07.118"));
	ui_screen_keys(screen, "E");
	assert_true(ui_screen_has(screen, "no further ERROR above"));
	ui_screen_keys(screen, "'");
	assert_non_null(strstr(cursor_row(screen), "20:41:09.007"));
	ui_screen_keys(screen, "m");
	assert_false(ui_screen_has(screen, "◆"));
}

static void row__shows_level_service_badge_and_further_lines(void **state)
{
	struct ui_screen *screen = *state;
	assert_true(ui_screen_has(
		screen, "20:41:21.800 F payment    capture failed: upstream unavailable               new"));
	assert_true(ui_screen_has(screen, "unhandled exception +3 lines"));
	int y = ui_screen_find(screen, "20:41:21.800");
	assert_int_equal(grid_cell(&screen->grid, 13, y)->role, ROLE_LEVEL_FATAL);
	assert_int_equal(grid_cell(&screen->grid, 77, y)->role, ROLE_BADGE);
	ui_screen_keys(screen, "g");
	assert_false(ui_screen_has(screen, " new")); /* everything is new in the first minute */
}

static void sideways__shifts_messages_only(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "Right");
	assert_true(ui_screen_has(screen, "20:41:26.062 E gateway    …ckout 502 upstream=payment"));
	ui_screen_keys(screen, "Left Left");
	assert_true(ui_screen_has(screen, "POST /checkout 502"));
}

static void text_on_its_way__shows_an_ellipsis__and_only_visible_rows_ask(void **state)
{
	struct ui_screen *screen = *state;
	screen->fixture.fetching = true;
	screen->fixture.asked = 0;
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "20:41:38.000 I gateway    …"));
	assert_int_equal(screen->fixture.asked, 10);
	screen->fixture.fetching = false;
	ui_screen_show(screen);
	assert_false(ui_screen_has(screen, "…"));
}

static void open__shows_the_record_whole__and_copies_it(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_resize(screen, 100, 40);
	ui_screen_keys(screen, "t =20:41:22 Enter Enter");
	assert_true(ui_screen_has(screen, "checkout-incident.csv:57"));
	assert_true(ui_screen_has(screen, "at Capture.run(Capture.java:41)"));
	assert_true(ui_screen_has(screen, "region       eu-1"));
	ui_screen_keys(screen, "y");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_COPY);
	assert_true(slice_starts(intent.text, "unhandled exception\n  at Capture"));
	ui_screen_keys(screen, "n");
	assert_true(ui_screen_has(screen, "checkout-incident.csv:58"));
	ui_screen_keys(screen, "Esc");
	assert_non_null(strstr(cursor_row(screen), "20:41:26.062"));
}

/* Every cell holds one character that is safe to print. */
static void assert_harmless(struct ui_screen *screen)
{
	for (int y = 0; y < screen->grid.rows; y++) {
		for (int x = 0; x < screen->grid.columns; x++) {
			const struct cell *cell = grid_cell(&screen->grid, x, y);
			struct slice text = slice_of(cell->text);
			uint32_t point;
			bool valid;
			while (utf8_next(&text, &point, &valid)) {
				assert_true(valid);
				assert_true(point >= 0x20 && point != 0x7f && !(point >= 0x80 && point < 0xa0));
				assert_false(point >= 0x202a && point <= 0x202e);
			}
		}
	}
}

static void hostile_bytes__never_reach_a_cell(void **state)
{
	struct ui_screen *screen = *state;
	static const char *const keys[] = { "", "k", "Enter", "n", "p", "p", "p", "Esc", "z", "Right", "/ =owned Enter",
		"& =title Enter", "?", "Esc" };
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		ui_screen_keys(screen, keys[i]);
		assert_harmless(screen);
	}
	ui_screen_keys(screen, "Left Esc Esc Esc G");
	assert_true(ui_screen_has(screen, "title ^[]0;owned^G end"));
	assert_true(ui_screen_has(screen, "nul ^@ byte \\xFF end"));
	assert_true(ui_screen_has(screen, "bidi <U+202E>evil"));
}

static void replay_that_goes_back__takes_the_tail_along(void **state)
{
	struct ui_screen *screen = *state;
	screen->fixture.snapshot.replaying = true;
	ui_screen_keys(screen, "t =20:41:20 Enter m");
	ui_fixture_horizon(&screen->fixture, 20);
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "20:39:57.000"));
	assert_false(ui_screen_has(screen, "\n20:41:"));
	ui_screen_keys(screen, "& =fatal Enter Esc k k g Enter Esc '");
	ui_fixture_horizon(&screen->fixture, 0);
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "nothing had been logged yet"));
	ui_screen_keys(screen, "j k g G e Enter Esc v y");
	ui_fixture_horizon(&screen->fixture, UINT64_MAX);
	ui_screen_keys(screen, "F");
	assert_true(ui_screen_has(screen, "20:41:38"));
}

static void selection_of_time__marks_the_rows_in_it__and_goes_with_a_question(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "t =20:41:09.007 Enter v j j v");
	int y = ui_screen_find(screen, "20:41:12.530");
	assert_int_equal(grid_cell(&screen->grid, 3, y)->ground, ROLE_RANGE);
	y = ui_screen_find(screen, "20:41:07.118");
	assert_int_equal(grid_cell(&screen->grid, 3, y)->ground, ROLE_DEFAULT);
	ui_screen_keys(screen, "i =why Enter");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.window.from, UI_FIXTURE_START + INT64_C(129007000000));
	assert_int_equal(intent.window.to, UI_FIXTURE_START + INT64_C(132611000001));
}

static void important_records__have_a_thin_mark__when_it_is_on(void **state)
{
	struct ui_screen *screen = *state;
	struct store *store = screen->fixture.store;
	uint64_t last = store_count(store);
	append(screen, 190, LEVEL_INFO, "this is usual");
	append(screen, 191, LEVEL_INFO, "this is not");
	assert_int_equal(store_put_importance(store, last, 0.9), 0);
	assert_int_equal(store_put_importance(store, last + 1, 0.95), 0);
	ui_screen_show(screen);
	assert_false(ui_screen_has(screen, "▎"));
	screen->fixture.snapshot.importance = true;
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "▎this is not"));
	assert_false(ui_screen_has(screen, "▎this is usual"));
	ui_screen_keys(screen, "& =importance>0.9 Enter");
	assert_true(ui_screen_has(screen, "1 of 66"));
}

static void importance_and_relevant__come_out_as_intents__with_what_is_wanted(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "I");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_SET);
	assert_true(slice_is(intent.text, "importance yes"));
	screen->fixture.snapshot.importance = true;
	ui_screen_show(screen);
	ui_screen_keys(screen, "I");
	intent = ui_screen_intent(screen);
	assert_true(slice_is(intent.text, "importance no"));
	ui_screen_keys(screen, ": =relevant_pool_is_exhausted Enter");
	intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_RELEVANT);
	assert_true(slice_is(intent.text, "pool is exhausted"));
	ui_screen_keys(screen, ": =relevant Enter");
	assert_true(ui_screen_has(screen, ":relevant needs TEXT"));
}

static void filter_over_many_records__goes_on_bit_by_bit(void **state)
{
	struct ui_screen *screen = *state;
	for (int i = 0; i < 5000; i++)
		ui_fixture_append(&screen->fixture, (200 + i) * TIMESTAMP_SECOND, "gateway", LEVEL_INFO,
			slice_of(i == 4000 ? "a needle" : "hay"));
	ui_fixture_horizon(&screen->fixture, UINT64_MAX);
	assert_int_equal(console_set_filter(screen->console, slice_of("\"a needle\""), NULL), 0);
	/* Nothing is read here: a look that does not come back leaves the screen as it is, and keys are answered. */
	console_update(screen->console, &screen->fixture.snapshot, 100);
	struct look *look = console_take_look(screen->console);
	assert_non_null(look);
	assert_null(console_take_look(screen->console));
	console_paint(screen->console, &screen->grid);
	assert_true(ui_screen_has(screen, "looking"));
	look_run(look, &screen->fixture.reader);
	console_finish_look(screen->console, look);
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "1 of 5,064"));
	ui_screen_keys(screen, "Esc g / =needle Enter");
	assert_non_null(strstr(cursor_row(screen), "needle"));
}

#define SCREEN(test) cmocka_unit_test_setup_teardown(test, open_narrow, close_screen)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCREEN(follow__shows_what_comes__and_scrolling_up_stops_it),
		SCREEN(scroll__moves_by_real_pages__to_both_ends),
		SCREEN(filter__shows_only_what_matches__and_keeps_the_cursor),
		SCREEN(filter__that_hides_the_record__comes_back_to_it),
		SCREEN(filter__with_a_fault__points_at_it_and_changes_nothing),
		SCREEN(filter__that_matches_nothing__says_so),
		SCREEN(search__finds_highlights_and_goes_round),
		SCREEN(jumps__go_to_errors_warnings_and_marks__from_any_pane),
		SCREEN(row__shows_level_service_badge_and_further_lines),
		SCREEN(sideways__shifts_messages_only),
		SCREEN(text_on_its_way__shows_an_ellipsis__and_only_visible_rows_ask),
		SCREEN(open__shows_the_record_whole__and_copies_it),
		SCREEN(hostile_bytes__never_reach_a_cell),
		SCREEN(replay_that_goes_back__takes_the_tail_along),
		SCREEN(selection_of_time__marks_the_rows_in_it__and_goes_with_a_question),
		SCREEN(important_records__have_a_thin_mark__when_it_is_on),
		SCREEN(importance_and_relevant__come_out_as_intents__with_what_is_wanted),
		SCREEN(filter_over_many_records__goes_on_bit_by_bit),
	};
	return cmocka_run_group_tests_name("ui/tail", tests, NULL, NULL);
}
