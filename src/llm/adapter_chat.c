/*
 * Chat Completions, as OpenAI wrote them down and as llama.cpp, vLLM, DeepSeek, Ollama and others speak them. Where
 * they differ, whatever was seen is taken: reasoning in `reasoning_content` or `reasoning` or inside <think>, calls
 * with or without index and id, arguments as text or as an object, usage on its own chunk or on the last.
 */
#include "llm/adapter.h"

#include <stdio.h>
#include <string.h>

#define SLOT_REASONING 0
#define SLOT_TEXT 1
#define SLOT_CALLS 2

/* --- the request ---- */

static void write_tools(const struct llm_request *request, struct json *json)
{
	if (request->tool_count == 0)
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

static void write_call(const struct chat_item *item, struct json *json)
{
	json_begin_object(json);
	json_field_string(json, "id", item->id);
	json_field_text(json, "type", "function");
	json_key(json, "function");
	json_begin_object(json);
	json_field_string(json, "name", item->name);
	json_field_string(json, "arguments", item->text);
	json_end_object(json);
	json_end_object(json);
}

/* The items of one assistant's turn become one message. Returns the index behind them. */
static size_t write_assistant(const struct llm *llm, const struct chat *chat, size_t begin, struct json *json)
{
	struct slice text = { NULL, 0 }, reasoning = { NULL, 0 };
	size_t end = begin, calls = 0;

	for (; end < chat_count(chat); end++) {
		const struct chat_item *item = chat_at(chat, end);

		if (item->kind == CHAT_TEXT)
			text = item->text;
		else if (item->kind == CHAT_REASONING)
			reasoning = item->text;
		else if (item->kind == CHAT_CALL)
			calls++;
		else
			break;
	}
	json_begin_object(json);
	json_field_text(json, "role", "assistant");
	/* Servers differ in whether an empty content may be null: "" is understood by all that were tried. */
	json_field_string(json, "content", text);
	if (calls > 0 && llm_replays_reasoning(llm))
		json_field_string(json, "reasoning_content", reasoning);
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

static void write_message(struct json *json, const char *role, struct slice content)
{
	json_begin_object(json);
	json_field_text(json, "role", role);
	json_field_string(json, "content", content);
	json_end_object(json);
}

static void write_messages(const struct llm *llm, const struct chat *chat, struct json *json)
{
	json_key(json, "messages");
	json_begin_array(json);
	if (chat->system.size > 0)
		write_message(json, "system", chat->system);
	for (size_t i = 0; i < chat_count(chat);) {
		const struct chat_item *item = chat_at(chat, i);

		if (item->kind == CHAT_USER) {
			write_message(json, "user", item->text);
			i++;
		} else if (item->kind == CHAT_RESULT) {
			json_begin_object(json);
			json_field_text(json, "role", "tool");
			json_field_string(json, "tool_call_id", item->id);
			json_field_string(json, "content", item->text);
			json_end_object(json);
			i++;
		} else {
			i = write_assistant(llm, chat, i, json);
		}
	}
	json_end_array(json);
}

static void write_format(const char *schema, struct json *json)
{
	json_key(json, "response_format");
	json_begin_object(json);
	json_field_text(json, "type", "json_schema");
	json_key(json, "json_schema");
	json_begin_object(json);
	json_field_text(json, "name", "answer");
	write_schema(json, "schema", schema);
	json_end_object(json);
	json_end_object(json);
}

static void write_request(const struct llm *llm, const struct llm_request *request, struct json *json)
{
	bool is_reasoning = model_is_reasoning(llm->model);

	json_begin_object(json);
	json_field_text(json, "model", llm->model);
	write_messages(llm, request->chat, json);
	write_tools(request, json);
	if (request->tool_count > 0 && request->no_calls)
		json_field_text(json, "tool_choice", "none");
	if (request->tool_count > 0 && request->one_call && llm_sends(llm, "parallel_tool_calls")) {
		json_key(json, "parallel_tool_calls");
		json_bool(json, false);
	}
	if (request->schema != NULL && llm_sends(llm, "response_format"))
		write_format(request->schema, json);
	json_field_u64(json, is_reasoning ? "max_completion_tokens" : "max_tokens", request->output);
	if (!is_reasoning && llm->config.temperature >= 0 && llm_sends(llm, "temperature"))
		json_field_double(json, "temperature", llm->config.temperature);
	json_key(json, "stream");
	json_bool(json, llm_sends(llm, "stream"));
	if (llm_sends(llm, "stream") && llm_sends(llm, "stream_options")) {
		json_key(json, "stream_options");
		json_begin_object(json);
		json_key(json, "include_usage");
		json_bool(json, true);
		json_end_object(json);
	}
	json_end_object(json);
}

/* --- the reply ---- */

static void take_usage(struct reply *reply, const struct json_value *usage)
{
	if (!member_number(usage, "prompt_tokens", &reply->usage.input))
		return;
	reply->usage.known = true;
	member_number(usage, "completion_tokens", &reply->usage.output);
	if (!member_number(json_member(usage, "prompt_tokens_details"), "cached_tokens", &reply->usage.cached))
		member_number(usage, "prompt_cache_hit_tokens", &reply->usage.cached);
	member_number(json_member(usage, "completion_tokens_details"), "reasoning_tokens", &reply->usage.reasoning);
}

/* Which slot a fragment of a call is for: by its index, else by its id, else the last one. */
static uint64_t slot_of_call(struct reply *reply, const struct json_value *call)
{
	struct slice id = member_text(call, "id");
	uint64_t index, last = SLOT_CALLS;

	if (member_number(call, "index", &index))
		return SLOT_CALLS + index;
	for (uint64_t slot = SLOT_CALLS; reply_has(reply, slot); slot++) {
		if (id.size > 0 && slice_is(id, reply_find(reply, slot)->id))
			return slot;
		last = id.size > 0 ? slot + 1 : slot;
	}
	return last;
}

static void take_calls(struct reply *reply, const struct json_value *calls)
{
	for (const struct json_value *call = json_first(calls); call != NULL; call = json_next(call)) {
		const struct json_value *function = json_member(call, "function");
		const struct json_value *arguments = json_member(function, "arguments");
		uint64_t slot = slot_of_call(reply, call);

		reply_call(reply, slot, member_text(call, "id"), member_text(function, "name"));
		if (arguments != NULL && json_value_kind(arguments) == JSON_OBJECT) {
			struct buffer text;

			buffer_init(&text, (size_t)4 << 20);
			json_value_append(&text, arguments);
			reply_arguments_set(reply, slot, buffer_slice(&text));
			buffer_release(&text);
		} else {
			reply_arguments(reply, slot, json_value_string(arguments));
		}
	}
}

static void take_delta(struct reply *reply, const struct json_value *delta)
{
	struct slice reasoning = member_text(delta, "reasoning_content");

	if (reasoning.size == 0)
		reasoning = member_text(delta, "reasoning");
	reply_reasoning(reply, SLOT_REASONING, 0, reasoning);
	reply_thinking_text(reply, member_text(delta, "content"));
	if (member_text(delta, "refusal").size > 0)
		reply_refusal(reply, member_text(delta, "refusal"));
	take_calls(reply, json_member(delta, "tool_calls"));
}

static void take_end(struct reply *reply, struct slice reason)
{
	if (reason.size == 0)
		return;
	reply->ended = true;
	if (slice_is(reason, "length"))
		reply->stop = LLM_STOP_LENGTH;
	else if (slice_is(reason, "content_filter"))
		reply->stop = LLM_STOP_FILTER;
	else if (slice_is(reason, "insufficient_system_resource"))
		reply->error.fault = LLM_OVERLOAD;
}

static void take(struct reply *reply, struct slice name, const struct json_value *root)
{
	const struct json_value *error = json_member(root, "error");
	const struct json_value *choice = json_element(json_member(root, "choices"), 0);

	if ((error != NULL && json_value_kind(error) != JSON_NULL) || slice_is(name, "error")) {
		reply_take_error(reply, root, 200);
		return;
	}
	take_delta(reply, json_member(choice, "delta"));
	take_end(reply, member_text(choice, "finish_reason"));
	take_usage(reply, json_member(root, "usage"));
}

static void take_whole(struct reply *reply, const struct json_value *root)
{
	const struct json_value *choice = json_element(json_member(root, "choices"), 0);

	if (choice == NULL) {
		reply_take_error(reply, root, 200);
		return;
	}
	take_delta(reply, json_member(choice, "message"));
	take_end(reply, member_text(choice, "finish_reason"));
	take_usage(reply, json_member(root, "usage"));
}

static const char *const optional[] = { "temperature", "stream_options", "parallel_tool_calls", "response_format",
	"stream", NULL };

const struct adapter adapter_chat = {
	.name = "chat",
	.path = "/chat/completions",
	.write = write_request,
	.take = take,
	.take_whole = take_whole,
	.has_done_mark = true,
	.optional = optional,
};
