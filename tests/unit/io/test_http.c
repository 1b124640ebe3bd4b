/*
 * The client against a scripted server on loopback. What is waited for is the end of a request, never a time.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/scripted_server.h"
#include "tocsin/io/http.h"

struct scene {
	struct loop *loop;
	struct http *http;
	struct scripted_server server;
	struct http_request *request;
	struct buffer body;
	struct http_result result;
	struct error error;
	int heads, done;
	bool cancel_at_byte;
	char log[64];
};

static int redact_ten(void *context, struct slice text, struct buffer *out)
{
	size_t at = slice_find(text, slice_of("ten"));
	(void)context;
	buffer_append_slice(out, slice_first(text, at));
	if (at != SIZE_MAX) {
		buffer_append_string(out, "<number-1>");
		buffer_append_slice(out, slice_from(text, at + 3));
	}
	return out->failed != 0 ? out->failed : 1;
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);
	scene->loop = loop_create(NULL);
	scene->http = http_create(scene->loop, &(struct http_options){ .redact = redact_ten });
	buffer_init(&scene->body, 1 << 20);
	snprintf(scene->log, sizeof scene->log, "/tmp/tocsin-test-http-%d", (int)getpid());
	unlink(scene->log);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	scripted_server_stop(&scene->server);
	http_destroy(scene->http);
	loop_destroy(scene->loop);
	buffer_release(&scene->body);
	unlink(scene->log);
	free(scene);
	return 0;
}

static void on_head(void *context, const struct http_head *head)
{
	struct scene *scene = context;
	assert_true(head->status >= 200);
	scene->heads++;
}

static void on_body(void *context, struct slice bytes)
{
	struct scene *scene = context;
	buffer_append_slice(&scene->body, bytes);
	if (scene->cancel_at_byte)
		http_cancel(scene->request);
}

static void on_done(void *context, const struct http_result *result)
{
	struct scene *scene = context;
	scene->result = *result;
	scene->done++;
}

static void serve(struct scene *scene, const char *script)
{
	assert_int_equal(scripted_server_start(&scene->server, script, scene->log), 0);
}

/* Asks and runs the loop until nothing is left. */
static void ask(struct scene *scene, const char *path, struct http_call call)
{
	char url[128];
	snprintf(url, sizeof url, "%s%s", scene->server.url, path);
	call.url = url;
	call.context = scene;
	call.on_head = on_head;
	call.on_body = on_body;
	call.on_done = on_done;
	scene->request = http_start(scene->http, &call, &scene->error);
	assert_non_null(scene->request);
	assert_int_equal(scene->done, 0);
	loop_run(scene->loop, NULL, NULL);
}

static const char *logged(struct scene *scene)
{
	static char text[65536];
	FILE *file = fopen(scene->log, "rb");
	size_t size = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
	if (file != NULL)
		fclose(file);
	text[size] = '\0';
	return text;
}

static void http__gives_head_and_body__of_a_reply_in_pieces(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200 Text/Event-Stream; charset=utf-8\nheader X-Request-Id: r1\nbytes 1\n"
		     "text data: one\nwait 5\ntext data: two\n");
	ask(scene, "/v1", (struct http_call){ 0 });
	assert_int_equal(scene->done, 1);
	assert_int_equal(scene->heads, 1);
	assert_int_equal(scene->result.fault, HTTP_NO_FAULT);
	assert_int_equal(scene->result.head.status, 200);
	assert_string_equal(scene->result.head.type, "text/event-stream");
	assert_string_equal(scene->result.head.request_id, "r1");
	assert_string_equal(buffer_string(&scene->body), "data: one\ndata: two\n");
	assert_int_equal(scene->result.received, 20);
}

static void http__sends_headers_and_body_as_they_are__to_loopback(void **state)
{
	struct scene *scene = *state;
	struct http_header headers[] = { { "Authorization", "Bearer k" }, { "Content-Type", "application/json" } };
	serve(scene, "reply 200\nwant POST /x HTTP/1.1\nwant Authorization: Bearer k\nwant {\"ten\":1}\n");
	ask(scene, "/x", (struct http_call){ .body = slice_of("{\"ten\":1}"), .headers = headers, .header_count = 2 });
	assert_int_equal(scene->result.head.status, 200);
	assert_null(strstr(logged(scene), "Expect:"));
}

