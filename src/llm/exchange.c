#include "llm/exchange.h"

#include "tocsin/llm/record.h"

#include <stdio.h>
#include <string.h>

#define REPLAY_PIECE 1024
#define HEADERS 5
#define KEPT_MAXIMUM ((size_t)32 << 20)

/* --- over HTTP ---- */

static void on_http_head(void *context, const struct http_head *head)
{
	struct exchange *exchange = context;

	exchange->on_head(exchange->context, head);
}

static void on_http_body(void *context, struct slice bytes)
{
	struct exchange *exchange = context;

	if (exchange->llm->recorder != NULL)
		buffer_append_slice(&exchange->kept, bytes);
	exchange->on_body(exchange->context, bytes);
}

static void on_http_done(void *context, const struct http_result *result)
{
	struct exchange *exchange = context;
	struct slice path = slice_of(exchange->llm->adapter->path);

	if (exchange->llm->recorder != NULL && result->head.status != 0 && exchange_sent(exchange).size > 0)
		llm_recorder_add(exchange->llm->recorder, exchange->llm, path, exchange_sent(exchange), &result->head,
			buffer_slice(&exchange->kept));
	exchange->request = NULL;
	exchange->on_done(exchange->context, result);
}

/* The key goes where this family of servers reads it. */
static size_t headers_of(const struct llm *llm, struct http_header headers[HEADERS], char *bearer, size_t capacity)
{
	size_t count = 0;

	headers[count++] = (struct http_header){ "Content-Type", "application/json" };
	headers[count++] =
		(struct http_header){ "Accept", llm->adapter->is_lines ? "application/x-ndjson" : "text/event-stream" };
	if (llm->adapter == &adapter_anthropic)
		headers[count++] = (struct http_header){ "anthropic-version", "2023-06-01" };
	if (llm->key[0] == '\0')
		return count;
	if (llm->adapter == &adapter_anthropic) {
		headers[count++] = (struct http_header){ "x-api-key", llm->key };
	} else {
		snprintf(bearer, capacity, "Bearer %s", llm->key);
		headers[count++] = (struct http_header){ "Authorization", bearer };
	}
	return count;
}

static int start_http(struct exchange *exchange, const char *path, struct slice body, struct error *error)
{
	struct llm *llm = exchange->llm;
	struct http_header headers[HEADERS];
	char url[1024], bearer[1024];
	bool is_local = llm_is_local(llm);
	struct http_call call = { .url = url,
		.headers = headers,
		.header_count = headers_of(llm, headers, bearer, sizeof(bearer)),
		.body = body,
		/* A local server whose slots are busy says nothing until one is free. */
		.first_time = is_local ? 0 : llm->config.timeout,
		.idle_time = llm->config.timeout,
		.total_time = llm->config.total,
		.context = exchange,
		.on_head = on_http_head,
		.on_body = on_http_body,
		.on_done = on_http_done };

	snprintf(url, sizeof(url), "%s%s", path[0] == '/' ? llm->url : "", path);
	exchange->request = http_start(llm->http, &call, error);
	memset(bearer, 0, sizeof(bearer));
	return exchange->request == NULL ? ERROR_SYSTEM : 0;
}

/* --- out of a recording ---- */

static void on_replay(void *context)
{
	struct exchange *exchange = context;
	struct slice piece = slice_first(exchange->rest, REPLAY_PIECE);

	if (exchange->result.took == 0) {
		exchange->result.took = 1;
		exchange->on_head(exchange->context, &exchange->result.head);
	} else if (piece.size > 0) {
		exchange->rest = slice_from(exchange->rest, piece.size);
		exchange->result.received += piece.size;
		exchange->on_body(exchange->context, piece);
	} else {
		loop_timer_stop(exchange->timer);
		exchange->timer = NULL;
		exchange->on_done(exchange->context, &exchange->result);
	}
}

static int start_replay(struct exchange *exchange, const char *path, struct error *error)
{
	exchange->result = (struct http_result){ .first_byte = -1 };
	if (!replay_next(exchange->llm->replay, path, &exchange->sent, &exchange->result.head, &exchange->rest, error))
		return ERROR_ABSENT;
	exchange->timer = loop_timer_start(exchange->llm->loop, 1, 1, on_replay, exchange);
	return exchange->timer == NULL ? error_set(error, ERROR_MEMORY, "out of memory") : 0;
}

/* --- both ---- */

int exchange_start(struct exchange *exchange, struct llm *llm, const char *path, struct slice body, struct error *error)
{
	exchange->llm = llm;
	buffer_release(&exchange->kept);
	buffer_init(&exchange->kept, KEPT_MAXIMUM);
	if (llm->replay != NULL)
		return start_replay(exchange, path, error);
	return start_http(exchange, path, body, error);
}

void exchange_cancel(struct exchange *exchange)
{
	http_cancel(exchange->request);
	loop_timer_stop(exchange->timer);
	exchange->request = NULL;
	exchange->timer = NULL;
	buffer_release(&exchange->kept);
}

struct slice exchange_sent(const struct exchange *exchange)
{
	return exchange->request != NULL ? http_request_body(exchange->request) : exchange->sent;
}
