/*
 * The services: their order, their rates where the cursor stands, the one-row histograms, and the filter that `o` puts
 * on.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "ui/list.h"
#include "ui/spark.h"
#include "unit/ui/view_scene.h"

static int setup(void **state)
{
	return scene_open(state, PANE_SERVICES);
}

static uint32_t code_of(const struct scene *scene, const char *name)
{
	uint32_t code = STORE_NO_CODE;
	store_service_find(scene->fixture.store, slice_of(name), &code);
	return code;
}

/* "notifier" errs once in ten seconds all along; the report calls it background. */
static void add_noisy(struct scene *scene)
{
	for (int i = 0; i < 15; i++)
		ui_fixture_append(&scene->fixture, (int64_t)i * 10 * TIMESTAMP_SECOND, "notifier", LEVEL_ERROR,
			slice_of("smtp: 421 try again later"));
	struct onset *onset = vector_push(&scene->fixture.onsets.onsets);
	*onset = (struct onset){ .service = code_of(scene, "notifier"), .time = TIMESTAMP_NONE, .background = true };
	ui_fixture_horizon(&scene->fixture, UINT64_MAX);
}

static void assert_row_begins(struct scene *scene, int y, const char *text)
{
	const char *row = scene_row(scene, y);
	if (strncmp(row, text, strlen(text)) != 0)
		fail_msg("row %d is \"%s\", not \"%s...\"", y, row, text);
}

static void services__stand_in_order_of_failure__then_noisy__then_quiet(void **state)
{
	struct scene *scene = *state;
	add_noisy(scene);
	ui_fixture_append(&scene->fixture, 150 * TIMESTAMP_SECOND, "auth", LEVEL_INFO, slice_of("token issued"));
	ui_fixture_append(&scene->fixture, 151 * TIMESTAMP_SECOND, "search", LEVEL_ERROR, slice_of("no index"));
	ui_fixture_horizon(&scene->fixture, UINT64_MAX);
	scene_paint(scene, 36, 12);
	assert_row_begins(scene, 0, "1 orders-db");
	assert_row_begins(scene, 1, "2 inventory");
	assert_row_begins(scene, 2, "3 payment");
	assert_row_begins(scene, 3, "4 gateway");
	assert_row_begins(scene, 4, "  notifier");
	assert_row_begins(scene, 5, "   always noisy");
	assert_row_begins(scene, 6, "  search");
	assert_row_begins(scene, 7, "  auth");
	assert_row_begins(scene, 9, "1 2 3  who failed first");
	assert_int_equal(scene_cell(scene, 0, 0)->role, ROLE_BADGE);
	/* What is always so does not draw the eye; what failed does. */
	int last = 36 - 8;
	while (scene_cell(scene, last, 4)->text[0] == ' ')
		last--;
	assert_int_equal(scene_cell(scene, last, 4)->role, ROLE_DIM);
	while (scene_cell(scene, last, 0)->text[0] == ' ')
		last--;
	assert_int_equal(scene_cell(scene, last, 0)->role, ROLE_LEVEL_ERROR);
}

static void names__are_whole__at_the_least_width(void **state)
{
	struct scene *scene = *state;
	ui_fixture_append(&scene->fixture, 150 * TIMESTAMP_SECOND, "inventory-service", LEVEL_INFO, slice_of("ok"));
	ui_fixture_horizon(&scene->fixture, UINT64_MAX);
	scene_paint(scene, 34, 12);
	assert_int_not_equal(scene_find(scene, "  inventory-service "), -1);
}

static void what_has_not_happened__is_not_known(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.replaying = true;
	ui_fixture_append(&scene->fixture, 158 * TIMESTAMP_SECOND, "latecomer", LEVEL_INFO, slice_of("hello"));
	ui_fixture_horizon(&scene->fixture, scene->fixture.first_failure + 1);
	scene_paint(scene, 36, 12);
	assert_int_equal(scene_find(scene, "latecomer"), -1);
	assert_int_equal(scene_find(scene, "2 "), -1);
	assert_row_begins(scene, 0, "1 orders-db");
}

static double rate_of(const struct scene *scene, const char *name)
{
	return scene->state.services.rates[code_of(scene, name)];
}

static void rates__are_those_of_the_minute_at_the_cursor(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 36, 12);
	assert_true(rate_of(scene, "orders-db") == 8);
	assert_non_null(strstr(scene_row(scene, 0), " 8"));
	state_move_to_time(&scene->state, UI_FIXTURE_START + 130 * TIMESTAMP_SECOND);
	scene_paint(scene, 36, 12);
	assert_true(rate_of(scene, "orders-db") == 2);
	state_move_to_time(&scene->state, UI_FIXTURE_START + 100 * TIMESTAMP_SECOND);
	scene_paint(scene, 36, 12);
	assert_true(rate_of(scene, "orders-db") == 0);
	/* Nobody had failed then. */
	assert_int_equal(scene->state.services.abnormal, 0);
}

