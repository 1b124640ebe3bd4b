/*
 * One request: what libcurl is told, what it brings, and how an end is put into a sentence.
 */
#include "io/http_inside.h"
#include "tocsin/base/redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAXIMUM ((size_t)64 << 20)
#define REPLY_MAXIMUM ((size_t)16 << 20)
#define CONNECT_TIME 10000
#define REDIRECTS 3

/* --- what libcurl brings ---- */

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
	struct http_request *request = context;
	struct slice line = { bytes, size * count };

	request->last_byte = loop_now(request->http->loop);
	http_head_line(&request->result.head, line);
	/* The empty line ends the head; that of a "100 Continue" or a redirect is none to speak of. */
	if (slice_trim(line).size == 0 && request->result.head.status >= 200 && !request->cancelled &&
		request->result.head.status != 307 && request->result.head.status != 308 &&
		request->call.on_head != NULL)
		request->call.on_head(request->call.context, &request->result.head);
	return request->cancelled ? 0 : line.size;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context)
{
	struct http_request *request = context;
	struct slice body = { bytes, size * count };

	request->last_byte = loop_now(request->http->loop);
	if (request->result.first_byte < 0)
		request->result.first_byte = request->last_byte - request->started;
	request->result.received += body.size;
	if (request->result.received > request->call.reply_maximum) {
		request->over = true;
		request->result.fault = HTTP_TOO_LARGE;
		error_set(&request->result.error, ERROR_FULL, "%s sent more than %zu MiB; the rest was not read.",
			request->shown, request->call.reply_maximum >> 20);
		return 0;
	}
	if (!request->cancelled && request->call.on_body != NULL)
		request->call.on_body(request->call.context, body);
	return request->cancelled ? 0 : body.size;
}

/* --- setting up ---- */

static int take_body(struct http_request *request, const struct http_call *call, bool is_loopback)
{
	const struct http_options *options = &request->http->options;
	enum http_redaction redaction = call->redaction != HTTP_REDACT_BY_HOST ? call->redaction : options->redaction;
	bool wanted = redaction == HTTP_REDACT_ALWAYS || (redaction == HTTP_REDACT_BY_HOST && !is_loopback);
	int result;

	if (!wanted || call->body.size == 0)
		return buffer_append_slice(&request->body, call->body);
	if (options->redact != NULL)
		result = options->redact(options->redact_context, call->body, &request->body);
	else
		result = redact_append(&request->body, call->body);
	return result < 0 ? result : request->body.failed;
}

static int take_headers(struct http_request *request, const struct http_call *call)
{
	struct curl *curl = &request->http->curl;
	struct buffer line;
	int result = 0;

	buffer_init(&line, 65536);
	for (size_t i = 0; i <= call->header_count && result == 0; i++) {
		struct curl_slist *longer;

		buffer_clear(&line);
		if (i < call->header_count)
			buffer_append_format(&line, "%s: %s", call->headers[i].name, call->headers[i].value);
		else
			buffer_append_string(&line, "Expect:"); /* no "100 Continue": a needless turn */
		if (slice_find_byte(buffer_slice(&line), '\n') != SIZE_MAX ||
			slice_find_byte(buffer_slice(&line), '\r') != SIZE_MAX)
			result = ERROR_INPUT; /* a key read from a file with its newline must not become two headers */
		longer = curl->curl_slist_append(request->headers, buffer_string(&line));
		if (longer == NULL || line.failed != 0)
			result = ERROR_MEMORY;
		else
			request->headers = longer;
	}
	if (line.data != NULL)
		memset(line.data, 0, line.size);
	buffer_release(&line);
	return result;
}

static void set_options(struct http_request *request, bool is_loopback)
{
	struct curl *curl = &request->http->curl;
	const struct http_call *call = &request->call;
	const char *agent = request->http->options.user_agent;
	CURL *easy = request->easy;

	curl->curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl->curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
	curl->curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl->curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl->curl_easy_setopt(easy, CURLOPT_USERAGENT, agent == NULL ? "tocsin" : agent);
	curl->curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl->curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request->headers);
	curl->curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl->curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
	curl->curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl->curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
	curl->curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl->curl_easy_setopt(
		easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(call->connect_time == 0 ? CONNECT_TIME : call->connect_time));
	/* What goes to a loopback host is not redacted: it must not reach a proxy elsewhere. */
	if (is_loopback)
		curl->curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	if (request->body.size > 0 || (call->method != NULL && strcmp(call->method, "POST") == 0)) {
		curl->curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl->curl_easy_setopt(easy, CURLOPT_POSTFIELDS, buffer_string(&request->body));
		curl->curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
	}
	if (call->method != NULL)
		curl->curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call->method);
}

struct http_request *http_request_create(struct http *http, const struct http_call *call, struct error *error)
{
	struct http_request *request = calloc(1, sizeof(*request));
	struct slice host = http_url_host(slice_of(call->url));
	bool is_loopback = http_host_is_loopback(host);
	int result = 0;

