/*
 * logfmt: time=... level=info msg="it works" key=value.
 */
#include <string.h>

#include "ingest/format_rows.h"
#include "ingest/join.h"
#include "ingest/members.h"

#define LEAST_PAIRS 2

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool is_key_byte(char byte)
{
	return byte > ' ' && byte != '=' && byte != '"' && byte != '{' && byte != '\x7f';
}

/* A value behind its opening quote; `*at` stands behind the closing one afterwards. `out` takes what has escapes. */
static bool take_quoted(const char **at, const char *end, char **out, struct slice *value)
{
	const char *start = *at;
	char *begin = *out;

	while (*at < end && **at != '"' && **at != '\\')
		(*at)++;
	*value = (struct slice){ start, (size_t)(*at - start) };
	if (*at < end && **at == '"') {
		(*at)++;
		return true;
	}
	memcpy(*out, start, value->size);
	*out += value->size;
	for (; *at < end && **at != '"'; (*at)++) {
		char byte = **at;

		if (byte == '\\' && *at + 1 < end) {
			(*at)++;
			byte = **at == 'n' ? '\n' : **at == 't' ? '\t' : **at == 'r' ? '\r' : **at;
		}
		*(*out)++ = byte;
	}
	if (*at >= end)
		return false;
	(*at)++;
	*value = (struct slice){ begin, (size_t)(*out - begin) };
	return true;
}

/* Reads a line of pairs; a word without a value is true, as in "debug". Returns the pairs, or -1 when it is no logfmt.
 */
static int take_pairs(struct slice line, char *out, struct members *members)
{
	const char *at = line.data;
	const char *end = at + line.size;
	int pairs = 0;

	for (;;) {
		struct slice value = { "true", 4 };
		const char *start;
		struct slice key;

		while (at < end && is_blank(*at))
			at++;
		if (at >= end)
			return pairs;
		start = at;
		while (at < end && is_key_byte(*at))
			at++;
		key = (struct slice){ start, (size_t)(at - start) };
		if (key.size == 0 || (at < end && *at != '=' && !is_blank(*at)))
			return -1;
		if (at < end && *at == '=') {
			at++;
			pairs++;
			start = at;
			if (at < end && *at == '"') {
				at++;
				if (!take_quoted(&at, end, &out, &value))
					return -1;
			} else {
				while (at < end && !is_blank(*at))
					at++;
				value = (struct slice){ start, (size_t)(at - start) };
			}
		} else if (pairs == 0) {
			return -1;
		}
		members_add(members, member_meaning(key), key, value);
	}
}

static bool scan_line(
	struct slice line, const struct when *when, struct scratch *scratch, struct row *row, unsigned *filled)
{
	char *out = scratch_room(scratch, line.size + 1);
	struct members members;

	members_begin(&members, when, row);
	if (out == NULL || take_pairs(line, out, &members) < LEAST_PAIRS)
		return false;
	*filled = members_end(&members);
	if (!members_has(&members, MEMBER_MESSAGE))
		row->message = line;
	return true;
}

static void logfmt_parse(struct parser *parser, struct slice raw, struct row *row)
{
	unsigned filled;

	if (!scan_line(raw, &parser->when, &parser->unescaped, row, &filled))
		row_unparsed(row, raw);
}

static bool line_fits(const void *context, struct slice line, const struct when *when)
{
	struct scratch *scratch = *(struct scratch *const *)context;
	struct row row;
	unsigned filled;

	return scan_line(line, when, scratch, &row, &filled) && filled >= 2;
}

static unsigned logfmt_fit(const struct format *format, struct slice sample, const struct when *when)
{
	struct scratch scratch = { 0 };
	struct scratch *context = &scratch;
	unsigned share = format_share(sample, when, line_fits, &context);

	(void)format;
	scratch_release(&scratch);
	return share >= 30 ? share : 0;
}

static bool logfmt_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	(void)parser;
	(void)first;
	return join_continues(previous, line);
}

const struct format format_logfmt = {
	.name = "logfmt",
	.summary = "pairs: time=... level=info msg=\"it works\" key=value",
	.wording = WORDING_ESCAPED,
	.fit = logfmt_fit,
	.parse = logfmt_parse,
	.joins = logfmt_joins,
};
