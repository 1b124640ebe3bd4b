/*
 * The message is first cut into pieces (units without the white space), each with the number of its mask. Then, from
 * left to right, the longest run of pieces that is one thing becomes a parameter, else a masked piece by itself.
 */
#include "tocsin/mine/parameter.h"

#include <string.h>

#include "mine/parameter_inside.h"
#include "mine/scan.h"

#define PIECES_MAXIMUM 512
#define RUN_MAXIMUM 17 /* pieces: IPv6 in full has 15 */

struct piece {
	struct unit unit;
	bool spaced;   /* white space before it */
	unsigned mask; /* masks before it */
};

struct pieces {
	size_t count;
	unsigned masks;
	struct piece at[PIECES_MAXIMUM];
};

static bool is_masked(const struct unit *unit)
{
	return unit->kind == UNIT_QUOTED || (unit->kind == UNIT_WORD && unit->variable);
}

static void cut(struct pieces *pieces, struct slice message)
{
	struct scan scan = scan_of(message);
	struct unit unit;
	bool spaced = true;

	pieces->count = 0;
	pieces->masks = 0;
	while (pieces->count < PIECES_MAXIMUM && scan_next(&scan, &unit)) {
		if (unit.kind != UNIT_SPACE) {
			pieces->at[pieces->count++] = (struct piece){unit, spaced, pieces->masks};
			pieces->masks += is_masked(&unit);
		}
		spaced = unit.kind == UNIT_SPACE;
	}
}

static bool is_delimiter(const struct piece *piece, const char *any)
{
	return piece->unit.kind == UNIT_DELIMITER && strchr(any, piece->unit.text.data[0]) != NULL;
}

/* Punctuation around a word belongs to the sentence, not to the value. */
static struct slice trim(struct slice word)
{
	while (word.size > 1 && memchr("#$<>~*@", word.data[0], 7))
		word = slice_from(word, 1);
	while (word.size > 1 && memchr(".!?<>*#", word.data[word.size - 1], 7))
		word.size--;
	return word;
}

static struct slice text_between(const struct piece *first, const struct piece *last)
{
	const char *begin = first->unit.text.data, *end = last->unit.text.data + last->unit.text.size;

	return (struct slice){begin, (size_t)(end - begin)};
}

static bool is_runner(const struct piece *piece)
{
	return piece->unit.kind == UNIT_WORD || is_delimiter(piece, ":");
}

/* How many pieces from here on are words and colons with no space between them. */
static size_t run_length(const struct pieces *pieces, size_t begin)
{
	size_t end = begin;

	while (end < pieces->count && end - begin < RUN_MAXIMUM && is_runner(&pieces->at[end]) &&
		(end == begin || !pieces->at[end].spaced))
		end++;
	return end - begin;
}

/* The query of a URL holds delimiters. */
static size_t extend_url(const struct pieces *pieces, size_t end)
{
	while (end < pieces->count && !pieces->at[end].spaced &&
		(is_runner(&pieces->at[end]) || is_delimiter(&pieces->at[end], "=")))
		end++;
	return end;
}

/* How many pieces from here on are one parameter of several words; 0 when none. */
static size_t find_run(const struct pieces *pieces, size_t begin, struct parameter *parameter)
{
	const struct piece *first = &pieces->at[begin];

	for (size_t length = run_length(pieces, begin); length > 1; length--) {
		struct slice text = trim(text_between(first, first + length - 1));

		if (is_delimiter(first + length - 1, ":") || !kind_of_run(text, &parameter->kind))
			continue;
		if (slice_find(text, slice_of("://")) != SIZE_MAX) {
			length = extend_url(pieces, begin + length) - begin;
			text = trim(text_between(first, first + length - 1));
		}
		parameter->text = text;
		return length;
	}
	return 0;
}

/* "1,234,567": how many pieces are such groups of three; 1 when none follow. */
static size_t thousands(const struct pieces *pieces, size_t begin)
{
	size_t end = begin + 1;
	uint64_t number;

	if (pieces->at[begin].unit.text.size > 3 || (begin > 0 && is_delimiter(&pieces->at[begin - 1], ",")))
		return 1;
	while (end + 1 < pieces->count && is_delimiter(&pieces->at[end], ",") && !pieces->at[end].spaced &&
		!pieces->at[end + 1].spaced && pieces->at[end + 1].unit.text.size == 3 &&
		slice_to_u64(pieces->at[end + 1].unit.text, &number))
		end += 2;
	return end - begin;
}

static struct slice unit_behind(const struct pieces *pieces, size_t at)
{
	const struct piece *piece = &pieces->at[at];

	if (at >= pieces->count || piece->unit.kind != UNIT_WORD || piece->unit.variable)
		return (struct slice){0};
	return trim(piece->unit.text);
}

