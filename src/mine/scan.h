/*
 * A message as units, the way that signature.h says: words, quoted texts, delimiters, white space. Signatures and
 * parameters are both made of them, so a mask and its parameter are always the same bytes.
 */
#ifndef MINE_SCAN_H
#define MINE_SCAN_H

#include "tocsin/base/slice.h"

#define SCAN_LONGEST_WORD 100 /* bytes; what is longer is data (base64, a key), not a word */

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

struct scan scan_of(struct slice message);
/* Where the word that begins at `at` ends; `at` itself when none does. */
const char *scan_word_end(const char *at, const char *end);
bool scan_next(struct scan *scan, struct unit *unit); /* false at the end */

#endif
