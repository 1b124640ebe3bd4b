/*
 * A reply while it comes: pieces by slot, in the order in which they began. Adapters put in what their wire says;
 * events go out; at the end the pieces become items of a chat.
 *
 * A slot is any number that the adapter keeps apart (an output index, a block index, 2 + index of a call). Calls
 * told in fragments are told on once, when they are whole.
 */
#ifndef LLM_REPLY_H
#define LLM_REPLY_H

#include "llm/think.h"
#include "tocsin/base/json.h"
#include "tocsin/llm/provider.h"

struct piece {
	uint64_t slot;
	enum chat_kind kind; /* REASONING, TEXT or CALL */
	struct buffer text, raw;
	char id[128], name[80];
	unsigned part; /* of a reasoning in several parts: the last one seen */
	bool whole;    /* nothing more comes */
	bool told;     /* CALL: the event has gone out */
};

struct reply {
	const char *adapter;
	struct vector pieces; /* of struct piece */
	struct think think;   /* splits <think> out of text */
	struct llm_usage usage;
	enum llm_stop stop;
	bool ended;     /* the end was said: what is missing after it is no cut */
	bool delivered; /* something went out to the reader */
	bool refused;
	struct llm_error error; /* fault != 0: the server said so in the stream */
	char error_code[64], error_param[64];
	void (*on_event)(void *context, const struct llm_event *event);
	void *context;
	struct chat chat; /* built by reply_chat */
};

void reply_init(struct reply *reply, const char *adapter);
void reply_release(struct reply *reply);
void reply_clear(struct reply *reply); /* for another attempt; where events go stays */

/* Deltas; all but the first argument may be empty. */
void reply_reasoning(struct reply *reply, uint64_t slot, unsigned part, struct slice delta);
void reply_text(struct reply *reply, uint64_t slot, struct slice delta);
void reply_thinking_text(struct reply *reply, struct slice delta); /* text that may hold <think>: slots 0 and 1 */
void reply_refusal(struct reply *reply, struct slice delta);
void reply_call(struct reply *reply, uint64_t slot, struct slice id, struct slice name); /* begins; more fills in */
void reply_arguments(struct reply *reply, uint64_t slot, struct slice delta);
void reply_arguments_set(struct reply *reply, uint64_t slot, struct slice whole);
void reply_raw(struct reply *reply, uint64_t slot, enum chat_kind kind, const struct json_value *item);
void reply_whole(struct reply *reply, uint64_t slot); /* a call is told now */
bool reply_has(const struct reply *reply, uint64_t slot);
struct piece *reply_find(struct reply *reply, uint64_t slot); /* NULL when there is none */

/* Ends: calls that are not whole become so when `ended`, else they are left out. */
void reply_finish(struct reply *reply);
bool reply_has_calls(const struct reply *reply);
const struct chat *reply_chat(struct reply *reply);

/* --- reading JSON, shared by the adapters --- */
struct slice member_text(const struct json_value *object, const char *key); /* empty when absent or null */
bool member_number(const struct json_value *object, const char *key, uint64_t *number);
bool member_is(const struct json_value *object, const char *key, const char *text);
/* {"error":{...}}, {"error":"..."}, {"type":"error","error":{...}}, {"code":..,"message":..}: fills error, code and
 * param; `status` 200 for one in a stream. */
void reply_take_error(struct reply *reply, const struct json_value *root, int status);

#endif
