/*
 * Reading a large file with several workers, exactly as one would.
 *
 * The file is cut into stretches of equal size. A worker begins at the first line that begins in its stretch, which is
 * nearly always the begin of a record, and reads until all records that begin in it are whole. Whoever takes the
 * results looks whether each begins where the one before has ended; one that does not is read once more from there.
 * What is made of a record depends on the record alone, so the outcome is the same for any number of workers.
 */
#ifndef TOCSIN_SRC_INGEST_AHEAD_H
#define TOCSIN_SRC_INGEST_AHEAD_H

#include "ingest/recorder.h"

#define AHEAD_STRETCH ((size_t)2 << 20)

struct ahead;

/* A file of `size` bytes, of which `recorder` has read those before `position`. The descriptor is borrowed. NULL when
   it is not worth it, or out of memory. */
struct ahead *ahead_create(const struct recorder *recorder, int fd, uint64_t position, uint64_t size, size_t workers,
	size_t stretch);
void ahead_destroy(struct ahead *ahead); /* NULL is fine */

/* Adds the next records to the recorder's queue, counts, and moves `*position`. False at the end: then the recorder has
   begun anew there, to read the rest by itself. */
bool ahead_take(struct ahead *ahead, struct recorder *recorder, uint64_t *position);

#endif
