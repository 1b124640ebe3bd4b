#include "ingest/heads.h"

#include <string.h>

#define EIGHT_ONES 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff

void heads_forget(struct heads *heads)
{
	memset(heads->places, 0, sizeof(heads->places));
}

static inline uint64_t load(const void *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The text, zeros behind it. Mostly as many bytes may be read where it stands: then no branch depends on its size,
   which changes from record to record. */
static inline void copy_text(struct slice text, const char *end, size_t room, uint64_t *words)
{
	static const unsigned char masks[2 * HEADS_SERVICE] = { EIGHT_ONES, EIGHT_ONES, EIGHT_ONES, EIGHT_ONES };

	if ((size_t)(end - text.data) >= room) {
		for (size_t i = 0; i < room / 8; i++)
			words[i] = load(text.data + 8 * i) & load(masks + HEADS_SERVICE - text.size + 8 * i);
	} else {
		memset(words, 0, room);
		memcpy(words, text.data, text.size);
	}
}

bool heads_make_key(struct slice service, struct slice level, const char *end, struct heads_key *key)
{
	if (service.size == 0 || service.size > HEADS_SERVICE || level.size == 0 || level.size > HEADS_LEVEL)
		return false;
	copy_text(service, end, HEADS_SERVICE, key->words);
	copy_text(level, end, HEADS_LEVEL, key->words + HEADS_SERVICE / 8);
	key->sizes = service.size << 8 | level.size;
	return true;
}

static inline size_t place_of(const struct heads_key *key)
{
	uint64_t hash = (key->words[0] ^ key->words[2]) * UINT64_C(0x9E3779B97F4A7C15) ^
		(key->words[1] ^ key->words[3] ^ key->sizes) * UINT64_C(0xC2B2AE3D27D4EB4F) ^
		(key->words[4] ^ key->words[5]) * UINT64_C(0xD6E8FEB86659FD93);

	return (hash ^ hash >> 29) >> 32 & (HEADS_PLACES - 1);
}

uint32_t heads_find(const struct heads *heads, const struct heads_key *key)
{
	const struct heads_place *place = &heads->places[place_of(key)];
	uint64_t different = place->key.sizes ^ key->sizes;

	for (size_t i = 0; i < HEADS_WORDS; i++)
		different |= place->key.words[i] ^ key->words[i];
	return different == 0 && place->head != 0 ? place->head - 1 : CODER_NONE;
}

void heads_learn(struct heads *heads, const struct heads_key *key, uint32_t head)
{
	struct heads_place *place = &heads->places[place_of(key)];

	place->key = *key;
	place->head = head + 1;
}
