/*
 * How far it reaches: severity, services, failed requests; which services are affected and which are not; what was
 * changed; who else could be the cause. And what cannot be answered, with the reason.
 */
#include "analyst/asking.h"

#define NAMES_SHOWN 12
#define LINES_SHOWN 6

static void say_count_of(struct answer *answer, const struct analysis *analysis)
{
	uint64_t services = 0;

	for (uint32_t i = 0; i < store_service_count(answer->scene.store); i++)
		services += scene_knows(&answer->scene, i);
	say_number(&answer->out, analysis->suspects.count);
	buffer_append_string(&answer->out, " of ");
	say_plural(&answer->out, services, "service");
	buffer_append_string(
		&answer->out, analysis->suspects.count == 1 ? " left its baseline: " : " left their baseline: ");
	for (size_t i = 0; i < analysis->suspects.count && i < NAMES_SHOWN; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);

		buffer_append_string(&answer->out, i ? ", " : "");
		say_service(&answer->out, &answer->scene, suspect->service);
		buffer_append_string(&answer->out, " at ");
		say_clock(&answer->out, &answer->scene, suspect->onset.time);
		answer_cite_record(answer, suspect->onset.record);
	}
}

/* Errors since the onset, the most first would say nothing more: by onset, as above. */
static void say_errors(struct answer *answer, const struct analysis *analysis)
{
	for (size_t i = 0; i < analysis->suspects.count && i < NAMES_SHOWN; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);
		struct tally tally = { .service = suspect->service, .template = QUERY_ALL, .level = LEVEL_ERROR };
		struct window since = { suspect->onset.time, answer->extent.to };
		uint64_t count;
		unsigned number = scene_cite_count(&answer->scene, &tally, since, &count);

		buffer_append_string(&answer->out, i ? ", " : "");
		say_service(&answer->out, &answer->scene, suspect->service);
		buffer_append_byte(&answer->out, ' ');
		say_number(&answer->out, count);
		say_cite(&answer->out, number);
	}
	answer_say(answer, "errors");
}

static void say_requests(struct answer *answer, const struct verdict *verdict)
{
	if (verdict->impact_requests) {
		say_plural(&answer->out, verdict->impact_requests, "failed request");
		buffer_append_string(&answer->out, ", ");
		say_clock(&answer->out, &answer->scene, verdict->impact_from);
		buffer_append_string(&answer->out, " - ");
		say_clock(&answer->out, &answer->scene, verdict->impact_to);
	} else if (answer->question->about_requests) {
		buffer_append_string(&answer->out, "no line says which requests failed");
	} else {
		return;
	}
	answer_say(answer, answer->answered ? "requests" : NULL);
}

void answer_impact(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis(answer);

	if (answer_is_calm(answer, analysis))
		return;
	if (answer->question->about_requests)
		say_requests(answer, &analysis->verdict);
	buffer_append_string(&answer->out, "severity ");
	buffer_append_slice(&answer->out, analysis->verdict.severity);
	buffer_append_string(&answer->out, ": ");
	say_count_of(answer, analysis);
	answer_say(answer, NULL);
	say_errors(answer, analysis);
	if (!answer->question->about_requests)
		say_requests(answer, &analysis->verdict);
	if (answer->question->about_users) {
		buffer_append_string(&answer->out, "not counted: I count records, and do not know whose a record is");
		answer_say(answer, "users");
	}
}

/* Services that are in no trouble, by whether they err at all. */
static void say_others(struct answer *answer, const struct analysis *analysis, bool background, const char *label)
{
	size_t said = 0;

	for (size_t i = 0; i < analysis->onsets.onsets.count; i++) {
		const struct onset *onset = vector_at(&analysis->onsets.onsets, i);
		struct tally errors = { .service = onset->service, .template = QUERY_ALL, .level = LEVEL_ERROR };

		if ((onset->time != TIMESTAMP_NONE && !onset->background) || onset->background != background ||
			!scene_knows(&answer->scene, onset->service) || said >= NAMES_SHOWN)
			continue;
		buffer_append_string(&answer->out, said++ ? ", " : "");
		say_service(&answer->out, &answer->scene, onset->service);
		if (background) {
			buffer_append_byte(&answer->out, ' ');
			say_rate(&answer->out, onset->rate_after);
			buffer_append_string(&answer->out, " errors a minute");
			say_cite(&answer->out, scene_cite_count(&answer->scene, &errors, answer->window, NULL));
		}
	}
	if (said)
		answer_say(answer, label);
}

