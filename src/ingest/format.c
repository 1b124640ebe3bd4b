/*
 * The table of formats and the choice among them.
 */
#include <stdlib.h>

#include "ingest/format_csv.h"
#include "ingest/format_table.h"

#define LINES_EXAMINED 50

static const struct format *const formats[] = {
	&format_csv, &format_openstack, &format_text, /* fits everything, so it is last */
};

const struct format *format_at(size_t index)
{
	return index < sizeof(formats) / sizeof(formats[0]) ? formats[index] : NULL;
}

const struct format *format_find(struct slice name)
{
	const struct format *format;

	for (size_t i = 0; (format = format_at(i)) != NULL; i++)
		if (slice_equal_nocase(name, slice_of(format->name)))
			return format;
	return NULL;
}

const char *format_name(const struct format *format)
{
	return format->name;
}

const char *format_summary(const struct format *format)
{
	return format->summary;
}

bool format_is_csv(const struct format *format)
{
	return format->csv;
}

bool format_has_mark(struct slice sample)
{
	return slice_starts(sample, "\xEF\xBB\xBF");
}

void row_clear(struct row *row)
{
	row->time = TIMESTAMP_NONE;
	row->level = LEVEL_UNKNOWN;
	row->flags = 0;
	row->service = (struct slice){ 0 };
	row->message = (struct slice){ 0 };
	row->field_count = 0;
}

void row_unparsed(struct row *row, struct slice raw)
{
	row_clear(row);
	row->flags = RECORD_UNPARSED;
	row->message = raw;
}

void row_add_field(struct row *row, struct slice name, struct slice value)
{
	if (row->field_count < STORE_MAXIMUM_FIELDS)
		row->fields[row->field_count++] = (struct store_field){ name, value };
}

unsigned format_share(
	struct slice sample, const struct zone *zone, bool (*fits)(struct slice line, const struct zone *zone))
{
	struct slice line;
	unsigned seen = 0;
	unsigned fitting = 0;

	while (seen < LINES_EXAMINED && slice_next(&sample, '\n', &line)) {
		if (slice_trim(line).size == 0)
			continue;
		seen++;
		if (fits(line, zone))
			fitting++;
	}
	return seen > 0 ? fitting * 100 / seen : 0;
}

static const struct format *choose(struct slice sample, const struct zone *zone)
{
	const struct format *best = &format_text;
	const struct format *format;
	unsigned best_fit = 0;

	for (size_t i = 0; (format = format_at(i)) != NULL; i++) {
		unsigned fit = format->fit(sample, zone);

		if (fit > best_fit) {
			best = format;
			best_fit = fit;
		}
	}
	return best;
}

struct parser *parser_create(
	struct slice sample, bool whole, const struct format *wanted, const struct zone *zone, struct error *error)
{
	static const struct zone utc;
	struct parser *parser = calloc(1, sizeof(*parser));
	size_t mark = format_has_mark(sample) ? FORMAT_MARK_BYTES : 0;

	if (parser == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	sample = slice_first(sample, FORMAT_SAMPLE_BYTES);
	if (!whole) {
		/* a line cut by the end of the sample says nothing about the format */
		size_t end = sample.size;

		while (end > 0 && sample.data[end - 1] != '\n')
			end--;
		if (end > 0)
			sample = slice_first(sample, end);
	}
	parser->zone = zone != NULL ? *zone : utc;
	parser->header_bytes = mark;
	parser->format = wanted != NULL ? wanted : choose(slice_from(sample, mark), &parser->zone);
	if (parser->format->begin != NULL && parser->format->begin(parser, sample, error) != 0) {
		parser_destroy(parser);
		return NULL;
	}
	return parser;
}

void parser_destroy(struct parser *parser)
{
	if (parser == NULL)
		return;
	csv_splitter_destroy(parser->splitter);
	free(parser);
}

struct parser *parser_copy(const struct parser *parser)
{
	struct parser *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return NULL;
	*copy = *parser;
	copy->splitter = NULL;
	return copy;
}

const struct format *parser_format(const struct parser *parser)
{
	return parser->format;
}

const char *parser_notice(const struct parser *parser)
{
	return parser->notice;
}

uint64_t parser_header_bytes(const struct parser *parser)
{
	return parser->header_bytes;
}

uint64_t parser_header_lines(const struct parser *parser)
{
	return parser->header_lines;
}

void parser_parse(struct parser *parser, struct slice raw, struct row *row)
{
	parser->format->parse(parser, raw, row);
}
