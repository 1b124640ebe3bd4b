/*
 * Ranking of the services that left their baseline.
 *
 * score = 0.45 early + 0.20 sure + 0.15 new + 0.20 standing
 *
 * - early: 1 / (1 + services that began more than 1 s before it + half of those that began less before). Causes come
 *   first.
 * - sure: how surely it left its baseline (onset.score).
 * - new: 1 when one of its abnormal lines is of a template never seen before.
 * - standing: named by the others' lines / (named + names others itself); 1 when it is the only one, 1/2 when nobody
 *   names anybody. A victim complains about its cause, a cause about itself.
 */
#include "analyst/inside.h"

#define SAME_TIME TIMESTAMP_SECOND

static double standing(const struct analysis *analysis, const struct suspect *suspect)
{
	unsigned names = (unsigned)__builtin_popcountll(suspect->blames);

	if (analysis->suspects.count == 1)
		return 1;
	if (suspect->blamed + names == 0)
		return 0.5;
	return (double)suspect->blamed / (suspect->blamed + names);
}

static void set_score(const struct analysis *analysis, struct suspect *suspect)
{
	double earlier = 0;

	for (size_t i = 0; i < analysis->suspects.count; i++) {
		int64_t lag = time_apart(analysis_suspect(analysis, i)->onset.time, suspect->onset.time);

		earlier += lag > SAME_TIME ? 1 : lag > 0 ? 0.5 : 0;
	}
	suspect->merit = 0.20 * suspect->onset.score + 0.15 * suspect->novel + 0.20 * standing(analysis, suspect);
	suspect->score = 0.45 / (1 + earlier) + suspect->merit;
}

static void add_ranked(struct analysis *analysis, uint32_t service, double value, struct buffer *reasons)
{
	struct ranked *ranked = vector_push(&analysis->ranking);

	if (ranked)
		*ranked = (struct ranked){ service, value, analysis_keep(analysis, buffer_slice(reasons)) };
	buffer_clear(reasons);
}

static int by_score(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;

	if (left->score != right->score)
		return left->score > right->score ? -1 : 1;
	return left->service < right->service ? -1 : left->service > right->service;
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

void rank_suspects(struct analysis *analysis)
{
	struct buffer reasons;

	buffer_init(&reasons, SCENE_SENTENCE);
	for (size_t i = 0; i < analysis->suspects.count; i++) {
		struct suspect *suspect = analysis_suspect(analysis, i);

		set_score(analysis, suspect);
		if (!analysis->culprit || suspect->score > analysis->culprit->score)
			analysis->culprit = suspect;
		say_reasons(analysis, suspect, &reasons);
		add_ranked(analysis, suspect->service, suspect->score, &reasons);
	}
	for (size_t i = 0; analysis->have_onsets && i < analysis->onsets.onsets.count; i++) {
		const struct onset *onset = vector_at(&analysis->onsets.onsets, i);

		if (!onset->background)
			continue;
		buffer_append_string(&reasons, "errs at its usual rate");
		add_ranked(analysis, onset->service, 0, &reasons);
	}
	vector_sort(&analysis->ranking, by_score);
	buffer_release(&reasons);
}
