/*
 * The HTTP client: the one way out of the machine.
 *
 * Requests run on the loop (libcurl's multi interface), many at a time; their bytes come back as they arrive. This is
 * also the one place where redaction is applied: the body of a request to any host that is not loopback passes the
 * redactor of the client before a byte of it is sent, unless the call says otherwise; without a redactor of one's own
 * it is base/redact. What was really sent can be asked for. Headers and URLs are never written into an error or a
 * log.
 *
 * libcurl is loaded when the first request starts, since loading it with its TLS library takes longer than all the
 * rest of a start of tocsin. The proxy variables of the environment work (libcurl reads them); a loopback host is
 * never asked through a proxy. A redirect is followed only when it keeps method, body and origin (307, 308).
 *
 * Everything is bounded: requests at a time, a reply's bytes, the time to connect, to the first byte, between bytes
 * and in all. One thread: the loop's.
 */
#ifndef TOCSIN_IO_HTTP_H
#define TOCSIN_IO_HTTP_H

#include "tocsin/base/buffer.h"
#include "tocsin/io/loop.h"

/* --- the client ---- */

/* Of a request the client's holds, unless the call says more than BY_HOST. */
enum http_redaction { HTTP_REDACT_BY_HOST, HTTP_REDACT_ALWAYS, HTTP_REDACT_NEVER };

struct http_options {
	const char *user_agent; /* NULL: "tocsin" */
	/* Appends `text` with what must not leave replaced, keeping JSON valid; a negative code fails the request. */
	int (*redact)(void *context, struct slice text, struct buffer *out); /* NULL: redact_append */
	void *redact_context;
	enum http_redaction redaction;
};

struct http;

/* Loads nothing yet. NULL when out of memory. */
struct http *http_create(struct loop *loop, const struct http_options *options);
void http_destroy(struct http *http); /* cancels what is left; never inside a callback of a request */

/* --- one request ---- */

struct http_header {
	const char *name;
	const char *value;
};

/* What the first line and the headers of a reply say. */
struct http_head {
	int status;
	char type[80];       /* of Content-Type, without parameters, in lower case; may be empty */
	char request_id[80]; /* of x-request-id or request-id: safe to show and log */
	int64_t retry_after; /* ms the server asks to wait, -1 when it does not say */
	int should_retry;    /* x-should-retry: 1, 0, or -1 when absent */
};

enum http_fault {
	HTTP_NO_FAULT,    /* a whole reply came, whatever its status */
	HTTP_UNREACHABLE, /* no such host, refused, no route, connecting took too long */
	HTTP_INSECURE,    /* the certificate or the TLS handshake failed */
	HTTP_SILENT,      /* no byte came in time: to the first, or between two */
	HTTP_TOO_LONG,    /* the time in all is over */
	HTTP_CUT,         /* the connection ended in the middle of the reply */
	HTTP_TOO_LARGE,   /* more bytes than the call allows */
	HTTP_REFUSED,     /* the request could not be made: bad URL, no libcurl, no memory, the redactor failed */
};

struct http_result {
	enum http_fault fault;
	struct http_head head; /* status 0 when none came */
	struct error error;    /* one sentence when there was a fault, naming host and port */
	uint64_t received;     /* bytes of the body */
	int64_t first_byte;    /* ns from the start to the first byte of the body, -1 when none came */
	int64_t took;          /* ns in all */
};

struct http_call {
	const char *method; /* NULL: POST with a body, else GET */
	const char *url;    /* http:// or https:// */
	const struct http_header *headers;
	size_t header_count;
	struct slice body; /* copied */
	enum http_redaction redaction;
	uint64_t connect_time; /* ms; 0: 10 s */
	uint64_t first_time;   /* ms to the first byte of the reply; 0: no limit but the whole */
	uint64_t idle_time;    /* ms between bytes; 0: no limit but the whole */
	uint64_t total_time;   /* ms; 0: no limit */
	size_t reply_maximum;  /* bytes; 0: 16 MiB */

	void *context;
	void (*on_head)(void *context, const struct http_head *head); /* may be NULL */
	void (*on_body)(void *context, struct slice bytes);           /* may be NULL; borrowed for the call */
	void (*on_done)(
		void *context, const struct http_result *result); /* last; the request is gone when it returns */
};

struct http_request;

/* Starts; callbacks come from the loop, never from here. The request belongs to the client until on_done. NULL with a
 * sentence when it cannot begin (then there is no on_done). */
struct http_request *http_start(struct http *http, const struct http_call *call, struct error *error);
/* Closes the connection at once; nothing is called any more. Allowed in the request's own callbacks but on_done. */
void http_cancel(struct http_request *request);
/* The body as it was sent, borrowed until the request ends. */
struct slice http_request_body(const struct http_request *request);

/* --- small questions ---- */

/* The host of a URL as written, without user, port and brackets; empty when it is no http(s) URL. */
struct slice http_url_host(struct slice url);
bool http_host_is_loopback(struct slice host); /* localhost, *.localhost, 127.0.0.0/8, ::1 */

/* ms to wait before attempt `attempt` + 1 (attempt counts from 1): what the server asked for when that is at most
 * 120 s, else 0.5 s doubled each time, at most 8 s, times 0.75..1 by `random`. -1 when the server asks for more. */
int64_t http_backoff(unsigned attempt, int64_t retry_after, uint32_t random);
/* May a request that ended so be made again? Connection faults before any byte, 408, 409, 429, 5xx; the server's own
 * x-should-retry decides first. Whether what was said already forbids it is the caller's to know. */
bool http_may_retry(const struct http_result *result);

#endif
