#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "support/llm_scene.h"

#define LINES "reply 200 application/x-ndjson\n"
#define PIECE(message) "text {\"model\":\"q\",\"message\":{\"role\":\"assistant\"," message "},\"done\":false}\n"
#define END(reason)                                                                                                    \
	"text {\"model\":\"q\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"" \
	reason "\",\"prompt_eval_count\":169,\"eval_count\":15}\n"

static void require(const char *script, const char *told)
{
	struct llm_scene scene;
	llm_scene_open(&scene, "ollama", script);
	assert_string_equal(llm_scene_turn(&scene), told);
	assert_int_equal(scene.ends, 1);
	llm_scene_close(&scene);
}

static void ollama__tells_thinking_text_and_calls(void **state)
{
	const char *told = "R First\nT ok\nC call_x count {\"filter\":\"x\"}\nC call_3 count {}\nD calls 169/0/15/0";
	const char *script =
		LINES PIECE("\"content\":\"\",\"thinking\":\"First\"") PIECE("\"content\":\"ok\"")
			PIECE("\"content\":\"\",\"tool_calls\":[{\"id\":\"call_x\",\"function\":{\"index\":0,\"name\":"
			      "\"count\",\"arguments\":{\"filter\":\"x\"}}},{\"function\":{\"name\":\"count\"}}]")
				END("stop");
	(void)state;
	require(script, told);
}

static void ollama__sets_the_context__so_that_nothing_is_cut_silently(void **state)
{
	struct llm_scene scene;
	(void)state;
	llm_scene_open(&scene, "ollama", LINES "bytes 2\n" PIECE("\"content\":\"ok\"") END("length"));
	chat_add(&scene.chat,
		&(struct chat_item){ .kind = CHAT_CALL,
			.id = slice_of("c"),
			.name = slice_of("count"),
			.text = slice_of("{\"filter\":\"x\"}") });
	chat_add(&scene.chat,
		&(struct chat_item){
			.kind = CHAT_RESULT, .id = slice_of("c"), .name = slice_of("count"), .text = slice_of("12") });
	assert_string_equal(llm_scene_turn(&scene), "T ok\nD length 169/0/15/0");
	const char *log = llm_scene_log(&scene);
	assert_non_null(strstr(log, "POST /api/chat "));
	assert_non_null(strstr(log, "\"num_ctx\":8192"));
	assert_non_null(strstr(log, "\"truncate\":false"));
	assert_non_null(strstr(log, "\"arguments\":{\"filter\":\"x\"}"));
	assert_non_null(strstr(log, "\"tool_name\":\"count\",\"tool_call_id\":\"c\""));
	llm_scene_close(&scene);
}

static void ollama__says_errors(void **state)
{
	(void)state;
	require("reply 404\ntext {\"error\":\"model 'm' not found\"}\n",
		"E 7 ollama knows no model \"m\" (404); this fetches it: ollama pull m.");
	require(LINES PIECE("\"content\":\"half\"") "text {\"error\":\"out of memory\"}\n",
		"T half\nE 11 ollama could not answer: out of memory");
	require(LINES PIECE("\"content\":\"half\""), "T half\nE 9 The answer of ollama broke off before its end.");
}

static void ollama__asks_again_without_thinking__where_a_model_cannot(void **state)
{
	(void)state;
	require("reply 400\nwant \"think\":true\ntext {\"error\":\"\\\"m\\\" does not support thinking\"}\n" LINES
		PIECE("\"content\":\"ok\"") END("stop"),
		"N ollama refuses think: asked again without it.\nT ok\nD end 169/0/15/0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ollama__tells_thinking_text_and_calls),
		cmocka_unit_test(ollama__sets_the_context__so_that_nothing_is_cut_silently),
		cmocka_unit_test(ollama__says_errors),
		cmocka_unit_test(ollama__asks_again_without_thinking__where_a_model_cannot),
	};
	return cmocka_run_group_tests_name("adapter_ollama", tests, NULL, NULL);
}
