#include "mine/scan.h"

#include <string.h>

#define SHORTEST_HEX 8 /* letters; there are no words that long of the letters a to f */

enum {
	D = SCAN_DIGIT,
	H = SCAN_HEX,
	W = SCAN_OTHER,
	S = SCAN_SLASH,
	A = SCAN_AT,
	E = SCAN_BACKSLASH,
	F = SCAN_FOREIGN,
	_ = SCAN_NONE
};

const uint8_t scan_class_of[256] = {
	F, F, F, F, F, F, F, F, F, _, _, _, _, _, F, F, /* 00 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* 10 */
	_, W, _, W, W, W, W, _, _, _, W, W, _, H, W, S, /* 20 */
	D, D, D, D, D, D, D, D, D, D, _, _, W, _, W, W, /* 30 */
	A, H, H, H, H, H, H, W, W, W, W, W, W, W, W, W, /* 40 */
	W, W, W, W, W, W, W, W, W, W, W, _, E, _, W, W, /* 50 */
	W, H, H, H, H, H, H, W, W, W, W, W, W, W, W, W, /* 60 */
	W, W, W, W, W, W, W, W, W, W, W, _, _, _, W, F, /* 70 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* 80 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* 90 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* A0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* B0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* C0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* D0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* E0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* F0 */
};

const char *scan_closing_quote(const char *open, const char *end)
{
	for (const char *at = open + 1; at < end; at++) {
		if (*at == *open)
			return at;
		if (*at == '\\')
			at += scan_escape_size(at, end) - 1;
	}
	return NULL;
}

static bool is_path(const char *at, const char *end)
{
	unsigned parts = 0;
	for (char before = '/'; at < end; before = *at++)
		parts += *at != '/' && before == '/';
	return parts >= 3;
}

/* somebody@example.org: something before the sign, a dot behind it. */
static bool is_address(const char *at, const char *end)
{
	const char *sign = memchr(at, '@', (size_t)(end - at));
	return sign > at && memchr(sign, '.', (size_t)(end - sign)) != NULL;
}

static bool is_hexadecimal(const char *at, const char *end)
{
	size_t letters = 0;
	for (; at < end; at++)
		letters += *at != '-';
	return letters >= SHORTEST_HEX;
}

bool scan_looks_variable(const char *at, const char *end, unsigned classes)
{
	return (classes & S && is_path(at, end)) || (classes & A && is_address(at, end)) ||
	       (classes == H && is_hexadecimal(at, end));
}

