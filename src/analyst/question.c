/*
 * A conversation: the last question with its slots, and the table of answers.
 */
#include "analyst/asking.h"

#include <stdlib.h>

struct conversation {
	struct question last;
	bool has_last;
	bool has_anchor;
	int64_t anchor; /* what "since then" means */
};

static const struct {
	void (*answer)(struct answer *answer);
	const char *example; /* NULL: told by another row */
} kinds[QUESTION_KIND_COUNT] = {
	[QUESTION_UNKNOWN] = { answer_unknown, NULL },
	[QUESTION_COUNT] = { answer_count, "how many errors in payment-service after 20:40" },
	[QUESTION_SHOW] = { answer_show, "show timeouts between 20:41 and 20:43" },
	[QUESTION_CHANGE] = { answer_change, "what changed at 20:41" },
	[QUESTION_ORDER] = { answer_order, "which service failed first" },
	[QUESTION_CAUSE] = { answer_cause, "what is the root cause" },
	[QUESTION_SUMMARY] = { answer_summary, "what happened" },
	[QUESTION_ADVICE] = { answer_advice, "what should I do" },
	[QUESTION_HEALTH] = { answer_health, "is inventory healthy" },
	[QUESTION_FIRST] = { answer_first, "when did the timeouts start" },
	[QUESTION_LAST] = { answer_last, "when was the last fatal in orders-db" },
	[QUESTION_DURATION] = { answer_duration, "how long did it last" },
	[QUESTION_LOUDEST] = { answer_loudest, "which service is loudest" },
	[QUESTION_TEMPLATES] = { answer_templates, "top errors in the last 5 minutes" },
	[QUESTION_SERVICES] = { answer_services, "which services are there" },
	[QUESTION_OWNER] = { answer_owner, "who owns orders-db" },
	[QUESTION_COMPARE] = { answer_compare, "compare payment and gateway" },
	[QUESTION_RATE] = { answer_rate, "errors per minute in gateway between 20:41 and 20:45" },
	[QUESTION_RECOVERY] = { answer_recovery, "did it recover" },
	[QUESTION_END] = { answer_recovery, NULL },
	[QUESTION_UNPARSED] = { answer_unparsed, "how many unparsed" },
	[QUESTION_IMPACT] = { answer_impact, "how bad is it" },
	[QUESTION_AFFECTED] = { answer_affected, "which services are affected" },
	[QUESTION_DEPLOYS] = { answer_deploys, "did a deploy cause it" },
	[QUESTION_RANKING] = { answer_ranking, "what else could it be" },
	[QUESTION_ACTION] = { answer_refused, NULL },
	[QUESTION_TIMING] = { answer_refused, NULL },
	[QUESTION_FUTURE] = { answer_refused, NULL },
	[QUESTION_HELP] = { answer_help, NULL },
};

static const char *const follow_up_examples[] = { "and in inventory-service?", "and after 20:45?", "show them" };

const char *conversation_example(size_t index)
{
	size_t seen = 0;

	for (size_t i = 0; i < QUESTION_KIND_COUNT; i++)
		if (kinds[i].example && seen++ == index)
			return kinds[i].example;
	return index - seen < sizeof(follow_up_examples) / sizeof(follow_up_examples[0])
		? follow_up_examples[index - seen]
		: NULL;
}

struct conversation *conversation_create(void)
{
	return calloc(1, sizeof(struct conversation));
}

void conversation_destroy(struct conversation *conversation)
{
	free(conversation);
}

void conversation_forget(struct conversation *conversation)
{
	conversation->has_last = conversation->has_anchor = false;
}

static void list_services(struct answer *answer)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < store_service_count(answer->scene.store); i++) {
		if (!scene_knows(&answer->scene, i) || ++count > 12)
			continue;
		buffer_append_string(&answer->out, count > 1 ? ", " : "");
		say_service(&answer->out, &answer->scene, i);
	}
	if (count > 12)
		buffer_append_format(&answer->out, " and %u more", count - 12);
}

static void answer_no_service(struct answer *answer, struct slice name)
{
	uint32_t nearest = names_nearest(&answer->scene, name);
	struct buffer shown;

	buffer_init(&shown, SCENE_SENTENCE);
	say_quote(&shown, name, 60);
	buffer_append_string(&answer->out, "there is no service ");
	buffer_append_slice(&answer->out, slice_first(slice_from(buffer_slice(&shown), 1), shown.size - 2));
	buffer_release(&shown);
	if (nearest != STORE_NO_CODE) {
		buffer_append_string(&answer->out, "; did you mean ");
		say_service(&answer->out, &answer->scene, nearest);
		buffer_append_string(&answer->out, "?");
	} else {
		buffer_append_string(&answer->out, "; there are: ");
		list_services(answer);
	}
	answer_say(answer, NULL);
}

