/*
 * What the AVX2 paths share: questions about 64 bytes, answered by 64 bits, bit i for byte i. Only functions built for
 * AVX2 may call these, on processors that have it.
 */
#ifndef BASE_SIMD_AVX2_H
#define BASE_SIMD_AVX2_H

#include <immintrin.h>
#include <stdint.h>

/* A set of ASCII bytes whose low halves differ, so that the low half of a byte says which one it could be: 16 places,
   each with that one, or with a byte that has another low half. */
struct simd_set {
	char candidates[16];
};

/* Which of the bytes are in the set? */
__attribute__((target("avx2"))) static inline uint64_t simd_match_any(const char *bytes, struct simd_set set)
{
	__m256i table = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i_u *)(const void *)set.candidates));
	__m256i low = _mm256_loadu_si256((const __m256i_u *)(const void *)bytes);
	__m256i high = _mm256_loadu_si256((const __m256i_u *)(const void *)(bytes + 32));
	uint32_t in_low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, low), low));
	uint32_t in_high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, high), high));

	return (uint64_t)in_high << 32 | in_low;
}

#endif
