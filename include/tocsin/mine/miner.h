/*
 * Which signatures are one template.
 *
 * A signature only ever splits too finely: "session closed for user ada" and "... for user bob" have two. The miner
 * looks at all signatures at once and takes together
 *   - what differs in a form only: lists of any length, calendar words in dates, groups between colons, a quantity
 *     said twice ("1190 bytes (1.16 KB)"), names with dots or slashes, empty brackets (miner_key.h);
 *   - what differs in one word only, never the first, if that word is seen to vary: it is masked in other messages, or
 *     has MINER_VALUES values, or the same few values stand in other templates behind the same word. "true" and
 *     "false" and words in capitals of which there are few are states: they stay apart.
 * No rule knows a system's words. Merging is a pure function of the signatures and their order, slow (milliseconds for
 * a thousand) and cold: it runs at the counts that miner_next_merge names, so that a replay and a live run agree. Its
 * result is an indirection, signature to template; columns are never written again.
 *
 * The second level keeps the number of signatures down when words vary without end (user names of letters only): a
 * template with MINER_LEARN signatures that differ in single words is learned, and from then on an unknown signature
 * that fits it is settled as the template itself.
 *
 * Signatures are numbered from 0 in the order they are added. A template's number is its smallest signature's.
 */
#ifndef TOCSIN_MINE_MINER_H
#define TOCSIN_MINE_MINER_H

#include "tocsin/base/slice.h"

#define MINER_VALUES 6 /* different words at one place that make it a variable */
#define MINER_LEARN 32 /* signatures of a template before it is learned */

struct miner;

/* Takes at most `maximum` signatures. NULL when out of memory. */
struct miner *miner_create(uint32_t maximum);
void miner_destroy(struct miner *miner); /* NULL is fine */

/* Adds the next signature (signature.h), copied. ERROR_FULL, ERROR_MEMORY: then it has no number. */
int miner_add(struct miner *miner, struct slice signature);
uint32_t miner_count(const struct miner *miner); /* signatures */

/* The next count of signatures at which to merge: 16 and then four more each time, from 512 on a quarter more. */
uint32_t miner_next_merge(uint32_t count);

/* Merges all signatures added so far: of[i] becomes the template of signature i; learns what is to be learned.
 * ERROR_MEMORY: `of` is as it was. */
int miner_merge(struct miner *miner, uint32_t *of);
/* The text of a template of the last merge (template.h), written to `out` and its size returned. */
size_t miner_text(const struct miner *miner, uint32_t template, char out[], size_t capacity);

/* The learned template that the signature fits, which is a signature too and lives as long as the miner; or the
 * signature itself. Ask only for signatures that are not known yet: known ones keep their number. Any thread may
 * ask. */
struct slice miner_settle(const struct miner *miner, struct slice signature);

#endif
