/*
 * One request and its reply, over HTTP or out of a recording: the turn does not see the difference.
 */
#ifndef LLM_EXCHANGE_H
#define LLM_EXCHANGE_H

#include "llm/adapter.h"

struct replay;

struct exchange {
	struct llm *llm;
	struct http_request *request; /* NULL in a replay */
	struct loop_timer *timer;     /* of a replay: brings the next bytes */
	struct slice sent, rest;      /* of a replay: in the recording */
	struct http_result result;
	struct buffer kept; /* of the reply, for a recorder */
	void (*on_head)(void *context, const struct http_head *head);
	void (*on_body)(void *context, struct slice bytes);
	void (*on_done)(void *context, const struct http_result *result);
	void *context;
};

/* Starts `exchange`, whose callbacks are set. `body` NULL-sized: GET. */
int exchange_start(
	struct exchange *exchange, struct llm *llm, const char *path, struct slice body, struct error *error);
void exchange_cancel(struct exchange *exchange); /* also when it is done: then it only releases */
struct slice exchange_sent(const struct exchange *exchange);

/* --- record.c --- */
/* The next exchange of a recording; false with a sentence at its end. */
bool replay_next(struct replay *replay, const char *path, struct slice *sent, struct http_head *head,
	struct slice *reply, struct error *error);
void replay_free(struct replay *replay);

#endif
