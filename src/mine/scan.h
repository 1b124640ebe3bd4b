/*
 * A message as units, the way that signature.h says: words, quoted texts, delimiters, white space. Signatures and
 * parameters are both made of them, so a mask and its parameter are always the same bytes.
 *
 * One table of byte classes. A quote opens where no word stands right before it (so "can't" holds none) and closes at
 * the next of its kind; one that is never closed is an ordinary delimiter. A quote behind a backslash belongs to its
 * word, as in escaped JSON. The functions stand here because they are the inner loop of signature_make.
 */
#ifndef MINE_SCAN_H
#define MINE_SCAN_H

#include "tocsin/base/slice.h"

#define SCAN_LONGEST_WORD 100 /* bytes; what is longer is data (base64, a key), not a word */

enum scan_class {
	SCAN_DIGIT = 1,
	SCAN_HEX = 2,       /* a letter of a hexadecimal number, or the hyphen of a UUID */
	SCAN_OTHER = 4,     /* any other printable byte of a word */
	SCAN_SLASH = 8,     /* of a path */
	SCAN_AT = 16,       /* of an address */
	SCAN_BACKSLASH = 32, /* takes a quote or a backslash behind it into the word */
	SCAN_FOREIGN = 64,  /* not printable ASCII */
	SCAN_NONE = 0       /* no byte of a word: white space or a delimiter */
};
extern const uint8_t scan_class_of[256];

enum unit_kind {
	UNIT_SPACE,     /* one byte of white space */
	UNIT_DELIMITER, /* one byte */
	UNIT_WORD,
	UNIT_QUOTED     /* with its quotes */
};

struct unit {
	enum unit_kind kind;
	bool variable; /* of a word: it is masked. A quoted text always is */
	bool foreign;  /* of a word: holds more than printable ASCII */
	struct slice text;
};

struct scan {
	const char *at, *end;
	bool after_word;
};

static inline bool scan_is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static inline bool scan_is_quote(char byte)
{
	return byte == '"' || byte == '\'';
}

/* A backslash and what it protects are two bytes of one word. */
static inline size_t scan_escape_size(const char *at, const char *end)
{
	return at + 1 < end && (scan_is_quote(at[1]) || at[1] == '\\') ? 2 : 1;
}

/* Where the word that begins at `at` ends; `at` itself when none does. */
static inline const char *scan_word_end(const char *at, const char *end, unsigned *classes)
{
	unsigned seen = 0;

	while (at < end) {
		unsigned class = scan_class_of[(unsigned char)*at];

		if (class == SCAN_NONE)
			break;
		seen |= class;
		at += class == SCAN_BACKSLASH ? scan_escape_size(at, end) : 1;
	}
	*classes = seen;
	return at;
}

/* Is a word with these classes of bytes a variable, though it holds no digit? */
bool scan_looks_variable(const char *at, const char *end, unsigned classes);

static inline bool scan_is_variable(const char *at, const char *end, unsigned classes)
{
	if (classes & SCAN_DIGIT || end - at > SCAN_LONGEST_WORD)
		return true;
	return ((classes & (SCAN_SLASH | SCAN_AT)) || classes == SCAN_HEX) && scan_looks_variable(at, end, classes);
}

/* Where the quote that opens at `open` closes, or NULL. */
const char *scan_closing_quote(const char *open, const char *end);

static inline struct scan scan_of(struct slice message)
{
	return (struct scan){.at = message.data, .end = message.size ? message.data + message.size : message.data};
}

/* False at the end. */
static inline bool scan_next(struct scan *scan, struct unit *unit)
{
	const char *at = scan->at, *end = at + 1;
	unsigned classes;

	if (at == scan->end)
		return false;
	if (scan_class_of[(unsigned char)*at] != SCAN_NONE) {
		end = scan_word_end(at, scan->end, &classes);
		unit->kind = UNIT_WORD;
		unit->variable = scan_is_variable(at, end, classes);
		unit->foreign = classes & SCAN_FOREIGN;
	} else if (scan_is_space(*at)) {
		unit->kind = UNIT_SPACE;
	} else {
		const char *close = scan_is_quote(*at) && !scan->after_word ? scan_closing_quote(at, scan->end) : NULL;

		unit->kind = close ? UNIT_QUOTED : UNIT_DELIMITER;
		end = close ? close + 1 : end;
	}
	unit->text = (struct slice){at, (size_t)(end - at)};
	scan->after_word = unit->kind == UNIT_WORD;
	scan->at = end;
	return true;
}

#endif