/* A kind that is about a service was asked about something that is none. */
static bool lacks_service(const struct question *question)
{
	return (question->kind == QUESTION_HEALTH || question->kind == QUESTION_OWNER ||
		       question->kind == QUESTION_COMPARE) &&
		question->service_count == 0 && question->term_count > 0 && !question->has_from;
}

/* Words alone are a search if the log has them; otherwise nothing was understood. */
static enum question_kind guess_kind(struct answer *answer)
{
	const struct question *question = answer->question;
	uint64_t count, first;

	if (question->service_count && !question->term_count && !question->has_level && !question->has_from &&
		!question->has_to)
		return QUESTION_HEALTH;
	if (question->has_level || question->any_level || question->service_count || question->excluded_count)
		return QUESTION_SHOW;
	if (question->has_at && question->term_count == 0)
		return QUESTION_CHANGE;
	if (question->term_count == 0)
		return question->has_from || question->has_to || question->moment ? QUESTION_SHOW : QUESTION_UNKNOWN;
	answer_tally(answer, answer->window, &count, &first);
	/* A few bare words are a search even when only one of them is there. */
	return count || (question->words <= 3 && answer_finds_a_term(answer)) ? QUESTION_SHOW : QUESTION_UNKNOWN;
}

/* "before the incident" needs to know when that was; of one service that was named it is its own onset. */
static void resolve_moment(struct answer *answer, struct question *question)
{
	const struct analysis *analysis = question->moment ? answer_analysis(answer) : NULL;
	const struct suspect *moment = analysis ? analysis_suspect(analysis, 0) : NULL;

	for (size_t i = 0; moment && question->service_count == 1 && i < analysis->suspects.count; i++)
		if (analysis_suspect(analysis, i)->service == question->services[0])
			moment = analysis_suspect(analysis, i);
	if (!moment) {
		question->moment = MOMENT_NONE;
	} else if (question->moment == MOMENT_BEFORE) {
		answer->window.to = moment->onset.time;
	} else {
		answer->window.from = moment->onset.time;
	}
}

/* "since then": what the last answer was about; without one it is the incident. */
static void resolve_anchor(const struct conversation *conversation, struct question *question)
{
	if (!question->anchored || !question->moment || !conversation->has_anchor)
		return;
	if (question->moment == MOMENT_SINCE && !question->has_from) {
		question->has_from = true;
		question->from = conversation->anchor;
		question->has_to = question->has_at = false;
	} else if (question->moment == MOMENT_BEFORE && !question->has_to) {
		question->has_to = true;
		question->to = conversation->anchor;
	}
	question->moment = MOMENT_NONE;
}

/* Nothing of the time that was named is in the log. */
static bool lies_outside(struct answer *answer, const struct question *question)
{
	struct window first = { question->from, question->to }, second = { question->second_from, question->second_to };

	if (question->kind == QUESTION_HELP || question->kind == QUESTION_OWNER)
		return false;
	return answer_outside(answer, first, question->has_from, question->has_to) ||
		(question->has_second_at && answer_outside(answer, second, true, true));
}

static bool says_failed(const struct term *term)
{
	static const char *const words[] = { "failed", "fail", "fails", "failure" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!term->negated && slice_equal_nocase(slice_of(term->text), slice_of(words[i])))
			return true;
	return false;
}

/* "how many checkouts failed": when no line says "failed" it is the errors that are meant. */
static void mean_failures(struct answer *answer, struct question *question)
{
	size_t kept = 0;
	uint64_t count, first;
	bool meant = false;

	if ((question->kind != QUESTION_COUNT && question->kind != QUESTION_SHOW) || question->has_level)
		return;
	for (size_t i = 0; i < question->term_count; i++)
		meant = meant || says_failed(&question->terms[i]);
	if (!meant)
		return;
	answer_tally(answer, answer->window, &count, &first);
	if (count)
		return;
	for (size_t i = 0; i < question->term_count; i++)
		if (!says_failed(&question->terms[i]))
			question->terms[kept++] = question->terms[i];
	question->term_count = kept;
	question->has_level = true;
	question->level = LEVEL_ERROR;
	question->exactly = false;
}

