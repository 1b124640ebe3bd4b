/*
 * The loop of turns. Each event of the provider and each job that comes back leads to `advance`, which decides by phase
 * and budget what is next; nothing waits.
 *
 * Jobs look into the investigation while it does nothing else; one that is destroyed meanwhile leaves its job an orphan,
 * which only frees itself. What a job reads (store, book, analysis) lives as long as the queue has jobs.
 */
#include "analyst/investigating.h"
#include "tocsin/analyst/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TURNS 12
#define TOKENS 400000
#define SECONDS 600
#define NANOSECONDS INT64_C(1000000000)
#define ARENA_BYTES ((size_t)32 << 20)
#define ANSWER_BYTES ((size_t)1 << 20)
#define PACK_BYTES ((size_t)4 << 20)
#define SENT_MAXIMUM 64
#define TOOLS_MAXIMUM 32

/* --- jobs ---- */

struct investigation_job {
	struct investigation *owner; /* NULL: an orphan */
	struct investigation *work;  /* what it works on, until done */
	void (*run)(struct investigation *investigation, struct investigation_job *job);
	void (*then)(struct investigation *investigation, struct investigation_job *job);
	struct buffer pack;
};

static void free_all(struct investigation *investigation);

static void job_work(void *context)
{
	struct investigation_job *job = context;

	job->run(job->work, job);
}

static void job_done(void *context)
{
	struct investigation_job *job = context;
	struct investigation *investigation = job->owner;

	if (investigation != NULL) {
		investigation->job = NULL;
		if (investigation->state == INVESTIGATION_WORKING)
			job->then(investigation, job);
	} else {
		free_all(job->work);
	}
	buffer_release(&job->pack);
	free(job);
}

static void fail(struct investigation *investigation, const char *sentence);

static void submit(struct investigation *investigation,
	void (*run)(struct investigation *investigation, struct investigation_job *job),
	void (*then)(struct investigation *investigation, struct investigation_job *job))
{
	struct investigation_job *job = calloc(1, sizeof(*job));

	if (job != NULL) {
		*job = (struct investigation_job){
			.owner = investigation, .work = investigation, .run = run, .then = then};
		buffer_init(&job->pack, PACK_BYTES);
		investigation->job = job;
		if (loop_queue_submit(investigation->options.queue, job_work, job_done, job) == 0)
			return;
		investigation->job = NULL;
		free(job);
	}
	fail(investigation, "there is no room for one more job of the model's");
}

/* --- telling ---- */

static void news(struct investigation *investigation)
{
	if (investigation->options.on_news != NULL)
		investigation->options.on_news(investigation->options.context);
}

static void say(struct investigation *investigation, enum entry_kind kind, struct slice text)
{
	investigation->is_streaming = false;
	transcript_add(
		&investigation->transcript, kind, NULL, text, investigation->options.input.horizon.time);
}

static void end(struct investigation *investigation, enum investigation_state state)
{
	investigation->state = state;
	investigation->phase = PHASE_OVER;
	investigation->is_streaming = false;
	news(investigation);
	if (investigation->options.on_end != NULL)
		investigation->options.on_end(investigation->options.context);
}

static void fail(struct investigation *investigation, const char *sentence)
{
	snprintf(investigation->failure, sizeof(investigation->failure), "%s", sentence);
	say(investigation, ENTRY_NOTICE, slice_of(sentence));
	end(investigation, INVESTIGATION_FAILED);
}

/* An object is for the program: it is shown when it is whole, as what it says. */
static bool is_object(const struct buffer *answer)
{
	struct slice text = slice_trim(buffer_slice(answer));

	return slice_starts(text, "{") || slice_starts(text, "`");
}

