/*
 * Borrowed bytes: comparing, searching, cutting, reading numbers, hashing. All case folding is ASCII only, so that the
 * result never depends on the locale.
 */
#include "tocsin/base/slice.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A product of two 64-bit numbers folded to 64 bits: every input bit reaches every output bit. */
__extension__ typedef unsigned __int128 wide;

struct slice slice_of(const char *string)
{
	return (struct slice){string, string ? strlen(string) : 0};
}

struct slice slice_from(struct slice slice, size_t start)
{
	if (start >= slice.size)
		return (struct slice){slice.data ? slice.data + slice.size : NULL, 0};
	return (struct slice){slice.data + start, slice.size - start};
}

struct slice slice_first(struct slice slice, size_t size)
{
	if (slice.size > size)
		slice.size = size;
	return slice;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice slice)
{
	while (slice.size > 0 && is_space(slice.data[slice.size - 1]))
		slice.size--;
	while (slice.size > 0 && is_space(slice.data[0])) {
		slice.data++;
		slice.size--;
	}
	return slice;
}

static unsigned char fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool equal_folded(const char *a, const char *b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (fold(a[i]) != fold(b[i]))
			return false;
	}
	return true;
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	return a.size == b.size && equal_folded(a.data, b.data, a.size);
}

bool slice_is(struct slice slice, const char *string)
{
	return slice_equal(slice, slice_of(string));
}

bool slice_starts(struct slice slice, const char *prefix)
{
	return slice_is(slice_first(slice, slice_of(prefix).size), prefix);
}

bool slice_ends(struct slice slice, const char *suffix)
{
	size_t size = slice_of(suffix).size;

	return size <= slice.size && slice_is(slice_from(slice, slice.size - size), suffix);
}

size_t slice_find(struct slice haystack, struct slice needle)
{
	const char *at;

	if (needle.size == 0)
		return 0;
	if (needle.size > haystack.size)
		return SIZE_MAX;
	at = memmem(haystack.data, haystack.size, needle.data, needle.size);
	return at ? (size_t)(at - haystack.data) : SIZE_MAX;
}

static const char *find_between(const char *start, const char *end, int byte)
{
	const char *at = start < end ? memchr(start, byte, (size_t)(end - start)) : NULL;

	return at ? at : end;
}

/*
 * Candidates come from memchr for either case of the first byte. Both next places are remembered and only the one that
 * was used up is searched anew, so the two searches together pass over the text at most twice.
 */
size_t slice_find_nocase(struct slice haystack, struct slice needle)
{
	const char *end, *lower_at, *upper_at;
	unsigned char lower, upper, last;

	if (needle.size == 0)
		return 0;
	if (needle.size > haystack.size)
		return SIZE_MAX;
	lower = fold(needle.data[0]);
	upper = lower >= 'a' && lower <= 'z' ? (unsigned char)(lower - 0x20) : lower;
	last = fold(needle.data[needle.size - 1]);
	end = haystack.data + (haystack.size - needle.size + 1);
	lower_at = find_between(haystack.data, end, lower);
	upper_at = upper == lower ? end : find_between(haystack.data, end, upper);

	while (lower_at < end || upper_at < end) {
		const char *at = lower_at < upper_at ? lower_at : upper_at;

		if (fold(at[needle.size - 1]) == last && equal_folded(at, needle.data, needle.size))
			return (size_t)(at - haystack.data);
		if (at == lower_at)
			lower_at = find_between(at + 1, end, lower);
		else
			upper_at = find_between(at + 1, end, upper);
	}
	return SIZE_MAX;
}

size_t slice_find_byte(struct slice haystack, char byte)
{
	const char *at = haystack.size > 0 ? memchr(haystack.data, byte, haystack.size) : NULL;

	return at ? (size_t)(at - haystack.data) : SIZE_MAX;
}

bool slice_next(struct slice *rest, char separator, struct slice *token)
{
	size_t at;

	if (rest->size == 0)
		return false;
	at = slice_find_byte(*rest, separator);
	*token = slice_first(*rest, at);
	*rest = at == SIZE_MAX ? slice_from(*rest, rest->size) : slice_from(*rest, at + 1);
	return true;
}

