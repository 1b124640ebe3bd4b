/*
 * Most formats differ in nothing but their pattern, so a row of the table names its patterns and shares the code here.
 * A source usually keeps to one pattern of its format: the one that fits its first lines best is tried first.
 */
#include "ingest/format_header.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/format_text.h"
#include "ingest/join.h"

#define LEAST_SHARE 30 /* of the first lines, in percent */

static size_t compile_all(const struct format *format, struct header *headers, struct error *error)
{
	size_t count = 0;

	while (count < FORMAT_MAXIMUM_PATTERNS && format->patterns[count] != NULL) {
		if (header_compile(&headers[count], slice_of(format->patterns[count]), error) != 0)
			return 0;
		count++;
	}
	return count;
}

static bool one_fits(const void *context, struct slice line, const struct when *when)
{
	struct row row;

	return header_match(context, line, when, &row);
}

struct headers {
	struct header *headers;
	size_t count;
};

static bool any_fits(const void *context, struct slice line, const struct when *when)
{
	const struct headers *all = context;

	for (size_t i = 0; i < all->count; i++)
		if (one_fits(&all->headers[i], line, when))
			return true;
	return false;
}

unsigned header_fit(const struct format *format, struct slice sample, const struct when *when)
{
	struct header headers[FORMAT_MAXIMUM_PATTERNS];
	struct headers all = { headers, compile_all(format, headers, NULL) };
	unsigned share = format_share(sample, when, any_fits, &all);

	return share >= LEAST_SHARE ? share : 0;
}

int header_begin(struct parser *parser, struct slice sample, struct error *error)
{
	size_t best = 0;
	unsigned best_share = 0;

	parser->header_count = compile_all(parser->format, parser->headers, error);
	if (parser->header_count == 0)
		return ERROR_INPUT;
	for (size_t i = 0; i < parser->header_count; i++) {
		unsigned share = format_share(sample, &parser->when, one_fits, &parser->headers[i]);

		if (share > best_share) {
			best_share = share;
			best = i;
		}
	}
	if (best > 0) {
		struct header usual = parser->headers[best];

		memmove(parser->headers + 1, parser->headers, best * sizeof(usual));
		parser->headers[0] = usual;
	}
	return 0;
}

void header_parse(struct parser *parser, struct slice raw, struct row *row)
{
	for (size_t i = 0; i < parser->header_count; i++) {
		if (!header_match(&parser->headers[i], raw, &parser->when, row))
			continue;
		if (row->level == LEVEL_UNKNOWN)
			row->level = text_level(row->message);
		return;
	}
	/* a line with a time is none of the format's, but no riddle either */
	text_parse(parser, raw, row);
	if (row->time == TIMESTAMP_NONE)
		row_unparsed(row, raw);
}

bool header_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	struct row row;

	(void)first;
	return join_continues(previous, line) && !header_match(&parser->headers[0], line, &parser->when, &row);
}
