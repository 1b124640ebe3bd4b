#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/llm_scene.h"
#include "tocsin/llm/record.h"

#define OK                                                                                                             \
	"reply 200 text/event-stream\n"                                                                                \
	"text data: {\"choices\":[{\"delta\":{\"content\":\"ok\"},\"finish_reason\":null}]}\ntext \n"                  \
	"text data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\ntext \ntext data: [DONE]\ntext \n"
#define HALF                                                                                                           \
	"reply 200 text/event-stream\n"                                                                                \
	"text data: {\"choices\":[{\"delta\":{\"content\":\"half\"},\"finish_reason\":null}]}\ntext \n"

static void require(const char *script, const char *told)
{
	struct llm_scene scene;
	llm_scene_open(&scene, "compatible", script);
	assert_string_equal(llm_scene_turn(&scene), told);
	assert_int_equal(scene.ends, 1);
	llm_scene_close(&scene);
}

static void turn__asks_again__and_obeys_retry_after(void **state)
{
	(void)state;
	require("reply 429\nheader retry-after-ms: 10\ntext {\"error\":{\"message\":\"slow down\",\"type\":\"tokens\","
		"\"code\":\"rate_limit_exceeded\"}}\n" OK,
		"N compatible has had too many requests (429); it may be asked again later. Attempt 2 of 3 in 0.0 s.\n"
		"T ok\nD end -");
	require("reply 503\nheader retry-after-ms: 5\ntext {\"error\":{\"code\":503,\"message\":\"Loading model\","
		"\"type\":\"unavailable_error\"}}\n" OK,
		"N compatible is overloaded or out of order (503): Loading model. Attempt 2 of 3 in 0.0 s.\nT ok\nD end -");
}

static void turn__gives_up__after_the_last_attempt(void **state)
{
	(void)state;
	require("reply 500\nheader retry-after-ms: 5\n",
		"N compatible is overloaded or out of order (500). Attempt 2 of 3 in 0.0 s.\n"
		"N compatible is overloaded or out of order (500). Attempt 3 of 3 in 0.0 s.\n"
		"E 5 compatible is overloaded or out of order (500).");
	require("reply 529\nheader retry-after: 3600\n", "E 5 compatible is overloaded or out of order (529).");
}

static void turn__does_not_ask_again__after_the_first_delta(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "compatible", HALF "cut\n" OK);
	llm_scene_turn(&scene);
	assert_int_equal(scene.error.fault, LLM_CUT);
	assert_int_equal(chat_count(&scene.reply), 1); /* what came is kept */
	assert_true(slice_is(chat_at(&scene.reply, 0)->text, "half"));
	llm_scene_close(&scene);
}

static void turn__asks_again__when_cut_before_the_first_delta(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "compatible", "reply 200 text/event-stream\ntext : keep-alive\ncut\n" OK);
	llm_scene_turn(&scene);
	assert_non_null(strstr(buffer_string(&scene.told), "T ok\nD end -"));
	llm_scene_close(&scene);
}

static void turn__says_one_sentence__for_each_failure(void **state)
{
	(void)state;
	require("reply 401\ntext {\"error\":{\"message\":\"Incorrect API key provided: sk-test-0123456789abcdef\",\"type\":"
		"\"invalid_request_error\",\"code\":\"invalid_api_key\"}}\n",
		"E 2 compatible refused the key sk-\xE2\x80\xA6" "cdef (401): check OPENAI_API_KEY.");
	require("reply 402\n", "E 3 compatible says that the quota or balance is spent (402).");
	require("reply 429\ntext {\"error\":{\"message\":\"You exceeded\",\"code\":\"insufficient_quota\"}}\n",
		"E 3 compatible says that the quota or balance is spent (429).");
	require("reply 404\ntext {\"error\":{\"message\":\"The model `m` does not exist\",\"code\":\"model_not_found\"}}\n",
		"E 7 compatible knows no model \"m\" (404).");
	require("reply 400\ntext {\"error\":{\"code\":400,\"message\":\"request (6819 tokens) exceeds the available context "
		"size (2048 tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":6819,"
		"\"n_ctx\":2048}}\n",
		"E 6 The conversation is too long for m: 6819 tokens, where 2048 fit.");
	require("reply 400\ntext {\"error\":{\"message\":\"This model's maximum context length is 8192 tokens. However, "
		"your messages resulted in 9001 tokens.\",\"code\":\"context_length_exceeded\"}}\n",
		"E 6 The conversation is too long for m: 9001 tokens, where 8192 fit.");
	require("reply 413\n", "E 6 The conversation is too long for m.");
	require("reply 400\ntext {\"error\":{\"message\":\"bad \\u001b[31m thing\"}}\n",
		"E 8 compatible refused the request (400): bad ^[[31m thing");
}

