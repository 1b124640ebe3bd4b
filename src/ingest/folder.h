/*
 * A folder, or a glob, as a source: it brings forth one source for each log below it, also for those that come later.
 */
#ifndef TOCSIN_SRC_INGEST_FOLDER_H
#define TOCSIN_SRC_INGEST_FOLDER_H

#include "ingest/source.h"

/* NULL when out of memory. */
struct collection *folder_create(const char *root);
struct collection *folder_create_glob(const char *name);

bool folder_is_binary(struct slice head); /* neither text nor an archive, by its first bytes */
#define FOLDER_HEAD 4096

#endif
