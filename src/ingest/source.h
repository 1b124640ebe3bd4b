/*
 * One source: a file that may grow, be truncated, be replaced or not be there yet; a stream that is spooled to one (a
 * compressed file is read as a stream); a member of an archive; or a collection, which has no records of its own but
 * brings forth sources that have.
 *
 * Offsets of its records count on over such breaks: a file that starts over gets a new generation, whose first byte
 * stands at `base`, so an offset below `base` belongs to bytes that are gone. In an ordinary file base is 0 and offsets
 * are the file's.
 *
 * `source_fill` belongs to the thread that reads; `source_look`, `source_borrow`, `source_seen` and `source_close` may
 * be called from any.
 */
#ifndef TOCSIN_SRC_INGEST_SOURCE_H
#define TOCSIN_SRC_INGEST_SOURCE_H

#include <pthread.h>
#include <stdatomic.h>

#include "ingest/ahead.h"
#include "ingest/feed.h"
#include "ingest/format_table.h"
#include "ingest/identity.h"
#include "ingest/recorder.h"
#include "ingest/spool.h"
#include "tocsin/ingest/intake.h"

#define SOURCE_CHUNK ((size_t)256 << 10)      /* bytes read at a time, */
#define SOURCE_CHUNK_LEAST ((size_t)16 << 10) /* less of each when there are many sources */

/* What other threads may know, and where they find texts. */
struct source_seen {
	enum intake_state state;
	const char *format;
	char notice[NOTICE_SIZE];
	uint64_t size;
	uint64_t read;
	int64_t byte_at; /* as in struct intake_status */
	int64_t line_at;
	int64_t line_time;
	bool incomplete; /* it could not be read to its end */
	uint64_t generation; /* counts changes of descriptor, base or parser */
	uint64_t base;
	uint64_t origin; /* where a member begins in its archive's spool; 0 for others */
	uint64_t limit;  /* of a spool's ring; 0 for a file */
	uint64_t end;    /* bytes spooled */
};

/* A source that brings forth others: a const row of functions, and what it remembers. */
struct collection;
struct source;
struct finds {
	struct vector sources; /* of struct source *: opened, not yet in the intake */
	atomic_size_t *taken;  /* places of the intake that are taken or promised */
};
struct collection_kind {
	const char *name;
	/* Goes on looking, by the thread that reads. True when it is to be called again at once. */
	bool (*advance)(struct collection *collection, struct source *owner, struct finds *finds);
	void (*destroy)(struct collection *collection);
};
struct collection {
	const struct collection_kind *kind;
};
#define COLLECTION_MAXIMUM 1000 /* sources that one brings forth */

struct source {
	char *name;
	char stem[128];  /* the service of records that name none */
	size_t order;    /* among those of the intake */
	size_t share;    /* bytes to read at a time */
	uint16_t code;   /* in the store */
	bool registered; /* in the store */
	atomic_bool closed;

	const struct intake_options *options;
	struct source_rule rule; /* what is said of it */
	struct spool_budget *budget;   /* what unpacked files may take of the disk together */
	struct source *parent;         /* the collection that found it, or NULL */
	struct collection *collection; /* NULL when it has records of its own */
	struct vector *family;         /* of struct identity: files that were read in its folder, or NULL */
	bool claimed;                  /* somebody else reads it: it has no records here */
	bool has_path;                 /* there is a name to look at: not for streams and members */
	int fd;                        /* of the file or the spool; -1: none, or not there yet */
	bool is_member;                /* `fd` is lent by the archive, and it ends after member_size bytes */
	uint64_t member_size;
	struct feed *feed; /* what is being spooled; NULL for a file, and at its end */
	bool is_paused;    /* the writer of a named pipe has left */
	struct spool spool;
	struct identity identity;
	bool reads_copy;      /* `fd` is a copy made before its file was truncated: the rest of it is read */
	bool is_final;        /* nothing will be added to it: even a first line without end is taken */
	bool at_end;          /* nothing was left when it was last looked at */
	struct timespec left; /* when the file had been changed last, then */
	uint64_t position;    /* next byte to read in this generation */
	uint64_t retried;     /* position at which the file was longer than what could be read */
	uint64_t held_seen;   /* position when the end was last reached */
	uint64_t tail_seen;   /* position when the end was last reached with an unfinished record */

	struct ahead *ahead;      /* workers that read it, or NULL */
	bool may_read_ahead;      /* it is alone */
	struct recorder recorder; /* with the queue of records that were read */
	int64_t key;              /* time of the last record that had one: what one without goes by */
	bool idle;             /* nothing more to be had in this read */

	struct source_seen now; /* the reading thread's */
	pthread_mutex_t lock;
	struct source_seen
		seen; /* under the lock: a copy of `now` for other threads; so are changes of fd and parser */
};

/* `below` is its path below what a person named, "" when that is the name itself. NULL when out of memory. */
struct source *source_create(
	struct slice name, struct slice below, const struct intake_options *options, struct spool_budget *budget);
/* Another of the same intake, found by `owner`. */
struct source *source_create_child(struct source *owner, struct slice name, struct slice below);
void source_destroy(struct source *source);

/* Opens and, when there are bytes, detects the format. On failure the source is in state FAILED with the sentence as
 * notice. */
int source_open(struct source *source, struct error *error);
/* Opens a member of an archive, `size` bytes of its spool from `origin`. */
int source_open_member(struct source *source, int fd, uint64_t origin, uint64_t size, struct error *error);
void source_close(struct source *source);

/* Reads on until the queue holds something, or nothing more is to be had now. `chunk` is scratch of SOURCE_CHUNK bytes.
 */
bool source_fill(struct source *source, char *chunk);
/* Event time by which its next record is merged; the queue is not empty. */
int64_t source_next_key(const struct source *source);
/* What to wait for when a stream has nothing yet: how many. */
size_t source_waits(const struct source *source, struct pollfd waits[FEED_WAITS]);
/* Lets go of what a source that was closed still holds of others: pipes, a command. By the thread that reads. */
void source_let_go(struct source *source);
/* Promises a place in the intake. */
bool finds_reserve(struct finds *finds);

/* For source*.c alone. */
void source_show(struct source *source); /* copies `now` for other threads */
void source_note(struct source *source, const char *sentence);
int source_fail(struct source *source, struct error *error);               /* the error's code */
int source_refuse(struct source *source, int number, struct error *error); /* from an errno */
/* Learns the format from the first bytes of this generation: 0 when it is known, 1 when more bytes are needed first, or
 * an error. */
int source_begin(struct source *source, char *chunk, bool ended, struct error *error);
int source_open_path(struct source *source, struct error *error); /* ERROR_ABSENT while there is no such file */
int64_t source_read_at(struct source *source, char *out, size_t size, uint64_t offset);
/* Gives the unfinished last record, if there is one. */
bool source_finish_tail(struct source *source);
/* At the end of a file: what happened to it? True when there is something to do now. */
bool source_examine(struct source *source);
/* There are new bytes behind the end: are those before them still the same? False: it starts over. */
bool source_confirm(struct source *source);
/* The file cannot be read now. True when it can again. */
bool source_lose(struct source *source, struct error *error);
bool source_appear(struct source *source); /* a file that was waited for: is it there? */
bool source_is_at_rest(const struct stat *status);
int64_t source_wall_clock(void);

void source_look(struct source *source, struct source_seen *seen);
/* A duplicate of the descriptor and a copy of the parser, the caller's to close and destroy. ERROR_ABSENT,
 * ERROR_MEMORY, ERROR_SYSTEM. */
int source_borrow(struct source *source, struct source_seen *seen, int *fd, struct parser **parser);

#endif