static void turn__says_that_a_page_came__instead_of_json(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "compatible", "reply 200 text/html\ntext <html><body>Sign in</body></html>\n");
	llm_scene_turn(&scene);
	assert_int_equal(scene.error.fault, LLM_FORMAT);
	assert_non_null(strstr(scene.error.text, "a web page instead of JSON (200)"));
	llm_scene_close(&scene);
	llm_scene_open(&scene, "compatible", "reply 403 text/html\ntext <html>Forbidden</html>\n");
	llm_scene_turn(&scene);
	assert_int_equal(scene.error.fault, LLM_KEY);
	llm_scene_close(&scene);
	llm_scene_open(&scene, "compatible", "reply 200 text/event-stream\ntext data: not json\ntext \n");
	llm_scene_turn(&scene);
	assert_int_equal(scene.error.fault, LLM_FORMAT);
	llm_scene_close(&scene);
}

static void turn__never_says_the_key(void **state)
{
	static const char *const scripts[] = { "reply 400\ntext {\"error\":{\"message\":\"key sk-test-0123456789abcdef\"}}\n",
		"reply 500\nheader retry-after: 999\ntext {\"error\":{\"message\":\"sk-test-0123456789abcdef\"}}\n",
		"reply 200 text/event-stream\ntext data: {\"error\":{\"message\":\"sk-test-0123456789abcdef\"}}\ntext \n" };
	(void)state;
	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		struct llm_scene scene;
		llm_scene_open(&scene, "compatible", scripts[i]);
		assert_null(strstr(llm_scene_turn(&scene), "0123456789abcdef"));
		assert_int_equal(scene.ends, 1);
		llm_scene_close(&scene);
	}
}

static void turn__ends_at_once__when_cancelled_in_an_event(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "compatible", HALF "hang\n" OK);
	scene.cancel_after = 1;
	assert_string_equal(llm_scene_turn(&scene), "T half");
	assert_int_equal(scene.ends, 0);
	scene.cancel_after = 0;
	assert_string_equal(llm_scene_turn(&scene), "T ok\nD end -");
	llm_scene_close(&scene);
}

static void turn__says_silence(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open_with(&scene,
		&(struct llm_config){ .row = llm_row_find(slice_of("compatible")), .model = "m", .timeout = 80, .temperature = -1 },
		HALF "hang\n");
	llm_scene_turn(&scene);
	assert_int_equal(scene.error.fault, LLM_CUT);
	assert_non_null(strstr(scene.error.text, "fell silent"));
	llm_scene_close(&scene);
}

static void on_check(void *context, const struct llm_check *check)
{
	*(struct llm_check *)context = *check;
}

static struct llm_check checked(const char *provider, const char *model, const char *script)
{
	struct llm_scene scene;
	struct llm_check check = { 0 };
	llm_scene_open_with(&scene,
		&(struct llm_config){ .row = llm_row_find(slice_of(provider)), .model = model, .key = "k0123456789abc" },
		script);
	assert_int_equal(llm_check(scene.llm, on_check, &check, NULL), 0);
	loop_run(scene.loop, NULL, NULL);
	if (check.error.fault == LLM_NO_FAULT)
		assert_string_equal(llm_model(scene.llm), check.model);
	llm_scene_close(&scene);
	return check;
}

