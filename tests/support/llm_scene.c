#include "support/llm_scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct llm_tool tools[] = {
	{ "search_logs", "Finds records.",
		"{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\"}},\"required\":[\"query\"]}" },
	{ "count", "Counts records.", "{\"type\":\"object\",\"properties\":{\"filter\":{\"type\":\"string\"}}}" },
};

static void append_plain(struct buffer *out, struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == '\n')
			buffer_append_string(out, "\\n");
		else
			buffer_append_byte(out, text.data[i]);
}

static void note(struct llm_scene *scene, char kind, struct slice text)
{
	bool goes_on = scene->last == kind && (kind == 'R' || kind == 'T' || kind == 'F');
	if (!goes_on)
		buffer_append_format(&scene->told, "%s%c ", scene->told.size > 0 ? "\n" : "", kind);
	append_plain(&scene->told, text);
	scene->last = kind;
}

static void note_end(struct llm_scene *scene, const struct llm_event *event)
{
	static const char *const stops[] = { "end", "calls", "length", "filter", "pause", "context" };
	char text[160];
	if (event->usage->known)
		snprintf(text, sizeof text, "%s %" PRIu64 "/%" PRIu64 "/%" PRIu64 "/%" PRIu64, stops[event->stop],
			event->usage->input, event->usage->cached, event->usage->output, event->usage->reasoning);
	else
		snprintf(text, sizeof text, "%s -", stops[event->stop]);
	note(scene, 'D', slice_of(text));
}

static void on_event(void *context, const struct llm_event *event)
{
	static const char kinds[] = { [LLM_REASONING] = 'R', [LLM_TEXT] = 'T', [LLM_REFUSAL] = 'F', [LLM_NOTICE] = 'N' };
	struct llm_scene *scene = context;
	char text[600];
	switch (event->kind) {
	case LLM_CALL:
		note(scene, 'C', event->id);
		buffer_append_byte(&scene->told, ' ');
		append_plain(&scene->told, event->name);
		buffer_append_byte(&scene->told, ' ');
		append_plain(&scene->told, event->text);
		break;
	case LLM_ERROR:
		scene->error = *event->error;
		snprintf(text, sizeof text, "%d %s", (int)event->error->fault, event->error->text);
		note(scene, 'E', slice_of(text));
		break;
	case LLM_DONE:
		note_end(scene, event);
		break;
	default:
		note(scene, kinds[event->kind], event->text);
	}
	if (event->kind == LLM_DONE || event->kind == LLM_ERROR) {
		scene->ends++;
		scene->usage = *event->usage;
		chat_clear(&scene->reply);
		assert_int_equal(chat_append(&scene->reply, event->reply), 0);
	} else if (++scene->deltas == scene->cancel_after) {
		llm_cancel(scene->turn);
	}
}

void llm_scene_open_with(struct llm_scene *scene, const struct llm_config *config, const char *script)
{
	struct llm_config copy = *config;
	struct error error = { 0 };
	memset(scene, 0, sizeof *scene);
	snprintf(scene->log, sizeof scene->log, "/tmp/tocsin-test-llm-%d", (int)getpid());
	unlink(scene->log);
	assert_int_equal(scripted_server_start(&scene->server, script, scene->log), 0);
	scene->loop = loop_create(NULL);
	scene->http = http_create(scene->loop, NULL);
	if (copy.url == NULL)
		copy.url = scene->server.url;
	scene->llm = llm_create(scene->loop, scene->http, &copy, &error);
	assert_string_equal(error.text, "");
	assert_non_null(scene->llm);
	chat_init(&scene->chat);
	chat_init(&scene->reply);
	chat_set_system(&scene->chat, slice_of("be short"));
	chat_add_user(&scene->chat, slice_of("what broke?"));
	buffer_init(&scene->told, 1 << 22);
}

void llm_scene_open(struct llm_scene *scene, const char *provider, const char *script)
{
	llm_scene_open_with(scene,
		&(struct llm_config){ .row = llm_row_find(slice_of(provider)),
			.key = "sk-test-0123456789abcdef",
			.model = "m",
			.temperature = 0.5,
			.retries = 2,
			.timeout = 2000 },
		script);
}

void llm_scene_close(struct llm_scene *scene)
{
	llm_destroy(scene->llm);
	http_destroy(scene->http);
	scripted_server_stop(&scene->server);
	loop_destroy(scene->loop);
	chat_release(&scene->chat);
	chat_release(&scene->reply);
	buffer_release(&scene->told);
	unlink(scene->log);
}

const char *llm_scene_turn_with(struct llm_scene *scene, const struct llm_request *request)
{
	struct error error = { 0 };
	buffer_clear(&scene->told);
	scene->last = 0;
	scene->deltas = 0;
	scene->error = (struct llm_error){ 0 };
	scene->turn = llm_start(scene->llm, request, on_event, scene, &error);
	assert_string_equal(error.text, "");
	loop_run(scene->loop, NULL, NULL);
	return buffer_string(&scene->told);
}

const char *llm_scene_turn(struct llm_scene *scene)
{
	return llm_scene_turn_with(
		scene, &(struct llm_request){ .chat = &scene->chat, .tools = tools, .tool_count = 2, .output = 4000 });
}

const char *llm_scene_log(struct llm_scene *scene)
{
	static char text[1 << 20];
	FILE *file = fopen(scene->log, "rb");
	size_t size = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
	if (file != NULL)
		fclose(file);
	text[size] = '\0';
	return text;
}
