/*
 * A view: one pane's way to follow a snapshot, to be painted and to answer keys. The table in view.c has one row a
 * pane.
 *
 * `update` brings the view's part of the state up to the snapshot; `paint` fills the canvas and changes nothing;
 * `action` does what an action means in this pane and says whether it did. What acts on tickets (APPROVE to UNDO),
 * SELECT, the keys of a replay, ANALYZE and ASK mean the same in every pane: a view answers false and console.c does
 * them, on the selected ticket. A view never looks into another's private state: what is shared stands in struct state.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "ui/state.h"

struct view {
	/* The text of the title row behind the pane's name: its scope ("ERROR and worse · 1,204 of 21,340"). Empty for
	 * none. */
	void (*title)(const struct state *state, struct buffer *out);
	/* What stands at the right end of the title row; NULL for nothing. */
	void (*aside)(const struct state *state, bool ascii, struct buffer *out);
	void (*update)(struct state *state);                                   /* may be NULL */
	void (*paint)(const struct state *state, const struct canvas *canvas); /* below the title row */
	bool (*action)(struct state *state, enum action action);               /* false: not this pane's business */
};

extern const struct view view_timeline, view_services, view_tail, view_analyst, view_tickets;
const struct view *view_of(enum pane pane);

void status_paint(const struct state *state, const struct canvas *canvas);
void hints_paint(const struct state *state, const struct canvas *canvas);

#endif
