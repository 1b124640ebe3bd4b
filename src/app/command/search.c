#include "app/command/load.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"
#include "tocsin/store/templates.h"

#include <stdio.h>

#define SEARCH_FLUSH ((size_t)1 << 20)
#define SEARCH_RECORDS 65536 /* looked at before what was found is listed */

static void match_json(
	const struct incident *incident, const struct record *record, struct slice message, struct buffer *out)
{
	const struct store *store = incident->store;
	struct json json;
	json_init(&json, out);
	json_begin_object(&json);
	json_field_place(&json, store, record);
	json_field_time(&json, "time", record->time);
	json_field_string(&json, "service", store_service_name(store, record->service));
	json_field_text(&json, "level", level_name((enum level)record->level));
	json_field_u64(&json, "template", store_templates_of(store_templates(store, UINT32_MAX), record->template));
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

struct listing {
	const struct incident *incident;
	struct buffer *out;
	bool as_json;
	uint64_t limit; /* 0: none */
	uint64_t listed;
};

static void list(struct listing *listing, uint64_t id)
{
	const struct incident *incident = listing->incident;
	struct record record;
	struct store_text text = { 0 };
	store_record(incident->store, id, &record);
	if (incident->reader->read(incident->reader->context, &record, &text) != 0)
		text.message = slice_of("(this line cannot be read any more)");
	if (listing->as_json)
		match_json(incident, &record, text.message, listing->out);
	else
		match_text(incident, &record, text.message, listing->out);
	listing->listed++;
}

static bool is_enough(const struct listing *listing)
{
	return listing->limit > 0 && listing->listed == listing->limit;
}

/* Some records are looked at, what matches of them is listed, and so on: a limit ends it early, and a long listing is
 * printed while it is made. */
static int list_all(struct listing *listing, struct selection *selection)
{
	const struct incident *incident = listing->incident;
	int exit_code = EXIT_DONE;
	bool more = true;
	while (more && !is_enough(listing) && exit_code == EXIT_DONE) {
		more = selection_advance(selection, incident->store, incident->reader, horizon_all(incident->store),
			SEARCH_RECORDS);
		uint64_t count = selection_count(selection);
		while (listing->listed < count && !is_enough(listing) && exit_code == EXIT_DONE) {
			list(listing, selection_id(selection, listing->listed));
			if (listing->out->size >= SEARCH_FLUSH) {
				exit_code = print_out(listing->out);
				buffer_clear(listing->out);
			}
		}
	}
	if (selection->full) {
		complain("out of memory: not every record was looked at");
		return EXIT_INTERNAL;
	}
	return exit_code;
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	struct filter *filter = parse_expression(incident, invocation->words[0]);
	if (filter == NULL)
		return EXIT_USAGE;
	struct listing listing = { .incident = incident,
		.out = out,
		.as_json = settings_flag(&invocation->settings, SETTING_JSON),
		.limit = settings_count(&invocation->settings, SETTING_LIMIT) };
	struct selection selection;
	selection_init(&selection, filter);
	int exit_code = list_all(&listing, &selection);
	complain_about_regex(filter);
	selection_release(&selection);
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
