/*
 * The timeline over the fixture's incident: what shows, what must not show yet, and where its keys lead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "ui/axis.h"
#include "unit/ui/view_scene.h"

enum { WIDE = 109, MARGIN = 9 };

static int setup(void **state)
{
	return scene_open(state, PANE_TIMELINE);
}

static struct axis axis_of_scene(const struct scene *scene)
{
	return axis_of(scene->state.timeline.extent, scene->state.timeline.columns);
}

static int column_of(const struct scene *scene, int64_t time)
{
	struct axis axis = axis_of_scene(scene);
	return MARGIN + axis_column(&axis, time);
}

static bool is_bar(const struct cell *cell)
{
	return strncmp(cell->text, "\342\226", 2) == 0;
}

static void every_error__shows_as_one__at_any_height(void **state)
{
	struct scene *scene = *state;
	const struct store *store = scene->fixture.store;
	struct record record;
	for (int height = 1; height <= 6; height++) {
		scene_paint(scene, WIDE, height);
		int graph = height >= 4 ? height - 2 : height >= 2 ? height - 1 : 1, row = graph > 1 ? graph - 2 : 0;
		for (uint64_t id = 0; id < scene->fixture.snapshot.horizon.records; id++) {
			store_record(store, id, &record);
			const struct cell *cell = scene_cell(scene, column_of(scene, record.time), row);
			if (level_is_error((enum level)record.level) && cell->role != ROLE_CURSOR_TIME)
				assert_true(is_bar(cell) && cell->role == ROLE_LEVEL_ERROR);
		}
	}
}

static void one_error__is_seen__beside_a_flood(void **state)
{
	struct scene *scene = *state;
	for (int i = 0; i < 20000; i++)
		ui_fixture_append(
			&scene->fixture, 156 * TIMESTAMP_SECOND + i, "gateway", LEVEL_DEBUG, slice_of("hello"));
	ui_fixture_horizon(&scene->fixture, UINT64_MAX);
	scene_paint(scene, WIDE, 5);
	int64_t fatal = store_time(scene->fixture.store, scene->fixture.first_fatal);
	assert_int_equal(scene_cell(scene, column_of(scene, fatal), 1)->role, ROLE_LEVEL_ERROR);
	assert_non_null(strstr(scene_title(scene), "square root"));
	/* What was said in the quiet minutes still shows. */
	assert_true(is_bar(scene_cell(scene, column_of(scene, UI_FIXTURE_START), 2)));
}

static void peaks__stand_beside_their_lanes(void **state)
{
	struct scene *scene = *state;
	char peak[32];
	scene_paint(scene, WIDE, 5);
	snprintf(peak, sizeof(peak), "%5llu W+", (unsigned long long)scene->state.timeline.trouble);
	assert_memory_equal(scene_row(scene, 0), peak, strlen(peak));
	snprintf(peak, sizeof(peak), "%5llu ", (unsigned long long)scene->state.timeline.highest);
	assert_memory_equal(scene_row(scene, 2), peak, strlen(peak));
	assert_memory_equal(scene_row(scene, 4), "     UTC ", 9);
}

static void title__says_scope_and_scale(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, WIDE, 5);
	assert_string_equal(scene_title(scene),
		"all services · every level · 2 m 40 s · 1 column = 1.6 s · peaks a column, W+ = WARN and worse");
	scene->state.range = (struct window){ UI_FIXTURE_START, UI_FIXTURE_START + 10 * TIMESTAMP_SECOND };
	assert_non_null(strstr(scene_title(scene), "selected 20:39:00 – 20:39:09"));
}

static void the_future__is_dotted_and_blank__in_a_replay(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.replaying = true;
	ui_fixture_horizon(&scene->fixture, scene->fixture.first_failure);
	scene_paint(scene, WIDE, 5);
	int now = column_of(scene, scene->fixture.snapshot.horizon.time);
	for (int x = now + 1; x < WIDE; x++) {
		assert_string_equal(scene_cell(scene, x, 0)->text, " ");
		assert_string_equal(scene_cell(scene, x, 1)->text, " ");
		assert_string_equal(scene_cell(scene, x, 2)->text, "·");
		assert_string_equal(scene_cell(scene, x, 3)->text, " ");
	}
	assert_string_equal(scene_cell(scene, now, 0)->text, "┃");
}

