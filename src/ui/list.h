/*
 * A list of which some rows are shown: where the selection goes, and which row is the first.
 */
#ifndef UI_LIST_H
#define UI_LIST_H

#include "tocsin/ui/action.h"

/* Moves `*selected` within `count` rows by a page of `page`; false when the action is none of a list. */
bool list_move(enum action action, int *selected, int count, int page);

/* The first row to show, as near to `top` as the selection allows, no further than needed at the end. */
int list_top(int top, int selected, int count, int rows);

#endif
