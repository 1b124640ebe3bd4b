/*
 * Active time: the stretches of the log in which anything at all is logged. The silences between them (a pause of the
 * whole system, a stray line hours before or after, two sources of different days) are no evidence of anything and are
 * cut out of time.
 */
#ifndef DETECT_ACTIVE_H
#define DETECT_ACTIVE_H

#include "tocsin/store/query.h"

#define ACTIVE_STRETCHES 30 /* the longest silences are cut when there are more */

struct active {
	struct window stretches[ACTIVE_STRETCHES]; /* in order; each begins and ends with a record */
	size_t count;
};

/* False when no visible record has a time (*error 0) or memory ran out. */
bool active_read(struct active *active, const struct store *store, struct horizon horizon, int *error);

size_t active_stretch(const struct active *active, int64_t time); /* the last that begins no later; else the first */
uint64_t active_length(const struct active *active);              /* of all stretches, in nanoseconds */

/* Active time from the beginning of the log until `time`, and the time at which it was so long. */
uint64_t active_before(const struct active *active, int64_t time);
int64_t active_time(const struct active *active, uint64_t before);

#endif
