/*
 * The calls of one turn. Whatever a model sends is answered: an unknown tool, malformed arguments or a call that
 * comes too early gets a sentence back that says what to do instead.
 */
#include "analyst/inside.h"
#include "analyst/investigating.h"
#include "tocsin/base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RESULT_BYTES ((size_t)TOOL_RESULT * 2)
#define SMALL_CONTEXT 8192

static const struct llm_tool own_tools[] = {
	{ "read_evidence", "The full text of evidence by its ids, as it was minted.",
		"{\"type\":\"object\",\"properties\":{\"ids\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
		"\"required\":[\"ids\"]}" },
	{ "propose_ticket",
		"Fills in a ticket for a person to look at; one for each service whose FATAL lines need work. Nothing "
		"is sent.",
		"{\"type\":\"object\",\"properties\":{\"service\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"}"
		","
		"\"cause\":{\"type\":\"string\"},\"steps\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
		"\"required\":[\"service\",\"cause\",\"steps\"]}" },
};
#define READ_EVIDENCE own_tools[0]
#define PROPOSE_TICKET own_tools[1]

/* A small model with little room is told the few tools that matter most. */
static bool is_told(const struct investigation *investigation, const char *name)
{
	static const char *const few[] = { "search_logs", "count", "templates", "read_evidence", NULL };

	if (investigation->context > SMALL_CONTEXT)
		return true;
	for (const char *const *known = few; *known != NULL; known++)
		if (strcmp(*known, name) == 0)
			return true;
	return false;
}

size_t calls_tools(const struct investigation *investigation, struct llm_tool *tools, size_t capacity)
{
	const struct tool *tool;
	size_t count = 0;

	if (investigation->phase == PHASE_PROPOSE) {
		tools[0] = PROPOSE_TICKET;
		return 1;
	}
	for (size_t i = 0; (tool = tool_at(i)) != NULL && count + 1 < capacity; i++)
		if (is_told(investigation, tool->name))
			tools[count++] = (struct llm_tool){ tool->name, tool->description, tool->parameters };
	if (tool_find(slice_of(READ_EVIDENCE.name)) == NULL)
		tools[count++] = READ_EVIDENCE;
	return count;
}

/* --- taking and running ---- */

void calls_add(struct investigation *investigation, const struct llm_event *event)
{
	struct pending_call *call;
	struct buffer arguments;

	if (investigation->call_count == CALLS_MAXIMUM)
		return; /* left out of the conversation, too */
	call = &investigation->calls[investigation->call_count++];
	memset(call, 0, sizeof(*call));
	buffer_init(&call->result, RESULT_BYTES * 2);
	buffer_init(&arguments, RESULT_BYTES);
	if (investigation->options.vault != NULL)
		vault_reveal(investigation->options.vault, event->text, &arguments);
	else
		buffer_append_slice(&arguments, event->text);
	call->id = arena_copy(&investigation->arena, event->id);
	call->name = arena_copy(&investigation->arena, event->name);
	call->arguments = arena_copy(&investigation->arena, buffer_slice(&arguments));
	buffer_release(&arguments);
}

