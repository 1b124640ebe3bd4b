#include "app/sources.h"

#include "app/zones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_SECTION "format "
#define SOURCE_SECTION "source "

static struct slice behind(struct slice section, const char *prefix)
{
	return slice_trim(slice_from(section, strlen(prefix)));
}

/* --- one key of a source ----------------------------------------------------------------------------------------- */

/* What a key's function may need beside its value. */
struct keying {
	const struct sources_said *said;
	struct source_rule *rule;
	struct zone_table **tables;
};

static int put_zone(struct keying *keying, struct slice value, struct error *error)
{
	keying->rule->has_zone = true;
	return zone_find(value, &keying->rule->zone, keying->tables, error);
}

static int put_format(struct keying *keying, struct slice value, struct error *error)
{
	keying->rule->format = format_book_find(keying->said->book, value);
	return keying->rule->format != NULL
		? 0
		: error_set(error, ERROR_INPUT, "there is no format \"%.*s\"; `tocsin formats` lists them",
			  (int)slice_first(value, 60).size, value.data);
}

static int put_shift(struct keying *keying, struct slice value, struct error *error)
{
	bool back = slice_starts(value, "-");

	keying->rule->has_shift = true;
	if (!duration_parse(slice_from(value, back || slice_starts(value, "+") ? 1 : 0), &keying->rule->shift))
		return error_set(error, ERROR_INPUT, "\"%.*s\" is no time span such as 1.5s, -200ms or 1h",
			(int)slice_first(value, 60).size, value.data);
	if (back)
		keying->rule->shift = -keying->rule->shift;
	return 0;
}

static int put_sample(struct keying *keying, struct slice value, struct error *error)
{
	uint64_t count;

	if (!slice_starts(value, "1/") || !slice_to_u64(slice_from(value, 2), &count) || count == 0 ||
		count > 1000000)
		return error_set(error, ERROR_INPUT, "\"%.*s\" is not 1/N", (int)slice_first(value, 60).size,
			value.data);
	keying->rule->sample = (uint32_t)count;
	return 0;
}

static int put_key(struct keying *keying, struct slice key, struct slice value, struct error *error)
{
	static const struct {
		const char *key;
		int (*put)(struct keying *keying, struct slice value, struct error *error);
	} keys[] = {
		{ "tz", put_zone },
		{ "format", put_format },
		{ "shift", put_shift },
		{ "sample", put_sample },
	};
	struct error local = { 0 };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (!slice_is(key, keys[i].key))
			continue;
		int result = keys[i].put(keying, value, &local);
		return result == 0 ? 0 : error_set(error, local.code, "%s: %s", keys[i].key, local.text);
	}
	return error_set(error, ERROR_INPUT, "%.*s: a source has the keys tz, format, shift, sample",
		(int)slice_first(key, 60).size, key.data);
}

static int add_key(struct sources_said *said, struct slice glob, struct slice key, struct slice value,
	struct error *error)
{
	struct source_rule rule = { 0 };
	struct keying keying = { said, &rule, &said->tables };
	int result = put_key(&keying, key, value, error);

	if (result == 0 && (result = source_rules_add(said->rules, glob, &rule)) != 0)
		error_set(error, result, "too much is said of sources");
	return result;
}

/* "GLOB KEY=VALUE KEY=VALUE; GLOB ..." */
static int add_text(struct sources_said *said, struct slice text, struct error *error)
{
	struct slice item, word;
	int result = 0;

	while (result == 0 && slice_next(&text, ';', &item)) {
		struct slice glob = { 0 };

		while (result == 0 && slice_next(&item, ' ', &word)) {
			size_t equals = slice_find_byte(word, '=');
			if (word.size == 0)
				continue;
			if (glob.size == 0)
				glob = word;
			else if (equals == SIZE_MAX)
				result = error_set(error, ERROR_INPUT, "\"%.*s\" is no KEY=VALUE",
					(int)slice_first(word, 60).size, word.data);
			else
				result = add_key(
					said, glob, slice_first(word, equals), slice_from(word, equals + 1), error);
		}
	}
	return result;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static int put_line(
	struct sources_said *said, struct slice section, struct slice name, struct slice value, struct error *error)
{
	return slice_starts(section, FORMAT_SECTION)
		? format_book_set(said->book, behind(section, FORMAT_SECTION), name, value, error)
		: add_key(said, behind(section, SOURCE_SECTION), name, value, error);
}

static int init(struct sources_said *said, struct error *error)
{
	*said = (struct sources_said){ format_book_create(), source_rules_create(), NULL };
	return said->book != NULL && said->rules != NULL ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
}

/* Formats first: a source may name one that stands further down. */
static int put_lines(struct sources_said *said, const struct settings *settings, bool formats, struct error *error)
{
	for (size_t i = 0; i < settings->sections.count; i++) {
		const struct settings_line *line = vector_at(&settings->sections, i);
		struct error local = { 0 };
		struct slice section = slice_of(line->section);

		if (slice_starts(section, FORMAT_SECTION) != formats)
			continue;
		if (put_line(said, section, slice_of(line->name), slice_of(line->value), &local) != 0)
			return error_set(error, local.code, "%s:%d: %s", settings->file, line->number, local.text);
	}
	return 0;
}

int sources_said_make(struct sources_said *said, const struct settings *settings, struct error *error)
{
	const char *flag = settings_text(settings, SETTING_SOURCE_RULE);
	struct error local = { 0 };
	int result = init(said, error);

	if (result == 0)
		result = put_lines(said, settings, true, error);
	if (result == 0 && (result = format_book_check(said->book, &local)) != 0)
		error_set(error, local.code, "%s: %s", settings->file, local.text);
	if (result == 0)
		result = put_lines(said, settings, false, error);
	if (result == 0 && flag != NULL && (result = add_text(said, slice_of(flag), &local)) != 0)
		error_set(error, local.code, "source-rule: %s", local.text);
	return result;
}

void sources_said_release(struct sources_said *said)
{
	format_book_destroy(said->book);
	source_rules_destroy(said->rules);
	zone_tables_destroy(said->tables);
	*said = (struct sources_said){ 0 };
}

bool sources_said_knows(struct slice section)
{
	return (slice_starts(section, FORMAT_SECTION) && behind(section, FORMAT_SECTION).size > 0) ||
		(slice_starts(section, SOURCE_SECTION) && behind(section, SOURCE_SECTION).size > 0);
}

int sources_said_check(struct slice section, struct slice name, struct slice value, struct error *error)
{
	struct sources_said said;
	int result = init(&said, error);

	/* whether a format that is named here exists is known when all lines are */
	if (result == 0 && !(slice_starts(section, SOURCE_SECTION) && slice_is(name, "format")))
		result = put_line(&said, section, name, value, error);
	sources_said_release(&said);
	return result;
}
