/*
 * Names with wildcards: `*`, `?` and `[...]` within one part of a path, `**` for any number of parts.
 */
#ifndef TOCSIN_SRC_INGEST_GLOB_H
#define TOCSIN_SRC_INGEST_GLOB_H

#include <stdbool.h>

#include "tocsin/base/slice.h"

bool glob_is(struct slice name); /* has it a wildcard? */
/* How many bytes of it name the folder where the search begins, with the slash: "logs/" of "logs/x*.csv". */
size_t glob_folder(struct slice name);

enum glob_match { GLOB_NO, GLOB_BELOW, GLOB_YES };
/* GLOB_BELOW: not the path itself, but something below it may match. */
enum glob_match glob_match(struct slice pattern, struct slice path);

#endif