bool slice_to_u64(struct slice slice, uint64_t *value)
{
	uint64_t result = 0;

	if (slice.size == 0)
		return false;
	for (size_t i = 0; i < slice.size; i++) {
		unsigned digit = (unsigned)(unsigned char)slice.data[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(result, 10, &result) ||
		    __builtin_add_overflow(result, digit, &result))
			return false;
	}
	*value = result;
	return true;
}

static size_t count_digits(struct slice slice, size_t start)
{
	size_t at = start;

	while (at < slice.size && slice.data[at] >= '0' && slice.data[at] <= '9')
		at++;
	return at - start;
}

/* Whether all of it is [+-] digits [. digits] [e [+-] digits] with a digit before the exponent. */
static bool is_decimal(struct slice slice)
{
	size_t at = 0, digits, exponent;

	if (at < slice.size && (slice.data[at] == '+' || slice.data[at] == '-'))
		at++;
	digits = count_digits(slice, at);
	at += digits;
	if (at < slice.size && slice.data[at] == '.') {
		size_t fraction = count_digits(slice, at + 1);

		at += 1 + fraction;
		digits += fraction;
	}
	if (digits == 0)
		return false;
	if (at < slice.size && fold(slice.data[at]) == 'e') {
		at++;
		if (at < slice.size && (slice.data[at] == '+' || slice.data[at] == '-'))
			at++;
		exponent = count_digits(slice, at);
		if (exponent == 0)
			return false;
		at += exponent;
	}
	return at == slice.size;
}

bool slice_to_double(struct slice slice, double *value)
{
	char text[512];
	double result;
	locale_t plain;

	if (slice.size == 0 || slice.size >= sizeof(text) || !is_decimal(slice))
		return false;
	memcpy(text, slice.data, slice.size);
	text[slice.size] = '\0';
	/* The "C" locale is a constant of the C library: making the handle neither allocates nor fails. */
	plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!plain)
		return false;
	result = strtod_l(text, NULL, plain);
	freelocale(plain);
	if (!isfinite(result))
		return false;
	*value = result;
	return true;
}

size_t slice_copy(struct slice slice, char *out, size_t capacity)
{
	size_t size = slice.size;

	if (capacity == 0)
		return 0;
	if (size >= capacity) {
		size_t back = 0;

		size = capacity - 1;
		while (back < 3 && back < size && ((unsigned char)slice.data[size - back] & 0xC0) == 0x80)
			back++;
		/* More continuation bytes than a character has: not UTF-8, so any place is as good. */
		if (((unsigned char)slice.data[size - back] & 0xC0) != 0x80)
			size -= back;
	}
	if (size > 0)
		memcpy(out, slice.data, size);
	out[size] = '\0';
	return size;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t read_eight(const char *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t read_four(const char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/*
 * Sixteen bytes a step through a multiply-and-fold; the last sixteen are read from the end, overlapping what was read
 * before, so no size needs a byte loop.
 */
uint64_t slice_hash(struct slice slice, uint64_t seed)
{
	const uint64_t first_key = UINT64_C(0x9E3779B97F4A7C15), second_key = UINT64_C(0xC2B2AE3D27D4EB4F);
	const char *at = slice.data;
	size_t size = slice.size;
	uint64_t state = mix(seed ^ first_key, second_key), a = 0, b = 0;

	if (size > 16) {
		size_t left = size;

		for (; left > 16; left -= 16, at += 16)
			state = mix(read_eight(at) ^ second_key, read_eight(at + 8) ^ state);
		a = read_eight(at + left - 16);
		b = read_eight(at + left - 8);
	} else if (size >= 8) {
		a = read_eight(at);
		b = read_eight(at + size - 8);
	} else if (size >= 4) {
		a = read_four(at);
		b = read_four(at + size - 4);
	} else if (size > 0) {
		a = (uint64_t)(unsigned char)at[0] << 16 | (uint64_t)(unsigned char)at[size / 2] << 8 |
		    (unsigned char)at[size - 1];
	}
	return mix(first_key ^ size, mix(a ^ second_key, b ^ state));
}
