/*
 * What a parser remembers of the records that it glanced at (heads.h).
 */
#ifndef TOCSIN_SRC_INGEST_SEEN_H
#define TOCSIN_SRC_INGEST_SEEN_H

#include "ingest/json_skeleton.h"

struct seen {
	struct timestamp_memo times;
	struct json_skeletons skeletons;
};

#endif
