/*
 * A stretch of time laid over columns: which column a moment falls in, when a column begins, and the clock times below.
 * The columns are the buckets of query_histogram over the same window.
 */
#ifndef UI_AXIS_H
#define UI_AXIS_H

#include "tocsin/store/query.h"
#include "tocsin/ui/grid.h"

struct axis {
	struct window window;
	int columns;   /* 0: there is no time to show */
	uint64_t step; /* ns a column, rounded up */
};

struct axis axis_of(struct window window, int columns);
int axis_column(const struct axis *axis, int64_t time); /* -1 before the window, `columns` after it */
int64_t axis_time(const struct axis *axis, int column); /* when the column begins, within the window */

/* Writes clock times at round moments of `zone` on row y; each begins in its column. Places that are taken, and those
 * beside them, are left alone. */
void axis_paint(const struct axis *axis, const struct canvas *canvas, int y, const struct zone *zone);

/* Are the cells blank, and all of them on the canvas? */
bool canvas_is_blank(const struct canvas *canvas, int x, int y, int width);

#endif
