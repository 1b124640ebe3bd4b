/*
 * What a context answers: windows, self time, latencies, who calls whom, which runbook applies; and reading from disk.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/context_text.h"

static void pod__is_stripped_to_its_service(void **state)
{
	static const struct {
		const char *pod, *service;
	} cases[] = {
		{ "ts-gateway-service-6f6cfc45b-d9pnv", "ts-gateway-service" },
		{ "ts-seat-service-5c95b49cff-mxdsg", "ts-seat-service" },
		{ "kafka-0", "kafka" },
		{ "fluentd-x7k2p", "fluentd" },
		{ "redis-cache", "redis-cache" },
		{ "orders-db", "orders-db" },
		{ "my-proxy", "my-proxy" },
		{ "api-2024", "api-2024" },
		{ "-", "-" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice service = context_pod_service(slice_of(cases[i].pod));
		char text[64];

		slice_copy(service, text, sizeof(text));
		assert_string_equal(text, cases[i].service);
	}
}

static void metrics__answer_half_open_windows(void **state)
{
	struct context *context = context_of(CONTEXT_METRICS,
		slice_of("time,service,metric,value\n3,a,m,3\n1,a,m,1\n2,a,m,2\n"), (struct slice){ 0 });
	const struct metric_series *series = metrics_find(&context->metrics, slice_of("a"), slice_of("m"));
	const struct metric_sample *first;

	(void)state;
	assert_non_null(series);
	assert_int_equal(metrics_window(series, TIMESTAMP_SECOND, 3 * TIMESTAMP_SECOND, &first), 2);
	assert_true(first[0].value == 1.0 && first[1].value == 2.0);
	assert_int_equal(metrics_window(series, 4 * TIMESTAMP_SECOND, INT64_MAX, &first), 0);
	assert_null(metrics_find(&context->metrics, slice_of("am"), slice_of("")));
	context_destroy(context);
}

/* The root runs 100 s; of that 10 to 40 and 30 to 60 in two children, and one that outlasts it from 90 on. */
static const char overlapping[] = "trace_id,span_id,parent_id,service,name,start,duration_ns,status\n"
				  "t,a,,web,GET,0,100000000000,OK\n"
				  "t,b,a,db,read,10,30000000000,ERROR\n"
				  "t,c,a,db,read,30,30000000000,OK\n"
				  "t,d,a,cache,put,90,50000000000,OK\n"
				  "u,a,x,web,GET,200,2000000000,OK\n"
				  "u,b,a,web,render,200,1000000000,OK\n";

static void traces__count_overlapping_children_once__in_self_time(void **state)
{
	struct context *context = context_of(CONTEXT_TRACES, slice_of(overlapping), (struct slice){ 0 });
	const struct traces *traces = &context->traces;
	const struct trace *trace = traces_find(traces, slice_of("t"));
	struct span_summary summary;

	(void)state;
	assert_int_equal(trace->count, 4);
	assert_true(trace->failed);
	assert_int_equal(traces_span(traces, trace->first)->self, 40 * TIMESTAMP_SECOND);
	assert_true(traces_summarize(traces, slice_of("db"), slice_of(""), 0, INT64_MAX, &summary));
	assert_int_equal(summary.count, 2);
	assert_true(fabs(summary.error_rate - 0.5) < 1e-9);
	assert_int_equal(summary.p50, 30 * TIMESTAMP_SECOND);
	assert_true(traces_summarize(traces, slice_of("db"), slice_of(""), 0, 30 * TIMESTAMP_SECOND, &summary));
	assert_int_equal(summary.count, 1);
	assert_true(traces_summarize(traces, slice_of("web"), slice_of("render"), 0, INT64_MAX, &summary));
	assert_int_equal(summary.count, 1);
	assert_int_equal(summary.self_p95, TIMESTAMP_SECOND);
	assert_true(traces_summarize(traces, slice_of("nobody"), slice_of(""), 0, INT64_MAX, &summary));
	assert_int_equal(summary.count, 0);
	context_destroy(context);
}

static void traces__cut_calls_in_circles(void **state)
{
	struct context *context = context_of(CONTEXT_TRACES,
		slice_of("trace_id,span_id,parent_id,service,start,duration_ns\n"
			 "t,a,c,x,1,5\nt,b,a,x,2,5\nt,c,b,x,3,5\nt,s,s,x,4,5\n"),
		(struct slice){ 0 });

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		uint32_t at = (uint32_t)i;
		for (int steps = 0; at != SPAN_NONE; steps++) {
			assert_true(steps < 4);
			at = traces_span(&context->traces, at)->parent;
		}
	}
	context_destroy(context);
}

