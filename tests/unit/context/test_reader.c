/*
 * What each file must give is written as text. The same text is demanded for every way to cut it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "support/context_text.h"

static void expect(enum context_kind kind, const char *text, const char *expected)
{
	static const char *const cuts[] = { "", "\1", "\2\5", "\17\3\1" };

	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct context *context = context_of(kind, slice_of(text), slice_of(cuts[i]));
		struct buffer out;

		assert_non_null(context);
		buffer_init(&out, 1 << 20);
		context_write(context, &out);
		assert_string_equal(buffer_string(&out), expected);
		buffer_release(&out);
		context_destroy(context);
	}
}

static void metrics__become_series__in_any_order_of_columns(void **state)
{
	(void)state;
	expect(CONTEXT_METRICS,
		"value,service,note,metric,timestamp\n"
		"2.5,orders,x,cpu,1970-01-01T00:00:02Z\n"
		"1,orders,x,cpu,1\n"
		"7,billing,\"a, b\",cpu,1970-01-01 00:00:03\n",
		"series orders cpu 1000000000=1 2000000000=2.5\n"
		"series billing cpu 3000000000=7\n"
		"file metrics 3 kept, 0 bad: \n");
}

static void metrics__name_the_first_bad_row__and_count_all(void **state)
{
	(void)state;
	expect(CONTEXT_METRICS,
		"timestamp,service,metric,value\n1,a,m,1\nsoon,a,m,2\n3,a,m,much\n4,a,m,nan\n5,a,,1\n6,a,m,6\n",
		"series a m 1000000000=1 6000000000=6\n"
		"file metrics 2 kept, 4 bad: line 3: \"soon\" is no time; 4 are left out for this or the like\n");
	expect(CONTEXT_METRICS, "timestamp,service,level,message\n1,a,INFO,x\n",
		"file metrics 0 kept, 1 bad, failed: line 1: the header must name timestamp, metric and value (service "
		"too, if there is one)\n");
	expect(CONTEXT_METRICS, "", "file metrics 0 kept, 0 bad: there is nothing in it\n");
}

static void traces__come_as_csv__with_pods_and_microseconds(void **state)
{
	(void)state;
	expect(CONTEXT_TRACES,
		"\xEF\xBB\xBFTraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration\n"
		"t1,b,a,ts-order-service-5b67c48447-fj8b7,find,1675087217000200000,1675087217000700000,500\n"
		"t1,a,root,ts-gateway-service-6f6cfc45b-d9pnv,/*,1675087217000000000,1675087217001000000,1000\n",
		"trace t1 1675087217000000000 1675087217001000000\n"
		" span a < - ts-gateway-service /* 1675087217000000000 1000000 500000 0 \n"
		" span b < a ts-order-service find 1675087217000200000 500000 500000 0 \n"
		"edge ts-gateway-service ts-order-service 1\n"
		"file traces 2 kept, 0 bad: \n");
}

static void traces__come_as_json__as_an_array_or_line_by_line(void **state)
{
	static const char expected[] = "trace t 10000000000 15020000000 failed\n"
				       " span p0 < - checkout POST /pay 10000000000 5020000000 20000000 2 \n"
				       " span p1 < p0 payment Charge 10000000000 5000000000 5000000000 2 no such host\n"
				       "edge checkout payment 1\n"
				       "file traces 2 kept, 0 bad: \n";

	(void)state;
	expect(CONTEXT_TRACES,
		"[\n  {\n    \"trace_id\": \"t\", \"span_id\": \"p0\", \"parent_id\": null, \"service\": "
		"\"checkout\",\n"
		"    \"name\": \"POST /pay\", \"start\": \"1970-01-01T00:00:10Z\", \"duration_ms\": 5020, \"status\": "
		"\"ERROR\"\n  },\n"
		"  "
		"{\"trace_id\":\"t\",\"span_id\":\"p1\",\"parent_id\":\"p0\",\"service\":\"payment\",\"name\":"
		"\"Charge\","
		"\"start\":10,\"duration_ms\":5000,\"status\":\"ERROR\",\"error\":\"no such host\"}\n]\n",
		expected);
	expect(CONTEXT_TRACES,
		"{\"trace_id\":\"t\",\"span_id\":\"p0\",\"service\":\"checkout\",\"name\":\"POST /pay\",\"start\":10,"
		"\"duration_ms\":5020,\"status\":\"ERROR\"}\n"
		"{\"trace_id\":\"t\",\"span_id\":\"p1\",\"parent_id\":\"p0\",\"service\":\"payment\",\"name\":"
		"\"Charge\","
		"\"start\":10,\"duration_ms\":5000,\"status\":\"ERROR\",\"error\":\"no such host\"}\n",
		expected);
}

static void traces__go_on__behind_a_broken_line(void **state)
{
	(void)state;
	expect(CONTEXT_TRACES,
		"{\"trace_id\":\"t\",\"span_id\":\"x\n"
		"{\"trace_id\":\"t\",\"deep\":{\"a\":1\n"
		"{\"trace_id\":\"t\",\"span_id\":\"s\",\"service\":\"a\",\"start\":1,\"duration_ms\":1}\n"
		"{\"trace_id\":\"t\",\"span_id\":\"r\",\"service\":\"a\",\"start\":1,\"duration_ms\":-1}\n",
		"trace t 1000000000 1001000000\n"
		" span s < - a  1000000000 1000000 1000000 0 \n"
		"file traces 1 kept, 3 bad: line 1: this is no sound JSON; 3 are left out for this or the like\n");
}

static void changes__come_in_lists__or_one_by_one(void **state)
{
	(void)state;
	expect(CONTEXT_CHANGES,
		"{\"commits\":[{\"sha\":\"47d8236\",\"author\":\"sofia\",\"timestamp\":20,\"message\":\"tidy\","
		"\"files_changed\":[\"a.go\",\"b.go\"],\"diff\":null}],\n"
		"\"deploys\":[{\"timestamp\":30,\"service\":\"pay\",\"version\":\"v2\",\"commit_sha\":\"47d8236\"}],\n"
		"\"flags\":[{\"timestamp\":10,\"service\":\"pay\",\"flag\":\"fast\",\"change\":\"off -> on\",\"actor\":"
		"\"lee\"}, 5]}",
		"flag 10000000000  pay lee fast off -> on\n"
		"commit 20000000000 47d8236  sofia tidy  a.go b.go\n"
		"deploy 30000000000 47d8236 pay  v2 \n"
		"file changes 3 kept, 1 bad: line 1: a flag is a JSON object\n");
	expect(CONTEXT_CHANGES,
		"[{\"kind\":\"deploy\",\"time\":1,\"service\":\"a\",\"version\":3},{\"flag\":\"f\",\"change\":\"on\"},{"
		"}]",
		"flag -    f on\ndeploy 1000000000  a  3 \n"
		"file changes 2 kept, 1 bad: line 1: a commit without sha, version or name\n");
}

static void alerts__come_plain__or_from_alertmanager(void **state)
{
	(void)state;
	expect(CONTEXT_ALERTS,
		"{\"service\":\"pay\",\"metric\":\"errors\",\"threshold\":0.05,\"observed\":0.71,\"fired_at\":"
		"\"1970-01-01T00:00:10Z\",\"severity\":\"critical\",\"monitor\":\"pay-errors\",\"summary\":\"above "
		"5%\"}",
		"alert pay-errors pay errors critical above 5%  0.05 0.71 10000000000\n"
		"file alerts 1 kept, 0 bad: \n");
	expect(CONTEXT_ALERTS,
		"{\"version\":\"4\",\"alerts\":[{\"status\":\"resolved\",\"labels\":{\"alertname\":\"Down\",\"pod\":"
		"\"redis-0\",\"severity\":\"warning\"},\"annotations\":{\"summary\":\"redis is down\"},\"startsAt\":"
		"\"1970-01-01T00:00:05Z\"},{\"labels\":{}}]}",
		"alert Down redis  warning redis is down  nan nan 5000000000 resolved\n"
		"file alerts 1 kept, 1 bad: line 1: an alert without alertname\n");
}

static void topology__is_lines_of_arrows(void **state)
{
	(void)state;
	expect(CONTEXT_TOPOLOGY,
		"# who calls whom\n\ngateway -> orders, users\r\norders -> orders-db # the primary\na -> b -> "
		"c\nnonsense\n"
		"a ->\n",
		"edge gateway orders 0 given\nedge gateway users 0 given\nedge orders orders-db 0 given\n"
		"edge a b 0 given\nedge b c 0 given\n"
		"file topology 5 kept, 2 bad: line 6: a line of the topology is `caller -> callee`; 2 are left out for "
		"this or the like\n");
}

static void recognize__tells_by_the_header__and_leaves_logs_alone(void **state)
{
	static const struct {
		enum context_kind kind;
		const char *head;
	} cases[] = {
		{ CONTEXT_METRICS, "timestamp,service,metric,value\n1,a,b,2\n" },
		{ CONTEXT_METRICS, "time,pod,metric_name,value,unit\n" },
		{ CONTEXT_TRACES,
			"TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,"
			"Duration\r\n" },
		{ CONTEXT_TRACES,
			"[\n {\"trace_id\": \"1\", \"span_id\": \"2\", \"start\": \"x\", \"duration_ms\": 5" },
		{ CONTEXT_CHANGES, "{\n \"commits\": [\n  {\"sha\": \"1\", \"message\": \"cut off" },
		{ CONTEXT_CHANGES, "{\"deploys\": []}" },
		{ CONTEXT_ALERTS, "{\"service\": \"a\", \"threshold\": 1, \"fired_at\": \"x\"}" },
		{ CONTEXT_ALERTS, "{\"version\":\"4\",\"alerts\":[{" },
		{ CONTEXT_NONE, "timestamp,service,level,message,trace_id,span_id\n1,a,INFO,x,1,2\n" },
		{ CONTEXT_NONE, "time,level,metric,value\n" },
		{ CONTEXT_NONE,
			"{\"timestamp\":1,\"msg\":\"slow\",\"trace_id\":\"1\",\"span_id\":\"2\",\"duration_ms\":5}" },
		{ CONTEXT_NONE, "{\"ts\":1,\"message\":\"flags\",\"flags\":3}" },
		{ CONTEXT_NONE, "2025-05-17 20:39:15 ERROR x\n" },
		{ CONTEXT_NONE, "timestamp,service,metric,value" }, /* no line yet */
		{ CONTEXT_NONE, "" },
		{ CONTEXT_NONE, "[" },
		{ CONTEXT_NONE, "{\"a\\" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(context_recognize(slice_of(cases[i].head)), cases[i].kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metrics__become_series__in_any_order_of_columns),
		cmocka_unit_test(metrics__name_the_first_bad_row__and_count_all),
		cmocka_unit_test(traces__come_as_csv__with_pods_and_microseconds),
		cmocka_unit_test(traces__come_as_json__as_an_array_or_line_by_line),
		cmocka_unit_test(traces__go_on__behind_a_broken_line),
		cmocka_unit_test(changes__come_in_lists__or_one_by_one),
		cmocka_unit_test(alerts__come_plain__or_from_alertmanager),
		cmocka_unit_test(topology__is_lines_of_arrows),
		cmocka_unit_test(recognize__tells_by_the_header__and_leaves_logs_alone),
	};

	return cmocka_run_group_tests_name("context/reader", tests, NULL, NULL);
}
