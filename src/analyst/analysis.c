/*
 * The stepper: a table of steps, walked one bounded piece at a time.
 */
#include "analyst/inside.h"

#include <stdlib.h>

#define ANALYSIS_BYTES (8u << 20)
#define ANALYSIS_CLAIMS 256
#define ANALYSIS_PROPOSALS 256
#define ANALYSIS_COMPONENTS 256

static const struct {
	const char *name;
	bool (*run)(struct analysis *analysis);
} steps[] = {
	{ "overview", step_overview },
	{ "issue", step_issue },
	{ "baseline", step_baseline },
	{ "templates", step_templates },
	{ "onset", step_onset },
	{ "metrics", step_metrics },
	{ "spans", step_spans },
	{ "silent", step_silent },
	{ "rank", step_rank },
	{ "background", step_background },
	{ "loudest", step_loudest },
	{ "components", step_components },
	{ "lines", step_lines },
	{ "external", step_external },
	{ "changes", step_changes },
	{ "numbers", step_numbers },
	{ "innocent", step_innocent },
	{ "proposals", step_proposals },
	{ "check", step_check },
	{ "verdict", step_verdict },
};

static const size_t step_count = sizeof(steps) / sizeof(steps[0]);

const char *verdict_kind_name(enum verdict_kind kind)
{
	static const char *const names[] = { "root_cause", "external", "healthy", "inconclusive" };

	return names[kind];
}

/* A selection is judged against what lies before it, and nothing after it is seen. */
static void narrow(struct analysis *analysis)
{
	struct window extent = { 0 };
	struct scene *scene = &analysis->scene;

	if (!query_extent(scene->store, scene->horizon, &extent))
		return;
	analysis->scope = extent;
	if (!analysis->input.scope)
		return;
	analysis->scope = analysis->scope_wanted;
	if (analysis->scope.to < extent.to) {
		struct horizon end = horizon_at(scene->store, analysis->scope.to - 1);

		if (end.records < scene->horizon.records)
			scene->horizon = end;
	} else {
		analysis->scope.to = extent.to;
	}
	if (!analysis->input.baseline && analysis->scope.from > extent.from) {
		analysis->baseline_wanted = (struct window){ extent.from, analysis->scope.from };
		analysis->input.baseline = &analysis->baseline_wanted;
	}
	if (analysis->scope.from < extent.from)
		analysis->scope.from = extent.from;
}

static bool copy_findings(struct analysis *analysis)
{
	const struct detect *detect = analysis->input.detect;

	for (size_t i = 0; detect && i < detect_count(detect); i++) {
		struct finding *finding = vector_push(&analysis->findings);

		if (!finding)
			return i >= analysis->findings.maximum;
		*finding = *detect_finding(detect, i);
	}
	return true;
}

struct analysis *analysis_create(const struct analysis_input *input)
{
	struct analysis *analysis = calloc(1, sizeof(*analysis));

	if (!analysis)
		return NULL;
	analysis->input = *input;
	arena_init(&analysis->arena, ANALYSIS_BYTES);
	transcript_init(&analysis->transcript);
	vector_init(&analysis->findings, sizeof(struct finding), 65536);
	vector_init(&analysis->suspects, sizeof(struct suspect), SUSPECTS_MAXIMUM);
	vector_init(&analysis->signals, sizeof(struct signal), SIGNALS_MAXIMUM);
	vector_init(&analysis->claims, sizeof(struct claim), ANALYSIS_CLAIMS);
	vector_init(&analysis->roles, sizeof(enum claim_role), ANALYSIS_CLAIMS);
	vector_init(&analysis->ranking, sizeof(struct ranked), 2 * SUSPECTS_MAXIMUM + SIGNALS_MAXIMUM);
	vector_init(&analysis->components, sizeof(struct component), ANALYSIS_COMPONENTS);
	vector_init(&analysis->recommendations, sizeof(struct slice), 16);
	vector_init(&analysis->proposals, sizeof(struct ticket), ANALYSIS_PROPOSALS);
	vector_init(&analysis->onsets.onsets, sizeof(struct onset), 1);
	analysis->scene = (struct scene){ input->store, input->reader, input->horizon, input->zone,
		input->book != NULL ? input->book : evidence_book_create(), input->context };
	if (input->baseline) {
		analysis->baseline_wanted = *input->baseline;
		analysis->input.baseline = &analysis->baseline_wanted;
	}
	if (input->reference) {
		analysis->reference = *input->reference;
		analysis->input.reference = &analysis->reference;
	}
	if (input->scope) {
		analysis->scope_wanted = *input->scope;
		analysis->input.scope = &analysis->scope_wanted;
	}
	if (input->issue)
		analysis->input.issue = arena_string(&analysis->arena, slice_of(input->issue));
	if (!analysis->input.fatal_count)
		analysis->input.fatal_count = 5;
	if (!analysis->scene.book || (input->issue && !analysis->input.issue) || !copy_findings(analysis)) {
		analysis_destroy(analysis);
		return NULL;
	}
	narrow(analysis);
	return analysis;
}

