/*
 * Times as logs write them, described by a layout: "dd/MMM/yyyy:HH:mm:ss Z".
 *
 * A run of one letter is a part: yyyy and yy the year, MM or M and MMM (Jan) the month, dd or d the day, EEE the day of
 * the week (ignored), HH or H, mm or m, ss or s (with a fraction behind '.' or ',' where there is one), N milliseconds
 * as a number, Z an offset from UTC, z the name of a zone (UTC, GMT and Z count, others are ignored). A double letter
 * stands for exactly two digits, a single one for one or two. A blank stands for one or more, anything else for itself.
 * "iso" is ISO 8601, "epoch" seconds, milli-, micro- or nanoseconds since 1970, told apart by their size.
 */
#ifndef TOCSIN_SRC_INGEST_TIME_LAYOUT_H
#define TOCSIN_SRC_INGEST_TIME_LAYOUT_H

#include "tocsin/base/timestamp.h"

/* How what a time leaves out is filled in. */
struct when {
	struct zone zone; /* of times that carry none */
	/* A time without a year or a day is read as the latest that does not lie after this (with a little patience: a
	   day, or an hour for a time without a day), which is when the source was last written. */
	int64_t newest;
	struct timestamp_parts newest_parts;
};

void when_init(struct when *when, const struct zone *zone, int64_t newest); /* zone NULL: UTC */

/* Is it a layout? On failure the sentence names the fault. */
int time_layout_check(struct slice layout, struct error *error);

/* Reads a time at the front of a text; *used is how many bytes belong to it. */
bool time_layout_read(struct slice layout, struct slice text, const struct when *when, int64_t *time, size_t *used);

#endif
