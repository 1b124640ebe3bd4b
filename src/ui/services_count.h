/*
 * What the services pane counts: which services have spoken by the cursor, how each did over time, and the order they
 * are shown in.
 */
#ifndef UI_SERVICES_COUNT_H
#define UI_SERVICES_COUNT_H

#include "ui/state.h"

#define SERVICES_SHOWN 4096 /* services with a higher code are not listed */

/* Where things stand in a row of a width. */
struct services_columns {
	int name, name_width;
	int spark, spark_width; /* 0: no room */
	int note, note_width;   /* when it began, in wide panes; 0: none */
	int rate, rate_width;
};
struct services_columns services_columns_of(const struct state *state, int width);

/* Brings state->services up to the cursor. */
void services_count(struct state *state);

/* No record has a time: rates are errors in all. */
bool services_timeless(const struct state *state);

/* What is known of a service's onset, as far as the cursor may know it; NULL when nothing. */
const struct onset *services_onset(const struct state *state, uint32_t service);

#endif
