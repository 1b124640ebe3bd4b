/*
 * Painting on cells: what is shown, what is clipped, and that hostile text stays harmless.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tocsin/base/error.h"
#include "tocsin/ui/grid.h"

struct screen {
	struct grid grid;
	struct canvas canvas;
	struct buffer out;
};

static int setup(void **state)
{
	static struct screen screen;
	grid_init(&screen.grid);
	buffer_init(&screen.out, 65536);
	if (grid_resize(&screen.grid, 12, 4))
		return -1;
	screen.canvas = canvas_of(&screen.grid, false);
	*state = &screen;
	return 0;
}

static int teardown(void **state)
{
	struct screen *screen = *state;
	grid_release(&screen->grid);
	buffer_release(&screen->out);
	return 0;
}

static const char *text(struct screen *screen, int y)
{
	buffer_clear(&screen->out);
	assert_int_equal(grid_row_text(&screen->grid, y, &screen->out), 0);
	return buffer_string(&screen->out);
}

static const char *roles(struct screen *screen, int y)
{
	buffer_clear(&screen->out);
	assert_int_equal(grid_row_roles(&screen->grid, y, &screen->out), 0);
	return buffer_string(&screen->out);
}

/* Every wide character has its right half, every right half a wide character, and no cell holds a control character. */
static void assert_sound(const struct grid *grid)
{
	for (int y = 0; y < grid->rows; y++) {
		for (int x = 0; x < grid->columns; x++) {
			const struct cell *cell = grid_cell(grid, x, y);
			const struct cell *left = grid_cell(grid, x - 1, y), *right = grid_cell(grid, x + 1, y);
			assert_int_equal(cell->text[sizeof(cell->text) - 1], 0);
			if (cell->width == 0)
				assert_true(left && left->width == 2 && cell->text[0] == 0);
			if (cell->width == 2)
				assert_true(right && right->width == 0);
			for (const char *byte = cell->text; *byte; byte++)
				assert_true((unsigned char)*byte >= ' ' && *byte != 0x7f);
		}
	}
}

static void canvas_text__ends_in_an_ellipsis__when_it_does_not_fit(void **state)
{
	static const struct {
		const char *text;
		int x, width;
		const char *shown;
		int used;
	} rows[] = {
		{ "orders-db", 0, 9, "orders-db", 9 },
		{ "orders-db", 0, 8, "orders-…", 8 },
		{ "orders-db", 0, 1, "…", 1 },
		{ "orders-db", 0, 0, "", 0 },
		{ "orders-db", 8, 20, "        ord…", 4 },
		{ "orders-db", 12, 5, "", 0 },
		{ "orders-db", -3, 9, "order…", 6 },
		{ "日本語", 0, 6, "日本語", 6 },
		{ "日本語", 0, 5, "日本…", 5 },
		{ "日本語", 0, 4, "日…", 3 },
		{ "e\xcc\x81t\xc3\xa9", 0, 3, "e\xcc\x81t\xc3\xa9", 3 },
	};
	struct screen *screen = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		grid_clear(&screen->grid);
		assert_int_equal(
			canvas_string(&screen->canvas, rows[i].x, 1, rows[i].width, ROLE_DEFAULT, rows[i].text),
			rows[i].used);
		assert_string_equal(text(screen, 1), rows[i].shown);
		assert_sound(&screen->grid);
	}
}

static void canvas_text__spells_out_control_characters__in_their_own_role(void **state)
{
	struct screen *screen = *state;
	canvas_text(&screen->canvas, 0, 0, 12, ROLE_SERVICE, (struct slice){ "a\x1b[2Jb\nc\xff", 9 });
	assert_string_equal(text(screen, 0), "a^[[2Jb⏎c…");
	assert_string_equal(roles(screen, 0), "vxxvvvvxvv");
}

static void canvas_text__cuts_an_escape_whole__never_in_the_middle(void **state)
{
	struct screen *screen = *state;
	canvas_text(&screen->canvas, 0, 0, 4, ROLE_DEFAULT, (struct slice){ "abc\x1b", 4 });
	assert_string_equal(text(screen, 0), "abc…");
}

