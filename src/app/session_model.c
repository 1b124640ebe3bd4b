/*
 * The model in the console: an investigation of the cause once the built-in analyst is done, questions that go on from
 * the answer before, and the commands that begin with a slash. What it says stands in the pane as it comes; it runs on
 * the loop and never blocks it, and its evidence is minted in the queue of the analyst.
 *
 * Where no model is configured, or it fails, the built-in analyst answers.
 */
#include "app/session.h"

#include <stdio.h>
#include <string.h>

#define NANOSECONDS_PER_SECOND 1e9

int session_model_open(struct session *session, struct error *error)
{
	const struct settings *settings = &session->invocation->settings;
	struct error failure = { 0 };
	int result = model_open(&session->model.model, settings, session->loop, &failure);
	if (result == 0)
		return 0;
	/* Whoever named a provider wants that one; what only lies in the environment may be wrong. */
	if (settings_given(settings, SETTING_PROVIDER))
		return error_set(error, (enum error_code)result, "%s", failure.text);
	session_say(session, true, "%s The built-in analyst answers.", failure.text);
	return 0;
}

bool session_model_uses(const struct session *session, const struct analysis *analysis)
{
	return session->model.running != NULL && analysis != NULL && session->model.used == analysis &&
		session->model.held == NULL;
}

/* --- the end of one --- */

static void keep_transcript(struct session *session)
{
	const struct transcript *said = investigation_transcript(session->model.running);
	for (size_t i = 0; i < transcript_count(said); i++) {
		const struct entry *entry = transcript_at(said, i);
		char label[64];
		slice_copy(entry->label, label, sizeof label);
		transcript_add(&session->analyst.chat, entry->kind, label, entry->text, entry->horizon);
	}
}

static void add_usage(struct session_model *model)
{
	struct investigation_usage usage;
	investigation_usage(model->running, &usage);
	model->total.tokens.input += usage.tokens.input;
	model->total.tokens.output += usage.tokens.output;
	model->total.turns += usage.turns;
	model->total.dollars = usage.dollars < 0 || model->total.dollars < 0 ? -1 : model->total.dollars + usage.dollars;
}

/* "openai/o4-mini: 3 turns, 12,000 tokens in, 900 out, $0.02; this incident $0.05" */
static void say_usage(struct session *session)
{
	struct session_model *model = &session->model;
	struct investigation_usage usage;
	char price[64] = "price unknown", total[64] = "";
	investigation_usage(model->running, &usage);
	if (usage.dollars >= 0)
		snprintf(price, sizeof price, "$%.4f", usage.dollars);
	if (model->total.dollars >= 0 && usage.dollars >= 0)
		snprintf(total, sizeof total, "; this incident $%.4f", model->total.dollars);
	transcript_add_format(&session->analyst.chat, ENTRY_NOTICE, NULL, session->horizon.time,
		"%s: %u turn%s, %llu tokens in, %llu out, %s, %.1f s%s", model_name(&model->model), usage.turns,
		usage.turns == 1 ? "" : "s", (unsigned long long)usage.tokens.input,
		(unsigned long long)usage.tokens.output, price, (double)usage.took / NANOSECONDS_PER_SECOND, total);
}

static void propose(struct session *session)
{
	struct error error = { 0 };
	for (size_t i = 0; session->desk.desk != NULL && i < investigation_proposal_count(session->model.running); i++)
		if (desk_propose(session->desk.desk, investigation_proposal(session->model.running, i),
			    session_wall(session), NULL, &error) != 0)
			session_say(session, true, "a proposed ticket is not kept: %s", error.text);
}

static void retire(struct session *session)
{
	struct session_model *model = &session->model;
	investigation_destroy(model->last);
	model->last = model->running;
	model->running = NULL;
	model->used = NULL;
	session_analyst_compose(session);
}

