#include "mine/miner_key.h"

#include <string.h>

#include "mine/scan.h"
#include "tocsin/base/error.h"
#include "tocsin/mine/template.h"

#define FEWEST_PAIRS 4 /* that are letters only, and yet a number */
#define LONGEST_PERIOD 4 /* tokens of a repeated part: "node-1 is up node-2 is up" */

static const char delimiters[] = "\"'()[]{}:,;=|";

static key_token token_of(uint32_t code, bool spaced)
{
	return code << 1 | spaced;
}

static key_token delimiter(char byte)
{
	return token_of((uint32_t)(strchr(delimiters, byte) - delimiters) + 1, false);
}

static bool is_delimiter(key_token token, char byte)
{
	return token_code(token) == token_code(delimiter(byte));
}

int tokens_prepare(struct intern *words)
{
	uint32_t code;
	int result = intern_put(words, slice_of(TEMPLATE_MASK), &code);

	for (const char *at = delimiters; *at != '\0' && result == 0; at++)
		result = intern_put(words, (struct slice){at, 1}, &code);
	if (result == 0)
		result = intern_put(words, slice_of(" "), &code); /* TOKEN_OPEN: no word is a space */
	return result;
}

/* --- cutting --------------------------------------------------------------------------------------------------- */

size_t tokens_cut(struct intern *words, struct slice signature, key_token out[KEY_TOKENS])
{
	struct scan scan = scan_of(signature);
	struct unit unit;
	bool spaced = false;
	size_t count = 0;

	while (count + 3 <= KEY_TOKENS && scan_next(&scan, &unit)) {
		uint32_t code = TOKEN_MASK;

		if (unit.kind == UNIT_SPACE) {
			spaced = true;
			continue;
		}
		if (unit.kind == UNIT_QUOTED) { /* what stands in quotes is cut as well */
			out[count++] = delimiter(unit.text.data[0]) | spaced;
			scan.at = unit.text.data + 1;
			scan.after_word = true; /* so that it is not opened again */
			spaced = false;
			continue;
		}
		if (unit.kind == UNIT_DELIMITER)
			code = token_code(delimiter(unit.text.data[0]));
		else if (intern_put(words, unit.text, &code) != 0)
			code = TOKEN_MASK;
		out[count++] = token_of(code, spaced);
		spaced = false;
	}
	return count;
}

struct slice token_text(const struct intern *words, key_token token)
{
	return token_is_open(token) ? slice_of(TEMPLATE_MASK) : intern_text(words, token_code(token));
}

/* --- words ----------------------------------------------------------------------------------------------------- */

static bool is_letter(char byte)
{
	char low = (char)(byte | 32);

	return low >= 'a' && low <= 'z';
}

/* A name made of parts: a host, a class, a path, an address. Dots at its end are no parts. */
static bool is_compound(struct slice word)
{
	if (word.size < 3)
		return false;
	for (size_t i = 0; i < word.size; i++) {
		char byte = word.data[i];

		if (byte == '/' || byte == '\\' || byte == '@')
			return true;
		if (byte == '.' && i > 0 && i + 1 < word.size && word.data[i + 1] != '.' && word.data[i - 1] != '.')
			return true;
	}
	return false;
}

static bool is_among(struct slice word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(word, list[i]))
			return true;
	return false;
}
#define IS_AMONG(word, list) is_among(word, list, sizeof(list) / sizeof *(list))

static bool is_calendar(struct slice word)
{
	static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec", "January", "February", "March", "April", "June", "July", "August", "September", "October",
		"November", "December", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Monday", "Tuesday", "Wednesday",
		"Thursday", "Friday", "Saturday", "Sunday", "GMT", "UTC", "CET", "CEST", "PST", "PDT", "EST", "EDT", "MST",
		"MDT", "CST", "CDT", "AM", "PM"};

	return IS_AMONG(word, names);
}

