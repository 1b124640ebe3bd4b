/*
 * The loop of turns. Each event of the provider and each job that comes back leads on to what is next, by phase and
 * budget; nothing waits.
 */
#include "analyst/investigating.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NANOSECONDS INT64_C(1000000000)
#define ANSWER_BYTES ((size_t)1 << 20)
#define TOOLS_MAXIMUM 32

/* --- telling ---- */

static void news(struct investigation *investigation)
{
	if (investigation->options.on_news != NULL)
		investigation->options.on_news(investigation->options.context);
}

static void end_line(struct investigation *investigation);

void investigation_say(struct investigation *investigation, enum entry_kind kind, struct slice text)
{
	end_line(investigation);
	transcript_add(&investigation->transcript, kind, NULL, text, investigation->options.input.horizon.time);
}

static void end(struct investigation *investigation, enum investigation_state state)
{
	investigation->state = state;
	investigation->phase = PHASE_OVER;
	end_line(investigation);
	news(investigation);
	if (investigation->options.on_end != NULL)
		investigation->options.on_end(investigation->options.context);
}

void investigation_fail(struct investigation *investigation, const char *sentence)
{
	snprintf(investigation->failure, sizeof(investigation->failure), "%s", sentence);
	investigation_say(investigation, ENTRY_NOTICE, slice_of(sentence));
	end(investigation, INVESTIGATION_FAILED);
}

/* An object is for the program: it is shown when it is whole, as what it says. */
static bool is_object(const struct buffer *answer)
{
	struct slice text = slice_trim(buffer_slice(answer));

	return slice_starts(text, "{") || slice_starts(text, "`");
}

/* A piece of one line: goes on where the last piece ended, or begins an entry. */
static void stream_piece(struct investigation *investigation, enum entry_kind kind, struct slice piece)
{
	struct buffer shown;

	if (!investigation->is_streaming || investigation->streaming != kind) {
		while (piece.size > 0 && (piece.data[0] == ' ' || piece.data[0] == '\r'))
			piece = slice_from(piece, 1);
		if (piece.size == 0)
			return;
		/* An answer's first line is the answer; the others are its text. */
		investigation_say(investigation, kind == ENTRY_ANSWER && investigation->answered ? ENTRY_TEXT : kind,
			(struct slice){ NULL, 0 });
		investigation->answered = investigation->answered || kind == ENTRY_ANSWER;
		investigation->is_streaming = true;
		investigation->streaming = kind;
		investigation->unveil = (struct unveil){ .vault = investigation->options.vault };
	}
	buffer_init(&shown, ANSWER_BYTES);
	unveil_feed(&investigation->unveil, piece, &shown);
	transcript_extend(&investigation->transcript, buffer_slice(&shown));
	buffer_release(&shown);
}

static void end_line(struct investigation *investigation)
{
	struct buffer held;

	if (!investigation->is_streaming)
		return;
	buffer_init(&held, 64);
	unveil_finish(&investigation->unveil, &held);
	transcript_extend(&investigation->transcript, buffer_slice(&held));
	buffer_release(&held);
	investigation->is_streaming = false;
}

/* Each line becomes an entry. */
static void stream(struct investigation *investigation, enum entry_kind kind, struct slice delta)
{
	while (delta.size > 0) {
		size_t end = slice_find_byte(delta, '\n');

		stream_piece(investigation, kind, slice_first(delta, end));
		if (end == SIZE_MAX)
			return;
		end_line(investigation);
		delta = slice_from(delta, end + 1);
	}
}

static void take_text(struct investigation *investigation, struct slice delta)
{
	buffer_append_slice(&investigation->answer, delta);
	if (investigation->phase != PHASE_REPAIR && !is_object(&investigation->answer))
		stream(investigation, investigation->is_question ? ENTRY_ANSWER : ENTRY_TEXT, delta);
}

/* --- budgets ---- */

/* The sentence why it must end, or NULL. */
static const char *spent(const struct investigation *investigation)
{
	const struct investigation_budget *budget = &investigation->options.budget;
	const struct investigation_usage *used = &investigation->used;
	int64_t now = loop_now(investigation->options.loop);

	if (used->turns >= budget->turns)
		return "its turns are spent";
	if (used->tokens.input + used->tokens.output >= budget->tokens)
		return "its tokens are spent";
	if (now - investigation->began >= (int64_t)budget->seconds * NANOSECONDS)
		return "its time is over";
	if (budget->dollars > 0 && used->dollars >= budget->dollars)
		return "its money is spent";
	return NULL;
}

/* Tokenizers differ by a factor of two and more: the first count of the provider sets ours right. */
static void calibrate(struct investigation *investigation, uint64_t tokens)
{
	double scale = investigation->estimate > 0 ? (double)tokens / (double)investigation->estimate : 1;

	if (scale > investigation->scale)
		investigation->scale = scale;
}

