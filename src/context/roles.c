#include "context/roles.h"

#include <math.h>
#include <stdio.h>

#define NAME_MAXIMUM 64

enum words { WORDS_ANY, WORDS_METRICS, WORDS_TRACES };

/* Of several columns with one meaning the one named first here is taken. */
static const struct word {
	const char *name;
	enum role role;
	enum words words;
} words[] = {
	{ "timestamp", ROLE_TIME, WORDS_ANY },
	{ "starttimeunixnano", ROLE_TIME, WORDS_TRACES },
	{ "starttime", ROLE_TIME, WORDS_TRACES },
	{ "start", ROLE_TIME, WORDS_TRACES },
	{ "datetime", ROLE_TIME, WORDS_ANY },
	{ "time", ROLE_TIME, WORDS_ANY },
	{ "ts", ROLE_TIME, WORDS_ANY },
	{ "@timestamp", ROLE_TIME, WORDS_ANY },
	{ "service", ROLE_SERVICE, WORDS_ANY },
	{ "servicename", ROLE_SERVICE, WORDS_ANY },
	{ "app", ROLE_SERVICE, WORDS_ANY },
	{ "podname", ROLE_POD, WORDS_ANY },
	{ "pod", ROLE_POD, WORDS_ANY },
	{ "metric", ROLE_METRIC, WORDS_METRICS },
	{ "metricname", ROLE_METRIC, WORDS_METRICS },
	{ "name", ROLE_METRIC, WORDS_METRICS },
	{ "value", ROLE_VALUE, WORDS_METRICS },
	{ "traceid", ROLE_TRACE, WORDS_ANY },
	{ "spanid", ROLE_SPAN, WORDS_ANY },
	{ "parentid", ROLE_PARENT, WORDS_TRACES },
	{ "parentspanid", ROLE_PARENT, WORDS_TRACES },
	{ "operationname", ROLE_OPERATION, WORDS_TRACES },
	{ "operation", ROLE_OPERATION, WORDS_TRACES },
	{ "spanname", ROLE_OPERATION, WORDS_TRACES },
	{ "name", ROLE_OPERATION, WORDS_TRACES },
	{ "endtimeunixnano", ROLE_END, WORDS_TRACES },
	{ "endtime", ROLE_END, WORDS_TRACES },
	{ "end", ROLE_END, WORDS_TRACES },
	{ "durationns", ROLE_DURATION_NS, WORDS_TRACES },
	{ "durationms", ROLE_DURATION_MS, WORDS_TRACES },
	{ "durationus", ROLE_DURATION_US, WORDS_TRACES },
	{ "duration", ROLE_DURATION_US, WORDS_TRACES },
	{ "status", ROLE_STATUS, WORDS_TRACES },
	{ "statuscode", ROLE_STATUS, WORDS_TRACES },
	{ "error", ROLE_ERROR, WORDS_TRACES },
	{ "statusmessage", ROLE_ERROR, WORDS_TRACES },
};

#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Index in the table, WORD_COUNT when it is not there. */
static size_t find_word(struct slice name, bool traces)
{
	char plain[NAME_MAXIMUM];
	size_t size = 0, i = 0;

	name = slice_trim(name);
	for (size_t at = 0; at < name.size && size < sizeof(plain); at++) {
		char byte = lower(name.data[at]);

		if (byte != '_' && byte != '-' && byte != '.' && byte != ' ')
			plain[size++] = byte;
	}
	while (i < WORD_COUNT &&
		!(words[i].words != (traces ? WORDS_METRICS : WORDS_TRACES) &&
			slice_is((struct slice){ plain, size }, words[i].name)))
		i++;
	return i;
}

enum role role_of(struct slice name, bool traces)
{
	size_t word = find_word(name, traces);

	return word < WORD_COUNT ? words[word].role : ROLE_COUNT;
}

void roles_read_header(struct roles *roles, const struct csv_row *row, bool traces)
{
	size_t best[ROLE_COUNT];

	for (int i = 0; i < ROLE_COUNT; i++) {
		roles->column[i] = -1;
		best[i] = WORD_COUNT;
	}
	for (size_t i = 0; i < row->count; i++) {
		size_t word = find_word(row->fields[i], traces);

		if (word < WORD_COUNT && word < best[words[word].role]) {
			best[words[word].role] = word;
			roles->column[words[word].role] = (int)i;
		}
	}
}

bool roles_has(const struct roles *roles, enum role role)
{
	return roles->column[role] >= 0;
}

void values_from_row(struct values *values, const struct roles *roles, const struct csv_row *row)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		int column = roles->column[i];

		values->of[i] = column >= 0 && (size_t)column < row->count ? slice_trim(row->fields[column])
									   : (struct slice){ 0 };
	}
}

struct slice json_scalar_text(const struct json_value *value, char text[32])
{
	double number;
	int size;

	switch (value == NULL ? JSON_NULL : json_value_kind(value)) {
	case JSON_STRING:
		return json_value_string(value);
	case JSON_BOOL:
		return slice_of(json_value_is_true(value) ? "true" : "false");
	case JSON_NUMBER:
		json_value_number(value, &number);
		size = snprintf(text, 32, number == floor(number) && fabs(number) < 1e20 ? "%.0f" : "%.17g", number);
		return (struct slice){ text, (size_t)size };
	default:
		return (struct slice){ 0 };
	}
}

void values_from_json(struct values *values, const struct json_value *object, bool traces)
{
	size_t best[ROLE_COUNT];

	for (int i = 0; i < ROLE_COUNT; i++) {
		values->of[i] = (struct slice){ 0 };
		best[i] = WORD_COUNT;
	}
	for (const struct json_value *member = json_first(object); member != NULL; member = json_next(member)) {
		size_t word = find_word(json_value_key(member), traces);

		if (word == WORD_COUNT || word >= best[words[word].role])
			continue;
		best[words[word].role] = word;
		values->of[words[word].role] = slice_trim(json_scalar_text(member, values->numbers[words[word].role]));
	}
}
