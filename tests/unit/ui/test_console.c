/*
 * Keys to intents and screens: approval, prompts, levels of Esc, focus and zoom, the palette.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "support/ui_screen.h"

static int open_sized(void **state, int columns, int rows)
{
	struct ui_screen *screen = malloc(sizeof(*screen));
	*state = screen;
	return !screen || ui_screen_open(screen, columns, rows, false) != 0;
}

static int open_wide(void **state)
{
	return open_sized(state, 160, 45);
}

static int open_narrow(void **state)
{
	return open_sized(state, 80, 24);
}

static int close_screen(void **state)
{
	ui_screen_close(*state);
	free(*state);
	return 0;
}

#define TO_TICKETS "S-Tab" /* from the tail in a wide layout */

static void assert_text(struct intent intent, const char *text)
{
	assert_true(slice_is(intent.text, text));
}

static void approve__needs_y_on_the_preview__nothing_else_approves(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS " a");
	assert_true(ui_screen_has(screen, "press y to approve T-7, e to edit, Esc to leave"));
	assert_true(ui_screen_has(screen, "Dana Reyes, dana@example.org"));
	assert_true(ui_screen_has(screen, "E1 checkout-incident.csv:42 pool exhausted"));
	ui_screen_keys(screen, "Enter a Enter Space j k a");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	ui_screen_keys(screen, "y");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_TICKET);
	assert_int_equal(intent.ticket, 7);
	assert_int_equal(intent.ticket_action, TICKET_APPROVE);
	assert_false(ui_screen_has(screen, "press y"));
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
}

static void approve__esc_leaves__and_y_outside_approves_nothing(void **state)
{
	struct ui_screen *screen = *state;
	struct intent intent;
	ui_screen_keys(screen, TO_TICKETS " a Esc y Enter y");
	while ((intent = ui_screen_intent(screen)).kind != INTENT_NONE)
		assert_int_not_equal(intent.kind, INTENT_TICKET);
}

static void approve__of_an_approved_ticket__is_refused_in_words(void **state)
{
	struct ui_screen *screen = *state;
	screen->fixture.tickets[0].state = TICKET_APPROVED;
	ui_screen_keys(screen, TO_TICKETS " a");
	assert_true(ui_screen_has(screen, "T-7 is approved"));
	ui_screen_keys(screen, "y");
	struct intent intent = ui_screen_intent(screen);
	assert_int_not_equal(intent.kind, INTENT_TICKET);
}

static void enter__opens_the_ticket_to_be_read__where_y_approves_nothing(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS " j Enter");
	assert_true(ui_screen_has(screen, "ticket T-8 · proposed"));
	assert_true(ui_screen_has(screen, "a approve · e edit"));
	ui_screen_keys(screen, "y Enter");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	ui_screen_keys(screen, "a y");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.ticket, 8);
	assert_int_equal(intent.ticket_action, TICKET_APPROVE);
}

static void copy__in_the_tickets_pane__takes_the_ticket(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS " y");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_COPY);
	assert_true(slice_starts(intent.text, "T-7 cannot obtain connection, giving up\n"));
	assert_int_not_equal(slice_find(intent.text, slice_of("E1 checkout-incident.csv:42")), SIZE_MAX);
}

static void reject__needs_a_reason(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS " x Enter");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	assert_true(ui_screen_has(screen, "a rejection needs a reason"));
	ui_screen_keys(screen, "=known_noise Enter");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_TICKET);
	assert_int_equal(intent.ticket_action, TICKET_REJECT);
	assert_int_equal(intent.ticket, 7);
	assert_text(intent, "known noise");
}

static void assign__offers_the_suggested_person__and_completes_others(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS " A");
	assert_true(ui_screen_has(screen, "assign to ▸ dana"));
	ui_screen_keys(screen, "Enter");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.ticket_action, TICKET_ASSIGN);
	assert_text(intent, "dana");
	ui_screen_keys(screen, "A C-u =le Tab Enter");
	assert_text(ui_screen_intent(screen), "lee");
}

