/*
 * One file being read: what all kinds share (where it is, what is bad about it), and the table of kinds.
 */
#ifndef CONTEXT_READER_H
#define CONTEXT_READER_H

#include "context/json_items.h"
#include "context/roles.h"
#include "tocsin/context/context.h"

enum shape { SHAPE_UNKNOWN, SHAPE_CSV, SHAPE_JSON, SHAPE_LINES, SHAPE_WRONG };

struct context_reader {
	struct context *context;
	const struct kind_row *kind;
	size_t file;             /* its index in context->files; SIZE_MAX when that is full */
	struct context_file own; /* what it is then */
	struct zone zone;
	enum shape shape;
	struct csv *csv;
	struct json_items items;
	struct roles roles;
	bool has_header;
	struct buffer line; /* of SHAPE_LINES */
	uint64_t line_number;
	uint64_t offset;
};

/* A kind of file: what takes its rows, in each of the shapes that it may have. */
struct kind_row {
	const char *name;
	const char *format; /* one paragraph */
	const char *header; /* what a CSV must have, in words; NULL: there is no CSV of it */
	bool traces;        /* whose words the columns are */
	bool (*fits)(const struct roles *roles);
	void (*put)(struct context_reader *reader, const struct values *values, uint64_t line);
	void (*item)(struct context_reader *reader, const struct json_value *root, uint64_t line); /* NULL: no JSON */
	void (*text)(struct context_reader *reader, struct slice line, uint64_t number);           /* NULL: no lines */
};

extern const struct kind_row context_metrics_kind;
extern const struct kind_row context_traces_kind;
extern const struct kind_row context_changes_kind;
extern const struct kind_row context_alerts_kind;
extern const struct kind_row context_topology_kind;

const struct kind_row *reader_kind(enum context_kind kind); /* NULL for what is no file */

struct context_file *reader_file(struct context_reader *reader);

/* Something of this line is left out; the first time says why. */
void reader_bad(struct context_reader *reader, uint64_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Nothing of the file can be read. */
void reader_fail(struct context_reader *reader, const char *reason);
/* Counts what a part's add answered: kept, or left out for want of room. */
void reader_kept(struct context_reader *reader, uint64_t line, int result);

/* ISO 8601, or a number since 1970. */
bool reader_time(const struct context_reader *reader, struct slice text, int64_t *time);

#endif
