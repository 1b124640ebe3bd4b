/*
 * 32 bytes at a time, never one beyond the message: the last bytes are loaded so that they end where it ends, and their
 * masks are put in place by shifting.
 */
#include "mine/shape_runs.h"

#ifdef __x86_64__

#include <immintrin.h>
#include <string.h>

/* Bits of what a byte may be by its low half, and by its high half: it is what both agree on. */
enum { CONTROL = 1, PUNCTUATION = 2, COLON = 4, BRACKET = 8, BRACE = 16, DIGIT = 32, DELIMITER = 31 };

static const char by_low[16] = {
	[0x0] = DIGIT | PUNCTUATION,
	[0x1] = DIGIT,
	[0x2] = DIGIT | PUNCTUATION,
	[0x3] = DIGIT,
	[0x4] = DIGIT,
	[0x5] = DIGIT,
	[0x6] = DIGIT,
	[0x7] = DIGIT | PUNCTUATION,
	[0x8] = DIGIT | PUNCTUATION,
	[0x9] = DIGIT | PUNCTUATION | CONTROL,
	[0xA] = CONTROL | COLON,
	[0xB] = CONTROL | COLON | BRACKET | BRACE,
	[0xC] = CONTROL | PUNCTUATION | BRACE,
	[0xD] = CONTROL | COLON | BRACKET | BRACE,
};
static const char by_high[16] = {
	[0x0] = CONTROL,	/* tab to carriage return */
	[0x2] = PUNCTUATION,	/* space " ' ( ) , */
	[0x3] = COLON | DIGIT,	/* : ; = */
	[0x5] = BRACKET,	/* [ ] */
	[0x7] = BRACE,		/* { | } */
};

/* A block of at most 64 bytes as two loads, which may overlap. */
struct view {
	__m256i low, high;
	unsigned up, down; /* how far the mask of `high` is shifted up, then that of both down */
};

__attribute__((target("avx2"))) static inline __m256i load(const char *bytes)
{
	return _mm256_loadu_si256((const __m256i_u *)(const void *)bytes);
}

__attribute__((target("avx2"))) static inline struct view view_block(const char *bytes, size_t size, size_t begin)
{
	const char *end = bytes + size;
	size_t left = size - begin;

	if (left >= 64)
		return (struct view){load(bytes + begin), load(bytes + begin + 32), 32, 0};
	if (begin > 0)
		return (struct view){load(end - 64), load(end - 32), 32, (unsigned)(64 - left)};
	return (struct view){load(bytes), load(end - 32), (unsigned)(left - 32), 0};
}

__attribute__((target("avx2"))) static inline uint64_t mask_of(const struct view *view, __m256i low, __m256i high)
{
	uint64_t both = (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << view->up;

	return both >> view->down;
}

__attribute__((target("avx2"))) static inline __m256i classify(__m256i bytes)
{
	__m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i_u *)(const void *)by_low));
	__m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i_u *)(const void *)by_high));
	__m256i halves = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));

	return _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, halves));
}

__attribute__((target("avx2"))) static inline __m256i find_words(__m256i classes)
{
	return _mm256_cmpeq_epi8(_mm256_and_si256(classes, _mm256_set1_epi8(DELIMITER)), _mm256_setzero_si256());
}

/* Control characters, bytes beyond ASCII and backslashes. */
__attribute__((target("avx2"))) static inline __m256i find_foreign(__m256i bytes, __m256i words)
{
	__m256i outside = _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(' '), bytes), words);
	__m256i escape = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
	__m256i delete = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0x7f));

	return _mm256_or_si256(outside, _mm256_or_si256(escape, delete));
}

/* Fills in the block. Returns bytes that are not zero where a byte is foreign. */
__attribute__((target("avx2"), always_inline)) static inline __m256i examine(
	struct view view, struct shape_block *block)
{
	__m256i low = classify(view.low), high = classify(view.high);
	__m256i low_words = find_words(low), high_words = find_words(high);
	/* letters differ in their five lowest bits: here are three sums of those */
	__m256i low_bits = _mm256_xor_si256(view.low, _mm256_srli_epi16(view.low, 3));
	__m256i high_bits = _mm256_xor_si256(view.high, _mm256_srli_epi16(view.high, 3));

	block->word = mask_of(&view, low_words, high_words);
	block->digit = mask_of(&view, _mm256_slli_epi16(low, 2), _mm256_slli_epi16(high, 2));
	block->letter[0] = mask_of(&view, _mm256_slli_epi16(low_bits, 7), _mm256_slli_epi16(high_bits, 7));
	block->letter[1] = mask_of(&view, _mm256_slli_epi16(low_bits, 6), _mm256_slli_epi16(high_bits, 6));
	block->letter[2] = mask_of(&view, _mm256_slli_epi16(low_bits, 5), _mm256_slli_epi16(high_bits, 5));
	return _mm256_or_si256(find_foreign(view.low, low_words), find_foreign(view.high, high_words));
}

