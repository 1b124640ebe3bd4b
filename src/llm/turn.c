/*
 * One turn: a request, its reply fed to parser and adapter as it comes, and what is done when it fails. A parameter
 * that a server refuses is left out and the request made again, once for each; that counts as no attempt.
 *
 * The reader may cancel inside its event, while parser and adapter are still at work on these bytes: then the turn is
 * only marked, falls silent, and is freed when the last function on it has returned.
 */
#include "llm/exchange.h"
#include "tocsin/llm/sse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAXIMUM ((size_t)32 << 20)
#define EVENT_MAXIMUM ((size_t)8 << 20)
#define ERROR_BODY ((size_t)256 << 10)

struct llm_turn {
	struct llm *llm;
	struct exchange exchange;
	struct llm_request request;
	struct buffer body;
	struct reply reply;
	struct sse sse;
	struct lines lines;
	struct buffer collected; /* a body that is no stream */
	struct http_head head;
	enum { BODY_UNKNOWN, BODY_EVENTS, BODY_LINES, BODY_DOCUMENT } form;
	struct loop_timer *pause; /* before the next attempt */
	unsigned attempts;
	bool bad_event; /* data that is no JSON */
	bool cancelled;
	unsigned busy; /* functions on the stack that will touch the turn again */
	int64_t started, first;
	void (*on_event)(void *context, const struct llm_event *event);
	void *context;
};

static int begin(struct llm_turn *turn, struct error *error);

/* --- life ---- */

static void turn_free(struct llm_turn *turn)
{
	exchange_cancel(&turn->exchange);
	loop_timer_stop(turn->pause);
	if (turn->llm != NULL && turn->llm->turn == turn)
		turn->llm->turn = NULL;
	reply_release(&turn->reply);
	sse_release(&turn->sse);
	lines_release(&turn->lines);
	buffer_release(&turn->body);
	buffer_release(&turn->collected);
	free(turn);
}

static void leave(struct llm_turn *turn)
{
	if (--turn->busy == 0 && turn->cancelled)
		turn_free(turn);
}

void llm_cancel(struct llm_turn *turn)
{
	if (turn == NULL || turn->cancelled)
		return;
	turn->cancelled = true;
	turn->llm->turn = NULL;
	exchange_cancel(&turn->exchange);
	loop_timer_stop(turn->pause);
	turn->pause = NULL;
	if (turn->busy == 0)
		turn_free(turn);
}

/* --- events ---- */

static void on_reply_event(void *context, const struct llm_event *event)
{
	struct llm_turn *turn = context;

	if (turn->cancelled)
		return;
	if (turn->first < 0)
		turn->first = loop_now(turn->llm->loop) - turn->started;
	turn->on_event(turn->context, event);
}

static void notice(struct llm_turn *turn, const char *text)
{
	if (!turn->cancelled)
		turn->on_event(turn->context, &(struct llm_event){ .kind = LLM_NOTICE, .text = slice_of(text) });
}

/* The last event; afterwards the turn is gone. */
static void end(struct llm_turn *turn)
{
	struct llm_event event = { .kind = turn->reply.error.fault == LLM_NO_FAULT ? LLM_DONE : LLM_ERROR,
		.stop = turn->reply.stop,
		.usage = &turn->reply.usage,
		.error = &turn->reply.error,
		.reply = reply_chat(&turn->reply),
		.took = loop_now(turn->llm->loop) - turn->started,
		.first = turn->first };

	/* The reader may begin the next one, or destroy the provider. */
	if (turn->llm->turn == turn)
		turn->llm->turn = NULL;
	turn->llm = NULL;
	if (!turn->cancelled)
		turn->on_event(turn->context, &event);
	turn->cancelled = true;
}

static void take_event(void *context, struct slice name, struct slice data)
{
	struct llm_turn *turn = context;
	struct json_document *document;

	data = slice_trim(data);
	if (turn->cancelled || data.size == 0 || turn->reply.error.fault != LLM_NO_FAULT)
		return;
	if (slice_is(data, "[DONE]")) {
		turn->reply.ended = true;
		return;
	}
	document = parse_event(data);
	if (document == NULL)
		turn->bad_event = true;
	else
		turn->llm->adapter->take(&turn->reply, name, json_root(document));
	json_document_free(document);
}

static void take_line(void *context, struct slice line)
{
	take_event(context, (struct slice){ NULL, 0 }, line);
}

/* --- the reply ---- */

static void on_head(void *context, const struct http_head *head)
{
	struct llm_turn *turn = context;

	turn->head = *head;
	if (head->status < 200 || head->status >= 300)
		turn->form = BODY_DOCUMENT;
	else if (turn->llm->adapter->is_lines && strcmp(head->type, "text/html") != 0)
		turn->form = BODY_LINES;
	else
		turn->form = strcmp(head->type, "text/event-stream") == 0 ? BODY_EVENTS : BODY_DOCUMENT;
}

