/*
 * Any text: a line with perhaps a time and a level near its beginning.
 */
#ifndef TOCSIN_SRC_INGEST_FORMAT_TEXT_H
#define TOCSIN_SRC_INGEST_FORMAT_TEXT_H

#include "ingest/format_table.h"

/* Skips white space and the separators that stand between the parts of a line's head: - | : , ; ] ) > */
struct slice text_skip_separators(struct slice text);
/* The token at the front, up to white space. */
struct slice text_token(struct slice text);

/* The level that the first words name, in capitals, in brackets or before a colon; LEVEL_UNKNOWN when none does. */
enum level text_level(struct slice text);

/* Never refuses a text. */
void text_parse(struct parser *parser, struct slice raw, struct row *row);

#endif