static void canvas_text__uses_ascii_only__on_an_ascii_canvas(void **state)
{
	struct screen *screen = *state;
	struct canvas canvas = canvas_of(&screen->grid, true);
	canvas_string(&canvas, 0, 0, 12, ROLE_DEFAULT, "a · b → é日x");
	assert_string_equal(text(screen, 0), "a . b > ???x");
	canvas_string(&canvas, 0, 1, 4, ROLE_DEFAULT, "abcdef");
	assert_string_equal(text(screen, 1), "abc~");
	canvas_fill(&canvas, 0, 2, 3, ROLE_BORDER, GLYPH_HORIZONTAL);
	assert_string_equal(text(screen, 2), "---");
}

static void canvas_text__survives_any_bytes__at_any_place(void **state)
{
	struct screen *screen = *state;
	uint32_t seed = 20250517;
	for (int round = 0; round < 4000; round++) {
		char bytes[24];
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525U + 1013904223U;
			static const unsigned char nasty[] = { 0xe6, 0x97, 0xa5, 0xcc, 0x81, 0xf0, 0x9f, 0x98, 0x80,
				0x1b, 0x0a, 0xff, 0xc2, 0x9b };
			unsigned int pick = seed >> 24;
			bytes[i] = (char)(pick & 1 ? nasty[(seed >> 16) % sizeof(nasty)] : (unsigned char)(seed >> 16));
		}
		struct canvas canvas = canvas_of(&screen->grid, round & 1);
		int x = (int)(seed >> 8 & 15) - 2, width = (int)(seed >> 12 & 15);
		canvas_text(&canvas, x, (int)(seed >> 5 & 7) - 1, width, ROLE_DEFAULT,
			(struct slice){ bytes, sizeof(bytes) });
	}
	assert_sound(&screen->grid);
}

static void canvas_part__keeps_painting_inside__whatever_is_asked(void **state)
{
	struct screen *screen = *state;
	struct canvas part = canvas_part(&screen->canvas, (struct rectangle){ 3, 1, 4, 2 });
	for (int y = -2; y < 6; y++) {
		canvas_string(&part, -2, y, 40, ROLE_STRONG, "xxxxxxxxxxxxxxxx");
		canvas_fill(&part, -9, y, 99, ROLE_STRONG, GLYPH_HORIZONTAL);
		canvas_ground(&part, -9, y, 99, ROLE_SELECTION);
		canvas_role(&part, -9, y, 99, ROLE_MATCH);
	}
	canvas_vertical(&part, 3, -5, 99, ROLE_BORDER);
	canvas_bar(&part, 2, -3, 99, 9999, ROLE_GRAPH);
	assert_string_equal(text(screen, 0), "");
	assert_string_equal(roles(screen, 0), "");
	assert_string_equal(text(screen, 1), "   ──█│");
	assert_string_equal(roles(screen, 2), "   LLLL");
	assert_string_equal(text(screen, 3), "");
	struct canvas nothing = canvas_part(&part, (struct rectangle){ 9, 9, 5, 5 });
	assert_int_equal(nothing.area.width, 0);
	assert_int_equal(canvas_string(&nothing, 0, 0, 5, ROLE_STRONG, "x"), 0);
}

static void canvas_text__breaks_a_wide_character__when_it_covers_half_of_it(void **state)
{
	struct screen *screen = *state;
	canvas_string(&screen->canvas, 0, 0, 12, ROLE_DEFAULT, "日本");
	canvas_string(&screen->canvas, 1, 0, 2, ROLE_DEFAULT, "ab");
	assert_string_equal(text(screen, 0), " ab");
	assert_sound(&screen->grid);
}

