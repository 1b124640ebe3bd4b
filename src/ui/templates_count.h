/*
 * The templates of what is visible, counted and put in order for their list.
 */
#ifndef UI_TEMPLATES_COUNT_H
#define UI_TEMPLATES_COUNT_H

#include "tocsin/store/templates.h"
#include "ui/state.h"

struct template_row {
	uint32_t template;
	uint64_t count;
	uint64_t errors; /* of them ERROR or worse */
	uint64_t recent; /* of them in the window that ends at the time cursor */
	uint64_t first;  /* record */
	double burst;    /* how many times its average rate it has in that window */
};

/* Counts anew what has changed since the last time: records, cursor, table, order. */
void templates_count(struct state *state);
void templates_release(struct state *state);

const struct template_row *templates_row(const struct state *state, int index);
/* The table of what is visible: a replay knows nothing of the future. */
const struct store_templates *templates_table(const struct state *state);
/* The window of `recent`; false when the log has no times. */
bool templates_window(const struct state *state, struct window *window);
const char *templates_order_name(enum templates_order order);

#endif
