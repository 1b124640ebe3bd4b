/*
 * The inside of formats: what a row of the table can do, and what a parser knows about its source.
 *
 * A format is a const struct of functions. Everything that it learns is in `struct parser`; what that points to is its
 * own, and a copy for another thread makes its own in turn.
 */
#ifndef TOCSIN_SRC_INGEST_FORMAT_TABLE_H
#define TOCSIN_SRC_INGEST_FORMAT_TABLE_H

#include "ingest/header_pattern.h"
#include "ingest/time_layout.h"
#include "tocsin/base/csv.h"
#include "tocsin/ingest/format.h"

#define RECORD_MAXIMUM ((size_t)1 << 20) /* bytes of one record that are kept */
#define RECORD_MAXIMUM_LINES 1000        /* physical lines that join into one record */
#define NOTICE_SIZE 240
#define FORMAT_MAXIMUM_PATTERNS 8
#define FORMAT_MAXIMUM_INNER 3

/* Columns of a CSV; -1 where there is none. */
struct csv_columns {
	int time, date, service, level, message;
	size_t count;
	char names[CSV_MAXIMUM_FIELDS][48];
};

struct csv_splitter;
struct glance;
struct seen;
struct json_scanner;

/* Memory for texts that are not in the log as they are shown. */
struct scratch {
	char *data;
	size_t size;
};

struct parser {
	const struct format *format;
	struct when when;
	char notice[NOTICE_SIZE];
	uint64_t header_bytes;
	uint64_t header_lines;
	struct csv_columns columns;
	struct header headers[FORMAT_MAXIMUM_PATTERNS]; /* of a format with patterns: the usual one first */
	size_t header_count;
	bool has_times; /* text: most lines begin with a time */

	struct parser *inner[FORMAT_MAXIMUM_INNER]; /* of what stands behind a prefix: the usual one first */
	size_t inner_count;
	/* made when they are needed, never copied */
	struct pattern *pattern;       /* of a format that a person describes */
	struct csv_splitter *splitter; /* when a single CSV record is parsed */
	struct json_scanner *scanner;
	struct seen *seen; /* by whoever glances at records */
	struct scratch unescaped, joined;
};

struct user_format;

struct format {
	const char *name;
	const char *summary;
	bool csv;
	bool whole;                  /* `parse` gets records of several lines as they are, not only their first line */
	bool wraps;                  /* it is a prefix: another format stands behind it */
	enum store_wording wording;  /* of messages; what says nothing is read record by record */
	const char *const *patterns; /* header_pattern.h, NULL at the end; NULL for a format of another kind */
	const struct user_format *user; /* NULL for those of the table */
	/* How well the beginning of a source fits, 0 (not at all) to 100. */
	unsigned (*fit)(const struct format *format, struct slice sample, const struct when *when);
	/* Learns from the beginning; NULL when there is nothing to learn. The byte-order mark is in `sample` still. */
	int (*begin)(struct parser *parser, struct slice sample, struct error *error);
	void (*parse)(struct parser *parser, struct slice raw, struct row *row);
	/* See heads.h; NULL: there is none. False when the record (of one line) is not usual. */
	bool (*glance)(struct parser *parser, struct slice raw, struct glance *out);
	/* Does a line belong to the record that begins with the line `first` and ends, so far, with `previous`? NULL:
	   never. Must not depend on anything but these. */
	bool (*joins)(const struct parser *parser, struct slice first, struct slice previous, struct slice line);
	/* What of such a line is its text; NULL: all of it. */
	struct slice (*strip)(struct slice first, struct slice line);
};

#define FORMAT_MARK_BYTES 3 /* of a UTF-8 byte-order mark */
bool format_has_mark(struct slice sample);

/* Reads an ISO time, fast when it is of the minute of the one before. */
bool parser_glance_time(struct parser *parser, struct slice text, int64_t *time);

/* An empty row without time and level. Its fields, a kilobyte, are left as they are. */
void row_clear(struct row *row);
/* Makes the row of a text that fits no format: everything is the message. */
void row_unparsed(struct row *row, struct slice raw);
void row_add_field(struct row *row, struct slice name, struct slice value); /* what is beyond the maximum is left out */
/* "<34>" without its brackets: the level, and the fields priority and facility. False when it is none. */
bool row_take_priority(struct row *row, struct slice digits);

/* The level that one letter stands for (klog, Android, Redis). */
bool level_of_letter(char letter, enum level *level);

/* The share of the first lines of a sample (at most 50, those that continue another not counted) for which `fits` is
   true, in percent. */
typedef bool (*format_fits_fn)(const void *context, struct slice line, const struct when *when);
unsigned format_share(struct slice sample, const struct when *when, format_fits_fn fits, const void *context);

/* The next line of a text, without its line end. False at the end. */
bool format_next_line(struct slice *rest, struct slice *line);

/* Does this line go on with the record that ends with `previous`? See parser's format. */
bool parser_can_join(const struct parser *parser);
bool parser_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line);

/* The best format of a sample; prefixes, CSV and the book (NULL: none) are left out when `inner`. */
const struct format *format_choose(
	struct slice sample, const struct format_book *book, const struct when *when, bool inner);
/* A parser for what stands behind a prefix. NULL when out of memory. */
struct parser *parser_create_inner(struct slice sample, const struct format *format, const struct when *when);

/* At least `size` bytes, whose former contents are gone; NULL when out of memory. */
char *scratch_room(struct scratch *scratch, size_t size);
void scratch_release(struct scratch *scratch);

#endif
