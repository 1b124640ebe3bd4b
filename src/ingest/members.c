#include "ingest/members.h"

#include <string.h>

/* The best known first, so the place in the table is the rank. */
static const struct meaning {
	enum member_role role;
	const char *name;
} meanings[] = {
	{ MEMBER_TIME, "__REALTIME_TIMESTAMP" },
	{ MEMBER_TIME, "@timestamp" },
	{ MEMBER_TIME, "timestamp" },
	{ MEMBER_TIME, "time" },
	{ MEMBER_TIME, "ts" },
	{ MEMBER_TIME, "t" },
	{ MEMBER_TIME, "t.$date" },
	{ MEMBER_TIME, "datetime" },
	{ MEMBER_TIME, "eventTime" },
	{ MEMBER_TIME, "asctime" },
	{ MEMBER_TIME, "Timestamp" },
	{ MEMBER_TIME, "date" },
	{ MEMBER_LEVEL, "level" },
	{ MEMBER_LEVEL, "severity" },
	{ MEMBER_LEVEL, "severity_text" },
	{ MEMBER_LEVEL, "severityText" },
	{ MEMBER_LEVEL, "levelname" },
	{ MEMBER_LEVEL, "lvl" },
	{ MEMBER_LEVEL, "log.level" },
	{ MEMBER_LEVEL, "loglevel" },
	{ MEMBER_LEVEL, "Level" },
	{ MEMBER_LEVEL, "PRIORITY" },
	{ MEMBER_LEVEL, "priority" },
	{ MEMBER_LEVEL, "s" },
	{ MEMBER_LEVEL, "severity_number" },
	{ MEMBER_LEVEL, "severityNumber" },
	{ MEMBER_SERVICE, "service" },
	{ MEMBER_SERVICE, "service.name" },
	{ MEMBER_SERVICE, "service_name" },
	{ MEMBER_SERVICE, "serviceName" },
	{ MEMBER_SERVICE, "app" },
	{ MEMBER_SERVICE, "application" },
	{ MEMBER_SERVICE, "SYSLOG_IDENTIFIER" },
	{ MEMBER_SERVICE, "_SYSTEMD_UNIT" },
	{ MEMBER_SERVICE, "_COMM" },
	{ MEMBER_SERVICE, "kubernetes.container_name" },
	{ MEMBER_SERVICE, "component" },
	{ MEMBER_SERVICE, "c" },
	{ MEMBER_SERVICE, "logger" },
	{ MEMBER_SERVICE, "logger_name" },
	{ MEMBER_SERVICE, "name" },
	{ MEMBER_MESSAGE, "message" },
	{ MEMBER_MESSAGE, "MESSAGE" },
	{ MEMBER_MESSAGE, "msg" },
	{ MEMBER_MESSAGE, "log" },
	{ MEMBER_MESSAGE, "event" },
	{ MEMBER_MESSAGE, "body" },
	{ MEMBER_MESSAGE, "Body" },
	{ MEMBER_MESSAGE, "short_message" },
	{ MEMBER_MESSAGE, "text" },
	{ MEMBER_MESSAGE, "RenderedMessage" },
	{ MEMBER_MESSAGE, "@m" },
};

struct member_meaning member_meaning(struct slice name)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (slice_is(name, meanings[i].name))
			return (struct member_meaning){ (uint8_t)meanings[i].role, (uint8_t)i };
	return (struct member_meaning){ MEMBER_FIELD, UINT8_MAX };
}

void members_begin(struct members *members, const struct when *when, struct row *row)
{
	memset(members, 0, sizeof(*members));
	members->when = when;
	members->row = row;
	row_clear(row);
}

void members_add(struct members *members, struct member_meaning meaning, struct slice name, struct slice value)
{
	struct store_field *best;

	if (meaning.role == MEMBER_FIELD) {
		row_add_field(members->row, name, value);
		return;
	}
	best = &members->best[meaning.role];
	if (best->name.data == NULL) {
		*best = (struct store_field){ name, value };
		members->ranks[meaning.role] = meaning.rank;
	} else if (meaning.rank < members->ranks[meaning.role]) {
		row_add_field(members->row, best->name, best->value);
		*best = (struct store_field){ name, value };
		members->ranks[meaning.role] = meaning.rank;
	} else {
		row_add_field(members->row, name, value);
	}
}

bool members_has(const struct members *members, enum member_role role)
{
	return members->best[role].name.data != NULL;
}

static bool read_time(struct slice text, const struct when *when, int64_t *time)
{
	static const char *const layouts[] = { "yyyy/MM/dd HH:mm:ss", "dd/MMM/yyyy:HH:mm:ss Z", "MMM d HH:mm:ss" };
	size_t used;

	if (text.size > 0 && (timestamp_from_epoch(text, time) || timestamp_parse(text, &when->zone, time)))
		return true;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (time_layout_read(slice_of(layouts[i]), text, when, time, &used) && used == text.size)
			return true;
	*time = TIMESTAMP_NONE;
	return false;
}

/* Numbers of levels: syslog and the journal count down from 7, OpenTelemetry up from 1, pino and bunyan in tens. */
static bool level_of_number(struct slice name, uint64_t number, enum level *level)
{
	static const enum level syslog[] = { LEVEL_FATAL, LEVEL_FATAL, LEVEL_FATAL, LEVEL_ERROR, LEVEL_WARN, LEVEL_INFO,
		LEVEL_INFO, LEVEL_DEBUG };

	if (slice_starts(name, "severity_n") || slice_starts(name, "severityN"))
		*level = number >= 1 && number <= 24 ? (enum level)((number - 1) / 4) : LEVEL_UNKNOWN;
	else if (number < 8)
		*level = syslog[number];
	else
		*level = number >= 10 && number <= 60 ? (enum level)(number / 10 - 1) : LEVEL_UNKNOWN;
	return *level != LEVEL_UNKNOWN;
}

static bool read_level(const struct store_field *field, enum level *level)
{
	uint64_t number;

	if (level_parse(field->value, level))
		return true;
	if (slice_to_u64(field->value, &number))
		return level_of_number(field->name, number, level);
	return field->value.size == 1 && level_of_letter(field->value.data[0], level);
}

unsigned members_end(struct members *members)
{
	struct row *row = members->row;
	const struct store_field *best = members->best;
	unsigned filled = 0;

	if (members_has(members, MEMBER_TIME)) {
		if (read_time(best[MEMBER_TIME].value, members->when, &row->time))
			filled++;
		else
			row_add_field(row, best[MEMBER_TIME].name, best[MEMBER_TIME].value);
	}
	if (members_has(members, MEMBER_LEVEL)) {
		if (read_level(&best[MEMBER_LEVEL], &row->level))
			filled++;
		else
			row_add_field(row, best[MEMBER_LEVEL].name, best[MEMBER_LEVEL].value);
	}
	if (members_has(members, MEMBER_SERVICE)) {
		row->service = slice_trim(best[MEMBER_SERVICE].value);
		if (slice_is(best[MEMBER_SERVICE].name, "_SYSTEMD_UNIT") && slice_ends(row->service, ".service"))
			row->service.size -= sizeof(".service") - 1;
		filled++;
	}
	if (members_has(members, MEMBER_MESSAGE)) {
		row->message = best[MEMBER_MESSAGE].value;
		filled++;
	}
	return filled;
}
