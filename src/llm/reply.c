#include "llm/reply.h"

#include <stdio.h>
#include <string.h>

#define PIECES_MAXIMUM 256
#define PIECE_MAXIMUM ((size_t)4 << 20)

void reply_init(struct reply *reply, const char *adapter)
{
	memset(reply, 0, sizeof(*reply));
	reply->adapter = adapter;
	vector_init(&reply->pieces, sizeof(struct piece), PIECES_MAXIMUM);
	chat_init(&reply->chat);
}

static void release_pieces(struct reply *reply)
{
	for (size_t i = 0; i < reply->pieces.count; i++) {
		struct piece *piece = vector_at(&reply->pieces, i);

		buffer_release(&piece->text);
		buffer_release(&piece->raw);
	}
	vector_clear(&reply->pieces);
}

void reply_release(struct reply *reply)
{
	release_pieces(reply);
	vector_release(&reply->pieces);
	chat_release(&reply->chat);
}

void reply_clear(struct reply *reply)
{
	void (*on_event)(void *context, const struct llm_event *event) = reply->on_event;
	void *context = reply->context;
	const char *adapter = reply->adapter;

	reply_release(reply);
	reply_init(reply, adapter);
	reply->on_event = on_event;
	reply->context = context;
}

/* --- pieces ---- */

struct piece *reply_find(struct reply *reply, uint64_t slot)
{
	for (size_t i = 0; i < reply->pieces.count; i++) {
		struct piece *piece = vector_at(&reply->pieces, i);

		if (piece->slot == slot)
			return piece;
	}
	return NULL;
}

bool reply_has(const struct reply *reply, uint64_t slot)
{
	for (size_t i = 0; i < reply->pieces.count; i++)
		if (((struct piece *)vector_at(&reply->pieces, i))->slot == slot)
			return true;
	return false;
}

static struct piece *open_piece(struct reply *reply, uint64_t slot, enum chat_kind kind)
{
	struct piece *piece = reply_find(reply, slot);

	if (piece != NULL)
		return piece;
	piece = vector_push(&reply->pieces);
	if (piece == NULL)
		return NULL;
	piece->slot = slot;
	piece->kind = kind;
	buffer_init(&piece->text, PIECE_MAXIMUM);
	buffer_init(&piece->raw, PIECE_MAXIMUM);
	return piece;
}

static void tell(struct reply *reply, const struct llm_event *event)
{
	reply->delivered = true;
	if (reply->on_event != NULL)
		reply->on_event(reply->context, event);
}

static void add_delta(struct reply *reply, struct piece *piece, enum llm_event_kind kind, struct slice delta)
{
	if (piece == NULL || delta.size == 0 || buffer_append_slice(&piece->text, delta) != 0)
		return;
	tell(reply, &(struct llm_event){ .kind = kind, .text = delta });
}

void reply_reasoning(struct reply *reply, uint64_t slot, unsigned part, struct slice delta)
{
	struct piece *piece = open_piece(reply, slot, CHAT_REASONING);

	if (piece != NULL && delta.size > 0 && part != piece->part) {
		piece->part = part;
		if (piece->text.size > 0)
			add_delta(reply, piece, LLM_REASONING, slice_of("\n\n"));
	}
	add_delta(reply, piece, LLM_REASONING, delta);
}

void reply_text(struct reply *reply, uint64_t slot, struct slice delta)
{
	add_delta(reply, open_piece(reply, slot, CHAT_TEXT), LLM_TEXT, delta);
}

static void on_think(void *context, struct slice text)
{
	reply_reasoning(context, 0, 0, text);
}

static void on_plain(void *context, struct slice text)
{
	reply_text(context, 1, text);
}

void reply_thinking_text(struct reply *reply, struct slice delta)
{
	think_feed(&reply->think, delta, on_think, on_plain, reply);
}

void reply_refusal(struct reply *reply, struct slice delta)
{
	reply->refused = true;
	if (delta.size > 0)
		tell(reply, &(struct llm_event){ .kind = LLM_REFUSAL, .text = delta });
}

/* --- calls ---- */