static void on_end(void *context)
{
	struct session *session = context;
	struct session_model *model = &session->model;
	bool failed = investigation_state(model->running) == INVESTIGATION_FAILED;
	keep_transcript(session);
	add_usage(model);
	say_usage(session);
	if (!failed)
		propose(session);
	else
		session_say(session, true, "%s", investigation_failure(model->running));
	retire(session);
	if (failed && model->question[0] != '\0')
		session_analyst_builtin(session, slice_of(model->question), model->scope);
}

static void on_news(void *context)
{
	struct session *session = context;
	session->model.stale = session->dirty = true;
}

bool session_model_cancel(struct session *session)
{
	if (session->model.running == NULL)
		return false;
	investigation_cancel(session->model.running);
	keep_transcript(session);
	add_usage(&session->model);
	retire(session);
	return true;
}

/* --- beginning --- */

static struct analysis_input input_of(struct session *session)
{
	struct session_model *model = &session->model;
	model->zone = session->incident.zone;
	return (struct analysis_input){
		.store = session->incident.store,
		.reader = session->analyst.reader,
		.horizon = session->horizon,
		.roster = session->incident.roster,
		.context = session->incident.context,
		.zone = &model->zone,
		.scope = model->scope.from < model->scope.to ? &model->scope : NULL,
		.issue = settings_text(&session->invocation->settings, SETTING_ISSUE),
		.fatal_count = session->incident.limits.fatal_count,
		.book = session->analyst.book,
		/* no detectors: they go on while the model thinks, and the analysis has what they found */
	};
}

static void begin(struct session *session, bool is_question)
{
	struct session_model *model = &session->model;
	struct investigation_options options = {
		.input = input_of(session),
		.analysis = session->analyst.shown,
		.queue = session->analyst.queue,
		.question = is_question ? model->question : NULL,
		.on_news = on_news,
		.on_end = on_end,
		.context = session,
	};
	model_equip(&model->model, &session->invocation->settings, is_question ? MODEL_QUESTION : MODEL_CAUSE, &options);
	model->used = session->analyst.shown;
	model->running = investigation_create(&options, is_question ? model->last : NULL);
	if (model->running == NULL)
		session_say(session, true, "out of memory");
	session->dirty = true;
}

void session_model_again(struct session *session)
{
	session->model.begun = false;
}

void session_model_turn(struct session *session)
{
	struct session_model *model = &session->model;
	if (model->stale) {
		model->stale = false;
		session_analyst_compose(session);
	}
	if (model->held != NULL && model->running == NULL && loop_queue_pending(session->analyst.queue) == 0) {
		analysis_destroy(model->held);
		model->held = NULL;
	}
	if (model->model.llm == NULL || model->begun || model->running != NULL || model->held != NULL ||
		session->analyst.shown == NULL || session->analyst.state != ANALYST_DONE || session->analyst.wanted ||
		!session->index.caught_up)
		return;
	model->begun = true;
	model->question[0] = '\0';
	begin(session, false);
}

bool session_model_ask(struct session *session, struct slice question, struct window window)
{
	struct session_model *model = &session->model;
	if (model->model.llm == NULL)
		return false;
	if (model->running != NULL && model->question[0] != '\0') {
		session_say(session, true, "the model is still answering; Esc ends it");
		return true;
	}
	session_model_cancel(session); /* a question comes before what nobody asked for */
	model->scope = window;
	slice_copy(question, model->question, sizeof model->question);
	transcript_add(&session->analyst.chat, ENTRY_QUESTION, NULL, question, session->horizon.time);
	begin(session, true);
	session_analyst_compose(session);
	return true;
}

void session_model_release(struct session *session)
{
	struct session_model *model = &session->model;
	investigation_destroy(model->running);
	investigation_destroy(model->last);
	analysis_destroy(model->held);
	model->running = model->last = NULL;
	model->held = NULL;
	if (model->model.loop != NULL)
		model_close(&model->model);
}

/* --- commands --- */

