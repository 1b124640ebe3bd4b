/*
 * OpenStack: "2017-05-16 00:00:00.008 25746 INFO nova.compute.manager [req-... user project - - -] message".
 *
 * Collected logs may carry the name of the file in front ("nova-api.log.1.2017-05-16_13:53:08 2017-05-16 ..."). The
 * service comes from the logger; a library's logger (oslo.messaging) says nothing about it, then the file name decides.
 */
#include "ingest/format_openstack.h"

#include <string.h>

#include "ingest/format_rows.h"
#include "ingest/heads.h"
#include "ingest/format_text.h"
#include "ingest/join.h"

#define TEXT(LITERAL)                                                                                                  \
	{                                                                                                              \
		LITERAL, sizeof(LITERAL) - 1                                                                           \
	}

/* The longest logger that fits decides; "nova" alone names no role, so it is not in the table. */
static const struct role {
	struct slice logger;
	struct slice service;
} roles[] = {
	{ TEXT("nova.api"), TEXT("nova-api") },
	{ TEXT("nova.osapi_compute"), TEXT("nova-api") },
	{ TEXT("nova.metadata"), TEXT("nova-api") },
	{ TEXT("nova.wsgi"), TEXT("nova-api") },
	{ TEXT("nova.api.openstack.placement"), TEXT("placement-api") },
	{ TEXT("nova.compute"), TEXT("nova-compute") },
	{ TEXT("nova.virt"), TEXT("nova-compute") },
	{ TEXT("nova.network"), TEXT("nova-compute") },
	{ TEXT("nova.volume"), TEXT("nova-compute") },
	{ TEXT("nova.scheduler"), TEXT("nova-scheduler") },
	{ TEXT("nova.filters"), TEXT("nova-scheduler") },
	{ TEXT("nova.conductor"), TEXT("nova-conductor") },
	{ TEXT("nova.consoleauth"), TEXT("nova-consoleauth") },
	{ TEXT("placement"), TEXT("placement-api") },
	{ TEXT("neutron"), TEXT("neutron-server") },
	{ TEXT("neutron.agent"), TEXT("neutron-agent") },
	{ TEXT("neutron.agent.dhcp"), TEXT("neutron-dhcp-agent") },
	{ TEXT("neutron.agent.l3"), TEXT("neutron-l3-agent") },
	{ TEXT("neutron.agent.metadata"), TEXT("neutron-metadata-agent") },
	{ TEXT("cinder.api"), TEXT("cinder-api") },
	{ TEXT("cinder.scheduler"), TEXT("cinder-scheduler") },
	{ TEXT("cinder.volume"), TEXT("cinder-volume") },
	{ TEXT("cinder.backup"), TEXT("cinder-backup") },
	{ TEXT("glance"), TEXT("glance-api") },
	{ TEXT("glance.registry"), TEXT("glance-registry") },
	{ TEXT("keystone"), TEXT("keystone") },
	{ TEXT("heat.api"), TEXT("heat-api") },
	{ TEXT("heat.engine"), TEXT("heat-engine") },
};

struct oslo_line {
	int64_t time;
	enum level level;
	struct slice file, pid, logger, request, message;
};

struct slice openstack_service(struct slice logger)
{
	const struct role *best = NULL;

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		size_t size = roles[i].logger.size;

		if (size <= logger.size && (logger.size == size || logger.data[size] == '.') &&
			(best == NULL || size > best->logger.size) &&
			memcmp(logger.data, roles[i].logger.data, size) == 0)
			best = &roles[i];
	}
	return best != NULL ? best->service : (struct slice){ 0 };
}

static struct slice skip_spaces(struct slice text)
{
	while (text.size > 0 && text.data[0] == ' ')
		text = slice_from(text, 1);
	return text;
}

static struct slice take_token(struct slice *rest)
{
	struct slice token = slice_first(*rest, slice_find_byte(*rest, ' '));

	*rest = skip_spaces(slice_from(*rest, token.size));
	return token;
}

/* "[req-... user project - - -]" or "[-]": gives the request's id, if any, and leaves other brackets to the message. */
static struct slice take_context(struct slice *rest)
{
	struct slice context = { 0 };
	size_t end;

	if (!slice_starts(*rest, "[req-") && !slice_starts(*rest, "[-]") && !slice_starts(*rest, "[None "))
		return context;
	end = slice_find_byte(*rest, ']');
	if (end == SIZE_MAX)
		return context;
	context = text_token(slice_first(slice_from(*rest, 1), end - 1));
	*rest = skip_spaces(slice_from(*rest, end + 1));
	return slice_starts(context, "req-") ? context : (struct slice){ 0 };
}

static bool parse_line(struct slice line, const struct zone *zone, struct oslo_line *out)
{
	struct slice rest = line;
	size_t used;
	uint64_t pid;

	*out = (struct oslo_line){ 0 };
	if (!timestamp_parse_prefix(rest, zone, &out->time, &used)) {
		out->file = take_token(&rest);
		if (!timestamp_parse_prefix(rest, zone, &out->time, &used))
			return false;
	}
	rest = slice_from(rest, used);
	if (rest.size == 0 || rest.data[0] != ' ')
		return false;
	rest = skip_spaces(rest);
	out->pid = take_token(&rest);
	if (!slice_to_u64(out->pid, &pid) || !level_parse(take_token(&rest), &out->level))
		return false;
	out->logger = take_token(&rest);
	if (out->logger.size == 0 || out->logger.data[0] == '[')
		return false;
	out->request = take_context(&rest);
	out->message = rest;
	return true;
}

