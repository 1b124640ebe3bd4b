/*
 * The inside of formats: what a row of the table can do, and what a parser knows about its source.
 *
 * A format is a const struct of functions. Everything that it learns is in `struct parser`, which holds no pointers of
 * its own besides the splitter, so that a copy for another thread is an assignment.
 */
#ifndef TOCSIN_SRC_INGEST_FORMAT_TABLE_H
#define TOCSIN_SRC_INGEST_FORMAT_TABLE_H

#include "tocsin/base/csv.h"
#include "tocsin/ingest/format.h"

#define RECORD_MAXIMUM ((size_t)1 << 20) /* bytes of one record that are kept */
#define NOTICE_SIZE 240

/* Columns of a CSV; -1 where there is none. */
struct csv_columns {
	int time, date, service, level, message;
	size_t count;
	char names[CSV_MAXIMUM_FIELDS][48];
};

struct csv_splitter;

struct parser {
	const struct format *format;
	struct zone zone;
	char notice[NOTICE_SIZE];
	uint64_t header_bytes;
	uint64_t header_lines;
	struct csv_columns columns;
	struct csv_splitter *splitter; /* made when a single CSV record is parsed; never copied */
};

struct format {
	const char *name;
	const char *summary;
	bool csv;
	/* How well the beginning of a source fits, 0 (not at all) to 100. */
	unsigned (*fit)(struct slice sample, const struct zone *zone);
	/* Learns from the beginning; NULL when there is nothing to learn. The byte-order mark is in `sample` still. */
	int (*begin)(struct parser *parser, struct slice sample, struct error *error);
	void (*parse)(struct parser *parser, struct slice raw, struct row *row);
};

extern const struct format format_csv;
extern const struct format format_openstack;
extern const struct format format_text;

#define FORMAT_MARK_BYTES 3 /* of a UTF-8 byte-order mark */
bool format_has_mark(struct slice sample);

/* An empty row without time and level. Its fields, a kilobyte, are left as they are. */
void row_clear(struct row *row);
/* Makes the row of a text that fits no format: everything is the message. */
void row_unparsed(struct row *row, struct slice raw);
void row_add_field(struct row *row, struct slice name, struct slice value); /* what is beyond the maximum is left out */

/* The share of the first lines of a sample (at most 50) for which `fits` is true, in percent. */
unsigned format_share(
	struct slice sample, const struct zone *zone, bool (*fits)(struct slice line, const struct zone *zone));

#endif
