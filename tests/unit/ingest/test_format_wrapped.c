/*
 * Prefixes of containers, and the formats of servers that are read by code of their own.
 */
#include "scene.h"

static struct slice field(const struct row *row, const char *name)
{
	for (size_t i = 0; i < row->field_count; i++)
		if (slice_is(row->fields[i].name, name))
			return row->fields[i].value;
	return (struct slice){ 0 };
}

static const struct sample {
	const char *format, *line, *time, *service, *message, *field, *value;
	enum level level;
} samples[] = {
	{ "cri",
		"2025-03-04T05:06:07.890123456Z stdout F "
		"{\"level\":\"warn\",\"ts\":1,\"msg\":\"slow\",\"app\":\"cart\"}",
		"2025-03-04T05:06:07.890123456Z", "cart", "slow", "stream", "stdout", LEVEL_WARN },
	{ "cri", "2025-03-04T05:06:07.890Z stderr F E0304 05:06:07.890123       1 main.go:5] no route",
		"2025-03-04T05:06:07.890Z", "", "no route", "location", "main.go:5", LEVEL_ERROR },
	{ "cri", "2025-03-04T05:06:07.890+01:00 stdout F just words", "2025-03-04T04:06:07.890Z", "", "just words",
		"stream", "stdout", LEVEL_UNKNOWN },
	{ "docker",
		"{\"log\":\"2025-03-04 09:00:00,000 ERROR [main] c.e.Cart: a \\\"b\\\"\\n\",\"stream\":\"stderr\","
		"\"attrs\":{\"tag\":\"x\"},\"time\":\"2025-03-04T05:06:07.890Z\"}",
		"2025-03-04T05:06:07.890Z", "", "a \"b\"", "stream", "stderr", LEVEL_ERROR },
	{ "compose", "web-1  | 2025-03-04 05:06:07,890 INFO [main] c.e.Cart: hello", "2025-03-04T05:06:07.890Z", "web",
		"hello", "container", "web-1", LEVEL_INFO },
	{ "compose", "order_db | ERROR: no such table", NULL, "order_db", "no such table", "container", "order_db",
		LEVEL_ERROR },
	{ "cri", "2025-03-04T05:06:07.5Z - F [pod/cart-7d9f/app] level=info msg=\"hello\"", "2025-03-04T05:06:07.500Z",
		"app", "hello", "pod", "cart-7d9f", LEVEL_INFO },
	{ "kubectl", "[pod/cart-7d9f/app] level=info ts=1741064767 msg=\"hello\" component=x", "2025-03-04T05:06:07Z",
		"app", "hello", "pod", "cart-7d9f", LEVEL_INFO },
	{ "access", "192.0.2.1 - frank [04/Mar/2025:06:06:07 +0100] \"GET /cart?x=1 HTTP/1.1\" 502 157",
		"2025-03-04T05:06:07Z", "", "\"GET /cart?x=1 HTTP/1.1\" 502 157", "path", "/cart?x=1", LEVEL_ERROR },
	{ "access",
		"192.0.2.1 - - [04/Mar/2025:05:06:07 +0000] \"GET /a HTTP/1.1\" 404 - \"-\" \"Mozilla/5.0 "
		"(\\\"x\\\")\" 0.5",
		"2025-03-04T05:06:07Z", "", "\"GET /a HTTP/1.1\" 404 -", "agent", "Mozilla/5.0 (\\\"x\\\")",
		LEVEL_WARN },
	{ "access",
		"shop.example:443 192.0.2.1 - - [04/Mar/2025:05:06:07 +0000] \"POST /a HTTP/2\" 200 5 \"https://r/\" "
		"\"c\"",
		"2025-03-04T05:06:07Z", "", "\"POST /a HTTP/2\" 200 5", "vhost", "shop.example:443", LEVEL_INFO },
	{ "access", "192.0.2.1 - - [04/Mar/2025:05:06:07 +0000] \"\\x16\\x03\" 400 0", "2025-03-04T05:06:07Z", "",
		"\"\\x16\\x03\" 400 0", "status", "400", LEVEL_WARN },
	{ "syslog5424",
		"<35>1 2025-03-04T05:06:07.890Z web su 7 ID47 [ex@1 user=\"a\\\"b\\]\" via=\"ssh\"][z@2] \xEF\xBB\xBF"
		"failed",
		"2025-03-04T05:06:07.890Z", "su", "failed", "user", "a\"b]", LEVEL_ERROR },
	{ "syslog5424", "57 <14>1 2025-03-04T05:06:07Z web app - - - it is up", "2025-03-04T05:06:07Z", "app",
		"it is up", "facility", "user", LEVEL_INFO },
	{ "syslog5424", "<14>1 2025-03-04T05:06:07Z - - - - [a@1]", "2025-03-04T05:06:07Z", "", "", "", "",
		LEVEL_INFO },
	{ "journal",
		"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1741064767890123\nPRIORITY=4\n_SYSTEMD_UNIT=cart.service\n"
		"MESSAGE\n\x05\0\0\0\0\0\0\0two\nl\n_PID=7\n",
		"2025-03-04T05:06:07.890123Z", "cart", "two\nl", "_PID", "7", LEVEL_WARN },
};

static struct slice text_of(const struct sample *sample)
{
	/* one sample has zeros in it */
	if (strcmp(sample->format, "journal") == 0)
		return (struct slice){ sample->line,
			strlen(sample->line) + 1 + 6 + strlen(sample->line + strlen(sample->line) + 7) };
	return slice_of(sample->line);
}