static bool is_unit(struct slice word)
{
	static const char *const names[] = {"ns", "us", "ms", "s", "sec", "secs", "second", "seconds", "min", "mins",
		"minute", "minutes", "hour", "hours", "day", "days", "B", "byte", "bytes", "kB", "KB", "MB", "GB", "TB",
		"KiB", "MiB", "GiB", "TiB", "kb", "mb", "gb", "%"};

	return IS_AMONG(word, names);
}

static bool is_hexadecimal_pair(struct slice word)
{
	return word.size == 2 && (word.data[0] | 32) >= 'a' && (word.data[0] | 32) <= 'f' && (word.data[1] | 32) >= 'a' &&
	       (word.data[1] | 32) <= 'f';
}

bool word_may_vary(struct slice word)
{
	static const char *const states[] = {"true", "false", "yes", "no", "null", "none", "nil", "on", "off", "ok"};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (slice_equal_nocase(word, slice_of(states[i])))
			return false;
	for (size_t i = 0; i < word.size; i++)
		if (is_letter(word.data[i]) || (unsigned char)word.data[i] >= 0x80)
			return true;
	return false;
}

bool word_is_capitals(struct slice word)
{
	for (size_t i = 0; i < word.size; i++)
		if (word.data[i] >= 'a' && word.data[i] <= 'z')
			return false;
	return true;
}

/* --- keys ------------------------------------------------------------------------------------------------------ */

static void mask(key_token *token)
{
	*token = token_of(TOKEN_MASK, token_spaced(*token));
}

/* Is a host's name with its port what the message begins with? */
static bool is_host(const struct intern *words, const key_token *tokens, size_t at, size_t count)
{
	return at + 2 < count && is_compound(token_text(words, tokens[at])) && is_delimiter(tokens[at + 1], ':') &&
	       !token_spaced(tokens[at + 1]) && token_is_mask(tokens[at + 2]) && !token_spaced(tokens[at + 2]);
}

/* Names made of parts; not the first word, which says what is done. */
static void mask_compounds(const struct intern *words, key_token *tokens, size_t count)
{
	bool first = true;

	for (size_t i = 0; i < count; i++) {
		if (token_is_word(tokens[i]) &&
			(first ? is_host(words, tokens, i, count) : is_compound(token_text(words, tokens[i]))))
			mask(&tokens[i]);
		first = first && !token_is_word(tokens[i]) && !token_is_mask(tokens[i]);
	}
}

/* Names of days, months and zones that stand beside numbers or each other. */
static void mask_calendar(const struct intern *words, key_token *tokens, size_t count)
{
	bool near = false; /* the token before was masked, or is of the calendar */

	for (size_t i = 0; i < count; i++) {
		bool named = token_is_word(tokens[i]) && is_calendar(token_text(words, tokens[i]));
		bool next = i + 1 < count &&
			    (token_is_mask(tokens[i + 1]) ||
				    (token_is_word(tokens[i + 1]) && is_calendar(token_text(words, tokens[i + 1]))));

		if (named && (near || next))
			mask(&tokens[i]);
		near = named || token_is_mask(tokens[i]);
	}
}

static bool is_group(const struct intern *words, key_token token)
{
	return token_is_mask(token) || (token_is_word(token) && is_hexadecimal_pair(token_text(words, token)));
}

/* "FF:<*>:EB": pairs of hexadecimal letters between colons, in a run that holds a mask or is long. */
static void mask_pairs(const struct intern *words, key_token *tokens, size_t count)
{
	for (size_t begin = 0, end; begin < count; begin = end + 1) {
		bool masked = false;

		for (end = begin; end < count && is_group(words, tokens[end]); end += 2) {
			masked = masked || token_is_mask(tokens[end]);
			if (end + 1 == count || tokens[end + 1] != delimiter(':'))
				break;
		}
		if (end - begin < 2 || (!masked && end - begin < 2 * (size_t)FEWEST_PAIRS - 2))
			continue;
		for (size_t i = begin; i <= end && i < count; i += 2)
			if (is_group(words, tokens[i]))
				mask(&tokens[i]);
	}
}