static void count_usage(struct investigation *investigation, const struct llm_event *event)
{
	struct investigation_usage *used = &investigation->used;
	double price = price_of(
		price_find(investigation->options.prices, llm_model(investigation->options.llm)), event->usage);

	calibrate(investigation, event->usage->input);
	used->turns++;
	used->first = event->first;
	used->took += event->took;
	used->tokens.known = used->tokens.known || event->usage->known;
	used->tokens.input += event->usage->input;
	used->tokens.cached += event->usage->cached;
	used->tokens.output += event->usage->output;
	used->tokens.reasoning += event->usage->reasoning;
	used->dollars = price < 0 || used->dollars < 0 ? -1 : used->dollars + price;
}

/* --- a turn ---- */

static void on_event(void *context, const struct llm_event *event);

static void keep_sent(struct investigation *investigation)
{
	struct slice *place = investigation->sent.count < SENT_MAXIMUM ? vector_push(&investigation->sent) : NULL;

	if (place != NULL)
		*place = arena_copy(&investigation->arena, llm_turn_sent(investigation->turn));
}

void investigation_ask(struct investigation *investigation)
{
	struct llm *llm = investigation->options.llm;
	struct llm_tool tools[TOOLS_MAXIMUM];
	struct error error = { 0 };
	struct llm_request request = { .chat = &investigation->chat,
		.tools = tools,
		.tool_count = calls_tools(investigation, tools, TOOLS_MAXIMUM),
		.no_calls = investigation->phase == PHASE_FINAL || investigation->phase == PHASE_REPAIR,
		.one_call = llm_context(llm) <= 16384 };

	investigation->estimate = chat_total_tokens(&investigation->chat);
	if (request.no_calls && !investigation->is_question && llm_takes_schema(llm)) {
		request.tool_count = 0;
		request.schema = conclusion_schema;
	}
	for (size_t i = 0; i < request.tool_count; i++)
		investigation->estimate +=
			chat_tokens(slice_of(tools[i].description)) + chat_tokens(slice_of(tools[i].parameters));
	buffer_clear(&investigation->answer);
	end_line(investigation);
	investigation->turn = llm_start(llm, &request, on_event, investigation, &error);
	if (investigation->turn == NULL)
		investigation_fail(investigation, error.text);
	else
		keep_sent(investigation);
}

/* Tools withdrawn, it must say what it knows. */
static void force(struct investigation *investigation, const char *why)
{
	char text[200];

	snprintf(text, sizeof(text), "the model must answer now: %s", why);
	investigation_say(investigation, ENTRY_NOTICE, slice_of(text));
	investigation->phase = PHASE_FINAL;
	chat_ask(investigation,
		investigation->is_question
			? "No more tools. Answer now from what you have; say what you could not find out."
			: "No more tools. Answer now with the JSON object, from what you have; \"inconclusive\" is an "
			  "answer.");
	investigation_ask(investigation);
}

static void conclude(struct investigation *investigation);

static void calls_then(struct investigation *investigation, struct investigation_job *job)
{
	const char *what;

	(void)job;
	calls_finish(investigation);
	news(investigation);
	if (investigation->phase == PHASE_PROPOSE) {
		end(investigation, INVESTIGATION_DONE);
		return;
	}
	what = spent(investigation);
	chat_compact(investigation, false);
	if (breaker_tripped(&investigation->breaker))
		force(investigation, "it goes in circles");
	else if (what != NULL)
		force(investigation, what);
	else
		investigation_ask(investigation);
}

static void calls_job(struct investigation *investigation, struct investigation_job *job)
{
	(void)job;
	calls_run(investigation);
}

/* What was said goes into the conversation; calls that are not run are not in it. */
static void append_reply(struct investigation *investigation, const struct chat *reply)
{
	size_t calls = 0;

	for (size_t i = 0; i < chat_count(reply); i++) {
		const struct chat_item *item = chat_at(reply, i);

		if (item->kind == CHAT_CALL && (calls++ >= CALLS_MAXIMUM || investigation->call_count == 0))
			continue;
		chat_add(&investigation->chat, item);
	}
}

static void on_done(struct investigation *investigation, const struct llm_event *event)
{
	bool has_calls = event->stop == LLM_STOP_CALLS && investigation->call_count > 0;

	count_usage(investigation, event);
	if (!has_calls)
		calls_release(investigation);
	append_reply(investigation, event->reply);
	if (event->stop == LLM_STOP_FILTER) {
		investigation_fail(investigation, "the model declined to answer");
	} else if (event->stop == LLM_STOP_PAUSE && spent(investigation) == NULL) {
		investigation_ask(investigation);
	} else if (has_calls && investigation->phase != PHASE_FINAL && investigation->phase != PHASE_REPAIR) {
		investigation_submit(investigation, calls_job, calls_then);
	} else if (investigation->answer.size == 0 && investigation->phase == PHASE_THINK) {
		force(investigation,
			event->stop == LLM_STOP_LENGTH ? "its reasoning took all its room" : "it said nothing");
	} else {
		if (event->stop == LLM_STOP_LENGTH)
			investigation_say(investigation, ENTRY_NOTICE, slice_of("the answer was cut off at its limit"));
		conclude(investigation);
	}
}

