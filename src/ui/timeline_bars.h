/*
 * The bars of the timeline, in two lanes: below, how much was said at all; above it, on a scale of its own, what was
 * WARN and worse, errors standing on warnings. On one scale a flood of DEBUG would hide any incident. One row has room
 * for the upper lane only, and marks where anything was said.
 *
 * A log without warnings has only the lower lane. In a replay the columns beyond the horizon are dotted: they will
 * come, but nothing of them may be seen.
 */
#ifndef UI_TIMELINE_BARS_H
#define UI_TIMELINE_BARS_H

#include "ui/axis.h"
#include "ui/state.h"

uint64_t trouble_of(const struct level_counts *counts); /* WARN and worse */

void timeline_paint_bars(const struct state *state, const struct axis *axis, const struct canvas *graph);
/* The highest column of each lane in the 8 cells left of `rows` rows of bars: "58 W+", "390". */
void timeline_paint_peaks(const struct state *state, const struct canvas *canvas, int rows);

/* "412", "9,999", "12k", "3.4M": at most five cells; out holds at least 28 bytes. */
const char *count_short(uint64_t count, char out[28]);

#endif
