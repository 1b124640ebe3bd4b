/*
 * What is read over an ordinary client that runs as a child: a file by ssh, a container by docker, pods by kubectl.
 *
 * The connection is one thing for all (feed_far.c): it starts the client, and when it ends, starts it again, later and
 * later. What differs is a const row: which arguments ask for the rest, and how what comes is freed of what was given
 * before the break.
 */
#ifndef TOCSIN_SRC_INGEST_FAR_H
#define TOCSIN_SRC_INGEST_FAR_H

#include "ingest/child.h"
#include "ingest/feed.h"
#include "tocsin/base/buffer.h"
#include "tocsin/ingest/intake.h"

#define FAR_MAXIMUM_ARGUMENTS 24

struct far {
	const struct far_kind *kind;
	bool follows;
	struct buffer out;        /* what is to be given */
	struct buffer arguments;  /* one behind the other, each with a NUL */
	size_t argument_count;
	struct error remark;      /* by `take` and `arguments`: what a person should know; code 0: nothing new */
	char complaint[160];      /* by `take`: what the client said was wrong, "" for nothing */
};

struct far_kind {
	const char *client; /* the program, as it is found on PATH */
	int input;          /* as child_create wants it */
	/* The arguments that ask for what was not given yet, by far_argument. */
	void (*arguments)(struct far *far);
	/* Appends to `out` what is new in bytes that came; a connection begins with `begin`. */
	void (*begin)(struct far *far);
	void (*take)(struct far *far, struct slice bytes);
	/* The stream has ended: what waited for its end is given. */
	void (*end)(struct far *far);
	void (*destroy)(struct far *far);
};

/* The feed takes over `far`, whose kind and own members are set. NULL with a sentence. */
struct feed *feed_of_far(struct far *far, const struct intake_options *options, struct error *error);
void far_argument(struct far *far, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* HOST:PATH, NAME, and [NAMESPACE:]SELECTOR or [NAMESPACE:]NAME of a pod or TYPE/NAME. NULL with a sentence. */
struct feed *feed_of_ssh(struct slice what, const struct intake_options *options, struct error *error);
struct feed *feed_of_docker(struct slice what, const struct intake_options *options, struct error *error);
struct feed *feed_of_kubectl(struct slice what, const struct intake_options *options, struct error *error);

#endif
