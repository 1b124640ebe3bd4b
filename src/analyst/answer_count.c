/*
 * How many, and which: counting and showing what a question's filter matches.
 */
#include "analyst/asking.h"

#include <stdlib.h>

#define BREAKDOWN 4
#define SHOWN 8

struct part {
	uint32_t code;
	uint64_t count;
	uint64_t first;
};

static int by_count(const void *a, const void *b)
{
	const struct part *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return left->code < right->code ? -1 : left->code > right->code;
}

/* Counts matches by service and by template in one walk. */
static void walk(struct answer *answer, struct vector *services, struct vector *templates)
{
	struct filter_scope scope = {
		.store = answer->scene.store, .now = answer->scene.horizon.time, .zone = answer->scene.zone
	};
	uint32_t service_count = store_service_count(answer->scene.store),
		 template_count = store_template_count(answer->scene.store);
	struct part *by_service = calloc((size_t)service_count + 1, sizeof(*by_service)),
		    *by_template = calloc((size_t)template_count + 1, sizeof(*by_template)), *place;
	struct filter *filter = NULL;
	struct buffer text;
	size_t fault;

	buffer_init(&text, SCENE_SENTENCE);
	answer_filter(answer, &text, false);
	if (by_service && by_template)
		filter = filter_parse(buffer_slice(&text), &scope, &fault, NULL);
	for (uint64_t id = query_find_time(scope.store, answer->scene.horizon, answer->window.from);
		filter && id < answer->scene.horizon.records; id++) {
		struct record record;

		store_record(scope.store, id, &record);
		if (record.time < answer->window.from || record.time >= answer->window.to ||
			!filter_match(filter, scope.store, &record, answer->scene.reader))
			continue;
		if (record.service < service_count && by_service[record.service].count++ == 0)
			by_service[record.service].first = id;
		if (record.template <template_count &&by_template[record.template].count++ == 0)
			by_template[record.template].first = id;
	}
	for (uint32_t i = 0; filter && i < service_count; i++)
		if (by_service[i].count && (place = vector_push(services)))
			*place = (struct part){ i, by_service[i].count, by_service[i].first };
	for (uint32_t i = 0; filter && i < template_count; i++)
		if (by_template[i].count && (place = vector_push(templates)))
			*place = (struct part){ i, by_template[i].count, by_template[i].first };
	vector_sort(services, by_count);
	vector_sort(templates, by_count);
	filter_destroy(filter);
	buffer_release(&text);
	free(by_service);
	free(by_template);
}

static void say_parts(struct answer *answer, const struct vector *parts, bool templates, size_t most)
{
	for (size_t i = 0; i < parts->count && i < most; i++) {
		const struct part *part = vector_at(parts, i);

		if (templates) {
			say_number(&answer->out, part->count);
			buffer_append_string(&answer->out, " x ");
			say_template(&answer->out, &answer->scene, part->code, 72);
			say_cite(&answer->out,
				evidence_add_line(
					answer->scene.book, answer->scene.store, answer->scene.reader, part->first));
			answer_say(answer, "template");
			continue;
		}
		buffer_append_string(&answer->out, i ? ", " : "");
		say_service(&answer->out, &answer->scene, part->code);
		buffer_append_byte(&answer->out, ' ');
		say_number(&answer->out, part->count);
	}
	if (templates)
		return;
	if (parts->count > most)
		buffer_append_format(&answer->out, ", %zu more", parts->count - most);
	answer_say(answer, "by service");
}

static void say_rest(struct answer *answer, size_t rest)
{
	if (rest == 0)
		return;
	say_plural(&answer->out, rest, "further template");
	answer_say(answer, "more");
}

/* The same question asked of the quiet part, as a rate: without it a number says little. */
static void say_comparison(struct answer *answer, uint64_t count)
{
	const struct analysis *analysis = answer_analysis(answer);
	struct window baseline =
		analysis && analysis->have_onsets ? analysis->onsets.baseline : (struct window){ 0, 0 };
	uint64_t usual, first;
	unsigned number;

	if (baseline.from >= baseline.to || (answer->window.from >= baseline.from && answer->window.to <= baseline.to))
		return;
	number = answer_tally(answer, baseline, &usual, &first);
	say_rate(&answer->out, (double)count / minutes_of(answer->window));
	buffer_append_string(&answer->out, " a minute; ");
	say_rate(&answer->out, (double)usual / minutes_of(baseline));
	buffer_append_string(&answer->out, " in the baseline, ");
	say_window(&answer->out, &answer->scene, baseline);
	say_cite(&answer->out, number);
	answer_say(answer, "rate");
}

