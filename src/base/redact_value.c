/*
 * Nobody escapes what he logs in one way, so reading is lenient: quotes may be missing, single, double, or escaped
 * because the text is itself inside a JSON string.
 */
#include "base/redact_value.h"

bool value_ends(struct slice value, const char *ending)
{
	struct slice wanted = slice_of(ending);

	return value.size >= wanted.size && slice_equal_nocase(slice_from(value, value.size - wanted.size), wanted);
}

bool value_is_one_of(struct slice value, const char *const *list)
{
	for (; *list != NULL; list++)
		if (slice_equal_nocase(value, slice_of(*list)))
			return true;
	return false;
}

/* The quote at a position, behind at most three backslashes; NUL when there is none. */
static char quote_at(struct slice text, size_t position, size_t *after)
{
	size_t at = position;

	while (at < position + 3 && byte_at(text, at) == '\\')
		at++;
	*after = at + 1;
	return is_one_of(byte_at(text, at), "\"'") ? text.data[at] : '\0';
}

size_t value_skip_quote(struct slice text, size_t position)
{
	size_t after;

	return quote_at(text, position, &after) != '\0' ? after : position;
}

char value_separator(struct slice text, size_t position, size_t *value)
{
	size_t at = value_skip_quote(text, position);
	bool quoted = at != position;
	char separator;

	at = skip_spaces(text, at);
	separator = byte_at(text, at);
	if (separator != '=' && separator != ':')
		return '\0';
	at++;
	if (is_one_of(byte_at(text, at), "=>"))
		at++;
	*value = skip_spaces(text, at);
	return quoted ? '=' : separator;
}

/* Where the quoted value ends that begins at `begin`; SIZE_MAX when its line has no closing quote. */
static size_t quoted_end(struct slice text, size_t begin, char quote, bool escaped)
{
	size_t end = begin;

	while (end < text.size && text.data[end] != quote && text.data[end] != '\n') {
		if (text.data[end] == '\\' && !escaped)
			end++;
		end++;
	}
	if (end >= text.size || text.data[end] != quote)
		return SIZE_MAX;
	/* The backslashes before an escaped closing quote belong to the quote. */
	while (escaped && end > begin && text.data[end - 1] == '\\')
		end--;
	return end;
}

struct span value_at(struct slice text, size_t position)
{
	struct span value = {position, SIZE_MAX};
	size_t after;
	char quote;

	if (is_one_of(byte_at(text, position), "ub") && is_one_of(byte_at(text, position + 1), "\"'"))
		value.begin = ++position; /* Python's u'...' and b'...' */
	quote = quote_at(text, position, &after);
	if (quote != '\0') {
		value.begin = after;
		value.end = quoted_end(text, after, quote, after - position > 1);
	}
	if (value.end != SIZE_MAX)
		return value;
	value.end = value.begin;
	while (byte_at(text, value.end) != '\0' && !is_one_of(text.data[value.end], " \t\r\n,;&|\"'<>(){}[]\\"))
		value.end++;
	return value;
}

bool value_has_digit(struct slice value)
{
	for (size_t i = 0; i < value.size; i++)
		if (is_digit(value.data[i]))
			return true;
	return false;
}

bool value_is_uuid(struct slice value)
{
	if (value.size != 36)
		return false;
	for (size_t i = 0; i < value.size; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? value.data[i] != '-' : !is_one_of(value.data[i], "0123456789abcdefABCDEF"))
			return false;
	}
	return true;
}

bool value_is_random(struct slice value, size_t shortest)
{
	bool letters = false;

	for (size_t i = 0; i < value.size; i++) {
		letters |= is_letter(value.data[i]);
		if (!is_letter(value.data[i]) && !is_digit(value.data[i]) && !is_one_of(value.data[i], "_-+/="))
			return false;
	}
	return value.size >= shortest && letters && value_has_digit(value);
}

bool value_is_placeholder(struct slice value)
{
	static const char *const words[] = {
		"null", "nil", "none", "true", "false", "undefined", "redacted", "hidden", NULL};
	size_t masked = 0;

	if (value_is_one_of(value, words))
		return true;
	while (masked < value.size && is_one_of(value.data[masked], "*x."))
		masked++;
	return masked == value.size || is_one_of(value.data[0], "<$%");
}
