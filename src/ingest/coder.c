/*
 * Three tables: heads (all but the message), signatures (the cache's), and the pairs of both that occur. Open
 * addressing in tables that stay nearly empty: then the first place looked at is the right one.
 */
#include "ingest/coder.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/intern.h"

#define LARGE (UINT32_C(1) << 17)   /* kinds, or signatures */
#define MOST (UINT32_C(1) << 24)    /* what one batch can add to that is far less */
#define MOST_TEXT ((size_t)1 << 32) /* bytes */
#define CHUNK_BITS 10
#define CHUNK_COUNT (MOST >> CHUNK_BITS)
#define RECENT 256 /* a power of two */
#define NAME_BYTES ((size_t)32)
#define EIGHT_ONES 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
#define SMALLEST_SLOTS ((size_t)1024)
#define SPARSE 8 /* places for each code at least */

struct head {
	uint64_t hash;
	uint32_t service;
	uint16_t source;
	uint8_t level;
	uint8_t flags;
	bool timeless;
	const char *text; /* of the service, that lives in `services` */
	size_t size;
};

struct pair {
	uint32_t head;
	uint32_t signature;
};

/* A growing array whose items never move. */
struct chunks {
	void *items[CHUNK_COUNT];
	uint32_t count;
};

/* Codes + 1 by hash; 0 is free. */
struct slots {
	uint32_t *codes;
	size_t count; /* a power of two */
};

/* What a head was made of: all of its service's bytes when there are no more than NAME_BYTES. */
struct brief {
	uint64_t words[NAME_BYTES / 8];
	uint64_t rest; /* and size, source, level, flags, timeless */
};

/* Heads come back soon: where the last one with such a brief is. */
struct recent {
	struct brief brief;
	uint32_t code; /* + 1; 0 is free */
};

struct coder {
	atomic_uint holders;
	struct intern *services;
	struct signature_cache *signatures;
	struct chunks heads;
	struct chunks pairs;
	struct slots head_slots;
	struct slots pair_slots;
	struct recent recent[RECENT];
	struct vector known; /* of uint32_t, the publisher's */
};

static inline void *chunks_at(const struct chunks *chunks, uint32_t index, size_t size)
{
	return (char *)chunks->items[index >> CHUNK_BITS] + (index & ((1U << CHUNK_BITS) - 1)) * size;
}

static struct head *head_at(const struct coder *coder, uint32_t code)
{
	return chunks_at(&coder->heads, code, sizeof(struct head));
}

static inline struct pair *pair_at(const struct coder *coder, uint32_t code)
{
	return chunks_at(&coder->pairs, code, sizeof(struct pair));
}

/* --- birth and death ---------------------------------------------------------------------------------------------- */

static bool slots_init(struct slots *slots)
{
	slots->count = SMALLEST_SLOTS;
	slots->codes = calloc(slots->count, sizeof(*slots->codes));
	return slots->codes != NULL;
}

struct coder *coder_create(const struct miner *miner)
{
	struct coder *coder = calloc(1, sizeof(*coder));

	if (coder == NULL)
		return NULL;
	atomic_init(&coder->holders, 1);
	coder->services = intern_create(MOST, MOST_TEXT);
	coder->signatures = signature_cache_create();
	vector_init(&coder->known, sizeof(uint32_t), MOST);
	if (coder->signatures != NULL)
		signature_cache_settle(coder->signatures, miner);
	if (coder->services != NULL && coder->signatures != NULL && slots_init(&coder->head_slots) &&
		slots_init(&coder->pair_slots))
		return coder;
	coder_release(coder);
	return NULL;
}

struct coder *coder_hold(struct coder *coder)
{
	atomic_fetch_add_explicit(&coder->holders, 1, memory_order_relaxed);
	return coder;
}

void coder_release(struct coder *coder)
{
	if (coder == NULL || atomic_fetch_sub_explicit(&coder->holders, 1, memory_order_acq_rel) > 1)
		return;
	intern_destroy(coder->services);
	signature_cache_destroy(coder->signatures);
	for (size_t i = 0; i < CHUNK_COUNT; i++) {
		free(coder->heads.items[i]);
		free(coder->pairs.items[i]);
	}
	free(coder->head_slots.codes);
	free(coder->pair_slots.codes);
	vector_release(&coder->known);
	free(coder);
}

/* --- putting ------------------------------------------------------------------------------------------------------ */

static inline uint64_t load(const char *data)
{
	uint64_t word;

	memcpy(&word, data, sizeof(word));
	return word;
}

