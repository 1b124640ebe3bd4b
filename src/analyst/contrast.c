#include "analyst/contrast.h"

#include "analyst/names.h"
#include "tocsin/base/intern.h"

#include <math.h>
#include <stdlib.h>

#define SURE 3.0 /* strange errors that make it likely (1 - 1/e) that a service left its baseline */
#define MUCH 2.0 /* no more than so many times its records here does the reference count for a service */

static double span_minutes(const struct store *store, struct horizon horizon)
{
	struct window extent;

	return query_extent(store, horizon, &extent) ? minutes_of(extent) : 1;
}

/* A template with names of services masked: which of them is named is a variable, as a number is. */
static void write_key(const struct contrast *contrast, struct buffer *key, struct slice text)
{
	struct slice rest = text, word;
	const char *done = text.data;
	uint32_t service;

	buffer_clear(key);
	while (names_next_word(&rest, &word)) {
		if (word.size < 3 ||
			(store_service_find(contrast->reference->store, word, &service) != 0 &&
				store_service_find(contrast->scene->store, word, &service) != 0))
			continue;
		buffer_append(key, done, (size_t)(word.data - done));
		buffer_append_string(key, "<*>");
		done = word.data + word.size;
	}
	buffer_append(key, done, (size_t)(text.data + text.size - done));
}

static int match_templates(struct contrast *contrast)
{
	const struct store *other = contrast->reference->store;
	struct intern *texts = intern_create(1u << 20, (size_t)1 << 29);
	uint32_t *codes = calloc((size_t)store_template_count(other) + 1, sizeof(*codes)), code;
	struct buffer key;

	if (!texts || !codes) {
		intern_destroy(texts);
		free(codes);
		return ERROR_MEMORY;
	}
	buffer_init(&key, 8192);
	for (uint32_t i = 0; i < store_template_count(other); i++) {
		uint32_t known = intern_count(texts);

		write_key(contrast, &key, store_template_text(other, i));
		if (intern_put(texts, buffer_slice(&key), &code) == 0 && code == known)
			codes[code] = i;
	}
	for (uint32_t i = 0; i < contrast->template_count; i++) {
		write_key(contrast, &key, store_template_text(contrast->scene->store, i));
		contrast->templates[i] =
			intern_find(texts, buffer_slice(&key), &code) == 0 ? codes[code] : STORE_NO_CODE;
	}
	buffer_release(&key);
	intern_destroy(texts);
	free(codes);
	return 0;
}

int contrast_make(struct contrast *contrast, const struct scene *scene, const struct analysis_reference *reference)
{
	*contrast = (struct contrast){ .reference = reference,
		.scene = scene,
		.template_count = store_template_count(scene->store),
		.service_count = store_service_count(scene->store),
		.minutes = span_minutes(scene->store, scene->horizon),
		.reference_minutes = span_minutes(reference->store, reference->horizon) };
	contrast->templates = calloc((size_t)contrast->template_count + 1, sizeof(*contrast->templates));
	contrast->services = calloc((size_t)contrast->service_count + 1, sizeof(*contrast->services));
	if (!contrast->templates || !contrast->services || match_templates(contrast) != 0) {
		contrast_release(contrast);
		return ERROR_MEMORY;
	}
	for (uint32_t i = 0; i < contrast->service_count; i++)
		if (store_service_find(reference->store, store_service_name(scene->store, i), &contrast->services[i]) !=
			0)
			contrast->services[i] = STORE_NO_CODE;
	return 0;
}

void contrast_release(struct contrast *contrast)
{
	free(contrast->templates);
	free(contrast->services);
	contrast->templates = NULL;
	contrast->services = NULL;
}

static const struct window always = { INT64_MIN + 1, INT64_MAX };

static uint64_t count_at(
	const struct store *store, struct horizon horizon, uint32_t service, uint32_t template, enum level level)
{
	struct level_counts counts = query_count(store, horizon, always, service, template);
	uint64_t total = 0;

	for (int i = (int)level; i <= LEVEL_FATAL; i++)
		total += counts.of[i];
	return total;
}

enum strangeness contrast_judge(const struct contrast *contrast, uint32_t service, uint32_t template, enum level level)
{
	const struct analysis_reference *reference = contrast->reference;
	uint64_t now, then;

	if (template >= contrast->template_count || contrast->templates[template] == STORE_NO_CODE)
		return STRANGE_NEW;
	then = contrast->services[service] == STORE_NO_CODE
		? 0
		: count_at(reference->store, reference->horizon, contrast->services[service],
			  contrast->templates[template], level);
	/* An error that others make in quiet times is no news, whoever makes it. */
	if (then == 0)
		return count_at(reference->store, reference->horizon, QUERY_ALL, contrast->templates[template], level)
			? STRANGE_NOT
			: STRANGE_HERE;
	now = count_at(contrast->scene->store, contrast->scene->horizon, service, template, level);
	if (now < CONTRAST_LEAST)
		return STRANGE_NOT;
	return (double)now / contrast->minutes >= CONTRAST_RATIO * (double)then / contrast->reference_minutes
		? STRANGE_OFTEN
		: STRANGE_NOT;
}

/* --- onsets ------------------------------------------------------------------------------------------------------- */

/* Judging a pair costs a count: each is judged once. */
struct verdicts {
	struct vector pairs; /* of struct judged, in order of first appearance */
	uint32_t *first;     /* by template: 1 + index of its first pair */
};

struct judged {
	uint32_t service, next; /* 1 + index of the template's next pair */
	enum strangeness strange;
};

