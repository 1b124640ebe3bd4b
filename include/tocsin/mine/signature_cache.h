/*
 * Signatures of messages that look like earlier ones, without making them anew. Each distinct signature has a code, 0,
 * 1, 2, ...; another thread that was given a code may look up its text.
 *
 * The cache knows a fixed number of messages with their signatures. A message equal to one of them but for the bytes of
 * words that hold a digit has its signature: such words are masked, whatever stands in them. That is compared byte for
 * byte, so that the answer is always what signature_make says; a flood of ever new messages costs time, never truth.
 */
#ifndef TOCSIN_MINE_SIGNATURE_CACHE_H
#define TOCSIN_MINE_SIGNATURE_CACHE_H

#include "tocsin/mine/miner.h"
#include "tocsin/mine/signature.h"

#define SIGNATURE_NO_CODE UINT32_MAX

struct signature_cache;

struct signature_cache *signature_cache_create(void); /* 5 MB when all of it is used. NULL when out of memory */
void signature_cache_destroy(struct signature_cache *cache); /* NULL is fine */

/* Makes each signature anew, as on processors without AVX2: the answers must be the same. */
void signature_cache_use_portable(struct signature_cache *cache);

/* From now on signatures that are not known yet and that fit a learned template get the template's code, so that names
 * without end do not fill the table. The miner outlives the cache; NULL for none. */
void signature_cache_settle(struct signature_cache *cache, const struct miner *miner);

/* SIGNATURE_NO_CODE when out of memory. */
uint32_t signature_cache_code(struct signature_cache *cache, struct slice message);
#define SIGNATURE_BATCH 64
/* The same of several messages, at most SIGNATURE_BATCH. */
void signature_cache_codes(
	struct signature_cache *cache, const struct slice *messages, size_t count, uint32_t *codes);
uint32_t signature_cache_put(struct signature_cache *cache, struct slice signature); /* what is a signature already */
uint32_t signature_cache_count(const struct signature_cache *cache);
struct slice signature_cache_text(const struct signature_cache *cache, uint32_t code); /* lives as long as the cache */

#endif
