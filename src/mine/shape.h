/*
 * The shape of a message: what is left of it when the words that hold a digit are taken out, at the places where it
 * stands. Two messages of one shape have one signature (signature.h: such words are masked, and nothing else looks into
 * them).
 *
 * That is so only for messages of printable ASCII without a backslash, which can make a quote part of a word. Others
 * have no shape, nor do long ones.
 */
#ifndef MINE_SHAPE_H
#define MINE_SHAPE_H

#include "tocsin/base/slice.h"

#define SHAPE_BLOCKS 8
#define SHAPE_BYTES ((size_t)64 * SHAPE_BLOCKS) /* the longest message that has a shape */
#define SHAPE_BLOCKS_OF(size) (((size) + 63) / 64)

/* Bit i % 64 of number i / 64 is about byte i. */
struct shape {
	uint64_t key; /* differing shapes seldom have one key */
	uint64_t variable[SHAPE_BLOCKS]; /* bytes of words that hold a digit; as many as the message needs are set */
};

/* Of each 64 bytes: what they are, and three bits of each that tell letters apart. */
struct shape_block {
	uint64_t word; /* no white space, no delimiter */
	uint64_t digit;
	uint64_t letter[3];
};

/* False when the message has no shape. */
typedef bool (*shape_make_fn)(struct slice message, struct shape *shape);
/* For this processor; NULL when it makes no shapes. */
shape_make_fn shape_best(void);
bool shape_has_avx2(void);
bool shape_has_bmi2(void);
/* Both do the same. */
bool shape_make_avx2(struct slice message, struct shape *shape);
bool shape_make_bmi2(struct slice message, struct shape *shape);
/* Is `known` (SHAPE_BYTES, filled up with spaces) equal to the message but for the bytes of `shape->variable`? */
bool shape_equals_avx2(struct slice message, const struct shape *shape, const char *known);

#endif