static void a_log_without_times__lists_its_services(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.extent = (struct window){ 0, 0 };
	scene->fixture.snapshot.onsets = NULL;
	scene_paint(scene, 36, 12);
	assert_int_equal(scene->state.services.listed, 4);
	assert_string_equal(scene_title(scene), "errors");
}

static void selection__stays_with_its_service(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.onsets = NULL;
	scene_paint(scene, 36, 12);
	scene_do(scene, ACTION_BOTTOM);
	uint32_t service = scene->state.services.order[scene->state.services.selected];
	for (int i = 0; i < 30; i++)
		ui_fixture_append(&scene->fixture, 159 * TIMESTAMP_SECOND + i,
			store_service_name(scene->fixture.store, service).data, LEVEL_ERROR, slice_of("down"));
	ui_fixture_horizon(&scene->fixture, UINT64_MAX);
	scene_paint(scene, 36, 12);
	assert_int_equal(scene->state.services.selected, 0);
	assert_int_equal(scene->state.services.order[0], service);
	assert_int_equal(scene_cell(scene, 5, 0)->ground, ROLE_SELECTION);
}

static void only__filters_and_gives_back_what_was(void **state)
{
	struct scene *scene = *state;
	struct state *looked = &scene->state;
	scene_paint(scene, 36, 12);
	assert_int_equal(state_set_filter(looked, slice_of("level>=warn | exhausted"), NULL), 0);
	scene_do(scene, ACTION_SERVICE_ONLY);
	assert_string_equal(buffer_string(&looked->filter_text), "service:orders-db (level>=warn | exhausted)");
	assert_true(looked->services.only);
	/* Another service takes its place; the same one again takes it off. */
	scene_do(scene, ACTION_DOWN);
	scene_do(scene, ACTION_SERVICE_ONLY);
	assert_string_equal(buffer_string(&looked->filter_text), "service:inventory (level>=warn | exhausted)");
	scene_do(scene, ACTION_SERVICE_ONLY);
	assert_string_equal(buffer_string(&looked->filter_text), "level>=warn | exhausted");
	assert_false(looked->services.only);
	/* What the engineer typed meanwhile is not ours to take away. */
	scene_do(scene, ACTION_SERVICE_ONLY);
	assert_int_equal(state_set_filter(looked, slice_of("timeout"), NULL), 0);
	scene_do(scene, ACTION_SERVICE_ONLY);
	assert_string_equal(buffer_string(&looked->filter_text), "service:inventory (timeout)");
}

static void only__finds_the_service__whatever_its_name(void **state)
{
	struct scene *scene = *state;
	static const char *const names[] = { "a b", "x,y", "glob*", "say \"hi\"", "back\\slash", "p:q", "(z)", "-neg",
		"/re/" };
	scene->fixture.snapshot.onsets = NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (size_t j = 0; j <= 20 + i; j++)
			ui_fixture_append(
				&scene->fixture, 159 * TIMESTAMP_SECOND, names[i], LEVEL_ERROR, slice_of("x"));
	}
	ui_fixture_horizon(&scene->fixture, UINT64_MAX);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		scene_paint(scene, 36, 30);
		scene->state.services.selected = (int)(sizeof(names) / sizeof(names[0]) - 1 - i);
		scene_do(scene, ACTION_SERVICE_ONLY);
		scene_update(scene);
		assert_int_equal(selection_count(&scene->state.selection), 21 + i);
		scene_do(scene, ACTION_SERVICE_ONLY);
		assert_int_equal(scene->state.filter_text.size, 0);
	}
}

static void enter__goes_to_where_it_began(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, 36, 12);
	scene_update(scene);
	scene_do(scene, ACTION_DOWN);
	scene_do(scene, ACTION_OPEN_ITEM);
	assert_int_equal(scene->state.tail.record, scene->fixture.first_failure + 2);
	assert_int_equal(scene->state.focus, PANE_TAIL);
}

static void many_services__scroll(void **state)
{
	struct scene *scene = *state;
	for (int i = 0; i < 300; i++) {
		char name[32];
		snprintf(name, sizeof(name), "service-%03d", i);
		ui_fixture_append(&scene->fixture, 159 * TIMESTAMP_SECOND, name, LEVEL_INFO, slice_of("x"));
	}
	ui_fixture_horizon(&scene->fixture, UINT64_MAX);
	scene_paint(scene, 36, 10);
	scene_do(scene, ACTION_BOTTOM);
	scene_paint(scene, 36, 10);
	assert_row_begins(scene, 9, "  service-299");
	assert_string_equal(scene_title(scene), "errors a minute · 304 of 304");
	scene_do(scene, ACTION_PAGE_UP);
	scene_paint(scene, 36, 10);
	assert_non_null(strstr(scene_title(scene), "294 of 304"));
}

