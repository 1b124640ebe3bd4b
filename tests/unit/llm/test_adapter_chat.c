#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "support/llm_scene.h"

#define DELTA(json) "text data: {\"choices\":[{\"index\":0,\"delta\":" json ",\"finish_reason\":null}]}\ntext \n"
#define LAST(reason) "text data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" reason "\"}]}\ntext \n"
#define USAGE                                                                                                          \
	"text data: {\"choices\":[],\"usage\":{\"prompt_tokens\":900,\"completion_tokens\":30,"                        \
	"\"prompt_tokens_details\":{\"cached_tokens\":768},\"completion_tokens_details\":{\"reasoning_tokens\":12}}}\n" \
	"text \n"
#define DONE "text data: [DONE]\ntext \n"
#define STREAM "reply 200 text/event-stream\n"

static void require(const char *provider, const char *script, const char *told)
{
	struct llm_scene scene;
	llm_scene_open(&scene, provider, script);
	assert_string_equal(llm_scene_turn(&scene), told);
	assert_int_equal(scene.ends, 1);
	llm_scene_close(&scene);
}

static void chat__tells_reasoning_text_and_usage(void **state)
{
	(void)state;
	require("llama",
		STREAM DELTA("{\"role\":\"assistant\",\"content\":null}") DELTA("{\"reasoning_content\":\"Let me\"}")
			DELTA("{\"reasoning_content\":\" see.\"}") DELTA("{\"content\":\"All \"}")
				DELTA("{\"content\":\"well.\"}") LAST("stop") USAGE DONE,
		"R Let me see.\nT All well.\nD end 900/768/30/12");
}

static void chat__is_the_same__byte_by_byte(void **state)
{
	(void)state;
	require("llama",
		STREAM "bytes 1\n" DELTA("{\"reasoning\":\"h\xC3\xA9\"}") DELTA("{\"content\":\"\xF0\x9F\x9A\xA8 x\"}")
			LAST("stop") USAGE DONE,
		"R h\xC3\xA9\nT \xF0\x9F\x9A\xA8 x\nD end 900/768/30/12");
}

static void chat__puts_interleaved_calls_together(void **state)
{
	(void)state;
	require("deepseek",
		STREAM DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":"
			     "\"search_logs\",\"arguments\":\"{\"}}]}")
			DELTA("{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"count\","
			      "\"arguments\":\"\"}}]}")
				DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"\",\"function\":{\"arguments\":"
				      "\"\\\"query\\\":\\\"x\\\"}\"}}]}") LAST("tool_calls") DONE,
		"C a search_logs {\"query\":\"x\"}\nC b count {}\nD calls -");
}

static void chat__takes_calls__of_servers_that_do_it_differently(void **state)
{
	(void)state;
	/* no index; arguments as an object; "stop" although there are calls */
	require("compatible",
		STREAM DELTA("{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"count\",\"arguments\":{\"filter\":"
			     "\"level>=error\"}}}]}")
			DELTA("{\"tool_calls\":[{\"id\":\"b\",\"function\":{\"name\":\"count\",\"arguments\":\"{}\"}}]}")
				LAST("stop") DONE,
		"C a count {\"filter\":\"level>=error\"}\nC b count {}\nD calls -");
	/* no id at all */
	require("compatible",
		STREAM DELTA("{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"count\",\"arguments\":\"{}\"}}]}")
			LAST("tool_calls") DONE,
		"C call_2 count {}\nD calls -");
}

static void chat__does_not_tell_a_call__that_was_cut_by_the_limit(void **state)
{
	(void)state;
	require("llama",
		STREAM DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"count\","
			     "\"arguments\":\"{\\\"fil\"}}]}") LAST("length") DONE,
		"D length -");
}

static void chat__splits_thinking_out_of_text__at_any_delta(void **state)
{
	(void)state;
	require("llama",
		STREAM DELTA("{\"content\":\" <th\"}") DELTA("{\"content\":\"ink>\\nA <b> c</thi\"}")
			DELTA("{\"content\":\"nk>\\n\"}") DELTA("{\"content\":\"\\nAnswer <think> no\"}") LAST("stop")
				DONE,
		"R \\nA <b> c\nT Answer <think> no\nD end -");
	require("llama", STREAM DELTA("{\"content\":\"<thi\"}") DELTA("{\"content\":\"s\"}") LAST("stop") DONE,
		"T <this\nD end -");
}

static void chat__shows_half_a_surrogate_pair__as_unknown(void **state)
{
	(void)state;
	require("llama",
		STREAM DELTA("{\"content\":\"a\\uD83D\"}") DELTA("{\"content\":\"\\uDEA8b\"}")
			DELTA("{\"content\":\"\\uD83D\\uDEA8\"}") LAST("stop") DONE,
		"T a\xEF\xBF\xBD\xEF\xBF\xBD" "b\xF0\x9F\x9A\xA8\nD end -");
}

static void chat__says_refusal_and_filter(void **state)
{
	(void)state;
	require("openai", "reply 400\ntext {\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}\n",
		"E 8 openai refused the request (400): no");
	require("compatible", STREAM DELTA("{\"refusal\":\"I will not\"}") LAST("content_filter") DONE,
		"F I will not\nD filter -");
}

static void chat__says_an_error_in_the_stream(void **state)
{
	(void)state;
	require("compatible",
		STREAM DELTA("{\"content\":\"half\"}")
			"text data: {\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"param\":null,"
			"\"code\":null}}\ntext \n",
		"T half\nE 5 compatible is overloaded or out of order: boom.");
	require("llama", STREAM DELTA("{\"content\":\"half\"}") "text error: {\"code\":500,\"message\":\"old\"}\ntext \n",
		"T half\nE 11 llama could not answer: old");
}

