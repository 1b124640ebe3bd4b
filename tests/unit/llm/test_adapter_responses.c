#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "support/llm_scene.h"

#define STREAM "reply 200 text/event-stream\n"
#define EVENT(type, rest) "text event: " type "\ntext data: {\"type\":\"" type "\"," rest "}\ntext \n"

#define REASONING                                                                                                      \
	EVENT("response.created", "\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\"}")                       \
	EVENT("response.output_item.added",                                                                            \
		"\"output_index\":0,\"item\":{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}")                 \
	EVENT("response.reasoning_summary_text.delta",                                                                 \
		"\"item_id\":\"rs_1\",\"output_index\":0,\"summary_index\":0,\"delta\":\"**Look\"")                    \
	EVENT("response.reasoning_summary_text.delta",                                                                 \
		"\"item_id\":\"rs_1\",\"output_index\":0,\"summary_index\":0,\"delta\":\"ing**\"")                     \
	EVENT("response.reasoning_summary_text.delta",                                                                 \
		"\"item_id\":\"rs_1\",\"output_index\":0,\"summary_index\":1,\"delta\":\"More\"")                      \
	EVENT("response.output_item.done",                                                                             \
		"\"output_index\":0,\"item\":{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],"                  \
		"\"encrypted_content\":\"gAAA\"}")
#define CALL                                                                                                           \
	EVENT("response.output_item.added",                                                                            \
		"\"output_index\":1,\"item\":{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_a\","      \
		"\"name\":\"count\",\"arguments\":\"\"}")                                                              \
	EVENT("response.function_call_arguments.delta",                                                                \
		"\"item_id\":\"fc_1\",\"output_index\":1,\"delta\":\"{\\\"fil\"")                                      \
	EVENT("response.function_call_arguments.done",                                                                 \
		"\"item_id\":\"fc_1\",\"output_index\":1,\"arguments\":\"{\\\"filter\\\":\\\"x\\\"}\"")                \
	EVENT("response.output_item.done",                                                                             \
		"\"output_index\":1,\"item\":{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_a\","      \
		"\"name\":\"count\",\"arguments\":\"{\\\"filter\\\":\\\"x\\\"}\",\"status\":\"completed\"}")
#define COMPLETED                                                                                                      \
	EVENT("response.completed",                                                                                    \
		"\"response\":{\"status\":\"completed\",\"usage\":{\"input_tokens\":90,\"input_tokens_details\":{"     \
		"\"cached_tokens\":10},\"output_tokens\":30,\"output_tokens_details\":{\"reasoning_tokens\":20}}}")
#define TEXT(delta)                                                                                                    \
	EVENT("response.output_text.delta", "\"item_id\":\"msg_1\",\"output_index\":2,\"content_index\":0,\"delta\":\"" delta "\"")

static void require(const char *script, const char *told)
{
	struct llm_scene scene;
	llm_scene_open(&scene, "openai", script);
	assert_string_equal(llm_scene_turn(&scene), told);
	assert_int_equal(scene.ends, 1);
	llm_scene_close(&scene);
}

static void responses__tells_summaries_and_calls(void **state)
{
	(void)state;
	require(STREAM REASONING CALL COMPLETED,
		"R **Looking**\\n\\nMore\nC call_a count {\"filter\":\"x\"}\nD calls 90/10/30/20");
	require(STREAM "bytes 1\n" REASONING CALL COMPLETED,
		"R **Looking**\\n\\nMore\nC call_a count {\"filter\":\"x\"}\nD calls 90/10/30/20");
}

static void responses__takes_items_without_an_index(void **state)
{
	(void)state;
	require(STREAM EVENT("response.output_item.added", "\"item\":{\"type\":\"message\",\"id\":\"m1\"}")
			EVENT("response.output_text.delta", "\"item_id\":\"m1\",\"delta\":\"ok\"")
				EVENT("response.output_item.done",
					"\"item\":{\"type\":\"message\",\"id\":\"m1\",\"content\":[{\"type\":"
					"\"output_text\",\"text\":\"ok\"}]}") COMPLETED,
		"T ok\nD end 90/10/30/20");
}

static void responses__replays_items_as_they_came(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "openai", STREAM REASONING CALL COMPLETED STREAM TEXT("done") COMPLETED);
	llm_scene_turn(&scene);
	chat_append(&scene.chat, &scene.reply);
	chat_add(&scene.chat,
		&(struct chat_item){ .kind = CHAT_RESULT, .id = slice_of("call_a"), .text = slice_of("12") });
	assert_string_equal(llm_scene_turn(&scene), "T done\nD end 90/10/30/20");
	assert_non_null(strstr(llm_scene_log(&scene),
		"{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"gAAA\"},{\"type\":"
		"\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_a\",\"name\":\"count\",\"arguments\":\"{\\\"filter"
		"\\\":\\\"x\\\"}\",\"status\":\"completed\"},{\"type\":\"function_call_output\",\"call_id\":\"call_a\","
		"\"output\":\"12\"}]"));
	assert_non_null(strstr(llm_scene_log(&scene), "\"store\":false"));
	assert_non_null(strstr(llm_scene_log(&scene), "{\"type\":\"function\",\"name\":\"search_logs\""));
	llm_scene_close(&scene);
}