static struct parser *begin(struct slice text, const char *wanted)
{
	struct parser *parser =
		parser_create(text, true, wanted != NULL ? format_find(slice_of(wanted)) : NULL, NULL, NULL, NULL);

	assert_non_null(parser);
	return parser;
}

static void wrapped__gives_what_is_inside__of_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *sample = &samples[i];
		struct parser *parser = begin(text_of(sample), NULL);
		struct parser *copy = parser_copy(parser);
		char shown[40];
		struct row row;

		assert_string_equal(format_name(parser_format(parser)), sample->format);
		parser_destroy(parser);
		parser_parse(copy, text_of(sample), &row);
		assert_int_equal(row.flags, 0);
		assert_string_equal(timestamp_format(row.time, TIMESTAMP_RFC3339, NULL, shown),
			sample->time != NULL ? sample->time : "-");
		assert_text(row.message, sample->message);
		assert_text(row.service, sample->service);
		assert_int_equal(row.level, sample->level);
		assert_text(field(&row, sample->field), sample->value);
		parser_destroy(copy);
	}
}

static void wrapped__survives__any_cut_of_any_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct slice text = text_of(&samples[i]);
		struct parser *parser = begin(text, samples[i].format);

		for (size_t size = 0; size < text.size; size++) {
			char *exact = test_malloc(size + 1);
			struct row row;

			memcpy(exact, text.data, size);
			parser_parse(parser, (struct slice){ exact, size }, &row);
			assert_true(row.message.size <= text.size);
			test_free(exact);
		}
		parser_destroy(parser);
	}
}

static void wrapped__reads_two_formats__behind_one_prefix(void **state)
{
	static const char text[] = "web-1  | {\"level\":\"info\",\"msg\":\"a\"}\n"
				   "web-1  | {\"level\":\"error\",\"msg\":\"b\"}\n"
				   "db-1   | 2025-03-04 05:06:07.890 UTC [15] ERROR:  no such table\n"
				   "db-1   | 2025-03-04 05:06:07.890 UTC [15] LOG:  checkpoint\n"
				   "cron   | words\n";
	static const struct {
		const char *service, *message;
		enum level level;
	} expected[] = {
		{ "web", "a", LEVEL_INFO },
		{ "web", "b", LEVEL_ERROR },
		{ "db", "no such table", LEVEL_ERROR },
		{ "db", "checkpoint", LEVEL_UNKNOWN },
		{ "cron", "words", LEVEL_UNKNOWN },
	};
	struct parser *parser = begin(slice_of(text), NULL);
	struct slice rest = slice_of(text);
	struct slice line;

	(void)state;
	assert_string_equal(format_name(parser_format(parser)), "compose");
	assert_string_equal(parser_notice(parser), "behind the prefix: json, postgresql");
	for (size_t i = 0; slice_next(&rest, '\n', &line); i++) {
		struct row row;

		parser_parse(parser, line, &row);
		assert_int_equal(row.flags, 0);
		assert_text(row.service, expected[i].service);
		assert_text(row.message, expected[i].message);
		assert_int_equal(row.level, expected[i].level);
	}
	parser_destroy(parser);
}

static void wrapped__joins_traces_and_parts__of_one_origin(void **state)
{
	static const struct {
		const char *text;
		size_t records;
		size_t index;
		const char *message;
	} cases[] = {
		{ "2025-03-04T05:06:07Z stdout F 2025-03-04 05:06:07,890 ERROR [main] c.e.Cart: failed\n"
		  "2025-03-04T05:06:07Z stdout F \tat a.b(C.java)\n"
		  "2025-03-04T05:06:07Z stderr F \tother\n"
		  "2025-03-04T05:06:07Z stdout F 2025-03-04 05:06:08,890 INFO [main] c.e.Cart: fine\n",
			3, 0, "failed\n\tat a.b(C.java)" },
		{ "2025-03-04T05:06:07Z stdout P one \n2025-03-04T05:06:07Z stdout P and \n2025-03-04T05:06:07Z stdout "
		  "F two\n"
		  "2025-03-04T05:06:07Z stdout F three\n",
			2, 0, "one and two" },
		{ "{\"log\":\"2025-03-04 05:06:07,890 WARN [m] c.e.C: "
		  "x\\n\",\"stream\":\"stdout\",\"time\":\"2025-03-04T05:06:07Z\"}\n"
		  "{\"log\":\"\\tat a.b(C.java)\\n\",\"stream\":\"stdout\",\"time\":\"2025-03-04T05:06:07Z\"}\n",
			1, 0, "x\n\tat a.b(C.java)" },
		{ "__CURSOR=1\n__REALTIME_TIMESTAMP=1741064767890123\nMESSAGE=one\n\n"
		  "__CURSOR=2\n__REALTIME_TIMESTAMP=1741064767890124\nMESSAGE=two\n\n",
			2, 1, "two" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct intake_options whole = { 0 };
		struct scene scene;

		scene_begin(&scene, &whole, NULL);
		scene_write(&scene, "a.log", cases[i].text);
		scene_open(&scene, "a.log");
		assert_int_equal(scene_pump(&scene), cases[i].records);
		scene_assert_message(&scene, cases[i].index, cases[i].message);
		assert_int_equal(store_ledger_total(scene.store).unparsed, 0);
		scene_end(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrapped__gives_what_is_inside__of_a_line),
		cmocka_unit_test(wrapped__survives__any_cut_of_any_line),
		cmocka_unit_test(wrapped__reads_two_formats__behind_one_prefix),
		cmocka_unit_test(wrapped__joins_traces_and_parts__of_one_origin),
	};

	return cmocka_run_group_tests_name("ingest/format_wrapped", tests, NULL, NULL);
}
