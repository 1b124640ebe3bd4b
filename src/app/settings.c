#include "app/settings.h"

#include "app/conf.h"
#include "app/sources.h"
#include "tocsin/base/level.h"
#include "tocsin/base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTION_LINES 4096

static const struct setting_row rows[SETTING_COUNT] = {
#define SETTING_ROW(identifier, name, short_name, argument, environment, fallback, kind, help)                         \
	[SETTING_##identifier] = { name, short_name, argument, environment, fallback, SETTING_##kind, help },
	SETTING_LIST(SETTING_ROW)
#undef SETTING_ROW
};

const struct setting_row *setting_row(enum setting setting)
{
	return &rows[setting];
}

enum setting setting_find(struct slice name)
{
	for (int i = 0; i < SETTING_COUNT; i++)
		if (slice_is(name, rows[i].name))
			return (enum setting)i;
	return SETTING_COUNT;
}

int settings_init(struct settings *settings)
{
	memset(settings, 0, sizeof *settings);
	for (int i = 0; i < SETTING_COUNT; i++) {
		if (rows[i].fallback == NULL)
			continue;
		settings->values[LAYER_DEFAULT][i] = strdup(rows[i].fallback);
		if (settings->values[LAYER_DEFAULT][i] == NULL)
			return ERROR_MEMORY;
	}
	return 0;
}

static void release_sections(struct vector *sections)
{
	for (size_t i = 0; i < sections->count; i++) {
		struct settings_line *line = vector_at(sections, i);
		free(line->section);
		free(line->name);
		free(line->value);
	}
	vector_release(sections);
}

void settings_release(struct settings *settings)
{
	release_sections(&settings->sections);
	for (int layer = 0; layer < LAYER_COUNT; layer++)
		for (int i = 0; i < SETTING_COUNT; i++)
			free(settings->values[layer][i]);
	memset(settings, 0, sizeof *settings);
}

static bool is_word(struct slice value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_equal_nocase(value, slice_of(*words)))
			return true;
	return false;
}

static const char *const yes_words[] = { "1", "yes", "true", "on", NULL };
static const char *const no_words[] = { "0", "no", "false", "off", NULL };

/* Returns what was expected, or NULL when the value fits. */
static const char *expected(enum setting_kind kind, struct slice value)
{
	uint64_t count;
	double number;
	int64_t duration;
	enum level level;

	switch (kind) {
	case SETTING_TEXT:
	case SETTING_SECRET:
	case SETTING_ZONE: /* names are checked where TZ is set: only the system knows them */
		return value.size > 0 ? NULL : "a value";
	case SETTING_FLAG:
		return is_word(value, yes_words) || is_word(value, no_words) ? NULL : "yes or no";
	case SETTING_COUNT_:
		return slice_to_u64(value, &count) ? NULL : "a whole number";
	case SETTING_NUMBER:
		return slice_to_double(value, &number) && number > 0 ? NULL : "a number above 0";
	case SETTING_SPEED:
		return slice_to_double(value, &number) && number > 0 && number <= 1e6
			? NULL
			: "a speed above 0, as in --replay=60";
	case SETTING_DURATION:
		return duration_parse(value, &duration) && duration > 0 ? NULL : "a time span such as 90s or 5m";
	case SETTING_LEVEL:
		return level_parse(value, &level) ? NULL : "one of TRACE DEBUG INFO WARN ERROR FATAL";
	}
	return NULL;
}

