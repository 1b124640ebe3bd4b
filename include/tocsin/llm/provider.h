/*
 * Models on the wire: one request is one turn, and whatever the vendor, its reply comes as one stream of events.
 *
 * A provider is a row of a table (what it is called, where it is, its model, how it speaks) with the key and choices of
 * this user. It remembers what it has learnt of its server for as long as it lives: parameters that were refused, how
 * reasoning wants to be replayed, the size of the context. A turn that fails before anything of it was told is tried
 * again, with growing pauses, as often as the configuration allows; after the first delta never. Errors are one plain
 * sentence in which no key stands. Everything happens on the loop of the HTTP client.
 */
#ifndef TOCSIN_LLM_PROVIDER_H
#define TOCSIN_LLM_PROVIDER_H

#include "tocsin/io/http.h"
#include "tocsin/llm/chat.h"

/* --- providers ---- */

struct llm_row {
	const char *name;     /* as --provider says it */
	const char *speaks;   /* an adapter: "responses", "chat", "anthropic", "ollama" */
	const char *url;      /* default base, NULL when it must be given */
	const char *model;    /* default, NULL: ask the server which it has */
	const char *key_name; /* of the environment, where its key is said; NULL: it has none */
	bool needs_key;       /* no key is a mistake */
	bool sends_reasoning; /* reasoning goes back with turns that called tools */
	unsigned context;     /* tokens, when nobody knows better */
};
const struct llm_row *llm_row_at(size_t index); /* NULL past the end, in the order of preference */
const struct llm_row *llm_row_find(struct slice name);

struct llm_config {
	const struct llm_row *row;
	const char *speaks; /* NULL: the row's */
	const char *url;    /* NULL: the row's */
	const char *model;  /* NULL: the row's */
	const char *key;    /* NULL or "": none */
	double temperature; /* negative: not sent */
	uint64_t timeout;   /* ms of silence borne before and between bytes; 0: 120 s */
	uint64_t total;     /* ms a turn may take in all; 0: 600 s */
	unsigned retries;   /* after the first attempt */
	unsigned context;   /* tokens; 0: ask, else the row's */
	unsigned output;    /* tokens an answer may take; 0: 8000, less in a small context */
};

struct llm_recorder; /* record.h */

struct llm;
/* Copies the configuration. NULL with a sentence when it cannot work: no key, no URL. Asks nothing yet. */
struct llm *llm_create(struct loop *loop, struct http *http, const struct llm_config *config, struct error *error);
void llm_destroy(struct llm *llm); /* cancels its turn; in no event of it but the last; NULL is fine */
void llm_record(struct llm *llm, struct llm_recorder *recorder); /* borrowed; NULL: no more */

const char *llm_name(const struct llm *llm);  /* "openai" */
const char *llm_model(const struct llm *llm); /* "" as long as the server has not been asked */
const char *llm_url(const struct llm *llm);
bool llm_is_local(const struct llm *llm);     /* nothing leaves the machine */
unsigned llm_context(const struct llm *llm);  /* tokens, as far as known */
unsigned llm_output(const struct llm *llm);   /* tokens an answer may take */
bool llm_takes_schema(const struct llm *llm); /* it can be held to a JSON schema */

/* --- errors ---- */

enum llm_fault {
	LLM_NO_FAULT,
	LLM_UNREACHABLE, /* no connection, TLS, silence */
	LLM_KEY,         /* refused or not allowed */
	LLM_QUOTA,       /* money or quota is spent */
	LLM_RATE,        /* too many requests, also after waiting */
	LLM_OVERLOAD,    /* 500, 503, 529 and their like, also after waiting */
	LLM_CONTEXT,     /* too long; sizes below when they were said */
	LLM_MODEL,       /* no such model */
	LLM_REQUEST,     /* refused as malformed */
	LLM_CUT,         /* the stream ended in the middle */
	LLM_FORMAT,      /* HTML or other bytes instead of what was expected */
	LLM_FAILED       /* whatever else the server says */
};

struct llm_error {
	enum llm_fault fault;
	int status;             /* HTTP, 0 when none came */
	uint64_t tokens, limit; /* of LLM_CONTEXT, 0 when not said */
	char text[480];         /* one sentence, safe to show */
};

/* --- a turn ---- */

struct llm_tool {
	const char *name, *description;
	const char *parameters; /* a JSON schema */
};

struct llm_request {
	const struct chat *chat; /* borrowed until the turn ends */
	const struct llm_tool *tools;
	size_t tool_count;
	bool no_calls;      /* tools are told but may not be called: the forced answer */
	bool one_call;      /* no parallel calls */
	const char *schema; /* JSON schema of the answer, or NULL; only where llm_takes_schema and no tools are told */
	unsigned output;    /* tokens; 0: llm_output */
};

struct llm_usage {
	uint64_t input, cached, output, reasoning; /* tokens; cached is part of input, reasoning part of output */
	bool known;
};

enum llm_stop { LLM_STOP_END, LLM_STOP_CALLS, LLM_STOP_LENGTH, LLM_STOP_FILTER, LLM_STOP_PAUSE, LLM_STOP_CONTEXT };

enum llm_event_kind {
	LLM_REASONING, /* text: a delta */
	LLM_TEXT,      /* text: a delta */
	LLM_REFUSAL,   /* text: a delta of why it will not answer */
	LLM_CALL,      /* id, name, text: whole arguments, a JSON object or what was sent for one */
	LLM_NOTICE,    /* text: a sentence: waiting to ask again, asked without summaries */
	LLM_DONE,      /* last: stop, usage, reply */
	LLM_ERROR      /* last: error; usage and reply as far as they came */
};

struct llm_event {
	enum llm_event_kind kind;
	struct slice text, id, name;
	enum llm_stop stop;
	const struct llm_usage *usage;
	const struct llm_error *error;
	const struct chat *reply; /* what it said, as items to append to the chat; calls cut off are left out */
	int64_t took, first;      /* of LLM_DONE and LLM_ERROR: ns in all, and to the first delta (-1: none) */
};

struct llm_turn;
/* Starts; events come from the loop. One turn at a time per provider. NULL with a sentence when it cannot begin. */
struct llm_turn *llm_start(struct llm *llm, const struct llm_request *request,
	void (*on_event)(void *context, const struct llm_event *event), void *context, struct error *error);
/* Ends it at once: the connection is closed and no event follows. Allowed in the turn's own events but the last. */
void llm_cancel(struct llm_turn *turn);
/* What has come so far, the bytes sent, the usage: until the turn ends. */
const struct chat *llm_turn_reply(struct llm_turn *turn);
struct slice llm_turn_sent(const struct llm_turn *turn);

/* --- is it there? ---- */

struct llm_check {
	bool reachable, key_accepted, model_known; /* as far as it got */
	unsigned context;                          /* tokens, 0 when not said */
	char model[160];                           /* the one that is used */
	struct llm_error error;                    /* what is wrong, when something is */
};
/* Asks the server who it is, for `doctor` and before a first turn: learns model and context. `on_done` comes from the
 * loop, once. */
int llm_check(struct llm *llm, void (*on_done)(void *context, const struct llm_check *check), void *context,
	struct error *error);
/* Forgets a check that was begun with this context: its on_done is not called. */
void llm_check_cancel(struct llm *llm, const void *context);

#endif
