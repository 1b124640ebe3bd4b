/*
 * score: the importance of each record in the order of the log, or of each session.
 */
#include "app/command/load.h"
#include "app/learnt.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"

#define FLUSH ((size_t)1 << 20)
#define SHORT_TEXT 120

struct scoring {
	struct invocation *invocation;
	struct incident *incident;
	struct scorer *scorer;         /* of sessions */
	struct importance *importance; /* of records */
	struct buffer *out;
	bool as_json;
	uint64_t limit;
};

static int flush(struct scoring *scoring)
{
	if (scoring->out->size < FLUSH)
		return EXIT_DONE;
	int exit_code = print_out(scoring->out);
	buffer_clear(scoring->out);
	return exit_code;
}

static void record_json(struct scoring *scoring, const struct record *record, double importance)
{
	struct json json;
	json_init(&json, scoring->out);
	json_begin_object(&json);
	json_key(&json, "line");
	if (record->line > 0)
		json_u64(&json, record->line);
	else
		json_null(&json);
	json_field_double(&json, "importance", importance);
	json_end_object(&json);
	buffer_append_byte(scoring->out, '\n');
}

static void record_text(
	struct scoring *scoring, const struct record *record, double importance, enum importance_part part)
{
	const struct store_reader *reader = scoring->incident->reader;
	struct store_text text = { 0 };
	if (reader->read(reader->context, record, &text) != 0)
		text.message = slice_of("(this line cannot be read any more)");
	buffer_append_format(
		scoring->out, "%.3f %-9s ", importance, importance >= 0.25 ? importance_part_name(part) : "");
	utf8_append_shown(scoring->out, text.message, SHORT_TEXT);
	buffer_append_byte(scoring->out, '\n');
}

static int score_records(struct scoring *scoring)
{
	const struct store *store = scoring->incident->store;
	uint64_t count = store_count(store);
	int exit_code = EXIT_DONE;
	for (uint64_t id = 0; id < count && (scoring->limit == 0 || id < scoring->limit) && exit_code == EXIT_DONE;
		id++) {
		struct record record;
		enum importance_part part;
		store_record(store, id, &record);
		double importance = importance_of(scoring->importance, &record, &part);
		if (scoring->as_json)
			record_json(scoring, &record, importance);
		else
			record_text(scoring, &record, importance, part);
		exit_code = flush(scoring);
	}
	return exit_code;
}

static void session_row(struct scoring *scoring, struct slice name, const struct session_score *score)
{
	struct buffer *out = scoring->out;
	if (scoring->as_json) {
		struct json json;
		json_init(&json, out);
		json_begin_object(&json);
		json_field_string(&json, "session", name);
		json_field_double(&json, "importance", score->importance);
		json_key(&json, "anomalous");
		json_bool(&json, score->anomalous);
		json_end_object(&json);
	} else {
		buffer_append_format(out, "%.3f %-9s %-10s ", score->importance, score->anomalous ? "anomalous" : "",
			score->importance > 0.25 ? importance_part_name(score->part) : "");
		utf8_append_shown(out, name, SHORT_TEXT);
		buffer_append_string(out, score->unfinished ? " (unfinished)" : "");
	}
	buffer_append_byte(out, '\n');
}

static int score_sessions(struct scoring *scoring, struct pattern *pattern)
{
	const struct incident *incident = scoring->incident;
	struct sequences sequences;
	int exit_code = EXIT_DONE;
	if (sequences_init(&sequences, incident->store, incident->reader, horizon_all(incident->store), pattern) != 0) {
		complain("out of memory");
		return EXIT_INTERNAL;
	}
	for (size_t i = 0; i < sequences.count && (scoring->limit == 0 || i < scoring->limit) && exit_code == EXIT_DONE;
		i++) {
		size_t begin = sequences.begins[i];
		struct session_score score;
		scorer_session(scoring->scorer, sequences.steps + begin, sequences.begins[i + 1] - begin, sequences.end,
			&score, NULL);
		session_row(scoring, intern_text(sequences.names, (uint32_t)i), &score);
		exit_code = flush(scoring);
	}
	if (!scoring->as_json && sequences.left_out > 0)
		buffer_append_format(scoring->out, "%zu records name no session\n", sequences.left_out);
	sequences_release(&sequences);
	return exit_code;
}

static int by_record(struct scoring *scoring, struct error *error)
{
	const struct settings *settings = &scoring->invocation->settings;
	const struct incident *incident = scoring->incident;
	if (settings_text(settings, SETTING_LSTM) == NULL)
		complain("no --lstm FILE: importance is by what is rare in this log itself. Learn from logs believed "
			 "normal: "
			 "tocsin train -o FILE SOURCE...");
	int result = learnt_importance(
		settings, incident->store, incident->reader, horizon_all(incident->store), &scoring->importance, error);
	int exit_code = result != 0 ? exit_for(result) : score_records(scoring);
	importance_destroy(scoring->importance);
	return exit_code;
}

static int by_session(struct scoring *scoring, struct pattern *pattern, struct error *error)
{
	const struct settings *settings = &scoring->invocation->settings;
	struct model *model;
	int result = learnt_open(settings, &model, error);
	if (result == 0 && (model == NULL || model_pattern(model).size == 0))
		result = error_set(error, ERROR_INPUT,
			"sessions are scored by a model that learnt sessions: tocsin train --sessions REGEX -o FILE "
			"SOURCE..., then --lstm FILE");
	if (result == 0 && (scoring->scorer = scorer_create(model, scoring->incident->store, false)) == NULL)
		result = error_set(error, ERROR_MEMORY, "out of memory");
	if (result == 0)
		result = learnt_leave_out(settings, scoring->scorer, error);
	int exit_code = result != 0 ? exit_for(result) : score_sessions(scoring, pattern);
	scorer_destroy(scoring->scorer);
	model_destroy(model);
	return exit_code;
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	struct error error = { 0 };
	struct scoring scoring = { .invocation = invocation,
		.incident = incident,
		.out = out,
		.as_json = settings_flag(&invocation->settings, SETTING_JSON),
		.limit = settings_count(&invocation->settings, SETTING_LIMIT) };
	struct pattern *pattern;
	struct slice text;
	int result = learnt_sessions(&invocation->settings, &pattern, &text, &error);
	int exit_code = result != 0 ? exit_for(result)
		: pattern != NULL   ? by_session(&scoring, pattern, &error)
				    : by_record(&scoring, &error);
	pattern_destroy(pattern);
	if (error.text[0] != '\0')
		complain("%s", error.text);
	return exit_code;
}

int command_score(struct invocation *invocation)
{
	return run_loaded(invocation, &(struct load){ 0 }, body);
}