static void check__learns_model_and_context(void **state)
{
	struct llm_check check;
	(void)state;
	check = checked("llama", NULL,
		"reply 200\ntext {\"data\":[{\"id\":\"served\",\"meta\":{\"n_ctx\":2048}}]}\n"
		"reply 200\nwant GET /props \ntext {\"default_generation_settings\":{\"n_ctx\":4096}}\n");
	assert_string_equal(check.model, "served");
	assert_int_equal(check.context, 4096);
	check = checked("ollama", NULL,
		"reply 200\nwant GET /api/tags\ntext {\"models\":[{\"name\":\"qwen3:latest\"}]}\n"
		"reply 200\nwant POST /api/show\nwant qwen3:latest\ntext {\"model_info\":{\"qwen3.context_length\":40960}}\n");
	assert_string_equal(check.model, "qwen3:latest");
	assert_int_equal(check.context, 16384);
	check = checked("openai", "o4-mini", "reply 200\nwant GET /models\ntext {\"data\":[{\"id\":\"o3\"},{\"id\":\"o4-mini\"}]}\n");
	assert_true(check.reachable && check.key_accepted && check.model_known);
}

static void check__says_what_is_wrong(void **state)
{
	struct llm_check check;
	(void)state;
	check = checked("openai", "o9", "reply 200\ntext {\"data\":[{\"id\":\"o3\"}]}\n");
	assert_true(check.reachable && check.key_accepted && !check.model_known);
	assert_non_null(strstr(check.error.text, "no model \"o9\""));
	check = checked("anthropic", "m", "reply 401\ntext {\"error\":{\"message\":\"no\"}}\n");
	assert_true(check.reachable && !check.key_accepted);
	assert_int_equal(check.error.fault, LLM_KEY);
}

static void recording__answers_byte_for_byte(void **state)
{
	struct llm_scene scene;
	struct error error = { 0 };
	char path[64];
	(void)state;
	snprintf(path, sizeof path, "/tmp/tocsin-test-record-%d", (int)getpid());
	unlink(path);
	llm_scene_open(&scene, "compatible", HALF "text data: {\"choices\":[{\"delta\":{\"content\":\" \xF0\x9F\x9A\xA8\"},"
		"\"finish_reason\":\"stop\"}]}\ntext \ntext data: [DONE]\ntext \nreply 401\ntext {}\n");
	struct llm_recorder *recorder = llm_recorder_open(path, NULL, NULL, &error);
	llm_record(scene.llm, recorder);
	char first[256], second[256];
	snprintf(first, sizeof first, "%s", llm_scene_turn(&scene));
	snprintf(second, sizeof second, "%s", llm_scene_turn(&scene));
	assert_null(llm_recorder_failure(recorder));
	llm_recorder_close(recorder);
	llm_destroy(scene.llm);
	scene.llm = llm_create_replay(scene.loop, path, &error);
	assert_string_equal(error.text, "");
	assert_string_equal(llm_scene_turn(&scene), first);
	llm_scene_turn(&scene);
	assert_int_equal(scene.error.fault, LLM_KEY);
	assert_null(llm_start(scene.llm, &(struct llm_request){ .chat = &scene.chat }, NULL, NULL, &error));
	assert_non_null(strstr(error.text, "ends after 2 exchanges"));
	unlink(path);
	llm_scene_close(&scene);
}

static void recording__is_refused__when_it_is_none(void **state)
{
	struct error error = { 0 };
	(void)state;
	assert_null(llm_create_replay(NULL, "/dev/null", &error));
	assert_non_null(strstr(error.text, "no recording"));
	assert_null(llm_create_replay(NULL, "/nowhere", &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turn__asks_again__and_obeys_retry_after),
		cmocka_unit_test(turn__gives_up__after_the_last_attempt),
		cmocka_unit_test(turn__does_not_ask_again__after_the_first_delta),
		cmocka_unit_test(turn__asks_again__when_cut_before_the_first_delta),
		cmocka_unit_test(turn__says_one_sentence__for_each_failure),
		cmocka_unit_test(turn__says_that_a_page_came__instead_of_json),
		cmocka_unit_test(turn__never_says_the_key),
		cmocka_unit_test(turn__ends_at_once__when_cancelled_in_an_event),
		cmocka_unit_test(turn__says_silence),
		cmocka_unit_test(check__learns_model_and_context),
		cmocka_unit_test(check__says_what_is_wrong),
		cmocka_unit_test(recording__answers_byte_for_byte),
		cmocka_unit_test(recording__is_refused__when_it_is_none),
	};
	return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