/* `readable` bytes may be read where the service stands: mostly what follows it in its record. So no branch depends on
   the size of a name, which changes from record to record. */
static inline bool make_brief(const struct store_kind *kind, size_t readable, struct brief *brief)
{
	static const unsigned char masks[2 * NAME_BYTES] = { EIGHT_ONES, EIGHT_ONES, EIGHT_ONES, EIGHT_ONES };
	const char *data = kind->service.data;
	size_t size = kind->service.size < NAME_BYTES ? kind->service.size : NAME_BYTES;
	char copy[NAME_BYTES] = { 0 };

	if (readable < NAME_BYTES) {
		if (size > 0)
			memcpy(copy, data, size);
		data = copy;
	}
	for (size_t i = 0; i < NAME_BYTES / 8; i++)
		brief->words[i] = load(data + 8 * i) & load((const char *)masks + NAME_BYTES - size + 8 * i);
	brief->rest = (uint64_t)kind->service.size << 40 | (uint64_t)kind->source << 24 | (uint64_t)kind->level << 16 |
		(uint64_t)kind->flags << 8 | kind->timeless;
	return kind->service.size <= NAME_BYTES;
}

static inline bool is_same(const struct brief *a, const struct brief *b)
{
	uint64_t different = a->rest ^ b->rest;

	for (size_t i = 0; i < NAME_BYTES / 8; i++)
		different |= a->words[i] ^ b->words[i];
	return different == 0;
}

/* Good enough for names. */
static inline uint64_t hash_brief(const struct brief *brief)
{
	uint64_t hash = (brief->words[0] ^ brief->words[2]) * UINT64_C(0x9E3779B97F4A7C15) ^
		(brief->words[1] ^ brief->words[3]) * UINT64_C(0xC2B2AE3D27D4EB4F) ^
		brief->rest * UINT64_C(0xD6E8FEB86659FD93);

	return hash ^ hash >> 29 ^ hash >> 47;
}

static bool is_head(const struct head *head, uint64_t hash, const struct store_kind *kind)
{
	return head->hash == hash && head->source == kind->source && head->level == kind->level &&
		head->flags == kind->flags && head->timeless == kind->timeless && head->size == kind->service.size &&
		(head->size == 0 || memcmp(head->text, kind->service.data, head->size) == 0);
}

/* Room for another item. */
static bool chunks_reserve(struct chunks *chunks, size_t size)
{
	void **chunk = &chunks->items[chunks->count >> CHUNK_BITS];

	if (chunks->count >= MOST - 1)
		return false;
	if (*chunk == NULL)
		*chunk = calloc((size_t)1 << CHUNK_BITS, size);
	return *chunk != NULL;
}

static void slots_put(struct slots *slots, uint64_t hash, uint32_t code)
{
	size_t at = hash & (slots->count - 1);

	while (slots->codes[at] != 0)
		at = (at + 1) & (slots->count - 1);
	slots->codes[at] = code + 1;
}

/* More room, empty. */
static bool slots_grow(struct slots *slots)
{
	uint32_t *codes = calloc(slots->count * 4, sizeof(*codes));

	if (codes == NULL)
		return false;
	free(slots->codes);
	slots->codes = codes;
	slots->count *= 4;
	return true;
}

static uint32_t add_head(struct coder *coder, const struct store_kind *kind, uint64_t hash)
{
	uint32_t code = coder->heads.count;
	struct head head = { .hash = hash, .source = kind->source, .level = (uint8_t)kind->level, .flags = kind->flags,
		.timeless = kind->timeless };
	struct slice text;

	if (!chunks_reserve(&coder->heads, sizeof(head)) ||
		intern_put(coder->services, kind->service, &head.service) != 0)
		return CODER_NONE;
	text = intern_text(coder->services, head.service);
	head.text = text.data;
	head.size = text.size;
	if (SPARSE * (size_t)code >= coder->head_slots.count) {
		if (!slots_grow(&coder->head_slots))
			return CODER_NONE;
		for (uint32_t i = 0; i < code; i++)
			slots_put(&coder->head_slots, head_at(coder, i)->hash, i);
	}
	*head_at(coder, code) = head;
	slots_put(&coder->head_slots, hash, code);
	coder->heads.count++;
	return code;
}

__attribute__((noinline)) static uint32_t find_head(struct coder *coder, const struct store_kind *kind, uint64_t hash)
{
	size_t mask = coder->head_slots.count - 1;

	for (size_t at = hash & mask; coder->head_slots.codes[at] != 0; at = (at + 1) & mask)
		if (is_head(head_at(coder, coder->head_slots.codes[at] - 1), hash, kind))
			return coder->head_slots.codes[at] - 1;
	return add_head(coder, kind, hash);
}

