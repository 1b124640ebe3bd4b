/*
 * Formats: from the text of one record to its fields. One row of a table is one format.
 *
 * A format is chosen once per source, from its first lines within a fixed budget, or named by the user. A line that
 * does not fit becomes a row with only a message, flagged RECORD_UNPARSED: nothing is lost.
 */
#ifndef TOCSIN_INGEST_FORMAT_H
#define TOCSIN_INGEST_FORMAT_H

#include "tocsin/store/store.h"

#define FORMAT_SAMPLE_BYTES 65536 /* what detection may look at */

/* A record parsed. Slices point into the text given or into the parser's scratch, until the next parse. */
struct row {
	int64_t time;
	enum level level;
	uint8_t flags;
	struct slice service; /* empty when the line names none */
	struct slice message;
	struct store_field fields[STORE_MAXIMUM_FIELDS];
	size_t field_count;
};

struct format; /* a const row of the table */

const struct format *format_find(struct slice name); /* by name, NULL when unknown */
const struct format *format_at(size_t index);        /* NULL past the end */
const char *format_name(const struct format *format);
const char *format_summary(const struct format *format); /* one line for `tocsin formats` */
bool format_is_csv(const struct format *format);         /* rows may span lines, quoted */

/* --- formats that a person describes, beside those of the table --- */
struct format_book;
struct format_book *format_book_create(void); /* NULL when out of memory */
void format_book_destroy(struct format_book *book); /* after the last parser of its formats; NULL is fine */
/* Sets a key of the format called `name`, which is made when it is new:
     pattern   a regular expression; its named groups time, level, service, message fill the row, others become fields
     time      the layout of a time (time_layout.h); ISO 8601 when it is not set
     levels    words and the levels that they mean, beside the usual names: "E=ERROR W=WARN"
     service   the service of lines whose pattern has no such group
   ERROR_INPUT with a sentence that names the key. */
int format_book_set(
	struct format_book *book, struct slice name, struct slice key, struct slice value, struct error *error);
int format_book_check(const struct format_book *book, struct error *error); /* has each what it needs? */
const struct format *format_book_at(const struct format_book *book, size_t index); /* NULL past the end */
const char *format_book_pattern(const struct format_book *book, size_t index);
/* In the book or in the table. */
const struct format *format_book_find(const struct format_book *book, struct slice name);

/* The parser of one source: a format, and what it learnt from the beginning (the columns of a CSV header, the zone). */
struct parser;

/* Detects from the first bytes of a source (at most FORMAT_SAMPLE_BYTES; `whole` says that there are no more), those of
   the book (NULL: none) first, or uses `wanted`. Fails with ERROR_INPUT and a sentence when the wanted format cannot be
   (a CSV without usable header, say). Anything undetected gets the format "text". `zone` is for times that carry
   none. */
struct parser *parser_create(
	struct slice sample, bool whole, const struct format *wanted, const struct format_book *book,
	const struct zone *zone, struct error *error);
void parser_destroy(struct parser *parser);
/* An independent parser of the same source for another thread. */
struct parser *parser_copy(const struct parser *parser);

/* When the source was last written: a time without a year, or without a day, is read as the latest that does not lie
   after it. At first it is the present. */
void parser_set_newest(struct parser *parser, int64_t newest);

const struct format *parser_format(const struct parser *parser);
/* What a person should know about the beginning, or "": "no header: columns taken as timestamp,service,level,message",
 * "no column for level". */
const char *parser_notice(const struct parser *parser);
/* Bytes at the start that are not records (byte-order mark, CSV header). */
uint64_t parser_header_bytes(const struct parser *parser);
uint64_t parser_header_lines(const struct parser *parser);

/* Parses the raw text of one record. Never fails: what does not fit is flagged. */
void parser_parse(struct parser *parser, struct slice raw, struct row *row);

#endif
