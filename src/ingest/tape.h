/*
 * A tar as a source: it brings forth a source for each log in it, named `a.tar:member`.
 */
#ifndef TOCSIN_SRC_INGEST_TAPE_H
#define TOCSIN_SRC_INGEST_TAPE_H

#include "ingest/source.h"

struct unpack;

/* Takes over `unpack`, also on failure. NULL when out of memory. */
struct collection *tape_create(struct unpack *unpack, struct spool_budget *budget);

#endif