/* Messages of less than 32 bytes are looked at in a copy, spaces behind them. */
static const char *widen(struct slice message, char copy[32])
{
	if (message.size >= 32)
		return message.data;
	memset(copy, ' ', 32);
	memcpy(copy, message.data, message.size);
	return copy;
}

bool shape_has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

/* The first two Zens have the instructions, but as slow microcode. */
bool shape_has_bmi2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
		!__builtin_cpu_is("znver1") && !__builtin_cpu_is("znver2");
}

shape_make_fn shape_best(void)
{
	return shape_has_bmi2() ? shape_make_bmi2 : shape_has_avx2() ? shape_make_avx2 : NULL;
}

/* Looks at all blocks. False when a byte is foreign. */
__attribute__((target("avx2"), always_inline)) static inline bool examine_all(
	struct slice message, struct shape_block *blocks)
{
	__m256i foreign = _mm256_setzero_si256();
	char copy[32];
	const char *bytes = widen(message, copy);
	size_t size = message.size < 32 ? 32 : message.size;

	for (size_t begin = 0; begin < size; begin += 64)
		foreign = _mm256_or_si256(foreign, examine(view_block(bytes, size, begin), &blocks[begin / 64]));
	return _mm256_testz_si256(foreign, foreign);
}

/* Marks the words with a digit; one that goes over the edge of a block is looked at from both sides. */
#define MARK_VARIABLES(variable, blocks, count, fill_runs) \
	do { \
		uint64_t carried = 0; \
		for (size_t i = 0; i < (count); i++) { \
			(variable)[i] = fill_runs((blocks)[i].word, (blocks)[i].digit | (carried & (blocks)[i].word)); \
			carried = (variable)[i] >> 63; \
		} \
		for (size_t i = (count) - 1; i > 0; i--) \
			if ((variable)[i] & 1) \
				(variable)[i - 1] |= \
					fill_runs((blocks)[i - 1].word, (blocks)[i - 1].word & UINT64_C(1) << 63); \
	} while (0)

__attribute__((target("avx2"))) bool shape_make_avx2(struct slice message, struct shape *shape)
{
	struct shape_block blocks[SHAPE_BLOCKS];

	if (message.size == 0 || message.size > SHAPE_BYTES || !examine_all(message, blocks))
		return false;
	MARK_VARIABLES(shape->variable, blocks, SHAPE_BLOCKS_OF(message.size), shape_fill_runs);
	shape_make_key(shape, blocks, message.size);
	return true;
}

__attribute__((target("avx2,bmi,bmi2"))) bool shape_make_bmi2(struct slice message, struct shape *shape)
{
	struct shape_block blocks[SHAPE_BLOCKS];

	if (message.size == 0 || message.size > SHAPE_BYTES || !examine_all(message, blocks))
		return false;
	MARK_VARIABLES(shape->variable, blocks, SHAPE_BLOCKS_OF(message.size), shape_fill_runs_bmi2);
	shape_make_key(shape, blocks, message.size);
	return true;
}

__attribute__((target("avx2"))) bool shape_equals_avx2(
	struct slice message, const struct shape *shape, const char *known)
{
	char copy[32];
	const char *bytes = widen(message, copy);
	size_t size = message.size < 32 ? 32 : message.size;
	uint64_t different = 0;

	for (size_t begin = 0; begin < size; begin += 64) {
		struct view here = view_block(bytes, size, begin), there = view_block(known, size, begin);
		uint64_t equal = mask_of(&here, _mm256_cmpeq_epi8(here.low, there.low), _mm256_cmpeq_epi8(here.high, there.high));
		size_t left = size - begin;
		uint64_t all = left >= 64 ? UINT64_MAX : (UINT64_C(1) << left) - 1;

		different |= all & ~equal & ~shape->variable[begin / 64];
	}
	return different == 0;
}

#else

bool shape_has_avx2(void)
{
	return false;
}

bool shape_has_bmi2(void)
{
	return false;
}

shape_make_fn shape_best(void)
{
	return NULL;
}

bool shape_make_avx2(struct slice message, struct shape *shape)
{
	(void)message;
	(void)shape;
	return false;
}

bool shape_make_bmi2(struct slice message, struct shape *shape)
{
	(void)message;
	(void)shape;
	return false;
}

bool shape_equals_avx2(struct slice message, const struct shape *shape, const char *known)
{
	(void)message;
	(void)shape;
	(void)known;
	return false;
}

#endif
