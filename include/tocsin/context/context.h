/*
 * What is known beside the log: metrics, traces, changes, alerts, topology, runbooks; and reading them.
 *
 * Fill it (context_read, or a context_reader fed with bytes), settle it, then ask its parts. Times are those of the
 * log: under a replay ask for windows that end at the horizon, and for nothing else. It may be filled by a worker and
 * handed over; once settled any number of threads may ask its parts, but for the patterns of runbooks.
 *
 * What cannot be read is counted and the first such place is named in the file's notice; it never ends the reading.
 * The formats are written down in the manual page, from context_kind_format.
 */
#ifndef TOCSIN_CONTEXT_CONTEXT_H
#define TOCSIN_CONTEXT_CONTEXT_H

#include "tocsin/context/alerts.h"
#include "tocsin/context/changes.h"
#include "tocsin/context/metrics.h"
#include "tocsin/context/runbooks.h"
#include "tocsin/context/topology.h"
#include "tocsin/context/traces.h"
#include "tocsin/base/timestamp.h"

#define CONTEXT_FILES 4096
#define CONTEXT_HEAD 4096                     /* bytes that context_recognize may look at */
#define CONTEXT_ITEM_BYTES ((size_t)16 << 20) /* the longest row, span, or document of changes */

enum context_kind {
	CONTEXT_NONE,
	CONTEXT_METRICS,
	CONTEXT_TRACES,
	CONTEXT_CHANGES,
	CONTEXT_ALERTS,
	CONTEXT_TOPOLOGY,
	CONTEXT_RUNBOOKS,
	CONTEXT_KIND_COUNT
};

const char *context_kind_name(enum context_kind kind);   /* "metrics", also in lists of sources */
const char *context_kind_format(enum context_kind kind); /* its format in one paragraph */

/* What was read, or tried. */
struct context_file {
	enum context_kind kind;
	struct slice name;
	uint64_t rows;    /* samples, spans, changes, alerts, edges, runbooks that are kept */
	uint64_t bad;     /* left out: malformed, or no room */
	char notice[240]; /* what a person should know: "metrics.csv:17: value \"x\" is no number; 3 such are left out"
			   */
	bool failed;      /* nothing in it could be used */
};

struct context {
	struct context_text text;
	struct metrics metrics;
	struct traces traces;
	struct changes changes;
	struct alerts alerts;
	struct topology topology;
	struct runbooks runbooks;
	struct vector files; /* of struct context_file */
};

struct context *context_create(void); /* empty and settled; NULL when out of memory */
void context_destroy(struct context *context);

/* By the first bytes of a file: a header of metrics or traces, the beginning of JSON spans, changes or alerts. Anything
   else (a log) is CONTEXT_NONE. */
enum context_kind context_recognize(struct slice head);

/* Reads a file, or for runbooks a folder of *.md, to its end: blocks. Times without a zone are in `zone` (NULL: UTC).
   Fails with a sentence when it cannot be opened, or nothing in it could be used; the notice then says so too. */
int context_read(struct context *context, enum context_kind kind, const char *path, const struct zone *zone,
	struct error *error);
/* After the last one: sorts, finds parents, learns the topology from the traces. ERROR_MEMORY. */
int context_settle(struct context *context);
bool context_is_empty(const struct context *context); /* nothing was read */

/* The same from bytes that come in pieces, cut anywhere (not for runbooks). */
struct context_reader;
struct context_reader *context_reader_create(
	struct context *context, enum context_kind kind, struct slice name, const struct zone *zone); /* NULL: memory */
void context_reader_feed(struct context_reader *reader, struct slice bytes);
/* The bytes have ended: frees the reader. The file it was, borrowed until the next is read; NULL when the list of files
   is full. */
const struct context_file *context_reader_finish(struct context_reader *reader);

#endif
