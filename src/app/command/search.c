#include "app/command/load.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"

#include <stdio.h>

#define SEARCH_FLUSH ((size_t)1 << 20)

static void match_json(
	const struct incident *incident, const struct record *record, struct slice message, struct buffer *out)
{
	const struct store *store = incident->store;
	struct json json;
	json_init(&json, out);
	json_begin_object(&json);
	json_field_string(&json, "source", store_source_name(store, record->source));
	json_key(&json, "line");
	if (record->line > 0)
		json_u64(&json, record->line);
	else
		json_null(&json);
	json_field_time(&json, "time", record->time);
	json_field_string(&json, "service", store_service_name(store, record->service));
	json_field_text(&json, "level", level_name((enum level)record->level));
	json_field_u64(&json, "template", record->template);
	json_field_string(&json, "message", message);
	json_end_object(&json);
	buffer_append_byte(out, '\n');
}

static void match_text(
	const struct incident *incident, const struct record *record, struct slice message, struct buffer *out)
{
	char time[40];
	struct slice part;
	bool first = true;
	buffer_append_format(out, "%s %c ", timestamp_format(record->time, TIMESTAMP_MILLIS, &incident->zone, time),
		level_letter((enum level)record->level));
	utf8_append_shown(out, store_service_name(incident->store, record->service), SIZE_MAX);
	buffer_append_string(out, "  ");
	while (slice_next(&message, '\n', &part)) {
		buffer_append_string(out, first ? "" : "\n    ");
		utf8_append_shown(out, slice_ends(part, "\r") ? slice_first(part, part.size - 1) : part, SIZE_MAX);
		first = false;
	}
	buffer_append_byte(out, '\n');
}

static struct filter *parse_expression(struct incident *incident, const char *expression)
{
	struct filter_scope scope = { incident->store, horizon_all(incident->store).time, &incident->zone };
	struct error error = { 0 };
	size_t fault = 0;
	struct filter *filter = filter_parse(slice_of(expression), &scope, &fault, &error);
	if (filter == NULL) {
		struct buffer pointed;
		buffer_init(&pointed, 1 << 18);
		filter_explain_fault(&pointed, slice_of(expression), fault);
		fprintf(stderr, "%s", buffer_string(&pointed));
		buffer_release(&pointed);
		complain("%s", error.text);
	}
	return filter;
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	struct filter *filter = parse_expression(incident, invocation->words[0]);
	if (filter == NULL)
		return EXIT_USAGE;
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	uint64_t limit = settings_count(&invocation->settings, SETTING_LIMIT);
	uint64_t found = 0;
	int exit_code = EXIT_DONE;
	for (uint64_t id = 0;
		id < store_count(incident->store) && (limit == 0 || found < limit) && exit_code == EXIT_DONE; id++) {
		struct record record;
		struct store_text text = { 0 };
		store_record(incident->store, id, &record);
		if (!filter_match(filter, incident->store, &record, incident->reader))
			continue;
		if (incident->reader->read(incident->reader->context, &record, &text) != 0)
			text.message = slice_of("(this line cannot be read any more)");
		if (as_json)
			match_json(incident, &record, text.message, out);
		else
			match_text(incident, &record, text.message, out);
		found++;
		if (out->size >= SEARCH_FLUSH) {
			exit_code = print_out(out);
			buffer_clear(out);
		}
	}
	filter_destroy(filter);
	return exit_code;
}

int command_search(struct invocation *invocation)
{
	if (invocation->word_count == 0) {
		complain("search needs an expression: tocsin search 'level>=error timeout' FILE");
		return EXIT_USAGE;
	}
	return run_loaded(invocation, &(struct load){ .skip = 1 }, body);
}