static enum strangeness judge_once(
	const struct contrast *contrast, struct verdicts *verdicts, const struct record *record)
{
	uint32_t template = record->template <contrast->template_count ? record->template : contrast->template_count;
	struct judged *judged;

	for (uint32_t i = verdicts->first[template]; i; i = judged->next) {
		judged = vector_at(&verdicts->pairs, i - 1);
		if (judged->service == record->service)
			return judged->strange;
	}
	judged = vector_push(&verdicts->pairs);
	if (!judged)
		return STRANGE_NOT;
	*judged = (struct judged){ record->service, verdicts->first[template],
		contrast_judge(contrast, record->service, record->template, LEVEL_ERROR) };
	verdicts->first[template] = (uint32_t)verdicts->pairs.count;
	return judged->strange;
}

static void note_error(struct onset *onset, const struct record *record, enum strangeness strange)
{
	static const double weight[] = { 0, 0.5, 0.75, 1 };

	if (strange == STRANGE_NOT) {
		onset->background = onset->record == UINT64_MAX;
		return;
	}
	onset->background = false;
	onset->score += weight[strange];
	if (onset->record != UINT64_MAX && onset->time <= record->time)
		return;
	onset->time = record->time;
	onset->record = record->id;
	onset->template = record->template;
	onset->new_template = strange == STRANGE_NEW;
}

static int by_time(const void *a, const void *b)
{
	const struct onset *left = a, *right = b;
	bool x = left->record != UINT64_MAX, y = right->record != UINT64_MAX;

	if (x != y)
		return x ? -1 : 1;
	if (x && left->time != right->time)
		return left->time < right->time ? -1 : 1;
	if (x && left->record != right->record)
		return left->record < right->record ? -1 : 1;
	if (left->background != right->background)
		return left->background ? -1 : 1;
	return left->service < right->service ? -1 : left->service > right->service;
}

static int push_onsets(const struct contrast *contrast, struct onset_report *report)
{
	const struct analysis_reference *reference = contrast->reference;

	for (uint32_t i = 0; i < contrast->service_count; i++) {
		struct onset *onset = vector_push(&report->onsets);

		if (!onset)
			return ERROR_MEMORY;
		*onset = (struct onset){ .service = i,
			.time = TIMESTAMP_NONE,
			.record = UINT64_MAX,
			.template = STORE_NO_CODE,
			.errors_after =
				count_at(contrast->scene->store, contrast->scene->horizon, i, QUERY_ALL, LEVEL_ERROR) };
		if (contrast->services[i] != STORE_NO_CODE)
			onset->errors_before = count_at(
				reference->store, reference->horizon, contrast->services[i], QUERY_ALL, LEVEL_ERROR);
		onset->rate_after = (double)onset->errors_after / contrast->minutes;
		onset->rate_before = (double)onset->errors_before / contrast->reference_minutes;
	}
	return 0;
}

/* A line that the reference never has is surprising only as far as the service had the opportunity there. */
static double exposure(const struct contrast *contrast, uint32_t service)
{
	const struct analysis_reference *reference = contrast->reference;
	struct level_counts now = query_count(
				    contrast->scene->store, contrast->scene->horizon, always, service, QUERY_ALL),
			    then = { 0 };
	double share;

	if (contrast->services[service] != STORE_NO_CODE)
		then = query_count(
			reference->store, reference->horizon, always, contrast->services[service], QUERY_ALL);
	share = (double)(level_counts_total(&then) + 1) / (double)(level_counts_total(&now) + 1);
	return share < MUCH ? share : MUCH;
}

static void finish(const struct contrast *contrast, struct onset_report *report)
{
	const struct scene *scene = contrast->scene;
	struct onset *first;

	for (size_t i = 0; i < report->onsets.count; i++) {
		struct onset *onset = vector_at(&report->onsets, i);

		onset->score *= exposure(contrast, onset->service);
		onset->score = 1 - exp(-onset->score / SURE);
	}
	vector_sort(&report->onsets, by_time);
	query_extent(scene->store, scene->horizon, &report->extent);
	report->active = time_apart(report->extent.from, report->extent.to);
	report->ended = report->extent.to;
	first = report->onsets.count ? vector_at(&report->onsets, 0) : NULL;
	report->abnormal = first && first->record != UINT64_MAX;
	report->trouble = report->extent;
	if (report->abnormal)
		report->trouble.from = first->time;
	report->baseline = (struct window){ report->trouble.from, report->trouble.from };
}

int contrast_onsets(const struct contrast *contrast, struct onset_report *report)
{
	struct verdicts verdicts = { .first = calloc((size_t)contrast->template_count + 1, sizeof(uint32_t)) };
	int result;

	*report = (struct onset_report){ 0 };
	vector_init(&report->onsets, sizeof(struct onset), UINT32_MAX);
	vector_init(&report->others, sizeof(struct onset_trouble), ONSET_OTHERS);
	vector_init(&verdicts.pairs, sizeof(struct judged), UINT32_MAX);
	result = verdicts.first ? push_onsets(contrast, report) : ERROR_MEMORY;
	for (uint64_t id = 0; !result && id < contrast->scene->horizon.records; id++) {
		struct record record;

		store_record(contrast->scene->store, id, &record);
		if (level_is_error(record.level) && record.time != TIMESTAMP_NONE)
			note_error(vector_at(&report->onsets, record.service), &record,
				judge_once(contrast, &verdicts, &record));
	}
	if (!result)
		finish(contrast, report);
	else
		onset_report_release(report);
	vector_release(&verdicts.pairs);
	free(verdicts.first);
	return result;
}
