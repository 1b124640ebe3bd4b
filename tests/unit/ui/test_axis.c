/*
 * Times on columns: round ticks that say where they stand, in any zone, at any scale.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ui/axis.h"

#define START INT64_C(1747514340000000000) /* 2025-05-17T20:39:00Z */

static struct grid grid;

static const char *paint(struct window window, int columns, const struct zone *zone)
{
	static struct buffer text;
	struct axis axis = axis_of(window, columns);
	buffer_release(&text);
	buffer_init(&text, 8192);
	assert_int_equal(grid_resize(&grid, columns, 1), 0);
	struct canvas canvas = canvas_of(&grid, false);
	axis_paint(&axis, &canvas, 0, zone);
	grid_row_text(&grid, 0, &text);
	return buffer_string(&text);
}

static void columns__cover_the_window__and_invert(void **state)
{
	(void)state;
	struct window window = { START, START + 787 * TIMESTAMP_SECOND + 1 };
	struct axis axis = axis_of(window, 150);
	for (int x = 0; x < 150; x++) {
		int64_t time = axis_time(&axis, x);
		if (time < window.to)
			assert_int_equal(axis_column(&axis, time), x);
	}
	assert_int_equal(axis_column(&axis, START - 1), -1);
	assert_int_equal(axis_column(&axis, window.to), 150);
	assert_int_equal(axis_column(&axis, window.to - 1), 149);
	assert_int_equal(axis_time(&axis, 0), START);
	assert_int_equal(axis_time(&axis, 1000), window.to);
}

static void axis__has_no_columns__when_no_time_is_known(void **state)
{
	(void)state;
	struct axis axis = axis_of((struct window){ START, START }, 80);
	assert_int_equal(axis.columns, 0);
	assert_int_equal(axis_column(&axis, START), -1);
	assert_string_equal(paint((struct window){ 0, 0 }, 80, NULL), "");
}

/* Every label stands in the column of the time it names, and two blanks at least lie between. */
static void ticks__stand_where_they_say__at_any_width(void **state)
{
	(void)state;
	struct window window = { START + 7 * TIMESTAMP_SECOND, START + 800 * TIMESTAMP_SECOND };
	for (int columns = 1; columns <= 300; columns++) {
		const char *row = paint(window, columns, NULL);
		struct axis axis = axis_of(window, columns);
		int labels = 0;
		for (size_t i = 0; row[i] != '\0';) {
			if (row[i] == ' ') {
				i++;
				continue;
			}
			size_t size = strcspn(row + i, " ");
			int64_t time;
			assert_true(timestamp_parse_clock((struct slice){ row + i, size }, window.to, NULL, &time));
			assert_int_equal(axis_column(&axis, time), (int)i);
			i += size;
			labels++;
			assert_true(row[i] == '\0' || row[i + 1] == ' ');
		}
		assert_true(columns < 40 || labels >= 2);
	}
}

static void ticks__are_round_on_the_clocks_of_the_zone(void **state)
{
	(void)state;
	struct zone zone = { .offset_seconds = 5 * 3600 + 45 * 60, .name = "+05:45" };
	const char *row = paint((struct window){ START, START + 6 * TIMESTAMP_HOUR }, 70, &zone);
	assert_non_null(strstr(row, "03:00"));
	assert_non_null(strstr(row, "08:00"));
}

static void midnight__names_the_day_that_begins(void **state)
{
	(void)state;
	assert_non_null(strstr(paint((struct window){ START, START + 6 * TIMESTAMP_HOUR }, 70, NULL), "05-18"));
}

/* On the last Sunday of March clocks go from 02:00 to 03:00; ticks stay round on both sides. */
static void ticks__stay_round__when_clocks_change(void **state)
{
	(void)state;
	struct zone zone = { .system = true, .name = "CET" };
	int64_t from;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	assert_true(timestamp_parse(slice_of("2025-03-29T12:00:00Z"), NULL, &from));
	const char *row = paint((struct window){ from, from + TIMESTAMP_DAY }, 60, &zone);
	assert_non_null(strstr(row, "18:00"));
	assert_non_null(strstr(row, "03-30"));
	assert_non_null(strstr(row, "06:00"));
	assert_null(strstr(row, "05:00"));
	unsetenv("TZ");
	tzset();
}

static void any_window__is_survived(void **state)
{
	(void)state;
	static const int64_t froms[] = { INT64_MIN + 1, -TIMESTAMP_DAY, 0, START, INT64_MAX - 10 };
	static const uint64_t spans[] = { 1, 10, 1000000, UINT64_C(1000000000), UINT64_C(86400000000000),
		UINT64_C(31536000000000000), UINT64_C(9000000000000000000), UINT64_MAX - 2 };
	for (size_t i = 0; i < sizeof(froms) / sizeof(froms[0]); i++) {
		for (size_t j = 0; j < sizeof(spans) / sizeof(spans[0]); j++) {
			uint64_t room = (uint64_t)INT64_MAX - (uint64_t)froms[i];
			uint64_t span = spans[j] < room ? spans[j] : room;
			struct window window = { froms[i], (int64_t)((uint64_t)froms[i] + span) };
			paint(window, 1, NULL);
			paint(window, 200, NULL);
		}
	}
}

static void a_taken_place__is_left_alone(void **state)
{
	(void)state;
	struct window window = { START, START + 600 * TIMESTAMP_SECOND };
	struct axis axis = axis_of(window, 100);
	assert_int_equal(grid_resize(&grid, 100, 1), 0);
	struct canvas canvas = canvas_of(&grid, false);
	int x = axis_column(&axis, START + 60 * TIMESTAMP_SECOND);
	canvas_string(&canvas, x + 3, 0, 1, ROLE_DEFAULT, "#");
	axis_paint(&axis, &canvas, 0, NULL);
	assert_string_equal(grid_cell(&grid, x, 0)->text, " ");
	assert_string_equal(grid_cell(&grid, x + 3, 0)->text, "#");
	assert_string_equal(grid_cell(&grid, axis_column(&axis, START + 180 * TIMESTAMP_SECOND), 0)->text, "2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns__cover_the_window__and_invert),
		cmocka_unit_test(axis__has_no_columns__when_no_time_is_known),
		cmocka_unit_test(ticks__stand_where_they_say__at_any_width),
		cmocka_unit_test(ticks__are_round_on_the_clocks_of_the_zone),
		cmocka_unit_test(midnight__names_the_day_that_begins),
		cmocka_unit_test(ticks__stay_round__when_clocks_change),
		cmocka_unit_test(any_window__is_survived),
		cmocka_unit_test(a_taken_place__is_left_alone),
	};
	return cmocka_run_group_tests_name("axis", tests, NULL, NULL);
}
