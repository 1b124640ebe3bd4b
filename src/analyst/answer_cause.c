/*
 * What the analysis says: the order of failure, the cause, what happened, what to do. Citations are minted anew in the
 * book of the conversation.
 */
#include "analyst/asking.h"

bool answer_is_calm(struct answer *answer, const struct analysis *analysis)
{
	if (!analysis) {
		buffer_append_string(&answer->out, "there was not enough memory to analyse the log");
	} else if (analysis->suspects.count == 0) {
		answer_import(answer, analysis->verdict.summary);
		if (analysis->verdict.missing.size) {
			buffer_append_string(&answer->out, " Missing: ");
			buffer_append_slice(&answer->out, analysis->verdict.missing);
			buffer_append_string(&answer->out, ".");
		}
	} else {
		return false;
	}
	answer_say(answer, NULL);
	return true;
}

static unsigned cite(struct answer *answer, const struct suspect *suspect)
{
	return evidence_add_line(answer->scene.book, answer->scene.store, answer->scene.reader, suspect->onset.record);
}

static void set_filter(struct answer *answer, uint32_t service)
{
	struct tally tally = { .service = service, .template = QUERY_ALL, .level = LEVEL_WARN };

	scene_filter(answer->filter, &answer->scene, &tally);
}

static const struct suspect *suspect_of(const struct analysis *analysis, uint32_t service)
{
	for (size_t i = 0; i < analysis->suspects.count; i++)
		if (analysis_suspect(analysis, i)->service == service)
			return analysis_suspect(analysis, i);
	return NULL;
}

/* "did gateway fail before payment": yes or no, and by how much. */
static bool compare_onsets(struct answer *answer, const struct analysis *analysis)
{
	const struct suspect *left = suspect_of(analysis, answer->question->services[0]);
	const struct suspect *right = suspect_of(analysis, answer->question->services[1]);
	const struct suspect *early, *late;

	if (!left || !right)
		return false;
	early = left->onset.time <= right->onset.time ? left : right;
	late = early == left ? right : left;
	set_filter(answer, early->service);
	say_service(&answer->out, &answer->scene, early->service);
	buffer_append_string(&answer->out, " failed first, at ");
	say_millis(&answer->out, &answer->scene, early->onset.time);
	say_cite(&answer->out, cite(answer, early));
	buffer_append_string(&answer->out, "; ");
	say_service(&answer->out, &answer->scene, late->service);
	buffer_append_string(&answer->out, " ");
	say_duration(&answer->out, time_apart(early->onset.time, late->onset.time));
	buffer_append_string(&answer->out, " later, at ");
	say_millis(&answer->out, &answer->scene, late->onset.time);
	say_cite(&answer->out, cite(answer, late));
	answer_say(answer, NULL);
	return true;
}

void answer_order(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis(answer);
	const struct suspect *first;

	if (answer_is_calm(answer, analysis))
		return;
	if (answer->question->service_count == 2 && compare_onsets(answer, analysis))
		return;
	first = analysis_suspect(analysis, 0);
	set_filter(answer, first->service);
	answer->has_anchor = true;
	answer->anchor = first->onset.time;
	say_service(&answer->out, &answer->scene, first->service);
	buffer_append_string(&answer->out, " failed first, at ");
	say_millis(&answer->out, &answer->scene, first->onset.time);
	if (first->line_count) {
		buffer_append_string(&answer->out, ": ");
		say_quote(&answer->out, first->texts[0], 80);
	}
	say_cite(&answer->out, cite(answer, first));
	answer_say(answer, NULL);
	for (size_t i = 1; i < analysis->suspects.count; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);

		buffer_append_string(&answer->out, i > 1 ? ", " : "");
		say_service(&answer->out, &answer->scene, suspect->service);
		buffer_append_string(&answer->out, " +");
		say_duration(&answer->out, time_apart(first->onset.time, suspect->onset.time));
		say_cite(&answer->out, cite(answer, suspect));
	}
	if (analysis->suspects.count > 1)
		answer_say(answer, "then");
}

void answer_verdict(struct answer *answer, const struct analysis *analysis, const char *label)
{
	const struct verdict *verdict = &analysis->verdict;

	if (!label || verdict->kind != VERDICT_ROOT_CAUSE)
		buffer_append_string(&answer->out,
			verdict->kind == VERDICT_ROOT_CAUSE ? "root cause" : verdict_kind_name(verdict->kind));
	if (verdict->service != STORE_NO_CODE) {
		buffer_append_string(&answer->out, answer->out.size ? ": " : "");
		say_service(&answer->out, &answer->scene, verdict->service);
	}
	buffer_append_format(&answer->out, " (confidence %.2f). ", verdict->confidence);
	answer_import(answer, verdict->summary);
	answer_say(answer, label);
	if (verdict->missing.size) {
		buffer_append_slice(&answer->out, verdict->missing);
		answer_say(answer, "missing");
	}
}

