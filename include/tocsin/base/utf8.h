/*
 * UTF-8 decoding, width in terminal cells, and making hostile bytes fit to show.
 *
 * Everything a person may see from a log goes through `utf8_next_shown`: it never yields a control character, a bidi or
 * zero-width format character, or an invalid byte as such. Widths come from a table built in, not from the locale, so
 * that goldens agree.
 */
#ifndef TOCSIN_BASE_UTF8_H
#define TOCSIN_BASE_UTF8_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/slice.h"

/* Takes one code point off the front of `*rest`. An invalid or cut sequence takes one byte and gives 0xFFFD with
 *valid = false. Returns false at the end. */
bool utf8_next(struct slice *rest, uint32_t *code_point, bool *valid);

/* Writes the 1 to 4 bytes of a code point; returns their number (0xFFFD's for what is not encodable). */
size_t utf8_encode(uint32_t code_point, char out[4]);

/* Cells a code point takes: 0 (combining), 1, or 2 (East Asian wide, emoji). */
int utf8_width(uint32_t code_point);

/* One thing to show: a base character with its combining marks, or the escape of something unsafe. */
struct utf8_shown {
	char bytes[32]; /* terminated; escapes are "\xNN", "\t" becomes one space, other C0 "^X", C1 and format
			   characters "<U+NNNN>" */
	size_t size;
	int width;    /* cells, >= 1 */
	bool escaped; /* true when it stands for something unsafe: paint it in the escape style */
};

/* Takes the next thing to show off the front of `*rest`. Never yields more than 3 combining marks. False at the end. */
bool utf8_next_shown(struct slice *rest, struct utf8_shown *shown);

size_t utf8_shown_width(struct slice text); /* cells that all of `text` takes when shown */

/* Appends `text` made safe, at most `cells` wide (SIZE_MAX for no limit); cut text ends in "…" within the limit. */
int utf8_append_shown(struct buffer *out, struct slice text, size_t cells);

#endif