static void answer_question(struct answer *answer, struct question *question)
{
	if (question->empty) {
		answer_help(answer);
	} else if (question->bad_time[0]) {
		say_quote(&answer->out, slice_of(question->bad_time), 40);
		buffer_append_string(&answer->out, " is no time of day that I can read; write 20:41 or 20:41:07");
		answer_say(answer, NULL);
	} else if (question->unknown[0]) {
		answer_no_service(answer, slice_of(question->unknown));
	} else if (lacks_service(question)) {
		answer_no_service(answer, slice_of(question->terms[0].text));
	} else if (!lies_outside(answer, question)) {
		answer->window = answer_clip(answer, answer->window);
		resolve_moment(answer, question);
		if (question->kind == QUESTION_UNKNOWN)
			question->kind = guess_kind(answer);
		mean_failures(answer, question);
		kinds[question->kind].answer(answer);
	}
	if (question->corrected) {
		buffer_append_string(&answer->out, "read ");
		say_quote(&answer->out, slice_of(question->misspelt), 40);
		buffer_append_format(&answer->out, " as \"%s\"", question->corrected);
		answer_say(answer, "note");
	}
}

/* What the next question may refer to. */
static void remember(struct conversation *conversation, const struct answer *answer, const struct question *question)
{
	if (question->empty || question->kind == QUESTION_UNKNOWN || question->kind == QUESTION_HELP ||
		question->unknown[0] || question->bad_time[0])
		return;
	conversation->last = *question;
	conversation->has_last = true;
	conversation->has_anchor = answer->has_anchor || question->has_from;
	conversation->anchor = answer->has_anchor ? answer->anchor : question->from;
}

int conversation_ask(struct conversation *conversation, const struct analysis_input *input,
	const struct analysis *analysis, struct slice text, struct transcript *transcript, struct evidence_book *book,
	struct buffer *filter)
{
	struct question question;
	struct answer answer = { .scene = { input->store, input->reader, input->horizon, input->zone, book },
		.question = &question,
		.input = input,
		.analysis = analysis && analysis_done(analysis) ? analysis : NULL,
		.transcript = transcript,
		.filter = filter };
	struct asking asking = {
		.store = input->store, .zone = input->zone, .now = input->horizon.time, .scene = &answer.scene
	};
	struct buffer shown;

	buffer_init(&answer.out, SCENE_SENTENCE);
	buffer_init(&shown, SCENE_SENTENCE);
	buffer_clear(filter);
	buffer_append_slice(&shown, slice_trim(slice_first(text, QUESTION_BYTES)));
	transcript_add(transcript, ENTRY_QUESTION, NULL, buffer_slice(&shown), input->horizon.time);
	buffer_release(&shown);
	if (input->horizon.records == 0 || !store_has_records(input->store) ||
		!query_extent(input->store, input->horizon, &answer.extent)) {
		buffer_append_string(&answer.out,
			input->horizon.records
				? "the log has no records with a readable time, so I cannot answer by time"
				: "there is nothing in the log yet");
		answer_say(&answer, NULL);
		buffer_release(&answer.out);
		return 0;
	}
	asking.extent = answer.extent;
	question_parse(&asking, text, &question);
	resolve_anchor(conversation, &question);
	if (conversation->has_last && (question.follow_up || question.anaphoric))
		question_inherit(&question, &conversation->last);
	answer.window = input->scope && !question.has_from && !question.has_to ? *input->scope : answer.extent;
	if (question.has_from)
		answer.window.from = question.from;
	if (question.has_to)
		answer.window.to = question.to;
	answer_question(&answer, &question);
	remember(conversation, &answer, &question);
	analysis_destroy(answer.own);
	buffer_release(&answer.out);
	return 0;
}

void answer_help(struct answer *answer)
{
	buffer_append_string(&answer->out,
		answer->question->empty ? "ask something, for example:"
					: "I read this log without a model: I can count, show, compare, order and "
					  "explain. For example:");
	answer_say(answer, NULL);
	for (size_t i = 0; conversation_example(i) && (i < 6 || !answer->question->empty); i++) {
		buffer_append_string(&answer->out, conversation_example(i));
		answer_say(answer, NULL);
	}
}

void answer_unknown(struct answer *answer)
{
	buffer_append_string(&answer->out,
		"I do not understand that, and nothing in the log matches its words. I am no model: I can count, show, "
		"compare, "
		"order and explain. Try:");
	answer_say(answer, NULL);
	for (size_t i = 0; i < 6 && conversation_example(i); i++) {
		buffer_append_string(&answer->out, conversation_example(i));
		answer_say(answer, NULL);
	}
}
