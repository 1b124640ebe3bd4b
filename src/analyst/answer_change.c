/*
 * Two stretches of time, or two services, side by side: what is new, what is gone, what rose, and the rates.
 */
#include "analyst/asking.h"

#include <inttypes.h>
#include <stdlib.h>

#define CHANGES_SHOWN 5

enum answer_kind { CHANGE_NEW, CHANGE_RISEN, CHANGE_GONE, CHANGE_KIND_COUNT };
static const char *const change_labels[] = { "new", "risen", "gone" };

struct change {
	uint32_t template;
	uint64_t before, after;
	uint64_t first; /* record in the stretch that has it */
	bool severe;    /* WARN or worse */
};

static int by_size(const void *a, const void *b)
{
	const struct change *left = a, *right = b;
	uint64_t x = left->after > left->before ? left->after - left->before : left->before - left->after;
	uint64_t y = right->after > right->before ? right->after - right->before : right->before - right->after;

	if (left->severe != right->severe)
		return left->severe ? -1 : 1;
	if (x != y)
		return x > y ? -1 : 1;
	return left->template <right->template ? -1 : left->template > right->template;
}

/* Risen: at least threefold and by five; gone: five or more before, none after. Rates are compared, as the stretches
   may differ in length. What is no warning comes and goes by itself: it must move four times as much. */
static bool classify(struct window before, struct window after, const struct change *change, enum answer_kind *kind)
{
	uint64_t count_before = change->before, count_after = change->after, floor = change->severe ? 5 : 20;
	double usual = (double)count_before / minutes_of(before), now = (double)count_after / minutes_of(after);

	if (count_before == 0 && count_after > (change->severe ? 0 : 4))
		*kind = CHANGE_NEW;
	else if (count_after == 0 && count_before >= floor)
		*kind = CHANGE_GONE;
	else if (now >= 3 * usual && count_after >= count_before + floor)
		*kind = CHANGE_RISEN;
	else
		return false;
	return true;
}

static void collect(struct answer *answer, struct window before, struct window after, uint32_t service,
	struct vector lists[CHANGE_KIND_COUNT])
{
	const struct scene *scene = &answer->scene;
	uint32_t count = store_template_count(scene->store);
	enum level level = answer->question->has_level ? answer->question->level : LEVEL_TRACE;
	uint64_t *counts = calloc(5 * ((size_t)count + 1), sizeof(*counts));
	uint64_t *now = counts ? counts + count + 1 : NULL, *first_before = counts ? now + count + 1 : NULL,
		 *first_after = counts ? first_before + count + 1 : NULL,
		 *severe = counts ? first_after + count + 1 : NULL;

	if (!counts)
		return;
	for (uint32_t i = 0; i < count; i++)
		first_before[i] = first_after[i] = UINT64_MAX;
	query_template_counts(scene->store, scene->horizon, before, service, level, count, counts, first_before);
	query_template_counts(scene->store, scene->horizon, after, service, level, count, now, first_after);
	query_template_counts(scene->store, scene->horizon, before, service, LEVEL_WARN, count, severe, NULL);
	query_template_counts(scene->store, scene->horizon, after, service, LEVEL_WARN, count, severe, NULL);
	for (uint32_t i = 0; i < count; i++) {
		struct change draft = { i, counts[i], now[i], UINT64_MAX, severe[i] > 0 }, *change;
		enum answer_kind kind;

		if (!classify(before, after, &draft, &kind))
			continue;
		draft.first = kind == CHANGE_GONE ? first_before[i] : first_after[i];
		change = vector_push(&lists[kind]);
		if (change)
			*change = draft;
	}
	free(counts);
}

static void say_changes(struct answer *answer, const struct vector *list, enum answer_kind kind)
{
	for (size_t i = 0; i < list->count && i < CHANGES_SHOWN; i++) {
		const struct change *change = vector_at(list, i);
		struct record record;

		store_record(answer->scene.store, change->first, &record);
		say_template(&answer->out, &answer->scene, change->template, 64);
		buffer_append_string(&answer->out, " in ");
		say_service(&answer->out, &answer->scene, record.service);
		if (kind == CHANGE_NEW) {
			buffer_append_string(&answer->out, " x ");
			say_number(&answer->out, change->after);
			buffer_append_string(&answer->out, " from ");
			say_clock(&answer->out, &answer->scene, record.time);
		} else {
			buffer_append_string(&answer->out, ", ");
			say_number(&answer->out, change->before);
			buffer_append_string(&answer->out, " before, ");
			say_number(&answer->out, change->after);
			buffer_append_string(&answer->out, " after");
		}
		say_cite(&answer->out,
			evidence_add_line(
				answer->scene.book, answer->scene.store, answer->scene.reader, change->first));
		answer_say(answer, change_labels[kind]);
	}
	if (list->count > CHANGES_SHOWN) {
		buffer_append_format(&answer->out, "%zu more", list->count - CHANGES_SHOWN);
		answer_say(answer, change_labels[kind]);
	}
}

