/*
 * What is written are units: a word, "<*>", a quoted "<*>", a delimiter, each with the space before it. A unit is
 * written whole or not at all, so that the output, wherever it ends, is made of units that a second pass reads the same
 * way: that is what makes a signature's signature itself.
 */
#include "tocsin/mine/signature.h"

#include <string.h>

#include "mine/scan.h"
#include "tocsin/base/utf8.h"

#define MASK "<*>"
#define SHORTEST_VERB 2
#define LONGEST_VERB 16

struct writer {
	char *out;
	size_t size;
	bool space; /* white space was seen since the last unit */
	bool full;
};

/* Most words are short, and a call costs more than they do: 8 to 16 bytes are two loads that may overlap. */
static inline void copy(char *to, const char *from, size_t size)
{
	uint64_t first, last;

	if (size > 2 * sizeof first) {
		memcpy(to, from, size);
	} else if (size >= sizeof first) {
		memcpy(&first, from, sizeof first);
		memcpy(&last, from + size - sizeof last, sizeof last);
		memcpy(to, &first, sizeof first);
		memcpy(to + size - sizeof last, &last, sizeof last);
	} else {
		for (size_t i = 0; i < size; i++)
			to[i] = from[i];
	}
}

static inline void put(struct writer *writer, const char *bytes, size_t size)
{
	size_t space = writer->space && writer->size > 0;

	if (space + size > SIGNATURE_MAXIMUM - writer->size) {
		writer->full = true;
		return;
	}
	if (space)
		writer->out[writer->size++] = ' ';
	copy(writer->out + writer->size, bytes, size);
	writer->size += size;
	writer->space = false;
}

/* Copies a word that holds more than printable ASCII: control characters and invalid bytes become '?'. */
static void put_foreign(struct writer *writer, struct slice text)
{
	char word[SCAN_LONGEST_WORD];
	size_t size = 0;
	struct slice rest = text;
	const char *character = rest.data;
	uint32_t code_point;
	bool valid;
	while (utf8_next(&rest, &code_point, &valid)) {
		size_t bytes = (size_t)(text.data + text.size - character) - rest.size;
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

/* How many bytes of a quoted text are the verb that it begins with, and the space behind it. */
static size_t verb_size(struct slice inside)
{
	size_t size = 0;

	while (size < inside.size && size <= LONGEST_VERB && inside.data[size] >= 'A' && inside.data[size] <= 'Z')
		size++;
	return size >= SHORTEST_VERB && size <= LONGEST_VERB && size < inside.size && inside.data[size] == ' ' ? size + 1 : 0;
}

static void put_quoted(struct writer *writer, struct slice quoted)
{
	char text[LONGEST_VERB + sizeof "\" <*>\""] = {quoted.data[0]};
	size_t verb = verb_size((struct slice){quoted.data + 1, quoted.size - 2});

	memcpy(text + 1, quoted.data + 1, verb);
	memcpy(text + 1 + verb, MASK, strlen(MASK));
	text[1 + verb + strlen(MASK)] = quoted.data[0];
	put(writer, text, verb + strlen(MASK) + 2);
}

static void put_unit(struct writer *writer, const struct unit *unit)
{
	if (unit->kind == UNIT_SPACE)
		writer->space = true;
	else if (unit->kind == UNIT_QUOTED)
		put_quoted(writer, unit->text);
	else if (unit->kind == UNIT_WORD && unit->variable)
		put(writer, MASK, strlen(MASK));
	else if (unit->kind == UNIT_WORD && unit->foreign)
		put_foreign(writer, unit->text);
	else
		put(writer, unit->text.data, unit->text.size);
}

size_t signature_make(struct slice message, char out[SIGNATURE_MAXIMUM])
{
	struct writer writer = {.out = out};
	struct scan scan = scan_of(message);
	struct unit unit;
	while (!writer.full && scan_next(&scan, &unit))
		put_unit(&writer, &unit);
	return writer.size;
}

bool signature_matches(struct slice signature, struct slice message)
{
	char made[SIGNATURE_MAXIMUM];
	size_t size = signature_make(message, made);
	return slice_equal(signature, (struct slice){made, size});
}
