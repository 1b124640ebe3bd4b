/*
 * The JSON of an analysis: exactly the members of design.md section 5, null or empty where this analyst has nothing to
 * say.
 */
#include "analyst/inside.h"
#include "tocsin/analyst/report.h"

#include <stdio.h>

static struct slice service_name(const struct store *store, uint32_t service)
{
	return service == STORE_NO_CODE ? (struct slice){ 0 } : store_service_name(store, service);
}

static void add_id(struct json *json, const char *key, unsigned number)
{
	char id[16];

	snprintf(id, sizeof(id), "E%u", number);
	if (key)
		json_key(json, key);
	json_string(json, slice_of(id));
}

/* An empty text is null: there is nothing to say. */
static void add_text(struct json *json, const char *key, struct slice text)
{
	json_key(json, key);
	if (text.size)
		json_string(json, text);
	else
		json_null(json);
}

void report_json_finding(
	struct json *json, const struct store *store, const struct store_reader *reader, const struct finding *finding)
{
	(void)reader;
	json_begin_object(json);
	json_field_text(json, "kind", finding_kind_name(finding->kind));
	json_key(json, "services");
	json_begin_array(json);
	for (size_t i = 0; i < finding->service_count; i++)
		json_string(json, service_name(store, finding->services[i]));
	if (finding->service_count == 0 && finding->series_service.size > 0)
		json_string(json, finding->series_service);
	json_end_array(json);
	json_field_time(json, "start", finding->start);
	json_field_time(json, "end", finding->end);
	json_field_double(json, "score", finding->score);
	json_field_text(json, "sentence", finding->sentence);
	json_key(json, "evidence");
	json_begin_array(json);
	for (size_t i = 0; i < finding->evidence_count && store_has_records(store); i++) {
		struct record record;

		if (finding->evidence[i] >= store_count(store))
			continue;
		store_record(store, finding->evidence[i], &record);
		json_begin_object(json);
		json_field_string(json, "source", store_source_name(store, record.source));
		json_key(json, "line");
		if (record.line)
			json_u64(json, record.line);
		else
			json_null(json);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
}

void report_json_evidence(struct json *json, const struct store *store, const struct evidence *evidence)
{
	(void)store;
	json_begin_object(json);
	add_id(json, "id", evidence->number);
	json_field_text(json, "kind", evidence_kind_name(evidence->kind));
	add_text(json, "source", evidence->source);
	json_key(json, "line");
	if (evidence->line && evidence->kind == EVIDENCE_LINE)
		json_u64(json, evidence->line);
	else
		json_null(json);
	json_field_time(json, "time", evidence->time);
	json_field_string(json, "text", evidence->text);
	json_end_object(json);
}

void report_json_ticket(struct json *json, const struct ticket *ticket)
{
	json_begin_object(json);
	json_key(json, "id");
	if (ticket->id)
		json_i64(json, ticket->id);
	else
		json_null(json);
	json_field_text(json, "state", ticket_state_name(ticket->state));
	json_field_text(json, "title", ticket->title);
	json_field_text(json, "severity", ticket->severity);
	json_field_text(json, "service", ticket->service);
	json_field_text(json, "assignee", ticket->assignee);
	json_field_u64(json, "count", ticket->count);
	json_field_time(json, "first", ticket->first);
	json_field_time(json, "last", ticket->last);
	json_field_text(json, "fingerprint", ticket->fingerprint);
	json_end_object(json);
}

static void add_ranking(struct json *json, const struct analysis *analysis)
{
	json_key(json, "ranking");
	json_begin_array(json);
	for (size_t i = 0; i < analysis->verdict.ranking_count; i++) {
		json_begin_object(json);
		json_field_string(json, "service", analysis->verdict.ranking[i].name);
		json_field_double(json, "score", analysis->verdict.ranking[i].score);
		json_end_object(json);
	}
	json_end_array(json);
}

static void add_root_cause(struct json *json, const struct analysis *analysis, const struct verdict *verdict)
{
	json_key(json, "root_cause");
	json_begin_object(json);
	add_text(json, "service", service_name(analysis->scene.store, verdict->service));
	add_text(json, "component", verdict->component);
	json_field_string(json, "summary", verdict->summary);
	add_text(json, "change", verdict->change);
	json_field_double(json, "confidence", verdict->confidence);
	json_end_object(json);
}

static void add_impact(struct json *json, const struct analysis *analysis)
{
	const struct verdict *verdict = &analysis->verdict;

	json_key(json, "impact");
	json_begin_object(json);
	json_field_u64(json, "services", analysis->suspects.count);
	json_key(json, "requests");
	if (verdict->impact_requests)
		json_u64(json, verdict->impact_requests);
	else
		json_null(json);
	json_field_time(json, "from", verdict->impact_from);
	json_field_time(json, "to", verdict->impact_to);
	json_end_object(json);
}

static void add_components(struct json *json, const struct analysis *analysis)
{
	json_key(json, "components");
	json_begin_array(json);
	for (size_t i = 0; i < analysis->verdict.component_count; i++) {
		json_begin_object(json);
		json_field_string(json, "name", analysis->verdict.components[i].name);
		json_field_double(json, "score", analysis->verdict.components[i].score);
		json_end_object(json);
	}
	json_end_array(json);
}

static void add_claims(struct json *json, const struct verdict *verdict)
{
	json_key(json, "claims");
	json_begin_array(json);
	for (size_t i = 0; i < verdict->claim_count; i++) {
		const struct claim *claim = &verdict->claims[i];

		json_begin_object(json);
		json_field_string(json, "text", claim->text);
		json_key(json, "evidence");
		json_begin_array(json);
		for (size_t j = 0; j < claim->evidence_count; j++)
			add_id(json, NULL, claim->evidence[j]);
		json_end_array(json);
		json_key(json, "proven");
		json_bool(json, claim->proven);
		json_end_object(json);
	}
	json_end_array(json);
}

/* Who left the baseline, in order. */
static void add_timeline(struct json *json, const struct analysis *analysis)
{
	json_key(json, "timeline");
	json_begin_array(json);
	for (size_t i = 0; i < analysis->suspects.count; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);

		json_begin_object(json);
		json_field_time(json, "time", suspect->onset.time);
		json_field_string(json, "service", service_name(analysis->scene.store, suspect->service));
		add_text(json, "text", suspect->line_count ? suspect->texts[0] : (struct slice){ 0 });
		json_key(json, "evidence");
		json_begin_array(json);
		if (suspect->evidence)
			add_id(json, NULL, suspect->evidence);
		json_end_array(json);
		json_end_object(json);
	}
	json_end_array(json);
}

