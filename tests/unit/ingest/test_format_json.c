/*
 * JSON lines: names, times and levels of the usual loggers, and the scanner against cJSON.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/json_scan.h"
#include "tocsin/base/json.h"

static void assert_slice(struct slice actual, const char *expected)
{
	if (!slice_is(actual, expected))
		fail_msg("\"%.*s\" != \"%s\"", (int)actual.size, actual.data != NULL ? actual.data : "", expected);
}

static struct slice field(const struct row *row, const char *name)
{
	for (size_t i = 0; i < row->field_count; i++)
		if (slice_is(row->fields[i].name, name))
			return row->fields[i].value;
	return (struct slice){ 0 };
}

static void json__reads_the_usual_loggers__by_their_names(void **state)
{
	static const struct {
		const char *line, *time, *service, *message, *field, *value;
		enum level level;
	} cases[] = {
		{ "{\"timestamp\": \"2025-03-04T05:06:07Z\", \"service\": \"cart\", \"severity_text\": \"WARN\", "
		  "\"msg\": \"hi\", "
		  "\"http.route\": \"/x\"}",
			"2025-03-04T05:06:07Z", "cart", "hi", "http.route", "/x", LEVEL_WARN },
		/* zap */
		{ "{\"level\":\"info\",\"ts\":1741064767.890123,\"logger\":\"cart\",\"caller\":\"a/"
		  "b.go:1\",\"msg\":\"hi\"}",
			"2025-03-04T05:06:07.890123Z", "cart", "hi", "caller", "a/b.go:1", LEVEL_INFO },
		/* pino and bunyan */
		{ "{\"level\":50,\"time\":1741064767890,\"pid\":1,\"name\":\"cart\",\"msg\":\"hi\",\"v\":1}",
			"2025-03-04T05:06:07.890Z", "cart", "hi", "pid", "1", LEVEL_ERROR },
		{ "{\"level\":60,\"time\":1741064767890,\"msg\":\"hi\"}", "2025-03-04T05:06:07.890Z", "", "hi", "", "",
			LEVEL_FATAL },
		/* logrus, slog */
		{ "{\"level\":\"warning\",\"msg\":\"a \\\"b\\\"\\n\\u00e9 "
		  "\\ud83d\\ude00\",\"time\":\"2025-03-04T06:06:07+01:00\"}",
			"2025-03-04T05:06:07Z", "", "a \"b\"\n\xC3\xA9 \xF0\x9F\x98\x80", "", "", LEVEL_WARN },
		/* ECS, nested and dotted */
		{ "{\"@timestamp\":\"2025-03-04T05:06:07.890Z\",\"log.level\":\"ERROR\",\"service\":{\"name\":\"cart\","
		  "\"v\":2},"
		  "\"message\":\"hi\",\"tags\":[1,{\"x\":[]}],\"deep\":{\"er\":{\"x\":1},\"y\":true,\"z\":null}}",
			"2025-03-04T05:06:07.890Z", "cart", "hi", "deep.y", "true", LEVEL_ERROR },
		/* the journal */
		{ "{\"__REALTIME_TIMESTAMP\":\"1741064767890123\",\"PRIORITY\":\"3\",\"_SYSTEMD_UNIT\":\"cart."
		  "service\","
		  "\"MESSAGE\":\"hi\"}",
			"2025-03-04T05:06:07.890123Z", "cart", "hi", "", "", LEVEL_ERROR },
		{ "{\"__REALTIME_TIMESTAMP\":\"1741064767890123\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_SYSTEMD_UNIT\":\"s."
		  "service\","
		  "\"MESSAGE\":[104,105,255]}",
			"2025-03-04T05:06:07.890123Z", "sshd", "hi\xFF", "_SYSTEMD_UNIT", "s.service", LEVEL_UNKNOWN },
		/* MongoDB, OpenTelemetry */
		{ "{\"t\":{\"$date\":\"2025-03-04T05:06:07.890+00:00\"},\"s\":\"W\",\"c\":\"NETWORK\",\"id\":22,"
		  "\"msg\":\"hi\"}",
			"2025-03-04T05:06:07.890Z", "NETWORK", "hi", "id", "22", LEVEL_WARN },
		{ "{\"timestamp\":1741064767890123456,\"severity_number\":21,\"body\":\"hi\"}",
			"2025-03-04T05:06:07.890123456Z", "", "hi", "", "", LEVEL_FATAL },
		/* a better name wins, and what cannot be read is kept */
		{ "{\"date\":\"soon\",\"time\":\"2025-03-04T05:06:07Z\",\"log\":\"no\",\"message\":\"hi\",\"level\":"
		  "\"loud\"}",
			"2025-03-04T05:06:07Z", "", "hi", "level", "loud", LEVEL_UNKNOWN },
		{ "{\"time\":\"soon\",\"a\\u0062c\":1,\"msg\":\"hi\"}", NULL, "", "hi", "time", "soon", LEVEL_UNKNOWN },
		{ "{\"time\":1741064767,\"value\":-1.50e3}", "2025-03-04T05:06:07Z", "",
			"{\"time\":1741064767,\"value\":-1.50e3}", "value", "-1.50e3", LEVEL_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parser *parser = parser_create(slice_of(cases[i].line), true, NULL, NULL, NULL, NULL);
		char shown[40];
		struct row row;

		assert_string_equal(format_name(parser_format(parser)), "json");
		for (int twice = 0; twice < 2; twice++) {
			parser_parse(parser, slice_of(cases[i].line), &row);
			assert_int_equal(row.flags, 0);
			assert_string_equal(timestamp_format(row.time, TIMESTAMP_RFC3339, NULL, shown),
				cases[i].time != NULL ? cases[i].time : "-");
			assert_slice(row.service, cases[i].service);
			assert_slice(row.message, cases[i].message);
			assert_int_equal(row.level, cases[i].level);
			assert_slice(field(&row, cases[i].field), cases[i].value);
		}
		parser_destroy(parser);
	}
}