/* Too long: by what the server counted, the conversation is made shorter, and where nothing was said yet, begun anew
 * with less evidence. Each once. */
static bool shorten(struct investigation *investigation, const struct llm_error *error)
{
	if (error->tokens > 0)
		calibrate(investigation, error->tokens + error->tokens / 16);
	else
		investigation->scale *= 1.5;
	if (error->limit > 0 && investigation->shortened++ < 3 && chat_count(&investigation->chat) == 1) {
		chat_truncate(&investigation->chat, 0);
		investigation_prepare(investigation);
		return true;
	}
	if (investigation->compacted++ >= 3 || !chat_compact(investigation, true))
		return false;
	investigation_ask(investigation);
	return true;
}

static void on_error(struct investigation *investigation, const struct llm_event *event)
{
	count_usage(investigation, event);
	calls_release(investigation);
	if (event->error->fault != LLM_CONTEXT || !shorten(investigation, event->error))
		investigation_fail(investigation, event->error->text);
}

static void on_event(void *context, const struct llm_event *event)
{
	struct investigation *investigation = context;

	switch (event->kind) {
	case LLM_REASONING:
		stream(investigation, ENTRY_REASONING, event->text);
		break;
	case LLM_TEXT:
		take_text(investigation, event->text);
		break;
	case LLM_REFUSAL:
		stream(investigation, ENTRY_NOTICE, event->text);
		break;
	case LLM_NOTICE:
		investigation_say(investigation, ENTRY_NOTICE, event->text);
		break;
	case LLM_CALL:
		calls_add(investigation, event);
		break;
	case LLM_DONE:
	case LLM_ERROR:
		investigation->turn = NULL;
		if (event->kind == LLM_DONE)
			on_done(investigation, event);
		else
			on_error(investigation, event);
		return;
	}
	news(investigation);
}

/* --- the end ---- */

static void check_job(struct investigation *investigation, struct investigation_job *job)
{
	struct scene scene = scene_of(investigation);

	(void)job;
	conclusion_check(&investigation->conclusion, &scene);
}

static bool may_propose(const struct investigation *investigation)
{
	const struct analysis *analysis = investigation->options.analysis;

	return !investigation->is_question && analysis != NULL && analysis_proposal_count(analysis) > 0 &&
		spent(investigation) == NULL;
}

static void say_unproven(struct investigation *investigation)
{
	for (size_t i = 0; i < investigation->conclusion.claims.count; i++) {
		const struct claim *claim = vector_at(&investigation->conclusion.claims, i);

		if (!claim->proven)
			investigation_say(investigation, ENTRY_UNPROVEN, claim->text);
	}
}

static void check_then(struct investigation *investigation, struct investigation_job *job)
{
	struct scene scene = scene_of(investigation);
	struct analysis *analysis = investigation->options.analysis;

	(void)job;
	if (investigation->concluded)
		conclusion_say(&investigation->conclusion, &scene, analysis == NULL ? NULL : analysis_verdict(analysis),
			&investigation->transcript);
	else
		say_unproven(investigation);
	news(investigation);
	if (!may_propose(investigation)) {
		end(investigation, INVESTIGATION_DONE);
		return;
	}
	investigation->phase = PHASE_PROPOSE;
	chat_ask(investigation,
		"Your reasoning is complete. Propose a ticket with propose_ticket for each service whose "
		"FATAL lines need a person's work, or say that none is needed.");
	investigation_ask(investigation);
}

static void reveal_answer(struct investigation *investigation)
{
	buffer_clear(&investigation->revealed);
	if (investigation->options.vault != NULL)
		vault_reveal(
			investigation->options.vault, buffer_slice(&investigation->answer), &investigation->revealed);
	else
		buffer_append_slice(&investigation->revealed, buffer_slice(&investigation->answer));
}

/* The answer is there. Prose where an object was asked for gets one chance to become one. */
static void conclude(struct investigation *investigation)
{
	struct scene scene = scene_of(investigation);

	if (investigation->phase == PHASE_PROPOSE) {
		end(investigation, INVESTIGATION_DONE);
		return;
	}
	if (investigation->phase != PHASE_REPAIR || is_object(&investigation->answer))
		reveal_answer(investigation);
	if (!investigation->is_question) {
		investigation->concluded =
			conclusion_parse(&investigation->conclusion, &scene, buffer_slice(&investigation->revealed));
		if (!investigation->concluded && !investigation->repaired && spent(investigation) == NULL) {
			investigation->repaired = true;
			investigation->phase = PHASE_REPAIR;
			chat_ask(investigation,
				"That was not the JSON object. Say the same as the JSON object, and nothing else.");
			investigation_ask(investigation);
			return;
		}
	}
	if (!investigation->concluded)
		conclusion_prose(&investigation->conclusion, buffer_slice(&investigation->revealed));
	investigation_submit(investigation, check_job, check_then);
}
