#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tocsin/ingest/format.h"

/* A parser of the text's beginning, and the text behind its header. */
static struct parser *begin(const char *text, const char *wanted, struct slice *rest)
{
	struct slice sample = slice_of(text);
	struct error error = { 0 };
	struct parser *parser =
		parser_create(sample, true, wanted != NULL ? format_find(slice_of(wanted)) : NULL, NULL, NULL, &error);

	if (parser == NULL)
		fail_msg("%s", error.text);
	*rest = slice_from(sample, (size_t)parser_header_bytes(parser));
	return parser;
}

static void assert_slice(struct slice actual, const char *expected)
{
	if (!slice_is(actual, expected))
		fail_msg("\"%.*s\" != \"%s\"", (int)actual.size, actual.data, expected);
}

static void assert_time(int64_t time, const char *expected)
{
	char shown[40];

	assert_string_equal(timestamp_format(time, TIMESTAMP_RFC3339, NULL, shown), expected);
}

static struct slice first_line(struct slice text)
{
	size_t end = slice_find_byte(text, '\n');

	return end == SIZE_MAX ? text : slice_first(text, end);
}

/* --- detection ------------------------------------------------------------------------------------------------- */

static void format__is_found__by_its_first_lines(void **state)
{
	static const struct {
		const char *text, *format;
	} cases[] = {
		{ "timestamp,service,level,message\n", "csv" },
		{ "message,LEVEL, Time \na,b,c\n", "csv" },
		{ "2025-05-17T20:39:15,gateway,DEBUG,Request routed\n2025-05-17T20:39:16,gateway,INFO,ok\n", "csv" },
		{ "2017-05-16 00:00:00.008 25746 INFO nova.compute.manager [-] VM Started\n", "openstack" },
		{ "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO nova.api [-] hello\n",
			"openstack" },
		{ "2025-05-17 20:39:15 ERROR it broke, twice\n", "text" },
		{ "Error, log\nsomething else\n", "text" },
		{ "a,b,c\n1,2,3\n", "text" },
		{ "\x01\x02\xff\xfe", "text" },
		{ "\n\n\n", "text" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice rest;
		struct parser *parser = begin(cases[i].text, NULL, &rest);

		assert_string_equal(format_name(parser_format(parser)), cases[i].format);
		parser_destroy(parser);
	}
}

static void format__is_known__by_name(void **state)
{
	size_t count = 0;

	(void)state;
	assert_ptr_equal(format_find(slice_of("CSV")), format_find(slice_of("csv")));
	assert_null(format_find(slice_of("xml")));
	for (; format_at(count) != NULL; count++) {
		assert_true(strlen(format_summary(format_at(count))) > 0);
		assert_ptr_equal(format_find(slice_of(format_name(format_at(count)))), format_at(count));
	}
	assert_true(count >= 20);
	assert_true(format_is_csv(format_find(slice_of("csv"))));
	assert_false(format_is_csv(format_find(slice_of("text"))));
}

/* --- csv ------------------------------------------------------------------------------------------------------- */

static void csv__takes_columns__in_any_order_and_under_any_name(void **state)
{
	static const char *const headers[] = {
		"timestamp,service,level,message\n2025-05-17T20:39:15.5,gateway,warn,it is slow\n",
		"MSG , Severity,ts,App\nit is slow,WARNING,2025-05-17 20:39:15.5Z,gateway\n",
		"\xEF\xBB\xBFlvl,text,logger,@timestamp\r\nWarn,it is slow,gateway,2025-05-17T22:39:15.500+02:00\r\n",
		"date,time,component,level,content\n2025-05-17,20:39:15.500,gateway,WARN,it is slow\n",
		"level,service,host,message,datetime\nWARN,gateway,node-7,it is slow,2025-05-17T20:39:15.5\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct slice rest;
		struct parser *parser = begin(headers[i], NULL, &rest);
		struct row row;

		assert_string_equal(format_name(parser_format(parser)), "csv");
		assert_string_equal(parser_notice(parser), "");
		assert_int_equal(parser_header_lines(parser), 1);
		parser_parse(parser, slice_trim(first_line(rest)), &row);
		assert_int_equal(row.flags, 0);
		assert_time(row.time, "2025-05-17T20:39:15.500Z");
		assert_slice(row.service, "gateway");
		assert_int_equal(row.level, LEVEL_WARN);
		assert_slice(row.message, "it is slow");
		parser_destroy(parser);
	}
}

static void csv__keeps_other_columns__as_fields(void **state)
{
	struct slice rest;
	struct parser *parser = begin("timestamp,host,service,level,message,Trace Id\n", NULL, &rest);
	struct row row;

	(void)state;
	parser_parse(parser, slice_of("2025-05-17T20:39:15,node-7,gateway,INFO,\"a, \"\"b\"\"\",77"), &row);
	assert_slice(row.message, "a, \"b\"");
	assert_int_equal(row.field_count, 2);
	assert_slice(row.fields[0].name, "host");
	assert_slice(row.fields[0].value, "node-7");
	assert_slice(row.fields[1].name, "Trace Id");
	assert_slice(row.fields[1].value, "77");
	parser_destroy(parser);
}

static void csv__gives_further_commas_to_the_message__when_it_is_last(void **state)
{
	static const struct {
		const char *row, *message;
	} cases[] = {
		{ "2025-05-17T20:39:15,\"a,b\",INFO,one, two,  three", "one, two,  three" },
		{ "2025-05-17T20:39:15,a,INFO,\"quoted\", and more", "\"quoted\", and more" },
		{ "2025-05-17T20:39:15,a,INFO,said \"hi, there\", left", "said \"hi, there\", left" },
		{ "2025-05-17T20:39:15,a,INFO,\"two\nlines, one cell\"", "two\nlines, one cell" },
		{ "2025-05-17T20:39:15,a,INFO,", "" },
	};
	struct slice rest;
	struct parser *parser = begin("timestamp,service,level,message\n", NULL, &rest);
	struct row row;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parser_parse(parser, slice_of(cases[i].row), &row);
		assert_int_equal(row.flags, 0);
		assert_slice(row.message, cases[i].message);
	}
	parser_destroy(parser);
}