static void http__redacts_the_body__when_told_so(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\nwant {\"<number-1>\":1}\n");
	ask(scene, "/x",
		(struct http_call){ .body = slice_of("{\"ten\":1}"), .redaction = HTTP_REDACT_ALWAYS });
	assert_int_equal(scene->result.head.status, 200);
}

static void http__redacts_by_itself__for_other_hosts(void **state)
{
	struct scene *scene = *state;
	struct http_call call = { .url = "http://192.0.2.1/x", .body = slice_of("ten"), .on_done = on_done };
	struct http_request *request = http_start(scene->http, &call, &scene->error);
	assert_non_null(request);
	assert_true(slice_is(http_request_body(request), "<number-1>"));
	http_cancel(request);
	loop_run(scene->loop, NULL, NULL);
	assert_int_equal(scene->done, 0);
}

static void http__refuses_what_is_no_url_or_no_header(void **state)
{
	struct scene *scene = *state;
	struct http_header split = { "X-Api-Key", "k\r\nX-Other: 1" };
	struct http_call calls[] = { { .url = "ftp://host/" }, { .url = "file:///etc/passwd" }, { .url = "http://" },
		{ .url = "http://127.0.0.1/", .headers = &split, .header_count = 1 } };
	for (size_t i = 0; i < 4; i++) {
		scene->error.text[0] = '\0';
		assert_null(http_start(scene->http, &calls[i], &scene->error));
		assert_true(scene->error.text[0] != '\0');
	}
}

static void http__says_cut__when_the_connection_ends_early(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\ntext half\ncut\n");
	ask(scene, "/", (struct http_call){ 0 });
	assert_int_equal(scene->result.fault, HTTP_CUT);
	assert_string_equal(buffer_string(&scene->body), "half\n");
	assert_non_null(strstr(scene->result.error.text, "127.0.0.1:"));
	assert_false(http_may_retry(&scene->result));
}

static void http__says_cut__when_the_length_was_wrong(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\nlength 100\ntext half\n");
	ask(scene, "/", (struct http_call){ 0 });
	assert_int_equal(scene->result.fault, HTTP_CUT);
}

static void http__says_silent__when_no_byte_comes(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\nhang\n");
	ask(scene, "/", (struct http_call){ .first_time = 60 });
	assert_int_equal(scene->result.fault, HTTP_SILENT);
	assert_int_equal(scene->result.head.status, 0);
	assert_true(http_may_retry(&scene->result));
}

static void http__says_silent__when_bytes_stop(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\ntext one\nhang\n");
	ask(scene, "/", (struct http_call){ .idle_time = 60 });
	assert_int_equal(scene->result.fault, HTTP_SILENT);
	assert_int_equal(scene->result.head.status, 200);
}

static void http__says_too_long__when_all_takes_too_long(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\ntext one\nhang\n");
	ask(scene, "/", (struct http_call){ .total_time = 60 });
	assert_int_equal(scene->result.fault, HTTP_TOO_LONG);
}

static void http__stops__at_the_maximum(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\nbytes 100\ntext 0123456789012345678901234567890123456789\n");
	ask(scene, "/", (struct http_call){ .reply_maximum = 10 });
	assert_int_equal(scene->result.fault, HTTP_TOO_LARGE);
	assert_true(scene->body.size <= 10);
}

static void http__calls_nothing_more__when_cancelled_in_the_middle(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\nbytes 1\ntext one\nhang\n");
	scene->cancel_at_byte = true;
	ask(scene, "/", (struct http_call){ 0 });
	assert_int_equal(scene->done, 0);
	assert_string_equal(buffer_string(&scene->body), "o");
}

static void http__says_unreachable__when_refused(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 200\n");
	scripted_server_stop(&scene->server);
	ask(scene, "/", (struct http_call){ 0 });
	assert_int_equal(scene->result.fault, HTTP_UNREACHABLE);
	assert_non_null(strstr(scene->result.error.text, "cannot be reached"));
	assert_true(http_may_retry(&scene->result));
}

static void http__follows_a_redirect__of_the_same_origin(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 307\nheader Location: /there\nreply 200\nwant POST /there\nwant hello\ntext ok\n");
	ask(scene, "/", (struct http_call){ .body = slice_of("hello") });
	assert_int_equal(scene->result.head.status, 200);
	assert_string_equal(buffer_string(&scene->body), "ok\n");
	assert_int_equal(scene->heads, 1);
}

