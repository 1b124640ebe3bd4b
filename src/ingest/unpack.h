/*
 * Compressed files and tars, read from front to back through libarchive. What they are is told by their bytes.
 *
 * A compressed file has one member without a name; a tar, compressed or not, has many.
 */
#ifndef TOCSIN_SRC_INGEST_UNPACK_H
#define TOCSIN_SRC_INGEST_UNPACK_H

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"

#define UNPACK_HEAD 512 /* bytes of a file by which it is recognised */

struct unpack;

bool unpack_knows(struct slice head);       /* gzip, bzip2, xz, zstd or tar, by magic */
bool unpack_is_tar_head(struct slice head); /* a tar that is not compressed */

/* Reads `size` bytes of `fd` from `origin`; the descriptor is taken over, also on failure. */
struct unpack *unpack_create(int fd, uint64_t origin, uint64_t size, struct error *error);
void unpack_destroy(struct unpack *unpack); /* NULL is fine */

/* Goes to the next member. False at the end, also where it is broken: then unpack_verdict tells. The name, "" in a
   compressed file, is borrowed until the next call. What is no ordinary file is passed over. A compressed file may be
   read without this. */
bool unpack_next(struct unpack *unpack, struct slice *name);
bool unpack_is_tar(const struct unpack *unpack);
/* The next bytes of the member: how many, 0 at its end, also where it is broken. */
int64_t unpack_read(struct unpack *unpack, char *out, size_t size);
/* 0 when nothing is wrong (no sentence), or ERROR_INPUT when it was broken: the sentence says whether anything was
   read before. */
int unpack_verdict(const struct unpack *unpack, bool got_any, struct error *sentence);

/* The library drops the last block it was unpacking when it meets a break. The command that unpacks its standard input
   up to the very break, for the one member of a broken file: then *fd stands at its beginning, and *given bytes of its
   output were given already. NULL when there is no need or no way. */
const char *unpack_rescue(struct unpack *unpack, int *fd, uint64_t *given);

#endif