/* Where the next blank stands behind a word, or NULL. */
static const char *find_blank(const char *at, const char *end)
{
	while (at < end && *at != ' ')
		at++;
	return at < end ? at : NULL;
}

/* "2017-05-16 00:00:00.008 25746 INFO nova.compute.manager [req-...] message", with single blanks. A logger that names
   no role is the parser's, since the name of the file may say more. */
static bool openstack_glance(struct parser *parser, struct slice raw, struct glance *out)
{
	const char *end = raw.data + raw.size, *pid = raw.data + 24, *level, *logger, *at;

	if (raw.size < 40 || raw.data[23] != ' ' || !parser_glance_time(parser, slice_first(raw, 23), &out->time))
		return false;
	for (at = pid; at < end && at - pid < 18 && *at >= '0' && *at <= '9'; at++)
		continue;
	level = at + 1;
	at = at > pid && *at == ' ' ? find_blank(level, end) : NULL;
	if (at == NULL)
		return false;
	out->level = (struct slice){ level, (size_t)(at - level) };
	logger = at + 1;
	at = find_blank(logger, end);
	if (at == NULL || end - at < 8 || memcmp(at, " [req-", 6) != 0)
		return false;
	out->service = (struct slice){ logger, (size_t)(at - logger) };
	at = memchr(at, ']', (size_t)(end - at));
	if (at == NULL || end - at < 3 || at[1] != ' ' || at[2] == ' ' || logger[0] == '[')
		return false;
	out->message = (struct slice){ at + 2, (size_t)(end - at) - 2 };
	return true;
}

/* "nova-api.log.1.2017-05-16_13:53:08" -> "nova-api" */
static struct slice service_of_file(struct slice file)
{
	size_t dot = slice_find_byte(file, '.');

	return dot == SIZE_MAX ? file : slice_first(file, dot);
}

static void openstack_parse(struct parser *parser, struct slice raw, struct row *row)
{
	struct oslo_line line;

	if (!parse_line(raw, &parser->when.zone, &line)) {
		row_unparsed(row, raw);
		return;
	}
	row_clear(row);
	row->time = line.time;
	row->level = line.level;
	row->message = line.message;
	row->service = openstack_service(line.logger);
	if (row->service.size == 0)
		row->service = service_of_file(line.file);
	row_add_field(row, slice_of("logger"), line.logger);
	row_add_field(row, slice_of("pid"), line.pid);
	if (line.request.size > 0)
		row_add_field(row, slice_of("request_id"), line.request);
}

static bool line_fits(const void *context, struct slice line, const struct when *when)
{
	struct oslo_line parsed;

	(void)context;
	return parse_line(line, &when->zone, &parsed) && slice_find_byte(parsed.logger, ':') == SIZE_MAX;
}

static unsigned openstack_fit(const struct format *format, struct slice sample, const struct when *when)
{
	unsigned share = format_share(sample, when, line_fits, NULL);

	(void)format;
	return share >= 30 ? share : 0;
}

/* A traceback repeats time, process, level and logger on each of its lines, but not the request: how much of `line` is
   this head, as `first` has it? 0 when it has another. */
static size_t common_head(struct slice first, struct slice line)
{
	static const struct zone utc;
	struct oslo_line parsed;
	size_t size;

	if (line.size < 24 || first.size < 24 || memcmp(first.data, line.data, 24) != 0)
		return 0;
	if (!parse_line(first, &utc, &parsed))
		return 0;
	size = (size_t)(parsed.logger.data + parsed.logger.size - first.data);
	if (line.size < size || memcmp(first.data, line.data, size) != 0 ||
		(line.size > size && line.data[size] != ' '))
		return 0;
	return size;
}

static struct slice openstack_strip(struct slice first, struct slice line)
{
	size_t size = common_head(first, line);

	if (size == 0)
		return line;
	line = slice_from(line, size + 1);
	if (slice_starts(line, "[req-") || slice_starts(line, "[-] ") || slice_starts(line, "[None ")) {
		size_t end = slice_find_byte(line, ']');

		line = end == SIZE_MAX ? line : slice_from(line, end + 1);
		if (line.size > 0 && line.data[0] == ' ')
			line = slice_from(line, 1);
	}
	return line;
}

/* "2017-05-16 ..." without reading all of it, which every line would pay for. */
static bool begins_with_date(struct slice text)
{
	return text.size > 10 && text.data[0] >= '0' && text.data[0] <= '9' && text.data[4] == '-' &&
		text.data[7] == '-' && text.data[10] == ' ';
}

static bool openstack_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	struct slice before;
	struct slice text;

	if (common_head(first, line) != 0) {
		before = openstack_strip(first, previous);
		text = openstack_strip(first, line);
		return join_continues(before, text) || (before.size > 0 && before.data[0] == ' ');
	}
	/* a message may hold a whole answer of HTTP: whatever has no date of its own goes on with what has */
	if (begins_with_date(line))
		return false;
	text = slice_from(line, text_token(line).size + 1);
	return !begins_with_date(text) && line_fits(NULL, first, &parser->when);
}

const struct format format_openstack = {
	.name = "openstack",
	.summary = "OpenStack's oslo.log: time, process, level, logger, [request], message",
	.wording = WORDING_VERBATIM,
	.fit = openstack_fit,
	.parse = openstack_parse,
	.glance = openstack_glance,
	.joins = openstack_joins,
	.strip = openstack_strip,
};