static void http__does_not_follow_a_redirect__elsewhere(void **state)
{
	struct scene *scene = *state;
	serve(scene, "reply 308\nheader Location: http://127.0.0.2:9/there\n");
	ask(scene, "/", (struct http_call){ .body = slice_of("hello") });
	assert_int_equal(scene->result.head.status, 308);
}

static void http__knows_what_the_server_asks_for__in_its_headers(void **state)
{
	static const struct {
		const char *header;
		int64_t wait;
	} cases[] = { { "retry-after: 2", 2000 }, { "Retry-After: 0.5", 500 }, { "retry-after-ms: 350", 350 },
		{ "retry-after: Thu, 01 Jan 1970 00:00:10 GMT", 0 }, { "retry-after: soon", -1 }, { "x-other: 1", -1 },
		{ "retry-after: 3600", 3600000 } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct scene *scene = *state;
		char script[256];
		snprintf(script, sizeof script, "reply 429\nheader %s\ntext {}\n", cases[i].header);
		serve(scene, script);
		scene->done = 0;
		ask(scene, "/", (struct http_call){ 0 });
		assert_int_equal(scene->result.head.retry_after, cases[i].wait);
		assert_true(http_may_retry(&scene->result));
		scripted_server_stop(&scene->server);
	}
}

static void backoff__grows_with_jitter__and_obeys_the_server(void **state)
{
	(void)state;
	assert_int_equal(http_backoff(1, -1, 0), 500);
	assert_int_equal(http_backoff(1, -1, 0xFFFF), 375);
	assert_int_equal(http_backoff(3, -1, 0), 2000);
	assert_int_equal(http_backoff(30, -1, 0), 8000);
	assert_int_equal(http_backoff(1, 1200, 77), 1200);
	assert_int_equal(http_backoff(1, 3600000, 0), -1);
}

static void retry__is_for_what_may_pass__unless_the_server_says(void **state)
{
	static const struct {
		int status, should;
		bool may;
	} cases[] = { { 200, -1, false }, { 400, -1, false }, { 401, -1, false }, { 402, -1, false },
		{ 408, -1, true }, { 409, -1, true }, { 429, -1, true }, { 429, 0, false }, { 400, 1, true },
		{ 500, -1, true }, { 529, -1, true } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct http_result result = { .head = { .status = cases[i].status, .should_retry = cases[i].should } };
		assert_int_equal(http_may_retry(&result), cases[i].may);
	}
}

static void loopback__is_what_cannot_leave_the_machine(void **state)
{
	static const struct {
		const char *url;
		bool is;
	} cases[] = { { "http://localhost:8080/v1", true }, { "http://127.0.0.1/", true }, { "http://127.8.9.1", true },
		{ "http://[::1]:8080/", true }, { "http://x.localhost/", true }, { "http://127.0.0.1.evil.example/", false },
		{ "http://localhost@evil.example/", false }, { "https://api.example/", false },
		{ "http://127.0.0.256/", false }, { "http://10.0.0.1/", false }, { "http://evil.example/?http://127.0.0.1", false } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(http_host_is_loopback(http_url_host(slice_of(cases[i].url))), cases[i].is);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(http__gives_head_and_body__of_a_reply_in_pieces),
		TEST(http__sends_headers_and_body_as_they_are__to_loopback),
		TEST(http__redacts_the_body__when_told_so),
		TEST(http__redacts_by_itself__for_other_hosts),
		TEST(http__refuses_what_is_no_url_or_no_header),
		TEST(http__says_cut__when_the_connection_ends_early),
		TEST(http__says_cut__when_the_length_was_wrong),
		TEST(http__says_silent__when_no_byte_comes),
		TEST(http__says_silent__when_bytes_stop),
		TEST(http__says_too_long__when_all_takes_too_long),
		TEST(http__stops__at_the_maximum),
		TEST(http__calls_nothing_more__when_cancelled_in_the_middle),
		TEST(http__says_unreachable__when_refused),
		TEST(http__follows_a_redirect__of_the_same_origin),
		TEST(http__does_not_follow_a_redirect__elsewhere),
		TEST(http__knows_what_the_server_asks_for__in_its_headers),
		cmocka_unit_test(backoff__grows_with_jitter__and_obeys_the_server),
		cmocka_unit_test(retry__is_for_what_may_pass__unless_the_server_says),
		cmocka_unit_test(loopback__is_what_cannot_leave_the_machine),
	};
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
