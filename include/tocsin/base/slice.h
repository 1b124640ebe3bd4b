/*
 * Borrowed bytes: a pointer and a size, never terminated, never owned. The owner is named wherever a slice is returned.
 * A slice with size 0 may have a NULL pointer.
 */
#ifndef TOCSIN_BASE_SLICE_H
#define TOCSIN_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const char *data;
	size_t size;
};

struct slice slice_of(const char *string);                 /* NULL gives the empty slice */
struct slice slice_from(struct slice slice, size_t start); /* the rest from `start`, empty when past the end */
struct slice slice_first(struct slice slice, size_t size); /* at most the first `size` bytes */
struct slice slice_trim(struct slice slice);               /* without ASCII white space at both ends */

bool slice_equal(struct slice a, struct slice b);
bool slice_equal_nocase(struct slice a, struct slice b); /* ASCII case only */
bool slice_is(struct slice slice, const char *string);   /* equal to a C string */
bool slice_starts(struct slice slice, const char *prefix);
bool slice_ends(struct slice slice, const char *suffix);

/* Byte position of the first occurrence, or SIZE_MAX. The nocase form folds ASCII only; an empty needle is at 0. */
size_t slice_find(struct slice haystack, struct slice needle);
size_t slice_find_nocase(struct slice haystack, struct slice needle);
size_t slice_find_byte(struct slice haystack, char byte);

/* Takes the next token up to `separator` off the front of `*rest` (the separator is consumed). Returns false when
   nothing is left. "a,,b" gives "a", "", "b"; "" gives nothing. */
bool slice_next(struct slice *rest, char separator, struct slice *token);

/* The whole slice as an unsigned decimal, or false (empty, other characters, overflow). */
bool slice_to_u64(struct slice slice, uint64_t *value);
/* The whole slice as a decimal number with optional sign, fraction and exponent, independent of the locale. */
bool slice_to_double(struct slice slice, double *value);

/* Copies to a terminated string of `capacity` bytes, truncating on a UTF-8 character boundary; returns the bytes
 * copied. */
size_t slice_copy(struct slice slice, char *out, size_t capacity);

/* 64-bit hash of bytes with a seed; stable within one version of tocsin, so never store it. */
uint64_t slice_hash(struct slice slice, uint64_t seed);

#endif
