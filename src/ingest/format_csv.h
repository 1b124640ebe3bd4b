/*
 * CSV rows: which column is what, and from cells to a row.
 */
#ifndef TOCSIN_SRC_INGEST_FORMAT_CSV_H
#define TOCSIN_SRC_INGEST_FORMAT_CSV_H

#include "ingest/format_table.h"

/* From a row that was split already (while a file is read from front to back), without the other columns' fields.
   Slices point into the row's. */
void csv_parse_row(const struct parser *parser, const struct csv_row *cells, struct row *row);

/* Makes what reading rows needs; false when out of memory. */
bool csv_prepare(struct parser *parser);
/* A time as most rows write it. False when it is written in another way, which need not be wrong. */
bool csv_read_time(const struct parser *parser, struct slice text, int64_t *time);

void csv_splitter_destroy(struct csv_splitter *splitter); /* NULL is fine */

#endif
