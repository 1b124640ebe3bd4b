/*
 * Actions by name and by value: what the palette and the keys both end in.
 */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include "ui/state.h"

/* Does an action as a key would: the focused view, the view that the action belongs to, then the console. */
void command_do(struct state *state, enum action action);
/* A line of the palette: "filter level>=error". False with a message when it is no command, or its argument is missing.
 */
bool command_run(struct state *state, struct slice line);
/* What was typed for an action. False with a message when it will not do. */
bool command_argument(struct state *state, enum action action, struct slice argument);

enum action_scope command_scope(enum pane pane);
void command_focus(struct state *state, enum pane pane);

#endif
