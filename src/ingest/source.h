/*
 * One source: a file that may grow, be truncated or be replaced, or a stream that is spooled to one.
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
#include <sys/types.h>

#include "ingest/entries.h"
#include "ingest/format_table.h"
#include "ingest/framing.h"
#include "ingest/spool.h"
#include "tocsin/ingest/intake.h"

#define SOURCE_CHUNK ((size_t)256 << 10) /* bytes read at a time */

/* What other threads may know, and where they find texts. */
struct source_seen {
	enum intake_state state;
	const char *format;
	char notice[NOTICE_SIZE];
	uint64_t size;
	uint64_t read;
	uint64_t generation; /* counts changes of descriptor, base or parser */
	uint64_t base;
	uint64_t limit; /* of a spool's ring; 0 for a file */
	uint64_t end;	/* bytes spooled */
};

struct source {
	char *name;
	char stem[128];	 /* the service of records that name none */
	uint16_t code;	 /* in the store */
	bool registered; /* in the store */
	atomic_bool closed;

	const struct intake_options *options;
	bool has_path; /* false for standard input: nothing to look at by name */
	int fd;	       /* of the file or the spool; -1 */
	int stream;    /* what is being spooled; -1 for a file, and at its end */
	struct spool spool;
	dev_t device;
	ino_t inode;
	uint64_t position;  /* next byte to read in this generation */
	uint64_t retried;   /* position at which the file was longer than what could be read */
	uint64_t tail_seen; /* position when the end was last reached with an unfinished record */

	struct parser *parser; /* NULL until the format is known */
	struct framer framer;
	struct entries queue;
	int64_t key;	       /* time of the last record that had one: what one without goes by */
	struct ledger pending; /* what the next batch takes along */
	bool idle;	       /* nothing more to be had in this read */

	struct source_seen now; /* the reading thread's */
	pthread_mutex_t lock;
	struct source_seen
		seen; /* under the lock: a copy of `now` for other threads; so are changes of fd and parser */
};

struct source *source_create(struct slice name, const struct intake_options *options); /* NULL when out of memory */
void source_destroy(struct source *source);

/* Opens and, when there are bytes, detects the format. On failure the source is in state FAILED with the sentence as
 * notice. */
int source_open(struct source *source, struct error *error);
void source_close(struct source *source);

/* Reads on until the queue holds something, or nothing more is to be had now. `chunk` is scratch of SOURCE_CHUNK bytes.
 */
bool source_fill(struct source *source, char *chunk);
/* Event time by which its next record is merged; the queue is not empty. */
int64_t source_next_key(const struct source *source);
bool source_is_streaming(const struct source *source); /* a stream that has not ended */

/* For source.c and source_fill.c alone. */
void source_show(struct source *source); /* copies `now` for other threads */
void source_note(struct source *source, const char *sentence);
int source_fail(struct source *source, struct error *error);		   /* the error's code */
int source_refuse(struct source *source, int number, struct error *error); /* from an errno */
/* Learns the format from the first bytes of this generation: 0 when it is known, 1 when more bytes are needed first, or
 * an error. */
int source_begin(struct source *source, char *chunk, bool ended, struct error *error);

void source_look(struct source *source, struct source_seen *seen);
/* A duplicate of the descriptor and a copy of the parser, the caller's to close and destroy. ERROR_ABSENT,
 * ERROR_MEMORY, ERROR_SYSTEM. */
int source_borrow(struct source *source, struct source_seen *seen, int *fd, struct parser **parser);

#endif