/* Why a service other than the culprit failed: what its lines say, and whose failure came before. */
static void say_victim(struct answer *answer, const struct analysis *analysis, const struct suspect *suspect)
{
	const struct suspect *culprit = analysis->culprit;

	say_service(&answer->out, &answer->scene, suspect->service);
	buffer_append_string(&answer->out, " failed at ");
	say_millis(&answer->out, &answer->scene, suspect->onset.time);
	if (suspect->line_count) {
		buffer_append_string(&answer->out, " with ");
		say_quote(&answer->out, suspect->texts[0], 80);
	}
	say_cite(&answer->out, cite(answer, suspect));
	buffer_append_string(&answer->out, ", ");
	say_duration(&answer->out, time_apart(culprit->onset.time, suspect->onset.time));
	buffer_append_string(&answer->out, " after ");
	say_service(&answer->out, &answer->scene, culprit->service);
	say_cite(&answer->out, cite(answer, culprit));
	for (size_t i = 0; i < analysis->suspects.count; i++)
		if (suspect->blames & (UINT64_C(1) << i)) {
			buffer_append_string(&answer->out, "; its lines name ");
			say_service(&answer->out, &answer->scene, analysis_suspect(analysis, i)->service);
		}
	answer_say(answer, NULL);
}

/* Asked about a service that has no part in it. */
static void say_innocent(struct answer *answer, uint32_t service)
{
	const struct onset *onset = answer_onset(answer, service);
	struct tally errors = { .service = service, .template = QUERY_ALL, .level = LEVEL_ERROR };
	uint64_t count;
	unsigned number = scene_cite_count(&answer->scene, &errors, answer->window, &count);

	say_service(&answer->out, &answer->scene, service);
	if (onset && onset->background) {
		buffer_append_string(&answer->out, " has no part in it: it errs at its usual rate, ");
		say_rate(&answer->out, onset->rate_before);
		buffer_append_string(&answer->out, " a minute before and ");
		say_rate(&answer->out, onset->rate_after);
		buffer_append_string(&answer->out, " since; ");
	} else {
		buffer_append_string(&answer->out, " has no part in it: it did not leave its usual rate; ");
	}
	say_plural(&answer->out, count, "error");
	say_cite(&answer->out, number);
	answer_say(answer, NULL);
}

void answer_cause(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis(answer);
	uint32_t asked = answer->question->service_count == 1 ? answer->question->services[0] : STORE_NO_CODE;
	bool named = false;

	if (answer_is_calm(answer, analysis))
		return;
	set_filter(answer, analysis->culprit->service);
	for (size_t i = 0; i < analysis->suspects.count; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);

		named = named || suspect->service == asked;
		if (suspect->service == asked && suspect != analysis->culprit)
			say_victim(answer, analysis, suspect);
	}
	if (asked != STORE_NO_CODE && !named)
		say_innocent(answer, asked);
	answer_verdict(answer, analysis, NULL);
}

void answer_summary(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis(answer);
	const struct transcript *transcript;

	if (answer_is_calm(answer, analysis))
		return;
	set_filter(answer, analysis->culprit->service);
	answer_verdict(answer, analysis, NULL);
	transcript = analysis_transcript(analysis);
	for (size_t i = 0; i < transcript_count(transcript); i++) {
		const struct entry *entry = transcript_at(transcript, i);
		char label[40];

		if (entry->kind != ENTRY_LABELLED || slice_is(entry->label, "missing"))
			continue;
		slice_copy(entry->label, label, sizeof(label));
		answer_import(answer, entry->text);
		answer_say(answer, label);
	}
}

void answer_advice(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis(answer);

	if (answer_is_calm(answer, analysis))
		return;
	set_filter(answer, analysis->culprit->service);
	buffer_append_string(&answer->out, "look at ");
	say_service(&answer->out, &answer->scene, analysis->culprit->service);
	buffer_append_string(&answer->out, " first");
	say_cite(&answer->out, cite(answer, analysis->culprit));
	answer_say(answer, NULL);
	for (size_t i = 0; i < analysis->verdict.recommendation_count; i++) {
		buffer_append_slice(&answer->out, analysis->verdict.recommendations[i]);
		answer_say(answer, "next");
	}
}
