/*
 * The tail's parts: view_tail.c shows it, tail_action.c answers keys.
 */
#ifndef UI_VIEW_TAIL_H
#define UI_VIEW_TAIL_H

#include "ui/state.h"

int tail_rows(const struct state *state); /* rows for records */
bool tail_action(struct state *state, enum action action);
/* The line cursor to the row `y` of the pane (its title row is 0). */
void tail_point(struct state *state, int y);
/* The raw text of a record to the clipboard. */
void tail_copy(struct state *state, uint64_t id);

#endif
