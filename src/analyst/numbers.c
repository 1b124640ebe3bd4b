/*
 * Named numbers: a word, '=' or ':', perhaps a space, digits.
 */
#include "analyst/numbers.h"

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
		c == '.';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t numbers_find(struct slice message, struct number numbers[NUMBERS_MAXIMUM])
{
	size_t count = 0;

	for (size_t at = 1; at + 1 < message.size && count < NUMBERS_MAXIMUM; at++) {
		size_t start = at, from = at + 1, to;
		struct number number;

		if (message.data[at] != '=' && message.data[at] != ':')
			continue;
		while (start > 0 && is_key_byte(message.data[start - 1]))
			start--;
		if (message.data[from] == ' ')
			from++;
		for (to = from;
			to < message.size && (is_digit(message.data[to]) || (message.data[to] == '.' && to > from));
			to++)
			;
		while (to > from && message.data[to - 1] == '.')
			to--;
		number.key = (struct slice){ message.data + start, at - start };
		number.text = (struct slice){ message.data + from, to - from };
		/* "20:41" is a time and "db:5432" an address, not a number with a name. */
		if (number.key.size == 0 || is_digit(number.key.data[0]) || to == from ||
			(to < message.size && message.data[to] == ':') || !slice_to_double(number.text, &number.value))
			continue;
		if (message.data[at] == ':' && message.data[at + 1] != ' ')
			continue;
		numbers[count++] = number;
	}
	return count;
}

static bool has_any(struct slice key, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (slice_find_nocase(key, slice_of(words[i])) != SIZE_MAX)
			return true;
	return false;
}

enum number_kind number_kind(struct slice key)
{
	static const char *const limits[] = { "max", "limit", "capacity", "total", "size", "quota", "available",
		"allowed", NULL };
	static const char *const uses[] = { "active", "used", "in_use", "inuse", "busy", "open", "current", "usage",
		"claimed", "requested", "allocated", "held", "leased", "checked_out", "depth", "queued", NULL };

	if (has_any(key, limits))
		return NUMBER_LIMIT;
	return has_any(key, uses) ? NUMBER_USE : NUMBER_OTHER;
}