static void canvas_right__ends_at_the_width__and_cuts_when_too_long(void **state)
{
	struct screen *screen = *state;
	assert_int_equal(canvas_right(&screen->canvas, 2, 0, 8, ROLE_DEFAULT, "412"), 3);
	assert_string_equal(text(screen, 0), "       412");
	canvas_right(&screen->canvas, 2, 1, 2, ROLE_DEFAULT, "412");
	assert_string_equal(text(screen, 1), "  4…");
}

static void canvas_format__writes_numbers__like_printf(void **state)
{
	struct screen *screen = *state;
	canvas_format(&screen->canvas, 0, 0, 12, ROLE_DEFAULT, "%d of %s", 3, "21,340");
	assert_string_equal(text(screen, 0), "3 of 21,340");
}

static void canvas_ground__lies_under_text__until_filled_over(void **state)
{
	struct screen *screen = *state;
	canvas_ground(&screen->canvas, 0, 0, 4, ROLE_SELECTION);
	canvas_string(&screen->canvas, 1, 0, 2, ROLE_LEVEL_ERROR, "ab");
	assert_string_equal(roles(screen, 0), "LLLL");
	assert_int_equal(grid_cell(&screen->grid, 1, 0)->role, ROLE_LEVEL_ERROR);
	canvas_fill(&screen->canvas, 0, 0, 3, ROLE_DEFAULT, GLYPH_SPACE);
	assert_string_equal(roles(screen, 0), "   L");
}

static void canvas_bar__grows_by_eighths__from_the_bottom(void **state)
{
	struct screen *screen = *state;
	static const int eighths[] = { 0, 1, 8, 11, 16, 24, 99, -5 };
	for (int i = 0; i < 8; i++)
		canvas_bar(&screen->canvas, i, 0, 3, eighths[i], ROLE_GRAPH);
	assert_string_equal(text(screen, 0), "     ██");
	assert_string_equal(text(screen, 1), "   ▃███");
	assert_string_equal(text(screen, 2), " ▁█████");
	assert_string_equal(text(screen, 3), "");
	struct canvas ascii = canvas_of(&screen->grid, true);
	for (int i = 0; i < 8; i++)
		canvas_bar(&ascii, i, 3, 1, eighths[i], ROLE_GRAPH);
	assert_string_equal(text(screen, 3), " .#####");
}

static void grid_resize__refuses_a_size__out_of_bounds(void **state)
{
	struct screen *screen = *state;
	assert_int_equal(grid_resize(&screen->grid, 1001, 10), ERROR_FULL);
	assert_int_equal(grid_resize(&screen->grid, 10, 501), ERROR_FULL);
	assert_int_equal(grid_resize(&screen->grid, 0, 5), ERROR_INPUT);
	assert_int_equal(screen->grid.columns, 12);
	assert_int_equal(grid_resize(&screen->grid, 1000, 500), 0);
	assert_null(grid_cell(&screen->grid, 1000, 0));
	assert_null(grid_cell(&screen->grid, -1, 0));
	assert_string_equal(grid_cell(&screen->grid, 999, 499)->text, " ");
	assert_int_equal(grid_resize(&screen->grid, 12, 4), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(canvas_text__ends_in_an_ellipsis__when_it_does_not_fit),
		TEST(canvas_text__spells_out_control_characters__in_their_own_role),
		TEST(canvas_text__cuts_an_escape_whole__never_in_the_middle),
		TEST(canvas_text__uses_ascii_only__on_an_ascii_canvas),
		TEST(canvas_text__survives_any_bytes__at_any_place),
		TEST(canvas_part__keeps_painting_inside__whatever_is_asked),
		TEST(canvas_text__breaks_a_wide_character__when_it_covers_half_of_it),
		TEST(canvas_right__ends_at_the_width__and_cuts_when_too_long),
		TEST(canvas_format__writes_numbers__like_printf),
		TEST(canvas_ground__lies_under_text__until_filled_over),
		TEST(canvas_bar__grows_by_eighths__from_the_bottom),
		TEST(grid_resize__refuses_a_size__out_of_bounds),
	};
	return cmocka_run_group_tests_name("ui/grid", tests, NULL, NULL);
}
