/*
 * The panes: which view each shows, their title rows, the lines between them.
 */
#include "ui/view.h"

#include <stdlib.h>

#include "tocsin/base/utf8.h"
#include "ui/screen.h"

enum { TITLE_MAX = 2048, CUT_LEAST = 12 /* cells of a part that is cut */ };

const struct view *view_of(enum pane pane)
{
	static const struct view *const views[PANE_COUNT] = {
		[PANE_TIMELINE] = &view_timeline,
		[PANE_SERVICES] = &view_services,
		[PANE_TICKETS] = &view_tickets,
		[PANE_TAIL] = &view_tail,
		[PANE_ANALYST] = &view_analyst,
	};
	return (unsigned int)pane < PANE_COUNT ? views[pane] : NULL;
}

void view_update_all(struct state *state)
{
	for (int pane = 0; pane < PANE_COUNT; pane++) {
		const struct view *view = view_of((enum pane)pane);
		if (view->update)
			view->update(state);
	}
}

void view_release_all(struct state *state)
{
	free(state->timeline.buckets);
	free(state->services.order);
	free(state->services.buckets);
	free(state->services.totals);
	free(state->services.rates);
}

/* Names of the panes that share one place in a narrow layout, at the right of its title; returns where they begin. */
static int paint_tabs(const struct state *state, const struct canvas *canvas, enum pane shown, int width)
{
	static const enum pane tabs[] = { PANE_SERVICES, PANE_ANALYST, PANE_TICKETS };
	int begin = width - 1;
	for (size_t i = sizeof(tabs) / sizeof(tabs[0]); i-- > 0;) {
		int cells = (int)slice_of(pane_title(tabs[i])).size;
		begin -= cells + 1;
		canvas_fill(canvas, begin, 0, cells + 2, ROLE_BORDER, GLYPH_SPACE);
		enum role role = tabs[i] != shown ? ROLE_TITLE : state->focus == shown ? ROLE_TITLE_FOCUS : ROLE_STRONG;
		canvas_string(canvas, begin + 1, 0, cells, role, pane_title(tabs[i]));
	}
	return begin;
}

/* Leaves whole parts away from the end of "a · b · c" until it fits, but for the first `least` bytes, of which the rest
 * is worth more cut than not shown. */
static struct slice fit_parts(struct slice text, int cells, size_t least)
{
	while (utf8_shown_width(text) > (size_t)(cells > 0 ? cells : 0)) {
		size_t size = text.size;
		while (size > least && !slice_starts(slice_from(text, size), " · "))
			size--;
		if (!slice_starts(slice_from(text, size), " · "))
			break;
		text = slice_first(text, size);
	}
	return text;
}

/* The pane's name and the first thing said of it; the name alone where nothing else would be read. */
static size_t least_of(struct slice text, size_t name, int cells)
{
	size_t size = name + 1;
	if (cells < (int)name + CUT_LEAST)
		return 0;
	while (size < text.size && !slice_starts(slice_from(text, size), " · "))
		size++;
	return size;
}

/* Returns where it begins; `width` when there is none, or no room for it. */
static int paint_aside(const struct state *state, const struct canvas *canvas, enum pane pane, int width)
{
	struct buffer text;
	int begin = width;
	if (!view_of(pane)->aside)
		return width;
	buffer_init(&text, TITLE_MAX);
	view_of(pane)->aside(state, canvas->ascii, &text);
	int cells = (int)utf8_shown_width(buffer_slice(&text));
	if (cells > 0 && cells + 3 < width / 2) {
		begin = width - cells - 3;
		canvas_fill(canvas, begin, 0, cells + 2, ROLE_BORDER, GLYPH_SPACE);
		canvas_text(canvas, begin + 1, 0, cells, ROLE_BADGE, buffer_slice(&text));
	}
	buffer_release(&text);
	return begin;
}

/* "─ tail · ERROR and worse · 1,204 of 21,340 ─────", with "▸" in front of the pane that has the focus. */
static void paint_title(const struct state *state, const struct canvas *canvas, enum pane pane)
{
	bool focus = state->focus == pane;
	bool side = !state->layout.wide && state->zoomed == PANE_COUNT && pane != PANE_TAIL && pane != PANE_TIMELINE;
	int width = canvas->area.width;
	enum role border = focus ? ROLE_BORDER_FOCUS : ROLE_BORDER;
	struct buffer scope;
	canvas_fill(canvas, 0, 0, width, border, GLYPH_HORIZONTAL);
	if (focus)
		canvas_glyph(canvas, 0, 0, border, GLYPH_SELECTED);
	buffer_init(&scope, TITLE_MAX);
	buffer_append_format(&scope, " %s", pane_title(pane));
	size_t name = scope.size;
	buffer_append_string(&scope, " · ");
	size_t empty = scope.size;
	if (view_of(pane)->title)
		view_of(pane)->title(state, &scope);
	if (scope.size == empty)
		buffer_truncate(&scope, name);
	int room = side ? paint_tabs(state, canvas, pane, width) : paint_aside(state, canvas, pane, width) - 1;
	/* Tabs already say the name. */
	struct slice text = side ? slice_from(buffer_slice(&scope), empty) : slice_from(buffer_slice(&scope), 1);
	text = fit_parts(text, room - 3, least_of(text, side ? 0 : name + sizeof(" · ") - 2, room - 3));
	if (text.size > 0 && room > 6) {
		canvas_fill(canvas, 1, 0, 1, border, GLYPH_SPACE);
		int used = canvas_text(canvas, 2, 0, room - 3, focus ? ROLE_TITLE_FOCUS : ROLE_TITLE, text);
		canvas_fill(canvas, 2 + used, 0, 1, border, GLYPH_SPACE);
	}
	buffer_release(&scope);
}

static void paint_pane(const struct state *state, const struct canvas *canvas, enum pane pane)
{
	struct rectangle area = state->layout.panes[pane];
	if (area.height <= 0)
		return;
	struct canvas whole = canvas_part(canvas, area);
	struct canvas inside =
		canvas_part(canvas, (struct rectangle){ area.x, area.y + 1, area.width, area.height - 1 });
	paint_title(state, &whole, pane);
	if (area.height > 1)
		view_of(pane)->paint(state, &inside);
}

void view_paint_all(const struct state *state, const struct canvas *canvas)
{
	const struct layout *layout = &state->layout;
	for (int pane = 0; pane < PANE_COUNT; pane++)
		paint_pane(state, canvas, (enum pane)pane);
	for (int i = 0; i < 2; i++) {
		int x = layout->separators[i], top = layout->panes[PANE_TAIL].y;
		if (x < 0)
			continue;
		canvas_vertical(canvas, x, top, layout->panes[PANE_TAIL].height, ROLE_BORDER);
		canvas_glyph(canvas, x, top, ROLE_BORDER, GLYPH_TEE_DOWN);
	}
}
