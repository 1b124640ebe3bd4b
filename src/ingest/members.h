/*
 * Records that are made of named values (JSON, logfmt, the journal): which names mean time, level, service and message.
 *
 * Feed the values in any order. Of several that could be the message, say, the best known name wins and the others stay
 * fields, as does every name that means nothing here.
 */
#ifndef TOCSIN_SRC_INGEST_MEMBERS_H
#define TOCSIN_SRC_INGEST_MEMBERS_H

#include "ingest/format_table.h"

enum member_role { MEMBER_TIME, MEMBER_LEVEL, MEMBER_SERVICE, MEMBER_MESSAGE, MEMBER_FIELD };

/* What a name means; `rank` tells how good it is, smaller is better. */
struct member_meaning {
	uint8_t role;
	uint8_t rank;
};

struct member_meaning member_meaning(struct slice name);

struct members {
	const struct when *when;
	struct row *row;
	struct store_field best[MEMBER_FIELD]; /* name and value of the best of each role; data NULL: none */
	uint8_t ranks[MEMBER_FIELD];
};

void members_begin(struct members *members, const struct when *when, struct row *row);
void members_add(struct members *members, struct member_meaning meaning, struct slice name, struct slice value);
/* Fills the row. A time or a level that cannot be read becomes a field. Returns how many roles were filled. */
unsigned members_end(struct members *members);
bool members_has(const struct members *members, enum member_role role);

#endif
