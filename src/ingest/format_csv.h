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
/* A glance at a row (heads.h): false when it is not usual. There is none at all where columns are missing, or the
   message is not the last. */
bool csv_has_glance(const struct parser *parser);
bool csv_glance(const struct parser *parser, const struct csv_row *cells, struct glance *out);

void csv_splitter_destroy(struct csv_splitter *splitter); /* NULL is fine */

#endif
