/*
 * Server-sent events and lines of JSON, as parsers you feed: any split of the bytes gives the same events.
 *
 * Lines are kept as bytes until their end has come, so a character split between two reads is whole again. A line of
 * events ends at \n, \r or \r\n; a line of JSON at \n (a \r before it goes). Comments (keep-alives) are counted and
 * dropped. `error: {...}`, which older llama.cpp servers write instead of an event, is an event named "error". A
 * leading byte order mark is skipped.
 */
#ifndef TOCSIN_LLM_SSE_H
#define TOCSIN_LLM_SSE_H

#include "tocsin/base/buffer.h"

/* --- lines ---- */

struct lines {
	struct buffer rest; /* the line that has not ended yet */
	bool returns;       /* a lone \r ends a line, too */
	bool skip_newline;  /* the last byte was a \r that ended one */
	bool begun;         /* the byte order mark has had its chance */
	void (*on_line)(void *context, struct slice line);
	void *context;
};

/* `maximum` is the longest line kept. */
void lines_init(struct lines *lines, size_t maximum, bool returns, void (*on_line)(void *context, struct slice line),
	void *context);
void lines_release(struct lines *lines);
int lines_feed(struct lines *lines, struct slice bytes); /* ERROR_FULL for a longer line, ERROR_MEMORY */
void lines_finish(struct lines *lines);                  /* the end: a last line without its end is one, too */

/* --- events ---- */

struct sse {
	struct lines lines;
	struct buffer name, data;
	bool has_data;
	int failed;        /* an event was too long: none is told any more */
	uint64_t comments; /* seen so far */
	void (*on_event)(void *context, struct slice name, struct slice data);
	void *context;
};

/* Called with borrowed slices; `name` is empty when the event names none. `maximum` bounds a line and an event. */
void sse_init(struct sse *sse, size_t maximum, void (*on_event)(void *context, struct slice name, struct slice data),
	void *context);
void sse_release(struct sse *sse);
int sse_feed(struct sse *sse, struct slice bytes); /* ERROR_FULL, ERROR_MEMORY */
/* The end of the stream. An event whose blank line never came is handed over all the same (servers do that); whether
 * the stream was whole is for its last event to say. */
void sse_finish(struct sse *sse);

#endif