static void responses__asks_again_without_summary__and_remembers(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open_with(&scene,
		&(struct llm_config){ .row = llm_row_find(slice_of("openai")), .key = "k", .temperature = 0.7 },
		"reply 400\ntext {\"error\":{\"message\":\"Your organization must be verified to generate reasoning "
		"summaries.\",\"type\":\"invalid_request_error\",\"param\":\"reasoning.summary\",\"code\":"
		"\"unsupported_value\"}}\n"
		"want \"summary\":\"auto\"\n" STREAM TEXT("ok") COMPLETED);
	assert_string_equal(llm_scene_turn(&scene),
		"N openai refuses reasoning.summary: asked again without it, so its reasoning is not shown.\n"
		"T ok\nD end 90/10/30/20");
	assert_string_equal(llm_scene_turn(&scene), "T ok\nD end 90/10/30/20");
	assert_null(strstr(llm_scene_log(&scene), "temperature")); /* o4-mini refuses it */
	llm_scene_close(&scene);
}

static void responses__takes_a_whole_document__where_streaming_is_refused(void **state)
{
	(void)state;
	require("reply 400\ntext {\"error\":{\"message\":\"Your organization must be verified to stream this model.\","
		"\"type\":\"invalid_request_error\",\"param\":\"stream\",\"code\":\"unsupported_value\"}}\n"
		"reply 200\nwant \"stream\":false\n"
		"text {\"status\":\"completed\",\"error\":null,\"output\":[{\"type\":\"reasoning\",\"id\":\"rs_1\","
		"\"summary\":[{\"type\":\"summary_text\",\"text\":\"Hm.\"}]},{\"type\":\"message\",\"id\":\"m\","
		"\"content\":[{\"type\":\"output_text\",\"text\":\"ok\"}]}],\"usage\":{\"input_tokens\":1,"
		"\"output_tokens\":2}}\n",
		"N openai refuses stream: asked again without it.\nR Hm.\nT ok\nD end 1/0/2/0");
}

static void responses__says_length__also_when_reasoning_took_all(void **state)
{
	(void)state;
	require(STREAM REASONING EVENT("response.incomplete",
			"\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":"
			"\"max_output_tokens\"},\"usage\":null}"),
		"R **Looking**\\n\\nMore\nD length -");
	require(STREAM TEXT("half") EVENT("response.incomplete",
			"\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"whatever\"}}"),
		"T half\nD length -");
}

static void responses__says_errors_of_every_shape(void **state)
{
	(void)state;
	require(STREAM TEXT("half") EVENT("response.failed",
			"\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}"),
		"T half\nE 4 openai has had too many requests; it may be asked again later.");
	require(STREAM TEXT("half") EVENT("error", "\"code\":\"server_error\",\"message\":\"boom\",\"param\":null"),
		"T half\nE 5 openai is overloaded or out of order: boom.");
	require(STREAM TEXT("half") EVENT("error", "\"error\":{\"type\":\"x\",\"code\":null,\"message\":\"boom\"}"),
		"T half\nE 11 openai could not answer: boom");
	require(STREAM TEXT("half"), "T half\nE 9 The answer of openai broke off before its end.");
}

static void responses__says_a_refusal(void **state)
{
	(void)state;
	require(STREAM EVENT("response.refusal.delta", "\"output_index\":0,\"delta\":\"I cannot\"")
			EVENT("response.refusal.delta", "\"output_index\":0,\"delta\":\" help\"") COMPLETED,
		"F I cannot help\nD end 90/10/30/20");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses__tells_summaries_and_calls),
		cmocka_unit_test(responses__takes_items_without_an_index),
		cmocka_unit_test(responses__replays_items_as_they_came),
		cmocka_unit_test(responses__asks_again_without_summary__and_remembers),
		cmocka_unit_test(responses__takes_a_whole_document__where_streaming_is_refused),
		cmocka_unit_test(responses__says_length__also_when_reasoning_took_all),
		cmocka_unit_test(responses__says_errors_of_every_shape),
		cmocka_unit_test(responses__says_a_refusal),
	};
	return cmocka_run_group_tests_name("adapter_responses", tests, NULL, NULL);
}
