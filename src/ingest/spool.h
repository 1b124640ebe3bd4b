/*
 * Where the bytes of a stream are kept so that its texts can be read again: an unnamed file, used as a ring.
 *
 * The newest bytes are kept, at most 2 GiB or a tenth of the free disk. Where no file can be made, or the disk fills up
 * at once, 64 MiB of memory take its place.
 */
#ifndef TOCSIN_SRC_INGEST_SPOOL_H
#define TOCSIN_SRC_INGEST_SPOOL_H

#include <stdatomic.h>

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"

#define SPOOL_MAXIMUM ((uint64_t)2 << 30)

/* Bytes that several spools may take of the disk together; each gets a little all the same. */
struct spool_budget {
	_Atomic uint64_t left;
};

struct spool {
	int fd;         /* -1: none */
	uint64_t limit; /* bytes kept; byte n of the stream stands at n % limit */
	uint64_t end;   /* bytes of the stream so far */
	bool in_memory;
	bool shortened;              /* the disk filled up: limit is less than was wanted */
	bool straight;               /* never goes round: ERROR_FULL instead */
	struct spool_budget *budget; /* NULL: none */
	uint64_t granted;            /* by the budget so far */
};

/* Makes an unnamed 0600 file in the first of `folders` (NULL at the end) that takes one. ERROR_SYSTEM when not even
 * memory can be had. */
int spool_init(struct spool *spool, const char *const folders[], uint64_t maximum);
void spool_release(struct spool *spool);

int spool_append(struct spool *spool, struct slice bytes);

/* Reads from a spool's descriptor. Returns the bytes read, at most `size`, up to `end`; -1 when the offset was
 * overwritten or lies beyond. */
int64_t spool_pread(int fd, uint64_t limit, uint64_t end, void *out, size_t size, uint64_t offset);

#endif
