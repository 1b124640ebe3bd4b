/*
 * Reading `name = value` in free text as logs hold it, and judging what a value looks like. Positions are byte
 * positions in the text; bytes are judged as ASCII whatever the locale.
 */
#ifndef TOCSIN_BASE_REDACT_VALUE_H
#define TOCSIN_BASE_REDACT_VALUE_H

#include "tocsin/base/slice.h"

#include <string.h>

struct span {
	size_t begin;
	size_t end;
};

static inline bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static inline bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static inline bool is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

static inline bool is_word(char byte)
{
	return is_letter(byte) || is_digit(byte) || byte == '_' || byte == '.' || byte == '-' || byte == '+';
}

/* NUL outside the text. */
static inline char byte_at(struct slice text, size_t position)
{
	return position < text.size ? text.data[position] : '\0';
}

static inline struct slice span_of(struct slice text, struct span span)
{
	return slice_first(slice_from(text, span.begin), span.end - span.begin);
}

static inline size_t skip_spaces(struct slice text, size_t position)
{
	while (is_one_of(byte_at(text, position), " \t"))
		position++;
	return position;
}

bool value_ends(struct slice value, const char *ending);           /* ASCII case ignored */
bool value_is_one_of(struct slice value, const char *const *list); /* the same; NULL ends the list */

/* The separator behind a name that ends at `position`: `name=`, `name: `, `"name": `, `'name' => `. Gives '=' (also
   when the name was in quotes), ':' or NUL; *value is where the value begins. */
char value_separator(struct slice text, size_t position, size_t *value);

/* Behind an opening quote, when there is one at `position` (escaped, as in a JSON string, or not), else `position`. */
size_t value_skip_quote(struct slice text, size_t position);

/* The value at `position`: within its quotes on one line, else up to what ends a bare value. May be empty. */
struct span value_at(struct slice text, size_t position);

bool value_has_digit(struct slice value);
bool value_is_uuid(struct slice value);
bool value_is_random(struct slice value, size_t shortest); /* of the bytes keys are made of, letters and digits mixed */
bool value_is_placeholder(struct slice value);             /* empty, null, ***, $NAME, <token>: nothing to hide */

#endif
