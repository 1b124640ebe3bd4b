/*
 * What the files of the HTTP client share: the client itself and one request.
 */
#ifndef IO_HTTP_INSIDE_H
#define IO_HTTP_INSIDE_H

#include "io/curl.h"
#include "io/inside.h"
#include "tocsin/io/http.h"

struct http {
	struct loop *loop;
	struct http_options options;
	struct curl curl;
	CURLM *multi;                  /* NULL before the first request */
	uv_timer_t *due;               /* curl's own timer */
	uv_timer_t *tick;              /* looks at the limits of time while requests are out */
	struct http_request *requests; /* a list */
	bool acting;                   /* inside libcurl: nothing may be removed now */
};

struct http_request {
	struct http *http;
	struct http_request *next;
	CURL *easy;
	struct curl_slist *headers;
	struct http_call call; /* its pointers are void but for callbacks; url and body are below */
	char *url;
	char shown[128]; /* host:port, for sentences */
	struct buffer body;
	struct http_result result;
	int64_t started, last_byte; /* loop time */
	unsigned redirects;
	bool cancelled;
	bool over; /* too large, or a limit of time: result.fault says which */
};

/* --- http_request.c --- */
struct http_request *http_request_create(struct http *http, const struct http_call *call, struct error *error);
void http_request_free(struct http_request *request); /* taken out of the multi before */
/* Judges how it ended; `code` is curl's. */
void http_request_settle(struct http_request *request, CURLcode code);
/* Past a limit of time at `now`: sets fault and sentence. */
bool http_request_late(struct http_request *request, int64_t now);
/* True when it was set up again for where a redirect points. */
bool http_request_redirected(struct http_request *request);

/* --- http_head.c --- */
/* Takes one header line; the first line of a reply starts the head anew. */
void http_head_line(struct http_head *head, struct slice line);
int64_t http_retry_after(struct slice value, int64_t wall); /* ms from seconds or an HTTP date; -1 when neither */

/* --- http_url.c --- */
bool http_same_origin(struct slice a, struct slice b);
void http_url_shown(struct slice url, char *out, size_t capacity); /* host:port */

#endif
