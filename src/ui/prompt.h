/*
 * The prompt: what is being typed and what it is for.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "ui/state.h"

/* Opens the prompt behind a text that counts as typed. */
void prompt_begin(struct state *state, enum prompt_mode mode, const char *initial);
/* Opens it with an offer behind `typed`: the first character typed replaces the offer, Enter takes it, any other key
 * keeps it to be edited. */
void prompt_offer(struct state *state, enum prompt_mode mode, const char *typed, const char *offer);
void prompt_key(struct state *state, struct key key);
/* Paints its row, and gives the text cursor's column; -1 when it is idle. */
int prompt_paint(const struct state *state, const struct canvas *canvas);
/* The candidates of a completion, one row; false when there are none. */
bool prompt_paint_completions(const struct state *state, const struct canvas *canvas);

/* For the line editor: the index-th completion of `word`. `context` is the state. */
const char *prompt_complete(void *context, struct slice text, size_t start, struct slice word, size_t index);

/* The open source that is meant by its whole name or its last part. Gives how many there are; `*name` is the whole name
 * of one of them. */
size_t complete_source(const struct snapshot *snapshot, struct slice typed, struct slice *name);

#endif
