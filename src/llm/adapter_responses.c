/*
 * OpenAI Responses. Nothing is kept at the server (store: false), so each request carries the whole conversation, with
 * the items of earlier replies as they were sent: a call whose reasoning item is missing is refused.
 *
 * Buffers are kept by output_index, or by a hash of the item's id where a server leaves the index out (llama.cpp). The
 * item at its end is right where the sum of its deltas differs.
 */
#include "llm/adapter.h"

#include <string.h>

/* --- the request ---- */

static void write_message(struct json *json, const char *role, const char *type, struct slice text)
{
	json_begin_object(json);
	json_field_text(json, "type", "message");
	json_field_text(json, "role", role);
	json_key(json, "content");
	json_begin_array(json);
	json_begin_object(json);
	json_field_text(json, "type", type);
	json_field_string(json, "text", text);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
}

static void write_item(const struct chat_item *item, struct json *json)
{
	struct slice raw = item_raw(item, &adapter_responses);

	if (raw.size > 0) {
		json_raw(json, raw);
	} else if (item->kind == CHAT_USER) {
		write_message(json, "user", "input_text", item->text);
	} else if (item->kind == CHAT_TEXT) {
		write_message(json, "assistant", "output_text", item->text);
	} else if (item->kind == CHAT_CALL) {
		json_begin_object(json);
		json_field_text(json, "type", "function_call");
		json_field_string(json, "call_id", item->id);
		json_field_string(json, "name", item->name);
		json_field_string(json, "arguments", item->text);
		json_end_object(json);
	} else if (item->kind == CHAT_RESULT) {
		json_begin_object(json);
		json_field_text(json, "type", "function_call_output");
		json_field_string(json, "call_id", item->id);
		json_field_string(json, "output", item->text);
		json_end_object(json);
	}
}

static void write_tools(const struct llm_request *request, struct json *json)
{
	if (request->tool_count == 0)
		return;
	json_key(json, "tools");
	json_begin_array(json);
	for (size_t i = 0; i < request->tool_count; i++) {
		json_begin_object(json);
		json_field_text(json, "type", "function");
		json_field_text(json, "name", request->tools[i].name);
		json_field_text(json, "description", request->tools[i].description);
		write_schema(json, "parameters", request->tools[i].parameters);
		json_key(json, "strict");
		json_bool(json, false);
		json_end_object(json);
	}
	json_end_array(json);
	json_field_text(json, "tool_choice", request->no_calls ? "none" : "auto");
	if (request->one_call) {
		json_key(json, "parallel_tool_calls");
		json_bool(json, false);
	}
}

static void write_reasoning(const struct llm *llm, struct json *json)
{
	if (!model_is_reasoning(llm->model)) {
		if (llm->config.temperature >= 0 && llm_sends(llm, "temperature"))
			json_field_double(json, "temperature", llm->config.temperature);
		return;
	}
	if (llm_sends(llm, "reasoning")) {
		json_key(json, "reasoning");
		json_begin_object(json);
		json_field_text(json, "effort", "medium");
		if (llm_sends(llm, "reasoning.summary"))
			json_field_text(json, "summary", "auto");
		json_end_object(json);
	}
	if (llm_sends(llm, "include")) {
		json_key(json, "include");
		json_begin_array(json);
		json_string(json, slice_of("reasoning.encrypted_content"));
		json_end_array(json);
	}
}

static void write_format(const char *schema, struct json *json)
{
	json_key(json, "text");
	json_begin_object(json);
	json_key(json, "format");
	json_begin_object(json);
	json_field_text(json, "type", "json_schema");
	json_field_text(json, "name", "answer");
	write_schema(json, "schema", schema);
	json_end_object(json);
	json_end_object(json);
}

static void write_request(const struct llm *llm, const struct llm_request *request, struct json *json)
{
	json_begin_object(json);
	json_field_text(json, "model", llm->model);
	if (request->chat->system.size > 0)
		json_field_string(json, "instructions", request->chat->system);
	json_key(json, "input");
	json_begin_array(json);
	for (size_t i = 0; i < chat_count(request->chat); i++)
		write_item(chat_at(request->chat, i), json);
	json_end_array(json);
	write_tools(request, json);
	if (request->schema != NULL && llm_sends(llm, "text"))
		write_format(request->schema, json);
	write_reasoning(llm, json);
	json_field_u64(json, "max_output_tokens", request->output);
	json_key(json, "store");
	json_bool(json, false);
	if (llm_sends(llm, "truncation"))
		json_field_text(json, "truncation", "disabled");
	json_key(json, "stream");
	json_bool(json, llm_sends(llm, "stream"));
	if (llm_sends(llm, "stream") && llm_sends(llm, "stream_options")) {
		json_key(json, "stream_options");
		json_begin_object(json);
		json_key(json, "include_obfuscation");
		json_bool(json, false);
		json_end_object(json);
	}
	json_end_object(json);
}

/* --- the reply ---- */

static uint64_t slot_of(const struct json_value *event, struct slice id)
{
	uint64_t index;

	return member_number(event, "output_index", &index) ? index : slice_hash(id, 1) | (UINT64_C(1) << 63);
}

