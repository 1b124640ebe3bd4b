/*
 * The verdict: which of the four it is, in words made of claims that held, with a confidence whose parts are stated.
 *
 * - healthy: nothing left its baseline, no FATAL template meets the ticket rule, and there is log enough, with few
 *   enough errors (enough.c), to say so.
 * - inconclusive: no record or no time to judge by; no baseline; FATAL lines at their usual rate; too little log, or
 *   too many errors, for a healthy one; or two services too close to tell apart (onsets within 1 s, or 0.2 s in one
 *   source, and equal in all but time).
 * - external: the culprit's first lines blame something that has no log here.
 * - root_cause: otherwise.
 *
 * confidence = (0.30 baseline + 0.25 lead + 0.15 sure + 0.10 new + 0.10 named + 0.10 standing) * proven / claims
 *
 * - baseline: 1 when there is one.
 * - lead: seconds before the next service / 2, at most 1.
 * - sure: onset.score.
 * - new: 1 when some of its abnormal templates were never seen before.
 * - named: 1 when its lines name a kind of trouble.
 * - standing: 1 when others name it and it names none, or it is alone; 1/2 when it names others too; else 0.
 *
 * At most 0.97; an inconclusive one is multiplied by 0.40; a healthy one is 0.60 + 0.03 for each minute in which
 * anything was logged, at most 0.90.
 *
 * Severity is critical with FATAL and three or more services, or 100 or more failed requests; high with FATAL or two
 * services; medium with ERROR; else low.
 */
#include "analyst/inside.h"
#include "analyst/names.h"

#define TIE_TIME TIMESTAMP_SECOND
#define TIE_TIME_SAME_SOURCE (TIMESTAMP_SECOND / 5)
#define TIE_MERIT 0.05

static bool has_baseline(const struct analysis *analysis)
{
	return analysis->have_contrast ||
		(analysis->have_onsets && analysis->onsets.baseline.from < analysis->onsets.baseline.to);
}

static struct suspect *runner_up(const struct analysis *analysis)
{
	struct suspect *best = NULL;

	for (size_t i = 0; i < analysis->suspects.count; i++) {
		struct suspect *suspect = analysis_suspect(analysis, i);

		if (suspect != analysis->culprit && (!best || suspect->score > best->score))
			best = suspect;
	}
	return best;
}

/* Lines of one source have one clock, which orders them more finely than the clocks of two. */
static bool is_tied(const struct analysis *analysis)
{
	const struct suspect *culprit = analysis->culprit, *other = runner_up(analysis);
	struct record first, second;
	int64_t apart, limit;
	double merit;

	/* Parts of one system, or one that quotes the other's request, need no clock to be told apart. */
	if (!other || culprit->blamed > other->blamed ||
		slice_equal_nocase(service_family(&analysis->scene, culprit->service),
			service_family(&analysis->scene, other->service)) ||
		culprit->onset.record == UINT64_MAX || other->onset.record == UINT64_MAX)
		return false;
	store_record(analysis->scene.store, culprit->onset.record, &first);
	store_record(analysis->scene.store, other->onset.record, &second);
	limit = first.source == second.source ? TIE_TIME_SAME_SOURCE : TIE_TIME;
	apart = time_apart(culprit->onset.time, other->onset.time);
	merit = culprit->merit - other->merit;
	return apart < limit && apart > -limit && merit < TIE_MERIT && merit > -TIE_MERIT;
}

static double proven_share(const struct analysis *analysis)
{
	size_t proven = 0;

	for (size_t i = 0; i < analysis->claims.count; i++)
		proven += ((struct claim *)vector_at(&analysis->claims, i))->proven;
	return analysis->claims.count ? (double)proven / (double)analysis->claims.count : 1;
}

