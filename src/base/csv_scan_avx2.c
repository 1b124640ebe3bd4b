/*
 * 64 bytes at a time. The bits of a block are written out eight at once, more than there may be: so the usual block of
 * a few marks costs no mispredicted branch.
 */
#include "base/csv_scan.h"

#ifdef __x86_64__

#include <string.h>

#include "base/simd_avx2.h"

/* '\n' is 0x0A, '\r' 0x0D, '"' 0x22, ',' 0x2C */
static const struct simd_set structural = {{[0] = 1, [0xA] = '\n', [0xD] = '\r', [0x2] = '"', [0xC] = ','}};

__attribute__((target("avx2,bmi,popcnt"))) static inline size_t write_marks(uint64_t mask, size_t at, uint32_t *marks)
{
	size_t count = (size_t)__builtin_popcountll(mask);

	for (size_t written = 0; written < count; written += 8)
		for (size_t i = 0; i < 8; i++) {
			marks[written + i] = (uint32_t)(at + _tzcnt_u64(mask));
			mask = _blsr_u64(mask);
		}
	return count;
}

__attribute__((target("avx2,bmi,popcnt"))) size_t csv_scan_avx2(const char *bytes, size_t size, uint32_t *marks)
{
	size_t count = 0, at = 0;
	char last[64] = {0};

	for (; size - at >= 64; at += 64)
		count += write_marks(simd_match_any(bytes + at, structural), at, marks + count);
	if (at < size) {
		memcpy(last, bytes + at, size - at);
		count += write_marks(simd_match_any(last, structural), at, marks + count);
	}
	return count;
}

#else

size_t csv_scan_avx2(const char *bytes, size_t size, uint32_t *marks)
{
	return csv_scan_portable(bytes, size, marks);
}

#endif
