#include "app/incident.h"

#include "app/conf.h"
#include "app/learnt.h"
#include "app/zones.h"
#include "tocsin/io/gentle.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAXIMUM_WORKERS 16 /* more do not make it faster */

int zone_from_settings(const struct settings *settings, struct zone *zone, struct error *error)
{
	struct error local = { 0 };
	int result = zone_set(slice_of(settings_text(settings, SETTING_TZ)), zone, &local);
	return result == 0 ? 0 : error_set(error, local.code, "tz: %s", local.text);
}

static int put_roster_line(void *context, const struct conf_line *line, struct error *error)
{
	return roster_set(context, line->section, line->name, line->value, error);
}

int roster_from_settings(const struct settings *settings, struct roster **roster, struct error *error)
{
	struct roster *fresh = roster_create();
	if (fresh == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");

	const char *path = settings_text(settings, SETTING_ROSTER);
	int result = path == NULL ? ERROR_ABSENT : conf_read(path, put_roster_line, fresh, error);
	if (result == ERROR_ABSENT && !settings_given(settings, SETTING_ROSTER))
		result = 0; /* nobody wrote a roster yet: tickets say so */
	if (result != 0) {
		roster_destroy(fresh);
		return result;
	}
	roster_destroy(*roster);
	*roster = fresh;
	return 0;
}

void limits_from_settings(const struct settings *settings, struct detect_options *limits)
{
	*limits = (struct detect_options){
		.threshold_count = (uint32_t)settings_count(settings, SETTING_THRESHOLD_COUNT),
		.threshold_window = settings_duration(settings, SETTING_THRESHOLD_WINDOW),
		.threshold_cooldown = settings_duration(settings, SETTING_THRESHOLD_COOLDOWN),
		.fatal_count = (uint32_t)settings_count(settings, SETTING_FATAL_COUNT),
		.spike_ratio = settings_number(settings, SETTING_SPIKE_RATIO),
		.spike_minimum = (uint32_t)settings_count(settings, SETTING_SPIKE_MINIMUM),
		.spike_bucket = settings_duration(settings, SETTING_SPIKE_BUCKET),
		.connection_count = (uint32_t)settings_count(settings, SETTING_CONNECTION_COUNT),
		.connection_window = settings_duration(settings, SETTING_CONNECTION_WINDOW),
		.cascade_count = (uint32_t)settings_count(settings, SETTING_CASCADE_COUNT),
		.cascade_link = settings_duration(settings, SETTING_CASCADE_LINK),
		.novelty_count = (uint32_t)settings_count(settings, SETTING_NOVELTY_COUNT),
		.novelty_window = settings_duration(settings, SETTING_NOVELTY_WINDOW),
		.latency_ratio = settings_number(settings, SETTING_LATENCY_RATIO),
		.latency_minimum = settings_duration(settings, SETTING_LATENCY_MINIMUM),
		.latency_bucket = settings_duration(settings, SETTING_LATENCY_BUCKET),
		.leak_growth = settings_number(settings, SETTING_LEAK_GROWTH),
		.leak_window = settings_duration(settings, SETTING_LEAK_WINDOW),
		.missing_count = (uint32_t)settings_count(settings, SETTING_MISSING_COUNT),
		.missing_least = settings_duration(settings, SETTING_MISSING_LEAST),
		.learning = settings_duration(settings, SETTING_LEARNING),
	};
	slice_copy(slice_of(settings_text(settings, SETTING_WATCH)), limits->watch, sizeof limits->watch);
}

/* What a person should know of each source; a sentence that does not name its source gets the name in front. */
static void tell_notices(struct incident *incident)
{
	for (size_t i = 0; i < intake_source_count(incident->intake); i++) {
		struct intake_status status;
		intake_status(incident->intake, i, &status);
		if (status.state == INTAKE_FAILED || status.state == INTAKE_GONE || status.incomplete)
			incident->source_failed = true;
		if (status.notice[0] == '\0')
			continue;
		if (slice_find(slice_of(status.notice), status.name) != SIZE_MAX)
			complain("%s", status.notice);
		else
			complain("%.*s: %s", (int)status.name.size, status.name.data, status.notice);
	}
}

static int open_one(struct incident *incident, const char *name, const char *data_folder)
{
	char beside[4096];
	snprintf(beside, sizeof beside, "%s/%s", data_folder, name);
	bool elsewhere = strcmp(name, "-") != 0 && access(name, F_OK) != 0 && access(beside, F_OK) == 0;
	return intake_open(incident->intake, slice_of(elsewhere ? beside : name), NULL);
}

/* `cat x.log | tocsin` means the pipe. */
static bool is_piped(int descriptor)
{
	struct stat status;
	return fstat(descriptor, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISREG(status.st_mode));
}

static int is_log(const struct dirent *entry)
{
	struct slice name = slice_of(entry->d_name);
	return name.size > 4 && name.data[0] != '.' && (slice_ends(name, ".csv") || slice_ends(name, ".log"));
}

/* With no SOURCE the logs in DATA_DIR are meant. */
static int open_data_folder(struct incident *incident, const char *folder, struct error *error)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_log, alphasort);
	int opened = 0;
	for (int i = 0; i < count; i++) {
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
		opened += open_one(incident, path, folder) == 0;
		free(entries[i]);
	}
	free(entries);
	if (opened == 0)
		return error_set(error, ERROR_ABSENT,
			"no SOURCE given, and no *.csv or *.log in %s (DATA_DIR). Try: tocsin FILE", folder);
	return 0;
}

