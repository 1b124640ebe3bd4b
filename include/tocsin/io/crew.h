/*
 * Jobs side by side for one thread that hands them out and waits for them: no loop of its own is needed, and none of
 * another is run. They run in the same workers as all others.
 */
#ifndef TOCSIN_IO_CREW_H
#define TOCSIN_IO_CREW_H

#include <stddef.h>

struct crew;

struct crew *crew_create(size_t jobs); /* at most so many at a time. NULL when out of memory */
void crew_destroy(struct crew *crew);  /* waits for all; NULL is fine */

/* Starts job number `job` < jobs, which must not be running. */
void crew_start(struct crew *crew, size_t job, void (*run)(void *context), void *context);
void crew_wait(struct crew *crew, size_t job); /* returns at once when it is not running */

#endif
