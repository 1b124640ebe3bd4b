/*
 * Beginning, ending, and looking at an investigation; and its jobs.
 *
 * Jobs look into the investigation while it does nothing else; one that is destroyed meanwhile leaves its job an
 * orphan, which only frees itself. What a job reads (store, book, analysis) lives as long as the queue has jobs.
 */
#include "analyst/investigating.h"
#include "tocsin/analyst/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define TURNS 12
#define TOKENS 400000
#define SECONDS 600
#define ARENA_BYTES ((size_t)32 << 20)
#define ANSWER_BYTES ((size_t)1 << 20)
#define PACK_BYTES ((size_t)4 << 20)
#define PACK_TOKENS 12000

/* --- jobs ---- */

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

void investigation_submit(struct investigation *investigation,
	void (*run)(struct investigation *investigation, struct investigation_job *job),
	void (*then)(struct investigation *investigation, struct investigation_job *job))
{
	struct investigation_job *job = calloc(1, sizeof(*job));

	if (job != NULL) {
		*job = (struct investigation_job){
			.owner = investigation, .work = investigation, .run = run, .then = then
		};
		buffer_init(&job->pack, PACK_BYTES);
		investigation->job = job;
		if (loop_queue_submit(investigation->options.queue, job_work, job_done, job) == 0)
			return;
		investigation->job = NULL;
		free(job);
	}
	investigation_fail(investigation, "there is no room for one more job of the model's");
}

/* --- the beginning ---- */

static void pack_job(struct investigation *investigation, struct investigation_job *job)
{
	size_t room = chat_room(investigation) * 45 / 100;

	/* A small context keeps the larger part of its room for what the tools will say. */
	pack_append(&job->pack, &investigation->options.input, investigation->options.analysis, &investigation->fence,
		room < PACK_TOKENS ? room : PACK_TOKENS);
}

static void pack_then(struct investigation *investigation, struct investigation_job *job)
{
	investigation->phase = PHASE_THINK;
	if (chat_add_task(investigation, buffer_slice(&job->pack)) != 0)
		investigation_fail(investigation, "the evidence is too large for the conversation");
	else
		investigation_ask(investigation);
}

void investigation_prepare(struct investigation *investigation)
{
	investigation->context = llm_context(investigation->options.llm);
	investigation->output = llm_output(investigation->options.llm);
	investigation->phase = PHASE_PACK;
	investigation_submit(investigation, pack_job, pack_then);
}

static void on_checked(void *context, const struct llm_check *check)
{
	struct investigation *investigation = context;

	if (investigation->state != INVESTIGATION_WORKING)
		return;
	/* A server without a list may answer all the same; one that is not there, or wants another key, will not. */
	if (check->error.fault != LLM_NO_FAULT && check->error.fault != LLM_MODEL &&
		check->error.fault != LLM_REQUEST && check->error.fault != LLM_FORMAT &&
		check->error.fault != LLM_FAILED) {
		investigation_fail(investigation, check->error.text);
		return;
	}
	investigation_prepare(investigation);
}

static void on_start(void *context)
{
	struct investigation *investigation = context;
	struct error error = { 0 };

	loop_timer_stop(investigation->start);
	investigation->start = NULL;
	if (chat_count(&investigation->chat) > 0) { /* a question that goes on: the evidence is known */
		struct buffer none = { 0 };

		chat_compact(investigation, false);
		investigation->phase = PHASE_THINK;
		if (chat_add_task(investigation, buffer_slice(&none)) != 0)
			investigation_fail(investigation, "the conversation is too large");
		else
			investigation_ask(investigation);
		return;
	}
	if (chat_begin(investigation) != 0)
		investigation_fail(investigation, "the instructions are too large");
	else if (llm_check(investigation->options.llm, on_checked, investigation, &error) != 0)
		investigation_fail(investigation, error.text);
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
		investigation->breaker = (struct breaker){ 0 };
		chat_set_system(&investigation->chat, earlier->chat.system);
		chat_append(&investigation->chat, &earlier->chat);
	}
	investigation->began = loop_now(options->loop);
	investigation->context = llm_context(options->llm);
	investigation->output = llm_output(options->llm);
	investigation->used.first = -1;
	investigation->scale = 1;
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
	investigation_say(investigation, ENTRY_NOTICE, slice_of("cancelled; what came stays"));
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