/* The workers of io are as many threads; one more reads, and one draws up what it needs. */
static size_t count_workers(void)
{
	char threads[16];
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	cores = cores < 1 ? 1 : cores > MAXIMUM_WORKERS ? MAXIMUM_WORKERS : cores;
	snprintf(threads, sizeof threads, "%ld", cores + 3);
	setenv("UV_THREADPOOL_SIZE", threads, 1);
	return (size_t)cores;
}

int incident_open(struct incident *incident, const struct invocation *invocation,
	const struct incident_sources *sources, struct error *error)
{
	const struct settings *settings = &invocation->settings;
	memset(incident, 0, sizeof *incident);
	int result = zone_from_settings(settings, &incident->zone, error);
	if (result == 0)
		result = roster_from_settings(settings, &incident->roster, error);
	if (result != 0)
		return result;
	limits_from_settings(settings, &incident->limits);

	result = sources_said_make(&incident->said, settings, error);
	if (result != 0)
		return result;
	struct intake_options options = {
		.zone = incident->zone,
		.follow = sources->follow,
		.book = incident->said.book,
		.rules = incident->said.rules,
		.retry = settings_duration(settings, SETTING_SOURCE_RETRY),
		.claim = context_claim,
	};
	if (settings_flag(settings, SETTING_FAST))
		options.workers = count_workers();
	const char *format = settings_text(settings, SETTING_FORMAT);
	if (format != NULL && (options.format = format_book_find(incident->said.book, slice_of(format))) == NULL)
		return error_set(
			error, ERROR_INPUT, "format: there is no format \"%s\"; `tocsin formats` lists them", format);

	incident->store = store_create(&(struct store_options){ .totals_only = sources->totals_only });
	incident->intake = incident->store == NULL ? NULL : intake_create(incident->store, &options);
	incident->detect = detect_create(&incident->limits);
	incident->context = context_create();
	if (incident->intake == NULL || incident->context == NULL || incident->detect == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");

	if (incident->limits.watch[0] != '\0' &&
		detect_check_watch(slice_of(incident->limits.watch), incident->store, error) != 0)
		return ERROR_INPUT;

	const char *data_folder = settings_text(settings, SETTING_DATA_DIR);
	if (sources->count == 0 && is_piped(STDIN_FILENO))
		return open_one(incident, "-", data_folder) == 0 ? 0 : error_set(error, ERROR_SYSTEM, "standard input");
	if (sources->count == 0)
		return open_data_folder(incident, data_folder, error);
	int opened = 0;
	for (int i = 0; i < sources->count; i++)
		opened += open_one(incident, sources->names[i], data_folder) == 0;
	if (opened > 0)
		return 0;
	tell_notices(incident);
	return error_set(error, ERROR_ABSENT, "none of the sources could be read");
}

void incident_close(struct incident *incident)
{
	intake_reader_destroy(incident->reader);
	intake_destroy(incident->intake);
	baseline_release(&incident->baseline);
	sources_said_release(&incident->said);
	detect_destroy(incident->detect);
	context_destroy(incident->context);
	store_destroy(incident->store);
	store_destroy(incident->whole);
	roster_destroy(incident->roster);
	memset(incident, 0, sizeof *incident);
}

int incident_filter_text(const struct settings *settings, struct buffer *out)
{
	const char *filter = settings_text(settings, SETTING_FILTER);
	const char *since = settings_text(settings, SETTING_SINCE);
	const char *until = settings_text(settings, SETTING_UNTIL);
	if (filter != NULL)
		buffer_append_format(out, since == NULL && until == NULL ? "%s" : "(%s)", filter);
	if (since != NULL)
		buffer_append_format(out, "%ssince:%s", out->size > 0 ? " " : "", since);
	if (until != NULL)
		buffer_append_format(out, "%suntil:%s", out->size > 0 ? " " : "", until);
	return out->failed;
}

void complain_about_regex(const struct filter *filter)
{
	uint64_t count = filter_ran_out(filter);
	if (count > 0)
		complain("the regex takes too many steps on %llu record%s: they count as not matching",
			(unsigned long long)count, count == 1 ? "" : "s");
}

static int copy_record(const struct store *whole, uint64_t id, struct store *part)
{
	struct record record;
	store_record(whole, id, &record);
	struct store_row row = { record.time, (enum level)record.level, record.flags, record.source, record.size,
		record.offset, record.line, store_service_name(whole, record.service),
		store_template_text(whole, record.template) };
	return store_append(part, &row);
}

/* Copies what matches into a store of its own, so that every command works on the rest without knowing of a filter. */
static int narrow(struct incident *incident, struct filter *filter)
{
	struct store *whole = incident->store;
	struct store *part = store_create(NULL);
	if (part == NULL)
		return ERROR_MEMORY;
	int result = 0;
	for (uint16_t i = 0; i < store_source_count(whole) && result == 0; i++) {
		uint16_t code;
		result = store_add_source(part, store_source_name(whole, i), &code);
	}
	struct selection selection;
	selection_init(&selection, filter);
	selection_advance(&selection, whole, incident->reader, horizon_all(whole), UINT64_MAX);
	if (selection.full)
		result = ERROR_MEMORY;
	for (uint64_t i = 0; i < selection_count(&selection) && result == 0; i++)
		result = copy_record(whole, selection_id(&selection, i), part);
	selection_release(&selection);
	complain_about_regex(filter);
	store_publish(part);
	if (result == 0)
		result = store_carry_templates(part, whole);
	incident->whole = whole;
	incident->store = part;
	return result;
}

/* Importance is worked out when a filter asks for it: --filter, or the expression of `search`. */
static int fill_importance(struct incident *incident, const struct invocation *invocation, struct error *error)
{
	const char *filter = settings_text(&invocation->settings, SETTING_FILTER);
	bool asked = filter != NULL && strstr(filter, "importance") != NULL;
	if (invocation->command == command_find("search") && invocation->word_count > 0)
		asked |= strstr(invocation->words[0], "importance") != NULL;
	return asked ? learnt_fill(&invocation->settings, incident->store, incident->reader, error) : 0;
}

static int apply_filter(struct incident *incident, const struct settings *settings, struct error *error)
{
	struct buffer text;
	buffer_init(&text, 65536);
	int result = incident_filter_text(settings, &text);
	if (result == 0 && text.size > 0) {
		struct filter_scope scope = { incident->store, horizon_all(incident->store).time, &incident->zone };
		struct buffer pointed;
		struct error inner = { 0 };
		size_t fault = 0;
		struct filter *filter = filter_parse(buffer_slice(&text), &scope, &fault, &inner);
		buffer_init(&pointed, 1 << 18);
		if (filter == NULL) {
			filter_explain_fault(&pointed, buffer_slice(&text), fault);
			fprintf(stderr, "%s", buffer_string(&pointed));
			result = error_set(error, ERROR_INPUT, "filter: %s", inner.text);
		} else {
			result = narrow(incident, filter);
			if (result != 0)
				error_set(error, result, "what the filter lets through is too much to keep: %s",
					error_name((enum error_code)result));
		}
		buffer_release(&pointed);
		filter_destroy(filter);
	}
	buffer_release(&text);
	return result;
}

const struct analysis_reference *incident_reference(
	const struct incident *incident, const struct invocation *invocation, struct analysis_reference *reference)
{
	const struct baseline *baseline = &incident->baseline;
	if (baseline->store == NULL)
		return NULL;
	*reference = (struct analysis_reference){ baseline->store, baseline->reader, horizon_all(baseline->store),
		baseline->context, slice_of(settings_text(&invocation->settings, SETTING_BASELINE)) };
	return reference;
}

int incident_load(struct incident *incident, const struct invocation *invocation, struct error *error)
{
	struct batch *batch;
	const char *baseline = settings_text(&invocation->settings, SETTING_BASELINE);
	const struct intake_options options = {
		.zone = incident->zone,
		.book = incident->said.book,
		.rules = incident->said.rules,
		.claim = context_claim,
	};
	int result = baseline_load(&incident->baseline, baseline, &options, error);
	if (result != 0)
		return result;
	if (!settings_flag(&invocation->settings, SETTING_FAST))
		gentle_begin();
	while (result != ERROR_MEMORY && (batch = intake_read(incident->intake)) != NULL)
		result = intake_publish(incident->intake, batch);
	gentle_end();
	if (result == ERROR_MEMORY)
		return error_set(error, ERROR_MEMORY, "out of memory after %llu records",
			(unsigned long long)store_count(incident->store));
	intake_merge_templates(incident->intake);
	tell_notices(incident);
	struct context_wishes wishes;
	context_wishes_from(&invocation->settings, &incident->zone, &wishes);
	if (context_gather(&wishes, incident->intake, incident->context) != 0)
		return error_set(error, ERROR_MEMORY, "out of memory for metrics and traces");
	if (!context_complain(incident->context))
		incident->source_failed = true;
	if (detect_use_context(incident->detect, incident->context) != 0)
		return error_set(error, ERROR_MEMORY, "out of memory for metrics and traces");
	incident->reader = intake_reader_create(incident->intake);
	if (incident->reader == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");
	result = fill_importance(incident, invocation, error);
	return result != 0 ? result : apply_filter(incident, &invocation->settings, error);
}

void incident_detect(struct incident *incident, struct horizon horizon)
{
	while (detect_advance(incident->detect, incident->store, horizon, UINT64_MAX))
		continue;
	if (horizon.records == store_count(incident->store))
		detect_conclude(incident->detect, incident->store);
}

int incident_exit(const struct incident *incident)
{
	return incident->source_failed ? EXIT_SOURCE : EXIT_DONE;
}