	if (request == NULL) {
		error_set(error, ERROR_MEMORY, "There is no memory for a request.");
		return NULL;
	}
	request->http = http;
	request->call = *call;
	if (call->reply_maximum == 0)
		request->call.reply_maximum = REPLY_MAXIMUM;
	request->result = (struct http_result){ .head = { .retry_after = -1, .should_retry = -1 }, .first_byte = -1 };
	buffer_init(&request->body, BODY_MAXIMUM);
	http_url_shown(slice_of(call->url), request->shown, sizeof(request->shown));
	if (host.size == 0)
		result = error_set(error, ERROR_INPUT, "This is no http:// or https:// URL with a host in it.");
	if (result == 0 && (result = take_body(request, call, is_loopback)) != 0)
		error_set(error, result, "The request to %s could not be prepared: %s.", request->shown,
			error_name((enum error_code)result));
	if (result == 0 && (result = take_headers(request, call)) != 0)
		error_set(error, result, "A header for %s cannot be sent: it holds a line end.", request->shown);
	request->url = strdup(call->url);
	request->easy = http->curl.curl_easy_init();
	if (result == 0 && (request->url == NULL || request->easy == NULL))
		result = error_set(error, ERROR_MEMORY, "There is no memory for a request.");
	if (result != 0) {
		http_request_free(request);
		return NULL;
	}
	set_options(request, is_loopback);
	return request;
}

void http_request_free(struct http_request *request)
{
	if (request->easy != NULL)
		request->http->curl.curl_easy_cleanup(request->easy);
	request->http->curl.curl_slist_free_all(request->headers);
	buffer_release(&request->body);
	free(request->url);
	free(request);
}

/* --- how it ended ---- */

static enum http_fault fault_of(CURLcode code, const struct http_request *request)
{
	switch (code) {
	case CURLE_OK:
		return HTTP_NO_FAULT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return HTTP_INSECURE;
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_OUT_OF_MEMORY:
	case CURLE_FAILED_INIT:
		return HTTP_REFUSED;
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return HTTP_CUT;
	default: /* whatever it was: before the first byte nothing was reached */
		return request->result.head.status == 0 ? HTTP_UNREACHABLE : HTTP_CUT;
	}
}

static const char *reason_of(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "there is no such host";
	case CURLE_COULDNT_RESOLVE_PROXY:
		return "the proxy's host is not known";
	case CURLE_COULDNT_CONNECT:
		return "the connection was refused, or there is no way to it";
	case CURLE_OPERATION_TIMEDOUT:
		return "it did not accept a connection in time";
	case CURLE_PEER_FAILED_VERIFICATION:
		return "its certificate is not trusted";
	case CURLE_GOT_NOTHING:
		return "it closed the connection without an answer";
	case CURLE_PARTIAL_FILE:
		return "it closed the connection in the middle of its answer";
	case CURLE_BAD_CONTENT_ENCODING:
		return "its answer cannot be decompressed";
	default:
		return NULL;
	}
}

void http_request_settle(struct http_request *request, CURLcode code)
{
	struct http_result *result = &request->result;
	const char *reason = reason_of(code);
	char other[32];

	result->took = loop_now(request->http->loop) - request->started;
	if (request->over)
		return;
	result->fault = fault_of(code, request);
	if (result->fault == HTTP_NO_FAULT)
		return;
	if (reason == NULL) {
		snprintf(other, sizeof(other), "libcurl error %d", (int)code);
		reason = other;
	}
	error_set(&result->error, ERROR_SYSTEM,
		result->fault == HTTP_CUT                ? "%s broke off: %s."
			: result->fault == HTTP_INSECURE ? "%s cannot be trusted: %s."
							 : "%s cannot be reached: %s.",
		request->shown, reason);
}

static bool past(int64_t since, int64_t now, uint64_t milliseconds)
{
	return milliseconds > 0 && now - since >= (int64_t)milliseconds * 1000000;
}

bool http_request_late(struct http_request *request, int64_t now)
{
	struct http_result *result = &request->result;
	const struct http_call *call = &request->call;

	if (past(request->started, now, call->total_time)) {
		result->fault = HTTP_TOO_LONG;
		error_set(&result->error, ERROR_SYSTEM, "%s was not done after %llu s, the time it was given.",
			request->shown, (unsigned long long)call->total_time / 1000);
	} else if (result->head.status == 0 && past(request->started, now, call->first_time)) {
		result->fault = HTTP_SILENT;
		error_set(&result->error, ERROR_SYSTEM, "%s has said nothing for %llu s.", request->shown,
			(unsigned long long)call->first_time / 1000);
	} else if (result->head.status != 0 && past(request->last_byte, now, call->idle_time)) {
		result->fault = HTTP_SILENT;
		error_set(&result->error, ERROR_SYSTEM, "%s fell silent in the middle of its answer for %llu s.",
			request->shown, (unsigned long long)call->idle_time / 1000);
	} else {
		return false;
	}
	request->over = true;
	return true;
}

bool http_request_redirected(struct http_request *request)
{
	struct curl *curl = &request->http->curl;
	int status = request->result.head.status;
	char *where = NULL, *copy;

	if (status != 307 && status != 308)
		return false;
	curl->curl_easy_getinfo(request->easy, CURLINFO_REDIRECT_URL, &where);
	if (where == NULL || !http_same_origin(slice_of(request->url), slice_of(where)) ||
		request->redirects >= REDIRECTS || (copy = strdup(where)) == NULL)
		return false;
	free(request->url);
	request->url = copy;
	request->redirects++;
	request->result.head = (struct http_head){ .retry_after = -1, .should_retry = -1 };
	request->result.received = 0;
	request->result.first_byte = -1;
	curl->curl_easy_setopt(request->easy, CURLOPT_URL, request->url);
	return true;
}
