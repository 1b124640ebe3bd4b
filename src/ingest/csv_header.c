/*
 * The header says which column is what, under any of the usual names; other columns become fields. Without a header the
 * columns are taken as timestamp,service,level,message when the first rows look like it.
 */
#include "ingest/csv_header.h"

#include <stdio.h>
#include <string.h>

#define ROWS_EXAMINED 8
#define PROBE_PIECE 4096

enum role { ROLE_TIME, ROLE_SERVICE, ROLE_LEVEL, ROLE_MESSAGE, ROLE_COUNT };

/* Names by which a column is known, the best first: with both `service` and `host` the latter is a mere field. */
static const struct alias {
	enum role role;
	const char *name;
} aliases[] = {
	{ ROLE_TIME, "timestamp" },
	{ ROLE_TIME, "@timestamp" },
	{ ROLE_TIME, "datetime" },
	{ ROLE_TIME, "time" },
	{ ROLE_TIME, "ts" },
	{ ROLE_TIME, "date" },
	{ ROLE_SERVICE, "service" },
	{ ROLE_SERVICE, "app" },
	{ ROLE_SERVICE, "application" },
	{ ROLE_SERVICE, "component" },
	{ ROLE_SERVICE, "program" },
	{ ROLE_SERVICE, "logger" },
	{ ROLE_SERVICE, "source" },
	{ ROLE_SERVICE, "host" },
	{ ROLE_LEVEL, "level" },
	{ ROLE_LEVEL, "severity" },
	{ ROLE_LEVEL, "loglevel" },
	{ ROLE_LEVEL, "lvl" },
	{ ROLE_MESSAGE, "message" },
	{ ROLE_MESSAGE, "msg" },
	{ ROLE_MESSAGE, "text" },
	{ ROLE_MESSAGE, "content" },
	{ ROLE_MESSAGE, "body" },
	{ ROLE_MESSAGE, "log" },
};

#define ALIAS_COUNT (sizeof(aliases) / sizeof(aliases[0]))

static const struct csv_columns positional_columns = {
	.time = 0,
	.date = -1,
	.service = 1,
	.level = 2,
	.message = 3,
	.count = 4,
	.names = { "timestamp", "service", "level", "message" },
};

struct probe {
	const struct zone *zone;
	struct csv_columns columns;
	unsigned roles;	     /* how many columns of the first row are known by name */
	bool has_time_value; /* the first row holds a time, so it is no header */
	size_t rows;
	size_t positional;  /* rows that look like time, word, level, text */
	uint64_t first_end; /* where the first row's text ends */
};

static size_t find_alias(struct slice name)
{
	size_t i = 0;

	while (i < ALIAS_COUNT && !slice_equal_nocase(name, slice_of(aliases[i].name)))
		i++;
	return i;
}

static void read_header(struct probe *probe, const struct csv_row *row)
{
	struct csv_columns *columns = &probe->columns;
	size_t best[ROLE_COUNT] = { ALIAS_COUNT, ALIAS_COUNT, ALIAS_COUNT, ALIAS_COUNT };
	int index[ROLE_COUNT] = { -1, -1, -1, -1 };

	columns->count = row->count < CSV_MAXIMUM_FIELDS ? row->count : CSV_MAXIMUM_FIELDS;
	columns->date = -1;
	for (size_t i = 0; i < columns->count; i++) {
		struct slice name = slice_trim(row->fields[i]);
		size_t alias = find_alias(name);
		int64_t time;

		slice_copy(name, columns->names[i], sizeof(columns->names[i]));
		if (timestamp_parse(name, probe->zone, &time))
			probe->has_time_value = true;
		if (slice_equal_nocase(name, slice_of("date")))
			columns->date = (int)i;
		if (alias < ALIAS_COUNT && alias < best[aliases[alias].role]) {
			best[aliases[alias].role] = alias;
			index[aliases[alias].role] = (int)i;
		}
	}
	columns->time = index[ROLE_TIME];
	columns->service = index[ROLE_SERVICE];
	columns->level = index[ROLE_LEVEL];
	columns->message = index[ROLE_MESSAGE];
	for (int i = 0; i < ROLE_COUNT; i++)
		probe->roles += index[i] >= 0;
	probe->first_end = row->offset + row->raw.size;
}

