/*
 * Anthropic Messages. Blocks of an assistant's turn go back as they came, thinking with its signature, in their order;
 * the results of its calls make one message of the user's, before anything else that the user says. The system text is
 * marked for the cache: it is the same in every turn. The end of a block is no news: arguments may have been cut by the
 * limit, which only the stop reason says, later.
 */
#include "llm/adapter.h"

#include <string.h>

#define THINKING_LEAST 1024

/* --- the request ---- */

static void begin_message(struct json *json, const char *role)
{
	json_begin_object(json);
	json_field_text(json, "role", role);
	json_key(json, "content");
	json_begin_array(json);
}

static void end_message(struct json *json)
{
	json_end_array(json);
	json_end_object(json);
}

static void write_text(struct json *json, struct slice text)
{
	if (text.size == 0)
		return; /* an empty block is refused */
	json_begin_object(json);
	json_field_text(json, "type", "text");
	json_field_string(json, "text", text);
	json_end_object(json);
}

/* A document that is a JSON object, or {}: what a model sent for arguments may be neither. */
static void write_arguments(struct json *json, struct slice text)
{
	struct json_document *document = json_parse(text);
	bool is_object = document != NULL && json_value_kind(json_root(document)) == JSON_OBJECT;

	json_raw(json, is_object ? text : slice_of("{}"));
	json_document_free(document);
}

static void write_block(const struct chat_item *item, struct json *json)
{
	struct slice raw = item_raw(item, &adapter_anthropic);

	if (raw.size > 0) {
		json_raw(json, raw);
	} else if (item->kind == CHAT_TEXT || item->kind == CHAT_USER) {
		write_text(json, item->text);
	} else if (item->kind == CHAT_CALL) {
		json_begin_object(json);
		json_field_text(json, "type", "tool_use");
		json_field_string(json, "id", item->id);
		json_field_string(json, "name", item->name);
		json_key(json, "input");
		write_arguments(json, item->text);
		json_end_object(json);
	} else if (item->kind == CHAT_RESULT) {
		json_begin_object(json);
		json_field_text(json, "type", "tool_result");
		json_field_string(json, "tool_use_id", item->id);
		json_field_string(json, "content", item->text);
		if (item->failed) {
			json_key(json, "is_error");
			json_bool(json, true);
		}
		json_end_object(json);
	}
}

static bool is_users(const struct chat_item *item)
{
	return item->kind == CHAT_USER || item->kind == CHAT_RESULT;
}

static void write_messages(const struct chat *chat, struct json *json)
{
	json_key(json, "messages");
	json_begin_array(json);
	for (size_t i = 0; i < chat_count(chat);) {
		bool users = is_users(chat_at(chat, i));

		begin_message(json, users ? "user" : "assistant");
		for (; i < chat_count(chat) && is_users(chat_at(chat, i)) == users; i++)
			write_block(chat_at(chat, i), json);
		end_message(json);
	}
	json_end_array(json);
}

static void write_system(struct slice text, struct json *json)
{
	if (text.size == 0)
		return;
	json_key(json, "system");
	json_begin_array(json);
	json_begin_object(json);
	json_field_text(json, "type", "text");
	json_field_string(json, "text", text);
	json_key(json, "cache_control");
	json_begin_object(json);
	json_field_text(json, "type", "ephemeral");
	json_end_object(json);
	json_end_object(json);
	json_end_array(json);
}

static void write_tools(const struct llm_request *request, struct json *json)
{
	if (request->tool_count == 0)
		return;
	json_key(json, "tools");
	json_begin_array(json);
	for (size_t i = 0; i < request->tool_count; i++) {
		json_begin_object(json);
		json_field_text(json, "name", request->tools[i].name);
		json_field_text(json, "description", request->tools[i].description);
		write_schema(json, "input_schema", request->tools[i].parameters);
		json_end_object(json);
	}
	json_end_array(json);
	json_key(json, "tool_choice");
	json_begin_object(json);
	json_field_text(json, "type", request->no_calls ? "none" : "auto");
	if (request->one_call && !request->no_calls) {
		json_key(json, "disable_parallel_tool_use");
		json_bool(json, true);
	}
	json_end_object(json);
}

static void write_request(const struct llm *llm, const struct llm_request *request, struct json *json)
{
	bool thinks = llm_sends(llm, "thinking") && request->output > 2 * THINKING_LEAST;

	json_begin_object(json);
	json_field_text(json, "model", llm->model);
	json_field_u64(json, "max_tokens", request->output);
	write_system(request->chat->system, json);
	write_messages(request->chat, json);
	write_tools(request, json);
	if (thinks) {
		json_key(json, "thinking");
		json_begin_object(json);
		json_field_text(json, "type", "enabled");
		json_field_u64(json, "budget_tokens", request->output / 2);
		json_end_object(json);
	} else if (llm->config.temperature >= 0 && llm_sends(llm, "temperature")) {
		json_field_double(json, "temperature", llm->config.temperature);
	}
	json_key(json, "stream");
	json_bool(json, true);
	json_end_object(json);
}

/* --- the reply ---- */

