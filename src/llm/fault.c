/*
 * Every way in which a request can fail, as one sentence with what to do. What a server says is quoted only after
 * redaction, since some echo a part of the key.
 */
#include "llm/adapter.h"
#include "tocsin/base/redact.h"
#include "tocsin/base/utf8.h"

#include <stdio.h>
#include <string.h>

#define QUOTED 200 /* bytes of a server's own words */

bool fault_may_retry(enum llm_fault fault)
{
	return fault == LLM_RATE || fault == LLM_OVERLOAD || fault == LLM_UNREACHABLE || fault == LLM_CUT;
}

/* --- what the server said ---- */

static void copy_code(const struct json_value *value, char *out, size_t capacity)
{
	double number;

	if (json_value_number(value, &number))
		snprintf(out, capacity, "%.0f", number);
	else
		slice_copy(json_value_string(value), out, capacity);
}

static bool holds(const char *text, const char *part)
{
	return slice_find_nocase(slice_of(text), slice_of(part)) != SIZE_MAX;
}

/* The two sizes in a message about length: the larger is what was sent. */
static void take_sizes(struct llm_error *error, const char *message)
{
	uint64_t found[2] = { 0, 0 };
	size_t count = 0;

	for (const char *at = message; *at != '\0' && count < 2;) {
		size_t digits = strspn(at, "0123456789");

		if (digits >= 3 && digits < 10 && slice_to_u64((struct slice){ at, digits }, &found[count]))
			count++;
		at += digits > 0 ? digits : 1;
	}
	if (count == 2) {
		error->tokens = found[0] > found[1] ? found[0] : found[1];
		error->limit = found[0] > found[1] ? found[1] : found[0];
	}
}

static bool is_about_length(const char *code, const char *message)
{
	static const char *const signs[] = { "maximum context length", "context window", "prompt is too long",
		"exceed context limit", "exceeds the available context", "exceeds the context length" };

	if (holds(code, "context_length") || holds(code, "exceed_context"))
		return true;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (holds(message, signs[i]))
			return true;
	return false;
}

static enum llm_fault fault_of_code(const char *code, const char *message)
{
	static const struct {
		const char *part;
		enum llm_fault fault;
	} words[] = { { "insufficient_quota", LLM_QUOTA }, { "billing", LLM_QUOTA }, { "invalid_api_key", LLM_KEY },
		{ "authentication", LLM_KEY }, { "permission", LLM_KEY }, { "rate_limit", LLM_RATE },
		{ "overloaded", LLM_OVERLOAD }, { "server_error", LLM_OVERLOAD }, { "api_error", LLM_OVERLOAD },
		{ "unavailable", LLM_OVERLOAD }, { "timeout_error", LLM_OVERLOAD }, { "model_not_found", LLM_MODEL },
		{ "request_too_large", LLM_CONTEXT } };

	if (is_about_length(code, message))
		return LLM_CONTEXT;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (holds(code, words[i].part))
			return words[i].fault;
	return LLM_NO_FAULT;
}

static enum llm_fault fault_of_status(int status, const char *message)
{
	switch (status) {
	case 401:
	case 403:
		return LLM_KEY;
	case 402:
		return LLM_QUOTA;
	case 404:
		return holds(message, "model") ? LLM_MODEL : LLM_REQUEST;
	case 408:
	case 409:
		return LLM_OVERLOAD;
	case 413:
		return LLM_CONTEXT;
	case 429:
		return LLM_RATE;
	default:
		return status >= 500 ? LLM_OVERLOAD : status >= 400 ? LLM_REQUEST : LLM_FAILED;
	}
}

void reply_take_error(struct reply *reply, const struct json_value *root, int status)
{
	const struct json_value *error = json_member(root, "error");
	struct llm_error *out = &reply->error;
	char type[64] = "", message[sizeof(out->text)];

	if (error == NULL || json_value_kind(error) == JSON_NULL)
		error = root;
	if (json_value_kind(error) == JSON_STRING) {
		slice_copy(json_value_string(error), message, sizeof(message));
	} else {
		slice_copy(member_text(error, "message"), message, sizeof(message));
		slice_copy(member_text(error, "type"), type, sizeof(type));
		copy_code(json_member(error, "code"), reply->error_code, sizeof(reply->error_code));
		slice_copy(member_text(error, "param"), reply->error_param, sizeof(reply->error_param));
		member_number(error, "n_prompt_tokens", &out->tokens);
		member_number(error, "n_ctx", &out->limit);
	}
	out->fault = fault_of_code(reply->error_code, message);
	if (out->fault == LLM_NO_FAULT)
		out->fault = fault_of_code(type, message);
	if (out->fault == LLM_NO_FAULT)
		out->fault = status >= 400 ? fault_of_status(status, message) : LLM_FAILED;
	if (out->fault == LLM_CONTEXT && out->limit == 0)
		take_sizes(out, message);
	out->status = status;
	snprintf(out->text, sizeof(out->text), "%s", message);
}

/* --- the sentence ---- */

/* A key as a person recognises it: its first three and last four characters, or nothing of a short one. */
static void mask(const char *key, char *out, size_t capacity)
{
	size_t size = strlen(key);

	if (size >= 12)
		snprintf(out, capacity, "%.3s…%s", key, key + size - 4);
	else
		snprintf(out, capacity, "****");
}

