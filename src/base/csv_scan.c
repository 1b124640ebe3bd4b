/*
 * The portable scan takes eight bytes at a time: x ^ pattern has a zero byte where x has the byte looked for.
 */
#include "base/csv_scan.h"

#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define LOWS UINT64_C(0x7F7F7F7F7F7F7F7F)

/* The high bit of every byte of `word` that is zero, and no other bit. */
static uint64_t zero_bytes(uint64_t word)
{
	return ~(((word & LOWS) + LOWS) | word | LOWS);
}

static bool is_structural(char byte)
{
	return byte == '\n' || byte == '\r' || byte == '"' || byte == ',';
}

size_t csv_scan_portable(const char *bytes, size_t size, uint32_t *marks)
{
	size_t count = 0;

	for (size_t at = 0; at < size; at += 8) {
		size_t end = size - at < 8 ? size : at + 8;

		if (end == at + 8) {
			uint64_t word;

			memcpy(&word, bytes + at, sizeof(word));
			if ((zero_bytes(word ^ '\n' * ONES) | zero_bytes(word ^ '\r' * ONES) |
				    zero_bytes(word ^ '"' * ONES) | zero_bytes(word ^ ',' * ONES)) == 0)
				continue;
		}
		for (size_t i = at; i < end; i++)
			if (is_structural(bytes[i]))
				marks[count++] = (uint32_t)i;
	}
	return count;
}

csv_scan_fn csv_scan_best(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
		return csv_scan_avx2;
#endif
	return csv_scan_portable;
}
