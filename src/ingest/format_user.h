/*
 * Formats that a person describes; the book of them is in tocsin/ingest/format.h.
 */
#ifndef TOCSIN_SRC_INGEST_FORMAT_USER_H
#define TOCSIN_SRC_INGEST_FORMAT_USER_H

#include "ingest/format_table.h"

/* Gives a parser of such a format its own pattern, which one thread alone may use. */
bool user_prepare(struct parser *parser);

#endif
