/*
 * Who is there? Each family has a list of models; llama.cpp and Ollama say in a second answer how much fits. A list
 * that does not exist (some compatible servers) is no fault: the server was reached.
 */
#include "llm/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAXIMUM ((size_t)4 << 20)
#define OLLAMA_CONTEXT 16384 /* asked for at most: it takes memory there */
#define CONTEXT_MAXIMUM 4000000

struct llm_checking {
	struct llm *llm;
	struct exchange exchange;
	struct reply reply; /* for its error */
	struct buffer body;
	struct http_head head;
	struct llm_check check;
	struct loop_timer *timer;
	bool second;
	void (*on_done)(void *context, const struct llm_check *check);
	void *context;
};

void checking_cancel(struct llm_checking *checking)
{
	if (checking == NULL)
		return;
	exchange_cancel(&checking->exchange);
	loop_timer_stop(checking->timer);
	reply_release(&checking->reply);
	buffer_release(&checking->body);
	if (checking->llm->checking == checking)
		checking->llm->checking = NULL;
	free(checking);
}

void llm_check_cancel(struct llm *llm, const void *context)
{
	if (llm->checking != NULL && llm->checking->context == context)
		checking_cancel(llm->checking);
}

static void end(struct llm_checking *checking)
{
	struct llm_check check = checking->check;
	void (*on_done)(void *context, const struct llm_check *check) = checking->on_done;
	void *context = checking->context;
	struct llm *llm = checking->llm;

	check.error = checking->reply.error;
	if (check.context > 0 && check.context <= CONTEXT_MAXIMUM)
		llm->context = check.context;
	if (check.model[0] != '\0' && check.model_known)
		snprintf(llm->model, sizeof(llm->model), "%s", check.model);
	checking_cancel(checking);
	on_done(context, &check);
}

/* --- the list of models ---- */

static struct slice name_of(const struct json_value *model)
{
	struct slice id = member_text(model, "id");

	return id.size > 0 ? id : member_text(model, "name");
}

static void take_context(struct llm_checking *checking, const struct json_value *model)
{
	uint64_t context;

	if (member_number(json_member(model, "meta"), "n_ctx", &context) ||
		member_number(model, "max_model_len", &context) || member_number(model, "max_input_tokens", &context))
		checking->check.context = (unsigned)(context < CONTEXT_MAXIMUM ? context : CONTEXT_MAXIMUM);
}

/* "qwen3" is "qwen3:latest" at Ollama. */
static bool is_same(struct slice listed, const char *wanted)
{
	struct slice plain = slice_first(listed, slice_find_byte(listed, ':'));

	return slice_is(listed, wanted) || (slice_ends(listed, ":latest") && slice_is(plain, wanted));
}

/* A server of one's own answers with what it has, whatever it is called; a vendor does not. */
static bool takes_any(const struct llm *llm)
{
	return llm->config.model == NULL && !llm->row->needs_key;
}

static void take_models(struct llm_checking *checking, const struct json_value *root)
{
	const struct json_value *list = json_member(root, "data"), *chosen = NULL;
	struct llm *llm = checking->llm;

	if (list == NULL)
		list = json_member(root, "models");
	for (const struct json_value *model = json_first(list); model != NULL && chosen == NULL;
		model = json_next(model))
		if (is_same(name_of(model), llm->model))
			chosen = model;
	if (chosen == NULL && takes_any(llm))
		chosen = json_first(list);
	if (chosen == NULL) {
		checking->reply.error.fault = LLM_MODEL;
		fault_settle(llm, &checking->reply);
		return;
	}
	checking->check.model_known = true;
	slice_copy(name_of(chosen), checking->check.model, sizeof(checking->check.model));
	take_context(checking, chosen);
}

/* --- the second answer ---- */

static void take_details(struct llm_checking *checking, const struct json_value *root)
{
	const struct json_value *settings = json_member(root, "default_generation_settings");
	uint64_t context;

	if (member_number(settings, "n_ctx", &context))
		checking->check.context = (unsigned)(context < CONTEXT_MAXIMUM ? context : CONTEXT_MAXIMUM);
	for (const struct json_value *info = json_first(json_member(root, "model_info")); info != NULL;
		info = json_next(info)) {
		double number;

		if (slice_ends(json_value_key(info), ".context_length") && json_value_number(info, &number) &&
			number > 0)
			checking->check.context = number < OLLAMA_CONTEXT ? (unsigned)number : OLLAMA_CONTEXT;
	}
}