static void command_model(struct session *session, struct slice argument)
{
	struct settings *settings = &session->invocation->settings;
	struct session_model *model = &session->model;
	struct app_model fresh;
	struct error error = { 0 };
	struct slice provider = slice_first(argument, slice_find_byte(argument, '/'));
	struct slice name = provider.size < argument.size ? slice_from(argument, provider.size + 1) : (struct slice){ 0 };
	if (argument.size == 0) {
		session_say(session, false, "%s; /model PROVIDER or PROVIDER/NAME changes it", model_name(&model->model));
		return;
	}
	session_model_cancel(session);
	settings_put(settings, LAYER_SESSION, SETTING_PROVIDER, provider, NULL);
	settings_drop(settings, LAYER_SESSION, SETTING_MODEL);
	if (name.size > 0)
		settings_put(settings, LAYER_SESSION, SETTING_MODEL, name, NULL);
	if (model_open(&fresh, settings, session->loop, &error) != 0) {
		settings_drop(settings, LAYER_SESSION, SETTING_PROVIDER);
		settings_drop(settings, LAYER_SESSION, SETTING_MODEL);
		session_say(session, true, "%s", error.text);
		return;
	}
	investigation_destroy(model->last); /* its texts hold placeholders of the old vault */
	model->last = NULL;
	model_close(&model->model);
	model->model = fresh;
	session_say(session, false, "from now on %s answers", model_name(&model->model));
}

static void command_context(struct session *session, struct slice argument)
{
	struct session_model *model = &session->model;
	struct investigation *looked = model->running != NULL ? model->running : model->last;
	size_t count = looked == NULL ? 0 : investigation_sent_count(looked);
	(void)argument;
	if (count == 0)
		session_say(session, false, "nothing was sent to a model yet");
	else
		session_say(session, false, "about %zu of %u tokens are in use; %llu in, %llu out in this incident",
			chat_tokens(investigation_sent(looked, count - 1)),
			model->model.llm == NULL ? 0 : llm_context(model->model.llm),
			(unsigned long long)model->total.tokens.input, (unsigned long long)model->total.tokens.output);
}

static void command_retry(struct session *session, struct slice argument)
{
	char question[sizeof session->model.question];
	(void)argument;
	session_model_cancel(session);
	snprintf(question, sizeof question, "%s", session->model.question);
	if (question[0] == '\0')
		session_model_again(session);
	else
		session_analyst_ask(session, slice_of(question), session->model.scope);
}

static void command_copy(struct session *session, struct slice argument)
{
	struct slice answer =
		session->model.last == NULL ? (struct slice){ 0 } : investigation_answer(session->model.last);
	(void)argument;
	if (answer.size == 0) {
		session_say(session, true, "there is no answer of a model to copy yet");
		return;
	}
	if (session->term.ops->copy(session->term.state, answer))
		session_say(session, false, "the answer is copied");
	else
		session_say(session, true, "the answer is too long for the terminal's clipboard, or it has none");
}

static void command_why(struct session *session, struct slice argument)
{
	char question[200];
	snprintf(question, sizeof question, "What does %.*s show, and why does it matter for the cause?",
		(int)slice_first(argument, 40).size, argument.data == NULL ? "it" : argument.data);
	session_analyst_ask(session, slice_of(question), session->model.scope);
}

static void command_against(struct session *session, struct slice argument)
{
	(void)argument;
	session_analyst_ask(session,
		slice_of("What speaks against the cause you named? Look for evidence that would refute it."),
		session->model.scope);
}

static const struct {
	const char *name;
	void (*run)(struct session *session, struct slice argument);
} commands[] = {
	{ "/model", command_model },
	{ "/context", command_context },
	{ "/retry", command_retry },
	{ "/copy", command_copy },
	{ "/why", command_why },
	{ "/against", command_against },
};

bool session_model_command(struct session *session, struct slice text)
{
	struct slice word = slice_first(text, slice_find_byte(text, ' '));
	if (!slice_starts(text, "/"))
		return false;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (slice_is(word, commands[i].name)) {
			commands[i].run(session, slice_trim(slice_from(text, word.size)));
			return true;
		}
	session_say(session, true, "there is no %.*s; there are /model /context /retry /copy /why E7 /against",
		(int)slice_first(word, 40).size, word.data);
	return true;
}
