/*
 * Noise that is always there, and the loudest service: loud is not the same as guilty.
 */
#include "analyst/inside.h"

static uint64_t errors_since(const struct analysis *analysis, uint32_t service)
{
	struct tally tally = { .service = service, .template = QUERY_ALL, .level = LEVEL_ERROR };

	return scene_count(&analysis->scene, &tally, analysis->after);
}

static void set_aside(struct analysis *analysis, const struct onset *onset)
{
	const struct scene *scene = &analysis->scene;
	struct tally tally = { .service = onset->service, .template = QUERY_ALL, .level = LEVEL_ERROR };
	uint64_t before, after;
	unsigned usual, now;
	struct buffer out;

	buffer_init(&out, SCENE_SENTENCE);
	usual = scene_cite_count(scene, &tally, analysis->onsets.baseline, &before);
	say_service(&out, scene, onset->service);
	buffer_append_string(&out, " errs at its usual rate, ");
	say_rate(&out, (double)before / minutes_of(analysis->onsets.baseline));
	buffer_append_string(&out, " a minute");
	if (analysis->onsets.abnormal) {
		buffer_append_string(&out, " before");
		say_cite(&out, usual);
		now = scene_cite_count(scene, &tally, analysis->after, &after);
		buffer_append_string(&out, " and ");
		say_rate(&out, (double)after / minutes_of(analysis->after));
		buffer_append_string(&out, " since");
		say_cite(&out, now);
	} else {
		say_cite(&out, usual);
	}
	buffer_append_string(&out, ": set aside");
	analysis_claim(analysis, CLAIM_ASIDE, &out);
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
}

bool step_background(struct analysis *analysis)
{
	if (!analysis->have_onsets || analysis->onsets.baseline.from >= analysis->onsets.baseline.to)
		return false;
	for (size_t i = 0; i < analysis->onsets.onsets.count; i++) {
		const struct onset *onset = vector_at(&analysis->onsets.onsets, i);

		if (onset->background && onset->errors_before > 0)
			set_aside(analysis, onset);
	}
	return false;
}

/* The service with most errors since the baseline; STORE_NO_CODE when there are none. */
static uint32_t loudest(const struct analysis *analysis, uint64_t *errors)
{
	uint32_t service = STORE_NO_CODE;

	*errors = 0;
	for (uint32_t i = 0; i < store_service_count(analysis->scene.store); i++) {
		uint64_t count = errors_since(analysis, i);

		if (count > *errors) {
			*errors = count;
			service = i;
		}
	}
	return service;
}

static const struct suspect *find_suspect(const struct analysis *analysis, uint32_t service)
{
	for (size_t i = 0; i < analysis->suspects.count; i++)
		if (analysis_suspect(analysis, i)->service == service)
			return analysis_suspect(analysis, i);
	return NULL;
}

bool step_loudest(struct analysis *analysis)
{
	const struct scene *scene = &analysis->scene;
	const struct suspect *culprit = analysis->culprit, *suspect;
	uint64_t errors;
	uint32_t service;
	struct tally tally = { .template = QUERY_ALL, .level = LEVEL_ERROR };
	struct buffer out;

	if (!culprit)
		return false;
	service = loudest(analysis, &errors);
	if (service == STORE_NO_CODE)
		return false;
	suspect = find_suspect(analysis, service);
	tally.service = service;
	buffer_init(&out, SCENE_SENTENCE);
	say_service(&out, scene, service);
	buffer_append_string(&out, " is loudest with ");
	say_plural(&out, errors, "error");
	say_cite(&out, scene_cite_count(scene, &tally, analysis->after, NULL));
	if (suspect == culprit) {
		buffer_append_string(&out, " and also the first suspect");
	} else if (suspect && suspect->onset.time > culprit->onset.time) {
		buffer_append_string(&out, ", but it began ");
		say_duration(&out, time_apart(culprit->onset.time, suspect->onset.time));
		buffer_append_string(&out, " after ");
		say_service(&out, scene, culprit->service);
		say_cite(&out, culprit->evidence);
		say_cite(&out, suspect->evidence);
		buffer_append_string(&out, ": a victim");
	} else if (!suspect) {
		buffer_append_string(&out, ", but that is its usual rate");
	}
	analysis_claim(analysis, CLAIM_LOUDEST, &out);
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
	return false;
}
