/*
 * The layout at every size.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tocsin/ui/layout.h"

static void cover(unsigned char *cells, int columns, int rows, struct rectangle area)
{
	if (area.height == 0 || area.width == 0)
		return;
	assert_true(area.x >= 0 && area.y >= 0 && area.width > 0 && area.height > 0);
	assert_true(area.x + area.width <= columns && area.y + area.height <= rows);
	for (int y = area.y; y < area.y + area.height; y++) {
		unsigned char *row = cells + (size_t)y * (size_t)columns + (size_t)area.x;
		for (int x = 0; x < area.width; x++)
			row[x]++;
	}
}

/* Every cell belongs to exactly one rectangle or separator. */
static void assert_tiled(const struct layout *layout, int columns, int rows)
{
	size_t count = (size_t)columns * (size_t)rows;
	unsigned char *cells = calloc(count, 1);
	assert_non_null(cells);
	cover(cells, columns, rows, layout->status);
	cover(cells, columns, rows, layout->prompt);
	cover(cells, columns, rows, layout->hints);
	for (int i = 0; i < PANE_COUNT; i++)
		cover(cells, columns, rows, layout->panes[i]);
	for (int i = 0; i < 2; i++) {
		struct rectangle tail = layout->panes[PANE_TAIL];
		if (layout->separators[i] >= 0)
			cover(cells, columns, rows,
				(struct rectangle){ layout->separators[i], tail.y, 1, tail.height });
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(cells[i], 1);
	free(cells);
}

static void layout_compute__tiles_the_screen__at_every_size(void **state)
{
	(void)state;
	for (int columns = 40; columns <= 1000; columns += columns < 130 ? 1 : 29) {
		for (int rows = 10; rows <= 500; rows += rows < 60 ? 3 : 61) {
			struct layout layout =
				layout_compute(columns, rows, PANE_COUNT, (enum pane)(rows % PANE_COUNT), columns % 17);
			assert_false(layout.too_small);
			assert_int_equal(layout.wide, columns >= 120);
			assert_tiled(&layout, columns, rows);
			assert_int_equal(layout.status.height, 1);
			assert_int_equal(layout.prompt.height, 1);
			assert_true(layout.panes[PANE_TAIL].height >= 4);
			for (int pane = 0; pane < PANE_COUNT; pane++)
				assert_true(layout.panes[pane].height != 1);
		}
	}
}

static void layout_compute__keeps_the_tail_widest__when_wide(void **state)
{
	(void)state;
	for (int columns = 120; columns <= 400; columns++) {
		struct layout layout = layout_compute(columns, 50, PANE_COUNT, PANE_ANALYST, 8);
		const struct rectangle *panes = layout.panes;
		assert_true(panes[PANE_SERVICES].width >= 34);
		assert_true(panes[PANE_ANALYST].width >= 36);
		assert_true(panes[PANE_TAIL].width > panes[PANE_ANALYST].width);
		assert_true(panes[PANE_TAIL].width > panes[PANE_SERVICES].width);
		assert_int_equal(panes[PANE_TICKETS].height, 8);
	}
}

static void layout_compute__gives_zoom_everything__between_status_and_prompt(void **state)
{
	(void)state;
	static const int sizes[][2] = { { 40, 10 }, { 80, 24 }, { 119, 12 }, { 120, 40 }, { 1000, 500 } };
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (int pane = 0; pane < PANE_COUNT; pane++) {
			struct layout layout =
				layout_compute(sizes[i][0], sizes[i][1], (enum pane)pane, PANE_ANALYST, 8);
			struct rectangle area = layout.panes[pane];
			assert_int_equal(area.width, sizes[i][0]);
			assert_int_equal(area.y, 1);
			assert_int_equal(area.y + area.height, layout.prompt.y);
			assert_int_equal(layout.separators[0], -1);
			assert_tiled(&layout, sizes[i][0], sizes[i][1]);
		}
	}
}

static void layout_compute__shows_the_side_pane_asked_for__when_narrow(void **state)
{
	(void)state;
	static const enum pane sides[] = { PANE_SERVICES, PANE_TICKETS, PANE_ANALYST };
	for (size_t i = 0; i < 3; i++) {
		struct layout layout = layout_compute(80, 24, PANE_COUNT, sides[i], 8);
		for (size_t j = 0; j < 3; j++)
			assert_int_equal(layout.panes[sides[j]].height > 0, i == j);
	}
	assert_true(layout_compute(80, 24, PANE_COUNT, PANE_TAIL, 8).panes[PANE_ANALYST].height > 0);
}

static void layout_compute__says_too_small__below_40_by_10(void **state)
{
	(void)state;
	static const int sizes[][2] = { { 39, 10 }, { 40, 9 }, { 1, 1 }, { 0, 0 }, { -5, 7 } };
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_true(layout_compute(sizes[i][0], sizes[i][1], PANE_COUNT, PANE_ANALYST, 8).too_small);
}

static void layout_dump__names_the_rectangles__of_known_sizes(void **state)
{
	static const struct {
		int columns, rows;
		const char *text;
	} rows[] = {
		{ 40, 10,
			"narrow\n  status 40x1 at 0,0\n  timeline 40x2 at 0,1\n  tail 40x4 at 0,3\n  analyst 40x2 at "
			"0,7\n"
			"  prompt 40x1 at 0,9\n" },
		{ 80, 24,
			"narrow\n  status 80x1 at 0,0\n  timeline 80x3 at 0,1\n  tail 80x11 at 0,4\n  analyst 80x7 at "
			"0,15\n"
			"  prompt 80x1 at 0,22\n  hints 80x1 at 0,23\n" },
		{ 120, 40,
			"wide\n  status 120x1 at 0,0\n  timeline 120x6 at 0,1\n  services 34x23 at 0,7\n  tickets 34x8 "
			"at 0,30\n"
			"  tail 48x31 at 35,7\n  analyst 36x31 at 84,7\n  separator at 34\n  separator at 83\n"
			"  prompt 120x1 at 0,38\n  hints 120x1 at 0,39\n" },
		{ 200, 50,
			"wide\n  status 200x1 at 0,0\n  timeline 200x7 at 0,1\n  services 40x32 at 0,8\n  tickets 40x8 "
			"at 0,40\n"
			"  tail 92x40 at 41,8\n  analyst 66x40 at 134,8\n  separator at 40\n  separator at 133\n"
			"  prompt 200x1 at 0,48\n  hints 200x1 at 0,49\n" },
	};
	(void)state;
	struct buffer out;
	buffer_init(&out, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct layout layout = layout_compute(rows[i].columns, rows[i].rows, PANE_COUNT, PANE_ANALYST, 8);
		buffer_clear(&out);
		assert_int_equal(layout_dump(&layout, &out), 0);
		assert_string_equal(buffer_string(&out), rows[i].text);
	}
	buffer_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout_compute__tiles_the_screen__at_every_size),
		cmocka_unit_test(layout_compute__keeps_the_tail_widest__when_wide),
		cmocka_unit_test(layout_compute__gives_zoom_everything__between_status_and_prompt),
		cmocka_unit_test(layout_compute__shows_the_side_pane_asked_for__when_narrow),
		cmocka_unit_test(layout_compute__says_too_small__below_40_by_10),
		cmocka_unit_test(layout_dump__names_the_rectangles__of_known_sizes),
	};
	return cmocka_run_group_tests_name("ui/layout", tests, NULL, NULL);
}
