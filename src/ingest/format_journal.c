/*
 * The journal's export format (journalctl -o export): a line NAME=value for each field, an empty line between records.
 * A value with bytes that would not fit on a line stands behind its name's line as a size of eight bytes and the bytes.
 */
#include <endian.h>
#include <string.h>

#include "ingest/format_rows.h"
#include "ingest/members.h"

#define FIRST_FIELD "__CURSOR="

static void add(struct members *members, struct slice name, struct slice value)
{
	struct member_meaning meaning = member_meaning(name);

	if (meaning.role != MEMBER_FIELD || !slice_starts(name, "__"))
		members_add(members, meaning, name, value);
}

/* A value of which the line with its name was taken. */
static bool take_binary(struct slice *rest, struct slice *value)
{
	uint64_t size;

	if (rest->size < sizeof(size))
		return false;
	memcpy(&size, rest->data, sizeof(size));
	size = le64toh(size);
	*rest = slice_from(*rest, sizeof(size));
	if (size > rest->size)
		return false;
	*value = slice_first(*rest, (size_t)size);
	*rest = slice_from(*rest, (size_t)size + 1);
	return true;
}

static void journal_parse(struct parser *parser, struct slice raw, struct row *row)
{
	struct slice rest = raw;
	struct members members;
	struct slice line;

	members_begin(&members, &parser->when, row);
	while (slice_next(&rest, '\n', &line)) {
		size_t equals = slice_find_byte(line, '=');
		struct slice value;

		if (line.size == 0)
			continue;
		if (equals != SIZE_MAX)
			add(&members, slice_first(line, equals), slice_from(line, equals + 1));
		else if (take_binary(&rest, &value))
			add(&members, line, value);
		else
			break;
	}
	members_end(&members);
	if (row->time == TIMESTAMP_NONE && !members_has(&members, MEMBER_MESSAGE))
		row_unparsed(row, raw);
}

static unsigned journal_fit(const struct format *format, struct slice sample, const struct when *when)
{
	(void)format;
	(void)when;
	return slice_starts(sample, FIRST_FIELD) ? 100 : 0;
}

static bool journal_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	(void)parser;
	(void)first;
	(void)previous;
	return !slice_starts(line, FIRST_FIELD);
}

const struct format format_journal = {
	.name = "journal",
	.summary = "the journal's export format, as journalctl -o export writes it",
	.whole = true,
	.fit = journal_fit,
	.parse = journal_parse,
	.joins = journal_joins,
};