static void traces__take_more_spans__after_being_settled(void **state)
{
	struct context *context = context_of(CONTEXT_TRACES, slice_of(overlapping), (struct slice){ 0 });
	struct span span = { .id = slice_of("e"), .parent_id = slice_of("b"), .service = slice_of("disk"), .start = 1 };

	(void)state;
	assert_int_equal(traces_add(&context->traces, slice_of("t"), &span), 0);
	assert_int_equal(context_settle(context), 0);
	assert_int_equal(context_settle(context), 0);
	assert_int_equal(traces_find(&context->traces, slice_of("t"))->count, 5);
	assert_int_equal(traces_find(&context->traces, slice_of("u"))->count, 2);
	assert_int_equal(topology_find(&context->topology, slice_of("db"), slice_of("disk"))->calls, 1);
	assert_int_equal(topology_find(&context->topology, slice_of("web"), slice_of("db"))->calls, 2);
	context_destroy(context);
}

static void topology__counts_the_hops(void **state)
{
	struct context *context = context_of(
		CONTEXT_TOPOLOGY, slice_of("a -> b -> c -> d\nb -> d\nd -> b\nx -> y\n"), (struct slice){ 0 });
	const struct topology *topology = &context->topology;

	(void)state;
	assert_int_equal(topology_hops(topology, slice_of("a"), slice_of("a")), 0);
	assert_int_equal(topology_hops(topology, slice_of("a"), slice_of("d")), 2);
	assert_int_equal(topology_hops(topology, slice_of("d"), slice_of("a")), TOPOLOGY_FAR);
	assert_int_equal(topology_hops(topology, slice_of("a"), slice_of("y")), TOPOLOGY_FAR);
	assert_int_equal(topology_hops(topology, slice_of("?"), slice_of("a")), TOPOLOGY_FAR);
	context_destroy(context);
}

static void changes__are_found_by_window_and_by_sha(void **state)
{
	struct context *context = context_of(CONTEXT_CHANGES,
		slice_of("{\"commits\":[{\"sha\":\"aaaaaaaa1\",\"timestamp\":10},{\"sha\":\"aaaaaaaa2\",\"timestamp\":"
			 "20},"
			 "{\"sha\":\"bbbbbbbbb\",\"timestamp\":30}]}"),
		(struct slice){ 0 });
	size_t first;

	(void)state;
	assert_int_equal(changes_window(&context->changes, 15 * TIMESTAMP_SECOND, 30 * TIMESTAMP_SECOND, &first), 1);
	assert_true(slice_is(changes_at(&context->changes, first)->sha, "aaaaaaaa2"));
	assert_non_null(changes_commit(&context->changes, slice_of("bbbbbbb")));
	assert_non_null(changes_commit(&context->changes, slice_of("aaaaaaaa1")));
	assert_null(changes_commit(&context->changes, slice_of("aaaaaaaa")));
	assert_null(changes_commit(&context->changes, slice_of("b")));
	context_destroy(context);
}

