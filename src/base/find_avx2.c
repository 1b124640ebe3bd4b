/*
 * Two unaligned loads, one for each rare byte, tell of 32 places at a time whether both stand right there.
 */
#include "base/find.h"

#ifdef __x86_64__

#include <immintrin.h>

#define WIDE 32
#define AT_ONCE (4 * WIDE)

struct pair {
	__m256i byte[2], fold[2];
	size_t at[2];
};

__attribute__((target("avx2,bmi"))) static inline __m256i match(
	const struct pair *pair, size_t which, const char *place)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i_u *)(const void *)(place + pair->at[which]));

	return _mm256_cmpeq_epi8(_mm256_or_si256(bytes, pair->fold[which]), pair->byte[which]);
}

__attribute__((target("avx2,bmi"))) static inline __m256i match_both(const struct pair *pair, const char *place)
{
	return _mm256_and_si256(match(pair, 0, place), match(pair, 1, place));
}

/* The first of the 32 places where all of the text stands, or SIZE_MAX. */
__attribute__((target("avx2,bmi"))) static inline size_t settle(
	const struct find *find, __m256i matches, const char *place)
{
	for (uint32_t mask = (uint32_t)_mm256_movemask_epi8(matches); mask; mask = _blsr_u32(mask))
		if (find_is_at(find, place + _tzcnt_u32(mask)))
			return _tzcnt_u32(mask);
	return SIZE_MAX;
}

__attribute__((target("avx2,bmi"))) size_t find_avx2(const struct find *find, struct slice bytes, size_t start)
{
	struct pair pair;
	size_t places, found;

	if (bytes.size < find->size)
		return SIZE_MAX;
	places = bytes.size - find->size + 1;
	for (size_t i = 0; i < 2; i++) {
		pair.at[i] = find->rare[i];
		pair.byte[i] = _mm256_set1_epi8((char)find->text[find->rare[i]]);
		pair.fold[i] = _mm256_set1_epi8((char)find->fold[i]);
	}
	for (; start + AT_ONCE <= places; start += AT_ONCE) {
		const char *place = bytes.data + start;
		__m256i matches[4], any;

		for (size_t i = 0; i < 4; i++)
			matches[i] = match_both(&pair, place + i * WIDE);
		any = _mm256_or_si256(
			_mm256_or_si256(matches[0], matches[1]), _mm256_or_si256(matches[2], matches[3]));
		if (_mm256_testz_si256(any, any))
			continue;
		for (size_t i = 0; i < 4; i++) {
			found = settle(find, matches[i], place + i * WIDE);
			if (found != SIZE_MAX)
				return start + i * WIDE + found;
		}
	}
	for (; start + WIDE <= places; start += WIDE) {
		found = settle(find, match_both(&pair, bytes.data + start), bytes.data + start);
		if (found != SIZE_MAX)
			return start + found;
	}
	return find_next_portable(find, bytes, start);
}

#endif
