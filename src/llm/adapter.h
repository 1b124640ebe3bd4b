/*
 * An adapter: how one family of servers is spoken to. It writes a request, takes the events of a reply into the common
 * form, and says when the end was there. One file each; all are in one table.
 */
#ifndef LLM_ADAPTER_H
#define LLM_ADAPTER_H

#include "llm/reply.h"

#define DROPPED_MAXIMUM 12

/* A provider as it is known by now. */
struct llm {
	struct loop *loop;
	struct http *http;
	const struct llm_row *row;
	const struct adapter *adapter;
	struct llm_config config; /* its strings are below */
	char url[512], model[160];
	char *key;
	unsigned context;                  /* learnt, 0: not yet */
	char dropped[DROPPED_MAXIMUM][64]; /* parameters that this server refused */
	size_t dropped_count;
	bool flipped; /* reasoning is replayed the other way round than the row says */
	struct llm_recorder *recorder;
	struct llm_turn *turn;
	struct llm_checking *checking;
	struct replay *replay; /* answers instead of a server */
	uint64_t random;
};

struct adapter {
	const char *name;
	const char *path; /* behind the base URL */
	bool is_lines;    /* lines of JSON instead of events */
	/* The body of a request, one JSON object. */
	void (*write)(const struct llm *llm, const struct llm_request *request, struct json *json);
	/* One event; `name` may be empty. */
	void (*take)(struct reply *reply, struct slice name, const struct json_value *root);
	/* A reply that came as one document, where streaming was refused. */
	void (*take_whole)(struct reply *reply, const struct json_value *root);
	/* Does this stream's data end it without being JSON ("[DONE]")? */
	bool has_done_mark;
	const char *const *optional; /* parameters that may be left out when refused, NULL at the end */
};

extern const struct adapter adapter_responses, adapter_chat, adapter_anthropic, adapter_ollama;
const struct adapter *adapter_find(const char *name);

/* Is this parameter still sent to this server? */
bool llm_sends(const struct llm *llm, const char *parameter);
/* Forgets one that was refused: false when it was not sent anyway. */
bool llm_drop(struct llm *llm, const char *parameter);
bool llm_replays_reasoning(const struct llm *llm);
/* Does this model think before it answers, so that temperature is refused? By its name. */
bool model_is_reasoning(const char *model);
/* What was sent by this adapter may be replayed as it was. */
struct slice item_raw(const struct chat_item *item, const struct adapter *adapter);
/* "parameters" or "input_schema": the schema of a tool as JSON. */
void write_schema(struct json *json, const char *key, const char *schema);

/* --- fault.c --- */
/* Puts a reply of `status` that is no answer into a sentence; `body` is what came of it. */
void fault_from_reply(const struct llm *llm, struct reply *reply, const struct http_head *head, struct slice body);
void fault_from_network(const struct llm *llm, struct llm_error *error, const struct http_result *result);
/* Completes an error that came inside a stream: names the provider, finds its class. */
void fault_settle(const struct llm *llm, struct reply *reply);
bool fault_may_retry(enum llm_fault fault);

/* --- check.c --- */
void checking_cancel(struct llm_checking *checking); /* NULL is fine */

/* Parses data of an event, also where a half of a surrogate pair stands alone (it becomes U+FFFD). */
struct json_document *parse_event(struct slice data);

#endif