/* The server's words, fit to show and without what it should not have said. */
static void quote(const struct llm *llm, const char *message, char *out, size_t capacity)
{
	struct buffer clean, shown;
	size_t at;

	buffer_init(&clean, 65536);
	buffer_init(&shown, 65536);
	redact_append(&clean, slice_first(slice_of(message), QUOTED));
	if (llm->key[0] != '\0' && (at = slice_find(buffer_slice(&clean), slice_of(llm->key))) != SIZE_MAX)
		buffer_truncate(&clean, at);
	utf8_append_shown(&shown, buffer_slice(&clean), QUOTED);
	slice_copy(buffer_slice(&shown), out, capacity);
	buffer_release(&clean);
	buffer_release(&shown);
}

static void say_key(const struct llm *llm, struct llm_error *error)
{
	const char *name = llm->row->key_name;
	char masked[32];

	mask(llm->key, masked, sizeof(masked));
	if (llm->key[0] == '\0')
		snprintf(error->text, sizeof(error->text), "%s wants a key (%d): set %s.", llm->row->name,
			error->status, name == NULL ? "one" : name);
	else
		snprintf(error->text, sizeof(error->text), "%s refused the key %s (%d): check %s.", llm->row->name,
			masked, error->status, name == NULL ? "it" : name);
}

static void say_context(const struct llm *llm, struct llm_error *error)
{
	if (error->limit > 0 && error->tokens > 0)
		snprintf(error->text, sizeof(error->text),
			"The conversation is too long for %s: %llu tokens, where %llu fit.",
			llm->model[0] == '\0' ? llm->row->name : llm->model, (unsigned long long)error->tokens,
			(unsigned long long)error->limit);
	else
		snprintf(error->text, sizeof(error->text), "The conversation is too long for %s.",
			llm->model[0] == '\0' ? llm->row->name : llm->model);
}

void fault_settle(const struct llm *llm, struct reply *reply)
{
	struct llm_error *error = &reply->error;
	const char *name = llm->row->name;
	char said[QUOTED * 2], status[16] = "";

	quote(llm, error->text, said, sizeof(said));
	if (error->status >= 400)
		snprintf(status, sizeof(status), " (%d)", error->status);
	switch (error->fault) {
	case LLM_KEY:
		say_key(llm, error);
		return;
	case LLM_CONTEXT:
		say_context(llm, error);
		return;
	case LLM_QUOTA:
		snprintf(error->text, sizeof(error->text), "%s says that the quota or balance is spent%s.", name,
			status);
		return;
	case LLM_RATE:
		snprintf(error->text, sizeof(error->text),
			"%s has had too many requests%s; it may be asked again later.", name, status);
		return;
	case LLM_OVERLOAD:
		snprintf(error->text, sizeof(error->text), "%s is overloaded or out of order%s%s%s.", name, status,
			said[0] == '\0' ? "" : ": ", said);
		return;
	case LLM_MODEL:
		snprintf(error->text, sizeof(error->text), "%s knows no model \"%s\"%s%s%s.", name, llm->model, status,
			llm->adapter->is_lines ? "; this fetches it: ollama pull " : "",
			llm->adapter->is_lines ? llm->model : "");
		return;
	case LLM_REQUEST:
		snprintf(error->text, sizeof(error->text), "%s refused the request%s%s%s", name, status,
			said[0] == '\0' ? "." : ": ", said);
		return;
	default:
		snprintf(error->text, sizeof(error->text), "%s could not answer%s%s%s", name, status,
			said[0] == '\0' ? "." : ": ", said);
	}
}

void fault_from_reply(const struct llm *llm, struct reply *reply, const struct http_head *head, struct slice body)
{
	struct json_document *document = parse_event(slice_trim(body));
	struct llm_error *error = &reply->error;

	*error = (struct llm_error){ .status = head->status };
	if (document != NULL && json_value_kind(json_root(document)) == JSON_OBJECT) {
		reply_take_error(reply, json_root(document), head->status);
	} else {
		error->fault = fault_of_status(head->status, "");
		if (head->status < 400 || error->fault == LLM_REQUEST) {
			bool is_page = slice_find_nocase(slice_first(body, 512), slice_of("<html")) != SIZE_MAX ||
				strcmp(head->type, "text/html") == 0;

			error->fault = LLM_FORMAT;
			snprintf(error->text, sizeof(error->text),
				"%.300s answered with %s instead of JSON (%d): is the address right, or a proxy in "
				"between?",
				llm->url, is_page ? "a web page" : "something", head->status);
		}
	}
	json_document_free(document);
	if (error->fault != LLM_FORMAT)
		fault_settle(llm, reply);
}

void fault_from_network(const struct llm *llm, struct llm_error *error, const struct http_result *result)
{
	error->fault = result->fault == HTTP_CUT || result->head.status != 0 ? LLM_CUT : LLM_UNREACHABLE;
	error->status = result->head.status;
	snprintf(error->text, sizeof(error->text), "%s: %.440s", llm->row->name, result->error.text);
}
