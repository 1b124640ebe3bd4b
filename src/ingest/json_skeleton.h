/*
 * What lines of JSON have in common: one program writes its members in one order, and only their values differ. A line
 * that fits a skeleton need not be scanned: what stands between the values is compared, and the values are cut out.
 *
 * Skeletons are of flat objects that say time, level, service and message, and whose strings hold no backslash.
 */
#ifndef TOCSIN_SRC_INGEST_JSON_SKELETON_H
#define TOCSIN_SRC_INGEST_JSON_SKELETON_H

#include "ingest/members.h"

#define JSON_SKELETONS 4 /* are known at a time */
#define JSON_SKELETON_MEMBERS 32
#define JSON_SKELETON_BYTES 1024 /* between the values */

struct json_skeleton {
	size_t count; /* of its members; 0: none */
	struct {
		uint16_t size; /* of what stands before the value */
		bool is_string;
		uint8_t role; /* enum member_role */
	} members[JSON_SKELETON_MEMBERS];
	char text[JSON_SKELETON_BYTES]; /* all that stands before values, and behind the last one */
	size_t size;
};

struct json_skeletons {
	struct json_skeleton known[JSON_SKELETONS];
	size_t recent;   /* the one that fitted last */
	size_t next;     /* the one that gives way */
	unsigned misses; /* in a row */
};

/* The values of time, level, service and message, by role. False when no skeleton fits; it may now be known. */
bool json_skeleton_read(struct json_skeletons *skeletons, struct slice line, struct slice values[MEMBER_FIELD]);

#endif
