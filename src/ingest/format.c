/*
 * The table of formats and the choice among them.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ingest/format_csv.h"
#include "ingest/format_rows.h"
#include "ingest/format_user.h"
#include "ingest/join.h"
#include "ingest/json_scan.h"
#include "tocsin/base/pattern.h"

#define LINES_EXAMINED 50
#define MARGIN 5 /* percent by which a later, more general format must fit better */

static const struct format_list csv = { &format_csv, 1 };
static const struct format_list openstack = { &format_openstack, 1 };
static const struct format_list json = { &format_json, 1 };
static const struct format_list journal = { &format_journal, 1 };
static const struct format_list access_log = { &format_access, 1 };
static const struct format_list syslog5424 = { &format_syslog5424, 1 };
static const struct format_list logfmt = { &format_logfmt, 1 };
static const struct format_list text = { &format_text, 1 };

/* In the order in which they are tried: of two that fit alike the earlier, more particular one is taken. */
static const struct format_list *const lists[] = {
	&csv, &formats_wrapped, &json, &journal, &openstack, &access_log, &syslog5424, &formats_java, &formats_script,
	&formats_server, &formats_machine, &logfmt, &text, /* fits everything, so it is last */
};

const struct format *format_at(size_t index)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (index < lists[i]->count)
			return &lists[i]->rows[index];
		index -= lists[i]->count;
	}
	return NULL;
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

/* --- choosing --------------------------------------------------------------------------------------------------- */

bool format_next_line(struct slice *rest, struct slice *line)
{
	if (!slice_next(rest, '\n', line))
		return false;
	if (line->size > 0 && line->data[line->size - 1] == '\r')
		line->size--;
	return true;
}

unsigned format_share(struct slice sample, const struct when *when, format_fits_fn fits, const void *context)
{
	struct slice previous = { 0 };
	struct slice line;
	unsigned seen = 0;
	unsigned fitting = 0;

	while (seen < LINES_EXAMINED && format_next_line(&sample, &line)) {
		bool fit = fits(context, line, when);

		if (slice_trim(line).size == 0)
			continue;
		if (fit || seen == 0 || !join_continues(previous, line)) {
			seen++;
			fitting += fit;
		}
		previous = line;
	}
	return seen > 0 ? fitting * 100 / seen : 0;
}

/* Those of the book, then those of the table. */
static const struct format *candidate(const struct format_book *book, size_t index)
{
	size_t own = 0;

	while (format_book_at(book, own) != NULL)
		own++;
	return index < own ? format_book_at(book, index) : format_at(index - own);
}

const struct format *format_choose(
	struct slice sample, const struct format_book *book, const struct when *when, bool inner)
{
	const struct format *best = &format_text;
	const struct format *format;
	unsigned best_fit = 0;

	for (size_t i = 0; (format = candidate(book, i)) != NULL; i++) {
		unsigned fit;

		if (inner && (format->wraps || format->csv))
			continue;
		fit = format->fit(format, sample, when);
		if (fit > 0 && (best_fit == 0 || fit > best_fit + MARGIN)) {
			best = format;
			best_fit = fit;
		}
	}
	return best;
}

/* --- parsers ---------------------------------------------------------------------------------------------------- */

static struct parser *make_parser(const struct format *format, const struct when *when)
{
	struct parser *parser = calloc(1, sizeof(*parser));

	if (parser == NULL)
		return NULL;
	parser->format = format;
	parser->when = *when;
	return parser;
}

static int begin(struct parser *parser, struct slice sample, struct error *error)
{
	return parser->format->begin != NULL ? parser->format->begin(parser, sample, error) : 0;
}

struct parser *parser_create(
	struct slice sample, bool whole, const struct format *wanted, const struct format_book *book,
	const struct zone *zone, struct error *error)
{
	size_t mark = format_has_mark(sample) ? FORMAT_MARK_BYTES : 0;
	struct parser *parser;
	struct timespec now;
	struct when when;

	clock_gettime(CLOCK_REALTIME, &now);
	when_init(&when, zone, (int64_t)now.tv_sec * TIMESTAMP_SECOND);
	sample = slice_first(sample, FORMAT_SAMPLE_BYTES);
	if (!whole) {
		/* a line cut by the end of the sample says nothing about the format */
		size_t end = sample.size;

		while (end > 0 && sample.data[end - 1] != '\n')
			end--;
		if (end > 0)
			sample = slice_first(sample, end);
	}
	parser = make_parser(wanted != NULL ? wanted : format_choose(slice_from(sample, mark), book, &when, false), &when);
	if (parser == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	parser->header_bytes = mark;
	if (begin(parser, sample, error) != 0) {
		parser_destroy(parser);
		return NULL;
	}
	return parser;
}

struct parser *parser_create_inner(struct slice sample, const struct format *format, const struct when *when)
{
	struct parser *parser = make_parser(format, when);

	if (parser != NULL && begin(parser, sample, NULL) != 0) {
		parser_destroy(parser);
		return NULL;
	}
	return parser;
}

void parser_destroy(struct parser *parser)
{
	if (parser == NULL)
		return;
	for (size_t i = 0; i < parser->inner_count; i++)
		parser_destroy(parser->inner[i]);
	pattern_destroy(parser->pattern);
	csv_splitter_destroy(parser->splitter);
	json_scanner_destroy(parser->scanner);
	free(parser->seen);
	scratch_release(&parser->unescaped);
	scratch_release(&parser->joined);
	free(parser);
}

struct parser *parser_copy(const struct parser *parser)
{
	static const struct scratch empty;
	struct parser *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return NULL;
	*copy = *parser;
	copy->pattern = NULL;
	copy->splitter = NULL;
	copy->scanner = NULL;
	copy->seen = NULL;
	copy->unescaped = copy->joined = empty;
	copy->inner_count = 0;
	if (parser->pattern != NULL && !user_prepare(copy)) {
		parser_destroy(copy);
		return NULL;
	}
	for (; copy->inner_count < parser->inner_count; copy->inner_count++) {
		struct parser *inner = parser_copy(parser->inner[copy->inner_count]);

		if (inner == NULL) {
			parser_destroy(copy);
			return NULL;
		}
		copy->inner[copy->inner_count] = inner;
	}
	return copy;
}

void parser_set_newest(struct parser *parser, int64_t newest)
{
	struct zone zone = parser->when.zone;

	when_init(&parser->when, &zone, newest);
	for (size_t i = 0; i < parser->inner_count; i++)
		parser_set_newest(parser->inner[i], newest);
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