static bool looks_positional(const struct csv_row *row, const struct zone *zone)
{
	enum level level;
	int64_t time;

	return row->count >= 4 && timestamp_parse(slice_trim(row->fields[0]), zone, &time) &&
	       slice_trim(row->fields[1]).size > 0 && level_parse(slice_trim(row->fields[2]), &level);
}

static void probe_row(void *context, const struct csv_row *row)
{
	struct probe *probe = context;

	if (probe->rows >= ROWS_EXAMINED)
		return;
	if (probe->rows == 0 && !row->malformed)
		read_header(probe, row);
	if (!row->malformed && looks_positional(row, probe->zone))
		probe->positional++;
	probe->rows++;
}

static int probe_run(struct probe *probe, struct slice sample, const struct zone *zone)
{
	struct csv *csv;
	int result = 0;

	*probe = (struct probe){ .zone = zone };
	csv = csv_create(RECORD_MAXIMUM, 0, 1, probe_row, probe);
	if (csv == NULL)
		return ERROR_MEMORY;
	while (result == 0 && sample.size > 0 && probe->rows < ROWS_EXAMINED) {
		result = csv_feed(csv, slice_first(sample, PROBE_PIECE));
		sample = slice_from(sample, PROBE_PIECE);
	}
	if (result == 0)
		result = csv_finish(csv);
	csv_destroy(csv);
	return result;
}

static bool is_header(const struct probe *probe, unsigned roles)
{
	return probe->roles >= roles && !probe->has_time_value;
}

static bool is_positional(const struct probe *probe)
{
	return probe->positional > 0 && probe->positional * 2 >= probe->rows;
}

unsigned csv_fit(const struct format *format, struct slice sample, const struct when *when)
{
	struct probe probe;

	(void)format;
	if (probe_run(&probe, sample, &when->zone) != 0)
		return 0;
	if (is_header(&probe, 2))
		return 100;
	return is_positional(&probe) ? 90 : 0;
}

static void add_notice(struct parser *parser, const char *sentence)
{
	size_t used = strlen(parser->notice);

	snprintf(parser->notice + used, sizeof(parser->notice) - used, "%s%s", used > 0 ? "; " : "", sentence);
}

static void note_missing(struct parser *parser)
{
	const struct csv_columns *columns = &parser->columns;

	if (columns->time < 0)
		add_notice(parser, "no column for time: rows keep their order of arrival");
	if (columns->service < 0)
		add_notice(parser, "no column for service: the file's name stands for it");
	if (columns->level < 0)
		add_notice(parser, "no column for level");
	if (columns->message < 0)
		add_notice(parser, "no column for message: the whole row is shown");
}

int csv_begin(struct parser *parser, struct slice sample, struct error *error)
{
	struct probe probe;
	size_t end;

	if (probe_run(&probe, sample, &parser->when.zone) != 0)
		return error_set(error, ERROR_MEMORY, "out of memory");
	if (is_header(&probe, 1)) {
		parser->columns = probe.columns;
		end = (size_t)probe.first_end;
		if (end < sample.size && sample.data[end] == '\r')
			end++;
		if (end < sample.size && sample.data[end] == '\n')
			end++;
		parser->header_bytes = end;
		for (size_t i = 0; i < end; i++)
			parser->header_lines += sample.data[i] == '\n';
		note_missing(parser);
		return 0;
	}
	if (!is_positional(&probe))
		return error_set(error, ERROR_INPUT,
			"the first row names no known column and is no row of time, service, level, message");
	parser->columns = positional_columns;
	add_notice(parser, "no header: columns taken as timestamp,service,level,message");
	return 0;
}
