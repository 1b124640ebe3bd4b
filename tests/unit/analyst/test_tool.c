#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fixture.h"
#include "tocsin/analyst/tool.h"

struct bench {
	struct fixture fixture;
	struct analysis_input input;
	struct buffer out;
	struct error error;
};

static void bench_init(struct bench *bench)
{
	*bench = (struct bench){ 0 };
	fixture_init(&bench->fixture);
	fixture_incident(&bench->fixture);
	store_publish(bench->fixture.store);
	bench->input = (struct analysis_input){ .store = bench->fixture.store,
		.reader = &bench->fixture.reader,
		.horizon = horizon_all(bench->fixture.store),
		.book = evidence_book_create() };
	buffer_init(&bench->out, 1 << 20);
}

static void bench_release(struct bench *bench)
{
	evidence_book_destroy(bench->input.book);
	buffer_release(&bench->out);
	fixture_release(&bench->fixture);
}

static int ask(struct bench *bench, const char *tool, const char *arguments)
{
	buffer_clear(&bench->out);
	return tool_run(tool_find(slice_of(tool)), &bench->input, slice_of(arguments), &bench->out, &bench->error);
}

static void assert_says(struct bench *bench, const char *text)
{
	if (slice_find(buffer_slice(&bench->out), slice_of(text)) == SIZE_MAX)
		fail_msg("\"%s\" is not in %s", text, buffer_string(&bench->out));
}

static void tools__describe_themselves__with_schemas_that_parse(void **state)
{
	(void)state;
	for (size_t i = 0; tool_at(i); i++) {
		struct json_document *schema = json_parse(slice_of(tool_at(i)->parameters));

		assert_non_null(schema);
		assert_int_equal(json_value_kind(json_member(json_root(schema), "properties")), JSON_OBJECT);
		assert_ptr_equal(tool_find(slice_of(tool_at(i)->name)), tool_at(i));
		json_document_free(schema);
	}
	assert_null(tool_find(slice_of("rm")));
}

static void search_logs__mints_what_it_shows_and_says_what_it_left_out(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench);
	assert_int_equal(ask(&bench, "search_logs", "{\"filter\":\"pool exhausted\",\"limit\":2}"), 0);
	assert_says(&bench, "\"evidence\":\"E1\"");
	assert_says(&bench, "\"evidence\":\"E2\"");
	assert_says(&bench, "\"shown\":2,\"total\":300,\"truncated\":true");
	assert_int_equal(evidence_count(bench.input.book), 2);
	assert_int_equal(ask(&bench, "search_logs", "{\"filter\":\"unheard\"}"), 0);
	assert_says(&bench, "no line matches");
	bench_release(&bench);
}

static void a_call__says_what_to_do__when_an_argument_is_wrong(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench);
	assert_int_equal(ask(&bench, "search_logs", "{\"filter\":\"level>=\"}"), ERROR_INPUT);
	assert_int_equal(ask(&bench, "count", "[1]"), ERROR_INPUT);
	assert_int_equal(ask(&bench, "error_history", "{\"service\":\"ordersdb\"}"), ERROR_INPUT);
	assert_non_null(strstr(bench.error.text, "orders-db"));
	assert_int_equal(ask(&bench, "count", "{\"filter\":\"\",\"from\":\"soon\"}"), ERROR_INPUT);
	assert_int_equal(bench.out.size, 0);
	bench_release(&bench);
}

static void first_errors__come_in_order_of_time(void **state)
{
	struct bench bench;
	size_t db, payment, gateway;

	(void)state;
	bench_init(&bench);
	assert_int_equal(ask(&bench, "first_errors", "{\"from\":\"20:44\"}"), 0);
	db = slice_find(buffer_slice(&bench.out), slice_of("\"orders-db\""));
	payment = slice_find(buffer_slice(&bench.out), slice_of("\"payment-service\""));
	gateway = slice_find(buffer_slice(&bench.out), slice_of("\"gateway\""));
	assert_true(db < payment && payment < gateway && gateway != SIZE_MAX);
	bench_release(&bench);
}

static void the_same_call__gives_the_same_bytes(void **state)
{
	static const char *const names[] = { "overview", "templates", "first_errors" };
	struct bench bench;
	struct buffer before;

	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		buffer_init(&before, 1 << 20);
		assert_int_equal(ask(&bench, names[i], ""), 0);
		buffer_append_slice(&before, buffer_slice(&bench.out));
		assert_int_equal(ask(&bench, names[i], "{}"), 0);
		assert_string_equal(buffer_string(&before), buffer_string(&bench.out));
		buffer_release(&before);
	}
	bench_release(&bench);
}

static void a_tool__sees_nothing_beyond_the_horizon(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench);
	bench.input.horizon = horizon_at(bench.fixture.store, FIXTURE_START + 100 * TIMESTAMP_SECOND);
	assert_int_equal(ask(&bench, "count", "{\"filter\":\"level>=error service:orders-db\"}"), 0);
	assert_says(&bench, "\"count\":0");
	assert_int_equal(ask(&bench, "overview", ""), 0);
	assert_true(slice_find(buffer_slice(&bench.out), slice_of("20:45")) == SIZE_MAX);
	bench_release(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tools__describe_themselves__with_schemas_that_parse),
		cmocka_unit_test(search_logs__mints_what_it_shows_and_says_what_it_left_out),
		cmocka_unit_test(a_call__says_what_to_do__when_an_argument_is_wrong),
		cmocka_unit_test(first_errors__come_in_order_of_time),
		cmocka_unit_test(the_same_call__gives_the_same_bytes),
		cmocka_unit_test(a_tool__sees_nothing_beyond_the_horizon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
