/*
 * syslog of RFC 5424: <34>1 2025-01-01T10:00:00.000Z host program procid msgid [id name="value"] message.
 *
 * The parameters of the structured data become fields. A stream may count its octets in front of each line (RFC 6587).
 */
#include <string.h>

#include "ingest/format_rows.h"
#include "ingest/join.h"

#define LEAST_SHARE 30

static bool take_word(struct slice *rest, struct slice *word)
{
	size_t end = slice_find_byte(*rest, ' ');

	*word = slice_first(*rest, end);
	*rest = end == SIZE_MAX ? (struct slice){ rest->data + rest->size, 0 } : slice_from(*rest, end + 1);
	return word->size > 0;
}

static bool is_nil(struct slice word)
{
	return slice_is(word, "-");
}

/* A value behind its quote. `*out` is where one with escapes is written. */
static bool take_value(struct slice *rest, char **out, struct slice *value)
{
	char *start = *out;
	size_t end = 0;
	bool escaped = false;

	for (; end < rest->size && rest->data[end] != '"'; end++) {
		if (rest->data[end] == '\\' && end + 1 < rest->size &&
			(rest->data[end + 1] == '"' || rest->data[end + 1] == '\\' || rest->data[end + 1] == ']')) {
			escaped = true;
			end++;
		}
		*(*out)++ = rest->data[end];
	}
	if (end >= rest->size)
		return false;
	*value = escaped ? (struct slice){ start, (size_t)(*out - start) } : slice_first(*rest, end);
	*rest = slice_from(*rest, end + 1);
	return true;
}

/* "[id name="value" ...]", of which the bracket was taken. */
static bool take_element(struct slice *rest, char **out, struct row *row)
{
	size_t size = 0;

	while (size < rest->size && rest->data[size] != ' ' && rest->data[size] != ']')
		size++;
	*rest = slice_from(*rest, size);
	while (rest->size > 0 && rest->data[0] == ' ') {
		struct slice name, value;
		size_t equals;

		*rest = slice_from(*rest, 1);
		equals = slice_find_byte(*rest, '=');
		name = slice_first(*rest, equals);
		*rest = slice_from(*rest, name.size);
		if (name.size == 0 || !slice_starts(*rest, "=\""))
			return false;
		*rest = slice_from(*rest, 2);
		if (!take_value(rest, out, &value))
			return false;
		row_add_field(row, name, value);
	}
	if (!slice_starts(*rest, "]"))
		return false;
	*rest = slice_from(*rest, 1);
	return true;
}

static bool take_structured(struct slice *rest, char *out, struct row *row)
{
	struct slice nil;

	if (!slice_starts(*rest, "["))
		return take_word(rest, &nil) && is_nil(nil);
	while (slice_starts(*rest, "[")) {
		*rest = slice_from(*rest, 1);
		if (!take_element(rest, &out, row))
			return false;
	}
	if (rest->size == 0)
		return true;
	if (rest->data[0] != ' ')
		return false;
	*rest = slice_from(*rest, 1);
	return true;
}

static struct slice skip_octet_count(struct slice line)
{
	size_t size = 0;

	while (size < line.size && size < 8 && line.data[size] >= '0' && line.data[size] <= '9')
		size++;
	return size > 0 && slice_starts(slice_from(line, size), " <") ? slice_from(line, size + 1) : line;
}

static bool take_priority(struct slice *rest, struct row *row)
{
	size_t end = slice_find_byte(*rest, '>');

	if (!slice_starts(*rest, "<") || end == SIZE_MAX)
		return false;
	if (!row_take_priority(row, slice_first(slice_from(*rest, 1), end - 1)))
		return false;
	*rest = slice_from(*rest, end + 1);
	return true;
}

static bool parse_line(struct slice line, const struct when *when, struct scratch *scratch, struct row *row)
{
	static const char *const names[] = { "host", NULL, "pid", "msgid" };
	char *out = scratch_room(scratch, line.size + 1);
	struct slice rest = skip_octet_count(line);
	struct slice version, time, word;
	uint64_t number;

	row_clear(row);
	if (out == NULL || !take_priority(&rest, row) || !take_word(&rest, &version) || version.size > 2 ||
		!slice_to_u64(version, &number))
		return false;
	if (!take_word(&rest, &time) || (!is_nil(time) && !timestamp_parse(time, &when->zone, &row->time)))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!take_word(&rest, &word))
			return false;
		if (is_nil(word))
			continue;
		if (names[i] == NULL)
			row->service = word;
		else
			row_add_field(row, slice_of(names[i]), word);
	}
	if (!take_structured(&rest, out, row))
		return false;
	row->message = slice_starts(rest, "\xEF\xBB\xBF") ? slice_from(rest, 3) : rest;
	return true;
}

static bool line_fits(const void *context, struct slice line, const struct when *when)
{
	struct scratch *scratch = *(struct scratch *const *)context;
	struct row row;

	return parse_line(line, when, scratch, &row);
}

static unsigned syslog_fit(const struct format *format, struct slice sample, const struct when *when)
{
	struct scratch scratch = { 0 };
	struct scratch *context = &scratch;
	unsigned share = format_share(sample, when, line_fits, &context);

	(void)format;
	scratch_release(&scratch);
	return share >= LEAST_SHARE ? share : 0;
}

static void syslog_parse(struct parser *parser, struct slice raw, struct row *row)
{
	if (!parse_line(raw, &parser->when, &parser->unescaped, row))
		row_unparsed(row, raw);
}

static bool syslog_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	(void)parser;
	(void)first;
	return join_continues(previous, line);
}

const struct format format_syslog5424 = {
	.name = "syslog5424",
	.summary = "syslog of RFC 5424: <34>1 time host program procid msgid [structured data] message",
	.wording = WORDING_VERBATIM,
	.fit = syslog_fit,
	.parse = syslog_parse,
	.joins = syslog_joins,
};