static void json__keeps_a_broken_line__as_text(void **state)
{
	static const char *const lines[] = { "", "{", "{}}", "[1,2]", "{\"a\":}", "{\"a\":1,}", "plain", "{\"a\":tru}",
		"{\"msg\":\"cut of", "{\"msg\":\"\\", "{\"msg\":\"\\u12" };
	struct parser *parser =
		parser_create(slice_of("{\"msg\":\"x\"}\n"), true, format_find(slice_of("json")), NULL, NULL, NULL);
	struct row row;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		parser_parse(parser, slice_of(lines[i]), &row);
		assert_int_equal(row.flags, RECORD_UNPARSED);
		assert_slice(row.message, lines[i]);
	}
	parser_parse(parser, slice_of("{\"msg\":\"boom\"}\n\tat x.y(Z.java)\r\n}"), &row);
	assert_slice(row.message, "boom\n\tat x.y(Z.java)\n}");
	parser_destroy(parser);
}

/* --- against cJSON ---------------------------------------------------------------------------------------------- */

static uint64_t seed = 20250304;

static uint32_t chance(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static void put_string(struct buffer *line, bool is_key)
{
	static const char *const names[] = { "time", "level", "msg", "message", "service", "a", "b.c", "trace_id", "" };
	static const char *const pieces[] = { "plain words", "\\n", "\\\"", "\\\\", "\\u00e9", "\\ud83d\\ude00",
		"\\ud83d", "\xC3\xA9", "\xFF", "{[,:]}", "\\/", "\t", "\\u0000", "\\x", "'", " ", "\\b\\f\\r\\t",
		"\\u12" };

	buffer_append_byte(line, '"');
	if (is_key && chance(8) != 0)
		buffer_append_string(line, names[chance(sizeof(names) / sizeof(names[0]))]);
	else
		for (uint32_t i = chance(4); i > 0; i--)
			buffer_append_string(line, pieces[chance(is_key ? 12 : sizeof(pieces) / sizeof(pieces[0]))]);
	buffer_append_byte(line, '"');
}

static void put_object(struct buffer *line, unsigned depth);

static void put_value(struct buffer *line, unsigned depth)
{
	static const char *const plain[] = { "0", "-1", "1741064767890", "1.5", "-2.25e3", "1E-2", "01", "1.", "-",
		"true", "false", "null", "nul", "\"INFO\"", "\"2025-03-04T05:06:07Z\"", "[]", "{}", "[1, \"a\" ,{}]",
		"[1,,2]", "" };

	if (depth < 3 && chance(12) == 0)
		put_object(line, depth + 1);
	else if (chance(2) == 0)
		put_string(line, false);
	else
		buffer_append_string(line, plain[chance(chance(6) == 0 ? 20 : 6)]);
}

static void put_object(struct buffer *line, unsigned depth)
{
	static const char *const spaces[] = { "", "", "", " ", "\t", "  " };
	uint32_t count = chance(6);

	buffer_append_byte(line, '{');
	for (uint32_t i = 0; i < count; i++) {
		buffer_append_string(line, i > 0 && chance(60) != 0 ? "," : "");
		buffer_append_string(line, spaces[chance(6)]);
		put_string(line, true);
		buffer_append_string(line, chance(80) != 0 ? ":" : "");
		buffer_append_string(line, spaces[chance(6)]);
		put_value(line, depth);
	}
	buffer_append_byte(line, '}');
}

static bool same_number(struct slice a, struct slice b)
{
	double x, y;

	return slice_to_double(a, &x) && slice_to_double(b, &y) && fabs(x - y) <= fabs(x) * 1e-12;
}

static void assert_same(struct slice fast, struct slice slow, struct slice line)
{
	if (!slice_equal(fast, slow) && !same_number(fast, slow))
		fail_msg("\"%.*s\" != \"%.*s\" in %.*s", (int)fast.size, fast.data, (int)slow.size, slow.data,
			(int)line.size, line.data);
}

static void json_scan__gives_what_cjson_gives__when_it_does_not_give_up(void **state)
{
	struct json_scanner *scanner = json_scanner_create();
	struct scratch fast_scratch = { 0 };
	struct scratch slow_scratch = { 0 };
	struct buffer line;
	struct when when;
	size_t scanned = 0;

	(void)state;
	when_init(&when, NULL, 0);
	buffer_init(&line, 1 << 16);
	for (int round = 0; round < 100000; round++) {
		struct members fast, slow;
		struct row fast_row, slow_row;

		buffer_clear(&line);
		put_object(&line, 0);
		if (chance(20) == 0)
			buffer_truncate(&line, chance((uint32_t)line.size + 1));
		members_begin(&fast, &when, &fast_row);
		if (json_scan(scanner, buffer_slice(&line), &fast_scratch, &fast) != JSON_SCANNED)
			continue;
		scanned++;
		members_begin(&slow, &when, &slow_row);
		if (json_scan_slowly(buffer_slice(&line), &slow_scratch, &slow) != JSON_SCANNED)
			fail_msg("cJSON refuses %s", buffer_string(&line));
		members_end(&fast);
		members_end(&slow);
		assert_int_equal(fast_row.field_count, slow_row.field_count);
		assert_true(fast_row.time == slow_row.time);
		assert_int_equal(fast_row.level, slow_row.level);
		assert_same(fast_row.service, slow_row.service, buffer_slice(&line));
		assert_same(fast_row.message, slow_row.message, buffer_slice(&line));
		for (size_t i = 0; i < fast_row.field_count; i++) {
			assert_same(fast_row.fields[i].name, slow_row.fields[i].name, buffer_slice(&line));
			assert_same(fast_row.fields[i].value, slow_row.fields[i].value, buffer_slice(&line));
		}
	}
	assert_true(scanned > 30000);
	json_scanner_destroy(scanner);
	scratch_release(&fast_scratch);
	scratch_release(&slow_scratch);
	buffer_release(&line);
}

static void json_scan__stays_in_its_room__when_a_long_name_is_repeated(void **state)
{
	struct parser *parser;
	struct buffer line;
	struct row row;

	(void)state;
	buffer_init(&line, 1 << 20);
	buffer_append_string(&line, "{\"msg\":\"x\",\"");
	buffer_append_repeat(&line, 'n', 20000);
	buffer_append_string(&line, "\":{\"a\":1");
	for (int i = 0; i < 3000; i++)
		buffer_append_string(&line, ",\"b\":2");
	buffer_append_string(&line, "}}");
	parser = parser_create(buffer_slice(&line), true, format_find(slice_of("json")), NULL, NULL, NULL);
	parser_parse(parser, buffer_slice(&line), &row);
	assert_int_equal(row.flags, 0);
	assert_slice(row.message, "x");
	parser_destroy(parser);
	buffer_release(&line);
}

/* --- logfmt ----------------------------------------------------------------------------------------------------- */

static void logfmt__gives_time_level_message_and_fields__of_pairs(void **state)
{
	static const struct {
		const char *line, *service, *message, *field, *value;
		enum level level;
	} cases[] = {
		{ "time=2025-03-04T05:06:07Z level=warning msg=\"it is \\\"slow\\\"\" app=cart took=5ms", "cart",
			"it is \"slow\"", "took", "5ms", LEVEL_WARN },
		{ "ts=1741064767 lvl=eror msg=x", "", "x", "lvl", "eror", LEVEL_UNKNOWN },
		{ "t=2025-03-04T05:06:07+0000 lvl=info msg=\"HTTP Server Listen\" logger=http.server debug",
			"http.server", "HTTP Server Listen", "debug", "true", LEVEL_INFO },
		{ "level=error at=fetch ts=2025-03-04T05:06:07Z status=502", "", NULL, "status", "502", LEVEL_ERROR },
	};
	static const char *const strange[] = { "", "words and words", "a=1", "msg=\"never closed", "=1 b=2",
		"{\"a\":1}" };
	struct parser *parser;
	struct row row;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char shown[40];

		parser = parser_create(slice_of(cases[i].line), true, NULL, NULL, NULL, NULL);
		assert_string_equal(format_name(parser_format(parser)), "logfmt");
		parser_parse(parser, slice_of(cases[i].line), &row);
		assert_int_equal(row.flags, 0);
		assert_string_equal(timestamp_format(row.time, TIMESTAMP_RFC3339, NULL, shown), "2025-03-04T05:06:07Z");
		assert_slice(row.service, cases[i].service);
		assert_slice(row.message, cases[i].message != NULL ? cases[i].message : cases[i].line);
		assert_int_equal(row.level, cases[i].level);
		assert_slice(field(&row, cases[i].field), cases[i].value);
		parser_destroy(parser);
	}
	parser = parser_create(slice_of(cases[0].line), true, NULL, NULL, NULL, NULL);
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		parser_parse(parser, slice_of(strange[i]), &row);
		assert_int_equal(row.flags, RECORD_UNPARSED);
		assert_slice(row.message, strange[i]);
	}
	parser_destroy(parser);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json__reads_the_usual_loggers__by_their_names),
		cmocka_unit_test(json__keeps_a_broken_line__as_text),
		cmocka_unit_test(json_scan__gives_what_cjson_gives__when_it_does_not_give_up),
		cmocka_unit_test(json_scan__stays_in_its_room__when_a_long_name_is_repeated),
		cmocka_unit_test(logfmt__gives_time_level_message_and_fields__of_pairs),
	};

	return cmocka_run_group_tests_name("ingest/format_json", tests, NULL, NULL);
}
