/*
 * Ollama's own /api/chat: a line of JSON for each piece. The size of the context is asked for in each request, since
 * the server cuts a longer prompt from the front without a word.
 */
#include "llm/adapter.h"

#include <string.h>

#define SLOT_REASONING 0
#define SLOT_TEXT 1
#define SLOT_CALLS 2

/* --- the request ---- */

static void write_call(const struct chat_item *item, struct json *json)
{
	struct json_document *arguments = json_parse(item->text);
	bool is_object = arguments != NULL && json_value_kind(json_root(arguments)) == JSON_OBJECT;

	json_begin_object(json);
	json_field_string(json, "id", item->id);
	json_key(json, "function");
	json_begin_object(json);
	json_field_string(json, "name", item->name);
	json_key(json, "arguments");
	json_raw(json, is_object ? item->text : slice_of("{}"));
	json_end_object(json);
	json_end_object(json);
	json_document_free(arguments);
}

static size_t write_assistant(const struct chat *chat, size_t begin, struct json *json)
{
	size_t end = begin, calls = 0;

	json_begin_object(json);
	json_field_text(json, "role", "assistant");
	for (; end < chat_count(chat); end++) {
		const struct chat_item *item = chat_at(chat, end);

		if (item->kind == CHAT_TEXT)
			json_field_string(json, "content", item->text);
		else if (item->kind == CHAT_REASONING)
			json_field_string(json, "thinking", item->text);
		else if (item->kind == CHAT_CALL)
			calls++;
		else
			break;
	}
	if (calls > 0) {
		json_key(json, "tool_calls");
		json_begin_array(json);
		for (size_t i = begin; i < end; i++)
			if (chat_at(chat, i)->kind == CHAT_CALL)
				write_call(chat_at(chat, i), json);
		json_end_array(json);
	}
	json_end_object(json);
	return end;
}

static void write_message(struct json *json, const char *role, const struct chat_item *item, struct slice text)
{
	json_begin_object(json);
	json_field_text(json, "role", role);
	json_field_string(json, "content", text);
	if (item != NULL && item->kind == CHAT_RESULT) {
		json_field_string(json, "tool_name", item->name);
		json_field_string(json, "tool_call_id", item->id);
	}
	json_end_object(json);
}

static void write_messages(const struct chat *chat, struct json *json)
{
	json_key(json, "messages");
	json_begin_array(json);
	if (chat->system.size > 0)
		write_message(json, "system", NULL, chat->system);
	for (size_t i = 0; i < chat_count(chat);) {
		const struct chat_item *item = chat_at(chat, i);

		if (item->kind == CHAT_USER || item->kind == CHAT_RESULT) {
			write_message(json, item->kind == CHAT_USER ? "user" : "tool", item, item->text);
			i++;
		} else {
			i = write_assistant(chat, i, json);
		}
	}
	json_end_array(json);
}

static void write_tools(const struct llm_request *request, struct json *json)
{
	if (request->tool_count == 0 || request->no_calls) /* there is no tool_choice: not told is not called */
		return;
	json_key(json, "tools");
	json_begin_array(json);
	for (size_t i = 0; i < request->tool_count; i++) {
		json_begin_object(json);
		json_field_text(json, "type", "function");
		json_key(json, "function");
		json_begin_object(json);
		json_field_text(json, "name", request->tools[i].name);
		json_field_text(json, "description", request->tools[i].description);
		write_schema(json, "parameters", request->tools[i].parameters);
		json_end_object(json);
		json_end_object(json);
	}
	json_end_array(json);
}

static void write_request(const struct llm *llm, const struct llm_request *request, struct json *json)
{
	json_begin_object(json);
	json_field_text(json, "model", llm->model);
	write_messages(request->chat, json);
	write_tools(request, json);
	if (request->schema != NULL)
		write_schema(json, "format", request->schema);
	if (llm_sends(llm, "think")) {
		json_key(json, "think");
		json_bool(json, true);
	}
	json_key(json, "truncate");
	json_bool(json, false);
	json_key(json, "options");
	json_begin_object(json);
	json_field_u64(json, "num_ctx", llm_context(llm));
	json_field_u64(json, "num_predict", request->output);
	if (llm->config.temperature >= 0)
		json_field_double(json, "temperature", llm->config.temperature);
	json_end_object(json);
	json_key(json, "stream");
	json_bool(json, true);
	json_end_object(json);
}

/* --- the reply ---- */

static void take_calls(struct reply *reply, const struct json_value *calls)
{
	uint64_t slot = SLOT_CALLS;

	while (reply_has(reply, slot))
		slot++;
	for (const struct json_value *call = json_first(calls); call != NULL; call = json_next(call), slot++) {
		const struct json_value *function = json_member(call, "function");
		struct buffer arguments;

		buffer_init(&arguments, (size_t)4 << 20);
		if (json_member(function, "arguments") != NULL)
			json_value_append(&arguments, json_member(function, "arguments"));
		reply_call(reply, slot, member_text(call, "id"), member_text(function, "name"));
		reply_arguments_set(reply, slot, buffer_slice(&arguments));
		reply_whole(reply, slot);
		buffer_release(&arguments);
	}
}

static void take_end(struct reply *reply, const struct json_value *root)
{
	reply->ended = true;
	reply->usage.known = member_number(root, "prompt_eval_count", &reply->usage.input);
	member_number(root, "eval_count", &reply->usage.output);
	if (member_is(root, "done_reason", "length"))
		reply->stop = LLM_STOP_LENGTH;
}

static void take(struct reply *reply, struct slice name, const struct json_value *root)
{
	const struct json_value *message = json_member(root, "message");

	(void)name;
	if (json_member(root, "error") != NULL) {
		reply_take_error(reply, root, 200);
		return;
	}
	reply_reasoning(reply, SLOT_REASONING, 0, member_text(message, "thinking"));
	reply_thinking_text(reply, member_text(message, "content"));
	take_calls(reply, json_member(message, "tool_calls"));
	if (json_value_is_true(json_member(root, "done")))
		take_end(reply, root);
}

static void take_whole(struct reply *reply, const struct json_value *root)
{
	take(reply, (struct slice){ NULL, 0 }, root);
}

static const char *const optional[] = { "think", NULL };

const struct adapter adapter_ollama = {
	.name = "ollama",
	.path = "/api/chat",
	.is_lines = true,
	.write = write_request,
	.take = take,
	.take_whole = take_whole,
	.optional = optional,
};