static void csv__keeps_a_bad_row__as_text(void **state)
{
	static const char *const rows[] = {
		"2025-05-17T20:39:15,gateway,INFO",	    /* too few cells */
		"2025-05-17T20:43:61,gateway,INFO,message", /* no such second */
		"yesterday,gateway,INFO,message",
		"2025-05-17T20:39:15,gateway,INF0,message", /* no such level */
		"2025-05-17T20:39:15,gateway,INFO,\"never closed",
		"\xff\xfe\x00garbage",
	};
	struct slice rest;
	struct parser *parser = begin("timestamp,service,level,message\n", NULL, &rest);
	struct row row;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		parser_parse(parser, slice_of(rows[i]), &row);
		assert_int_equal(row.flags, RECORD_UNPARSED);
		assert_int_equal(row.level, LEVEL_UNKNOWN);
		assert_true((row.time == TIMESTAMP_NONE) == (strstr(rows[i], "INF0") == NULL));
		assert_slice(row.message, rows[i]);
		/* and the next row is none the worse for it */
		parser_parse(parser, slice_of("2025-05-17T20:39:15,gateway,INFO,fine"), &row);
		assert_int_equal(row.flags, 0);
		assert_slice(row.message, "fine");
	}
	parser_destroy(parser);
}

static void csv__says_what_is_missing__in_its_notice(void **state)
{
	static const struct {
		const char *text, *notice;
	} cases[] = {
		{ "timestamp,service,level,message\n", "" },
		{ "service,level,message\n", "no column for time: rows keep their order of arrival" },
		{ "timestamp,level,message\n", "no column for service: the file's name stands for it" },
		{ "timestamp,service,message\n", "no column for level" },
		{ "timestamp,service,level,other\n", "no column for message: the whole row is shown" },
		{ "2025-05-17T20:39:15,a,INFO,b\n", "no header: columns taken as timestamp,service,level,message" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice rest;
		struct parser *parser = begin(cases[i].text, NULL, &rest);

		assert_string_equal(format_name(parser_format(parser)), "csv");
		assert_string_equal(parser_notice(parser), cases[i].notice);
		parser_destroy(parser);
	}
}

static void csv__goes_on__without_a_column(void **state)
{
	struct slice rest;
	struct parser *parser = begin("service,other\n", "csv", &rest);
	struct row row;

	(void)state;
	parser_parse(parser, slice_of("gateway,\"x, y\""), &row);
	assert_int_equal(row.flags, 0);
	assert_true(row.time == TIMESTAMP_NONE);
	assert_int_equal(row.level, LEVEL_UNKNOWN);
	assert_slice(row.service, "gateway");
	assert_slice(row.message, "gateway,\"x, y\"");
	parser_destroy(parser);
}

static void csv__has_no_header_bytes__without_a_header(void **state)
{
	struct slice rest;
	struct parser *parser = begin("2025-05-17T20:39:15,a,INFO,first\nbroken\n", NULL, &rest);
	struct row row;

	(void)state;
	assert_int_equal(parser_header_bytes(parser), 0);
	assert_int_equal(parser_header_lines(parser), 0);
	parser_parse(parser, first_line(rest), &row);
	assert_slice(row.message, "first");
	parser_destroy(parser);
}

static void csv__is_refused__without_usable_header(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_null(parser_create(slice_of("a,b\n1,2\n"), true, format_find(slice_of("csv")), NULL, NULL, &error));
	assert_int_equal(error.code, ERROR_INPUT);
	assert_non_null(strstr(error.text, "no known column"));
}

/* --- openstack ------------------------------------------------------------------------------------------------- */

static void openstack__gives_service_and_fields__of_a_line(void **state)
{
	static const struct {
		const char *line, *service, *message, *request;
		enum level level;
	} cases[] = {
		{ "2017-05-16 00:00:00.008 25746 INFO nova.osapi_compute.wsgi.server [req-38101a0b-2096-447d-96ea-a692162415ae "
		  "113d3a 54fadb - - -] 10.11.10.1 \"GET /v2\" status: 200",
			"nova-api", "10.11.10.1 \"GET /v2\" status: 200", "req-38101a0b-2096-447d-96ea-a692162415ae",
			LEVEL_INFO },
		{ "2017-05-16 00:00:00.008 2931 WARNING nova.compute.manager [-] [instance: b9000564] VM Paused",
			"nova-compute", "[instance: b9000564] VM Paused", NULL, LEVEL_WARN },
		{ "2017-05-16 00:00:00.008 2931 ERROR nova.conductor.tasks.live_migrate [req-1 a b] failed",
			"nova-conductor", "failed", "req-1", LEVEL_ERROR },
		{ "2017-05-16 00:00:00.008 2931 INFO nova.scheduler.host_manager [-] ok", "nova-scheduler", "ok", NULL,
			LEVEL_INFO },
		{ "2017-05-16 00:00:00.008 2931 CRITICAL nova.apiary [-] ok", "", "ok", NULL, LEVEL_FATAL },
		{ "neutron-server.log.2 2017-05-16 00:00:00.008 9 ERROR oslo_messaging.rpc.server gone",
			"neutron-server", "gone", NULL, LEVEL_ERROR },
	};
	struct slice rest;
	struct parser *parser = begin("", "openstack", &rest);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct row row;

		parser_parse(parser, slice_of(cases[i].line), &row);
		assert_int_equal(row.flags, 0);
		assert_time(row.time, "2017-05-16T00:00:00.008Z");
		assert_slice(row.service, cases[i].service);
		assert_slice(row.message, cases[i].message);
		assert_int_equal(row.level, cases[i].level);
		assert_int_equal(row.field_count, cases[i].request != NULL ? 3 : 2);
		assert_slice(row.fields[0].name, "logger");
		if (cases[i].request != NULL)
			assert_slice(row.fields[2].value, cases[i].request);
	}
	parser_destroy(parser);
}