static void chat__says_cut__when_the_end_is_missing(void **state)
{
	(void)state;
	require("llama", STREAM DELTA("{\"content\":\"half\"}"),
		"T half\nE 9 The answer of llama broke off before its end.");
	require("llama", STREAM DELTA("{\"content\":\"half\"}") "text data: {\"choices\":[{\"del\n",
		"T half\nE 9 The answer of llama broke off before its end.");
	/* the end was said: a missing mark or a cut behind it is no loss */
	require("llama", STREAM DELTA("{\"content\":\"all\"}") LAST("stop") "cut\n", "T all\nD end -");
}

static void chat__takes_a_whole_document__where_nothing_is_streamed(void **state)
{
	(void)state;
	require("deepseek",
		"reply 200 application/json\ntext \ntext \n"
		"text {\"choices\":[{\"message\":{\"content\":\"All well.\",\"reasoning_content\":\"Hm.\",\"tool_calls\":["
		"{\"id\":\"a\",\"function\":{\"name\":\"count\",\"arguments\":\"{}\"}}]},\"finish_reason\":"
		"\"tool_calls\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n",
		"R Hm.\nT All well.\nC a count {}\nD calls 5/0/2/0");
}

static void chat__writes_tools_and_the_conversation(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "deepseek", STREAM DELTA("{\"content\":\"ok\"}") LAST("stop") DONE);
	chat_add(&scene.chat, &(struct chat_item){ .kind = CHAT_REASONING, .text = slice_of("because") });
	chat_add(&scene.chat,
		&(struct chat_item){
			.kind = CHAT_CALL, .id = slice_of("a"), .name = slice_of("count"), .text = slice_of("{}") });
	chat_add(&scene.chat,
		&(struct chat_item){
			.kind = CHAT_RESULT, .id = slice_of("a"), .name = slice_of("count"), .text = slice_of("12") });
	llm_scene_turn(&scene);
	const char *log = llm_scene_log(&scene);
	assert_non_null(strstr(log, "POST /chat/completions HTTP/1.1"));
	assert_non_null(strstr(log, "Authorization: Bearer sk-test-0123456789abcdef"));
	assert_non_null(strstr(log,
		"\"messages\":[{\"role\":\"system\",\"content\":\"be short\"},{\"role\":\"user\",\"content\":\"what "
		"broke?\"},{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":\"because\",\"tool_calls\":[{"
		"\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"count\",\"arguments\":\"{}\"}}]},{"
		"\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"12\"}]"));
	assert_non_null(strstr(log, "{\"type\":\"function\",\"function\":{\"name\":\"search_logs\""));
	assert_non_null(strstr(log, "\"temperature\":0.5"));
	assert_non_null(strstr(log, "\"stream_options\":{\"include_usage\":true}"));
	llm_scene_close(&scene);
}

static void chat__flips_the_replay_of_reasoning__once(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "compatible",
		"reply 400\ntext {\"error\":{\"message\":\"The reasoning_content in the thinking mode must be passed back "
		"to the API.\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_request_error\"}}\n"
		STREAM "want \"reasoning_content\":\"because\"\n" DELTA("{\"content\":\"ok\"}") LAST("stop") DONE);
	chat_add(&scene.chat, &(struct chat_item){ .kind = CHAT_REASONING, .text = slice_of("because") });
	chat_add(&scene.chat,
		&(struct chat_item){
			.kind = CHAT_CALL, .id = slice_of("a"), .name = slice_of("count"), .text = slice_of("{}") });
	chat_add(&scene.chat,
		&(struct chat_item){
			.kind = CHAT_RESULT, .id = slice_of("a"), .name = slice_of("count"), .text = slice_of("12") });
	assert_string_equal(llm_scene_turn(&scene), "T ok\nD end -");
	llm_scene_close(&scene);
}

static void chat__leaves_temperature_out__for_models_that_reason(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open_with(&scene,
		&(struct llm_config){
			.row = llm_row_find(slice_of("compatible")), .model = "o4-mini", .temperature = 0.7 },
		STREAM DELTA("{\"content\":\"ok\"}") LAST("stop") DONE);
	llm_scene_turn(&scene);
	assert_null(strstr(llm_scene_log(&scene), "temperature"));
	assert_non_null(strstr(llm_scene_log(&scene), "max_completion_tokens"));
	llm_scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chat__tells_reasoning_text_and_usage),
		cmocka_unit_test(chat__is_the_same__byte_by_byte),
		cmocka_unit_test(chat__puts_interleaved_calls_together),
		cmocka_unit_test(chat__takes_calls__of_servers_that_do_it_differently),
		cmocka_unit_test(chat__does_not_tell_a_call__that_was_cut_by_the_limit),
		cmocka_unit_test(chat__splits_thinking_out_of_text__at_any_delta),
		cmocka_unit_test(chat__shows_half_a_surrogate_pair__as_unknown),
		cmocka_unit_test(chat__says_refusal_and_filter),
		cmocka_unit_test(chat__says_an_error_in_the_stream),
		cmocka_unit_test(chat__says_cut__when_the_end_is_missing),
		cmocka_unit_test(chat__takes_a_whole_document__where_nothing_is_streamed),
		cmocka_unit_test(chat__writes_tools_and_the_conversation),
		cmocka_unit_test(chat__flips_the_replay_of_reasoning__once),
		cmocka_unit_test(chat__leaves_temperature_out__for_models_that_reason),
	};
	return cmocka_run_group_tests_name("adapter_chat", tests, NULL, NULL);
}
