/*
 * What a prompt offers when it opens, what a message says beside it, and where typed names and times lead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "support/ui_screen.h"

#define TO_TICKETS "S-Tab" /* from the tail */

enum { PROMPT_ROW = 43 };

static int open_screen(void **state)
{
	struct ui_screen *screen = malloc(sizeof(*screen));
	*state = screen;
	return !screen || ui_screen_open(screen, 160, 45, false) != 0;
}

static int close_screen(void **state)
{
	ui_screen_close(*state);
	free(*state);
	return 0;
}

static void assert_text(struct intent intent, const char *text)
{
	assert_true(slice_is(intent.text, text));
}

/* The cell at which `text` begins in the prompt's row. */
static const struct cell *cell_of(struct ui_screen *screen, const char *text)
{
	for (int x = 0; x + 1 < 160; x++) {
		const struct cell *cell = grid_cell(&screen->grid, x, PROMPT_ROW);
		if (cell->text[0] == text[0] && cell[1].text[0] == text[1])
			return cell;
	}
	fail_msg("the prompt lacks %s: %s", text, ui_screen_row(screen, PROMPT_ROW));
	return NULL;
}

static void an_offer__gives_way_to_what_is_typed__or_is_taken(void **state)
{
	static const struct {
		const char *keys, *person;
	} cases[] = {
		{ "A Enter", "dana" },
		{ "A =bob Enter", "bob" },
		{ "A Tab Enter", "dana" },
		{ "A Right =2 Enter", "dana2" },
		{ "A Backspace =le Tab Enter", "lee" },
		{ "A Home Delete =D Enter", "Dana" },
		{ "A C-u =le Tab Enter", "lee" },
	};
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ui_screen_keys(screen, cases[i].keys);
		struct intent intent = ui_screen_intent(screen);
		assert_int_equal(intent.ticket_action, TICKET_ASSIGN);
		assert_text(intent, cases[i].person);
	}
}

static void an_offer__is_faint__with_the_cursor_before_it(void **state)
{
	struct ui_screen *screen = *state;
	int x, y;
	ui_screen_keys(screen, TO_TICKETS " A");
	assert_int_equal(cell_of(screen, "dana")->role, ROLE_DIM);
	console_text_cursor(screen->console, &x, &y);
	assert_ptr_equal(grid_cell(&screen->grid, x, y), cell_of(screen, "dana"));
	assert_true(ui_screen_has(screen, "type to replace it"));
	ui_screen_keys(screen, "Right");
	assert_int_equal(cell_of(screen, "dana")->role, ROLE_DEFAULT);
	console_text_cursor(screen->console, &x, &y);
	assert_ptr_equal(grid_cell(&screen->grid, x - 4, y), cell_of(screen, "dana"));
	assert_false(ui_screen_has(screen, "type to replace it"));
}

static void edit__offers_the_title__and_keeps_the_field(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS " C-e");
	assert_int_equal(cell_of(screen, "title")->role, ROLE_DEFAULT);
	assert_int_equal(cell_of(screen, "cannot")->role, ROLE_DIM);
	ui_screen_keys(screen, "=New_title Enter");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_TICKET_EDIT);
	assert_true(slice_is(intent.field, "title"));
	assert_text(intent, "New title");
	ui_screen_keys(screen, "C-e End =! Enter");
	assert_text(ui_screen_intent(screen), "cannot obtain connection, giving up!");
}

static void filter_and_search__stand_selected__until_a_key(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "& =level>=error Enter &");
	assert_int_equal(cell_of(screen, "level")->ground, ROLE_SELECTION);
	ui_screen_keys(screen, "=pool Enter");
	assert_true(ui_screen_has(screen, "tail · pool ·"));
	ui_screen_keys(screen, "& End");
	assert_int_equal(cell_of(screen, "pool")->ground, ROLE_DEFAULT);
	ui_screen_keys(screen, "=_level>=error Enter");
	assert_true(ui_screen_has(screen, "tail · pool level>=error ·"));
	ui_screen_keys(screen, "& Backspace Enter");
	assert_true(ui_screen_has(screen, "tail · everything ·"));
	ui_screen_keys(screen, "/ =pool Enter / =lost Enter");
	assert_true(ui_screen_has(screen, "/lost"));
	ui_screen_keys(screen, "/");
	assert_int_equal(cell_of(screen, "lost")->ground, ROLE_SELECTION);
	ui_screen_keys(screen, "Esc");
	assert_true(ui_screen_has(screen, "/lost"));
}

static void a_stranger_to_the_roster__is_named(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS " A =bob Enter");
	assert_true(ui_screen_has(screen, "bob is not in the roster"));
	ui_screen_keys(screen, "A =lee Enter");
	assert_false(ui_screen_has(screen, "is not in the roster"));
	ui_screen_keys(screen, "C-e C-u =assignee_eve Enter");
	assert_true(ui_screen_has(screen, "eve is not in the roster"));
}

static void without_a_desk__the_pane_says_so(void **state)
{
	struct ui_screen *screen = *state;
	screen->fixture.snapshot.tickets_kept = false;
	screen->fixture.snapshot.ticket_count = 0;
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "tickets · not kept"));
	assert_true(ui_screen_has(screen, "tickets are not kept in this run"));
	assert_false(ui_screen_has(screen, "none yet"));
	screen->fixture.snapshot.tickets_kept = true;
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "none yet"));
}

