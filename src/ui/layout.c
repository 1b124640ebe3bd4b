/*
 * Panes from a size. From the top: status, timeline, the body, prompt, hints. The body is three columns when wide
 * (services above tickets, tail, analyst, a line between each), tail above the side pane when narrow.
 */
#include "tocsin/ui/layout.h"

enum {
	COLUMNS_MIN = 40,
	ROWS_MIN = 10,
	COLUMNS_WIDE = 120,
	ROWS_FOR_HINTS = 12, /* below, the row of hints is worth more as a record */
	LEFT_MIN = 34,
	LEFT_MAX = 40,
	ANALYST_MIN = 36,
	ANALYST_MAX = 110, /* longer lines of prose are hard to read */
	TICKETS_MIN = 2
};

static const char *const pane_titles[PANE_COUNT] = {
	[PANE_TIMELINE] = "timeline",
	[PANE_SERVICES] = "services",
	[PANE_TICKETS] = "tickets",
	[PANE_TAIL] = "tail",
	[PANE_ANALYST] = "analyst",
};

const char *pane_title(enum pane pane)
{
	return (unsigned int)pane < PANE_COUNT ? pane_titles[pane] : "";
}

static int between(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

/* Title, graph, findings, axis; the graph gives way first, then the title. */
static int timeline_rows(int rows, bool wide)
{
	if (rows < ROWS_FOR_HINTS)
		return 2;
	if (!wide || rows < 20)
		return 3;
	return rows >= 48 ? 7 : rows >= 40 ? 6 : rows >= 36 ? 5 : 4;
}

static void place_wide(struct layout *layout, struct rectangle body, int ticket_rows)
{
	int left = between(body.width * 9 / 40, LEFT_MIN, LEFT_MAX);
	int rest = body.width - left - 2;
	int analyst = between(rest * 42 / 100, ANALYST_MIN, ANALYST_MAX);
	int tail = rest - analyst;
	int tickets = between(ticket_rows, TICKETS_MIN, between(body.height / 2, TICKETS_MIN, body.height));
	layout->panes[PANE_SERVICES] = (struct rectangle){ 0, body.y, left, body.height - tickets };
	layout->panes[PANE_TICKETS] = (struct rectangle){ 0, body.y + body.height - tickets, left, tickets };
	layout->panes[PANE_TAIL] = (struct rectangle){ left + 1, body.y, tail, body.height };
	layout->panes[PANE_ANALYST] = (struct rectangle){ left + tail + 2, body.y, analyst, body.height };
	layout->separators[0] = left;
	layout->separators[1] = left + tail + 1;
}

static void place_narrow(struct layout *layout, struct rectangle body, enum pane side)
{
	int side_rows = between(body.height * 2 / 5, 2, body.height);
	if (side != PANE_SERVICES && side != PANE_TICKETS)
		side = PANE_ANALYST;
	layout->panes[PANE_TAIL] = (struct rectangle){ 0, body.y, body.width, body.height - side_rows };
	layout->panes[side] = (struct rectangle){ 0, body.y + body.height - side_rows, body.width, side_rows };
}

struct layout layout_compute(int columns, int rows, enum pane zoomed, enum pane side, int ticket_rows)
{
	struct layout layout = { .separators = { -1, -1 } };
	if (columns < COLUMNS_MIN || rows < ROWS_MIN) {
		layout.too_small = true;
		return layout;
	}
	int hint_rows = rows >= ROWS_FOR_HINTS;
	layout.wide = columns >= COLUMNS_WIDE;
	layout.status = (struct rectangle){ 0, 0, columns, 1 };
	layout.prompt = (struct rectangle){ 0, rows - 1 - hint_rows, columns, 1 };
	if (hint_rows)
		layout.hints = (struct rectangle){ 0, rows - 1, columns, 1 };
	struct rectangle body = { 0, 1, columns, layout.prompt.y - 1 };
	if ((unsigned int)zoomed < PANE_COUNT) {
		layout.panes[zoomed] = body;
		return layout;
	}
	int timeline = timeline_rows(rows, layout.wide);
	layout.panes[PANE_TIMELINE] = (struct rectangle){ 0, 1, columns, timeline };
	body.y += timeline;
	body.height -= timeline;
	if (layout.wide)
		place_wide(&layout, body, ticket_rows);
	else
		place_narrow(&layout, body, side);
	return layout;
}

static void dump_one(struct buffer *out, const char *name, struct rectangle area)
{
	if (area.height > 0)
		buffer_append_format(out, "  %s %dx%d at %d,%d\n", name, area.width, area.height, area.x, area.y);
}

int layout_dump(const struct layout *layout, struct buffer *out)
{
	buffer_append_format(out, "%s\n", layout->too_small ? "too small" : layout->wide ? "wide" : "narrow");
	dump_one(out, "status", layout->status);
	for (int i = 0; i < PANE_COUNT; i++)
		dump_one(out, pane_titles[i], layout->panes[i]);
	for (int i = 0; i < 2; i++) {
		if (layout->separators[i] >= 0)
			buffer_append_format(out, "  separator at %d\n", layout->separators[i]);
	}
	dump_one(out, "prompt", layout->prompt);
	dump_one(out, "hints", layout->hints);
	return out->failed;
}
