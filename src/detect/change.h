/*
 * Where counts in equal buckets left their usual level, and how surely.
 */
#ifndef DETECT_CHANGE_H
#define DETECT_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHANGE_BUCKETS 120 /* most buckets that are looked at */

/* The stretch of buckets [from, to) that stands out most. */
struct change {
	size_t from, to;
	double score; /* log-likelihood ratio against one rate for all, divided by how bursty the rest is; 0: nothing
			 stands out */
};

/*
 * Finds the stretch that begins at bucket `first` or later. The usual level is what the buckets outside of the stretch
 * hold, or, with `reference`, what the marked buckets hold; then no stretch touches those.
 */
bool change_find(const uint32_t *counts, size_t count, size_t first, const bool *reference, struct change *change);

/* The rate of one event after which a run of times (ascending, within [from, to)) became dense, as an index into them:
   the most likely point where a rate of `before` events a nanosecond ended and a higher one began. `count` > 0. */
size_t change_point(const int64_t *times, size_t count, int64_t from, int64_t to, double before);

#endif