/* Counted one by one, or anew: the same. */
static void counts__agree__however_the_horizon_came(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.replaying = true;
	ui_fixture_horizon(&scene->fixture, 10);
	scene_paint(scene, WIDE, 5);
	for (uint64_t records = 11; records <= 64; records += 7) {
		ui_fixture_horizon(&scene->fixture, records);
		scene_paint(scene, WIDE, 5);
		struct level_counts expected[WIDE] = { 0 };
		const struct snapshot *snapshot = &scene->fixture.snapshot;
		query_histogram(
			snapshot->store, snapshot->horizon, snapshot->extent, QUERY_ALL, WIDE - MARGIN, expected);
		assert_memory_equal(
			scene->state.timeline.buckets, expected, (WIDE - MARGIN) * sizeof(struct level_counts));
	}
	ui_fixture_horizon(&scene->fixture, 10);
	scene_paint(scene, WIDE, 5);
	uint64_t total = 0;
	for (int i = 0; i < scene->state.timeline.columns; i++)
		total += level_counts_total(&scene->state.timeline.buckets[i]);
	assert_int_equal(total, 10);
}

static void findings__are_marked_where_they_begin(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, WIDE, 5);
	assert_true(detect_count(scene->fixture.detect) > 0);
	const struct finding *first = detect_finding(scene->fixture.detect, 0);
	int x = column_of(scene, first->start);
	assert_string_equal(scene_cell(scene, x, 3)->text, "▲");
	assert_string_equal(scene_cell(scene, x + 1, 3)->text, "1");
	assert_int_equal(scene_cell(scene, x, 3)->role, ROLE_FINDING);
	/* The cursor comes there and hides nothing. */
	state_move_to_time(&scene->state, first->start);
	scene_paint(scene, WIDE, 5);
	assert_string_equal(scene_cell(scene, x, 3)->text, "▲");
	assert_string_equal(scene_cell(scene, x, 0)->text, "┃");
	assert_string_equal(scene_cell(scene, x, 4)->text, "┃");
}

static void cursor__moves_by_columns_and_follows_at_the_end(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, WIDE, 5);
	struct axis axis = axis_of_scene(scene);
	int column = axis_column(&axis, state_time(&scene->state));
	assert_true(scene_do(scene, ACTION_LEFT));
	assert_int_equal(state_time(&scene->state), axis_time(&axis, column - 1));
	assert_false(scene->state.follow);
	scene_do(scene, ACTION_PAGE_UP);
	assert_int_equal(state_time(&scene->state), axis_time(&axis, column - 11));
	scene_do(scene, ACTION_TOP);
	assert_int_equal(state_time(&scene->state), UI_FIXTURE_START);
	scene_do(scene, ACTION_LEFT);
	assert_int_equal(state_time(&scene->state), UI_FIXTURE_START);
	for (int i = 0; i < 200; i++)
		scene_do(scene, ACTION_RIGHT);
	assert_true(scene->state.follow);
	assert_string_equal(scene->state.message, "");
}

static void nobody__moves_into_the_future__in_a_replay(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.replaying = true;
	ui_fixture_horizon(&scene->fixture, 30);
	scene_paint(scene, WIDE, 5);
	scene_do(scene, ACTION_RIGHT);
	assert_true(scene->state.message_is_error);
	assert_non_null(strstr(scene->state.message, "nothing later"));
	assert_true(state_time(&scene->state) <= scene->fixture.snapshot.horizon.time);
}

