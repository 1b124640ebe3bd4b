/*
 * JSON, one object a line: zap, pino, bunyan, logrus, slog, the journal, OpenTelemetry, or anybody's own.
 */
#include <stdlib.h>

#include "ingest/format_rows.h"
#include "ingest/join.h"
#include "ingest/heads.h"
#include "ingest/json_scan.h"
#include "ingest/seen.h"

static bool scan_line(struct json_scanner *scanner, struct slice line, const struct when *when, struct scratch *scratch,
	struct row *row, unsigned *filled)
{
	struct members members;
	enum json_result result = JSON_ODD;

	members_begin(&members, when, row);
	if (scanner != NULL)
		result = json_scan(scanner, line, scratch, &members);
	if (result == JSON_ODD) {
		members_begin(&members, when, row);
		result = json_scan_slowly(line, scratch, &members);
	}
	if (result == JSON_BROKEN)
		return false;
	*filled = members_end(&members);
	if (!members_has(&members, MEMBER_MESSAGE))
		row->message = line;
	return true;
}

static void json_parse_line(struct parser *parser, struct slice raw, struct row *row)
{
	unsigned filled;

	if (parser->scanner == NULL)
		parser->scanner = json_scanner_create();
	if (raw.size == 0 || !scan_line(parser->scanner, raw, &parser->when, &parser->unescaped, row, &filled))
		row_unparsed(row, raw);
}

/* What the two texts of level and service say depends on them alone where the level is a word: numbers mean different
   things under different names. */
static bool json_glance(struct parser *parser, struct slice raw, struct glance *out)
{
	struct slice values[MEMBER_FIELD];

	if (parser->seen == NULL)
		parser->seen = calloc(1, sizeof(*parser->seen));
	if (parser->seen == NULL || !json_skeleton_read(&parser->seen->skeletons, raw, values))
		return false;
	out->service = values[MEMBER_SERVICE];
	out->level = values[MEMBER_LEVEL];
	out->message = values[MEMBER_MESSAGE];
	return out->level.size > 0 && (out->level.data[0] | 0x20) >= 'a' && (out->level.data[0] | 0x20) <= 'z' &&
		timestamp_parse_next(
			&parser->seen->times, values[MEMBER_TIME], &parser->when.zone, &out->time);
}

struct probe {
	struct json_scanner *scanner;
	struct scratch scratch;
};

static bool line_fits(const void *context, struct slice line, const struct when *when)
{
	/* the context is the probe's own: only its type is const */
	struct probe *probe = *(struct probe *const *)context;
	struct row row;
	unsigned filled;

	line = slice_trim(line);
	return slice_starts(line, "{") && scan_line(probe->scanner, line, when, &probe->scratch, &row, &filled) &&
		filled > 0;
}

static unsigned json_fit(const struct format *format, struct slice sample, const struct when *when)
{
	struct probe probe = { .scanner = json_scanner_create() };
	struct probe *context = &probe;
	unsigned share = format_share(sample, when, line_fits, &context);

	(void)format;
	json_scanner_destroy(probe.scanner);
	scratch_release(&probe.scratch);
	return share >= 30 ? share : 0;
}

static bool json_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	(void)parser;
	(void)first;
	return !slice_starts(slice_trim(line), "{") && join_continues(previous, line);
}

const struct format format_json = {
	.name = "json",
	.summary = "JSON, one object a line, under any usual names; other members become fields",
	.wording = WORDING_ESCAPED,
	.fit = json_fit,
	.parse = json_parse_line,
	.glance = json_glance,
	.joins = json_joins,
};
