/*
 * The journal as a feed.
 */
#ifndef TOCSIN_SRC_INGEST_FEED_JOURNAL_H
#define TOCSIN_SRC_INGEST_FEED_JOURNAL_H

#include "ingest/feed.h"
#include "tocsin/ingest/intake.h"

/* "" is the running journal, UNIT that of one unit ("nginx", "nginx.service"), /PATH a journal file or a folder of
   them, /PATH:UNIT one unit of it. NULL with a sentence, which does not name the source. */
struct feed *feed_of_journal(struct slice what, const struct intake_options *options, struct error *error);

#endif