static void openstack__keeps_a_strange_line__as_text(void **state)
{
	static const char *const lines[] = { "", "Traceback (most recent call last):", "2017-05-16 00:00:00.008",
		"2017-05-16 00:00:00.008 x INFO a b", "2017-05-16 00:00:00.008 1 INFORM a b",
		"2017-05-16 00:00:00.008 1 INFO", "a b c d e f" };
	struct slice rest;
	struct parser *parser = begin("", "openstack", &rest);

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct row row;

		parser_parse(parser, slice_of(lines[i]), &row);
		assert_int_equal(row.flags, RECORD_UNPARSED);
		assert_slice(row.message, lines[i]);
	}
	parser_destroy(parser);
}

/* --- text ------------------------------------------------------------------------------------------------------ */

static void text__takes_time_and_level__near_the_front(void **state)
{
	static const struct {
		const char *line, *time, *message;
		enum level level;
	} cases[] = {
		{ "2025-05-17T20:39:15Z ERROR it broke", "2025-05-17T20:39:15Z", "it broke", LEVEL_ERROR },
		{ "[2025-05-17 20:39:15,250] [warn] careful", "2025-05-17T20:39:15.250Z", "careful", LEVEL_WARN },
		{ "2025-05-17T20:39:15Z - INFO - started", "2025-05-17T20:39:15Z", "started", LEVEL_INFO },
		{ "2025-05-17T20:39:15Z host app[7]: ERROR: it broke", "2025-05-17T20:39:15Z",
			"host app[7]: ERROR: it broke", LEVEL_ERROR },
		{ "FATAL: no disk", "-", "no disk", LEVEL_FATAL },
		{ "error: no disk", "-", "no disk", LEVEL_ERROR },
		{ "could not raise an error", "-", "could not raise an error", LEVEL_UNKNOWN },
		{ "nothing at all", "-", "nothing at all", LEVEL_UNKNOWN },
		{ "2025-05-17T20:39:15Z", "2025-05-17T20:39:15Z", "2025-05-17T20:39:15Z", LEVEL_UNKNOWN },
		{ "\xff\xfe\x01", "-", "\xff\xfe\x01", LEVEL_UNKNOWN },
	};
	struct slice rest;
	struct parser *parser = begin("", "text", &rest);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct row row;

		parser_parse(parser, slice_of(cases[i].line), &row);
		assert_int_equal(row.flags, 0);
		assert_time(row.time, cases[i].time);
		assert_slice(row.message, cases[i].message);
		assert_int_equal(row.level, cases[i].level);
		assert_int_equal(row.service.size, 0);
	}
	parser_destroy(parser);
}

