/*
 * The client drives libcurl by its sockets: libuv watches them, libcurl is told when one is ready or its timer is due.
 * Limits of time are ours, since libcurl knows none between bytes in milliseconds: one tick looks at all requests.
 * While libcurl is at work nothing may be taken out of it, so a cancelled request is only marked then, and freed after.
 */
#include "tocsin/io/http.h"

#include "io/http_inside.h"

#include <assert.h>
#include <stdlib.h>

#define TICK 50 /* ms */

struct watch { /* one socket */
	uv_poll_t uv;
	struct http *http;
	curl_socket_t socket;
};

static void reap(struct http *http);

static void act(struct http *http, curl_socket_t socket, int events)
{
	int running;
	bool outer = http->acting;

	http->acting = true;
	http->curl.curl_multi_socket_action(http->multi, socket, events, &running);
	http->acting = outer;
	if (!outer)
		reap(http);
}

/* --- what libcurl asks for ---- */

static void on_ready(uv_poll_t *uv, int status, int events)
{
	struct watch *watch = (struct watch *)uv;
	int flags = 0;

	if (status < 0)
		flags = CURL_CSELECT_ERR;
	if ((events & UV_READABLE) != 0)
		flags |= CURL_CSELECT_IN;
	if ((events & UV_WRITABLE) != 0)
		flags |= CURL_CSELECT_OUT;
	act(watch->http, watch->socket, flags);
}

static struct watch *watch_create(struct http *http, curl_socket_t socket)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL)
		return NULL;
	watch->http = http;
	watch->socket = socket;
	if (uv_poll_init_socket(&http->loop->uv, &watch->uv, socket) != 0) {
		free(watch);
		return NULL;
	}
	http->curl.curl_multi_assign(http->multi, socket, watch);
	return watch;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context)
{
	struct http *http = context;
	struct watch *watch = socket_context;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch != NULL) {
			uv_poll_stop(&watch->uv);
			http->curl.curl_multi_assign(http->multi, socket, NULL);
			loop_close_handle(watch);
		}
		return 0;
	}
	if (watch == NULL && (watch = watch_create(http, socket)) == NULL)
		return -1;
	if (what != CURL_POLL_OUT)
		events |= UV_READABLE;
	if (what != CURL_POLL_IN)
		events |= UV_WRITABLE;
	uv_poll_start(&watch->uv, events, on_ready);
	return 0;
}

static void on_due(uv_timer_t *timer)
{
	act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timer_wanted(CURLM *multi, long milliseconds, void *context)
{
	struct http *http = context;

	(void)multi;
	if (milliseconds < 0)
		uv_timer_stop(http->due);
	else /* never 0: due timers that start one another would keep libuv from everything else */
		uv_timer_start(http->due, on_due, milliseconds == 0 ? 1 : (uint64_t)milliseconds, 0);
	return 0;
}

/* --- ends ---- */

static void unlink_request(struct http_request *request)
{
	struct http_request **at = &request->http->requests;

	while (*at != request)
		at = &(*at)->next;
	*at = request->next;
	if (request->http->requests == NULL)
		uv_timer_stop(request->http->tick);
}

static void drop(struct http_request *request)
{
	struct http *http = request->http;

	unlink_request(request);
	http->curl.curl_multi_remove_handle(http->multi, request->easy);
	http_request_free(request);
}

static void finish(struct http_request *request, CURLcode code)
{
	struct http *http = request->http;

	http->curl.curl_multi_remove_handle(http->multi, request->easy);
	if (code == CURLE_OK && !request->cancelled && http_request_redirected(request)) {
		http->curl.curl_multi_add_handle(http->multi, request->easy);
		return;
	}
	http_request_settle(request, code);
	unlink_request(request);
	if (!request->cancelled)
		request->call.on_done(request->call.context, &request->result);
	http_request_free(request);
}

/* Ends what is done, late or cancelled. A callback may start and cancel requests, so the list is begun anew each time.
 */
static void reap(struct http *http)
{
	CURLMsg *message;
	int left;

	while ((message = http->curl.curl_multi_info_read(http->multi, &left)) != NULL) {
		struct http_request *request = NULL;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		http->curl.curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&request);
		finish(request, code);
	}
	for (struct http_request *request = http->requests; request != NULL;) {
		struct http_request *next = request->next;

		if (request->cancelled)
			drop(request);
		request = next;
	}
}

static void on_tick(uv_timer_t *timer)
{
	struct http *http = timer->data;
	int64_t now = loop_now(http->loop);
	struct http_request *request = http->requests;

	while (request != NULL) {
		if (http_request_late(request, now)) {
			finish(request, CURLE_OPERATION_TIMEDOUT);
			request = http->requests;
		} else {
			request = request->next;
		}
	}
}

/* --- life ---- */

struct http *http_create(struct loop *loop, const struct http_options *options)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return NULL;
	http->loop = loop;
	if (options != NULL)
		http->options = *options;
	return http;
}

static uv_timer_t *new_timer(struct http *http)
{
	uv_timer_t *timer = calloc(1, sizeof(*timer));

	if (timer == NULL)
		return NULL;
	uv_timer_init(&http->loop->uv, timer);
	timer->data = http;
	return timer;
}

static int awake(struct http *http, struct error *error)
{
	int result = curl_load(&http->curl, error);

	if (result != 0 || http->multi != NULL)
		return result;
	if (http->due == NULL)
		http->due = new_timer(http);
	if (http->tick == NULL)
		http->tick = new_timer(http);
	if (http->due == NULL || http->tick == NULL || (http->multi = http->curl.curl_multi_init()) == NULL)
		return error_set(error, ERROR_MEMORY, "There is no memory for the network.");
	http->curl.curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	http->curl.curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	http->curl.curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
	http->curl.curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	return 0;
}

struct http_request *http_start(struct http *http, const struct http_call *call, struct error *error)
{
	struct http_request *request;

	if (awake(http, error) != 0)
		return NULL;
	request = http_request_create(http, call, error);
	if (request == NULL)
		return NULL;
	uv_update_time(&http->loop->uv);
	request->started = request->last_byte = loop_now(http->loop);
	if (http->requests == NULL)
		uv_timer_start(http->tick, on_tick, TICK, TICK);
	request->next = http->requests;
	http->requests = request;
	http->curl.curl_multi_add_handle(http->multi, request->easy); /* fails only for a handle that is in use */
	return request;
}

void http_cancel(struct http_request *request)
{
	if (request == NULL)
		return;
	request->cancelled = true;
	if (!request->http->acting)
		drop(request);
}

struct slice http_request_body(const struct http_request *request)
{
	return buffer_slice(&request->body);
}

void http_destroy(struct http *http)
{
	if (http == NULL)
		return;
	assert(!http->acting);
	while (http->requests != NULL)
		drop(http->requests);
	if (http->multi != NULL)
		http->curl.curl_multi_cleanup(http->multi); /* closes kept connections: on_socket is called */
	if (http->due != NULL)
		loop_close_handle(http->due);
	if (http->tick != NULL)
		loop_close_handle(http->tick);
	curl_unload(&http->curl);
	free(http);
}
