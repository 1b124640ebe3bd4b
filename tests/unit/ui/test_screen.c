/*
 * What stands around the panes at every size: status bar, titles, hints, overlays; and that painting is pure.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/ui_screen.h"
#include "tocsin/base/utf8.h"
#include "tocsin/ui/action.h"

static int open_screen(void **state)
{
	struct ui_screen *screen = malloc(sizeof(*screen));
	*state = screen;
	return !screen || ui_screen_open(screen, 120, 40, false) != 0;
}

static int open_ascii(void **state)
{
	struct ui_screen *screen = malloc(sizeof(*screen));
	*state = screen;
	return !screen || ui_screen_open(screen, 120, 40, true) != 0;
}

static int close_screen(void **state)
{
	ui_screen_close(*state);
	free(*state);
	return 0;
}

static void every_size__shows_the_main_things(void **state)
{
	struct ui_screen *screen = *state;
	static const struct {
		int columns, rows;
		const char *facts[7];
	} sizes[] = {
		{ 40, 10, { "2 unparsed", "UTC", "tail · everything · 64", "ask ▸", "20:41:38 I gateway" } },
		{ 80, 24,
			{ "tail · everything", "services analyst tickets", "20:41:21.800 F payment", "? keys",
				"0 lost" } },
		{ 120, 40,
			{ "tocsin", "64 read · 2 unparsed · 0 lost", "services ·", "tickets ·", "analyst ·",
				"timeline ·", "T-7" } },
		{ 200, 50,
			{ "tocsin", "64 read · 2 unparsed · 0 lost", "built-in", "T-7", "T-8", "root cause",
				"pool exhausted" } },
	};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ui_screen_resize(screen, sizes[i].columns, sizes[i].rows);
		for (size_t j = 0; j < 7 && sizes[i].facts[j]; j++) {
			if (!ui_screen_has(screen, sizes[i].facts[j]))
				fail_msg("%dx%d lacks \"%s\":\n%s", sizes[i].columns, sizes[i].rows, sizes[i].facts[j],
					ui_screen_text(screen));
		}
	}
}

static void too_small__says_so_and_comes_back(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_resize(screen, 39, 10);
	assert_true(ui_screen_has(screen, "too small"));
	assert_true(ui_screen_has(screen, "39 x 10"));
	ui_screen_resize(screen, 3, 2);
	ui_screen_keys(screen, "j ? Esc i =a Esc v G");
	ui_screen_resize(screen, 1, 1);
	ui_screen_resize(screen, 1000, 500);
	assert_true(ui_screen_has(screen, "tail · everything"));
	ui_screen_resize(screen, 80, 24);
	assert_true(ui_screen_has(screen, "tail · everything"));
}

/* Keys that visit everything, at sizes that leave little room: nothing may be touched that is not there (the sanitizers
 * look). */
static void any_key_at_any_size__is_survived(void **state)
{
	struct ui_screen *screen = *state;
	static const int sizes[][2] = { { 40, 10 }, { 41, 11 }, { 60, 12 }, { 119, 13 }, { 120, 10 }, { 121, 20 },
		{ 300, 60 } };
	static const char keys[] = "? PgDn G Esc Tab z j k Right Left Tab Enter Esc a Esc A Esc x =no Esc z Tab g G v "
				   "l l v e w m ' C-u C-d PgUp PgDn "
				   "/ =pool Enter n N & =level>=warn Enter : =sources Enter j Esc i "
				   "=ask_something_long_that_does_not_fit_in_the_row "
				   "Left Tab Esc Esc Esc Esc Esc > < o o r F y";
	struct intent intent;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ui_screen_resize(screen, sizes[i][0], sizes[i][1]);
		ui_screen_keys(screen, keys);
		while ((intent = ui_screen_intent(screen)).kind != INTENT_NONE)
			assert_int_not_equal(intent.kind, INTENT_TICKET);
	}
}

static void status__tells_of_replay_loss_and_failed_sources(void **state)
{
	struct ui_screen *screen = *state;
	struct snapshot *snapshot = &screen->fixture.snapshot;
	snapshot->replaying = snapshot->playing = true;
	ui_screen_show(screen);
	assert_non_null(strstr(ui_screen_row(screen, 0), "▶ replay ×60  20:41:38 of 20:41:40"));
	snapshot->playing = false;
	ui_screen_show(screen);
	assert_non_null(strstr(ui_screen_row(screen, 0), "‖ replay"));
	snapshot->replaying = false;
	snapshot->indexing = true;
	snapshot->indexed_percent = 43;
	ui_screen_show(screen);
	assert_non_null(strstr(ui_screen_row(screen, 0), "reading 43 %"));
	snapshot->indexing = false;
	snapshot->loss.lost = 1234;
	memcpy(screen->fixture.sources[0].state, "gone", 5);
	ui_screen_resize(screen, 60, 24);
	assert_non_null(strstr(ui_screen_row(screen, 0), "1,234 lost"));
	assert_non_null(strstr(ui_screen_row(screen, 0), "gone"));
	assert_non_null(strstr(ui_screen_row(screen, 0), "UTC"));
	bool alert = false;
	for (int x = 0; x < 60; x++)
		alert = alert || grid_cell(&screen->grid, x, 0)->role == ROLE_STATUS_ALERT;
	assert_true(alert);
}