uint32_t coder_put_head(struct coder *coder, const struct store_kind *kind, size_t readable)
{
	struct brief brief;
	bool is_whole = make_brief(kind, readable, &brief);
	uint64_t hash = hash_brief(&brief);
	struct recent *recent = &coder->recent[hash & (RECENT - 1)];

	if (!is_whole)
		return find_head(coder, kind, hash);
	if (recent->code == 0 || !is_same(&recent->brief, &brief)) {
		recent->code = find_head(coder, kind, hash) + 1;
		recent->brief = brief;
	}
	return recent->code - 1;
}

static inline uint64_t hash_pair(uint32_t head, uint32_t signature)
{
	uint64_t hash = ((uint64_t)head << 32 | signature) * UINT64_C(0x9E3779B97F4A7C15);

	return hash ^ hash >> 32;
}

__attribute__((noinline)) static uint32_t add_pair(struct coder *coder, uint32_t head, uint32_t signature)
{
	uint32_t code = coder->pairs.count;

	if (!chunks_reserve(&coder->pairs, sizeof(struct pair)))
		return CODER_NONE;
	if (SPARSE * (size_t)code >= coder->pair_slots.count) {
		if (!slots_grow(&coder->pair_slots))
			return CODER_NONE;
		for (uint32_t i = 0; i < code; i++) {
			struct pair *pair = pair_at(coder, i);

			slots_put(&coder->pair_slots, hash_pair(pair->head, pair->signature), i);
		}
	}
	*pair_at(coder, code) = (struct pair){ head, signature };
	slots_put(&coder->pair_slots, hash_pair(head, signature), code);
	coder->pairs.count++;
	return code;
}

static inline uint32_t put_pair(struct coder *coder, uint32_t head, uint32_t signature)
{
	size_t mask = coder->pair_slots.count - 1;

	for (size_t at = hash_pair(head, signature) & mask; coder->pair_slots.codes[at] != 0; at = (at + 1) & mask) {
		const struct pair *pair = pair_at(coder, coder->pair_slots.codes[at] - 1);

		if (pair->head == head && pair->signature == signature)
			return coder->pair_slots.codes[at] - 1;
	}
	return add_pair(coder, head, signature);
}

uint32_t coder_put(struct coder *coder, uint32_t head, struct slice message)
{
	uint32_t signature = signature_cache_code(coder->signatures, message);

	return head == CODER_NONE || signature == SIGNATURE_NO_CODE ? CODER_NONE : put_pair(coder, head, signature);
}

void coder_put_all(
	struct coder *coder, const uint32_t *heads, const struct slice *messages, size_t count, uint32_t *codes)
{
	signature_cache_codes(coder->signatures, messages, count, codes);
	for (size_t i = 0; i < count; i++)
		codes[i] = heads[i] == CODER_NONE || codes[i] == SIGNATURE_NO_CODE
			? CODER_NONE
			: put_pair(coder, heads[i], codes[i]);
}

bool coder_is_large(const struct coder *coder)
{
	return coder->pairs.count > LARGE || coder->heads.count > LARGE ||
		signature_cache_count(coder->signatures) > LARGE;
}

/* --- looking up --------------------------------------------------------------------------------------------------- */

void coder_get(const struct coder *coder, uint32_t code, struct store_kind *kind)
{
	const struct pair *pair = pair_at(coder, code);
	const struct head *head = head_at(coder, pair->head);

	*kind = (struct store_kind){
		.service = { head->text, head->size },
		.signature = signature_cache_text(coder->signatures, pair->signature),
		.level = (enum level)head->level,
		.flags = head->flags,
		.source = head->source,
		.timeless = head->timeless,
	};
}

uint32_t coder_move(const struct coder *coder, uint32_t code, struct coder *other)
{
	struct store_kind kind;
	uint32_t head, signature;

	coder_get(coder, code, &kind);
	head = coder_put_head(other, &kind, kind.service.size);
	signature = signature_cache_put(other->signatures, kind.signature);
	return head == CODER_NONE || signature == SIGNATURE_NO_CODE ? CODER_NONE : put_pair(other, head, signature);
}

uint32_t coder_count(const struct coder *coder)
{
	return coder->pairs.count;
}

uint32_t *coder_known(struct coder *coder, uint32_t count)
{
	while (coder->known.count < count) {
		uint32_t *known = vector_push(&coder->known);

		if (known == NULL)
			return NULL;
		*known = STORE_NO_CODE;
	}
	return coder->known.items;
}
