/*
 * One pass over the message with one table of byte classes. What is written are units: a word, "<*>", a quoted "<*>", a
 * delimiter, each with the space before it. A unit is written whole or not at all, so that the output, wherever it
 * ends, is made of units that a second pass reads the same way: that is what makes a signature's signature itself.
 *
 * A quote opens where no word stands right before it (so "can't" holds none) and closes at the next of its kind; one
 * that is never closed is an ordinary delimiter. A quote behind a backslash belongs to its word, as in escaped JSON.
 */
#include "tocsin/mine/signature.h"

#include <string.h>

#include "tocsin/base/utf8.h"

#define MASK "<*>"
#define LONGEST_WORD 100 /* bytes; what is longer is data (base64, a key), not a word */
#define SHORTEST_HEX 8   /* letters; there are no words that long of the letters a to f */

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

struct writer {
	char *out;
	size_t size;
	bool space; /* white space was seen since the last unit */
	bool full;
};

static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static void put(struct writer *writer, const char *bytes, size_t size)
{
	size_t space = writer->space && writer->size > 0;
	if (space + size > SIGNATURE_MAXIMUM - writer->size) {
		writer->full = true;
		return;
	}
	if (space)
		writer->out[writer->size++] = ' ';
	memcpy(writer->out + writer->size, bytes, size);
	writer->size += size;
	writer->space = false;
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
	if (classes & D || end - at > LONGEST_WORD)
		return true;
	return (classes & S && is_path(at, end)) || (classes & A && is_address(at, end)) ||
	       (classes == H && is_hexadecimal(at, end));
}

/* Copies a word that holds more than printable ASCII: control characters and invalid bytes become '?'. */
static void put_foreign(struct writer *writer, const char *at, const char *end)
{
	char word[LONGEST_WORD];
	size_t size = 0;
	struct slice rest = {at, (size_t)(end - at)};
	const char *character = rest.data;
	uint32_t code_point;
	bool valid;
	while (utf8_next(&rest, &code_point, &valid)) {
		size_t bytes = (size_t)(end - character) - rest.size;
		bool control = code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
		if (!valid || control) {
			word[size++] = '?';
		} else {
			memcpy(word + size, character, bytes);
			size += bytes;
		}
		character += bytes;
	}
	put(writer, word, size);
}

static const char *put_word(struct writer *writer, const char *at, const char *end)
{
	unsigned classes;
	const char *word_end = find_word_end(at, end, &classes);
	if (is_variable(at, word_end, classes))
		put(writer, MASK, strlen(MASK));
	else if (classes & F)
		put_foreign(writer, at, word_end);
	else
		put(writer, at, (size_t)(word_end - at));
	return word_end;
}

static void put_quoted(struct writer *writer, char quote)
{
	const char text[] = {quote, '<', '*', '>', quote};
	put(writer, text, sizeof text);
}

size_t signature_make(struct slice message, char out[SIGNATURE_MAXIMUM])
{
	struct writer writer = {.out = out};
	if (message.size == 0)
		return 0;
	const char *at = message.data, *end = message.data + message.size;
	bool after_word = false;
	while (at < end && !writer.full) {
		if (class_of[(unsigned char)*at] != _) {
			at = put_word(&writer, at, end);
			after_word = true;
			continue;
		}
		const char *close = is_quote(*at) && !after_word ? find_closing_quote(at, end) : NULL;
		if (close) {
			put_quoted(&writer, *at);
			at = close;
		} else if (is_space(*at)) {
			writer.space = true;
		} else {
			put(&writer, at, 1);
		}
		at++;
		after_word = false;
	}
	return writer.size;
}

bool signature_matches(struct slice signature, struct slice message)
{
	char made[SIGNATURE_MAXIMUM];
	size_t size = signature_make(message, made);
	return slice_equal(signature, (struct slice){made, size});
}
