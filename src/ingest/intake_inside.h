/*
 * The inside of an intake, shared by reading, publishing and reading back.
 */
#ifndef TOCSIN_SRC_INGEST_INTAKE_INSIDE_H
#define TOCSIN_SRC_INGEST_INTAKE_INSIDE_H

#include "ingest/mining.h"
#include "ingest/source.h"

/* What a batch adds to the ledger of one source. */
struct ledger_news {
	uint16_t source;
	struct ledger ledger;
};

struct batch {
	struct entries entries;
	size_t bytes;        /* of the records' raw text */
	struct coder *coder; /* of which the entries' kinds are, */
	uint32_t kinds;      /* all below this */
	struct vector news;  /* of struct ledger_news */
	struct vector found; /* of struct source *: opened, to become the intake's when it is published */
};

struct intake {
	struct store *store;
	struct intake_options options;
	struct source *sources[STORE_MAXIMUM_SOURCES]; /* those below `count` never move */
	_Atomic size_t count;
	atomic_size_t taken; /* of the places: counted, or promised to sources that are found */
	struct spool_budget budget;
	struct source *by_code[STORE_MAXIMUM_SOURCES];
	atomic_bool caught_up;
	char *chunk;    /* the reading thread's */
	struct coder *coder;
	struct mining mining; /* the publisher's */
	_Atomic(struct batch *) spare; /* one that was published, to be used again */
};

void batch_destroy(struct batch *batch);
/* Makes it ready to be used again. */
void batch_recycle(struct intake *intake, struct batch *batch);
/* Takes over a source that was opened: registers it in the store and counts it. */
int intake_adopt(struct intake *intake, struct source *source, struct error *error);

#endif
