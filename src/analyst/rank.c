/*
 * Ranking of the services that left their baseline.
 *
 * score = 0.45 early + 0.20 sure + 0.15 new + 0.20 standing
 *
 * - early: 1 / (1 + services that began more than 1 s before it + half of those that began less before). Causes come
 *   first.
 * - sure: how surely it left its baseline (onset.score).
 * - new: 1 when one of its abnormal lines is of a template never seen before, and its first is no complaint about the
 *   answer of somebody else.
 * - standing: named by the others' lines / (named + names others itself); 1 when it is the only one, 1/2 when nobody
 *   names anybody. A victim complains about its cause, a cause about itself.
 *
 * Signals beside the log (signal.h) add up with it as independent doubts do: 1 - product of (1 - strength). Where there
 * are any, the score of the log counts by how sure it is, 0.2 + 0.8 sure.
 */
#include "analyst/inside.h"

#include <string.h>

#define SAME_TIME TIMESTAMP_SECOND
#define LEAD TIMESTAMP_MINUTE /* metrics have buckets: its lines may begin so long before */
#define ENOUGH 0.5 /* the score of a service that its log does not accuse, to be called the culprit all the same */

/* Words for what somebody else answered. */
static const char *const complaints[] = { "500 internal server error", "internalservererror", "http 500", "bad gateway",
	"service unavailable", "serviceunavailable", "remote error", "upstream", "no instances available", "returned 5",
	"status 5", "connection refused" };

static bool is_complaint(const struct suspect *suspect)
{
	for (size_t i = 0; suspect->line_count && i < sizeof(complaints) / sizeof(complaints[0]); i++)
		if (slice_find_nocase(suspect->texts[0], slice_of(complaints[i])) != SIZE_MAX)
			return true;
	return false;
}

static double standing(const struct analysis *analysis, const struct suspect *suspect)
{
	unsigned names = (unsigned)__builtin_popcountll(suspect->blames);

	if (analysis->suspects.count == 1)
		return 1;
	if (suspect->blamed + names == 0)
		return is_complaint(suspect) ? 0 : 0.5;
	return (double)suspect->blamed / (suspect->blamed + names);
}

static void set_score(const struct analysis *analysis, struct suspect *suspect)
{
	double earlier = 0;

	for (size_t i = 0; i < analysis->suspects.count; i++) {
		int64_t lag = time_apart(analysis_suspect(analysis, i)->onset.time, suspect->onset.time);

		earlier += lag > SAME_TIME ? 1 : lag > 0 ? 0.5 : 0;
	}
	suspect->merit = 0.20 * suspect->onset.score + 0.15 * (suspect->novel && !is_complaint(suspect)) +
		0.20 * standing(analysis, suspect);
	suspect->score = 0.45 / (1 + earlier) + suspect->merit;
}

static int by_score(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;
	size_t common = left->name.size < right->name.size ? left->name.size : right->name.size;
	int order;

	if (left->score != right->score)
		return left->score > right->score ? -1 : 1;
	if (left->service != right->service)
		return left->service < right->service ? -1 : 1;
	order = common ? memcmp(left->name.data, right->name.data, common) : 0;
	return order ? order : (left->name.size > right->name.size) - (left->name.size < right->name.size);
}

static void say_reasons(const struct analysis *analysis, const struct suspect *suspect, struct buffer *out)
{
	const struct suspect *first = analysis_suspect(analysis, 0);

	if (suspect == first) {
		buffer_append_string(out, "first to leave its baseline");
	} else {
		say_duration(out, time_apart(first->onset.time, suspect->onset.time));
		buffer_append_string(out, " after the first");
	}
	if (suspect->novel)
		buffer_append_string(out, ", with lines never seen before");
	if (suspect->blamed)
		buffer_append_format(
			out, ", named by the lines of %u other%s", suspect->blamed, suspect->blamed == 1 ? "" : "s");
	if (suspect->blames)
		buffer_append_string(out, ", names others itself");
}

static struct ranked *ranked_of(struct analysis *analysis, struct slice name)
{
	struct ranked *ranked;

	for (size_t i = 0; i < analysis->ranking.count; i++) {
		ranked = vector_at(&analysis->ranking, i);
		if (slice_equal_nocase(ranked->name, name))
			return ranked;
	}
	ranked = vector_push(&analysis->ranking);
	if (ranked && store_service_find(analysis->scene.store, name, &ranked->service) != 0)
		ranked->service = STORE_NO_CODE;
	if (ranked)
		ranked->name = name;
	return ranked;
}