/* "<*>:<*>:<*>" becomes "<*>". */
static size_t join_colons(key_token *tokens, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		tokens[kept++] = tokens[i];
		if (!token_is_mask(tokens[i]))
			continue;
		while (i + 2 < count && tokens[i + 1] == delimiter(':') && tokens[i + 2] == token_of(TOKEN_MASK, false))
			i += 2;
	}
	return kept;
}

static bool is_quantity(const struct intern *words, const key_token *tokens, size_t at, size_t count)
{
	return at + 1 < count && token_is_mask(tokens[at]) && token_is_word(tokens[at + 1]) &&
	       is_unit(token_text(words, tokens[at + 1]));
}

/* "<*> bytes (<*> KB)" becomes "<*>": what a number counts, and that it is said twice, is form. */
static size_t join_quantities(const struct intern *words, key_token *tokens, size_t count)
{
	size_t kept = 0, i = 0;

	while (i < count) {
		tokens[kept++] = tokens[i];
		if (!is_quantity(words, tokens, i, count)) {
			i++;
			continue;
		}
		i += 2;
		if (i + 3 < count && is_delimiter(tokens[i], '(') && is_quantity(words, tokens, i + 1, count) &&
			is_delimiter(tokens[i + 3], ')'))
			i += 4;
	}
	return kept;
}

/* " ()" becomes " (<*>)": a name that is missing. "f()" is a function. */
static size_t fill_brackets(key_token *tokens, size_t count)
{
	for (size_t i = 1; i < count && count < KEY_TOKENS; i++) {
		if (tokens[i] != delimiter(')') || tokens[i - 1] != (delimiter('(') | 1))
			continue;
		memmove(tokens + i + 1, tokens + i, (count - i) * sizeof *tokens);
		tokens[i] = token_of(TOKEN_MASK, false);
		count++;
	}
	return count;
}

static bool repeats(const key_token *tokens, size_t at, size_t period, size_t count)
{
	bool masked = false;

	if (at + 2 * period > count || (period == 1 && !token_spaced(tokens[at + 1])))
		return false;
	for (size_t i = at; i < at + period; i++) {
		if (token_code(tokens[i]) != token_code(tokens[i + period]))
			return false;
		masked = masked || token_is_mask(tokens[i]);
	}
	return masked;
}

/* Lists without separators: a part with a mask in it that comes again at once counts once. */
static size_t fold_repeats(key_token *tokens, size_t count, size_t period)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		while (repeats(tokens, i, period, count)) {
			tokens[i + period] = tokens[i]; /* white space before the list, not within it */
			i += period;
		}
		tokens[kept++] = tokens[i];
	}
	return kept;
}

/* "<*>, <*>" becomes "<*>". */
static size_t fold_separated(key_token *tokens, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		tokens[kept++] = tokens[i];
		if (!token_is_mask(tokens[i]))
			continue;
		while (i + 2 < count && token_is_mask(tokens[i + 2]) &&
			(is_delimiter(tokens[i + 1], ',') || is_delimiter(tokens[i + 1], '|') ||
				is_delimiter(tokens[i + 1], ';')))
			i += 2;
	}
	return kept;
}

size_t tokens_make_key(const struct intern *words, key_token *tokens, size_t count)
{
	size_t before;

	mask_compounds(words, tokens, count);
	mask_calendar(words, tokens, count);
	mask_pairs(words, tokens, count);
	count = join_colons(tokens, count);
	count = join_quantities(words, tokens, count);
	count = fill_brackets(tokens, count);
	do {
		before = count;
		for (size_t period = 1; period <= LONGEST_PERIOD; period++)
			count = fold_repeats(tokens, count, period);
		count = fold_separated(tokens, count);
	} while (count < before);
	return count;
}

size_t tokens_print(const struct intern *words, const key_token *tokens, size_t count, char *out, size_t capacity)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		struct slice text = token_text(words, tokens[i]);
		size_t space = token_spaced(tokens[i]) && size > 0;

		if (space + text.size > capacity - size)
			break;
		if (space)
			out[size++] = ' ';
		memcpy(out + size, text.data, text.size);
		size += text.size;
	}
	return size;
}
