#include "mine/parameter_inside.h"

#include <string.h>

#define SHORTEST_HEX 8

/* How many of which bytes a text has. */
struct census {
	size_t digits, hex_letters, letters, slashes, dots, colons, hyphens, others;
};

static struct census census_of(struct slice text)
{
	struct census census = {0};

	for (size_t i = 0; i < text.size; i++) {
		char byte = text.data[i], low = (char)(byte | 32);

		if (byte >= '0' && byte <= '9')
			census.digits++;
		else if (low >= 'a' && low <= 'f')
			census.hex_letters++;
		else if (low >= 'g' && low <= 'z')
			census.letters++;
		else if (byte == '/')
			census.slashes++;
		else if (byte == '.')
			census.dots++;
		else if (byte == ':')
			census.colons++;
		else if (byte == '-')
			census.hyphens++;
		else
			census.others++;
	}
	return census;
}

/* Does the text look like this, '0' for a digit? */
static bool looks_like(struct slice text, const char *pattern)
{
	size_t i;

	for (i = 0; i < text.size && pattern[i] != '\0'; i++)
		if (pattern[i] == '0' ? text.data[i] < '0' || text.data[i] > '9' : text.data[i] != pattern[i])
			return false;
	return pattern[i] == '\0';
}

/* Four numbers up to 255. */
static bool is_ipv4(struct slice text)
{
	struct slice part;
	uint64_t number;
	int parts = 0;

	if (text.size > 15 || text.size < 7 || text.data[text.size - 1] == '.')
		return false;
	while (slice_next(&text, '.', &part)) {
		if (part.size > 3 || !slice_to_u64(part, &number) || number > 255)
			return false;
		parts++;
	}
	return parts == 4;
}

/* With a net behind it, or a host's name and a slash before it, as Java prints it. */
static bool is_host(struct slice text)
{
	size_t slash = slice_find_byte(text, '/');

	if (slash == SIZE_MAX)
		return is_ipv4(text);
	return is_ipv4(slice_first(text, slash)) || is_ipv4(slice_from(text, slash + 1));
}

static bool is_mail(struct slice text)
{
	size_t sign = slice_find_byte(text, '@');

	return sign != SIZE_MAX && sign > 0 && slice_find_byte(slice_from(text, sign), '.') != SIZE_MAX;
}

static bool is_uuid(struct slice text, const struct census *census)
{
	return text.size == 36 && census->hyphens == 4 && census->digits + census->hex_letters == 32;
}

static bool is_hex(struct slice text, const struct census *census)
{
	size_t digits = census->digits + census->hex_letters;

	if (slice_starts(text, "0x") || slice_starts(text, "0X"))
		return digits + 1 == text.size;
	return digits == text.size && digits >= SHORTEST_HEX && census->hex_letters > 0;
}

static bool is_date(struct slice text)
{
	return (text.size == 10 && (looks_like(text, "0000-00-00") || looks_like(text, "0000/00/00"))) ||
	       (text.size > 10 && looks_like(text, "0000-00-00T00"));
}

enum parameter_kind kind_of_word(struct slice word)
{
	struct census census = census_of(word);

	if (is_date(word))
		return PARAMETER_TIME;
	if (is_host(word) || is_mail(word))
		return PARAMETER_ADDRESS;
	if (is_hex(word, &census))
		return PARAMETER_HEX;
	if (slice_starts(word, "/") || slice_starts(word, "./") || slice_starts(word, "~/") || census.slashes >= 2)
		return PARAMETER_PATH;
	if (is_uuid(word, &census) || (census.digits > 0 && census.digits < word.size))
		return PARAMETER_IDENTIFIER;
	return PARAMETER_WORD;
}

static bool is_port(struct slice text)
{
	uint64_t number;

	return slice_to_u64(text, &number) && number <= 65535;
}

static bool is_clock(struct slice run)
{
	return looks_like(run, "00:00:00") || looks_like(run, "0:00:00") || (run.size == 5 && looks_like(run, "00:00"));
}

/* IPv6 or MAC: groups of hexadecimal digits; "::" stands for some. The last group may be an IPv4 address, and behind
 * "%" is a zone. */
static bool is_groups(struct slice run)
{
	size_t zone = slice_find_byte(run, '%');
	struct slice rest = slice_first(run, zone), group;
	struct census census = census_of(rest);
	bool gap = slice_find(run, slice_of("::")) != SIZE_MAX;
	unsigned groups = 0, pairs = 0;

	if (census.colons < 2 || census.letters + census.others + census.hyphens > 0)
		return false;
	while (slice_next(&rest, ':', &group)) {
		if (rest.size == 0 && is_host(group) && census.slashes == 0)
			return true;
		if (group.size > 4 && !(rest.size == 0 && slice_find_byte(group, '/') <= 4))
			return false;
		groups += group.size > 0;
		pairs += group.size == 2;
	}
	return gap ? groups >= 1 && groups <= 7 : groups == 8 || (groups == 6 && pairs == 6);
}

static bool is_url(struct slice run)
{
	size_t colon = slice_find_byte(run, ':');

	return colon > 1 && slice_starts(slice_from(run, colon), "://") && run.size > colon + 3;
}

static bool is_drive(struct slice run)
{
	return run.size > 3 && run.data[1] == ':' && (run.data[2] == '\\' || run.data[2] == '/') &&
	       (run.data[0] | 32) >= 'a' && (run.data[0] | 32) <= 'z';
}

bool kind_of_run(struct slice run, enum parameter_kind *kind)
{
	size_t last = run.size;

	while (last > 0 && run.data[last - 1] != ':')
		last--;
	if (is_url(run) || is_drive(run))
		*kind = PARAMETER_PATH;
	else if (is_clock(run) || looks_like(run, "0000-00-00T00:00"))
		*kind = PARAMETER_TIME;
	else if ((last > 0 && is_host(slice_first(run, last - 1)) && is_port(slice_from(run, last))) || is_groups(run))
		*kind = PARAMETER_ADDRESS;
	else
		return false;
	return true;
}
