/*
 * Where the panes stand: arithmetic on a size, nothing else. Wide from 120 columns; narrow below; too small under 40
 * x 10.
 */
#ifndef TOCSIN_UI_LAYOUT_H
#define TOCSIN_UI_LAYOUT_H

#include "tocsin/ui/grid.h"

enum pane { PANE_TIMELINE, PANE_SERVICES, PANE_TICKETS, PANE_TAIL, PANE_ANALYST, PANE_COUNT };
const char *pane_title(enum pane pane);

struct layout {
	bool too_small;
	bool wide;
	struct rectangle status;            /* one row at the top */
	struct rectangle panes[PANE_COUNT]; /* with their title row; height 0 when hidden */
	struct rectangle prompt;            /* one row */
	struct rectangle hints;             /* one row; height 0 when there is no room */
	int separators[2];                  /* columns of the vertical lines of the wide layout, -1 for none */
};

/* `zoomed` (PANE_COUNT: none) gets everything between status and prompt. Narrow layouts show the timeline, the tail and
   `side`, one of services, tickets, analyst. `ticket_rows` is how many rows the tickets pane would like. */
struct layout layout_compute(int columns, int rows, enum pane zoomed, enum pane side, int ticket_rows);
int layout_dump(const struct layout *layout, struct buffer *out); /* the tree of rectangles as text, for tests */

#endif
