/*
 * Looking for a record in the tail: text, the next error, the next warning. What is looked for is a filter, and what
 * was found of it is a selection that is kept, so that going on to the next is a step from bit to bit. Text is looked
 * for by looks in workers (console_take_look): a search that meets what was not looked at yet waits for them.
 */
#ifndef UI_SEARCH_H
#define UI_SEARCH_H

#include "ui/state.h"

/* A filter for a goal, owned from here on; NULL: none. What was found before is forgotten. */
void search_set(struct state *state, enum search_goal goal, struct filter *filter);
/* From the cursor on in `direction` (+1, -1), with its own record only when `here`. Text goes round at the end, levels
 * stop there. */
void search_begin(struct state *state, enum search_goal goal, int direction, bool here);
/* Looks at the columns of no more than `budget` records; true while there is more of that to do. */
bool search_advance(struct state *state, uint64_t budget);

/* To what was typed: a time, or a piece of evidence ("E3"). False with a message when there is no such place. */
bool search_go_to(struct state *state, struct slice text);

#endif
