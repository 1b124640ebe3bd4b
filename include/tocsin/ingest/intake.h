/*
 * Sources to records: opens, detects, frames, parses, merges by event time, follows what grows.
 *
 * `intake_read` fills a batch (may block: call it in a worker or where blocking is fine); `intake_publish` puts a batch
 * into the store (the store's one writer: on the loop). Between the two a batch belongs to whoever holds it. Only one
 * batch is read at a time.
 *
 * With several sources records are merged by time; a record without a time goes with its predecessor in its source. A
 * source that cannot be opened or stops being readable is reported by `intake_status` and never ends the others.
 */
#ifndef TOCSIN_INGEST_INTAKE_H
#define TOCSIN_INGEST_INTAKE_H

#include "tocsin/ingest/rules.h"

struct intake;
struct batch;

struct intake_options {
	const struct format *format;    /* NULL: detect each */
	const struct format_book *book; /* formats to be detected beside those of the table; NULL: none */
	const struct source_rules *rules; /* what is said of some sources; NULL: nothing */
	struct zone zone;                 /* of times that carry none */
	size_t batch_records;        /* 0: 4,096 */
	/* true: sources may grow, so an unfinished last line waits a while for its end, and a read waits no longer than
	   INTAKE_PATIENCE for a stream. false: everything is read to its end, streams too. */
	bool follow;
	size_t workers; /* that read one large file together; 0 or 1: the caller reads alone */
	size_t stretch; /* bytes that each takes at a time; 0: 2 MiB. Tests take few */
	int64_t retry; /* before a broken connection is tried again, doubled each time up to a minute; 0: a second */
	/* Does somebody else read this file, by its first bytes? Then the answer is a word that stands as its format, and
	   it has no records here. Asked in a worker, not where a format is named. May be NULL. */
	const char *(*claim)(struct slice head);
};

#define INTAKE_PATIENCE 100 /* milliseconds */

/* READING: there is more, or a stream is still open. ENDED: read to its end (should a file grow, it is read on). GONE:
   the file's name has vanished, or the connection is broken; what was read is kept, and it is tried again. */
enum intake_state { INTAKE_READING, INTAKE_ENDED, INTAKE_GONE, INTAKE_FAILED };

struct intake_status {
	struct slice name; /* as given; of what a folder or an archive brought forth, as it could be given */
	int code;          /* in the store; -1: it has no records of its own (a folder, a glob, a tar, refused) */
	enum intake_state state;
	bool incomplete;   /* it could not be read to its end (a broken archive): what came before is kept */
	bool claimed;       /* somebody else reads it */
	const char *format; /* "" before it is known */
	char notice[240]; /* what a person should know ("" when all is well): why it failed, header trouble, rotation */
	uint64_t size;    /* bytes in it when last looked at */
	uint64_t read;    /* bytes taken so far */
	/* Quiet or dead? On the clock on the wall: when its last byte came (to a file: was written) and when the last
	   byte did that ended a record; and the event time of the last record that has one. TIMESTAMP_NONE: never. */
	int64_t byte_at;
	int64_t line_at;
	int64_t line_time;
};

/* `store` gets the sources registered. NULL when out of memory. */
struct intake *intake_create(struct store *store, const struct intake_options *options);
void intake_destroy(struct intake *intake);

/* Opens a SOURCE: a file, compressed or not (gzip, bzip2, xz, zstd, told by its bytes); "-", a named pipe or what
   has a scheme of its own (source_scheme.c), spooled to an unnamed file; or what brings forth others while it is read:
   a folder, a glob, a tar. What appears later in a folder that is followed is opened then. Fails with a sentence that
   names it: absent (while following it is waited for, in state GONE), no permission; empty is fine. What was refused
   still counts as a source in state FAILED. */
int intake_open(struct intake *intake, struct slice name, struct error *error);
int intake_close(
	struct intake *intake, struct slice name); /* no more is read from it; its records stay. ERROR_ABSENT */

/* Reads the next records into a batch. Returns a batch, or NULL when nothing is to be had now: at the end of all
   sources, or caught up with what grows (a later call tries again and notices appended bytes, truncation, replacement).
   A batch may hold no records, but news for the ledger: publish it all the same. */
struct batch *intake_read(struct intake *intake);
size_t batch_count(const struct batch *batch);
/* Appends to the store and publishes, with signatures and ledger; frees the batch. Returns 0 or the store's error (what
 * did not fit is counted lost). */
int intake_publish(struct intake *intake, struct batch *batch);

/* Signatures are merged into templates at fixed counts of them (mine/miner.h); this does it at once, for what has been
 * published. Call it when all that there was is read. */
void intake_merge_templates(struct intake *intake);

bool intake_caught_up(const struct intake *intake); /* everything there was has been read */
size_t intake_source_count(const struct intake *intake);
void intake_status(const struct intake *intake, size_t index, struct intake_status *status);

/* A reader of texts for one thread; destroy it before the intake. It opens its own descriptors. */
struct store_reader *intake_reader_create(struct intake *intake);
void intake_reader_destroy(struct store_reader *reader);

#endif
