/*
 * One table of byte classes.
 *
 * A quote opens where no word stands right before it (so "can't" holds none) and closes at the next of its kind; one
 * that is never closed is an ordinary delimiter. A quote behind a backslash belongs to its word, as in escaped JSON.
 */
#include "mine/scan.h"

#include <string.h>

#define SHORTEST_HEX 8 /* letters; there are no words that long of the letters a to f */

enum byte_class {
	D = 1,  /* a digit */
	H = 2,  /* a letter of a hexadecimal number, or the hyphen of a UUID */
	W = 4,  /* any other printable byte of a word */
	S = 8,  /* the slash of a path */
	A = 16, /* the at sign of an address */
	E = 32, /* the backslash: takes a quote or a backslash behind it into the word */
	F = 64, /* not printable ASCII: checked when it is copied */
	_ = 0   /* no byte of a word: white space or a delimiter */
};

static const uint8_t class_of[256] = {
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

static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_quote(char byte)
{
	return byte == '"' || byte == '\'';
}

/* A backslash and what it protects are two bytes of one word. */
static size_t escape_size(const char *at, const char *end)
{
	return at + 1 < end && (is_quote(at[1]) || at[1] == '\\') ? 2 : 1;
}

static const char *find_closing_quote(const char *open, const char *end)
{
	for (const char *at = open + 1; at < end; at++) {
		if (*at == *open)
			return at;
		if (*at == '\\')
			at += escape_size(at, end) - 1;
	}
	return NULL;
}

static const char *find_word_end(const char *at, const char *end, unsigned *classes)
{
	unsigned seen = 0;
	while (at < end) {
		unsigned class = class_of[(unsigned char)*at];
		if (class == _)
			break;
		seen |= class;
		at += class == E ? escape_size(at, end) : 1;
	}
	*classes = seen;
	return at;
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

static bool is_variable(const char *at, const char *end, unsigned classes)
{
	if (classes & D || end - at > SCAN_LONGEST_WORD)
		return true;
	return (classes & S && is_path(at, end)) || (classes & A && is_address(at, end)) ||
	       (classes == H && is_hexadecimal(at, end));
}

const char *scan_word_end(const char *at, const char *end)
{
	unsigned classes;

	return find_word_end(at, end, &classes);
}

struct scan scan_of(struct slice message)
{
	return (struct scan){.at = message.data, .end = message.size ? message.data + message.size : message.data};
}

static void take_word(struct scan *scan, struct unit *unit)
{
	unsigned classes;
	const char *end = find_word_end(scan->at, scan->end, &classes);

	unit->kind = UNIT_WORD;
	unit->variable = is_variable(scan->at, end, classes);
	unit->foreign = classes & F;
	unit->text = (struct slice){scan->at, (size_t)(end - scan->at)};
}

bool scan_next(struct scan *scan, struct unit *unit)
{
	const char *at = scan->at, *close = NULL;

	if (at == scan->end)
		return false;
	if (class_of[(unsigned char)*at] != _) {
		take_word(scan, unit);
	} else {
		if (is_quote(*at) && !scan->after_word)
			close = find_closing_quote(at, scan->end);
		unit->kind = close ? UNIT_QUOTED : is_space(*at) ? UNIT_SPACE : UNIT_DELIMITER;
		unit->text = (struct slice){at, close ? (size_t)(close + 1 - at) : 1};
	}
	scan->after_word = unit->kind == UNIT_WORD;
	scan->at = at + unit->text.size;
	return true;
}