static int read_evidence(const struct investigation *investigation, struct slice arguments, struct buffer *out)
{
	const struct evidence_book *book = investigation->options.input.book;
	struct json_document *document = json_parse(arguments);
	const struct json_value *ids = document == NULL ? NULL : json_member(json_root(document), "ids");
	struct json json;
	uint64_t number;

	json_init(&json, out);
	json_begin_object(&json);
	json_field_text(&json, "tool", READ_EVIDENCE.name);
	json_key(&json, "items");
	json_begin_array(&json);
	for (const struct json_value *id = json_first(ids); id != NULL; id = json_next(id)) {
		struct slice name = json_value_string(id);
		const struct evidence *evidence = NULL;

		if (slice_starts(name, "E") && slice_to_u64(slice_from(name, 1), &number) && number < EVIDENCE_MAXIMUM)
			evidence = evidence_find(book, (unsigned)number);
		json_begin_object(&json);
		json_field_string(&json, "evidence", name);
		if (evidence != NULL) {
			json_field_time(&json, "time", evidence->time);
			json_field_string(&json, "text", evidence->text);
		} else {
			json_field_text(&json, "note", "there is no such evidence");
		}
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	json_document_free(document);
	return ids == NULL ? ERROR_INPUT : out->failed;
}

static void refuse(struct pending_call *call, const char *sentence)
{
	struct json json;

	call->failed = true;
	buffer_clear(&call->result);
	json_init(&json, &call->result);
	json_begin_object(&json);
	json_field_text(&json, "error", sentence);
	json_end_object(&json);
}

/* Cuts a result to a quarter of the context, at a whole item. */
static void cut(const struct investigation *investigation, struct buffer *result)
{
	/* A quarter of its tokens, in bytes. */
	size_t most = (size_t)(investigation->context * 2 / investigation->scale);
	size_t end = most;

	if (result->size <= most)
		return;
	while (end > most / 2 && result->data[end] != '}')
		end--;
	buffer_truncate(result, end + 1);
	buffer_append_string(
		result, " ... (the rest was left out for want of room: lower the limit, or narrow the filter)");
}

static void run_tool(struct investigation *investigation, struct pending_call *call, const struct tool *tool)
{
	struct error error = { 0 };
	struct buffer raw;
	int result;

	buffer_init(&raw, RESULT_BYTES);
	if (tool != NULL)
		result = tool_run(tool, &investigation->options.input, call->arguments, &raw, &error);
	else
		result = read_evidence(investigation, call->arguments, &raw);
	if (result != 0) {
		refuse(call, error.text[0] != '\0' ? error.text : error_name((enum error_code)result));
	} else {
		struct json_document *document = json_parse(buffer_slice(&raw));
		double number;

		if (document != NULL && json_value_number(json_member(json_root(document), "shown"), &number))
			call->shown = (uint64_t)number;
		if (document != NULL && json_value_number(json_member(json_root(document), "total"), &number))
			call->total = (uint64_t)number;
		json_document_free(document);
		cut(investigation, &raw);
		fence_append(&call->result, &investigation->fence, tool != NULL ? tool->name : READ_EVIDENCE.name,
			buffer_slice(&raw));
	}
	buffer_release(&raw);
}

static void run_one(struct investigation *investigation, struct pending_call *call)
{
	const struct tool *tool = tool_find(call->name);

	if (slice_is(call->name, PROPOSE_TICKET.name)) {
		if (investigation->phase != PHASE_PROPOSE)
			refuse(call,
				"finish your reasoning and give your verdict first; tickets are asked for afterwards");
		else
			call->failed = !calls_propose(investigation, call->arguments, &call->result);
	} else if (tool == NULL && !slice_is(call->name, READ_EVIDENCE.name)) {
		refuse(call, "there is no such tool; use one of those you were told");
	} else if (call->repeated) {
		refuse(call,
			"you have asked this before, and the answer is the same: use it, ask something else, or "
			"answer");
	} else {
		run_tool(investigation, call, tool);
	}
}

void calls_run(struct investigation *investigation)
{
	for (size_t i = 0; i < investigation->call_count; i++) {
		struct pending_call *call = &investigation->calls[i];

		call->repeated = breaker_note(&investigation->breaker, call->name, call->arguments);
		run_one(investigation, call);
	}
}

/* --- afterwards ---- */

/* "search_logs {...}: 12 of 40, 3 kB" */
static void say_call(struct investigation *investigation, const struct pending_call *call)
{
	struct buffer text;
	char name[64];

	buffer_init(&text, 2048);
	slice_copy(call->name, name, sizeof(name));
	buffer_append_string(&text, name);
	buffer_append_byte(&text, ' ');
	buffer_append_slice(&text, slice_first(call->arguments, 200));
	if (call->failed)
		buffer_append_format(&text, ": refused: %.*s", (int)slice_first(buffer_slice(&call->result), 200).size,
			buffer_string(&call->result));
	else if (call->total > 0)
		buffer_append_format(&text, ": %" PRIu64 " of %" PRIu64 ", %.1f kB", call->shown, call->total,
			(double)call->result.size / 1000);
	else
		buffer_append_format(&text, ": %.1f kB", (double)call->result.size / 1000);
	transcript_add(&investigation->transcript, ENTRY_TOOL, name, buffer_slice(&text),
		investigation->options.input.horizon.time);
	buffer_release(&text);
}

void calls_finish(struct investigation *investigation)
{
	for (size_t i = 0; i < investigation->call_count; i++) {
		struct pending_call *call = &investigation->calls[i];

		chat_add(&investigation->chat,
			&(struct chat_item){ .kind = CHAT_RESULT,
				.id = call->id,
				.name = call->name,
				.text = buffer_slice(&call->result),
				.failed = call->failed });
		say_call(investigation, call);
	}
	investigation->used.calls += (unsigned)investigation->call_count;
	calls_release(investigation);
}

void calls_release(struct investigation *investigation)
{
	for (size_t i = 0; i < investigation->call_count; i++)
		buffer_release(&investigation->calls[i].result);
	investigation->call_count = 0;
}

/* --- tickets ---- */

static void join_steps(const struct json_value *steps, struct buffer *out)
{
	for (const struct json_value *step = json_first(steps); step != NULL; step = json_next(step)) {
		if (out->size > 0)
			buffer_append_byte(out, '\n');
		utf8_append_shown(out, json_value_string(step), 200);
	}
}

static void fill(char *field, size_t capacity, struct slice text)
{
	struct buffer shown;

	buffer_init(&shown, 65536);
	if (slice_trim(text).size > 0 && utf8_append_shown(&shown, slice_trim(text), capacity) == 0)
		slice_copy(buffer_slice(&shown), field, capacity);
	buffer_release(&shown);
}

/* The built-in proposal of the service, with the model's cause and steps: counts, times, evidence and the person come
 * from code. */
bool calls_propose(struct investigation *investigation, struct slice arguments, struct buffer *result)
{
	struct json_document *document = json_parse(arguments);
	const struct json_value *root = document == NULL ? NULL : json_root(document);
	struct slice service = json_value_string(json_member(root, "service"));
	struct analysis *analysis = investigation->options.analysis;
	bool found = false;

	for (size_t i = 0; analysis != NULL && i < analysis_proposal_count(analysis) && !found; i++) {
		const struct ticket *rule = analysis_proposal(analysis, i);
		struct ticket *ticket =
			slice_is(service, rule->service) ? vector_push(&investigation->proposals) : NULL;
		struct buffer steps;

		if (ticket == NULL)
			continue;
		*ticket = *rule;
		buffer_init(&steps, sizeof(ticket->steps));
		join_steps(json_member(root, "steps"), &steps);
		fill(ticket->title, sizeof(ticket->title), json_value_string(json_member(root, "title")));
		fill(ticket->cause, sizeof(ticket->cause), json_value_string(json_member(root, "cause")));
		if (steps.size > 0)
			slice_copy(buffer_slice(&steps), ticket->steps, sizeof(ticket->steps));
		buffer_release(&steps);
		found = true;
	}
	buffer_append_string(result,
		found ? "{\"result\":\"the form is filled in; a person will look at it\"}"
		      : "{\"error\":\"the rule is not met: a ticket needs a FATAL message that occurred 5 times or "
			"more in "
			"that service\"}");
	json_document_free(document);
	return found;
}
