/*
 * The fast way to a record's head: the texts of its service and of its level, as they stand in the record, say which
 * head it has, once the parser has said so of a record with the same two.
 *
 * A format that can tell where the two stand without reading the rest gives a `glance` at a record. Whatever is unusual
 * about a record is left to the parser.
 */
#ifndef TOCSIN_SRC_INGEST_HEADS_H
#define TOCSIN_SRC_INGEST_HEADS_H

#include "ingest/coder.h"

#define HEADS_SERVICE ((size_t)32) /* bytes of the longest texts that are known here */
#define HEADS_LEVEL ((size_t)16)
#define HEADS_WORDS ((HEADS_SERVICE + HEADS_LEVEL) / 8)
#define HEADS_PLACES 256 /* a power of two */

/* What is seen of a record at a glance. The parser would find this time and this message, and a service and a level
   that depend on these two texts alone. */
struct glance {
	int64_t time;
	struct slice service;
	struct slice level;
	struct slice message;
};

struct heads_key {
	uint64_t words[HEADS_WORDS];
	uint64_t sizes;
};

struct heads_place {
	struct heads_key key;
	uint32_t head; /* + 1; 0 is free */
};

struct heads {
	struct heads_place places[HEADS_PLACES];
};

void heads_forget(struct heads *heads);

/* Makes the key of two texts that stand before `end`. False when one is too long. */
bool heads_make_key(struct slice service, struct slice level, const char *end, struct heads_key *key);
/* CODER_NONE when it is not known. */
uint32_t heads_find(const struct heads *heads, const struct heads_key *key);
void heads_learn(struct heads *heads, const struct heads_key *key, uint32_t head);

#endif