int settings_put(struct settings *settings, enum setting_layer layer, enum setting setting, struct slice value,
	struct error *error)
{
	const char *wanted = expected(rows[setting].kind, value);
	if (wanted != NULL)
		return error_set(error, ERROR_INPUT, "%s: \"%.*s\" is not %s", rows[setting].name,
			(int)(value.size < 80 ? value.size : 80), value.data == NULL ? "" : value.data, wanted);
	char *copy = strndup(value.data, value.size);
	if (copy == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");
	free(settings->values[layer][setting]);
	settings->values[layer][setting] = copy;
	return 0;
}

void settings_drop(struct settings *settings, enum setting_layer layer, enum setting setting)
{
	free(settings->values[layer][setting]);
	settings->values[layer][setting] = NULL;
}

static void layer_swap(struct settings *settings, enum setting_layer layer, struct settings *other)
{
	for (int i = 0; i < SETTING_COUNT; i++) {
		char *value = settings->values[layer][i];
		settings->values[layer][i] = other->values[layer][i];
		other->values[layer][i] = value;
	}
}

static int put_section_line(struct settings *settings, const struct conf_line *line, struct error *error)
{
	int result = sources_said_check(line->section, line->name, line->value, error);
	if (result != 0)
		return result;
	struct settings_line *kept = vector_push(&settings->sections);
	if (kept == NULL)
		return error_set(error, ERROR_FULL, "more than %d lines of formats and sources", SECTION_LINES);
	*kept = (struct settings_line){ strndup(line->section.data, line->section.size),
		strndup(line->name.data, line->name.size),
		strndup(line->value.size > 0 ? line->value.data : "", line->value.size), line->number };
	return kept->section != NULL && kept->name != NULL && kept->value != NULL
		? 0
		: error_set(error, ERROR_MEMORY, "out of memory");
}

static int put_from_file(void *context, const struct conf_line *line, struct error *error)
{
	struct settings *settings = context;
	if (sources_said_knows(line->section))
		return put_section_line(settings, line, error);
	char name[128];
	bool top = line->section.size == 0 || slice_is(line->section, "tocsin");
	snprintf(name, sizeof name, "%.*s%s%.*s", top ? 0 : (int)slice_first(line->section, 60).size,
		line->section.data, top ? "" : ".", (int)slice_first(line->name, 60).size, line->name.data);
	enum setting setting = setting_find(slice_of(name));
	if (setting == SETTING_COUNT)
		return error_set(error, ERROR_INPUT, "unknown setting \"%s\"", name);
	settings->lines[setting] = line->number;
	return settings_put(settings, LAYER_FILE, setting, line->value, error);
}

int settings_read_file(struct settings *settings, const char *path, struct error *error)
{
	struct settings fresh = { 0 };
	vector_init(&fresh.sections, sizeof(struct settings_line), SECTION_LINES);
	int result = conf_read(path, put_from_file, &fresh, error);
	if (result == 0) {
		layer_swap(settings, LAYER_FILE, &fresh);
		memcpy(settings->lines, fresh.lines, sizeof fresh.lines);
		struct vector sections = settings->sections;
		settings->sections = fresh.sections;
		fresh.sections = sections;
		snprintf(settings->file, sizeof settings->file, "%s", path);
	}
	settings_release(&fresh);
	return result;
}

/* An empty variable is as good as none: `TOCSIN_DB= tocsin ...` takes a value away. */
static int put_variable(struct settings *settings, struct slice entry, struct error *error)
{
	size_t equals = slice_find_byte(entry, '=');
	if (equals == SIZE_MAX || equals + 1 == entry.size)
		return 0;
	for (int i = 0; i < SETTING_COUNT; i++)
		if (rows[i].environment != NULL && slice_is(slice_first(entry, equals), rows[i].environment))
			return settings_put(
				settings, LAYER_ENVIRONMENT, (enum setting)i, slice_from(entry, equals + 1), error);
	return 0;
}

int settings_read_environment(struct settings *settings, char *const *environment, struct error *error)
{
	for (; *environment != NULL; environment++) {
		int result = put_variable(settings, slice_of(*environment), error);
		if (result != 0)
			return result;
	}
	return 0;
}

static struct slice without_quotes(struct slice value)
{
	bool quoted = value.size >= 2 && (value.data[0] == '"' || value.data[0] == '\'') &&
		value.data[value.size - 1] == value.data[0];
	return quoted ? slice_first(slice_from(value, 1), value.size - 2) : value;
}

static int put_env_line(void *context, const struct conf_line *line, struct error *error)
{
	struct settings *settings = context;
	struct slice value = without_quotes(line->value);
	for (int i = 0; i < SETTING_COUNT; i++)
		if (rows[i].environment != NULL && slice_is(line->name, rows[i].environment) && value.size > 0)
			return settings_put(settings, LAYER_ENVIRONMENT, (enum setting)i, value, error);
	return 0; /* variables of other programs may stand in the same file */
}

int settings_read_env_file(struct settings *settings, const char *path, struct error *error)
{
	return conf_read(path, put_env_line, settings, error);
}

enum setting_layer settings_layer(const struct settings *settings, enum setting setting)
{
	int layer = LAYER_COUNT - 1;
	while (layer > LAYER_DEFAULT && settings->values[layer][setting] == NULL)
		layer--;
	return (enum setting_layer)layer;
}

bool settings_given(const struct settings *settings, enum setting setting)
{
	return settings_layer(settings, setting) != LAYER_DEFAULT;
}

const char *settings_text(const struct settings *settings, enum setting setting)
{
	return settings->values[settings_layer(settings, setting)][setting];
}

bool settings_flag(const struct settings *settings, enum setting setting)
{
	const char *text = settings_text(settings, setting);
	return text != NULL && is_word(slice_of(text), yes_words);
}

uint64_t settings_count(const struct settings *settings, enum setting setting)
{
	uint64_t count = 0;
	slice_to_u64(slice_of(settings_text(settings, setting)), &count);
	return count;
}

double settings_number(const struct settings *settings, enum setting setting)
{
	double number = 0;
	slice_to_double(slice_of(settings_text(settings, setting)), &number);
	return number;
}

int64_t settings_duration(const struct settings *settings, enum setting setting)
{
	int64_t duration = 0;
	duration_parse(slice_of(settings_text(settings, setting)), &duration);
	return duration;
}

int settings_origin(const struct settings *settings, enum setting setting, struct buffer *out)
{
	switch (settings_layer(settings, setting)) {
	case LAYER_FILE:
		return buffer_append_format(out, "%s:%d", settings->file, settings->lines[setting]);
	case LAYER_ENVIRONMENT:
		return buffer_append_string(out, rows[setting].environment);
	case LAYER_FLAG:
		return buffer_append_format(out, "--%s", rows[setting].name);
	case LAYER_SESSION:
		return buffer_append_string(out, ":set");
	case LAYER_DEFAULT:
	case LAYER_COUNT:
		break;
	}
	return buffer_append_string(out, "default");
}
