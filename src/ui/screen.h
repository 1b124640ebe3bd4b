/*
 * The parts of the screen around the views, for console.c.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "ui/state.h"

void view_update_all(struct state *state);
void view_release_all(struct state *state); /* what the views have allocated in the state */
void view_paint_all(const struct state *state, const struct canvas *canvas);
/* The message in the rows above the prompt. */
void message_paint(const struct state *state, const struct canvas *canvas);

#endif
