#include "app/command/load.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"

#include <stdlib.h>

static void json_levels(struct json *json, const uint64_t levels[LEVEL_COUNT])
{
	json_begin_object(json);
	for (int level = 0; level < LEVEL_COUNT; level++)
		json_field_u64(json, level_name((enum level)level), levels[level]);
	json_end_object(json);
}

static uint64_t errors_of(const uint64_t levels[LEVEL_COUNT])
{
	return levels[LEVEL_ERROR] + levels[LEVEL_FATAL];
}

static uint64_t total_of(const uint64_t levels[LEVEL_COUNT])
{
	uint64_t total = 0;
	for (int level = 0; level < LEVEL_COUNT; level++)
		total += levels[level];
	return total;
}

/* What was read is told of the whole log, also when a filter narrowed what is counted. */
static struct ledger ledger_of(const struct incident *incident)
{
	return store_ledger_total(incident->whole != NULL ? incident->whole : incident->store);
}

static void json_ledger(struct json *json, const struct ledger *ledger)
{
	json_field_u64(json, "read", ledger->lines);
	json_field_u64(json, "bytes", ledger->bytes);
	json_field_u64(json, "records", ledger->records);
	json_field_u64(json, "parsed", ledger->records - ledger->unparsed);
	json_field_u64(json, "unparsed", ledger->unparsed);
	json_field_u64(json, "joined", ledger->joined);
	json_field_u64(json, "header", ledger->header);
	json_field_u64(json, "blank", ledger->blank);
	json_field_u64(json, "sampled", ledger->sampled);
	json_field_u64(json, "late", ledger->late);
	json_field_u64(json, "truncated", ledger->truncated);
	json_field_u64(json, "lost", ledger->lost);
}

static void json_loss_sources(struct json *json, const struct incident *incident)
{
	json_key(json, "sources");
	json_begin_array(json);
	for (size_t i = 0; i < intake_source_count(incident->intake); i++) {
		struct intake_status status;
		intake_status(incident->intake, i, &status);
		if (status.code < 0)
			continue; /* a folder has no records of its own: its files are sources */
		struct ledger ledger = store_ledger(
			incident->whole != NULL ? incident->whole : incident->store, (uint16_t)status.code);
		json_begin_object(json);
		json_field_string(json, "source", status.name);
		json_ledger(json, &ledger);
		json_end_object(json);
	}
	json_end_array(json);
}

static void stats_json(const struct incident *incident, struct buffer *out)
{
	struct store_totals totals = store_totals(incident->store);
	struct ledger ledger = ledger_of(incident);
	struct json json;
	json_init(&json, out);
	json_begin_object(&json);
	json_field_u64(&json, "records", totals.records);
	json_field_u64(&json, "lines", ledger.lines);
	json_field_u64(&json, "bytes", ledger.bytes);
	json_field_u64(&json, "unparsed", ledger.unparsed);
	json_field_time(&json, "first", totals.first);
	json_field_time(&json, "last", totals.last);
	json_key(&json, "levels");
	json_levels(&json, totals.levels);
	json_key(&json, "services");
	json_begin_array(&json);
	for (uint32_t service = 0; service < store_service_count(incident->store); service++) {
		uint64_t levels[LEVEL_COUNT];
		store_service_totals(incident->store, service, levels);
		json_begin_object(&json);
		json_field_string(&json, "name", store_service_name(incident->store, service));
		json_field_u64(&json, "records", total_of(levels));
		json_field_u64(&json, "errors", errors_of(levels));
		json_end_object(&json);
	}
	json_end_array(&json);
	json_field_u64(&json, "templates", store_template_count(incident->store));
	json_key(&json, "loss");
	json_begin_object(&json);
	json_ledger(&json, &ledger);
	json_loss_sources(&json, incident);
	json_end_object(&json);
	json_end_object(&json);
	buffer_append_byte(out, '\n');
}

static void beside_text(const struct incident *incident, struct buffer *out)
{
	const struct vector *files = &incident->context->files;

	for (size_t i = 0; i < files->count; i++) {
		const struct context_file *file = vector_at(files, i);

		buffer_append_format(out, "%s%-8s ", i == 0 ? "\n" : "", context_kind_name(file->kind));
		utf8_append_shown(out, file->name, SIZE_MAX);
		buffer_append_format(out, ": %llu kept", (unsigned long long)file->rows);
		if (file->bad > 0)
			buffer_append_format(out, ", %llu left out", (unsigned long long)file->bad);
		buffer_append_byte(out, '\n');
	}
}

static void stats_text(const struct incident *incident, struct buffer *out)
{
	struct store_totals totals = store_totals(incident->store);
	struct ledger ledger = ledger_of(incident);
	char first[40], last[40];
	buffer_append_format(out, "%llu records in %llu lines, %llu bytes; %u templates\n",
		(unsigned long long)totals.records, (unsigned long long)ledger.lines, (unsigned long long)ledger.bytes,
		store_template_count(incident->store));
	buffer_append_format(out, "%s to %s %s\n",
		timestamp_format(totals.first, TIMESTAMP_DATE_TIME, &incident->zone, first),
		timestamp_format(totals.last, TIMESTAMP_DATE_TIME, &incident->zone, last), zone_name(&incident->zone));
	if (incident->whole != NULL)
		buffer_append_string(out, "of everything read, also what the filter left out: ");
	buffer_append_format(out, "%llu unparsed, %llu joined, %llu late, %llu truncated, %llu lost",
		(unsigned long long)ledger.unparsed, (unsigned long long)ledger.joined, (unsigned long long)ledger.late,
		(unsigned long long)ledger.truncated, (unsigned long long)ledger.lost);
	if (ledger.sampled > 0)
		buffer_append_format(out, "\n%llu left out of a sample that was asked for: counts below ERROR are too low",
			(unsigned long long)ledger.sampled);
	buffer_append_string(out, "\n\n");

	buffer_append_format(out, "%-28s %10s %10s", "service", "records", "errors");
	for (int level = 0; level < LEVEL_COUNT; level++)
		if (totals.levels[level] > 0)
			buffer_append_format(out, " %9s", level_name((enum level)level));
	buffer_append_byte(out, '\n');
	for (uint32_t service = 0; service < store_service_count(incident->store); service++) {
		uint64_t levels[LEVEL_COUNT];
		size_t start = out->size;
		store_service_totals(incident->store, service, levels);
		utf8_append_shown(out, store_service_name(incident->store, service), 28);
		while (out->size - start < 28 && out->failed == 0)
			buffer_append_byte(out, ' ');
		buffer_append_format(out, " %10llu %10llu", (unsigned long long)total_of(levels),
			(unsigned long long)errors_of(levels));
		for (int level = 0; level < LEVEL_COUNT; level++)
			if (totals.levels[level] > 0)
				buffer_append_format(out, " %9llu", (unsigned long long)levels[level]);
		buffer_append_byte(out, '\n');
	}
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	if (settings_flag(&invocation->settings, SETTING_JSON)) {
		stats_json(incident, out);
	} else {
		stats_text(incident, out);
		beside_text(incident, out);
	}
	return EXIT_DONE;
}

int command_stats(struct invocation *invocation)
{
	return run_loaded(invocation, &(struct load){ .totals_only = true }, body);
}
