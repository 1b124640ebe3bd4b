/*
 * One pane by itself on a grid of any size, over the fixture's incident.
 */
#ifndef TESTS_UNIT_UI_VIEW_SCENE_H
#define TESTS_UNIT_UI_VIEW_SCENE_H

#include <stdlib.h>
#include <string.h>

#include "support/ui_fixture.h"
#include "ui/view.h"

struct scene {
	struct ui_fixture fixture;
	struct state state;
	struct grid grid;
	enum pane pane;
	bool ascii;
	struct buffer text;
};

static inline int scene_open(void **place, enum pane pane)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	if (!scene || ui_fixture_open(&scene->fixture) != 0)
		return -1;
	struct state *state = &scene->state;
	scene->pane = pane;
	state->snapshot = &scene->fixture.snapshot;
	state->focus = pane;
	state->zoomed = PANE_COUNT;
	state->cursor_time = TIMESTAMP_NONE;
	state->analyst.moment = TIMESTAMP_NONE;
	state->tickets.moment = TIMESTAMP_NONE;
	state->follow = true;
	state->tail.record = state->copying = UINT64_MAX;
	state->search_goal = SEARCH_NOTHING;
	state->analyst.following = true;
	state->analyst.selected = -1;
	grid_init(&scene->grid);
	buffer_init(&scene->text, 1 << 20);
	buffer_init(&state->filter_text, 4096);
	buffer_init(&state->search_text, 4096);
	vector_init(&state->intents, sizeof(struct intent), 64);
	arena_init(&state->intent_texts, 1 << 20);
	*place = scene;
	return selection_init(&state->selection, NULL);
}

static inline int scene_close(void **place)
{
	struct scene *scene = *place;
	struct state *state = &scene->state;
	free(state->timeline.buckets);
	free(state->services.order);
	free(state->services.buckets);
	free(state->services.totals);
	free(state->services.rates);
	selection_release(&state->selection);
	filter_destroy(state->filter);
	buffer_release(&state->filter_text);
	buffer_release(&state->search_text);
	vector_release(&state->intents);
	arena_release(&state->intent_texts);
	grid_release(&scene->grid);
	buffer_release(&scene->text);
	ui_fixture_close(&scene->fixture);
	free(scene);
	return 0;
}

static inline void scene_update(struct scene *scene)
{
	const struct snapshot *snapshot = scene->state.snapshot;
	selection_advance(
		&scene->state.selection, snapshot->store, &scene->fixture.reader, snapshot->horizon, UINT64_MAX);
	view_of(scene->pane)->update(&scene->state);
}

/* Brings the view up and paints it at a size, without a title row. */
static inline void scene_paint(struct scene *scene, int width, int height)
{
	scene->state.layout.wide = width >= 120;
	scene->state.layout.panes[scene->pane] = (struct rectangle){ 0, 0, width, height + 1 };
	assert_int_equal(grid_resize(&scene->grid, width, height), 0);
	scene_update(scene);
	struct canvas canvas = canvas_of(&scene->grid, scene->ascii);
	view_of(scene->pane)->paint(&scene->state, &canvas);
}

/* A row of what was painted; good until the next call. */
static inline const char *scene_row(struct scene *scene, int y)
{
	buffer_clear(&scene->text);
	grid_row_text(&scene->grid, y, &scene->text);
	return buffer_string(&scene->text);
}

static inline const char *scene_roles(struct scene *scene, int y)
{
	buffer_clear(&scene->text);
	grid_row_roles(&scene->grid, y, &scene->text);
	return buffer_string(&scene->text);
}

/* The row that holds a text, or -1. */
static inline int scene_find(struct scene *scene, const char *text)
{
	for (int y = 0; y < scene->grid.rows; y++) {
		if (strstr(scene_row(scene, y), text))
			return y;
	}
	return -1;
}

static inline const char *scene_title(struct scene *scene)
{
	buffer_clear(&scene->text);
	view_of(scene->pane)->title(&scene->state, &scene->text);
	return buffer_string(&scene->text);
}

static inline bool scene_do(struct scene *scene, enum action action)
{
	return view_of(scene->pane)->action(&scene->state, action);
}

static inline const struct cell *scene_cell(const struct scene *scene, int x, int y)
{
	return grid_cell(&scene->grid, x, y);
}

/* Nothing that a terminal would obey is in any cell. */
static inline void scene_assert_safe(const struct scene *scene)
{
	for (int i = 0; i < scene->grid.columns * scene->grid.rows; i++) {
		for (const char *c = scene->grid.cells[i].text; *c; c++)
			assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
	}
}

#endif
