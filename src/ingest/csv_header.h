/*
 * The beginning of a CSV: is it one, and which column is what?
 */
#ifndef TOCSIN_SRC_INGEST_CSV_HEADER_H
#define TOCSIN_SRC_INGEST_CSV_HEADER_H

#include "ingest/format_table.h"

unsigned csv_fit(const struct format *format, struct slice sample, const struct when *when); /* 0 to 100 */
int csv_begin(struct parser *parser, struct slice sample, struct error *error);

#endif