void reply_call(struct reply *reply, uint64_t slot, struct slice id, struct slice name)
{
	struct piece *piece = open_piece(reply, slot, CHAT_CALL);

	if (piece == NULL)
		return;
	if (id.size > 0)
		slice_copy(id, piece->id, sizeof(piece->id));
	if (name.size > 0)
		slice_copy(name, piece->name, sizeof(piece->name));
}

void reply_arguments(struct reply *reply, uint64_t slot, struct slice delta)
{
	struct piece *piece = open_piece(reply, slot, CHAT_CALL);

	if (piece != NULL)
		buffer_append_slice(&piece->text, delta);
}

void reply_arguments_set(struct reply *reply, uint64_t slot, struct slice whole)
{
	struct piece *piece = open_piece(reply, slot, CHAT_CALL);

	if (piece == NULL || piece->told)
		return;
	buffer_clear(&piece->text);
	buffer_append_slice(&piece->text, whole);
}

void reply_raw(struct reply *reply, uint64_t slot, enum chat_kind kind, const struct json_value *item)
{
	struct piece *piece = open_piece(reply, slot, kind);

	if (piece == NULL)
		return;
	buffer_clear(&piece->raw);
	json_value_append(&piece->raw, item);
}

static void tell_call(struct reply *reply, struct piece *piece)
{
	if (piece->told)
		return;
	piece->whole = piece->told = true;
	if (piece->text.size == 0)
		buffer_append_string(&piece->text, "{}");
	/* Older servers give calls no id: results must be told apart all the same. */
	if (piece->id[0] == '\0')
		snprintf(piece->id, sizeof(piece->id), "call_%zu", (size_t)piece->slot);
	tell(reply,
		&(struct llm_event){ .kind = LLM_CALL,
			.id = slice_of(piece->id),
			.name = slice_of(piece->name),
			.text = buffer_slice(&piece->text) });
}

void reply_whole(struct reply *reply, uint64_t slot)
{
	struct piece *piece = reply_find(reply, slot);

	if (piece == NULL)
		return;
	piece->whole = true;
	if (piece->kind == CHAT_CALL)
		tell_call(reply, piece);
}

bool reply_has_calls(const struct reply *reply)
{
	for (size_t i = 0; i < reply->pieces.count; i++) {
		const struct piece *piece = vector_at(&reply->pieces, i);

		if (piece->kind == CHAT_CALL && piece->whole)
			return true;
	}
	return false;
}

void reply_finish(struct reply *reply)
{
	bool is_cut = reply->stop == LLM_STOP_LENGTH || reply->stop == LLM_STOP_CONTEXT || reply->error.fault != 0;

	think_finish(&reply->think, on_think, on_plain, reply);
	for (size_t i = 0; i < reply->pieces.count; i++) {
		struct piece *piece = vector_at(&reply->pieces, i);

		if (piece->kind == CHAT_CALL && reply->ended && !is_cut)
			tell_call(reply, piece);
	}
	if (reply->stop == LLM_STOP_END && reply_has_calls(reply))
		reply->stop = LLM_STOP_CALLS;
}

const struct chat *reply_chat(struct reply *reply)
{
	chat_clear(&reply->chat);
	for (size_t i = 0; i < reply->pieces.count; i++) {
		const struct piece *piece = vector_at(&reply->pieces, i);

		if (piece->kind == CHAT_CALL ? !piece->whole : piece->text.size == 0 && piece->raw.size == 0)
			continue;
		chat_add(&reply->chat,
			&(struct chat_item){ .kind = piece->kind,
				.text = buffer_slice(&piece->text),
				.id = slice_of(piece->id),
				.name = slice_of(piece->name),
				.raw = buffer_slice(&piece->raw),
				.adapter = reply->adapter });
	}
	return &reply->chat;
}

/* --- reading JSON ---- */

struct slice member_text(const struct json_value *object, const char *key)
{
	return json_value_string(json_member(object, key));
}

bool member_number(const struct json_value *object, const char *key, uint64_t *number)
{
	double value;

	if (!json_value_number(json_member(object, key), &value) || value < 0 || value > 1e15)
		return false;
	*number = (uint64_t)value;
	return true;
}

bool member_is(const struct json_value *object, const char *key, const char *text)
{
	return slice_is(member_text(object, key), text);
}