static void hints__follow_focus_and_mode__and_are_never_cut(void **state)
{
	struct ui_screen *screen = *state;
	assert_non_null(strstr(ui_screen_row(screen, 39), "/ search  & filter"));
	ui_screen_keys(screen, "S-Tab");
	assert_non_null(strstr(ui_screen_row(screen, 39), "a approve  A assign  x reject"));
	ui_screen_keys(screen, "i");
	assert_non_null(strstr(ui_screen_row(screen, 39), "Enter accept  Esc leave"));
	ui_screen_keys(screen, "Esc Tab");
	for (int columns = 40; columns < 130; columns++) {
		ui_screen_resize(screen, columns, 20);
		const char *row = ui_screen_row(screen, 19);
		assert_true(slice_ends(slice_of(row), "? keys"));
		assert_null(strstr(row, "…"));
	}
}

static void zoom__gives_one_pane_the_screen__and_tab_hands_it_on(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "z");
	assert_non_null(strstr(ui_screen_row(screen, 1), "▸ tail"));
	assert_false(ui_screen_has(screen, "analyst ·"));
	ui_screen_keys(screen, "Tab");
	assert_non_null(strstr(ui_screen_row(screen, 1), "▸ analyst"));
	ui_screen_keys(screen, "z");
	assert_true(ui_screen_has(screen, "services ·"));
	assert_true(ui_screen_has(screen, "▸ analyst"));
}

static void help__lists_every_action(void **state)
{
	struct ui_screen *screen = *state;
	struct buffer all;
	buffer_init(&all, 1 << 20);
	ui_screen_resize(screen, 160, 45);
	ui_screen_keys(screen, "?");
	for (int i = 0; i < 4; i++) {
		buffer_append_string(&all, ui_screen_text(screen));
		ui_screen_keys(screen, "PgDn");
	}
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		if (slice_find(buffer_slice(&all), slice_of(action_row((enum action)i)->help)) == SIZE_MAX)
			fail_msg("the help lacks %s", action_row((enum action)i)->name);
	}
	buffer_release(&all);
}

static void sources__says_what_became_of_each(void **state)
{
	struct ui_screen *screen = *state;
	struct snapshot_source *second = &screen->fixture.sources[1];
	*second = (struct snapshot_source){
		.name = "pay\033[2Jments.log", .state = "failed", .format = "text", .notice = "permission denied"
	};
	screen->fixture.snapshot.source_count = 2;
	ui_screen_keys(screen, ": =sources Enter");
	assert_true(ui_screen_has(screen, "checkout-incident.csv"));
	assert_true(ui_screen_has(screen, "ended, 4,096 of 4,096 bytes read"));
	assert_true(ui_screen_has(screen, "permission denied"));
	assert_true(ui_screen_has(screen, "pay^[[2Jments.log"));
	assert_true(ui_screen_has(screen, "2 unparsed, 0 late, 0 cut, 0 lost"));
}

/* How much a source will ever hold is not for a replay to tell. */
static void sources__tell_nothing_of_the_future__in_a_replay(void **state)
{
	struct ui_screen *screen = *state;
	screen->fixture.snapshot.replaying = true;
	screen->fixture.snapshot.loss.unparsed = 1;
	ui_fixture_horizon(&screen->fixture, 30);
	ui_screen_keys(screen, ": =sources Enter");
	assert_true(ui_screen_has(screen, "checkout-incident.csv"));
	assert_true(ui_screen_has(screen, "csv"));
	assert_true(ui_screen_has(screen, "30 up to 20:40"));
	assert_true(ui_screen_has(screen, "1 unparsed, 0 late"));
	assert_false(ui_screen_has(screen, "2 unparsed"));
	assert_false(ui_screen_has(screen, "4,096"));
	assert_false(ui_screen_has(screen, " lines,"));
}

static void help__tells_how_to_read_the_screen(void **state)
{
	struct ui_screen *screen = *state;
	static const char *const signs[] = { "84 W+", "253", "▲4+18", "1 2 3", "16", "× 9", "T D I W E F ?" };
	ui_screen_keys(screen, "? G");
	assert_true(ui_screen_has(screen, "reading the screen"));
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		assert_true(ui_screen_has(screen, signs[i]));
}

static void titles__have_no_empty_part__and_cut_what_is_long(void **state)
{
	struct ui_screen *screen = *state;
	screen->fixture.tickets[0].state = screen->fixture.tickets[1].state = TICKET_ASSIGNED;
	screen->fixture.snapshot.analyst_state = ANALYST_IDLE;
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "tickets · 2 open"));
	assert_false(ui_screen_has(screen, "·  ·"));
	ui_screen_keys(screen, "& =since:2025-05-17T20:40:00_until:2025-05-17T20:41:30_level>=error Enter");
	assert_true(ui_screen_has(screen, "tail · since:2025-05-1… · "));
	assert_true(ui_screen_has(screen, " of 64"));
	ui_screen_keys(screen, "k");
	assert_true(ui_screen_has(screen, "tail · since:2025-05-1…"));
}