static void runbooks__apply_where_their_patterns_fit(void **state)
{
	static const char pool[] =
		"---\nmatch: pool (exhausted|timed out)\nmatch: too many clients\nservice: orders*\n---\n"
		"# Database connections\n\n1. Look.\n";
	struct context *context = context_create();
	struct error error = { 0 };
	const struct runbook *found;

	(void)state;
	assert_int_equal(runbooks_add(&context->runbooks, slice_of("pool.md"), slice_of(pool), &error), 0);
	assert_int_equal(
		runbooks_add(&context->runbooks, slice_of("any.md"), slice_of("match: pool\ntext\n"), &error), 0);
	found = runbooks_find(
		&context->runbooks, slice_of("orders-db"), slice_of("FATAL: too many clients, Pool exhausted"));
	assert_true(slice_is(found->title, "Database connections"));
	assert_true(slice_starts(found->body, "# Database"));
	found = runbooks_find(&context->runbooks, slice_of("billing"), slice_of("pool exhausted"));
	assert_true(slice_is(found->title, "any.md"));
	assert_null(runbooks_find(&context->runbooks, slice_of("billing"), slice_of("all is well")));

	assert_int_equal(runbooks_add(&context->runbooks, slice_of("bad.md"), slice_of("---\nmatch: (\n---\n"), &error),
		ERROR_INPUT);
	assert_non_null(strstr(error.text, "line 2"));
	assert_int_equal(
		runbooks_add(&context->runbooks, slice_of("none.md"), slice_of("# Title\n"), &error), ERROR_INPUT);
	context_destroy(context);
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void read__says_what_is_wrong__and_keeps_the_rest(void **state)
{
	char folder[] = "/tmp/tocsin-context-XXXXXX", path[256];
	struct context *context = context_create();
	struct error error = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(folder, "a.md", "---\nmatch: pool\n---\n");
	write_file(folder, "b.md", "no head\n");
	write_file(folder, "c.txt", "match: x\n");
	assert_int_equal(context_read(context, CONTEXT_RUNBOOKS, folder, NULL, &error), 0);
	assert_int_equal(runbooks_count(&context->runbooks), 1);
	const struct context_file *file = vector_at(&context->files, 0);
	assert_int_equal(file->bad, 1);
	assert_non_null(strstr(file->notice, "b.md: "));

	write_file(folder, "m.csv", "timestamp,service,level,message\n1,a,INFO,x\n");
	snprintf(path, sizeof(path), "%s/m.csv", folder);
	assert_int_equal(context_read(context, CONTEXT_METRICS, path, NULL, &error), ERROR_INPUT);
	assert_non_null(strstr(error.text, "m.csv: no metrics in it: line 1: "));
	snprintf(path, sizeof(path), "%s/absent.csv", folder);
	assert_int_equal(context_read(context, CONTEXT_METRICS, path, NULL, &error), ERROR_ABSENT);
	assert_int_equal(context_read(context, CONTEXT_METRICS, folder, NULL, &error), ERROR_SYSTEM);
	assert_int_equal(context_settle(context), 0);
	context_destroy(context);
	snprintf(path, sizeof(path), "rm -r %s", folder);
	assert_int_equal(system(path), 0);
}

static void runbooks__of_the_samples__fit_what_they_are_for(void **state)
{
	static const struct {
		const char *message, *title;
	} cases[] = {
		{ "cannot obtain connection, giving up", "Database connections" },
		{ "FATAL: sorry, too many clients already", "Database connections" },
		{ "Error connecting to Redis at cache:6379: Connection refused", "Redis" },
		{ "Failed to compute_task_build_instances: No valid host was found.",
			"OpenStack: no valid host was found" },
		{ "TimeoutError: QueuePool limit of size 5 overflow 10 reached",
			"OpenStack: API answers 500, database pool" },
		{ "VirtualInterfaceCreateException: Virtual Interface creation failed",
			"OpenStack: VIF plugging timed out" },
		{ "ComputeResourcesUnavailable: Insufficient compute resources: Free memory 512.00 MB < requested 8192 "
		  "MB.",
			"OpenStack: insufficient resources" },
	};
	const char *folder = getenv("srcdir");
	struct context *context = context_create();
	char path[512];

	(void)state;
	snprintf(path, sizeof(path), "%s/samples/runbooks", folder != NULL ? folder : ".");
	assert_int_equal(context_read(context, CONTEXT_RUNBOOKS, path, NULL, NULL), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct runbook *found =
			runbooks_find(&context->runbooks, slice_of("any"), slice_of(cases[i].message));
		if (found == NULL || !slice_is(found->title, cases[i].title))
			fail_msg("%s", cases[i].message);
	}
	assert_null(runbooks_find(&context->runbooks, slice_of("any"), slice_of("GET /index 200 in 3 ms")));
	context_destroy(context);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pod__is_stripped_to_its_service),
		cmocka_unit_test(metrics__answer_half_open_windows),
		cmocka_unit_test(traces__count_overlapping_children_once__in_self_time),
		cmocka_unit_test(traces__cut_calls_in_circles),
		cmocka_unit_test(traces__take_more_spans__after_being_settled),
		cmocka_unit_test(topology__counts_the_hops),
		cmocka_unit_test(changes__are_found_by_window_and_by_sha),
		cmocka_unit_test(runbooks__apply_where_their_patterns_fit),
		cmocka_unit_test(runbooks__of_the_samples__fit_what_they_are_for),
		cmocka_unit_test(read__says_what_is_wrong__and_keeps_the_rest),
	};

	return cmocka_run_group_tests_name("context/context", tests, NULL, NULL);
}