/* Nothing found: perhaps a name was mistyped. */
static void say_hint(struct answer *answer)
{
	for (size_t i = 0; i < answer->question->term_count; i++) {
		uint32_t nearest = names_nearest(&answer->scene, slice_of(answer->question->terms[i].text));

		if (nearest == STORE_NO_CODE)
			continue;
		buffer_append_string(&answer->out, "did you mean the service ");
		say_service(&answer->out, &answer->scene, nearest);
		buffer_append_string(&answer->out, "?");
		answer_say(answer, "hint");
		return;
	}
}

void answer_count(struct answer *answer)
{
	struct vector services, templates;
	uint64_t count, first;
	unsigned number = answer_tally(answer, answer->window, &count, &first);

	answer_filter(answer, answer->filter, true);
	answer_subject(answer, count);
	answer_window(answer);
	say_cite(&answer->out, number);
	answer_say(answer, NULL);
	if (count == 0) {
		say_hint(answer);
		return;
	}
	say_comparison(answer, count);
	vector_init(&services, sizeof(struct part), 65536);
	vector_init(&templates, sizeof(struct part), 65536);
	walk(answer, &services, &templates);
	if (answer->question->service_count != 1 && services.count)
		say_parts(answer, &services, false, 8);
	say_parts(answer, &templates, true, BREAKDOWN);
	say_rest(answer, templates.count > BREAKDOWN ? templates.count - BREAKDOWN : 0);
	vector_release(&services);
	vector_release(&templates);
}

void answer_templates(struct answer *answer)
{
	size_t most = answer->question->limit ? answer->question->limit : 6;
	struct question question = *answer->question;
	const struct question *asked = answer->question;
	struct vector services, templates;
	uint64_t count, first;
	unsigned number;

	/* "top" alone means what hurts. */
	if (!question.has_level && !question.any_level && question.term_count == 0) {
		question.has_level = true;
		question.level = LEVEL_WARN;
		question.exactly = false;
	}
	answer->question = &question;
	number = answer_tally(answer, answer->window, &count, &first);
	vector_init(&services, sizeof(struct part), 65536);
	vector_init(&templates, sizeof(struct part), 65536);
	walk(answer, &services, &templates);
	answer_filter(answer, answer->filter, true);
	answer_subject(answer, count);
	answer_window(answer);
	say_cite(&answer->out, number);
	buffer_append_string(&answer->out, ", ");
	say_plural(&answer->out, templates.count, "template");
	if (templates.count > most)
		buffer_append_format(&answer->out, ", the %zu most frequent:", most);
	answer_say(answer, NULL);
	say_parts(answer, &templates, true, most);
	say_rest(answer, templates.count > most ? templates.count - most : 0);
	answer->question = asked;
	vector_release(&services);
	vector_release(&templates);
}

void answer_show(struct answer *answer)
{
	size_t most = answer->question->limit ? answer->question->limit : SHOWN, shown = 0;
	struct filter_scope scope = {
		.store = answer->scene.store, .now = answer->scene.horizon.time, .zone = answer->scene.zone
	};
	struct filter *filter;
	uint64_t count, first;
	unsigned number = answer_tally(answer, answer->window, &count, &first);
	struct buffer text;
	size_t fault;

	answer_filter(answer, answer->filter, true);
	answer_subject(answer, count);
	answer_window(answer);
	say_cite(&answer->out, number);
	if (count > most)
		buffer_append_format(&answer->out, "; the first %zu:", most);
	answer_say(answer, NULL);
	buffer_init(&text, SCENE_SENTENCE);
	answer_filter(answer, &text, false);
	filter = filter_parse(buffer_slice(&text), &scope, &fault, NULL);
	for (uint64_t id = first; filter && id < answer->scene.horizon.records && shown < most && shown < count; id++) {
		struct record record;

		store_record(scope.store, id, &record);
		if (record.time < answer->window.from || record.time >= answer->window.to ||
			!filter_match(filter, scope.store, &record, answer->scene.reader))
			continue;
		answer_line(answer, id);
		answer_say(answer, NULL);
		shown++;
	}
	filter_destroy(filter);
	buffer_release(&text);
	if (count == 0)
		say_hint(answer);
	if (answer->filter->size) {
		buffer_append_slice(&answer->out, buffer_slice(answer->filter));
		answer_say(answer, "filter");
	}
}
