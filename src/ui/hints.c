/*
 * The row of hints: the keys that matter where the focus is, out of the table of actions. A hint is shown whole or not
 * at all.
 */
#include "tocsin/base/utf8.h"
#include "ui/view.h"

struct hint {
	enum action action; /* its first key is shown; ACTION_NONE: `key` is */
	const char *key;
	const char *label;
};

#define HINTS_MAX 12
/* The most useful first: what does not fit is left away from the end. */
static const struct hint pane_hints[PANE_COUNT][HINTS_MAX] = {
	[PANE_TAIL] = { { ACTION_FOCUS_NEXT, NULL, "pane" }, { ACTION_SEARCH, NULL, "search" },
		{ ACTION_FILTER, NULL, "filter" }, { ACTION_NEXT_ERROR, NULL, "next error" },
		{ ACTION_OPEN_ITEM, NULL, "open" }, { ACTION_MARK, NULL, "mark" }, { ACTION_FOLLOW, NULL, "follow" },
		{ ACTION_SELECT, NULL, "select" } },
	[PANE_TIMELINE] = { { ACTION_FOCUS_NEXT, NULL, "pane" }, { ACTION_NONE, "← →", "time" },
		{ ACTION_SELECT, NULL, "select" }, { ACTION_NEXT_FINDING, NULL, "next finding" },
		{ ACTION_GOTO, NULL, "go to" }, { ACTION_FOLLOW, NULL, "follow" } },
	[PANE_SERVICES] = { { ACTION_FOCUS_NEXT, NULL, "pane" }, { ACTION_SERVICE_ONLY, NULL, "only this" },
		{ ACTION_OPEN_ITEM, NULL, "where it began" }, { ACTION_FILTER, NULL, "filter" } },
	[PANE_ANALYST] = { { ACTION_FOCUS_NEXT, NULL, "pane" }, { ACTION_ASK, NULL, "ask" },
		{ ACTION_NONE, "j k", "citation" }, { ACTION_OPEN_ITEM, NULL, "go to it" },
		{ ACTION_ANALYZE, NULL, "analyse again" } },
	[PANE_TICKETS] = { { ACTION_FOCUS_NEXT, NULL, "pane" }, { ACTION_APPROVE, NULL, "approve" },
		{ ACTION_ASSIGN, NULL, "assign" }, { ACTION_REJECT, NULL, "reject" },
		{ ACTION_OPEN_ITEM, NULL, "open" }, { ACTION_UNDO, NULL, "undo" } },
};
static const struct hint replay_hints[] = { { ACTION_PAUSE, NULL, "pause" }, { ACTION_STEP, NULL, "step" },
	{ ACTION_NEXT_FINDING, NULL, "next finding" } };
static const struct hint common_hints[] = { { ACTION_ZOOM, NULL, "zoom" }, { ACTION_PALETTE, NULL, "commands" },
	{ ACTION_HELP, NULL, "keys" } };
static const struct hint prompt_hints[] = { { ACTION_NONE, "Enter", "accept" }, { ACTION_NONE, "Esc", "leave" },
	{ ACTION_NONE, "Tab", "complete" }, { ACTION_NONE, "↑ ↓", "history" } };
static const struct hint offer_hints[] = { { ACTION_NONE, "type", "to replace it" }, { ACTION_NONE, "→", "edit it" },
	{ ACTION_NONE, "Enter", "take it" }, { ACTION_NONE, "Esc", "leave" } };
static const struct hint overlay_hints[] = { { ACTION_NONE, "Esc", "close" }, { ACTION_NONE, "j k", "scroll" },
	{ ACTION_PAGE_DOWN, NULL, "page" } };

struct row {
	const struct canvas *canvas;
	int x, limit;
};

static int place(struct row *row, const struct hint *hint, bool paint)
{
	struct slice keys = slice_of(hint->action != ACTION_NONE ? action_row(hint->action)->keys : hint->key),
		     key = keys;
	if (hint->action != ACTION_NONE)
		slice_next(&keys, ' ', &key);
	int key_cells = (int)utf8_shown_width(key), label_cells = (int)slice_of(hint->label).size;
	int cells = key_cells + 1 + label_cells + 2;
	if (row->x + cells - 1 > row->limit)
		return 0;
	if (paint) {
		canvas_text(row->canvas, row->x, 0, key_cells, ROLE_HINT_KEY, key);
		canvas_string(row->canvas, row->x + key_cells + 1, 0, label_cells, ROLE_HINT_TEXT, hint->label);
		row->x += cells;
	}
	return cells;
}

static void place_all(struct row *row, const struct hint *hints, size_t count)
{
	for (size_t i = 0; i < count && hints[i].label; i++)
		place(row, &hints[i], true);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void hints_paint(const struct state *state, const struct canvas *canvas)
{
	struct row row = { canvas, 1, canvas->area.width };
	if (state->prompt != PROMPT_IDLE && state->offered) {
		place_all(&row, offer_hints, COUNT(offer_hints));
		return;
	}
	if (state->prompt != PROMPT_IDLE) {
		place_all(&row, prompt_hints, COUNT(prompt_hints));
		return;
	}
	if (state->overlay != OVERLAY_NONE) {
		place_all(&row, overlay_hints, COUNT(overlay_hints));
		return;
	}
	/* Room for "? keys" is kept to the last. */
	int common = 0;
	for (size_t i = 1; i < COUNT(common_hints); i++)
		common += place(&row, &common_hints[i], false);
	row.limit -= common;
	place_all(&row, pane_hints[state->focus], HINTS_MAX);
	if (state->snapshot->replaying)
		place_all(&row, replay_hints, state->focus == PANE_TIMELINE ? 2 : COUNT(replay_hints));
	place_all(&row, common_hints, 1);
	row.limit += common;
	place_all(&row, common_hints + 1, COUNT(common_hints) - 1);
}