static void edit__takes_field_and_value__with_newlines_written_out(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, TO_TICKETS " C-e");
	assert_true(ui_screen_has(screen, "title cannot obtain connection, giving up"));
	ui_screen_keys(screen, "C-u =ste Tab Tab");
	assert_true(ui_screen_has(screen, "steps look for sessions held for long\\nraise max_connections"));
	ui_screen_keys(screen, "C-u =bogus_1 Enter");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	ui_screen_keys(screen, "C-u =steps_one\\ntwo Enter");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_TICKET_EDIT);
	assert_true(slice_is(intent.field, "steps"));
	assert_text(intent, "one\ntwo");
}

static void palette__acts_on_the_selected_ticket__from_any_pane(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, ": =approve Enter");
	assert_true(ui_screen_has(screen, "press y to approve T-7"));
	ui_screen_keys(screen, "Esc : =reject_too_old Enter");
	assert_text(ui_screen_intent(screen), "too old");
}

static void palette__runs_commands__and_names_what_is_wrong(void **state)
{
	struct ui_screen *screen = *state;
	static const struct {
		const char *keys;
		enum intent_kind kind;
		const char *text;
	} cases[] = {
		{ ": =open_x.csv Enter", INTENT_OPEN, "x.csv" },
		{ ": =close_x.csv Enter", INTENT_CLOSE, "x.csv" },
		{ ": =set_detect.fatal-count_3 Enter", INTENT_SET, "detect.fatal-count 3" },
		{ ": =theme_light Enter", INTENT_THEME, "light" },
		{ ": =tz_+02:00 Enter", INTENT_ZONE, "+02:00" },
		{ ": =reload Enter", INTENT_RELOAD, "" },
		{ ": =ask_why? Enter", INTENT_ASK, "why?" },
		{ "i =how_many_errors Enter", INTENT_ASK, "how many errors" },
		{ ": =open Enter", INTENT_NONE, "" },
		{ "Esc : =nonsense Enter", INTENT_NONE, "" },
		{ "Esc : =quit Enter", INTENT_QUIT, "" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ui_screen_keys(screen, cases[i].keys);
		struct intent intent = ui_screen_intent(screen);
		assert_int_equal(intent.kind, cases[i].kind);
		assert_text(intent, cases[i].text);
		assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	}
}

static void palette__says__what_it_does_not_know(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, ": =nonsense Enter");
	assert_true(ui_screen_has(screen, "there is no command \"nonsense\""));
	ui_screen_keys(screen, "Esc : =open Enter");
	assert_true(ui_screen_has(screen, ":open needs SOURCE"));
}

static void tab__completes_names_services_and_levels(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, ": =them Tab");
	assert_true(ui_screen_has(screen, " : theme"));
	ui_screen_keys(screen, "C-u =filter_service:ord Tab");
	assert_true(ui_screen_has(screen, "filter service:orders-db"));
	ui_screen_keys(screen, "C-u =filter_level>=er Tab");
	assert_true(ui_screen_has(screen, "filter level>=error"));
	ui_screen_keys(screen, "C-u =s Tab");
	assert_true(ui_screen_has(screen, "search-next"));
}

static void prompt__takes_every_key__until_esc(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "i =q?:aA/");
	assert_true(ui_screen_has(screen, "ask ▸ q?:aA/"));
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	int x, y;
	console_text_cursor(screen->console, &x, &y);
	assert_int_equal(x, 13);
	assert_int_equal(y, 43);
	ui_screen_keys(screen, "Esc");
	console_text_cursor(screen->console, &x, &y);
	assert_int_equal(x, -1);
	ui_screen_keys(screen, "q");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_QUIT);
}

static void esc__takes_away_one_level__each(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "& =level>=error Enter / =pool Enter v k v z Enter");
	assert_true(ui_screen_has(screen, "as it was logged"));
	ui_screen_keys(screen, "Esc");
	assert_false(ui_screen_has(screen, "as it was logged"));
	assert_true(ui_screen_has(screen, "ERROR and worse · /pool"));
	ui_screen_keys(screen, "i =half Esc");
	assert_false(ui_screen_has(screen, "half"));
	ui_screen_keys(screen, "Esc"); /* the selection of time */
	assert_true(ui_screen_has(screen, "ERROR and worse · /pool"));
	ui_screen_keys(screen, "Esc");
	assert_false(ui_screen_has(screen, "/pool"));
	assert_true(ui_screen_has(screen, "ERROR and worse"));
	ui_screen_keys(screen, "Esc");
	assert_true(ui_screen_has(screen, "tail · everything"));
	assert_false(ui_screen_has(screen, "services ·"));
	ui_screen_keys(screen, "Esc"); /* the zoom */
	assert_true(ui_screen_has(screen, "services ·"));
	ui_screen_keys(screen, "Esc Esc");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
}