static void take_message(struct reply *reply, uint64_t slot, const struct json_value *item)
{
	bool streamed = reply_has(reply, slot);

	for (const struct json_value *part = json_first(json_member(item, "content")); part != NULL;
		part = json_next(part)) {
		if (member_is(part, "type", "output_text") && !streamed)
			reply_text(reply, slot, member_text(part, "text"));
		if (member_is(part, "type", "refusal"))
			reply_refusal(reply, reply->refused ? (struct slice){ NULL, 0 } : member_text(part, "refusal"));
	}
	if (reply_has(reply, slot))
		reply_raw(reply, slot, CHAT_TEXT, item);
}

static void take_reasoning(struct reply *reply, uint64_t slot, const struct json_value *item)
{
	bool streamed = reply_has(reply, slot) && reply_find(reply, slot)->text.size > 0;
	unsigned part = 0;

	for (const struct json_value *summary = json_first(json_member(item, "summary")); summary != NULL && !streamed;
		summary = json_next(summary))
		reply_reasoning(reply, slot, part++, member_text(summary, "text"));
	reply_raw(reply, slot, CHAT_REASONING, item);
}

static void take_item(struct reply *reply, uint64_t slot, const struct json_value *item)
{
	if (member_is(item, "type", "message")) {
		take_message(reply, slot, item);
	} else if (member_is(item, "type", "reasoning")) {
		take_reasoning(reply, slot, item);
	} else if (member_is(item, "type", "function_call")) {
		reply_call(reply, slot, member_text(item, "call_id"), member_text(item, "name"));
		reply_arguments_set(reply, slot, member_text(item, "arguments"));
		reply_raw(reply, slot, CHAT_CALL, item);
		if (!member_is(item, "status", "incomplete"))
			reply_whole(reply, slot);
	}
}

static void take_end(struct reply *reply, const struct json_value *response)
{
	const struct json_value *usage = json_member(response, "usage");
	struct slice reason = member_text(json_member(response, "incomplete_details"), "reason");

	reply->usage.known = member_number(usage, "input_tokens", &reply->usage.input);
	member_number(usage, "output_tokens", &reply->usage.output);
	member_number(json_member(usage, "input_tokens_details"), "cached_tokens", &reply->usage.cached);
	member_number(json_member(usage, "output_tokens_details"), "reasoning_tokens", &reply->usage.reasoning);
	reply->ended = true;
	if (slice_is(reason, "content_filter"))
		reply->stop = LLM_STOP_FILTER;
	else if (member_is(response, "status", "incomplete"))
		reply->stop = LLM_STOP_LENGTH;
}

static void take_summary(struct reply *reply, uint64_t slot, const struct json_value *root)
{
	uint64_t part = 0;

	if (!member_number(root, "summary_index", &part))
		member_number(root, "content_index", &part);
	reply_reasoning(reply, slot, (unsigned)part, member_text(root, "delta"));
}

static void take_delta(struct reply *reply, struct slice type, const struct json_value *root)
{
	uint64_t slot = slot_of(root, member_text(root, "item_id"));

	if (slice_is(type, "response.output_text.delta"))
		reply_text(reply, slot, member_text(root, "delta"));
	else if (slice_is(type, "response.reasoning_summary_text.delta") ||
		slice_is(type, "response.reasoning_text.delta"))
		take_summary(reply, slot, root);
	else if (slice_is(type, "response.refusal.delta"))
		reply_refusal(reply, member_text(root, "delta"));
	else if (slice_is(type, "response.function_call_arguments.delta"))
		reply_arguments(reply, slot, member_text(root, "delta"));
	else if (slice_is(type, "response.function_call_arguments.done"))
		reply_arguments_set(reply, slot, member_text(root, "arguments"));
}

static void take(struct reply *reply, struct slice name, const struct json_value *root)
{
	struct slice type = member_text(root, "type");
	const struct json_value *item = json_member(root, "item");
	const struct json_value *response = json_member(root, "response");

	if (type.size == 0)
		type = name;
	if (slice_is(type, "response.output_item.added") && member_is(item, "type", "function_call"))
		reply_call(reply, slot_of(root, member_text(item, "id")), member_text(item, "call_id"),
			member_text(item, "name"));
	else if (slice_is(type, "response.output_item.done"))
		take_item(reply, slot_of(root, member_text(item, "id")), item);
	else if (slice_is(type, "response.completed") || slice_is(type, "response.incomplete"))
		take_end(reply, response);
	else if (slice_is(type, "response.failed"))
		reply_take_error(reply, response, 200);
	else if (slice_is(type, "error") || json_member(root, "error") != NULL)
		reply_take_error(reply, root, 200);
	else
		take_delta(reply, type, root);
}

static void take_whole(struct reply *reply, const struct json_value *root)
{
	const struct json_value *error = json_member(root, "error");
	uint64_t slot = 0;

	if (error != NULL && json_value_kind(error) == JSON_OBJECT) {
		reply_take_error(reply, root, 200);
		return;
	}
	for (const struct json_value *item = json_first(json_member(root, "output")); item != NULL;
		item = json_next(item))
		take_item(reply, slot++, item);
	take_end(reply, root);
}

static const char *const optional[] = { "reasoning.summary", "reasoning", "include", "truncation", "stream_options",
	"temperature", "text", "stream", NULL };

const struct adapter adapter_responses = {
	.name = "responses",
	.path = "/responses",
	.write = write_request,
	.take = take,
	.take_whole = take_whole,
	.has_done_mark = true,
	.optional = optional,
};