static void below__stands_in_the_title__and_covers_no_record(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "g");
	const char *title = ui_screen_row(screen, 7);
	assert_non_null(strstr(title, "▸ tail · everything"));
	assert_non_null(strstr(title, "34 below  G ↓"));
	assert_null(strstr(ui_screen_row(screen, 37), "below"));
	ui_screen_keys(screen, "G");
	assert_false(ui_screen_has(screen, "below"));
}

static void ascii__paints_ascii_only(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "k");
	screen->fixture.snapshot.replaying = true;
	ui_screen_show(screen);
	for (const char *at = ui_screen_text(screen); *at; at++)
		assert_true((unsigned char)*at < 0x80);
	assert_true(ui_screen_has(screen, "> tail"));
}

static void paint__is_pure(void **state)
{
	struct ui_screen *screen = *state;
	static const char *const keys[] = { "", "k", "?", "Esc", "i =abc", "Esc", "z", "Tab" };
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		ui_screen_keys(screen, keys[i]);
		char *first = strdup(ui_screen_text(screen));
		console_paint(screen->console, &screen->grid);
		assert_string_equal(ui_screen_text(screen), first);
		free(first);
	}
}

static void message__stands_above_the_prompt__until_a_key(void **state)
{
	struct ui_screen *screen = *state;
	console_message(screen->console, true, "the disk is \033[31mfull");
	ui_screen_show(screen);
	assert_string_equal(ui_screen_row(screen, 37), " the disk is ^[[31mfull");
	ui_screen_keys(screen, "j");
	assert_false(ui_screen_has(screen, "the disk is"));
}

static void message__is_wrapped__and_a_fault_stays_in_sight(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_resize(screen, 60, 24);
	console_message(screen->console, false,
		"the replay has come to 20:41:00 and nothing later may be seen yet: > goes on to the next finding");
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, " the replay has come to"));
	assert_true(ui_screen_has(screen, "next finding"));
	ui_screen_keys(screen, "& =service:orders-db,inventory,payment,gateway_since:10m_timeout_level>=wrong Enter");
	int y = ui_screen_find(screen, "level>=wrong");
	assert_true(y > 0 && y < 22);
	const char *fault = strstr(ui_screen_row(screen, y), "wrong");
	assert_non_null(fault);
	size_t cells = utf8_shown_width((struct slice){ ui_screen_row(screen, y),
		(size_t)(strstr(ui_screen_row(screen, y), "wrong") - ui_screen_row(screen, y)) });
	const char *caret = strchr(ui_screen_row(screen, y + 1), '^');
	assert_non_null(caret);
	assert_int_equal(caret - ui_screen_row(screen, y + 1), cells);
	assert_true(ui_screen_has(screen, "'wrong' is no level"));
}

/* The one slow thing a person would feel: a frame of a big screen over a long log. Generous, since the machine is
 * shared. */
static void frame__of_a_big_screen__takes_milliseconds(void **state)
{
	struct ui_screen *screen = *state;
	for (int i = 0; i < 50000; i++)
		ui_fixture_append(&screen->fixture, (200 + i) * TIMESTAMP_SECOND, "gateway", LEVEL_ERROR,
			slice_of("POST /checkout 502"));
	ui_fixture_horizon(&screen->fixture, UINT64_MAX);
	ui_screen_resize(screen, 200, 50);
	clock_t begin = clock();
	for (int i = 0; i < 20; i++)
		ui_screen_show(screen);
	assert_true((clock() - begin) / 20 < CLOCKS_PER_SEC / 20);
}

#define SCREEN(test) cmocka_unit_test_setup_teardown(test, open_screen, close_screen)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCREEN(every_size__shows_the_main_things),
		SCREEN(too_small__says_so_and_comes_back),
		SCREEN(any_key_at_any_size__is_survived),
		SCREEN(status__tells_of_replay_loss_and_failed_sources),
		SCREEN(hints__follow_focus_and_mode__and_are_never_cut),
		SCREEN(zoom__gives_one_pane_the_screen__and_tab_hands_it_on),
		SCREEN(help__lists_every_action),
		SCREEN(sources__says_what_became_of_each),
		SCREEN(sources__tell_nothing_of_the_future__in_a_replay),
		SCREEN(help__tells_how_to_read_the_screen),
		SCREEN(titles__have_no_empty_part__and_cut_what_is_long),
		SCREEN(below__stands_in_the_title__and_covers_no_record),
		cmocka_unit_test_setup_teardown(ascii__paints_ascii_only, open_ascii, close_screen),
		SCREEN(paint__is_pure),
		SCREEN(message__stands_above_the_prompt__until_a_key),
		SCREEN(message__is_wrapped__and_a_fault_stays_in_sight),
		SCREEN(frame__of_a_big_screen__takes_milliseconds),
	};
	return cmocka_run_group_tests_name("ui/screen", tests, NULL, NULL);
}
