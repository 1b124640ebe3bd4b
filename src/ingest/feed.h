/*
 * Where the bytes of a stream come from before they are spooled: a descriptor, a command, a compressed file, the
 * journal, a far machine. A feed is a const row of functions and what it remembers; the rows stand in feed_*.c.
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
#define FEED_WAITS 2     /* descriptors that one feed waits for, at most */

struct unpack;
struct feed;

struct feed_kind {
	/* What there is now: its size, 0 when there is nothing yet, FEED_ENDED or FEED_PAUSED. Never waits for a
	   writer. */
	int64_t (*read)(struct feed *feed, char *out, size_t size);
	size_t (*waits)(const struct feed *feed, struct pollfd waits[FEED_WAITS]); /* NULL: there is nothing to wait for */
	int (*verdict)(struct feed *feed, struct error *sentence);                 /* NULL: all is well */
	void (*destroy)(struct feed *feed);
	bool is_live; /* its bytes are new: not those of a compressed file */
};

struct feed {
	const struct feed_kind *kind;
	bool is_cut;       /* its connection is broken; it is tried again */
	struct error news; /* what a person should know of it by now; code 0: nothing since the last look */
};

/* Each takes over what it is given, also on failure (NULL: out of memory, or as `error` says). With a `path` the
   descriptor is a named pipe that outlives its writers; the path is borrowed. */
struct feed *feed_of_descriptor(int fd, const char *path);
struct feed *feed_of_command(const char *command, struct error *error);
struct feed *feed_of_packed(struct unpack *unpack);
void feed_destroy(struct feed *feed); /* NULL is fine */

int64_t feed_read(struct feed *feed, char *out, size_t size);
bool feed_is_live(const struct feed *feed);
/* What to wait for until there is more: how many of them. */
size_t feed_waits(const struct feed *feed, struct pollfd waits[FEED_WAITS]);
/* After its end, what is to be said of it: 0 all is well (`sentence` may tell something all the same), or an error:
   it could not be read to its end. */
int feed_verdict(struct feed *feed, struct error *sentence);
/* A sentence that has become true while it is read ("" takes the last one back). False when there is none. */
bool feed_take_news(struct feed *feed, struct error *sentence);

#endif