static void q__closes_overlay_and_zoom__before_it_quits(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "z ?");
	assert_true(ui_screen_has(screen, "keys and commands"));
	ui_screen_keys(screen, "q");
	assert_false(ui_screen_has(screen, "keys and commands"));
	assert_false(ui_screen_has(screen, "services ·"));
	ui_screen_keys(screen, "q");
	assert_true(ui_screen_has(screen, "services ·"));
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	ui_screen_keys(screen, "q");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_QUIT);
}

static void unbound_key__does_nothing(void **state)
{
	struct ui_screen *screen = *state;
	char *before = strdup(ui_screen_text(screen));
	ui_screen_keys(screen, "Q X Z ~ % 1 2");
	assert_string_equal(ui_screen_text(screen), before);
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	free(before);
}

static void tab__goes_through_the_side_panes__when_narrow(void **state)
{
	struct ui_screen *screen = *state;
	assert_true(ui_screen_has(screen, "▸ tail"));
	ui_screen_keys(screen, "Tab");
	assert_true(ui_screen_has(screen, "▸ errors a minute"));
	assert_false(ui_screen_has(screen, "▸ tail"));
	ui_screen_keys(screen, "Tab");
	assert_true(ui_screen_has(screen, "root cause: orders-db") || ui_screen_has(screen, "4 records of ERROR"));
	ui_screen_keys(screen, "Tab");
	assert_true(ui_screen_has(screen, "T-7"));
	ui_screen_keys(screen, "Tab");
	assert_true(ui_screen_has(screen, "▸ timeline"));
	assert_true(ui_screen_has(screen, "T-7")); /* the side pane stays */
	ui_screen_keys(screen, "Tab");
	assert_true(ui_screen_has(screen, "▸ tail"));
}

static void replay_keys__leave_as_intents__only_in_a_replay(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "p");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_NONE);
	assert_true(ui_screen_has(screen, "this is no replay"));
	screen->fixture.snapshot.replaying = true;
	ui_screen_show(screen);
	ui_screen_keys(screen, "p ] [ . >");
	static const struct {
		enum intent_kind kind;
		double number;
	} wanted[] = { { INTENT_REPLAY_PAUSE, 0 }, { INTENT_REPLAY_SPEED, 2 }, { INTENT_REPLAY_SPEED, 0.5 },
		{ INTENT_REPLAY_STEP, 1 }, { INTENT_REPLAY_FINDING, 1 } };
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct intent intent = ui_screen_intent(screen);
		assert_int_equal(intent.kind, wanted[i].kind);
		assert_true(intent.number == wanted[i].number);
	}
}

static void goto__moves_the_cursor_of_all_panes__or_the_clock(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "t =20:41:07 Enter");
	assert_int_equal(console_cursor_time(screen->console), UI_FIXTURE_START + 127 * TIMESTAMP_SECOND);
	ui_screen_keys(screen, "t =sometime Enter");
	assert_true(ui_screen_has(screen, "is no time"));
	screen->fixture.snapshot.replaying = true;
	ui_fixture_horizon(&screen->fixture, 30);
	ui_screen_keys(screen, "C-u =20:41:20 Enter");
	struct intent intent = ui_screen_intent(screen);
	assert_int_equal(intent.kind, INTENT_REPLAY_SEEK);
	assert_int_equal(intent.time, UI_FIXTURE_START + 140 * TIMESTAMP_SECOND);
}

