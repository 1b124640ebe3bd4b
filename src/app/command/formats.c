/*
 * formats: what is recognised, yours first; with --try, how a file is read.
 */
#include "app/command/load.h"
#include "app/sources.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"

#include <stdio.h>

#define TRIED 1000 /* records that are looked at, at least where there are so many */
#define SHOWN 5
#define MISSED 3 /* lines shown that did not fit */

static void list_one(const struct format *format, const char *pattern, bool as_json, struct buffer *out)
{
	const char *summary = pattern != NULL ? pattern : format_summary(format);
	if (as_json) {
		struct json json;
		json_init(&json, out);
		json_begin_object(&json);
		json_field_text(&json, "name", format_name(format));
		json_field_text(&json, "summary", summary);
		json_end_object(&json);
	} else {
		append_column(out, slice_of(format_name(format)), 12);
		buffer_append_byte(out, ' ');
		if (pattern != NULL)
			buffer_append_string(out, "yours: ");
		utf8_append_shown(out, slice_of(summary), SIZE_MAX);
	}
	buffer_append_byte(out, '\n');
}

static int list(struct invocation *invocation, struct buffer *out)
{
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	struct sources_said said;
	struct error error = { 0 };
	const struct format *format;
	int result = sources_said_make(&said, &invocation->settings, &error);
	if (result != 0)
		complain("%s", error.text);
	for (size_t i = 0; result == 0 && (format = format_book_at(said.book, i)) != NULL; i++)
		list_one(format, format_book_pattern(said.book, i), as_json, out);
	for (size_t i = 0; result == 0 && (format = format_at(i)) != NULL; i++)
		list_one(format, NULL, as_json, out);
	sources_said_release(&said);
	return result == 0 ? print_out(out) : exit_for(result);
}

/* --- trying ------------------------------------------------------------------------------------------------------- */

static void show_field(struct buffer *out, struct slice name, struct slice value)
{
	buffer_append_byte(out, ' ');
	utf8_append_shown(out, name, 40);
	buffer_append_byte(out, '=');
	utf8_append_shown(out, value, 60);
}

static void show_record(const struct incident *incident, const struct record *record, struct buffer *out)
{
	struct store_text text;
	char time[40];

	if (incident->reader->read(incident->reader->context, record, &text) != 0)
		return;
	buffer_append_format(out, "\nline %llu\n", (unsigned long long)record->line);
	if ((record->flags & RECORD_UNPARSED) == 0) {
		buffer_append_format(out, "  time     %s\n  level    %s\n  service  ",
			timestamp_format(record->time, TIMESTAMP_RFC3339, NULL, time),
			level_name((enum level)record->level));
		utf8_append_shown(out, store_service_name(incident->store, record->service), 100);
		buffer_append_string(out, "\n  fields  ");
		for (size_t i = 0; i < text.field_count; i++)
			show_field(out, text.fields[i].name, text.fields[i].value);
		buffer_append_byte(out, '\n');
	}
	buffer_append_string(out, "  message  ");
	utf8_append_shown(out, text.message, 200);
	buffer_append_byte(out, '\n');
}

/* The first records of those that fit, or of those that do not. */
static void show_first(const struct incident *incident, bool unparsed, int most, struct buffer *out)
{
	for (uint64_t id = 0; id < store_count(incident->store) && most > 0; id++) {
		struct record record;
		store_record(incident->store, id, &record);
		if (((record.flags & RECORD_UNPARSED) != 0) != unparsed)
			continue;
		show_record(incident, &record, out);
		most--;
	}
}

static void show_trial(const struct incident *incident, const char *name, struct buffer *out)
{
	struct ledger ledger = store_ledger_total(incident->store);
	struct intake_status status;

	intake_status(incident->intake, 0, &status);
	utf8_append_shown(out, slice_of(name), 200);
	buffer_append_format(out, ": %s; %llu of the first %llu records fit\n",
		status.format[0] != '\0' ? status.format : "no format",
		(unsigned long long)(ledger.records - ledger.unparsed), (unsigned long long)ledger.records);
	if (status.notice[0] != '\0') {
		utf8_append_shown(out, slice_of(status.notice), SIZE_MAX);
		buffer_append_byte(out, '\n');
	}
	show_first(incident, false, SHOWN, out);
	if (ledger.unparsed > 0)
		buffer_append_string(out, "\nthese do not fit and are kept as text:\n");
	show_first(incident, true, MISSED, out);
}

static int try_file(struct invocation *invocation, const char *name, struct buffer *out)
{
	struct incident incident;
	struct error error = { 0 };
	struct batch *batch;
	int result = incident_open(
		&incident, invocation, &(struct incident_sources){ .names = &name, .count = 1 }, &error);

	while (result == 0 && store_count(incident.store) < TRIED && (batch = intake_read(incident.intake)) != NULL)
		result = intake_publish(incident.intake, batch);
	if (result == 0 && (incident.reader = intake_reader_create(incident.intake)) == NULL)
		result = ERROR_MEMORY;
	if (result != 0)
		complain("%s", error.text[0] != '\0' ? error.text : "out of memory");
	else
		show_trial(&incident, name, out);
	incident_close(&incident);
	return result == 0 ? print_out(out) : exit_for(result);
}

int command_formats(struct invocation *invocation)
{
	const char *name = settings_text(&invocation->settings, SETTING_TRY);
	struct buffer out;
	buffer_init(&out, 1 << 20);
	int exit_code = name != NULL ? try_file(invocation, name, &out) : list(invocation, &out);
	buffer_release(&out);
	return exit_code;
}
