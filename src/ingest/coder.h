/*
 * What a record says beside time and place, as a code of the reading thread's own: so that records on their way carry
 * no texts, and the publisher looks up the store's codes once for each kind and not for each record.
 *
 * One thread puts; another, the publisher, may look up the codes in the batches that it was given. Kinds and texts
 * never move. A coder only grows: one that has grown large is replaced by a new one, and goes when the last batch with
 * its codes does.
 */
#ifndef TOCSIN_SRC_INGEST_CODER_H
#define TOCSIN_SRC_INGEST_CODER_H

#include "tocsin/base/vector.h"
#include "tocsin/mine/miner.h"
#include "tocsin/mine/signature_cache.h"
#include "tocsin/store/store.h"

#define CODER_NONE UINT32_MAX

struct coder;

/* Held once. `miner` settles what it has learned before it gets a code; NULL for none. NULL when out of memory. */
struct coder *coder_create(const struct miner *miner);
struct coder *coder_hold(struct coder *coder);
void coder_release(struct coder *coder); /* NULL is fine */

/* The code of a kind, or CODER_NONE when out of memory. `head` is of its service (where `readable` bytes may be read,
   no less than its size), level, flags, source and timeless. */
uint32_t coder_put_head(struct coder *coder, const struct store_kind *kind, size_t readable);
uint32_t coder_put(struct coder *coder, uint32_t head, struct slice message);
void coder_put_all(struct coder *coder, const uint32_t *heads, const struct slice *messages, size_t count,
	uint32_t *codes); /* at most SIGNATURE_BATCH */
bool coder_is_large(const struct coder *coder);

/* The kind, with texts that live as long as the coder. */
void coder_get(const struct coder *coder, uint32_t code, struct store_kind *kind);
/* The code again, in another coder. CODER_NONE when out of memory. */
uint32_t coder_move(const struct coder *coder, uint32_t code, struct coder *other);

/* The publisher's: codes of the store by codes of the coder, at least those below `count`; STORE_NO_CODE where it is
   not known yet. NULL when out of memory. */
uint32_t *coder_known(struct coder *coder, uint32_t count);
uint32_t coder_count(const struct coder *coder); /* all codes so far are below it */

#endif
