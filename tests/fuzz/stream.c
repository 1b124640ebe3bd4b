/*
 * Streams of models: whatever bytes come, the events are the same at any split, no text of them is lost or doubled
 * between what was told and what is kept, and every call that is told has a name's worth of bytes and arguments.
 *
 * Input: the adapter, the size of the pieces, then the stream.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "llm/adapter.h"
#include "tocsin/llm/sse.h"

struct run {
	const struct adapter *adapter;
	struct reply reply;
	struct buffer told;
};

static void on_event(void *context, const struct llm_event *event)
{
	struct run *run = context;

	REQUIRE(event->kind == LLM_CALL || event->kind == LLM_REFUSAL || event->text.size > 0);
	buffer_append_byte(&run->told, (char)('a' + (int)event->kind));
	buffer_append_slice(&run->told, event->text);
}

static void take_event(void *context, struct slice name, struct slice data)
{
	struct run *run = context;
	struct json_document *document = parse_event(slice_trim(data));

	if (document != NULL && run->reply.error.fault == LLM_NO_FAULT)
		run->adapter->take(&run->reply, name, json_root(document));
	json_document_free(document);
}

static void take_line(void *context, struct slice line)
{
	take_event(context, (struct slice){ NULL, 0 }, line);
}

static void go(struct run *run, struct slice stream, size_t step)
{
	struct sse sse;
	struct lines lines;

	reply_init(&run->reply, run->adapter->name);
	run->reply.on_event = on_event;
	run->reply.context = run;
	buffer_init(&run->told, (size_t)1 << 24);
	sse_init(&sse, (size_t)1 << 20, take_event, run);
	lines_init(&lines, (size_t)1 << 20, false, take_line, run);
	while (stream.size > 0) {
		struct slice piece = slice_first(stream, step);

		if (run->adapter->is_lines)
			lines_feed(&lines, piece);
		else
			sse_feed(&sse, piece);
		stream = slice_from(stream, piece.size);
	}
	sse_finish(&sse);
	lines_finish(&lines);
	reply_finish(&run->reply);
	sse_release(&sse);
	lines_release(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "chat", "responses", "anthropic", "ollama" };
	struct slice input = fuzz_input(data, size);
	const struct adapter *adapter = adapter_find(names[fuzz_byte(&input) % 4]);
	size_t step = 1 + fuzz_byte(&input);
	struct run whole = { .adapter = adapter }, parts = { .adapter = adapter };

	go(&whole, input, SIZE_MAX);
	go(&parts, input, step);
	REQUIRE(slice_equal(buffer_slice(&whole.told), buffer_slice(&parts.told)));
	REQUIRE(whole.reply.stop == parts.reply.stop && whole.reply.ended == parts.reply.ended);
	REQUIRE(chat_count(reply_chat(&whole.reply)) == chat_count(reply_chat(&parts.reply)));
	for (size_t i = 0; i < chat_count(&whole.reply.chat); i++)
		if (chat_at(&whole.reply.chat, i)->kind == CHAT_CALL)
			REQUIRE(chat_at(&whole.reply.chat, i)->id.size > 0 && chat_at(&whole.reply.chat, i)->text.size > 0);
	reply_release(&whole.reply);
	reply_release(&parts.reply);
	buffer_release(&whole.told);
	buffer_release(&parts.told);
	return 0;
}
