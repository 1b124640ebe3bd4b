/*
 * What must stand in the bytes of a record, so that bytes without it need no further look.
 *
 * Of a regex these are runs of plain characters outside of groups and alternatives. It is read no deeper than that, and
 * given up at anything that could mean something else: a piece too few costs time, a wrong one would lose a match.
 */
#include "store/filter_tree.h"

#include <string.h>

/* --- pieces ---------------------------------------------------------------------------------------------------- */

#define MOST_PIECES 4 /* that are looked for; the others are left to the match */

/* The pieces of one kind while they are gathered. */
struct gathering {
	struct arena *arena;
	bool escaped;
	struct filter_piece *first;
	bool failed;
};

/* Puts a piece before those that are less rare. */
static void add_piece(struct gathering *gathering, struct slice text)
{
	struct filter_piece *piece, **place = &gathering->first;
	size_t count = 0;

	if (text.size == 0)
		return;
	piece = arena_allocate(gathering->arena, sizeof(*piece));
	if (!piece) {
		gathering->failed = true;
		return;
	}
	find_init(&piece->find, text);
	while (*place && find_rarity(&(*place)->find) >= find_rarity(&piece->find))
		place = &(*place)->next;
	piece->next = *place;
	*place = piece;
	for (piece = gathering->first; piece; piece = piece->next)
		if (++count == MOST_PIECES)
			piece->next = NULL;
}

/* Is the byte written as it is? */
static bool is_plain(const struct gathering *gathering, char byte)
{
	unsigned char code = (unsigned char)byte;

	if (code == '"' || code == '\n' || code == '\r')
		return false;
	return !gathering->escaped || (code >= ' ' && code < 0x7f && code != '\\' && code != '/');
}

static void gather(struct gathering *gathering, struct slice text)
{
	size_t start = 0;

	for (size_t i = 0; i <= text.size; i++) {
		if (i < text.size && is_plain(gathering, text.data[i]))
			continue;
		add_piece(gathering, slice_first(slice_from(text, start), i - start));
		start = i + 1;
	}
}

bool filter_pieces_of_word(struct filter_pieces *pieces, struct arena *arena, struct slice word)
{
	struct gathering verbatim = { .arena = arena }, escaped = { .arena = arena, .escaped = true };

	gather(&verbatim, word);
	gather(&escaped, word);
	*pieces = (struct filter_pieces){ verbatim.first, escaped.first };
	return !verbatim.failed && !escaped.failed;
}

/* --- of a regex ------------------------------------------------------------------------------------------------ */

struct reading {
	struct slice regex;
	size_t at;
	char run[FIND_MAXIMUM];
	size_t run_size;
	struct gathering verbatim, escaped;
};

static void end_run(struct reading *reading)
{
	struct slice run = { reading->run, reading->run_size };

	gather(&reading->verbatim, run);
	gather(&reading->escaped, run);
	reading->run_size = 0;
}

/* In Unicode, k and s stand for a third character each, beside the two cases. */
static void add_to_run(struct reading *reading, char byte)
{
	if ((unsigned char)byte >= 0x80 || strchr("kKsS", byte) || reading->run_size == sizeof(reading->run))
		end_run(reading);
	if ((unsigned char)byte < 0x80 && !strchr("kKsS", byte))
		reading->run[reading->run_size++] = byte;
}

static char peek(const struct reading *reading)
{
	return reading->at < reading->regex.size ? reading->regex.data[reading->at] : '\0';
}

/* Behind the bracket that opens a class: to behind the one that closes it. False: not understood. */
static bool skip_class(struct reading *reading)
{
	reading->at += peek(reading) == '^';
	reading->at += peek(reading) == ']';
	for (; reading->at < reading->regex.size; reading->at++) {
		char byte = peek(reading);

		if (byte == ']') {
			reading->at++;
			return true;
		}
		if (byte == '[')
			return false;
		if (byte == '\\') {
			reading->at++;
			if (strchr("QEcpPxoN", peek(reading)))
				return false;
		}
	}
	return false;
}

enum escape { ESCAPE_UNKNOWN, ESCAPE_CLASS, ESCAPE_LITERAL };

/* Of the character behind a backslash: is it one of the escapes of a single letter, or a sign that means itself? */
static enum escape escape_of(char byte)
{
	if (byte == '\0' || (unsigned char)byte >= 0x80)
		return ESCAPE_UNKNOWN;
	if (strchr("dDwWsSbBAzZhHvVRXnrtfae", byte))
		return ESCAPE_CLASS;
	if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'))
		return ESCAPE_UNKNOWN;
	return ESCAPE_LITERAL;
}

/* At the character behind a backslash. */
static bool read_escape(struct reading *reading)
{
	char byte = peek(reading);
	enum escape escape = escape_of(byte);

	reading->at++;
	if (escape == ESCAPE_LITERAL)
		add_to_run(reading, byte);
	else
		end_run(reading);
	return escape != ESCAPE_UNKNOWN;
}

/* Behind the parenthesis that opens a group: to behind the one that closes it. */
static bool skip_group(struct reading *reading)
{
	if (peek(reading) == '*' || (peek(reading) == '?' && slice_from(reading->regex, reading->at + 1).size > 0 &&
					    reading->regex.data[reading->at + 1] != ':'))
		return false;
	for (unsigned depth = 1; reading->at < reading->regex.size;) {
		char byte = reading->regex.data[reading->at++];

		if (byte == '\\') {
			if (escape_of(peek(reading)) == ESCAPE_UNKNOWN)
				return false;
			reading->at++;
		}
		if (byte == '[' && !skip_class(reading))
			return false;
		if (byte == '(') {
			depth++;
			if (peek(reading) == '*' || peek(reading) == '?')
				return false;
		}
		if (byte == ')' && --depth == 0)
			return true;
	}
	return false;
}

/* At a quantifier: what it is for may be missing, unless it is '+'. */
static void read_quantifier(struct reading *reading)
{
	char byte = peek(reading);

	reading->at++;
	if (byte != '+' && reading->run_size > 0)
		reading->run_size--;
	end_run(reading);
	if (byte == '{')
		while (peek(reading) != '\0' && reading->regex.data[reading->at++] != '}')
			continue;
	if (peek(reading) == '?' || peek(reading) == '+')
		reading->at++;
}

/* One item outside of groups. False: nothing can be said of the regex. */
static bool read_item(struct reading *reading)
{
	char byte = peek(reading);

	switch (byte) {
	case '?':
	case '*':
	case '+':
	case '{':
		read_quantifier(reading);
		return true;
	case '|':
		return false;
	case '\\':
		reading->at++;
		return read_escape(reading);
	case '[':
		end_run(reading);
		reading->at++;
		return skip_class(reading);
	case '(':
		end_run(reading);
		reading->at++;
		return skip_group(reading);
	case '.':
	case '^':
	case '$':
		end_run(reading);
		break;
	default:
		add_to_run(reading, byte);
		break;
	}
	reading->at++;
	return true;
}

bool filter_pieces_of_regex(struct filter_pieces *pieces, struct arena *arena, struct slice regex)
{
	struct reading reading = {
		.regex = regex, .verbatim = { .arena = arena }, .escaped = { .arena = arena, .escaped = true }
	};

	*pieces = (struct filter_pieces){ 0 };
	while (reading.at < regex.size)
		if (!read_item(&reading))
			return true;
	end_run(&reading);
	*pieces = (struct filter_pieces){ reading.verbatim.first, reading.escaped.first };
	return !reading.verbatim.failed && !reading.escaped.failed;
}