static void stream(struct investigation *investigation, enum entry_kind kind, struct slice delta)
{
	struct buffer shown;

	if (!investigation->is_streaming || investigation->streaming != kind) {
		if (slice_trim(delta).size == 0)
			return;
		say(investigation, kind, (struct slice){NULL, 0});
		investigation->is_streaming = true;
		investigation->streaming = kind;
		investigation->unveil = (struct unveil){.vault = investigation->options.vault};
		while (delta.size > 0 && (delta.data[0] == '\n' || delta.data[0] == ' '))
			delta = slice_from(delta, 1);
	}
	buffer_init(&shown, ANSWER_BYTES);
	unveil_feed(&investigation->unveil, delta, &shown);
	transcript_extend(&investigation->transcript, buffer_slice(&shown));
	buffer_release(&shown);
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

static void count_usage(struct investigation *investigation, const struct llm_event *event)
{
	struct investigation_usage *used = &investigation->used;
	double price = price_of(
		price_find(investigation->options.prices, llm_model(investigation->options.llm)), event->usage);

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

static void ask(struct investigation *investigation)
{
	struct llm *llm = investigation->options.llm;
	struct llm_tool tools[TOOLS_MAXIMUM];
	struct error error = {0};
	struct llm_request request = {.chat = &investigation->chat,
		.tools = tools,
		.tool_count = calls_tools(investigation, tools, TOOLS_MAXIMUM),
		.no_calls = investigation->phase == PHASE_FINAL || investigation->phase == PHASE_REPAIR,
		.one_call = llm_context(llm) <= 16384};

	if (request.no_calls && !investigation->is_question && llm_takes_schema(llm)) {
		request.tool_count = 0;
		request.schema = conclusion_schema;
	}
	buffer_clear(&investigation->answer);
	investigation->is_streaming = false;
	investigation->turn = llm_start(llm, &request, on_event, investigation, &error);
	if (investigation->turn == NULL)
		fail(investigation, error.text);
	else
		keep_sent(investigation);
}

/* Tools withdrawn, it must say what it knows. */
static void force(struct investigation *investigation, const char *why)
{
	char text[200];

	snprintf(text, sizeof(text), "the model must answer now: %s", why);
	say(investigation, ENTRY_NOTICE, slice_of(text));
	investigation->phase = PHASE_FINAL;
	chat_ask(investigation, investigation->is_question
			? "No more tools. Answer now from what you have; say what you could not find out."
			: "No more tools. Answer now with the JSON object, from what you have; \"inconclusive\" is an answer.");
	ask(investigation);
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
	chat_compact(investigation);
	if (breaker_tripped(&investigation->breaker))
		force(investigation, "it goes in circles");
	else if (what != NULL)
		force(investigation, what);
	else
		ask(investigation);
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
		fail(investigation, "the model declined to answer");
	} else if (event->stop == LLM_STOP_PAUSE && spent(investigation) == NULL) {
		ask(investigation);
	} else if (has_calls && investigation->phase != PHASE_FINAL && investigation->phase != PHASE_REPAIR) {
		submit(investigation, calls_job, calls_then);
	} else if (investigation->answer.size == 0 && investigation->phase == PHASE_THINK) {
		force(investigation, event->stop == LLM_STOP_LENGTH ? "its reasoning took all its room" : "it said nothing");
	} else {
		if (event->stop == LLM_STOP_LENGTH)
			say(investigation, ENTRY_NOTICE, slice_of("the answer was cut off at its limit"));
		conclude(investigation);
	}
}

/* Too long: shorter, once. */
static void on_error(struct investigation *investigation, const struct llm_event *event)
{
	count_usage(investigation, event);
	calls_release(investigation);
	if (event->error->fault == LLM_CONTEXT && !investigation->compacted && chat_compact(investigation)) {
		investigation->compacted = true;
		ask(investigation);
	} else {
		fail(investigation, event->error->text);
	}
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
		say(investigation, ENTRY_NOTICE, event->text);
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
			say(investigation, ENTRY_UNPROVEN, claim->text);
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
	chat_ask(investigation, "Your reasoning is complete. Propose a ticket with propose_ticket for each service whose "
				"FATAL lines need a person's work, or say that none is needed.");
	ask(investigation);
}

static void reveal_answer(struct investigation *investigation)
{
	buffer_clear(&investigation->revealed);
	if (investigation->options.vault != NULL)
		vault_reveal(investigation->options.vault, buffer_slice(&investigation->answer), &investigation->revealed);
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
		investigation->concluded = conclusion_parse(
			&investigation->conclusion, &scene, buffer_slice(&investigation->revealed));
		if (!investigation->concluded && !investigation->repaired && spent(investigation) == NULL) {
			investigation->repaired = true;
			investigation->phase = PHASE_REPAIR;
			chat_ask(investigation, "That was not the JSON object. Say the same as the JSON object, and nothing else.");
			ask(investigation);
			return;
		}
	}
	if (!investigation->concluded)
		conclusion_prose(&investigation->conclusion, buffer_slice(&investigation->revealed));
	submit(investigation, check_job, check_then);
}

/* --- the beginning ---- */

static void pack_job(struct investigation *investigation, struct investigation_job *job)
{
	size_t room = chat_room(investigation) * 45 / 100;

	/* A small context keeps the larger part of its room for what the tools will say. */
	pack_append(&job->pack, &investigation->options.input, investigation->options.analysis, &investigation->fence,
		room < 12000 ? room : 12000);
}

static void pack_then(struct investigation *investigation, struct investigation_job *job)
{
	investigation->phase = PHASE_THINK;
	if (chat_add_task(investigation, buffer_slice(&job->pack)) != 0)
		fail(investigation, "the evidence is too large for the conversation");
	else
		ask(investigation);
}

static void on_checked(void *context, const struct llm_check *check)
{
	struct investigation *investigation = context;

	if (investigation->state != INVESTIGATION_WORKING)
		return;
	/* A server without a list may answer all the same; one that is not there, or wants another key, will not. */
	if (check->error.fault != LLM_NO_FAULT && check->error.fault != LLM_MODEL && check->error.fault != LLM_REQUEST &&
		check->error.fault != LLM_FORMAT && check->error.fault != LLM_FAILED) {
		fail(investigation, check->error.text);
		return;
	}
	submit(investigation, pack_job, pack_then);
}