static void parser__reads_times_in_its_zone__when_they_carry_none(void **state)
{
	struct zone zone = { .offset_seconds = 7200 };
	struct parser *parser = parser_create(slice_of("x"), true, format_find(slice_of("text")), NULL, &zone, NULL);
	struct row row;

	(void)state;
	parser_parse(parser, slice_of("2025-05-17T20:39:15 ERROR x"), &row);
	assert_time(row.time, "2025-05-17T18:39:15Z");
	parser_destroy(parser);
}

static void parser__parses_the_same__in_a_copy(void **state)
{
	struct slice rest;
	struct parser *parser = begin("msg,level,ts\n", NULL, &rest);
	struct parser *copy;
	struct row row;

	(void)state;
	parser_parse(parser, slice_of("\"a, b\",INFO,2025-05-17T20:39:15"), &row);
	copy = parser_copy(parser);
	assert_non_null(copy);
	parser_destroy(parser);
	parser_parse(copy, slice_of("\"c, d\",WARN,2025-05-17T20:39:16"), &row);
	assert_slice(row.message, "c, d");
	assert_int_equal(row.level, LEVEL_WARN);
	parser_destroy(copy);
}

/* The bytes of a record may be others by now when its file was rewritten: no record may spoil the next one's reading. */
static void parser__forgets__what_an_odd_text_left_open(void **state)
{
	static const char *const odd[] = { "1,a\n2,\"open", "\"open", "1,a\n", "", "1,\"a\"\"", "\n\n1,a\n\"" };
	struct slice rest;
	struct parser *parser = begin("ts,msg\n", NULL, &rest);

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct row row;

		parser_parse(parser, slice_of(odd[i]), &row);
		parser_parse(parser, slice_of("2025-05-17T20:39:16,fine"), &row);
		assert_int_equal(row.flags, 0);
		assert_slice(row.message, "fine");
	}
	parser_destroy(parser);
}

static void parser__takes_a_mark_for_text__in_any_record(void **state)
{
	struct slice rest;
	struct parser *parser = begin("msg,ts\n", NULL, &rest);

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct row row;

		parser_parse(parser, slice_of("\xEF\xBB\xBFx,2025-05-17T20:39:16"), &row);
		assert_slice(row.message, "\xEF\xBB\xBFx");
	}
	parser_destroy(parser);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(format__is_found__by_its_first_lines),
		cmocka_unit_test(format__is_known__by_name),
		cmocka_unit_test(csv__takes_columns__in_any_order_and_under_any_name),
		cmocka_unit_test(csv__keeps_other_columns__as_fields),
		cmocka_unit_test(csv__gives_further_commas_to_the_message__when_it_is_last),
		cmocka_unit_test(csv__keeps_a_bad_row__as_text),
		cmocka_unit_test(csv__says_what_is_missing__in_its_notice),
		cmocka_unit_test(csv__goes_on__without_a_column),
		cmocka_unit_test(csv__has_no_header_bytes__without_a_header),
		cmocka_unit_test(csv__is_refused__without_usable_header),
		cmocka_unit_test(openstack__gives_service_and_fields__of_a_line),
		cmocka_unit_test(openstack__keeps_a_strange_line__as_text),
		cmocka_unit_test(text__takes_time_and_level__near_the_front),
		cmocka_unit_test(parser__reads_times_in_its_zone__when_they_carry_none),
		cmocka_unit_test(parser__parses_the_same__in_a_copy),
		cmocka_unit_test(parser__forgets__what_an_odd_text_left_open),
		cmocka_unit_test(parser__takes_a_mark_for_text__in_any_record),
	};

	return cmocka_run_group_tests_name("ingest/format", tests, NULL, NULL);
}