void analysis_destroy(struct analysis *analysis)
{
	if (!analysis)
		return;
	if (analysis->have_onsets)
		onset_report_release(&analysis->onsets);
	if (analysis->input.book == NULL)
		evidence_book_destroy(analysis->scene.book);
	vector_release(&analysis->proposals);
	vector_release(&analysis->recommendations);
	vector_release(&analysis->components);
	contrast_release(&analysis->contrast);
	if (analysis->have_relevance)
		relevance_release(&analysis->relevance);
	vector_release(&analysis->ranking);
	vector_release(&analysis->roles);
	vector_release(&analysis->claims);
	vector_release(&analysis->signals);
	vector_release(&analysis->suspects);
	vector_release(&analysis->findings);
	transcript_release(&analysis->transcript);
	arena_release(&analysis->arena);
	free(analysis);
}

bool analysis_step(struct analysis *analysis)
{
	if (analysis_done(analysis))
		return false;
	if (!steps[analysis->step].run(analysis)) {
		analysis->step++;
		analysis->cursor = 0;
	}
	return !analysis_done(analysis);
}

bool analysis_done(const struct analysis *analysis)
{
	return analysis->step >= step_count;
}

const struct transcript *analysis_transcript(const struct analysis *analysis)
{
	return &analysis->transcript;
}

struct evidence_book *analysis_evidence(struct analysis *analysis)
{
	return analysis->scene.book;
}

const struct onset_report *analysis_onsets(const struct analysis *analysis)
{
	return analysis->have_onsets ? &analysis->onsets : NULL;
}

const struct verdict *analysis_verdict(const struct analysis *analysis)
{
	return analysis->have_verdict ? &analysis->verdict : NULL;
}

size_t analysis_proposal_count(const struct analysis *analysis)
{
	return analysis->proposals.count;
}

const struct ticket *analysis_proposal(const struct analysis *analysis, size_t index)
{
	return index < analysis->proposals.count ? vector_at(&analysis->proposals, index) : NULL;
}

void analysis_say(struct analysis *analysis, enum entry_kind kind, const char *label, struct buffer *sentence)
{
	transcript_add(&analysis->transcript, kind, label, buffer_slice(sentence), analysis->scene.horizon.time);
	buffer_clear(sentence);
}

void analysis_claim(struct analysis *analysis, enum claim_role role, const struct buffer *sentence)
{
	struct slice text = analysis_keep(analysis, buffer_slice(sentence));
	size_t begin, end = 0;
	unsigned number;
	struct claim *claim;
	enum claim_role *place;

	if (!text.data)
		return;
	claim = vector_push(&analysis->claims);
	if (!claim)
		return;
	place = vector_push(&analysis->roles);
	if (!place) {
		vector_remove(&analysis->claims, analysis->claims.count - 1);
		return;
	}
	*place = role;
	claim->text = text;
	while (evidence_next_citation(text, end, &begin, &end, &number) && claim->evidence_count < 8)
		claim->evidence[claim->evidence_count++] = number;
}

struct slice analysis_keep(struct analysis *analysis, struct slice text)
{
	return arena_copy(&analysis->arena, text);
}

unsigned analysis_cite_line(struct analysis *analysis, uint64_t record)
{
	return evidence_add_line(analysis->scene.book, analysis->scene.store, analysis->scene.reader, record);
}

struct suspect *analysis_suspect(const struct analysis *analysis, size_t index)
{
	return index < analysis->suspects.count ? vector_at(&analysis->suspects, index) : NULL;
}

int64_t analysis_end(const struct analysis *analysis)
{
	bool all = !analysis->input.scope && analysis->scene.horizon.records == store_count(analysis->scene.store);

	return all ? INT64_MAX : analysis->scope.to;
}

unsigned scene_import(const struct scene *scene, const struct evidence *evidence)
{
	if (evidence->kind == EVIDENCE_LINE)
		return evidence_add_line(scene->book, scene->store, scene->reader, evidence->record);
	if (evidence->kind != EVIDENCE_COUNT)
		return evidence_add_fact(scene->book, evidence->kind, evidence->source, evidence->filter,
			evidence->window, evidence->value, evidence->text);
	return evidence_add_count(scene->book, scene->store, evidence->filter, evidence->window, evidence->count,
		evidence->record, evidence->text);
}