static void a_key_of_another_pane__says_where_it_works(void **state)
{
	static const struct {
		const char *key, *words;
	} cases[] = {
		{ "a", "a (approve) works in the tickets pane: Tab goes there" },
		{ "x", "x (reject) works in the tickets pane" },
		{ "A", "A (assign) works in the tickets pane" },
		{ "C-e", "C-e (edit) works in the tickets pane" },
		{ "o", "o (only-service) works in the services pane" },
		{ "r", "r (analyze) works in the analyst pane" },
	};
	struct ui_screen *screen = *state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ui_screen_keys(screen, cases[i].key);
		assert_true(ui_screen_has(screen, cases[i].words));
		assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	}
	ui_screen_keys(screen, "Q");
	assert_false(ui_screen_has(screen, " works in the "));
	ui_screen_keys(screen, TO_TICKETS " e");
	assert_false(ui_screen_has(screen, " works in the "));
}

static void close__knows_a_source_by_its_last_part__unless_two_share_it(void **state)
{
	static const struct {
		const char *keys, *name;
	} cases[] = {
		{ ": =close_check Tab Enter", "/var/log/checkout.csv" },
		{ ": =close_checkout.csv Enter", "/var/log/checkout.csv" },
		{ ": =close_/var/log/ch Tab Enter", "/var/log/checkout.csv" },
		{ ": =close_/srv/a/api.log Enter", "/srv/a/api.log" },
		{ ": =close_/srv/b Tab Enter", "/srv/b/api.log" },
		{ ": =close_exec:dmesg_ Tab Enter", "exec:dmesg -w" },
		{ ": =close_elsewhere Enter", "elsewhere" },
	};
	static const char *const names[] = { "/var/log/checkout.csv", "/srv/a/api.log", "/srv/b/api.log",
		"exec:dmesg -w" };
	struct ui_screen *screen = *state;
	struct snapshot_source sources[4] = { 0 };
	for (size_t i = 0; i < 4; i++)
		slice_copy(slice_of(names[i]), sources[i].name, sizeof(sources[i].name));
	screen->fixture.snapshot.sources = sources;
	screen->fixture.snapshot.source_count = 4;
	ui_screen_show(screen);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ui_screen_keys(screen, cases[i].keys);
		struct intent intent = ui_screen_intent(screen);
		assert_int_equal(intent.kind, INTENT_CLOSE);
		assert_text(intent, cases[i].name);
	}
	ui_screen_keys(screen, ": =close_api.log Enter");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	assert_true(ui_screen_has(screen, "2 sources are called api.log: write more of the path"));
}

static void goto__outside_the_log__says_so_and_stays(void **state)
{
	struct ui_screen *screen = *state;
	int64_t before = console_cursor_time(screen->console);
	ui_screen_keys(screen, "t =23:59 Enter");
	assert_true(ui_screen_has(screen, "23:59 lies outside the log (20:39:00 – 20:41:39)"));
	assert_int_equal(console_cursor_time(screen->console), before);
	ui_screen_keys(screen, "C-u =2024-05-17T20:40:00 Enter");
	assert_true(ui_screen_has(screen, "lies outside the log (2025-05-17 20:39:00 – 2025-05-17 20:41:39)"));
	/* A minute is all of it. */
	screen->fixture.snapshot.extent.from += 30 * TIMESTAMP_SECOND;
	ui_screen_keys(screen, "C-u =20:39 Enter");
	assert_int_equal(console_cursor_time(screen->console), screen->fixture.snapshot.extent.from);
	screen->fixture.snapshot.extent = (struct window){ 0, 0 };
	ui_screen_keys(screen, "t =20:40 Enter");
	assert_true(ui_screen_has(screen, "the log has no times yet"));
}

static void goto__of_evidence_that_is_not_there__says_so(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "t =E5 Enter");
	assert_true(ui_screen_has(screen, "there is no E5: the evidence ends with E4"));
	ui_screen_keys(screen, "C-u =E99999999999 Enter");
	assert_true(ui_screen_has(screen, "there is no E99999999999"));
	screen->fixture.snapshot.evidence = NULL;
	ui_screen_keys(screen, "C-u =E1 Enter");
	assert_true(ui_screen_has(screen, "there is no evidence yet"));
}

#define PROMPT_TEST(test) cmocka_unit_test_setup_teardown(test, open_screen, close_screen)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROMPT_TEST(an_offer__gives_way_to_what_is_typed__or_is_taken),
		PROMPT_TEST(an_offer__is_faint__with_the_cursor_before_it),
		PROMPT_TEST(edit__offers_the_title__and_keeps_the_field),
		PROMPT_TEST(filter_and_search__stand_selected__until_a_key),
		PROMPT_TEST(a_stranger_to_the_roster__is_named),
		PROMPT_TEST(without_a_desk__the_pane_says_so),
		PROMPT_TEST(a_key_of_another_pane__says_where_it_works),
		PROMPT_TEST(close__knows_a_source_by_its_last_part__unless_two_share_it),
		PROMPT_TEST(goto__outside_the_log__says_so_and_stays),
		PROMPT_TEST(goto__of_evidence_that_is_not_there__says_so),
	};
	return cmocka_run_group_tests_name("ui/prompt", tests, NULL, NULL);
}
