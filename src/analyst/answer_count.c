/*
 * How many, and which: counting and showing what a question's filter matches.
 */
#include "analyst/asking.h"

#include <stdlib.h>

#define BREAKDOWN 4

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
	uint32_t service_count = store_service_count(answer->scene.store),
		 template_count = store_template_count(answer->scene.store);
	struct part *by_service = calloc((size_t)service_count + 1, sizeof(*by_service)),
		    *by_template = calloc((size_t)template_count + 1, sizeof(*by_template)), *place;
	struct matches matches;
	struct record record;
	struct buffer text;
	bool room = by_service && by_template;

	buffer_init(&text, SCENE_SENTENCE);
	answer_filter(answer, &text, false);
	room = matches_init(&matches, answer, buffer_slice(&text), answer->window) && room;
	while (room && matches_next(&matches, &record)) {
		if (record.service < service_count && by_service[record.service].count++ == 0)
			by_service[record.service].first = record.id;
		if (record.template <template_count &&by_template[record.template].count++ == 0)
			by_template[record.template].first = record.id;
	}
	for (uint32_t i = 0; room && i < service_count; i++)
		if (by_service[i].count && (place = vector_push(services)))
			*place = (struct part){ i, by_service[i].count, by_service[i].first };
	for (uint32_t i = 0; room && i < template_count; i++)
		if (by_template[i].count && (place = vector_push(templates)))
			*place = (struct part){ i, by_template[i].count, by_template[i].first };
	vector_sort(services, by_count);
	vector_sort(templates, by_count);
	matches_release(&matches);
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

void answer_baseline(struct answer *answer, uint64_t count)
{
	const struct analysis *analysis = answer_analysis(answer);
	struct window baseline =
		analysis && analysis->have_onsets ? analysis->onsets.baseline : (struct window){ 0, 0 };
	uint64_t usual, first;
	unsigned number;

	if (baseline.from >= baseline.to || (answer->window.from >= baseline.from && answer->window.to <= baseline.to))
		return;
	number = answer_tally(answer, baseline, &usual, &first);
	if (answer->question->kind != QUESTION_RATE) {
		say_rate(&answer->out, (double)count / minutes_of(answer->window));
		buffer_append_string(&answer->out, " a minute; ");
	}
	say_rate(&answer->out, (double)usual / minutes_of(baseline));
	buffer_append_string(&answer->out,
		answer->question->kind == QUESTION_RATE ? " a minute in the baseline, " : " in the baseline, ");
	say_window(&answer->out, &answer->scene, baseline);
	say_cite(&answer->out, number);
	answer_say(answer, answer->question->kind == QUESTION_RATE ? "usual" : "rate");
}

static uint64_t count_alone(struct answer *answer, const struct term *term)
{
	struct question question = { .terms = { *term }, .term_count = 1 };
	const struct question *asked = answer->question;
	struct buffer filter;
	uint64_t count = 0, first;

	buffer_init(&filter, SCENE_SENTENCE);
	answer->question = &question;
	answer_filter(answer, &filter, false);
	scene_recount(&answer->scene, buffer_slice(&filter), answer->window, &count, &first);
	answer->question = asked;
	buffer_release(&filter);
	return count;
}

bool answer_finds_a_term(struct answer *answer)
{
	for (size_t i = 0; i < answer->question->term_count; i++)
		if (!answer->question->terms[i].negated && count_alone(answer, &answer->question->terms[i]))
			return true;
	return false;
}

/* Of several words one may be there. */
static void say_each_alone(struct answer *answer)
{
	const struct question *question = answer->question;

	for (size_t i = 0; i < question->term_count; i++) {
		buffer_append_string(&answer->out, i ? ", " : "");
		say_quote(&answer->out, slice_of(question->terms[i].text), 40);
		buffer_append_byte(&answer->out, ' ');
		say_number(&answer->out, count_alone(answer, &question->terms[i]));
	}
	answer_say(answer, "each alone");
}

/* Nothing found: perhaps not all of it is there, perhaps a name was mistyped. */
void answer_hint(struct answer *answer)
{
	if (answer->question->term_count > 1)
		say_each_alone(answer);
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

/* Asked for records of any kind: what else there is of the log. */
static void say_whole(struct answer *answer, uint64_t count)
{
	const struct question *question = answer->question;
	const struct scene *scene = &answer->scene;
	struct ledger ledger = store_ledger_total(scene->store);
	uint64_t unparsed = query_unparsed(scene->store, 0, scene->horizon.records), templates = 0, services = 0;

	if (!question->any_level || question->has_level || question->service_count || question->excluded_count ||
		question->term_count || question->has_from || question->has_to || question->moment ||
		answer->window.from != answer->extent.from || answer->window.to != answer->extent.to)
		return;
	for (uint32_t i = 0; i < store_template_count(scene->store); i++)
		templates += store_template_first(scene->store, i) < scene->horizon.records;
	for (uint32_t i = 0; i < store_service_count(scene->store); i++)
		services += scene_knows(scene, i);
	/* The ledger is of the whole source: under a horizon its lines would tell of the future. */
	if (scene->horizon.records == store_count(scene->store) && ledger.records == scene->horizon.records) {
		say_plural(&answer->out, ledger.lines, "line");
		buffer_append_string(&answer->out, ", ");
	}
	say_plural(&answer->out, services, "service");
	buffer_append_string(&answer->out, ", ");
	say_plural(&answer->out, templates, "template");
	buffer_append_string(&answer->out, ", ");
	say_number(&answer->out, unparsed);
	buffer_append_string(&answer->out, " unparsed");
	if (scene->horizon.records > count) {
		buffer_append_string(&answer->out, "; ");
		say_number(&answer->out, scene->horizon.records - count);
		buffer_append_string(&answer->out, " more without a readable time");
	}
	answer_say(answer, "in all");
}

/* Of the records of the same services in the same time. */
static void say_share(struct answer *answer, uint64_t count)
{
	struct question question = *answer->question;
	const struct question *asked = answer->question;
	uint64_t all, first;
	unsigned number;

	question.has_level = false;
	question.term_count = 0;
	answer->question = &question;
	number = answer_tally(answer, answer->window, &all, &first);
	buffer_append_format(&answer->out, "%.1f %% of ", all ? 100.0 * (double)count / (double)all : 0.0);
	answer_subject(answer, all);
	say_cite(&answer->out, number);
	answer_say(answer, "share");
	answer->question = asked;
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
	say_whole(answer, count);
	if (answer->question->about_share)
		say_share(answer, count);
	if (count == 0) {
		answer_hint(answer);
		return;
	}
	answer_baseline(answer, count);
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
	/* The first number is the one that was asked for. */
	if (question.counted) {
		say_plural(&answer->out, templates.count, "template");
		buffer_append_string(&answer->out, " of ");
	}
	answer_subject(answer, count);
	answer_window(answer);
	say_cite(&answer->out, number);
	if (!question.counted) {
		buffer_append_string(&answer->out, ", ");
		say_plural(&answer->out, templates.count, "template");
	}
	if (templates.count > most)
		buffer_append_format(&answer->out, ", the %zu most frequent:", most);
	answer_say(answer, NULL);
	say_parts(answer, &templates, true, most);
	say_rest(answer, templates.count > most ? templates.count - most : 0);
	answer->question = asked;
	vector_release(&services);
	vector_release(&templates);
}
