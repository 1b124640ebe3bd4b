/*
 * The prompt: what is being typed and what it is for.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "ui/state.h"

void prompt_begin(struct state *state, enum prompt_mode mode, const char *initial);
void prompt_key(struct state *state, struct key key);
/* Paints its row, and gives the text cursor's column; -1 when it is idle. */
int prompt_paint(const struct state *state, const struct canvas *canvas);
/* The candidates of a completion, one row; false when there are none. */
bool prompt_paint_completions(const struct state *state, const struct canvas *canvas);

/* For the line editor: the index-th completion of `word`. `context` is the state. */
const char *prompt_complete(void *context, struct slice text, size_t start, struct slice word, size_t index);

#endif
