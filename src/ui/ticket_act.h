/*
 * What is done to the selected ticket, from any pane. Approving takes two deliberate keys: `a` shows the proposal
 * whole, `y` on it approves.
 */
#ifndef UI_TICKET_ACT_H
#define UI_TICKET_ACT_H

#include "ui/state.h"

/* APPROVE to UNDO; false for any other action. */
bool ticket_act(struct state *state, enum action action);
/* The selected ticket whole, to be read; and as text to the clipboard. */
void ticket_open(struct state *state);
void ticket_copy(struct state *state);
/* Makes the selected ticket the one that what is typed is about; false with a message when there is none or it does not
 * allow it. */
bool ticket_target(struct state *state, enum action action);
/* What was typed for it: the person, the reason, "FIELD VALUE". False with a message when it will not do. */
bool ticket_assign(struct state *state, struct slice person);
bool ticket_reject(struct state *state, struct slice reason);
bool ticket_edit(struct state *state, struct slice text);
/* A field's value on one line: newlines are "\n". */
int ticket_value(const struct ticket *ticket, const char *field, struct buffer *out);

#endif
