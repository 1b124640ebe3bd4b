/*
 * Looking for a record in the tail: text, the next error, the next warning. A bounded number of records at a time, so
 * that a search through millions never holds up a key; it goes on with every update.
 */
#ifndef UI_SEARCH_H
#define UI_SEARCH_H

#include "ui/state.h"

/* From the cursor on in `direction` (+1, -1), with its own record only when `here`. Text goes round at the end, levels
 * stop there. Looks at the first records at once. */
void search_begin(struct state *state, enum search_goal goal, int direction, bool here);
/* Looks at no more than `budget` records; true while it is not at its end. */
bool search_advance(struct state *state, uint64_t budget);

/* To what was typed: a time, or a piece of evidence ("E3"). False with a message when there is no such place. */
bool search_go_to(struct state *state, struct slice text);

#endif