static void on_start(void *context)
{
	struct investigation *investigation = context;
	struct error error = {0};

	loop_timer_stop(investigation->start);
	investigation->start = NULL;
	if (chat_count(&investigation->chat) > 0) { /* a question that goes on: the evidence is known */
		struct buffer none = {0};

		chat_compact(investigation);
		investigation->phase = PHASE_THINK;
		if (chat_add_task(investigation, buffer_slice(&none)) != 0)
			fail(investigation, "the conversation is too large");
		else
			ask(investigation);
		return;
	}
	if (chat_begin(investigation) != 0)
		fail(investigation, "the instructions are too large");
	else if (llm_check(investigation->options.llm, on_checked, investigation, &error) != 0)
		fail(investigation, error.text);
}

static void set_budget(struct investigation_budget *budget)
{
	if (budget->turns == 0)
		budget->turns = TURNS;
	if (budget->tokens == 0)
		budget->tokens = TOKENS;
	if (budget->seconds == 0)
		budget->seconds = SECONDS;
}

static void copy(char *out, size_t capacity, const char *text)
{
	snprintf(out, capacity, "%s", text == NULL ? "" : text);
}

struct investigation *investigation_create(
	const struct investigation_options *options, const struct investigation *earlier)
{
	struct investigation *investigation = calloc(1, sizeof(*investigation));

	if (investigation == NULL)
		return NULL;
	investigation->options = *options;
	set_budget(&investigation->options.budget);
	investigation->is_question = options->question != NULL;
	copy(investigation->question, sizeof(investigation->question), options->question);
	copy(investigation->issue, sizeof(investigation->issue), options->input.issue);
	fence_init(&investigation->fence, options->random);
	chat_init(&investigation->chat);
	transcript_init(&investigation->transcript);
	arena_init(&investigation->arena, ARENA_BYTES);
	conclusion_init(&investigation->conclusion);
	vector_init(&investigation->proposals, sizeof(struct ticket), 32);
	vector_init(&investigation->sent, sizeof(struct slice), SENT_MAXIMUM);
	buffer_init(&investigation->answer, ANSWER_BYTES);
	buffer_init(&investigation->revealed, ANSWER_BYTES);
	if (earlier != NULL && chat_count(&earlier->chat) > 0) {
		investigation->fence = earlier->fence;
		investigation->breaker = (struct breaker){0};
		chat_set_system(&investigation->chat, earlier->chat.system);
		chat_append(&investigation->chat, &earlier->chat);
	}
	investigation->began = loop_now(options->loop);
	investigation->used.first = -1;
	investigation->start = loop_timer_start(options->loop, 0, 0, on_start, investigation);
	return investigation;
}

static void free_all(struct investigation *investigation)
{
	calls_release(investigation);
	chat_release(&investigation->chat);
	transcript_release(&investigation->transcript);
	arena_release(&investigation->arena);
	conclusion_release(&investigation->conclusion);
	vector_release(&investigation->proposals);
	vector_release(&investigation->sent);
	buffer_release(&investigation->answer);
	buffer_release(&investigation->revealed);
	free(investigation);
}

static void stop(struct investigation *investigation)
{
	loop_timer_stop(investigation->start);
	investigation->start = NULL;
	llm_cancel(investigation->turn);
	investigation->turn = NULL;
	llm_check_cancel(investigation->options.llm, investigation);
}

void investigation_cancel(struct investigation *investigation)
{
	if (investigation->state != INVESTIGATION_WORKING)
		return;
	stop(investigation);
	investigation->state = INVESTIGATION_CANCELLED;
	investigation->phase = PHASE_OVER;
	say(investigation, ENTRY_NOTICE, slice_of("cancelled; what came stays"));
}

void investigation_destroy(struct investigation *investigation)
{
	if (investigation == NULL)
		return;
	if (investigation->state == INVESTIGATION_WORKING)
		stop(investigation);
	if (investigation->job != NULL)
		investigation->job->owner = NULL; /* frees all when it is done */
	else
		free_all(investigation);
}

/* --- looking ---- */

enum investigation_state investigation_state(const struct investigation *investigation)
{
	return investigation->state;
}

const struct transcript *investigation_transcript(const struct investigation *investigation)
{
	return &investigation->transcript;
}

const struct verdict *investigation_verdict(const struct investigation *investigation)
{
	return investigation->concluded ? &investigation->conclusion.verdict : NULL;
}

const char *investigation_failure(const struct investigation *investigation)
{
	return investigation->failure;
}

size_t investigation_proposal_count(const struct investigation *investigation)
{
	return investigation->proposals.count;
}

const struct ticket *investigation_proposal(const struct investigation *investigation, size_t index)
{
	return vector_at(&investigation->proposals, index);
}

void investigation_usage(const struct investigation *investigation, struct investigation_usage *usage)
{
	*usage = investigation->used;
}

struct slice investigation_answer(const struct investigation *investigation)
{
	return slice_trim(buffer_slice(&investigation->revealed));
}

size_t investigation_sent_count(const struct investigation *investigation)
{
	return investigation->sent.count;
}

struct slice investigation_sent(const struct investigation *investigation, size_t index)
{
	return *(struct slice *)vector_at(&investigation->sent, index);
}