static double confidence(const struct analysis *analysis)
{
	const struct suspect *culprit = analysis->culprit;
	double lead = 1, standing, sum;

	for (size_t i = 0; i < analysis->suspects.count; i++) {
		const struct suspect *other = analysis_suspect(analysis, i);
		double seconds = (double)time_apart(culprit->onset.time, other->onset.time) / (double)TIMESTAMP_SECOND;

		if (other != culprit && seconds / 2 < lead)
			lead = seconds > 0 ? seconds / 2 : 0;
	}
	standing = analysis->suspects.count == 1 || (culprit->blamed > 0 && culprit->blames == 0) ? 1
		: culprit->blamed > 0                                                             ? 0.5
												  : 0;
	sum = 0.30 * has_baseline(analysis) + 0.25 * lead + 0.15 * culprit->onset.score + 0.10 * culprit->novel +
		0.10 * (analysis->cause != NULL) + 0.10 * standing;
	sum *= proven_share(analysis);
	return sum < 0.97 ? sum : 0.97;
}

static void set_missing(struct analysis *analysis, const char *text)
{
	analysis->verdict.kind = VERDICT_INCONCLUSIVE;
	analysis->verdict.missing = slice_of(text);
}

static void decide_health(struct analysis *analysis)
{
	struct buffer missing;
	double share = (double)analysis->onsets.active / (10.0 * (double)TIMESTAMP_MINUTE);

	buffer_init(&missing, SCENE_SENTENCE);
	if (enough_for_health(analysis, &missing)) {
		analysis->verdict.kind = VERDICT_HEALTHY;
		analysis->verdict.confidence = 0.60 + 0.30 * (share < 1 ? share : 1);
	} else {
		analysis->verdict.kind = VERDICT_INCONCLUSIVE;
		analysis->verdict.missing = analysis_keep(analysis, buffer_slice(&missing));
	}
	buffer_release(&missing);
}

/* A guilty change explains what a failing neighbour only suffers from. */
static bool is_external(const struct analysis *analysis)
{
	return analysis->external || (analysis->dependency.size && !analysis->change.size);
}

static void decide(struct analysis *analysis)
{
	struct verdict *verdict = &analysis->verdict;

	verdict->service = STORE_NO_CODE;
	if (analysis->scene.horizon.records == 0) {
		set_missing(analysis, "a record: nothing was read, or nothing is visible yet");
	} else if (!analysis->have_onsets) {
		set_missing(analysis, "records with a readable time: without an order nothing can be called first");
	} else if (!analysis->culprit && !has_baseline(analysis)) {
		set_missing(analysis, "a quiet part of the log: add the log from before the trouble");
	} else if (!analysis->culprit && analysis->fatal_templates) {
		set_missing(analysis,
			"a time without these FATAL lines: they are as frequent at the beginning as at the end");
	} else if (!analysis->culprit || is_isolated(analysis)) {
		decide_health(analysis);
	} else {
		verdict->service = analysis->culprit->service;
		verdict->confidence = confidence(analysis);
		if (!has_baseline(analysis))
			set_missing(analysis, "a quiet part of the log: add the log from before the trouble");
		else if (is_tied(analysis))
			set_missing(analysis,
				"times fine enough to order the first two services, or a trace of one request through "
				"both");
		else
			verdict->kind = is_external(analysis) ? VERDICT_EXTERNAL : VERDICT_ROOT_CAUSE;
		if (verdict->kind == VERDICT_INCONCLUSIVE)
			verdict->confidence *= 0.40;
	}
}

static bool speaks_of_requests(struct slice signature)
{
	static const char *const methods[] = { "GET ", "POST ", "PUT ", "DELETE ", "PATCH ", "HEAD " };

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (slice_find(signature, slice_of(methods[i])) != SIZE_MAX)
			return true;
	return false;
}

/* Failed requests at the last service of the chain whose error lines hold an HTTP method: the one nearest to users. */
static uint64_t count_requests(const struct analysis *analysis)
{
	uint64_t requests = 0;

	for (size_t i = analysis->suspects.count; i-- > 0 && requests == 0;) {
		const struct suspect *suspect = analysis_suspect(analysis, i);

		for (uint32_t template = 0; template <store_template_count(analysis->scene.store); template ++) {
			struct tally tally = {
				.service = suspect->service, .template = template, .level = LEVEL_ERROR
			};

			if (speaks_of_requests(store_template_text(analysis->scene.store, template)))
				requests += scene_count(&analysis->scene, &tally, analysis->after);
		}
	}
	return requests;
}