static void on_body(void *context, struct slice bytes)
{
	struct llm_turn *turn = context;
	bool is_error = turn->head.status < 200 || turn->head.status >= 300;

	turn->busy++;
	if (turn->form == BODY_EVENTS) {
		if (sse_feed(&turn->sse, bytes) != 0)
			turn->bad_event = true;
	} else if (turn->form == BODY_LINES) {
		if (lines_feed(&turn->lines, bytes) != 0)
			turn->bad_event = true;
	} else if (!is_error || turn->collected.size + bytes.size <= ERROR_BODY) {
		buffer_append_slice(&turn->collected, bytes);
	}
	leave(turn);
}

static void take_document(struct llm_turn *turn)
{
	struct slice text = slice_trim(buffer_slice(&turn->collected));
	struct json_document *document;

	/* Some servers send events under a plain type. */
	if (slice_starts(text, "data:") || slice_starts(text, "event:") || slice_starts(text, ":")) {
		sse_feed(&turn->sse, buffer_slice(&turn->collected));
		sse_finish(&turn->sse);
		return;
	}
	document = parse_event(text);
	if (document == NULL)
		fault_from_reply(turn->llm, &turn->reply, &turn->head, text);
	else
		turn->llm->adapter->take_whole(&turn->reply, json_root(document));
	json_document_free(document);
}

/* What is known when the bytes have ended: an answer, an error the server told, or a cut. */
static void settle(struct llm_turn *turn, const struct http_result *result)
{
	struct llm_error *error = &turn->reply.error;

	if (turn->form == BODY_EVENTS)
		sse_finish(&turn->sse);
	else if (turn->form == BODY_LINES)
		lines_finish(&turn->lines);
	if (result->fault != HTTP_NO_FAULT && !turn->reply.ended) {
		reply_finish(&turn->reply);
		if (error->fault == LLM_NO_FAULT)
			fault_from_network(turn->llm, error, result);
		return;
	}
	if (turn->head.status < 200 || turn->head.status >= 300) {
		fault_from_reply(turn->llm, &turn->reply, &turn->head, buffer_slice(&turn->collected));
		return;
	}
	if (turn->form == BODY_DOCUMENT)
		take_document(turn);
	reply_finish(&turn->reply);
	if (error->fault == LLM_FORMAT)
		return;
	if (error->fault != LLM_NO_FAULT) {
		fault_settle(turn->llm, &turn->reply);
	} else if (!turn->reply.ended) {
		error->fault = turn->bad_event && !turn->reply.delivered ? LLM_FORMAT : LLM_CUT;
		snprintf(error->text, sizeof(error->text),
			error->fault == LLM_CUT ? "The answer of %s broke off before its end."
						: "%s sends something that is no stream of JSON.",
			turn->llm->row->name);
	}
}

/* --- again ---- */

/* Is the error about this parameter? Servers that do not say so in `param` name it in their sentence; a short name
 * would be found in other words. */
static bool names(const struct reply *reply, const char *parameter)
{
	const char *field = strrchr(parameter, '.');
	size_t at;

	if (strcmp(reply->error_param, parameter) == 0)
		return true;
	field = field == NULL ? parameter : field + 1;
	at = slice_find(slice_of(reply->error.text), slice_of(field));
	return reply->error_param[0] == '\0' && strlen(field) >= 5 && at != SIZE_MAX &&
		(at == 0 || strchr(" \"'`.:", reply->error.text[at - 1]) != NULL);
}

/* Left out what was refused? Then the request may be made anew. */
static bool mended(struct llm_turn *turn)
{
	struct llm *llm = turn->llm;
	char text[160];

	if (turn->head.status != 400 || turn->reply.error.fault != LLM_REQUEST)
		return false;
	if (slice_find(slice_of(turn->reply.error.text), slice_of("reasoning_content")) != SIZE_MAX && !llm->flipped) {
		llm->flipped = true;
		return true;
	}
	for (const char *const *parameter = llm->adapter->optional; *parameter != NULL; parameter++) {
		if (!names(&turn->reply, *parameter) || !llm_drop(llm, *parameter))
			continue;
		snprintf(text, sizeof(text), "%s refuses %s: asked again without it%s.", llm->row->name, *parameter,
			strcmp(*parameter, "reasoning.summary") == 0 ? ", so its reasoning is not shown" : "");
		notice(turn, text);
		return true;
	}
	return false;
}

static uint32_t random_of(struct llm *llm)
{
	llm->random ^= llm->random << 13;
	llm->random ^= llm->random >> 7;
	llm->random ^= llm->random << 17;
	return (uint32_t)llm->random;
}

static void again(void *context)
{
	struct llm_turn *turn = context;
	struct error error = { 0 };

	turn->busy++;
	loop_timer_stop(turn->pause);
	turn->pause = NULL;
	if (!turn->cancelled && begin(turn, &error) != 0) {
		turn->reply.error.fault = LLM_FAILED;
		snprintf(turn->reply.error.text, sizeof(turn->reply.error.text), "%s", error.text);
		end(turn);
	}
	leave(turn);
}