/* One reason more, and what it adds to the score. */
static void add_reason(
	struct analysis *analysis, struct slice name, double strength, struct slice reason, struct buffer *reasons)
{
	struct ranked *ranked = ranked_of(analysis, name);

	if (!ranked)
		return;
	ranked->score = 1 - (1 - ranked->score) * (1 - strength);
	buffer_append_slice(reasons, ranked->reasons);
	buffer_append_string(reasons, ranked->reasons.size ? "; " : "");
	buffer_append_slice(reasons, reason);
	ranked->reasons = analysis_keep(analysis, buffer_slice(reasons));
	buffer_clear(reasons);
}

/* Of a kind only the strongest counts: ten metrics that say the same are one reason. */
static bool is_strongest(const struct analysis *analysis, size_t index)
{
	const struct signal *signal = vector_at(&analysis->signals, index);

	for (size_t i = 0; i < analysis->signals.count; i++) {
		const struct signal *other = vector_at(&analysis->signals, i);

		if (i != index && other->kind == signal->kind && slice_equal_nocase(other->service, signal->service) &&
			(other->strength > signal->strength || (other->strength == signal->strength && i < index)))
			return false;
	}
	return true;
}

static void rank_log(struct analysis *analysis, struct buffer *reasons)
{
	struct buffer words;

	buffer_init(&words, SCENE_SENTENCE);
	for (size_t i = 0; i < analysis->suspects.count; i++) {
		struct suspect *suspect = analysis_suspect(analysis, i);
		double doubt = analysis->signals.count ? 0.2 + 0.8 * suspect->onset.score : 1;

		set_score(analysis, suspect);
		say_reasons(analysis, suspect, &words);
		add_reason(analysis, store_service_name(analysis->scene.store, suspect->service),
			doubt * suspect->score, buffer_slice(&words), reasons);
		buffer_clear(&words);
	}
	for (size_t i = 0; analysis->have_onsets && i < analysis->onsets.onsets.count; i++) {
		const struct onset *onset = vector_at(&analysis->onsets.onsets, i);

		if (onset->background)
			add_reason(analysis, store_service_name(analysis->scene.store, onset->service), 0,
				slice_of("errs at its usual rate"), reasons);
	}
	buffer_release(&words);
}

/* The suspect that the first of the ranking is; one that its log does not accuse becomes a suspect by its signals. */
static struct suspect *culprit_of(struct analysis *analysis)
{
	const struct ranked *first = analysis->ranking.count ? vector_at(&analysis->ranking, 0) : NULL;
	struct suspect *suspect;

	if (!first || first->score <= 0)
		return NULL;
	for (size_t i = 0; i < analysis->suspects.count; i++)
		if (analysis_suspect(analysis, i)->service == first->service)
			return analysis_suspect(analysis, i);
	if (first->score < ENOUGH || first->service == STORE_NO_CODE || !(suspect = vector_push(&analysis->suspects)))
		return NULL;
	suspect->service = first->service;
	suspect->score = first->score;
	suspect->onset = (struct onset){ .service = first->service,
		.time = analysis->scope.from,
		.record = UINT64_MAX,
		.template = STORE_NO_CODE,
		.score = first->score };
	for (size_t i = 0; i < analysis->signals.count; i++) {
		const struct signal *signal = vector_at(&analysis->signals, i);

		if (!slice_equal_nocase(signal->service, first->name))
			continue;
		suspect->evidence = suspect->evidence ? suspect->evidence : signal->evidence;
		if (signal->onset != TIMESTAMP_NONE)
			suspect->onset.time = time_shift(signal->onset, -LEAD);
	}
	suspect_read_lines(analysis, suspect);
	if (suspect->line_count) {
		suspect->onset.record = suspect->lines[0];
		suspect->onset.time = store_time(analysis->scene.store, suspect->lines[0]);
		suspect->evidence = analysis_cite_line(analysis, suspect->lines[0]);
	}
	return suspect;
}

bool step_rank(struct analysis *analysis)
{
	struct buffer reasons;

	buffer_init(&reasons, SCENE_SENTENCE);
	rank_log(analysis, &reasons);
	for (size_t i = 0; i < analysis->signals.count; i++) {
		const struct signal *signal = vector_at(&analysis->signals, i);

		if (is_strongest(analysis, i))
			add_reason(analysis, signal->service, signal->strength, signal->text, &reasons);
	}
	vector_sort(&analysis->ranking, by_score);
	analysis->culprit = culprit_of(analysis);
	buffer_release(&reasons);
	return false;
}