void answer_affected(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis(answer);

	if (answer_is_calm(answer, analysis))
		return;
	say_count_of(answer, analysis);
	answer_say(answer, NULL);
	say_others(answer, analysis, true, "as usual");
	say_others(answer, analysis, false, "normal");
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

#define CHANGE_WORDS                                                                                                   \
	"(deploy | rollout | \"rolled out\" | release | rollback | restarted | restarting | migration | "              \
	"\"feature flag\" | \"config changed\" | \"configuration changed\" | \"config reload\" | scaled | upgrade)"

/* What the analysis thinks of each change near the onset. */
static size_t say_judged(struct answer *answer, const struct analysis *analysis, uint32_t templates[LINES_SHOWN])
{
	size_t said = 0;

	for (size_t i = 0; analysis && i < analysis->claims.count && said < LINES_SHOWN; i++) {
		const struct claim *claim = vector_at(&analysis->claims, i);
		const struct evidence *line =
			claim->evidence_count ? evidence_find(analysis->scene.book, claim->evidence[0]) : NULL;
		struct record record;

		if (!slice_starts(claim->text, "change at ") || !line)
			continue;
		store_record(answer->scene.store, line->record, &record);
		templates[said++] = record.template;
		answer_import(answer, claim->text);
		answer_say(answer, NULL);
	}
	return said;
}

/* Other lines that speak of a change: one of each template, and none that is said all the time. */
static size_t say_lines(struct answer *answer, uint32_t templates[LINES_SHOWN], size_t said)
{
	struct matches matches;
	struct record record;

	matches_init(&matches, answer, slice_of(CHANGE_WORDS), answer->window);
	while (said < LINES_SHOWN && matches_next(&matches, &record)) {
		struct tally tally = { .service = QUERY_ALL, .template = record.template, .level = LEVEL_TRACE };
		bool known = false;

		for (size_t i = 0; i < said; i++)
			known = known || templates[i] == record.template;
		if (known || record.level >= LEVEL_ERROR || scene_count(&answer->scene, &tally, answer->extent) > 5)
			continue;
		templates[said++] = record.template;
		answer_line(answer, record.id);
		answer_say(answer, NULL);
	}
	matches_release(&matches);
	return said;
}

void answer_deploys(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis(answer);
	uint32_t templates[LINES_SHOWN];
	size_t said = say_lines(answer, templates, say_judged(answer, analysis, templates));

	if (said == 0) {
		buffer_append_string(&answer->out, "no deploy, restart or change of configuration is in the log");
		answer_window(answer);
		answer_say(answer, NULL);
	} else {
		buffer_append_string(answer->filter, CHANGE_WORDS);
	}
	if (analysis && analysis->suspects.count)
		answer_verdict(answer, analysis, "cause");
}

void answer_ranking(struct answer *answer)
{
	const struct analysis *analysis = answer_analysis(answer);

	if (answer_is_calm(answer, analysis))
		return;
	for (size_t i = 0; i < analysis->verdict.ranking_count && i < LINES_SHOWN; i++) {
		const struct ranked *ranked = &analysis->verdict.ranking[i];

		say_service(&answer->out, &answer->scene, ranked->service);
		buffer_append_format(&answer->out, " %.2f: ", ranked->score);
		answer_import(answer, ranked->reasons);
		answer_say(answer, NULL);
	}
	if (!answer->answered)
		answer_verdict(answer, analysis, NULL);
}

void answer_refused(struct answer *answer)
{
	buffer_append_string(&answer->out,
		answer->question->kind == QUESTION_ACTION
			? "I only read: I change nothing and call nobody. Tickets have a pane of their own. "
			  "Ask what to do, or who owns a service"
			: answer->question->kind == QUESTION_TIMING
			? "I do not measure how long requests take, I count and show records. For those that speak of "
			  "it "
			  "ask: show slow"
			: "I do not foretell. Ask whether it is over, or for the errors per minute");
	answer_say(answer, NULL);
}
