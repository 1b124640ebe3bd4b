/*
 * Formats that are patterns: how they are recognised, and how their lines become rows.
 */
#ifndef TOCSIN_SRC_INGEST_FORMAT_HEADER_H
#define TOCSIN_SRC_INGEST_FORMAT_HEADER_H

#include "ingest/format_table.h"

unsigned header_fit(const struct format *format, struct slice sample, const struct when *when);
int header_begin(struct parser *parser, struct slice sample, struct error *error);
void header_parse(struct parser *parser, struct slice raw, struct row *row);
bool header_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line);

/* A row of the table: its name, its patterns and a summary. */
#define FORMAT_OF_PATTERNS(NAME, SUMMARY, ...)                                                                        \
	{                                                                                                             \
		.name = NAME, .summary = SUMMARY, .patterns = (const char *const[]){ __VA_ARGS__, NULL },            \
		.wording = WORDING_VERBATIM, .fit = header_fit, .begin = header_begin, .parse = header_parse, .joins = header_joins,              \
	}

#endif
