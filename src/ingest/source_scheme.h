/*
 * Sources that are told by the beginning of their name: a row each.
 */
#ifndef TOCSIN_SRC_INGEST_SOURCE_SCHEME_H
#define TOCSIN_SRC_INGEST_SOURCE_SCHEME_H

#include "ingest/feed.h"
#include "tocsin/ingest/intake.h"

struct scheme {
	const char *prefix; /* "ssh:" */
	/* NULL with a sentence that does not name the source. */
	struct feed *(*open)(struct slice what, const struct intake_options *options, struct error *error);
	/* The service of records that name none. */
	void (*stem)(struct slice what, char *out, size_t size);
};

/* The row, and what stands behind its prefix; NULL when the name has none. */
const struct scheme *scheme_find(struct slice name, struct slice *what);

#endif