/* What the culprit speaks of; where it names nothing, what was asked about. */
static const char *category_of(const struct analysis *analysis)
{
	if (analysis->culprit && analysis->external)
		return analysis->external->category;
	if (analysis->culprit && analysis->cause)
		return analysis->cause->category;
	return issue_category_name(analysis->have_relevance ? analysis->relevance.category : ISSUE_UNKNOWN);
}

static void weigh(struct analysis *analysis)
{
	struct verdict *verdict = &analysis->verdict;
	struct level_counts counts = { 0 };
	int64_t ended = analysis->onsets.ended;
	bool fatal;

	verdict->impact_from = verdict->impact_to = TIMESTAMP_NONE;
	verdict->category = slice_of(category_of(analysis));
	verdict->severity = slice_of("none");
	if (analysis->suspects.count == 0 && analysis->fatal_templates == 0)
		return;
	if (analysis->culprit) {
		verdict->impact_from = analysis_suspect(analysis, 0)->onset.time;
		verdict->impact_to = (ended < analysis->after.to ? ended : analysis->after.to) - 1;
		verdict->impact_requests = count_requests(analysis);
	}
	counts = query_count(analysis->scene.store, analysis->scene.horizon, analysis->after, QUERY_ALL, QUERY_ALL);
	fatal = counts.of[LEVEL_FATAL] > 0;
	if ((fatal && analysis->suspects.count >= 3) || verdict->impact_requests >= 100)
		verdict->severity = slice_of("critical");
	else if (fatal || analysis->suspects.count >= 2)
		verdict->severity = slice_of("high");
	else
		verdict->severity = slice_of(level_counts_errors(&counts) ? "medium" : "low");
}

/* Only what was proven goes into the summary, the claim about the cause before that about the order. */
static void add_claims(struct analysis *analysis, struct buffer *out, enum claim_role role, size_t most)
{
	for (size_t i = 0; i < analysis->claims.count && most; i++) {
		const struct claim *claim = vector_at(&analysis->claims, i);

		if (!claim->proven || *(enum claim_role *)vector_at(&analysis->roles, i) != role)
			continue;
		buffer_append_string(out, out->size ? " " : "");
		buffer_append_slice(out, claim->text);
		buffer_append_string(out, ".");
		most--;
	}
}

static void summarize(struct analysis *analysis)
{
	struct verdict *verdict = &analysis->verdict;
	struct buffer out;

	buffer_init(&out, SCENE_SENTENCE);
	if (verdict->kind == VERDICT_HEALTHY && analysis->culprit) {
		buffer_append_string(&out, "One operation failed, and all went on as before: no incident.");
		add_claims(analysis, &out, CLAIM_FIRST, 1);
	} else if (verdict->kind == VERDICT_HEALTHY) {
		buffer_append_string(&out, "No service left its usual rate of errors");
		buffer_append_string(
			&out, has_baseline(analysis) ? ": compared with its own baseline nothing is wrong." : ".");
	} else if (!analysis->culprit) {
		buffer_append_string(&out,
			analysis->have_onsets && has_baseline(analysis) && !analysis->fatal_templates
				? "Nothing left its usual rate, but this log cannot be called healthy."
				: "The cause cannot be told from this log.");
	} else {
		if (verdict->kind == VERDICT_INCONCLUSIVE)
			buffer_append_string(&out,
				is_tied(analysis) && has_baseline(analysis)
					? "Two services failed at nearly the same time; the order is no proof."
					: "Without a baseline the first line seen need not be the first that went "
					  "wrong.");
		add_claims(analysis, &out, CLAIM_CAUSE, 3);
		add_claims(analysis, &out, CLAIM_CHANGE, 1);
		add_claims(analysis, &out, CLAIM_FIRST, 1);
		add_claims(analysis, &out, CLAIM_SPREAD, 1);
		add_claims(analysis, &out, CLAIM_OTHER, 1);
	}
	verdict->summary = analysis_keep(analysis, buffer_slice(&out));
	buffer_release(&out);
}