/* The two-stage filter by the issue: null without one. */
static void add_filter(struct json *json, const struct analysis *analysis)
{
	json_key(json, "filter");
	if (!analysis->have_relevance) {
		json_null(json);
		return;
	}
	json_begin_object(json);
	json_field_u64(json, "total", analysis->relevance.total);
	json_field_u64(json, "important", analysis->relevance.important);
	json_field_u64(json, "relevant", analysis->relevance.relevant);
	json_end_object(json);
}

static void add_lists(struct json *json, const struct analysis *analysis, const struct report_model *model)
{
	const struct verdict *verdict = model ? model->verdict : &analysis->verdict;

	json_key(json, "findings");
	json_begin_array(json);
	for (size_t i = 0; i < analysis->findings.count; i++)
		report_json_finding(
			json, analysis->scene.store, analysis->scene.reader, vector_at(&analysis->findings, i));
	json_end_array(json);
	json_key(json, "evidence");
	json_begin_array(json);
	for (unsigned number = 1; number <= evidence_count(analysis->scene.book); number++) {
		const struct evidence *evidence = evidence_find(analysis->scene.book, number);

		if (scene_sees(&analysis->scene, evidence))
			report_json_evidence(json, analysis->scene.store, evidence);
	}
	json_end_array(json);
	add_claims(json, verdict);
	add_timeline(json, analysis);
	json_key(json, "recommendations");
	json_begin_array(json);
	for (size_t i = 0; i < verdict->recommendation_count; i++)
		json_string(json, verdict->recommendations[i]);
	json_end_array(json);
	json_key(json, "tickets");
	json_begin_array(json);
	for (size_t i = 0; i < analysis->proposals.count; i++)
		report_json_ticket(json, vector_at(&analysis->proposals, i));
	json_end_array(json);
}

/* An unknown price is null, never 0. */
void report_json_usage(struct json *json, const struct investigation_usage *usage)
{
	json_begin_object(json);
	if (usage) {
		json_field_u64(json, "turns", usage->turns);
		json_field_u64(json, "calls", usage->calls);
		json_field_u64(json, "input_tokens", usage->tokens.input);
		json_field_u64(json, "cached_tokens", usage->tokens.cached);
		json_field_u64(json, "output_tokens", usage->tokens.output);
		json_field_u64(json, "reasoning_tokens", usage->tokens.reasoning);
		json_key(json, "dollars");
		if (usage->dollars >= 0)
			json_double(json, usage->dollars);
		else
			json_null(json);
		json_field_double(json, "seconds", (double)usage->took / (double)TIMESTAMP_SECOND);
	}
	json_end_object(json);
}

int report_json(struct buffer *out, struct analysis *analysis, const struct analysis_input *input,
	const struct report_model *model)
{
	const struct verdict *verdict = model ? model->verdict : &analysis->verdict, *builtin = &analysis->verdict;
	struct json json;

	(void)input;
	if (!analysis->have_verdict)
		return ERROR_STATE;
	json_init(&json, out);
	json_begin_object(&json);
	json_field_text(&json, "verdict", verdict_kind_name(verdict->kind));
	json_field_text(&json, "issue", analysis->input.issue);
	json_field_string(&json, "category", verdict->category);
	add_filter(&json, analysis);
	json_field_string(&json, "severity", verdict->severity);
	add_impact(&json, analysis);
	add_root_cause(&json, analysis, verdict);
	add_ranking(&json, analysis);
	add_components(&json, analysis);
	add_lists(&json, analysis, model);
	json_field_text(&json, "analyst", model ? model->analyst : "builtin");
	json_key(&json, "builtin");
	json_begin_object(&json);
	json_field_text(&json, "verdict", verdict_kind_name(builtin->kind));
	add_root_cause(&json, analysis, builtin);
	add_ranking(&json, analysis);
	json_end_object(&json);
	json_key(&json, "usage");
	report_json_usage(&json, model ? model->usage : NULL);
	json_end_object(&json);
	return out->failed;
}