static void take_usage(struct reply *reply, const struct json_value *usage)
{
	uint64_t read = 0, written = 0, plain;

	/* Counted apart by this vendor: what was read from and written to the cache is no part of input_tokens. */
	if (member_number(usage, "input_tokens", &plain)) {
		member_number(usage, "cache_read_input_tokens", &read);
		member_number(usage, "cache_creation_input_tokens", &written);
		reply->usage.input = plain + read + written;
		reply->usage.cached = read;
	}
	if (member_number(usage, "output_tokens", &reply->usage.output))
		reply->usage.known = true;
}

static void begin_block(struct reply *reply, uint64_t slot, const struct json_value *block)
{
	if (member_is(block, "type", "tool_use")) {
		reply_call(reply, slot, member_text(block, "id"), member_text(block, "name"));
	} else if (member_is(block, "type", "redacted_thinking")) {
		reply_raw(reply, slot, CHAT_REASONING, block);
	} else if (member_is(block, "type", "thinking")) {
		reply_reasoning(reply, slot, 0, member_text(block, "thinking"));
	} else if (member_is(block, "type", "text")) {
		reply_text(reply, slot, member_text(block, "text"));
	}
}

/* A thinking block is replayed with its signature: written once that has come. */
static void sign(struct reply *reply, uint64_t slot, struct slice signature)
{
	struct piece *piece = reply_find(reply, slot);
	struct json json;

	if (piece == NULL || piece->kind != CHAT_REASONING)
		return;
	buffer_clear(&piece->raw);
	json_init(&json, &piece->raw);
	json_begin_object(&json);
	json_field_text(&json, "type", "thinking");
	json_field_string(&json, "thinking", buffer_slice(&piece->text));
	json_field_string(&json, "signature", signature);
	json_end_object(&json);
}

static void take_delta(struct reply *reply, uint64_t slot, const struct json_value *delta)
{
	if (member_is(delta, "type", "thinking_delta"))
		reply_reasoning(reply, slot, 0, member_text(delta, "thinking"));
	else if (member_is(delta, "type", "text_delta"))
		reply_text(reply, slot, member_text(delta, "text"));
	else if (member_is(delta, "type", "input_json_delta"))
		reply_arguments(reply, slot, member_text(delta, "partial_json"));
	else if (member_is(delta, "type", "signature_delta")) {
		reply_reasoning(reply, slot, 0, (struct slice){ NULL, 0 });
		sign(reply, slot, member_text(delta, "signature"));
	}
}

static void take_stop(struct reply *reply, const struct json_value *delta)
{
	static const struct {
		const char *reason;
		enum llm_stop stop;
	} stops[] = { { "tool_use", LLM_STOP_CALLS }, { "max_tokens", LLM_STOP_LENGTH },
		{ "pause_turn", LLM_STOP_PAUSE }, { "refusal", LLM_STOP_FILTER },
		{ "model_context_window_exceeded", LLM_STOP_CONTEXT } };
	struct slice reason = member_text(delta, "stop_reason");

	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (slice_is(reason, stops[i].reason))
			reply->stop = stops[i].stop;
	if (slice_is(reason, "refusal"))
		reply_refusal(reply, member_text(json_member(delta, "stop_details"), "explanation"));
}

static void take(struct reply *reply, struct slice name, const struct json_value *root)
{
	struct slice type = member_text(root, "type");
	uint64_t slot = 0;

	if (type.size == 0)
		type = name;
	member_number(root, "index", &slot);
	if (slice_is(type, "message_start"))
		take_usage(reply, json_member(json_member(root, "message"), "usage"));
	else if (slice_is(type, "content_block_start"))
		begin_block(reply, slot, json_member(root, "content_block"));
	else if (slice_is(type, "content_block_delta"))
		take_delta(reply, slot, json_member(root, "delta"));
	else if (slice_is(type, "message_delta")) {
		take_stop(reply, json_member(root, "delta"));
		take_usage(reply, json_member(root, "usage"));
	} else if (slice_is(type, "message_stop"))
		reply->ended = true;
	else if (slice_is(type, "error"))
		reply_take_error(reply, root, 200);
}

static void take_whole(struct reply *reply, const struct json_value *root)
{
	uint64_t slot = 0;

	if (member_is(root, "type", "error")) {
		reply_take_error(reply, root, 200);
		return;
	}
	for (const struct json_value *block = json_first(json_member(root, "content")); block != NULL;
		block = json_next(block), slot++) {
		begin_block(reply, slot, block);
		reply_raw(reply, slot, CHAT_TEXT, block);
		if (member_is(block, "type", "tool_use") && json_member(block, "input") != NULL) {
			struct buffer text;

			buffer_init(&text, (size_t)4 << 20);
			json_value_append(&text, json_member(block, "input"));
			reply_arguments_set(reply, slot, buffer_slice(&text));
			buffer_release(&text);
		}
	}
	take_stop(reply, root);
	take_usage(reply, json_member(root, "usage"));
	reply->ended = true;
}

static const char *const optional[] = { "thinking", "temperature", NULL };

const struct adapter adapter_anthropic = {
	.name = "anthropic",
	.path = "/messages",
	.write = write_request,
	.take = take,
	.take_whole = take_whole,
	.optional = optional,
};
