/*
 * The tickets: as much of each as there is room for, and a selection that stays with its ticket.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "unit/ui/view_scene.h"

static int setup(void **state)
{
	return scene_open(state, PANE_TICKETS);
}

static void a_ticket__has_three_rows_two_or_one__as_there_is_room(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 40, 6);
	assert_string_equal(scene_row(scene, 0), "▸ T-7 proposed orders-db            × 5");
	assert_string_equal(scene_row(scene, 1), "      critical · cannot obtain connect…");
	assert_string_equal(scene_row(scene, 2), "      → dana  owns orders*");
	assert_string_equal(scene_row(scene, 3), "  T-8 proposed payment              × 1");
	assert_int_equal(scene_cell(scene, 2, 0)->role, ROLE_TICKET_PROPOSED);
	scene_paint(scene, 40, 5);
	assert_string_equal(scene_row(scene, 1), "      cannot obtain connection, giving…");
	assert_string_equal(scene_row(scene, 2), "  T-8 proposed payment              × 1");
	scene_paint(scene, 40, 3);
	assert_string_equal(scene_row(scene, 1), "  T-8 proposed payment              × 1");
}

static void a_closed_ticket__has_one_row(void **state)
{
	struct scene *scene = *state;
	scene->fixture.tickets[1].state = TICKET_RESOLVED;
	scene_paint(scene, 40, 4);
	assert_string_equal(scene_row(scene, 2), "      → dana  owns orders*");
	assert_string_equal(scene_row(scene, 3), "  T-8 resolved payment              × 1");
	assert_int_equal(scene_cell(scene, 15, 3)->role, ROLE_TICKET_CLOSED);
	assert_string_equal(scene_title(scene), "1 proposed · 1 closed");
}

static void title__counts_by_state(void **state)
{
	struct scene *scene = *state;
	assert_string_equal(scene_title(scene), "2 proposed");
	scene->fixture.tickets[0].state = TICKET_ASSIGNED;
	assert_string_equal(scene_title(scene), "1 proposed · 1 open");
	scene->fixture.snapshot.ticket_count = 0;
	assert_string_equal(scene_title(scene), "none");
}

static void the_title__does_not_repeat_the_service(void **state)
{
	struct scene *scene = *state;
	snprintf(scene->fixture.tickets[0].title, sizeof(scene->fixture.tickets[0].title), "orders-db: giving up");
	snprintf(scene->fixture.tickets[1].title, sizeof(scene->fixture.tickets[1].title), "payments: late");
	scene_paint(scene, 34, 6);
	assert_string_equal(scene_row(scene, 1), "      giving up");
	assert_string_equal(scene_row(scene, 4), "      payments: late");
}

/* Approved, T-7 goes below T-8: the next key must still mean T-7. */
static void selection__stays_with_its_ticket__when_the_order_changes(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 40, 6);
	assert_int_equal(state_ticket(&scene->state)->id, 7);
	const struct ticket *first = scene->fixture.shown[0];
	scene->fixture.shown[0] = scene->fixture.shown[1];
	scene->fixture.shown[1] = first;
	scene_paint(scene, 40, 6);
	assert_int_equal(state_ticket(&scene->state)->id, 7);
	assert_string_equal(scene_cell(scene, 0, 3)->text, "▸");
	/* A ticket that is gone leaves the selection on one that is there. */
	scene->fixture.snapshot.ticket_count = 1;
	scene_paint(scene, 40, 6);
	assert_int_equal(state_ticket(&scene->state)->id, 8);
	scene->fixture.snapshot.ticket_count = 0;
	scene_paint(scene, 40, 6);
	assert_null(state_ticket(&scene->state));
	assert_non_null(strstr(scene_row(scene, 0), "none yet"));
}

static void moving__disarms_an_approval(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 40, 6);
	scene->state.tickets.armed = true;
	scene_do(scene, ACTION_DOWN);
	assert_false(scene->state.tickets.armed);
	assert_int_equal(state_ticket(&scene->state)->id, 8);
	scene_paint(scene, 40, 6);
	assert_int_equal(scene_cell(scene, 8, 5)->ground, ROLE_SELECTION);
	assert_false(scene_do(scene, ACTION_APPROVE));
	assert_false(scene_do(scene, ACTION_OPEN_ITEM));
}

static void many_tickets__scroll(void **state)
{
	struct scene *scene = *state;
	static struct ticket tickets[50];
	static const struct ticket *shown[50];
	for (int i = 0; i < 50; i++) {
		tickets[i] = scene->fixture.tickets[0];
		tickets[i].id = 100 + i;
		shown[i] = &tickets[i];
	}
	scene->fixture.snapshot.tickets = shown;
	scene->fixture.snapshot.ticket_count = 50;
	scene_paint(scene, 40, 6);
	scene_do(scene, ACTION_BOTTOM);
	scene_paint(scene, 40, 6);
	assert_non_null(strstr(scene_row(scene, 5), "T-149"));
	assert_non_null(strstr(scene_row(scene, 0), "T-144"));
}

static void the_time_cursor__selects_the_ticket_of_its_moment(void **state)
{
	struct scene *scene = *state;
	struct ticket *second = &scene->fixture.tickets[1];
	scene_paint(scene, 40, 6);
	scene->state.tickets.armed = true;
	scene->state.focus = PANE_TIMELINE;
	scene->state.cursor_time = second->first;
	second->last = second->first + TIMESTAMP_MINUTE;
	scene_paint(scene, 40, 6);
	assert_string_equal(scene_row(scene, 3), "▸ T-8 proposed payment              × 1┃");
	assert_false(scene->state.tickets.armed); /* a second key would mean another ticket */
	/* Under hands that are on the tickets nothing moves. */
	scene->state.focus = PANE_TICKETS;
	scene->state.cursor_time = scene->fixture.tickets[0].first;
	scene_paint(scene, 40, 6);
	assert_int_equal(scene->state.tickets.id, second->id);
}

static void hostile_text__is_made_safe__at_any_size(void **state)
{
	struct scene *scene = *state;
	struct ticket *ticket = &scene->fixture.tickets[0];
	snprintf(ticket->title, sizeof(ticket->title), "\033]0;x\a \xff\n\xe2\x80\xae");
	snprintf(ticket->service, sizeof(ticket->service), "\033[31m");
	snprintf(ticket->assignee, sizeof(ticket->assignee), "\r\b");
	ticket->count = UINT64_MAX;
	for (int ascii = 0; ascii < 2; ascii++) {
		scene->ascii = ascii;
		for (int width = 1; width <= 90; width += width < 12 ? 1 : 9) {
			for (int height = 1; height <= 8; height++) {
				scene_paint(scene, width, height);
				scene_assert_safe(scene);
			}
		}
	}
}

#define TICKETS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, scene_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TICKETS_TEST(a_ticket__has_three_rows_two_or_one__as_there_is_room),
		TICKETS_TEST(a_closed_ticket__has_one_row),
		TICKETS_TEST(title__counts_by_state),
		TICKETS_TEST(the_title__does_not_repeat_the_service),
		TICKETS_TEST(selection__stays_with_its_ticket__when_the_order_changes),
		TICKETS_TEST(moving__disarms_an_approval),
		TICKETS_TEST(many_tickets__scroll),
		TICKETS_TEST(the_time_cursor__selects_the_ticket_of_its_moment),
		TICKETS_TEST(hostile_text__is_made_safe__at_any_size),
	};
	return cmocka_run_group_tests_name("view_tickets", tests, NULL, NULL);
}
