/*
 * Formats that are patterns: each with a line as its programs write it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/ingest/format.h"

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

static const struct sample {
	const char *format, *line, *time, *service, *message, *field, *value;
	enum level level;
} samples[] = {
	{ "log4j", "2025-03-04 05:06:07,890 INFO [main] com.example.shop.Cart: opened", "2025-03-04T05:06:07.890Z", "",
		"opened", "logger", "com.example.shop.Cart", LEVEL_INFO },
	{ "log4j", "2025-03-04 05:06:07,890 - WARN  [Worker[id=1]/0:0:2181:Loop@774] - slow",
		"2025-03-04T05:06:07.890Z", "", "slow", "thread", "Worker[id=1]/0:0:2181:Loop@774", LEVEL_WARN },
	{ "log4j", "25/03/04 05:06:07 ERROR executor.Runner: lost task 3", "2025-03-04T05:06:07Z", "", "lost task 3",
		"logger", "executor.Runner", LEVEL_ERROR },
	{ "logback", "2025-03-04 05:06:07.890 [pool-1 thread 2] DEBUG c.e.Cart - one item", "2025-03-04T05:06:07.890Z",
		"", "one item", "thread", "pool-1 thread 2", LEVEL_DEBUG },
	{ "logback", "05:06:07.890 [main] INFO  c.e.Cart - hello", "2025-06-15T05:06:07.890Z", "", "hello", "logger",
		"c.e.Cart", LEVEL_INFO },
	{ "logback", "23:06:07.890 [main] INFO  c.e.Cart - yesterday", "2025-06-14T23:06:07.890Z", "", "yesterday",
		"thread", "main", LEVEL_INFO },
	{ "spring", "2025-03-04T05:06:07.890+01:00 ERROR 12 --- [           main] c.e.Cart     : no stock",
		"2025-03-04T04:06:07.890Z", "", "no stock", "thread", "main", LEVEL_ERROR },
	{ "elasticsearch", "[2025-03-04T05:06:07,890][INFO ][o.e.n.Node               ] [node-1] started",
		"2025-03-04T05:06:07.890Z", "", "started", "node", "node-1", LEVEL_INFO },
	{ "kafka", "[2025-03-04 05:06:07,890] WARN [Broker id=1] partition moved (kafka.server.Broker)",
		"2025-03-04T05:06:07.890Z", "", "[Broker id=1] partition moved (kafka.server.Broker)", "", "",
		LEVEL_WARN },
	{ "cassandra", "INFO  [main] 2025-03-04 05:06:07,890 Storage.java:12 - node up", "2025-03-04T05:06:07.890Z", "",
		"node up", "location", "Storage.java:12", LEVEL_INFO },
	{ "tomcat", "04-Mar-2025 05:06:07.890 SEVERE [main] org.example.Start.go failed", "2025-03-04T05:06:07.890Z",
		"", "failed", "logger", "org.example.Start.go", LEVEL_ERROR },
	{ "python", "2025-03-04 05:06:07,890 - shop.cart - CRITICAL - out of memory", "2025-03-04T05:06:07.890Z", "",
		"out of memory", "logger", "shop.cart", LEVEL_FATAL },
	{ "python", "WARNING:shop.cart:almost empty", NULL, "", "almost empty", "logger", "shop.cart", LEVEL_WARN },
	{ "python", "[2025-03-04 05:06:07 +0100] [17] [INFO] booting worker", "2025-03-04T04:06:07Z", "",
		"booting worker", "pid", "17", LEVEL_INFO },
	{ "ruby", "E, [2025-03-04T05:06:07.890123 #77] ERROR -- : it broke", "2025-03-04T05:06:07.890123Z", "",
		"it broke", "pid", "77", LEVEL_ERROR },
	{ "serilog", "2025-03-04 05:06:07.890 +02:00 [ERR] it broke", "2025-03-04T03:06:07.890Z", "", "it broke", "",
		"", LEVEL_ERROR },
	{ "rust", "[2025-03-04T05:06:07Z WARN  shop::cart] slow", "2025-03-04T05:06:07Z", "", "slow", "logger",
		"shop::cart", LEVEL_WARN },
	{ "klog", "E0304 05:06:07.890123   12345 reflector.go:138] cannot list", "2025-03-04T05:06:07.890123Z", "",
		"cannot list", "location", "reflector.go:138", LEVEL_ERROR },
	{ "nginx-error", "2025/03/04 05:06:07 [crit] 9#10: *11 open() failed", "2025-03-04T05:06:07Z", "",
		"open() failed", "connection", "11", LEVEL_FATAL },
	{ "nginx-error", "2025/03/04 05:06:07 [notice] 9#10: signal process started", "2025-03-04T05:06:07Z", "",
		"signal process started", "pid", "9", LEVEL_INFO },
	{ "apache-error", "[Tue Mar 04 05:06:07 2025] [error] [client 192.0.2.1] denied", "2025-03-04T05:06:07Z", "",
		"[client 192.0.2.1] denied", "", "", LEVEL_ERROR },
	{ "apache-error", "[Tue Mar 04 05:06:07.890123 2025] [core:warn] [pid 5:tid 6] AH00098: pid file",
		"2025-03-04T05:06:07.890123Z", "", "AH00098: pid file", "module", "core", LEVEL_WARN },
	{ "postgresql", "2025-03-04 05:06:07.890 UTC [15] FATAL:  no pg_hba.conf entry", "2025-03-04T05:06:07.890Z", "",
		"no pg_hba.conf entry", "pid", "15", LEVEL_FATAL },
	{ "postgresql", "2025-03-04 05:06:07.890 UTC [15] shop@orders STATEMENT:  SELECT 1", "2025-03-04T05:06:07.890Z",
		"", "SELECT 1", "session", "shop@orders", LEVEL_UNKNOWN },
	{ "mysql", "2025-03-04T05:06:07.890123Z 8 [Warning] [MY-010] [Server] slow disk", "2025-03-04T05:06:07.890123Z",
		"", "slow disk", "subsystem", "Server", LEVEL_WARN },
	{ "redis", "1:M 04 Mar 2025 05:06:07.890 # Out of memory", "2025-03-04T05:06:07.890Z", "", "Out of memory",
		"role", "M", LEVEL_WARN },
	{ "rabbitmq", "2025-03-04 05:06:07.890 [error] <0.25.0> connection closed", "2025-03-04T05:06:07.890Z", "",
		"connection closed", "process", "0.25.0", LEVEL_ERROR },
	{ "etcd", "2025-03-04 05:06:07.890123 W | raft: slow heartbeat", "2025-03-04T05:06:07.890123Z", "",
		"slow heartbeat", "logger", "raft", LEVEL_WARN },
	{ "go", "2025/03/04 05:06:07 listening on :8080", "2025-03-04T05:06:07Z", "", "listening on :8080", "", "",
		LEVEL_UNKNOWN },
	{ "bgl", "- 1741064767 2025.03.04 R02-M1 2025-03-04-05.06.07.890123 R02-M1 RAS KERNEL FATAL machine check",
		"2025-03-04T05:06:07.890123Z", "KERNEL", "machine check", "node", "R02-M1", LEVEL_FATAL },
	{ "thunderbird", "- 1741064767 2025.03.04 an5 Mar 4 05:06:07 an5/an5 crond(pam)[2915]: session closed",
		"2025-03-04T05:06:07Z", "crond(pam)", "session closed", "pid", "2915", LEVEL_UNKNOWN },
	{ "hpc", "134 node-24 unix.hw state_change.down 1741064767 1 part down", "2025-03-04T05:06:07Z", "unix.hw",
		"part down", "state", "state_change.down", LEVEL_UNKNOWN },
	{ "hdfs", "250304 050607 148 INFO dfs.Node$Packet: block written", "2025-03-04T05:06:07Z", "", "block written",
		"logger", "dfs.Node$Packet", LEVEL_INFO },
	{ "android", "03-04 05:06:07.890  1702  2395 E Window Manager: frozen", "2025-03-04T05:06:07.890Z",
		"Window Manager", "frozen", "tid", "2395", LEVEL_ERROR },
	{ "android", "03-04 05:06:07.890 W/Power( 12): low", "2025-03-04T05:06:07.890Z", "Power", "low", "pid", "12",
		LEVEL_WARN },
	{ "healthapp", "20250304-5:6:7:89|Steps|300|onStep 5", "2025-03-04T05:06:07.089Z", "Steps", "onStep 5", "pid",
		"300", LEVEL_UNKNOWN },
	{ "proxifier", "[03.04 05:06:07] browser.exe *64 - closed, 5 bytes", "2025-03-04T05:06:07Z", "browser.exe *64",
		"closed, 5 bytes", "", "", LEVEL_UNKNOWN },
	{ "windows", "2025-03-04 05:06:07, Info                  CBS    Loaded stack", "2025-03-04T05:06:07Z", "CBS",
		"Loaded stack", "", "", LEVEL_INFO },
	{ "syslog", "<34>Mar  4 05:06:07 web su[7]: failed for lonvick", "2025-03-04T05:06:07Z", "su",
		"failed for lonvick", "facility", "auth", LEVEL_FATAL },
	{ "syslog", "Mar  4 05:06:07 web com.example.daemon[7] (com.example.job): exited", "2025-03-04T05:06:07Z",
		"com.example.daemon", "exited", "address", "com.example.job", LEVEL_UNKNOWN },
	{ "syslog", "Dec 31 05:06:07 web daemon 1.4: restart.", "2024-12-31T05:06:07Z", "daemon 1.4", "restart.", "",
		"", LEVEL_UNKNOWN },
	{ "syslog", "Mar  4 05:06:07 web last message repeated 2 times", "2025-03-04T05:06:07Z", "",
		"last message repeated 2 times", "host", "web", LEVEL_UNKNOWN },
	{ "syslog", "Mar  4 05:06:07 web app: error: no route", "2025-03-04T05:06:07Z", "app", "error: no route",
		"host", "web", LEVEL_ERROR },
	{ "syslog", "2025-03-04T05:06:07.890123+00:00 web app[3]: hello", "2025-03-04T05:06:07.890123Z", "app", "hello",
		"host", "web", LEVEL_UNKNOWN },
};

static struct parser *begin(const char *text, const char *wanted)
{
	struct parser *parser =
		parser_create(slice_of(text), true, wanted != NULL ? format_find(slice_of(wanted)) : NULL, NULL, NULL, NULL);
	int64_t newest;

	assert_non_null(parser);
	assert_true(timestamp_parse(slice_of("2025-06-15T12:00:00Z"), NULL, &newest));
	parser_set_newest(parser, newest);
	return parser;
}

static void header__gives_time_level_service_and_fields__of_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *sample = &samples[i];
		struct parser *parser = begin(sample->line, sample->format);
		char shown[40];
		struct row row;

		parser_parse(parser, slice_of(sample->line), &row);
		assert_int_equal(row.flags, 0);
		assert_string_equal(timestamp_format(row.time, TIMESTAMP_RFC3339, NULL, shown),
			sample->time != NULL ? sample->time : "-");
		assert_slice(row.message, sample->message);
		assert_slice(row.service, sample->service);
		if (row.level != sample->level)
			fail_msg("level %s of %s", level_name(row.level), sample->line);
		assert_slice(field(&row, sample->field), sample->value);
		parser_destroy(parser);
	}
}

static void header__is_recognised__by_its_first_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct parser *parser = begin(samples[i].line, NULL);

		assert_string_equal(format_name(parser_format(parser)), samples[i].format);
		parser_destroy(parser);
	}
}

static void header__keeps_a_strange_line__as_text(void **state)
{
	static const char *const lines[] = { "", " ", "no header at all", "Mar 99 05:06:07 web app: x", "<999>Mar  4 ",
		"\xff\xfe\x01", "[[[[[[[[", "Mar  4 05:06:07" };
	struct parser *parser = begin("", "syslog");

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct row row;

		parser_parse(parser, slice_of(lines[i]), &row);
		assert_int_equal(row.flags, RECORD_UNPARSED);
		assert_slice(row.message, lines[i]);
		assert_int_equal(row.field_count, 0);
	}
	parser_destroy(parser);
}

static void header__gives_further_lines__to_the_message(void **state)
{
	static const char line[] =
		"2025-03-04 05:06:07,890 ERROR [main] c.e.Cart: failed\n\tat c.e.Cart.add(Cart.java:5)\n"
		"Caused by: java.io.IOException: gone";
	static const char crlf[] = "2025-03-04 05:06:07,890 ERROR [main] c.e.Cart: failed\r\n\tat c.e.Cart.add\r\n}";
	struct parser *parser = begin(line, NULL);
	struct row row;

	(void)state;
	parser_parse(parser, slice_of(line), &row);
	assert_slice(row.message, "failed\n\tat c.e.Cart.add(Cart.java:5)\nCaused by: java.io.IOException: gone");
	parser_parse(parser, slice_of(crlf), &row);
	assert_slice(row.message, "failed\n\tat c.e.Cart.add\n}");
	parser_destroy(parser);
}

static void header__survives__any_cut_of_any_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct slice line = slice_of(samples[i].line);
		struct parser *parser = begin(samples[i].line, samples[i].format);

		for (size_t size = 0; size < line.size; size++) {
			char *exact = test_malloc(size + 1);
			struct row row;

			memcpy(exact, line.data, size);
			parser_parse(parser, (struct slice){ exact, size }, &row);
			if (row.message.size > 0)
				assert_true(row.message.data >= exact &&
					row.message.data + row.message.size <= exact + size);
			test_free(exact);
		}
		parser_destroy(parser);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header__gives_time_level_service_and_fields__of_a_line),
		cmocka_unit_test(header__is_recognised__by_its_first_lines),
		cmocka_unit_test(header__keeps_a_strange_line__as_text),
		cmocka_unit_test(header__gives_further_lines__to_the_message),
		cmocka_unit_test(header__survives__any_cut_of_any_line),
	};

	return cmocka_run_group_tests_name("ingest/format_header", tests, NULL, NULL);
}
