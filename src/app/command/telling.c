#include "app/command/telling.h"

#include "tocsin/base/utf8.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int telling_open(struct telling *telling, const struct settings *settings)
{
	struct error error = { 0 };
	memset(telling, 0, sizeof *telling);
	telling->answer = STDOUT_FILENO;
	telling->rest = STDOUT_FILENO;
	telling->loop = loop_create(&error);
	telling->queue = telling->loop == NULL ? NULL : loop_queue_create(NULL, 1);
	int result = telling->queue == NULL ? ERROR_MEMORY : model_open(&telling->model, settings, telling->loop, &error);
	if (result == 0)
		return EXIT_DONE;
	complain("%s", error.text);
	telling_close(telling);
	return result == ERROR_INPUT || result == ERROR_ABSENT ? EXIT_USAGE : EXIT_INTERNAL;
}

void telling_close(struct telling *telling)
{
	investigation_destroy(telling->investigation);
	if (telling->model.recorder != NULL && llm_recorder_failure(telling->model.recorder) != NULL)
		complain("%s", llm_recorder_failure(telling->model.recorder));
	if (telling->model.loop != NULL)
		model_close(&telling->model);
	loop_queue_destroy(telling->queue);
	loop_destroy(telling->loop);
}

/* --- telling --- */

static void put(int descriptor, struct slice text)
{
	while (text.size > 0) {
		ssize_t written = write(descriptor, text.data, text.size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return; /* whoever read it has gone: the end will say so */
		text = slice_from(text, (size_t)written);
	}
}

static const char *prefix_of(enum entry_kind kind)
{
	switch (kind) {
	case ENTRY_REASONING:
		return "| ";
	case ENTRY_TOOL:
		return "+ ";
	case ENTRY_NOTICE:
		return "! ";
	case ENTRY_UNPROVEN:
		return "  unproven: ";
	case ENTRY_VERDICT:
		return "\n";
	default:
		return "";
	}
}

/* The same entry may go on: only what is new of it is told, its lines each behind the prefix of its kind. */
static void tell_entry(struct telling *telling, const struct entry *entry)
{
	struct slice fresh = slice_from(entry->text, telling->offset), line;
	bool is_answer = entry->kind == ENTRY_ANSWER || entry->kind == ENTRY_TEXT || entry->kind == ENTRY_VERDICT ||
		entry->kind == ENTRY_LABELLED || entry->kind == ENTRY_UNPROVEN;
	struct buffer out;
	buffer_init(&out, 1 << 22);
	if (telling->offset == 0)
		buffer_append_string(&out, prefix_of(entry->kind));
	if (telling->offset == 0 && entry->kind == ENTRY_LABELLED)
		buffer_append_format(&out, "  %.*s: ", (int)entry->label.size, entry->label.data);
	while (fresh.size > 0) {
		size_t end = slice_find_byte(fresh, '\n');
		line = slice_first(fresh, end);
		utf8_append_shown(&out, line, SIZE_MAX);
		fresh = slice_from(fresh, line.size + 1);
		if (end != SIZE_MAX)
			buffer_append_format(&out, "\n%s", entry->kind == ENTRY_REASONING ? "| " : "");
	}
	telling->offset = entry->text.size;
	put(is_answer ? telling->answer : telling->rest, buffer_slice(&out));
	buffer_release(&out);
}

static void end_entry(struct telling *telling, const struct entry *entry)
{
	bool is_answer = entry->kind != ENTRY_REASONING && entry->kind != ENTRY_TOOL && entry->kind != ENTRY_NOTICE;
	put(is_answer ? telling->answer : telling->rest, slice_of("\n"));
	telling->entry++;
	telling->offset = 0;
}

static void on_news(void *context)
{
	struct telling *telling = context;
	const struct transcript *transcript = investigation_transcript(telling->investigation);
	size_t count = transcript_count(transcript);
	while (telling->entry < count) {
		const struct entry *entry = transcript_at(transcript, telling->entry);
		tell_entry(telling, entry);
		if (telling->entry + 1 == count)
			return; /* it may go on */
		end_entry(telling, entry);
	}
}

static void on_end(void *context)
{
	struct telling *telling = context;
	const struct transcript *transcript = investigation_transcript(telling->investigation);
	if (telling->entry < transcript_count(transcript))
		end_entry(telling, transcript_at(transcript, telling->entry));
	loop_stop(telling->loop);
}

bool telling_run(struct telling *telling, const struct settings *settings, const struct analysis_input *input,
	struct analysis *analysis, const char *question)
{
	struct investigation_options options = { .input = *input,
		.analysis = analysis,
		.queue = telling->queue,
		.question = question,
		.on_news = on_news,
		.on_end = on_end,
		.context = telling };
	model_equip(&telling->model, settings, question == NULL ? MODEL_CAUSE : MODEL_QUESTION, &options);
	telling->investigation = investigation_create(&options, NULL);
	if (telling->investigation == NULL) {
		complain("out of memory");
		return false;
	}
	loop_run(telling->loop, NULL, NULL);
	return investigation_state(telling->investigation) == INVESTIGATION_DONE;
}

static void add_number(struct buffer *out, uint64_t number)
{
	if (number >= 1000)
		buffer_append_format(out, "%llu,%03llu", (unsigned long long)number / 1000, (unsigned long long)number % 1000);
	else
		buffer_append_format(out, "%llu", (unsigned long long)number);
}

void telling_usage(const struct telling *telling, struct buffer *out)
{
	struct investigation_usage usage;
	investigation_usage(telling->investigation, &usage);
	buffer_append_format(out, "%u turn%s, %u call%s, ", usage.turns, usage.turns == 1 ? "" : "s", usage.calls,
		usage.calls == 1 ? "" : "s");
	if (usage.tokens.known) {
		add_number(out, usage.tokens.input);
		buffer_append_string(out, " tokens in, ");
		add_number(out, usage.tokens.output);
		buffer_append_string(out, " out, ");
	} else {
		buffer_append_string(out, "tokens unknown, ");
	}
	if (usage.dollars >= 0)
		buffer_append_format(out, "$%.4f", usage.dollars);
	else
		buffer_append_string(out, "price unknown");
	buffer_append_format(out, ", %.1f s", (double)usage.took / (double)TIMESTAMP_SECOND);
}
