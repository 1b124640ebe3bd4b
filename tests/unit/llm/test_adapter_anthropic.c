#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "support/llm_scene.h"

#define STREAM "reply 200 text/event-stream\n"
#define EVENT(type, rest) "text event: " type "\ntext data: {\"type\":\"" type "\"" rest "}     \ntext \n"
#define START                                                                                                          \
	EVENT("message_start",                                                                                         \
		",\"message\":{\"id\":\"msg_1\",\"content\":[],\"usage\":{\"input_tokens\":300,"                       \
		"\"cache_creation_input_tokens\":50,\"cache_read_input_tokens\":27,\"output_tokens\":1}}")
#define BLOCK(index, block) EVENT("content_block_start", ",\"index\":" index ",\"content_block\":" block)
#define DELTA(index, delta) EVENT("content_block_delta", ",\"index\":" index ",\"delta\":" delta)
#define STOP(index) EVENT("content_block_stop", ",\"index\":" index)
#define END(reason)                                                                                                    \
	EVENT("message_delta", ",\"delta\":{\"stop_reason\":\"" reason "\"},\"usage\":{\"output_tokens\":65}")         \
	EVENT("message_stop", "")
#define THINKING                                                                                                       \
	BLOCK("0", "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}")                                     \
	EVENT("ping", "")                                                                                              \
	DELTA("0", "{\"type\":\"thinking_delta\",\"thinking\":\"Let me \"}")                                           \
	DELTA("0", "{\"type\":\"thinking_delta\",\"thinking\":\"look\"}")                                              \
	DELTA("0", "{\"type\":\"signature_delta\",\"signature\":\"EqQB\"}") STOP("0")
#define TEXT(text)                                                                                                     \
	BLOCK("1", "{\"type\":\"text\",\"text\":\"\"}") DELTA("1", "{\"type\":\"text_delta\",\"text\":\"" text "\"}") STOP("1")
#define CALL                                                                                                           \
	BLOCK("2", "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"count\",\"input\":{}}")                       \
	DELTA("2", "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}")                                            \
	DELTA("2", "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"filter\\\": \"}")                           \
	DELTA("2", "{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"x\\\"}\"}") STOP("2")

static void require(const char *script, const char *told)
{
	struct llm_scene scene;
	llm_scene_open(&scene, "anthropic", script);
	assert_string_equal(llm_scene_turn(&scene), told);
	assert_int_equal(scene.ends, 1);
	llm_scene_close(&scene);
}

static void anthropic__tells_thinking_text_and_calls(void **state)
{
	const char *told = "R Let me look\nT I search\nC toolu_1 count {\"filter\": \"x\"}\nD calls 377/27/65/0";
	(void)state;
	require(STREAM START THINKING TEXT("I search") CALL END("tool_use"), told);
	require(STREAM "bytes 3\n" START THINKING TEXT("I search") CALL END("tool_use"), told);
}

static void anthropic__replays_blocks_unchanged__and_results_in_one_message(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "anthropic",
		STREAM START THINKING BLOCK("3", "{\"type\":\"redacted_thinking\",\"data\":\"zzz\"}") CALL
			END("tool_use") STREAM START TEXT("done") END("end_turn"));
	llm_scene_turn(&scene);
	chat_append(&scene.chat, &scene.reply);
	chat_add(&scene.chat,
		&(struct chat_item){ .kind = CHAT_RESULT,
			.id = slice_of("toolu_1"),
			.text = slice_of("no such filter"),
			.failed = true });
	chat_add_user(&scene.chat, slice_of("and now?"));
	assert_string_equal(llm_scene_turn(&scene), "T done\nD end 377/27/65/0");
	const char *log = llm_scene_log(&scene);
	assert_non_null(strstr(log, "x-api-key: sk-test"));
	assert_non_null(strstr(log, "anthropic-version: 2023-06-01"));
	assert_non_null(strstr(log,
		"{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"Let me look\","
		"\"signature\":\"EqQB\"},{\"type\":\"redacted_thinking\",\"data\":\"zzz\"},{\"type\":\"tool_use\","
		"\"id\":\"toolu_1\",\"name\":\"count\",\"input\":{\"filter\": \"x\"}}]},{\"role\":\"user\",\"content\":[{"
		"\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\",\"content\":\"no such filter\",\"is_error\":true},{"
		"\"type\":\"text\",\"text\":\"and now?\"}]}]"));
	assert_non_null(strstr(log, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}"));
	assert_null(strstr(log, "temperature"));
	llm_scene_close(&scene);
}

static void anthropic__knows_every_end(void **state)
{
	(void)state;
	require(STREAM START TEXT("a") END("max_tokens"), "T a\nD length 377/27/65/0");
	require(STREAM START TEXT("a") END("pause_turn"), "T a\nD pause 377/27/65/0");
	require(STREAM START TEXT("a") END("model_context_window_exceeded"), "T a\nD context 377/27/65/0");
	require(STREAM START EVENT("message_delta",
			",\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":{\"type\":\"refusal\",\"category\":"
			"\"cyber\",\"explanation\":\"not that\"}},\"usage\":{\"output_tokens\":0}") EVENT("message_stop", ""),
		"F not that\nD filter 377/27/0/0");
	require(STREAM START CALL END("max_tokens"), "D length 377/27/65/0");
}

static void anthropic__says_overload__in_the_stream_and_before(void **state)
{
	(void)state;
	require(STREAM START TEXT("half") "text event: error\ntext data: {\"type\":\"error\",\"error\":{\"type\":"
		"\"overloaded_error\",\"message\":\"Overloaded\"}}\ntext \n",
		"T half\nE 5 anthropic is overloaded or out of order: Overloaded.");
	require("reply 401\ntext {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid "
		"x-api-key\"}}\n",
		"E 2 anthropic refused the key sk-\xE2\x80\xA6" "cdef (401): check ANTHROPIC_API_KEY.");
	require("reply 402\ntext {\"type\":\"error\",\"error\":{\"type\":\"billing_error\",\"message\":\"pay\"}}\n",
		"E 3 anthropic says that the quota or balance is spent (402).");
}

static void anthropic__says_the_sizes__when_it_is_too_long(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "anthropic",
		"reply 400\ntext {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too "
		"long: 213462 tokens > 200000 maximum\"}}\n");
	assert_string_equal(llm_scene_turn(&scene),
		"E 6 The conversation is too long for m: 213462 tokens, where 200000 fit.");
	assert_int_equal(scene.error.tokens, 213462);
	assert_int_equal(scene.error.limit, 200000);
	llm_scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anthropic__tells_thinking_text_and_calls),
		cmocka_unit_test(anthropic__replays_blocks_unchanged__and_results_in_one_message),
		cmocka_unit_test(anthropic__knows_every_end),
		cmocka_unit_test(anthropic__says_overload__in_the_stream_and_before),
		cmocka_unit_test(anthropic__says_the_sizes__when_it_is_too_long),
	};
	return cmocka_run_group_tests_name("adapter_anthropic", tests, NULL, NULL);
}
