/*
 * The parameters of a message, with their types: what stands where its signature says "<*>".
 *
 *   "fetch of /a/b/c took 5000 ms (try=3)"   PATH /a/b/c "of",  DURATION 5000 "took" = 5 s,  NUMBER 3 "try"
 *
 * A parameter may be made of several masked words ("10.0.0.7:5432", "20:41:07", "http://host:80/x") and then counts
 * as one. The i-th "<*>" of the signature is always the same part of all messages with that signature, so `mask` is
 * what to keep numbers under: (signature, mask) is one series.
 *
 * Where a unit comes from: behind the number ("12ms", "5000 ms", "(18.4 KB)", "1m30.5s"), or the end of the key
 * ("elapsed_ms=12", "timeMs: 12", "size_bytes=9"). 1 KB and 1 KiB are both 1,024 bytes. Without a unit a number is a
 * NUMBER: nothing is guessed. Pure; nothing is allocated.
 */
#ifndef TOCSIN_MINE_PARAMETER_H
#define TOCSIN_MINE_PARAMETER_H

#include "tocsin/base/slice.h"

#define PARAMETER_MAXIMUM 64 /* of a message; further ones do not count */

enum parameter_kind {
	PARAMETER_WORD,       /* none of the others */
	PARAMETER_NUMBER,     /* 42  -1.5e3  97% */
	PARAMETER_DURATION,   /* value in seconds */
	PARAMETER_SIZE,       /* value in bytes */
	PARAMETER_TIME,       /* 20:41:07.123  2025-05-17  2025-05-17T20:41:07Z */
	PARAMETER_ADDRESS,    /* IPv4 or IPv6, with or without port or net; MAC; mail */
	PARAMETER_PATH,       /* /a/b/c  C:\x  http://host/x */
	PARAMETER_IDENTIFIER, /* a UUID, req-4f1c, blk_38865, user42: letters and digits mixed */
	PARAMETER_HEX,        /* 0x1f, 8 and more of 0-9a-f with a letter among them */
	PARAMETER_QUOTED,     /* text between quotes that is none of the others */
	PARAMETER_KIND_COUNT
};

struct parameter {
	enum parameter_kind kind;
	unsigned mask;      /* number of the first "<*>" of the signature that it stands for, from 0 */
	unsigned masks;     /* how many it stands for */
	struct slice text;  /* borrowed from the message: without quotes and unit, with all its parts */
	struct slice name;  /* borrowed: the key before '=' or ':', else the word before; "" when there is none */
	struct slice unit;  /* borrowed: "ms", "MB", "%"; "" when there is none */
	double value;       /* of NUMBER, DURATION and SIZE; 0 for others */
};

/* In the order of the message. Returns how many were written to `out`. */
size_t parameter_find(struct slice message, struct parameter out[PARAMETER_MAXIMUM]);

const char *parameter_kind_name(enum parameter_kind kind); /* "duration" */

/* Does it name one thing (a request, a file, a peer), so that other lines with the same text are worth a look? */
bool parameter_is_entity(const struct parameter *parameter);

#endif
