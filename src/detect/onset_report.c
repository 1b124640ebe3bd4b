/*
 * Windows, totals and rates of the report, and who is background.
 */
#include "detect/onset_report.h"

#include "detect/detector.h"

#include <stdlib.h>

#define TROUBLE_AFTER (300 * TIMESTAMP_SECOND) /* or as long as the episode: what is told of the time after it */

static int compare_onsets(const void *a, const void *b)
{
	const struct onset *first = a, *second = b;
	bool first_on = first->time != TIMESTAMP_NONE, second_on = second->time != TIMESTAMP_NONE;

	if (first_on != second_on)
		return first_on ? -1 : 1;
	if (first_on && first->time != second->time)
		return first->time < second->time ? -1 : 1;
	if (first_on && first->record != second->record)
		return first->record < second->record ? -1 : 1;
	if (first->background != second->background)
		return first->background ? -1 : 1;
	return first->service < second->service ? -1 : first->service > second->service;
}

static double a_minute(uint64_t count, int64_t from, int64_t to)
{
	double minutes = ((double)to - (double)from) / (double)TIMESTAMP_MINUTE;

	/* A rate over less than a second says nothing. */
	return minutes * 60 >= 1 ? (double)count / minutes : (double)count * 60;
}

static struct window longest_stretch(const struct active *active)
{
	struct window longest = active->stretches[0];

	for (size_t i = 1; i < active->count; i++)
		if (detect_span(active->stretches[i].to, active->stretches[i].from) >
			detect_span(longest.to, longest.from))
			longest = active->stretches[i];
	return longest;
}

/* From the first onset to the next silence, but not longer after the episode than this lasted. */
static struct window trouble_window(const struct search *search, int64_t first)
{
	const struct active *active = &search->survey.active;
	int64_t end = episode_window(search).to, end_of_stretch = active->stretches[active_stretch(active, end - 1)].to;
	int64_t after = detect_span(end, first) > TROUBLE_AFTER ? detect_span(end, first) : TROUBLE_AFTER;

	return (struct window){ first, detect_span(end_of_stretch, end) > after ? end + after : end_of_stretch };
}

static void choose_windows(const struct search *search, struct onset_report *report)
{
	int64_t first = TIMESTAMP_NONE;

	for (uint32_t i = 0; i < search->survey.service_count; i++) {
		int64_t time = search->suspects[i].onset.time;
		if (time != TIMESTAMP_NONE && (first == TIMESTAMP_NONE || time < first))
			first = time;
	}
	report->abnormal = first != TIMESTAMP_NONE;
	report->baseline = longest_stretch(&search->survey.active);
	report->trouble = (struct window){ report->extent.to, report->extent.to };
	report->ended = report->trouble.to;
	if (report->abnormal) {
		report->trouble = trouble_window(search, first);
		report->ended = episode_window(search).to;
		report->baseline = (struct window){ search->begin, search->baseless ? search->begin : first };
	}
	if (search->wanted != NULL)
		report->baseline = *search->wanted;
}

static void fill_onset(const struct search *search, const struct onset_report *report,
	const struct survey_totals *totals, struct onset *onset)
{
	const struct survey *survey = &search->survey;
	bool compared = report->abnormal && !search->baseless;

	/* What erred only elsewhere has no usual rate here. */
	onset->background = onset->time == TIMESTAMP_NONE && survey->errors[onset->service] >= 5 &&
		(!compared || totals->before > 0);
	onset->errors_before = totals->before;
	onset->errors_after = totals->after;
	onset->rate_before =
		search->baseless ? 0 : a_minute(totals->before, report->baseline.from, report->baseline.to);
	onset->rate_after = report->abnormal ? a_minute(totals->after, report->trouble.from, report->trouble.to) : 0;
	onset->peak = totals->peak;
	if (onset->time == TIMESTAMP_NONE || search->baseless)
		return;
	uint32_t pair = pairs_find(&survey->pairs, onset->service, onset->template);
	if (pair != PAIRS_NONE) {
		const struct sighting *sighting = vector_at(&survey->sightings, pair);
		int64_t first = report->trouble.from;
		/* Said before at another level, or by another service, is not new. */
		int64_t born = store_time(survey->store, store_template_first(survey->store, onset->template));
		onset->new_template =
			search->wanted != NULL ? !sighting->in_reference : sighting->first >= first && born >= first;
	}
}

int onset_report_fill(const struct search *search, struct onset_report *report)
{
	const struct survey *survey = &search->survey;
	struct survey_totals *totals = calloc(survey->service_count, sizeof(*totals));
	uint64_t active = active_length(&survey->active);
	int error;

	choose_windows(search, report);
	report->active = active < INT64_MAX ? (int64_t)active : INT64_MAX;
	error = totals == NULL ? ERROR_MEMORY : survey_count(survey, report->baseline, report->trouble, totals);
	for (uint32_t i = 0; error == 0 && i < survey->service_count; i++) {
		if (survey->records[i] == 0)
			continue;
		struct onset *onset = vector_push(&report->onsets);
		if (onset == NULL) {
			error = ERROR_MEMORY;
			break;
		}
		*onset = search->suspects[i].onset;
		fill_onset(search, report, &totals[i], onset);
	}
	free(totals);
	vector_sort(&report->onsets, compare_onsets);
	return error;
}
