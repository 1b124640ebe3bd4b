#include "app/command/load.h"

/* Output of one command is built in memory and printed at once: a listing of 10 M records is printed in pieces by its
 * command instead. */
#define OUTPUT_MAXIMUM ((size_t)1 << 30)

int exit_for(int result)
{
	switch (result) {
	case 0:
		return EXIT_DONE;
	case ERROR_ABSENT:
		return EXIT_SOURCE;
	case ERROR_INPUT:
	case ERROR_STATE:
		return EXIT_USAGE;
	default:
		return EXIT_INTERNAL;
	}
}

static bool wants_filter(const struct settings *settings)
{
	return settings_text(settings, SETTING_FILTER) != NULL || settings_text(settings, SETTING_SINCE) != NULL ||
		settings_text(settings, SETTING_UNTIL) != NULL;
}

int run_loaded(struct invocation *invocation, const struct load *load,
	int (*body)(struct invocation *, struct incident *, struct buffer *out))
{
	if (settings_text(&invocation->settings, SETTING_REPLAY) != NULL) {
		complain("--replay plays in the console; here --until TIME shows what was known by then");
		return EXIT_USAGE;
	}
	struct incident incident;
	struct error error = { 0 };
	struct buffer out;
	buffer_init(&out, OUTPUT_MAXIMUM);

	struct incident_sources sources = {
		.names = invocation->words + load->skip,
		.count = invocation->word_count - load->skip,
		.totals_only = load->totals_only && !wants_filter(&invocation->settings),
	};
	int result = incident_open(&incident, invocation, &sources, &error);
	if (result == 0)
		result = incident_load(&incident, invocation, &error);
	int exit_code = exit_for(result);
	if (result != 0) {
		complain("%s", error.text);
	} else {
		exit_code = body(invocation, &incident, &out);
		int printed = print_out(&out);
		if (exit_code == EXIT_DONE)
			exit_code = printed != EXIT_DONE ? printed : incident_exit(&incident);
	}
	incident_close(&incident);
	buffer_release(&out);
	return exit_code;
}

void json_field_place(struct json *json, const struct store *store, const struct record *record)
{
	json_field_string(json, "source", store_source_name(store, record->source));
	json_key(json, "line");
	if (record->line > 0)
		json_u64(json, record->line);
	else
		json_null(json);
}