/* Asks for more where there is more to know. False when this was all. */
static bool ask_second(struct llm_checking *checking)
{
	struct llm *llm = checking->llm;
	struct error error = { 0 };
	struct buffer body;
	char url[640];
	int result = ERROR_ABSENT;

	if (checking->second || llm->replay != NULL)
		return false;
	checking->second = true;
	buffer_clear(&checking->body);
	buffer_init(&body, 4096);
	if (llm->adapter == &adapter_ollama) {
		struct json json;

		json_init(&json, &body);
		json_begin_object(&json);
		json_field_text(&json, "model", checking->check.model);
		json_end_object(&json);
		result = exchange_start(&checking->exchange, llm, "/api/show", buffer_slice(&body), &error);
	} else if (strcmp(llm->row->name, "llama") == 0) {
		snprintf(url, sizeof(url), "%.*s/props", (int)(strlen(llm->url) - 3), llm->url);
		result = exchange_start(&checking->exchange, llm, url, (struct slice){ NULL, 0 }, &error);
	}
	buffer_release(&body);
	return result == 0;
}

/* --- the exchange ---- */

static void on_head(void *context, const struct http_head *head)
{
	struct llm_checking *checking = context;

	checking->head = *head;
}

static void on_body(void *context, struct slice bytes)
{
	struct llm_checking *checking = context;

	buffer_append_slice(&checking->body, bytes);
}

static void on_exchange(void *context, const struct http_result *result)
{
	struct llm_checking *checking = context;
	struct llm_check *check = &checking->check;
	struct json_document *document = parse_event(slice_trim(buffer_slice(&checking->body)));

	if (result->fault != HTTP_NO_FAULT) {
		if (!checking->second)
			fault_from_network(checking->llm, &checking->reply.error, result);
	} else if (checking->second) {
		if (document != NULL && result->head.status == 200)
			take_details(checking, json_root(document));
	} else {
		check->reachable = true;
		check->key_accepted = result->head.status != 401 && result->head.status != 403;
		if (result->head.status == 200 && document != NULL)
			take_models(checking, json_root(document));
		else if (result->head.status != 404 && result->head.status != 405)
			fault_from_reply(checking->llm, &checking->reply, &result->head, buffer_slice(&checking->body));
		else
			check->model_known = checking->llm->model[0] != '\0';
	}
	json_document_free(document);
	if (checking->reply.error.fault != LLM_NO_FAULT || !ask_second(checking))
		end(checking);
}

static void on_replay(void *context)
{
	struct llm_checking *checking = context;

	checking->check.reachable = checking->check.key_accepted = checking->check.model_known = true;
	end(checking);
}

int llm_check(struct llm *llm, void (*on_done)(void *context, const struct llm_check *check), void *context,
	struct error *error)
{
	struct llm_checking *checking = llm->checking == NULL ? calloc(1, sizeof(*checking)) : NULL;
	const char *path = llm->adapter == &adapter_ollama ? "/api/tags" : "/models";
	int result = 0;

	if (checking == NULL)
		return error_set(error, llm->checking == NULL ? ERROR_MEMORY : ERROR_STATE,
			"%s is being asked already.", llm->row->name);
	checking->llm = llm;
	checking->on_done = on_done;
	checking->context = context;
	snprintf(checking->check.model, sizeof(checking->check.model), "%s", llm->model);
	buffer_init(&checking->body, BODY_MAXIMUM);
	reply_init(&checking->reply, llm->adapter->name);
	checking->exchange = (struct exchange){
		.on_head = on_head, .on_body = on_body, .on_done = on_exchange, .context = checking
	};
	llm->checking = checking;
	if (llm->replay != NULL)
		checking->timer = loop_timer_start(llm->loop, 1, 0, on_replay, checking);
	else
		result = exchange_start(&checking->exchange, llm, path, (struct slice){ NULL, 0 }, error);
	if (result != 0)
		checking_cancel(checking);
	return result;
}