static void goto__shows_evidence__and_enter_goes_where_it_stands(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "t =E2 Enter");
	assert_true(ui_screen_has(screen, "evidence E2"));
	assert_true(ui_screen_has(screen, "reserve failed: db timeout after 5000 ms"));
	ui_screen_keys(screen, "Enter");
	assert_false(ui_screen_has(screen, "evidence E2"));
	assert_int_equal(console_cursor_time(screen->console), UI_FIXTURE_START + INT64_C(132530000000));
	ui_screen_keys(screen, "t =E4 Enter");
	assert_true(ui_screen_has(screen, "4 x ERROR in gateway"));
	ui_screen_keys(screen, "Enter");
	assert_true(ui_screen_has(screen, "service:gateway level>=error"));
	assert_true(ui_screen_has(screen, "4 of 64"));
	ui_screen_keys(screen, "t =E99 Enter");
	assert_true(ui_screen_has(screen, "there is no E99"));
}

static void terminal_keys__work_in_every_mode(void **state)
{
	struct ui_screen *screen = *state;
	ui_screen_keys(screen, "i C-z C-l");
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_SUSPEND);
	assert_int_equal(ui_screen_intent(screen).kind, INTENT_REPAINT);
	ui_screen_keys(screen, "Esc F2 F2");
	assert_true(ui_screen_intent(screen).number == 1);
	assert_true(ui_screen_intent(screen).number == 0);
}

static void filter_before_the_first_log__is_applied_with_it(void **state)
{
	struct ui_screen *screen = *state;
	console_destroy(screen->console);
	screen->console = console_create(&(struct console_options){ .ascii = false });
	assert_non_null(screen->console);
	assert_int_equal(console_set_filter(screen->console, slice_of("level>=error"), NULL), 0);
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "ERROR and worse"));
	struct error error = { 0 };
	assert_int_not_equal(console_set_filter(screen->console, slice_of("level>=bogus"), &error), 0);
	assert_true(strlen(error.text) > 0);
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "ERROR and worse"));
}

static void filter_by_duration__waits_until_the_log_is_read(void **state)
{
	struct ui_screen *screen = *state;
	console_destroy(screen->console);
	screen->console = console_create(&(struct console_options){ .ascii = false });
	assert_non_null(screen->console);
	assert_int_equal(console_set_filter(screen->console, slice_of("since:10s"), NULL), 0);
	screen->fixture.snapshot.indexing = true;
	ui_fixture_horizon(&screen->fixture, 0);
	ui_screen_show(screen);
	ui_fixture_horizon(&screen->fixture, UINT64_MAX);
	screen->fixture.snapshot.indexing = false;
	ui_screen_show(screen);
	assert_true(ui_screen_has(screen, "since:10s"));
	assert_true(ui_screen_has(screen, "6 of 64"));
}

#define WIDE(test) cmocka_unit_test_setup_teardown(test, open_wide, close_screen)
#define NARROW(test) cmocka_unit_test_setup_teardown(test, open_narrow, close_screen)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIDE(approve__needs_y_on_the_preview__nothing_else_approves),
		WIDE(approve__esc_leaves__and_y_outside_approves_nothing),
		WIDE(approve__of_an_approved_ticket__is_refused_in_words),
		WIDE(enter__opens_the_ticket_to_be_read__where_y_approves_nothing),
		WIDE(copy__in_the_tickets_pane__takes_the_ticket),
		WIDE(reject__needs_a_reason),
		WIDE(assign__offers_the_suggested_person__and_completes_others),
		WIDE(edit__takes_field_and_value__with_newlines_written_out),
		WIDE(palette__acts_on_the_selected_ticket__from_any_pane),
		WIDE(palette__runs_commands__and_names_what_is_wrong),
		WIDE(palette__says__what_it_does_not_know),
		WIDE(tab__completes_names_services_and_levels),
		WIDE(prompt__takes_every_key__until_esc),
		WIDE(esc__takes_away_one_level__each),
		WIDE(q__closes_overlay_and_zoom__before_it_quits),
		WIDE(unbound_key__does_nothing),
		NARROW(tab__goes_through_the_side_panes__when_narrow),
		WIDE(replay_keys__leave_as_intents__only_in_a_replay),
		WIDE(goto__moves_the_cursor_of_all_panes__or_the_clock),
		WIDE(goto__shows_evidence__and_enter_goes_where_it_stands),
		WIDE(terminal_keys__work_in_every_mode),
		WIDE(filter_before_the_first_log__is_applied_with_it),
		WIDE(filter_by_duration__waits_until_the_log_is_read),
	};
	return cmocka_run_group_tests_name("ui/console", tests, NULL, NULL);
}
