/*
 * A table of sets of two: of the two the one that was not used last gives way.
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

struct set {
	struct known ways[2];
	unsigned idle; /* the way that was not used last */
};

struct signature_cache {
	bool portable;
	const struct miner *miner; /* may be NULL */
	struct intern *texts;
	struct set sets[(size_t)1 << SET_BITS];
};

struct signature_cache *signature_cache_create(void)
{
	struct signature_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->portable = !shape_has_avx2();
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
	cache->portable = true;
}

static bool knows(const struct known *known, struct slice message, const struct shape *shape)
{
	return known->shape.key == shape->key && known->size == message.size &&
	       memcmp(known->shape.variable, shape->variable, sizeof(shape->variable)) == 0 &&
	       shape_equals_avx2(message, shape, known->message);
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

/* Is it to be known as another, learned one? */
static bool settle(const struct signature_cache *cache, struct slice *signature)
{
	struct slice settled = cache->miner ? miner_settle(cache->miner, *signature) : *signature;
	uint32_t code;

	if (settled.data == signature->data || intern_find(cache->texts, *signature, &code) == 0)
		return false;
	*signature = settled;
	return true;
}

uint32_t signature_cache_code(struct signature_cache *cache, struct slice message)
{
	char made[SIGNATURE_MAXIMUM];
	struct slice signature;
	bool has_shape, settled;
	struct shape shape;
	struct set *set = cache->sets;
	uint32_t code;

	has_shape = !cache->portable && shape_make_avx2(message, &shape);
	if (has_shape) {
		set += shape.key >> (64 - SET_BITS);
		for (unsigned way = 0; way < 2; way++) {
			const struct known *known = &set->ways[way];

			if (!knows(known, message, &shape))
				continue;
			set->idle = 1 - way;
			return known->code;
		}
	}
	signature = (struct slice){made, signature_make(message, made)};
	settled = settle(cache, &signature);
	code = signature_cache_put(cache, signature);
	/* What comes in endless variety is not worth a place. */
	if (has_shape && !settled && code != SIGNATURE_NO_CODE) {
		learn(&set->ways[set->idle], message, &shape, code);
		set->idle = 1 - set->idle;
	}
	return code;
}

uint32_t signature_cache_count(const struct signature_cache *cache)
{
	return intern_count(cache->texts);
}

struct slice signature_cache_text(const struct signature_cache *cache, uint32_t code)
{
	return intern_text(cache->texts, code);
}