static void enter__seeks__in_a_replay_only(void **state)
{
	struct scene *scene = *state;
	scene_paint(scene, WIDE, 5);
	scene_do(scene, ACTION_OPEN_ITEM);
	assert_int_equal(scene->state.focus, PANE_TAIL);
	assert_int_equal(scene->state.intents.count, 0);
	scene->fixture.snapshot.replaying = true;
	scene_do(scene, ACTION_PAGE_UP);
	int64_t time = state_time(&scene->state);
	scene_do(scene, ACTION_OPEN_ITEM);
	assert_int_equal(scene->state.intents.count, 1);
	const struct intent *intent = vector_at(&scene->state.intents, 0);
	assert_int_equal(intent->kind, INTENT_REPLAY_SEEK);
	assert_int_equal(intent->time, time);
}

static void selection__lies_under_its_columns(void **state)
{
	struct scene *scene = *state;
	int64_t from = UI_FIXTURE_START + 20 * TIMESTAMP_SECOND, to = from + 30 * TIMESTAMP_SECOND;
	scene->state.range = (struct window){ from, to };
	scene_paint(scene, WIDE, 5);
	for (int x = MARGIN; x < WIDE; x++) {
		bool inside = x >= column_of(scene, from) && x <= column_of(scene, to - 1);
		assert_int_equal(scene_cell(scene, x, 0)->ground, inside ? ROLE_RANGE : ROLE_DEFAULT);
	}
}

static void a_log_without_times__says_so(void **state)
{
	struct scene *scene = *state;
	scene->fixture.snapshot.extent = (struct window){ 0, 0 };
	scene_paint(scene, WIDE, 3);
	assert_non_null(strstr(scene_row(scene, 0), "no record has a time"));
	assert_true(scene_do(scene, ACTION_LEFT));
	assert_string_equal(scene_title(scene), "");
}

static void ascii__has_no_other_bytes(void **state)
{
	struct scene *scene = *state;
	scene->ascii = true;
	scene->fixture.snapshot.replaying = true;
	ui_fixture_horizon(&scene->fixture, 60);
	for (int height = 1; height <= 5; height++) {
		scene_paint(scene, WIDE, height);
		for (int y = 0; y < height; y++) {
			for (const char *c = scene_row(scene, y); *c; c++)
				assert_true((unsigned char)*c < 0x80);
		}
	}
}

static void any_size__can_be_painted(void **state)
{
	struct scene *scene = *state;
	for (int width = 1; width <= 130; width += width < 12 ? 1 : 9) {
		for (int height = 1; height <= 12; height++)
			scene_paint(scene, width, height);
	}
	/* A paint before the next update finds columns of another width. */
	for (int width = 1; width <= 200; width += 13) {
		assert_int_equal(grid_resize(&scene->grid, width, 5), 0);
		struct canvas canvas = canvas_of(&scene->grid, false);
		view_timeline.paint(&scene->state, &canvas);
	}
}

#define TIMELINE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, scene_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TIMELINE_TEST(every_error__shows_as_one__at_any_height),
		TIMELINE_TEST(one_error__is_seen__beside_a_flood),
		TIMELINE_TEST(peaks__stand_beside_their_lanes),
		TIMELINE_TEST(title__says_scope_and_scale),
		TIMELINE_TEST(the_future__is_dotted_and_blank__in_a_replay),
		TIMELINE_TEST(counts__agree__however_the_horizon_came),
		TIMELINE_TEST(findings__are_marked_where_they_begin),
		TIMELINE_TEST(cursor__moves_by_columns_and_follows_at_the_end),
		TIMELINE_TEST(nobody__moves_into_the_future__in_a_replay),
		TIMELINE_TEST(enter__seeks__in_a_replay_only),
		TIMELINE_TEST(selection__lies_under_its_columns),
		TIMELINE_TEST(a_log_without_times__says_so),
		TIMELINE_TEST(ascii__has_no_other_bytes),
		TIMELINE_TEST(any_size__can_be_painted),
	};
	return cmocka_run_group_tests_name("view_timeline", tests, NULL, NULL);
}
