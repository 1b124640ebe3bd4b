/*
 * A table of sets of two: of the two the one that was not used last gives way. The keys lie apart from what they stand
 * for, so that a message that is not known touches little memory.
 */
#include "tocsin/mine/signature_cache.h"

#include <stdlib.h>
#include <string.h>

#include "mine/shape.h"
#include "tocsin/base/intern.h"

#define SET_BITS 11
#define MOST (UINT32_C(1) << 24) /* signatures */

struct known {
	struct shape shape;
	uint32_t code;
	uint16_t size;             /* 0: none is known here */
	char message[SHAPE_BYTES]; /* spaces behind it */
};

#define SETS ((size_t)1 << SET_BITS)
#define SETTLED 64

/* The code of a learned template, by where its text lies. */
struct settled {
	const char *text;
	uint32_t code;
};

struct signature_cache {
	shape_make_fn make_shape; /* NULL: each signature is made anew */
	const struct miner *miner; /* may be NULL */
	struct intern *texts;
	struct settled settled[SETTLED];
	uint64_t keys[SETS][2];
	uint8_t idle[SETS]; /* the way that was not used last */
	struct known known[SETS][2];
};

struct signature_cache *signature_cache_create(void)
{
	struct signature_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->make_shape = shape_best();
	cache->texts = intern_create(MOST, (size_t)MOST * SIGNATURE_MAXIMUM);
	if (cache->texts)
		return cache;
	free(cache);
	return NULL;
}

void signature_cache_destroy(struct signature_cache *cache)
{
	if (!cache)
		return;
	intern_destroy(cache->texts);
	free(cache);
}

void signature_cache_use_portable(struct signature_cache *cache)
{
	cache->make_shape = NULL;
}

/* Their keys are equal already. */
static inline bool knows(const struct known *known, struct slice message, const struct shape *shape)
{
	uint64_t different = known->size ^ message.size;

	for (size_t i = 0; i < SHAPE_BLOCKS_OF(message.size); i++)
		different |= known->shape.variable[i] ^ shape->variable[i];
	return different == 0 && shape_equals_avx2(message, shape, known->message);
}

static void learn(struct known *known, struct slice message, const struct shape *shape, uint32_t code)
{
	known->shape = *shape;
	known->size = (uint16_t)message.size;
	known->code = code;
	memset(known->message, ' ', sizeof(known->message));
	memcpy(known->message, message.data, message.size);
}

uint32_t signature_cache_put(struct signature_cache *cache, struct slice signature)
{
	uint32_t code;

	return intern_put(cache->texts, signature, &code) == 0 ? code : SIGNATURE_NO_CODE;
}

void signature_cache_settle(struct signature_cache *cache, const struct miner *miner)
{
	cache->miner = miner;
}

/* The code of the learned template that the signature is to be known as; SIGNATURE_NO_CODE when there is none. */
static uint32_t settle(struct signature_cache *cache, struct slice signature)
{
	struct slice text = cache->miner ? miner_settle(cache->miner, signature) : signature;
	struct settled *settled = &cache->settled[(uintptr_t)text.data / 64 % SETTLED];
	uint32_t code;

	if (text.data == signature.data || intern_find(cache->texts, signature, &code) == 0)
		return SIGNATURE_NO_CODE;
	if (settled->text != text.data)
		*settled = (struct settled){text.data, signature_cache_put(cache, text)};
	return settled->code;
}

/* The long ways stand apart, so that the usual one is short. */
__attribute__((noinline)) static uint32_t make(struct signature_cache *cache, struct slice message, bool *settled)
{
	char made[SIGNATURE_MAXIMUM];
	struct slice signature = {made, signature_make(message, made)};
	uint32_t code = settle(cache, signature);

	*settled = code != SIGNATURE_NO_CODE;
	return *settled ? code : signature_cache_put(cache, signature);
}

__attribute__((noinline)) static uint32_t make_and_learn(
	struct signature_cache *cache, size_t set, struct slice message, const struct shape *shape)
{
	uint8_t way = cache->idle[set];
	bool settled;
	uint32_t code = make(cache, message, &settled);

	/* What comes in endless variety is not worth a place. */
	if (!settled && code != SIGNATURE_NO_CODE) {
		learn(&cache->known[set][way], message, shape, code);
		cache->keys[set][way] = shape->key;
		cache->idle[set] = 1 - way;
	}
	return code;
}

static inline uint32_t find(struct signature_cache *cache, struct slice message, const struct shape *shape)
{
	size_t set = shape->key >> (64 - SET_BITS);
	uint8_t way = cache->keys[set][1] == shape->key; /* which one it can be; of two with one key either */

	for (unsigned tries = 0; tries < 2; tries++, way = 1 - way) {
		const struct known *known = &cache->known[set][way];

		if (cache->keys[set][way] == shape->key && knows(known, message, shape)) {
			cache->idle[set] = 1 - way;
			return known->code;
		}
	}
	return make_and_learn(cache, set, message, shape);
}

static inline uint32_t get(struct signature_cache *cache, struct slice message)
{
	struct shape shape;
	bool settled;

	if (cache->make_shape == NULL || !cache->make_shape(message, &shape))
		return make(cache, message, &settled);
	return find(cache, message, &shape);
}

uint32_t signature_cache_code(struct signature_cache *cache, struct slice message)
{
	return get(cache, message);
}

/* Messages that take the same number of steps one after the other, so that the processor foresees their ends: shorter
   than half a block; of 1 to 8 blocks; longer. */
#define GROUPS (SHAPE_BLOCKS + 2)

static inline uint8_t group_of(size_t size)
{
	size_t blocks = SHAPE_BLOCKS_OF(size);

	blocks = blocks > SHAPE_BLOCKS ? GROUPS - 1 : blocks;
	return (uint8_t)(size < 32 ? 0 : blocks);
}

void signature_cache_codes(struct signature_cache *cache, const struct slice *messages, size_t count, uint32_t *codes)
{
	uint8_t groups[SIGNATURE_BATCH], order[SIGNATURE_BATCH];
	size_t places[GROUPS + 1] = {0};

	for (size_t i = 0; i < count; i++) {
		groups[i] = group_of(messages[i].size);
		places[groups[i] + 1]++;
	}
	for (size_t i = 0; i < GROUPS; i++)
		places[i + 1] += places[i];
	for (size_t i = 0; i < count; i++)
		order[places[groups[i]]++] = (uint8_t)i;
	for (size_t i = 0; i < count; i++)
		codes[order[i]] = get(cache, messages[order[i]]);
}

uint32_t signature_cache_count(const struct signature_cache *cache)
{
	return intern_count(cache->texts);
}

struct slice signature_cache_text(const struct signature_cache *cache, uint32_t code)
{
	return intern_text(cache->texts, code);
}
