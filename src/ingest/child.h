/*
 * A command whose output is read: a shell in a process group of its own, killed with all that it started.
 */
#ifndef TOCSIN_SRC_INGEST_CHILD_H
#define TOCSIN_SRC_INGEST_CHILD_H

#include <sys/types.h>

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"

struct child;

/* Runs `/bin/sh -c command` with `input` (borrowed, above 2) as its standard input, or nothing for -1. NULL with a
   sentence when it cannot be started. */
struct child *child_create(const char *command, int input, struct error *error);
/* Ends the whole group (asked first, then killed) and waits for it: no zombie is left. NULL is fine. */
void child_destroy(struct child *child);

int child_output(const struct child *child);     /* not blocking */
int child_complaints(const struct child *child); /* its standard error, -1 when closed; take it when readable */
void child_take_complaints(struct child *child);

/* Its output has ended: how did it? False while it still runs. `sentence` says so if there is anything to say. */
bool child_verdict(struct child *child, int *status, struct error *sentence);

#endif