/* How long to wait before another attempt, or -1 for no other. */
static int64_t pause_before(struct llm_turn *turn, const struct http_result *result)
{
	/* Who was silent for its whole time will be so again: that is said at once. */
	bool may = result->fault == HTTP_NO_FAULT || result->fault == HTTP_UNREACHABLE || result->fault == HTTP_CUT;

	may = may && (fault_may_retry(turn->reply.error.fault) || http_may_retry(result));
	if (turn->reply.delivered || !may || turn->attempts > turn->llm->config.retries ||
		turn->reply.error.fault == LLM_QUOTA || turn->reply.error.fault == LLM_KEY)
		return -1;
	return http_backoff(turn->attempts, result->head.retry_after, random_of(turn->llm));
}

static void on_done(void *context, const struct http_result *result)
{
	struct llm_turn *turn = context;
	int64_t pause = 0;
	char text[600];

	turn->busy++;
	settle(turn, result);
	if (turn->cancelled) {
		leave(turn);
		return;
	}
	if (turn->reply.error.fault == LLM_NO_FAULT || turn->reply.delivered ||
		(!mended(turn) && (pause = pause_before(turn, result)) < 0)) {
		end(turn);
	} else {
		if (pause > 0) {
			snprintf(text, sizeof(text), "%s Attempt %u of %u in %.1f s.", turn->reply.error.text,
				turn->attempts + 1, turn->llm->config.retries + 1, (double)pause / 1000);
			notice(turn, text);
		}
		turn->pause = loop_timer_start(turn->llm->loop, pause > 0 ? (uint64_t)pause : 1, 0, again, turn);
	}
	leave(turn);
}

/* --- beginning ---- */

static int write_body(struct llm_turn *turn, struct error *error)
{
	struct json json;

	buffer_clear(&turn->body);
	json_init(&json, &turn->body);
	turn->llm->adapter->write(turn->llm, &turn->request, &json);
	if (turn->body.failed != 0)
		return error_set(error, turn->body.failed, "The conversation is too large to send.");
	return 0;
}

static int begin(struct llm_turn *turn, struct error *error)
{
	int result = write_body(turn, error);

	if (result != 0)
		return result;
	if (turn->attempts == 0 || turn->reply.error.fault != LLM_REQUEST)
		turn->attempts++;
	reply_clear(&turn->reply);
	sse_release(&turn->sse);
	sse_init(&turn->sse, EVENT_MAXIMUM, take_event, turn);
	lines_release(&turn->lines);
	lines_init(&turn->lines, EVENT_MAXIMUM, false, take_line, turn);
	buffer_clear(&turn->collected);
	turn->head = (struct http_head){ 0 };
	turn->form = BODY_UNKNOWN;
	turn->bad_event = false;
	return exchange_start(&turn->exchange, turn->llm, turn->llm->adapter->path, buffer_slice(&turn->body), error);
}

struct llm_turn *llm_start(struct llm *llm, const struct llm_request *request,
	void (*on_event)(void *context, const struct llm_event *event), void *context, struct error *error)
{
	struct llm_turn *turn = llm->turn == NULL ? calloc(1, sizeof(*turn)) : NULL;

	if (turn == NULL) {
		error_set(error, llm->turn == NULL ? ERROR_MEMORY : ERROR_STATE, "%s is already answering.",
			llm->row->name);
		return NULL;
	}
	turn->llm = llm;
	turn->request = *request;
	if (turn->request.output == 0)
		turn->request.output = llm_output(llm);
	turn->on_event = on_event;
	turn->context = context;
	turn->first = -1;
	turn->started = loop_now(llm->loop);
	buffer_init(&turn->body, BODY_MAXIMUM);
	buffer_init(&turn->collected, BODY_MAXIMUM);
	reply_init(&turn->reply, llm->adapter->name);
	turn->reply.on_event = on_reply_event;
	turn->reply.context = turn;
	sse_init(&turn->sse, EVENT_MAXIMUM, take_event, turn);
	lines_init(&turn->lines, EVENT_MAXIMUM, false, take_line, turn);
	turn->exchange =
		(struct exchange){ .on_head = on_head, .on_body = on_body, .on_done = on_done, .context = turn };
	if (begin(turn, error) != 0) {
		turn_free(turn);
		return NULL;
	}
	llm->turn = turn;
	return turn;
}

const struct chat *llm_turn_reply(struct llm_turn *turn)
{
	return reply_chat(&turn->reply);
}

struct slice llm_turn_sent(const struct llm_turn *turn)
{
	return turn->llm->replay == NULL && turn->exchange.request == NULL ? buffer_slice(&turn->body)
									   : exchange_sent(&turn->exchange);
}