/* "errors a minute: gateway 0.0 > 61.0, payment-service 0.0 > 12.0" */
static void say_rates(struct answer *answer, struct window before, struct window after)
{
	const struct scene *scene = &answer->scene;
	size_t said = 0;

	for (uint32_t service = 0; service < store_service_count(scene->store) && said < 8; service++) {
		struct tally tally = { .service = service, .template = QUERY_ALL, .level = LEVEL_ERROR };
		uint64_t was = scene_count(scene, &tally, before), is = scene_count(scene, &tally, after);

		if (was == 0 && is == 0)
			continue;
		buffer_append_string(&answer->out, said++ ? ", " : "errors a minute: ");
		say_service(&answer->out, scene, service);
		buffer_append_byte(&answer->out, ' ');
		say_rate(&answer->out, (double)was / minutes_of(before));
		buffer_append_string(&answer->out, " > ");
		say_rate(&answer->out, (double)is / minutes_of(after));
	}
	if (said)
		answer_say(answer, "rates");
}

static void say_errors(struct answer *answer, struct window before, struct window after, uint32_t service)
{
	struct tally tally = { .service = service, .template = QUERY_ALL, .level = LEVEL_ERROR };
	uint64_t was, is;
	unsigned first = scene_cite_count(&answer->scene, &tally, before, &was),
		 second = scene_cite_count(&answer->scene, &tally, after, &is);

	buffer_append_string(&answer->out,
		was == is          ? "errors stayed at "
			: is > was ? "errors rose from "
				   : "errors fell from ");
	say_number(&answer->out, was);
	say_cite(&answer->out, first);
	if (was != is) {
		buffer_append_string(&answer->out, " to ");
		say_number(&answer->out, is);
	}
	say_cite(&answer->out, second);
}

static void compare_windows(struct answer *answer, struct window before, struct window after)
{
	uint32_t service = answer->question->service_count == 1 ? answer->question->services[0] : QUERY_ALL;
	struct vector lists[CHANGE_KIND_COUNT];

	for (size_t i = 0; i < CHANGE_KIND_COUNT; i++)
		vector_init(&lists[i], sizeof(struct change), 65536);
	collect(answer, before, after, service, lists);
	say_window(&answer->out, &answer->scene, after);
	buffer_append_string(&answer->out, " against ");
	say_window(&answer->out, &answer->scene, before);
	buffer_append_string(&answer->out, ": ");
	say_errors(answer, before, after, service);
	for (size_t i = 0; i < CHANGE_KIND_COUNT; i++)
		buffer_append_format(
			&answer->out, "%s%zu %s", i ? ", " : "; templates: ", lists[i].count, change_labels[i]);
	answer_say(answer, NULL);
	if (service == QUERY_ALL)
		say_rates(answer, before, after);
	for (int i = 0; i < CHANGE_KIND_COUNT; i++) {
		vector_sort(&lists[i], by_size);
		say_changes(answer, &lists[i], (enum answer_kind)i);
		vector_release(&lists[i]);
	}
}

/* Without a moment of its own: the baseline against what came after. */
static bool find_moment(struct answer *answer, struct window *before, struct window *after)
{
	const struct analysis *analysis = answer_analysis(answer);
	const struct suspect *first = analysis ? analysis_suspect(analysis, 0) : NULL;

	if (first) {
		before->to = after->from = first->onset.time;
		answer->has_anchor = true;
		answer->anchor = first->onset.time;
		return true;
	}
	buffer_append_string(&answer->out,
		"nothing left its baseline, so there is no moment of change; name one: what changed at 20:41");
	answer_say(answer, NULL);
	return false;
}