static void say_spread(struct analysis *analysis, struct buffer *out)
{
	for (size_t i = 0; i < analysis->suspects.count; i++) {
		buffer_append_string(out, i ? " > " : "");
		say_service(out, &analysis->scene, analysis_suspect(analysis, i)->service);
		say_cite(out, analysis_suspect(analysis, i)->evidence);
	}
	if (analysis->suspects.count > 1)
		analysis_say(analysis, ENTRY_LABELLED, "spread", out);
	buffer_clear(out);
}

/* What was set aside or told apart, each with where to look. */
static void say_aside(struct analysis *analysis, struct buffer *out)
{
	for (size_t i = 0; i < analysis->claims.count; i++) {
		const struct claim *claim = vector_at(&analysis->claims, i);
		enum claim_role role = *(enum claim_role *)vector_at(&analysis->roles, i);

		if (!claim->proven || (role != CLAIM_ASIDE && role != CLAIM_RULED_OUT && role != CLAIM_OTHER))
			continue;
		buffer_append_slice(out, claim->text);
		analysis_say(analysis, ENTRY_LABELLED, role == CLAIM_OTHER ? "besides" : "ruled out", out);
	}
}

static void say_verdict(struct analysis *analysis)
{
	const struct verdict *verdict = &analysis->verdict;
	struct buffer out;

	buffer_init(&out, SCENE_SENTENCE);
	buffer_append_string(
		&out, verdict->kind == VERDICT_ROOT_CAUSE ? "root cause" : verdict_kind_name(verdict->kind));
	if (verdict->kind == VERDICT_EXTERNAL) {
		buffer_append_string(&out, ": ");
		if (analysis->external)
			buffer_append_string(&out, analysis->external->phrase);
		else
			say_quote(&out, analysis->dependency, 60);
		buffer_append_string(&out, ", seen by ");
		say_service(&out, &analysis->scene, verdict->service);
	} else if (verdict->kind == VERDICT_ROOT_CAUSE) {
		buffer_append_string(&out, ": ");
		say_service(&out, &analysis->scene, verdict->service);
	}
	if (verdict->confidence > 0)
		buffer_append_format(&out, " (confidence %.2f)", verdict->confidence);
	analysis_say(analysis, ENTRY_VERDICT, NULL, &out);
	transcript_add(&analysis->transcript, ENTRY_TEXT, NULL, verdict->summary, analysis->scene.horizon.time);
	say_spread(analysis, &out);
	say_aside(analysis, &out);
	if (verdict->missing.size)
		transcript_add(&analysis->transcript, ENTRY_LABELLED, "missing", verdict->missing,
			analysis->scene.horizon.time);
	if (verdict->kind != VERDICT_HEALTHY) {
		transcript_add(&analysis->transcript, ENTRY_LABELLED, "category", verdict->category,
			analysis->scene.horizon.time);
		transcript_add(&analysis->transcript, ENTRY_LABELLED, "severity", verdict->severity,
			analysis->scene.horizon.time);
	}
	if (analysis->recommendations.count)
		transcript_add(&analysis->transcript, ENTRY_LABELLED, "next",
			*(struct slice *)vector_at(&analysis->recommendations, 0), analysis->scene.horizon.time);
	buffer_release(&out);
}

bool step_verdict(struct analysis *analysis)
{
	struct verdict *verdict = &analysis->verdict;

	decide(analysis);
	weigh(analysis);
	summarize(analysis);
	verdict->change = verdict->kind == VERDICT_ROOT_CAUSE ? analysis->change : (struct slice){ 0 };
	recommend(analysis);
	verdict->components = analysis->components.items;
	verdict->component_count = analysis->components.count;
	if (verdict->component_count)
		verdict->component = verdict->components[0].name;
	verdict->ranking = analysis->ranking.items;
	verdict->ranking_count = analysis->ranking.count;
	verdict->claims = analysis->claims.items;
	verdict->claim_count = analysis->claims.count;
	verdict->recommendations = analysis->recommendations.items;
	verdict->recommendation_count = analysis->recommendations.count;
	analysis->have_verdict = true;
	say_verdict(analysis);
	return false;
}