static void wide_panes__say_when_it_began(void **state)
{
	struct scene *scene = *state;
	add_noisy(scene);
	scene_paint(scene, 90, 12);
	assert_non_null(strstr(scene_row(scene, 0), "from 20:41:07"));
	assert_non_null(strstr(scene_row(scene, 1), "+1.8 s"));
	assert_non_null(strstr(scene_row(scene, 4), "always noisy"));
}

static void hostile_names__are_made_safe(void **state)
{
	struct scene *scene = *state;
	ui_fixture_append(&scene->fixture, 159 * TIMESTAMP_SECOND, "\033]0;x\a\n\xff", LEVEL_FATAL, slice_of("x"));
	ui_fixture_horizon(&scene->fixture, UINT64_MAX);
	for (int width = 1; width <= 130; width += width < 12 ? 1 : 7) {
		for (int height = 1; height <= 14; height += 3) {
			scene_paint(scene, width, height);
			scene_assert_safe(scene);
		}
	}
}

/* --- the histogram of one row and the list ---------------------------------------------------------------------- */

static void spark__tells_errors_life_and_silence_apart(void **state)
{
	(void)state;
	struct level_counts buckets[5] = { { .of = { [LEVEL_ERROR] = 100 } }, { .of = { [LEVEL_FATAL] = 1 } },
		{ .of = { [LEVEL_INFO] = 9 } }, { .of = { [LEVEL_WARN] = 5000 } }, { { 0 } } };
	struct grid grid;
	struct buffer text;
	grid_init(&grid);
	buffer_init(&text, 100);
	assert_int_equal(grid_resize(&grid, 6, 1), 0);
	for (int ascii = 0; ascii < 2; ascii++) {
		struct canvas canvas = canvas_of(&grid, ascii);
		grid_clear(&grid);
		spark_paint(&canvas, 0, 0, 5, buckets);
		buffer_clear(&text);
		grid_row_text(&grid, 0, &text);
		assert_string_equal(buffer_string(&text), ascii ? "#:__" : "█▂▁▁");
		assert_int_equal(grid_cell(&grid, 1, 0)->role, ROLE_LEVEL_ERROR);
	}
	/* Without errors, warnings are what there is to see; few of anything are no peak. */
	struct canvas canvas = canvas_of(&grid, false);
	grid_clear(&grid);
	spark_paint(&canvas, 0, 0, 3, buckets + 2);
	assert_int_equal(grid_cell(&grid, 1, 0)->role, ROLE_LEVEL_WARN);
	assert_string_equal(grid_cell(&grid, 1, 0)->text, "▅");
	grid_clear(&grid);
	spark_paint(&canvas, 0, 0, 1, buckets + 1);
	assert_string_equal(grid_cell(&grid, 0, 0)->text, "▃");
	buffer_release(&text);
	grid_release(&grid);
}

static void list__keeps_the_selection_in_view(void **state)
{
	(void)state;
	assert_int_equal(list_top(0, 0, 0, 5), 0);
	assert_int_equal(list_top(0, 7, 20, 5), 3);
	assert_int_equal(list_top(10, 7, 20, 5), 7);
	assert_int_equal(list_top(18, 19, 20, 5), 15);
	assert_int_equal(list_top(3, 4, 5, 10), 0);
	int selected = 0;
	assert_true(list_move(ACTION_UP, &selected, 3, 10));
	assert_int_equal(selected, 0);
	assert_true(list_move(ACTION_PAGE_DOWN, &selected, 3, 10));
	assert_int_equal(selected, 2);
	assert_true(list_move(ACTION_BOTTOM, &selected, 0, 10));
	assert_int_equal(selected, 0);
	assert_false(list_move(ACTION_OPEN_ITEM, &selected, 3, 10));
}

#define SERVICES_TEST(name) cmocka_unit_test_setup_teardown(name, setup, scene_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVICES_TEST(services__stand_in_order_of_failure__then_noisy__then_quiet),
		SERVICES_TEST(names__are_whole__at_the_least_width),
		SERVICES_TEST(what_has_not_happened__is_not_known),
		SERVICES_TEST(rates__are_those_of_the_minute_at_the_cursor),
		SERVICES_TEST(a_log_without_times__lists_its_services),
		SERVICES_TEST(selection__stays_with_its_service),
		SERVICES_TEST(only__filters_and_gives_back_what_was),
		SERVICES_TEST(only__finds_the_service__whatever_its_name),
		SERVICES_TEST(enter__goes_to_where_it_began),
		SERVICES_TEST(many_services__scroll),
		SERVICES_TEST(wide_panes__say_when_it_began),
		SERVICES_TEST(hostile_names__are_made_safe),
		cmocka_unit_test(spark__tells_errors_life_and_silence_apart),
		cmocka_unit_test(list__keeps_the_selection_in_view),
	};
	return cmocka_run_group_tests_name("view_services", tests, NULL, NULL);
}
