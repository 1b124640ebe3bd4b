/*
 * A command whose output is read: a program in a process group of its own, killed with all that it started.
 */
#ifndef TOCSIN_SRC_INGEST_CHILD_H
#define TOCSIN_SRC_INGEST_CHILD_H

#include <poll.h>
#include <sys/types.h>

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"

struct child;

#define CHILD_PIPE (-2)   /* as `input`: a pipe that ends when the child is destroyed, or when we die */
#define CHILD_MERGED (-3) /* the same as -1, and its standard error goes where its output does */

/* Runs a program, found on PATH, with `input` (borrowed, above 2) as its standard input, or nothing for -1. No shell
   looks at the arguments (NULL at the end; borrowed). NULL with a sentence when it cannot be started. */
struct child *child_create(const char *const *arguments, int input, struct error *error);
/* Ends the whole group (asked first, then killed) and waits for it: no zombie is left. NULL is fine. */
void child_destroy(struct child *child);

int child_output(const struct child *child);     /* not blocking */
/* What to wait for, its output first: how many. Take the complaints, its standard error, whenever one is readable. */
size_t child_waits(const struct child *child, struct pollfd waits[2]);
void child_take_complaints(struct child *child);

/* Its output has ended: how did it? False while it still runs. `sentence` says so if there is anything to say. */
bool child_verdict(struct child *child, int *status, struct error *sentence);

#endif