/* Around the named moment the stretch before it has the same length. */
void answer_change(struct answer *answer)
{
	const struct question *question = answer->question;
	struct window before = answer->extent, after = answer->window;

	if (question->moment == MOMENT_BEFORE) {
		after.from = time_shift(after.to, -TIMESTAMP_MINUTE);
		after = answer_clip(answer, after);
		before.to = after.from;
	} else if (question->has_from && question->has_to) {
		before.to = after.from;
		before.from = time_shift(before.to, -time_apart(after.from, after.to));
	} else if (question->has_from || question->moment == MOMENT_SINCE) {
		before.to = after.from;
	} else if (question->has_to) {
		before.to = after.from = question->to;
		after.to = answer->extent.to;
	} else if (!find_moment(answer, &before, &after)) {
		return;
	}
	before = answer_clip(answer, before);
	answer_filter(answer, answer->filter, true);
	if (before.from >= before.to) {
		buffer_append_string(&answer->out, "the log begins at ");
		say_clock(&answer->out, &answer->scene, answer->extent.from);
		buffer_append_string(&answer->out, ": there is nothing before it to compare with");
		answer_say(answer, NULL);
		return;
	}
	compare_windows(answer, before, after);
}

static void say_side(struct answer *answer, uint32_t service)
{
	const struct onset *onset = answer_onset(answer, service);
	struct tally records = { .service = service, .template = QUERY_ALL, .level = LEVEL_TRACE }, errors = records;
	uint64_t count;
	unsigned number;

	errors.level = LEVEL_ERROR;
	say_service(&answer->out, &answer->scene, service);
	buffer_append_string(&answer->out, ": ");
	say_plural(&answer->out, scene_count(&answer->scene, &records, answer->window), "record");
	buffer_append_string(&answer->out, ", ");
	number = scene_cite_count(&answer->scene, &errors, answer->window, &count);
	say_plural(&answer->out, count, "error");
	buffer_append_string(&answer->out, ", ");
	say_rate(&answer->out, (double)count / minutes_of(answer->window));
	buffer_append_string(&answer->out, " a minute");
	say_cite(&answer->out, number);
	if (onset && onset->time != TIMESTAMP_NONE && !onset->background) {
		buffer_append_string(&answer->out, "; left its baseline at ");
		say_clock(&answer->out, &answer->scene, onset->time);
		say_cite(&answer->out,
			evidence_add_line(
				answer->scene.book, answer->scene.store, answer->scene.reader, onset->record));
	} else if (onset && onset->background) {
		buffer_append_string(&answer->out, "; errs at its usual rate");
	} else {
		buffer_append_string(&answer->out, "; normal");
	}
}

/* "warnings vs errors" */
static void compare_levels(struct answer *answer)
{
	const struct question *question = answer->question;
	enum level sides[] = { question->first_level, question->second_level };
	uint64_t counts[2];
	unsigned numbers[2];

	for (size_t i = 0; i < 2; i++) {
		struct tally tally = { .service = question->service_count ? question->services[0] : QUERY_ALL,
			.template = QUERY_ALL,
			.level = sides[i],
			.exactly = true };

		numbers[i] = scene_cite_count(&answer->scene, &tally, answer->window, &counts[i]);
	}
	for (size_t i = 0; i < 2; i++) {
		buffer_append_string(&answer->out, i ? " against " : "");
		say_number(&answer->out, counts[i]);
		buffer_append_format(&answer->out, " %s", level_name(sides[i]));
		say_cite(&answer->out, numbers[i]);
	}
	if (question->service_count) {
		buffer_append_string(&answer->out, " in ");
		say_service(&answer->out, &answer->scene, question->services[0]);
	}
	answer_window(answer);
	answer_say(answer, NULL);
}

void answer_compare(struct answer *answer)
{
	const struct question *question = answer->question;

	answer_filter(answer, answer->filter, true);
	if (question->has_second_at) {
		struct window first = { question->from, question->to },
			      second = { question->second_from, question->second_to };

		compare_windows(answer, answer_clip(answer, first), answer_clip(answer, second));
		return;
	}
	if (question->service_count < 2 && question->has_second_level) {
		compare_levels(answer);
		return;
	}
	if (question->service_count < 2) {
		if (question->has_from || question->has_to) {
			answer_change(answer);
			return;
		}
		buffer_append_string(&answer->out,
			"name two services or two times to compare: compare payment and gateway, compare 20:40 and "
			"20:45");
		answer_say(answer, NULL);
		return;
	}
	say_service(&answer->out, &answer->scene, question->services[0]);
	for (size_t i = 1; i < question->service_count; i++) {
		buffer_append_string(&answer->out, " and ");
		say_service(&answer->out, &answer->scene, question->services[i]);
	}
	answer_window(answer);
	answer_say(answer, NULL);
	for (size_t i = 0; i < question->service_count; i++) {
		say_side(answer, question->services[i]);
		answer_say(answer, NULL);
	}
}
