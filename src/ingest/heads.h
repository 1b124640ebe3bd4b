/*
 * The fast way to a record's head: the texts of its service and of its level, as they stand in the record, say which
 * head it has, once the parser has said so of a record with the same two.
 *
 * A format that can tell where the two stand without reading the rest gives a `glance` at a record. Whatever is unusual
 * about a record is left to the parser.
 */
#ifndef TOCSIN_SRC_INGEST_HEADS_H
#define TOCSIN_SRC_INGEST_HEADS_H

#include <string.h>

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

void heads_learn(struct heads *heads, const struct heads_key *key, uint32_t head);

/* For every record, so all of it stands here. */
#define HEADS_ONES 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff

static inline uint64_t heads_load(const void *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The text, zeros behind it. Mostly as many bytes may be read where it stands: then no branch depends on its size,
   which changes from record to record. */
static inline void heads_copy(struct slice text, const char *end, size_t room, uint64_t *words)
{
	static const unsigned char masks[2 * HEADS_SERVICE] = { HEADS_ONES, HEADS_ONES, HEADS_ONES, HEADS_ONES };

	if ((size_t)(end - text.data) >= room) {
		for (size_t i = 0; i < room / 8; i++)
			words[i] = heads_load(text.data + 8 * i) & heads_load(masks + HEADS_SERVICE - text.size + 8 * i);
	} else {
		memset(words, 0, room);
		memcpy(words, text.data, text.size);
	}
}

/* Makes the key of two texts that stand before `end`. False when one is too long. */
static inline bool heads_make_key(struct slice service, struct slice level, const char *end, struct heads_key *key)
{
	if (service.size == 0 || service.size > HEADS_SERVICE || level.size == 0 || level.size > HEADS_LEVEL)
		return false;
	heads_copy(service, end, HEADS_SERVICE, key->words);
	heads_copy(level, end, HEADS_LEVEL, key->words + HEADS_SERVICE / 8);
	key->sizes = service.size << 8 | level.size;
	return true;
}

static inline size_t heads_at(const struct heads_key *key)
{
	uint64_t hash = (key->words[0] ^ key->words[2]) * UINT64_C(0x9E3779B97F4A7C15) ^
		(key->words[1] ^ key->words[3] ^ key->sizes) * UINT64_C(0xC2B2AE3D27D4EB4F) ^
		(key->words[4] ^ key->words[5]) * UINT64_C(0xD6E8FEB86659FD93);

	return (hash ^ hash >> 29) >> 32 & (HEADS_PLACES - 1);
}

/* CODER_NONE when it is not known. */
static inline uint32_t heads_find(const struct heads *heads, const struct heads_key *key)
{
	const struct heads_place *place = &heads->places[heads_at(key)];
	uint64_t different = place->key.sizes ^ key->sizes;

	for (size_t i = 0; i < HEADS_WORDS; i++)
		different |= place->key.words[i] ^ key->words[i];
	return different == 0 && place->head != 0 ? place->head - 1 : CODER_NONE;
}

#endif
