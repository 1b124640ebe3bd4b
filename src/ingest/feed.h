/*
 * Where the bytes of a stream come from before they are spooled: a descriptor, a command, a compressed file.
 */
#ifndef TOCSIN_SRC_INGEST_FEED_H
#define TOCSIN_SRC_INGEST_FEED_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tocsin/base/error.h"

#define FEED_ENDED (-1)
#define FEED_PAUSED (-2) /* the writer of a named pipe has left; another may come */

struct child;
struct unpack;
struct feed;

/* Each takes over what it is given, also on failure (NULL: out of memory, or as `error` says). With a `path` the
   descriptor is a named pipe that outlives its writers; the path is borrowed. */
struct feed *feed_of_descriptor(int fd, const char *path);
struct feed *feed_of_command(const char *command, struct error *error);
struct feed *feed_of_packed(struct unpack *unpack);
void feed_destroy(struct feed *feed); /* NULL is fine */

/* Gives what there is now: its size, 0 when there is nothing yet, FEED_ENDED or FEED_PAUSED. Never waits for a writer.
 */
int64_t feed_read(struct feed *feed, char *out, size_t size);
bool feed_is_live(const struct feed *feed); /* its bytes are new: not those of a compressed file */
/* What to wait for until there is more: how many of the two. */
size_t feed_waits(const struct feed *feed, struct pollfd waits[2]);
/* After its end, what is to be said of it: 0 all is well (`sentence` may tell something all the same), or an error. */
int feed_verdict(struct feed *feed, struct error *sentence);

#endif