static double join_thousands(const struct pieces *pieces, size_t begin, size_t length)
{
	double value = 0, group;

	for (size_t i = begin; i < begin + length; i += 2)
		if (slice_to_double(pieces->at[i].unit.text, &group))
			value = value * 1000 + group;
	return value;
}

static void put_measure(struct parameter *parameter, const struct measure *measure)
{
	parameter->kind = measure->kind;
	parameter->unit = measure->unit;
	parameter->value = measure->value;
	/* an attached unit is the end of the text */
	if (parameter->unit.data == parameter->text.data + parameter->text.size - parameter->unit.size)
		parameter->text.size -= parameter->unit.size;
}

/* A number, alone or with its groups of three and its unit. Returns how many pieces it takes; 0 when it is none. */
static size_t take_number(const struct pieces *pieces, size_t at, struct parameter *parameter)
{
	struct measure measure, grouped;
	size_t length = thousands(pieces, at);

	if (!measure_of(parameter->text, &measure))
		return 0;
	grouped = measure;
	grouped.value = join_thousands(pieces, at, length);
	if (length > 1 && measure_apply(&grouped, unit_behind(pieces, at + length), UNIT_APART)) {
		parameter->text = text_between(&pieces->at[at], &pieces->at[at + length - 1]);
		put_measure(parameter, &grouped);
		return length;
	}
	if (!measure_apply(&measure, unit_behind(pieces, at + 1), UNIT_APART))
		measure_apply_key(&measure, parameter->name);
	put_measure(parameter, &measure);
	return 1;
}

static size_t take_one(const struct pieces *pieces, size_t at, struct parameter *parameter)
{
	const struct unit *unit = &pieces->at[at].unit;
	bool quoted = unit->kind == UNIT_QUOTED;
	size_t length;

	parameter->text = quoted ? (struct slice){unit->text.data + 1, unit->text.size - 2} : trim(unit->text);
	if (parameter->text.size == 0) {
		parameter->kind = PARAMETER_QUOTED;
		return 1;
	}
	length = take_number(pieces, at, parameter);
	if (length > 0)
		return length;
	if (!quoted || slice_find_byte(parameter->text, ' ') != SIZE_MAX || !kind_of_run(parameter->text, &parameter->kind))
		parameter->kind = kind_of_word(parameter->text);
	if (quoted && (parameter->kind == PARAMETER_WORD || slice_find_byte(parameter->text, ' ') != SIZE_MAX))
		parameter->kind = PARAMETER_QUOTED;
	return 1;
}

static bool is_name(struct slice word)
{
	for (size_t i = 0; i < word.size; i++) {
		char low = (char)(word.data[i] | 32);

		if ((low < 'a' || low > 'z') && memchr("_-.", word.data[i], 3) == NULL)
			return false;
	}
	return word.size > 0;
}

/* What stands before it, over "=", ":" and opening brackets. */
static struct slice name_before(const struct pieces *pieces, size_t at)
{
	const struct unit *unit;

	for (unsigned steps = 0; at > 0 && steps < 2 && is_delimiter(&pieces->at[at - 1], "=:([{"); steps++)
		at--;
	if (at == 0)
		return (struct slice){0};
	unit = &pieces->at[at - 1].unit;
	if (unit->kind == UNIT_QUOTED)
		return (struct slice){unit->text.data + 1, unit->text.size - 2};
	return unit->kind == UNIT_WORD && is_name(unit->text) ? unit->text : (struct slice){0};
}

size_t parameter_find(struct slice message, struct parameter out[PARAMETER_MAXIMUM])
{
	struct pieces pieces;
	size_t count = 0, length;

	cut(&pieces, message);
	for (size_t at = 0; at < pieces.count && count < PARAMETER_MAXIMUM; at += length) {
		struct parameter *parameter = &out[count];

		*parameter = (struct parameter){.mask = pieces.at[at].mask, .name = name_before(&pieces, at)};
		length = find_run(&pieces, at, parameter);
		if (length == 0)
			length = is_masked(&pieces.at[at].unit) ? take_one(&pieces, at, parameter) : 1;
		parameter->masks = (at + length < pieces.count ? pieces.at[at + length].mask : pieces.masks) - parameter->mask;
		count += parameter->masks > 0;
	}
	return count;
}

const char *parameter_kind_name(enum parameter_kind kind)
{
	static const char *const names[PARAMETER_KIND_COUNT] = {"word", "number", "duration", "size", "time", "address",
		"path", "identifier", "hex", "quoted"};

	return names[kind];
}

bool parameter_is_entity(const struct parameter *parameter)
{
	switch (parameter->kind) {
	case PARAMETER_ADDRESS:
	case PARAMETER_PATH:
	case PARAMETER_IDENTIFIER:
	case PARAMETER_HEX:
	case PARAMETER_QUOTED:
		return parameter->text.size > 1;
	case PARAMETER_NUMBER:
		return parameter->unit.size == 0 && parameter->text.size >= 4;
	default:
		return false;
	}
}
