/*
 * Every rule has what it must hide and what it must leave alone. The keys below are made up, in the vendors' shapes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/base/error.h"
#include "tocsin/base/redact.h"

#define LARGE (1 << 21)

struct example {
	const char *text;
	const char *expected;
	int count;
};

static void assert_redacted(const char *text, const char *expected, int count)
{
	struct buffer once, twice;

	buffer_init(&once, LARGE);
	buffer_init(&twice, LARGE);
	assert_int_equal(redact_append(&once, slice_of(text)), count);
	assert_string_equal(buffer_string(&once), expected);
	/* What was hidden is not taken for a secret again. */
	assert_int_equal(redact_append(&twice, buffer_slice(&once)), 0);
	assert_string_equal(buffer_string(&twice), expected);
	buffer_release(&once);
	buffer_release(&twice);
}

static void assert_all(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_redacted(examples[i].text, examples[i].expected, examples[i].count);
}

#define ASSERT_ALL(table) assert_all(table, sizeof(table) / sizeof((table)[0]))

static void redact__hides_the_value__when_its_name_says_secret(void **state)
{
	static const struct example examples[] = {
		{"password=hunter2", "password=<password>", 1},
		{"login user=bob password=hunter2 ok", "login user=bob password=<password> ok", 1},
		{"DB_PASSWORD: hunter2\nnext", "DB_PASSWORD: <password>\nnext", 1},
		{"spring.datasource.password = a/b$c,x=1", "spring.datasource.password = <password>,x=1", 1},
		{"{\"password\":\"hun\\\"ter, 2\",\"a\":1}", "{\"password\":\"<password>\",\"a\":1}", 1},
		{"{\"m\":\"{\\\"passwd\\\": \\\"hun ter\\\"}\"}", "{\"m\":\"{\\\"passwd\\\": \\\"<password>\\\"}\"}",
			1},
		{"{'passphrase': u'open sesame', 'x': 1}", "{'passphrase': u'<password>', 'x': 1}", 1},
		{":db_pass=>\"x1\"", ":db_pass=>\"<password>\"", 1},
		{"mysqldump --password hunter2 db", "mysqldump --password <password> db", 1},
		{"pwd=hunter2", "pwd=<password>", 1},
		{"GET /a?token=abc123&x=1 200", "GET /a?token=<token>&x=1 200", 1},
		{"refreshToken: 8f7d6c5b4a", "refreshToken: <token>", 1},
		{"client_secret=abc", "client_secret=<secret>", 1},
		{"x-api-key: 42", "x-api-key: <key>", 1},
		{"aws_secret_access_key = wJalr/XUtn+FEMI", "aws_secret_access_key = <key>", 1},
		{"apiKey='a b c'", "apiKey='<key>'", 1},
		{"key=9fXk27LmQpZ81bTe", "key=<key>", 1},
		{"password=\"never closed", "password=\"<password> closed", 1},
		{"\\npassword=a1 \\ttoken=abc123", "\\npassword=<password> \\ttoken=<token>", 2},
	};

	(void)state;
	ASSERT_ALL(examples);
}

static void redact__hides_credentials__when_they_are_in_a_header(void **state)
{
	static const struct example examples[] = {
		{"Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic <authorization>", 1},
		{"authorization: bearer abc", "authorization: bearer <authorization>", 1},
		{"{\"Authorization\": \"Bearer a.b.c\", \"Accept\": 1}",
			"{\"Authorization\": \"Bearer <authorization>\", \"Accept\": 1}", 1},
		{"Proxy-Authorization: Digest username=\"bob\", response=\"6629\"\r\nHost: x",
			"Proxy-Authorization: Digest <authorization>\r\nHost: x", 1},
		{"Authorization: 0a1b2c3d4e5f6071", "Authorization: <authorization>", 1},
		{"sent Bearer abc123def now", "sent Bearer <token> now", 1},
		{"bearer AbCdEfGhIjKlMnOpQrStUvWxYz", "bearer <token>", 1},
	};

	(void)state;
	ASSERT_ALL(examples);
}

static void redact__hides_keys__when_they_have_a_vendors_shape(void **state)
{
	static const struct example examples[] = {
		{"using sk-proj-a1B2c3D4e5F6g7H8i9J0 for it", "using <key> for it", 1},
		{"key=sk-ant-api03-a1B2c3D4e5F6g7H8", "key=<key>", 1},
		{"(xoxb-1234567890-abcdef)", "(<key>)", 1},
		{"ghp_a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8", "<key>", 1},
		{"AKIAIOSFODNN7EXAMPLE.", "<key>.", 1},
		{"AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q", "<key>", 1},
		{"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3", "jwt <key>", 1},
		{"POST https://hooks.slack.com/services/T00/B00/XXX failed",
			"POST https://hooks.slack.com/services/<webhook> failed", 1},
	};

	(void)state;
	ASSERT_ALL(examples);
}

static void redact__hides_people_and_their_money__when_it_meets_them(void **state)
{
	static const struct example examples[] = {
		{"mail to Bob.Smith+ops@mail.example.com.", "mail to <email>.", 1},
		{"<a@b.co>,c_d@e-f.org", "<<email>>,<email>", 2},
		{"postgres://app:s3cr@et@db:5432/x", "postgres://app:<password>@db:5432/x", 1},
		{"redis://:hunter2@cache", "redis://:<password>@cache", 1},
		{"paid with 4111111111111111, ok", "paid with <card>, ok", 1},
		{"4111 1111 1111 1111 12/27 123", "<card> 12/27 123", 1},
		{"pan:4111-1111-1111-1111", "pan:<card>", 1},
		{"3782 822463 10005", "<card>", 1},
		{"5555555555554444", "<card>", 1},
	};

	(void)state;
	ASSERT_ALL(examples);
}

static void redact__hides_the_block__when_a_private_key_is_logged(void **state)
{
	static const struct example examples[] = {
		{"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nAAAA\n-----END RSA PRIVATE KEY-----\nb",
			"a\n<private-key>\nb", 1},
		{"\"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\"", "\"<private-key>\\n\"", 1},
		{"x -----BEGIN EC PRIVATE KEY-----\nMIIE cut", "x <private-key>", 1},
	};

	(void)state;
	ASSERT_ALL(examples);
}

static void redact__leaves_text_alone__when_it_only_looks_like_a_secret(void **state)
{
	static const char *const texts[] = {
		"",
		"commit 7133f34ab09c1d2e3f405162738495a6b7c8d9e0",
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"request 550e8400-e29b-41d4-a716-446655440000 took 12 ms",
		"req-40b01eb3-5ce4-45b1-ab2d-3b7e5c3b4b4b trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
		"token bucket is empty: key=42",
		"cache key=user:1234 miss, key: session, primary_key=17",
		"cache_key=550e8400-e29b-41d4-a716-446655440000",
		"routing_key=orders.created monkey=9fXk27LmQpZ81bTe",
		"tokens=512 max_tokens=1024 token_count=9",
		"Unexpected token: foo at line 3",
		"page token=5",
		"password reset requested; password= , passwords: 3",
		"password=null secret=*** token=<token> api_key=${API_KEY} pwd=''",
		"PWD=/root/work private_key=/etc/tls/key.pem",
		"Failed password for root from 10.0.0.1 port 22",
		"authorization: denied for user 12",
		"the bearer of news, bearer certificate",
		"task-scheduler-a1B2c3D4e5F6g7H8i9J0 sk-learn-is-a-library-for-python",
		"mask-1234567890123456789012",
		"http://host:8080/path@x https://user@host/ http://[::1]:80/",
		"getty@tty1.service root@db01 react@18.2.0 a@b @c.de d@",
		"git@github.com:org/repo.git",
		"-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
		"4111111111111112",
		"1747514355921897 1747514355921897000",
		"order 41111111111111110001 id-4111111111111111 4111111111111111-a",
		"9999 1111 1111 1111 2025-05-17 20:39:15",
		"4111x1111x1111x1111",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_redacted(texts[i], texts[i], 0);
}

static void redact__passes_bytes_through__when_they_are_no_text(void **state)
{
	static const char bytes[] = "\0\xFF\x1B[31m\0 password=a\0b \xC3\r\n";
	static const char expected[] = "\0\xFF\x1B[31m\0 password=<password>\0b \xC3\r\n";
	struct buffer out;

	(void)state;
	buffer_init(&out, LARGE);
	assert_int_equal(redact_append(&out, (struct slice){bytes, sizeof(bytes) - 1}), 1);
	assert_int_equal(out.size, sizeof(expected) - 1);
	assert_memory_equal(out.data, expected, sizeof(expected) - 1);
	buffer_clear(&out);
	assert_int_equal(redact_append(&out, (struct slice){NULL, 0}), 0);
	buffer_release(&out);
}

static void redact__says_so__when_the_output_is_full(void **state)
{
	struct buffer out;

	(void)state;
	buffer_init(&out, 10);
	assert_int_equal(redact_append(&out, slice_of("password=hunter2")), ERROR_FULL);
	buffer_release(&out);
}

/* Each of these makes some rule look ahead at every word; were that not bounded, it would take minutes. */
static void redact__stays_linear__when_text_is_made_to_be_slow(void **state)
{
	static const char *const units[] = {
		"key=",
		"pwd=/",
		"password=$",
		"password='$",
		"password=\"\\",
		"a@b.c@",
		"http://",
		"h://a:b",
		"-----BEGIN ",
		"bearer ",
		"bearer-",
		"authorization: ",
		"authorization: digest $",
		"sk-",
		"4111 1111 ",
		"4-",
		"token: ",
		"eyJ.",
		"\\\\\\\"",
		"password  ",
		"--password ",
		"hooks.slack.com/services/ ",
		"u'",
	};
	enum { SIZE = 1 << 18 };

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct buffer text, out;

		buffer_init(&text, LARGE);
		buffer_init(&out, LARGE);
		while (text.size < SIZE)
			buffer_append_string(&text, units[i]);
		assert_true(redact_append(&out, buffer_slice(&text)) >= 0);
		buffer_release(&text);
		buffer_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(redact__hides_the_value__when_its_name_says_secret),
		cmocka_unit_test(redact__hides_credentials__when_they_are_in_a_header),
		cmocka_unit_test(redact__hides_keys__when_they_have_a_vendors_shape),
		cmocka_unit_test(redact__hides_people_and_their_money__when_it_meets_them),
		cmocka_unit_test(redact__hides_the_block__when_a_private_key_is_logged),
		cmocka_unit_test(redact__leaves_text_alone__when_it_only_looks_like_a_secret),
		cmocka_unit_test(redact__passes_bytes_through__when_they_are_no_text),
		cmocka_unit_test(redact__says_so__when_the_output_is_full),
		cmocka_unit_test(redact__stays_linear__when_text_is_made_to_be_slow),
	};

	return cmocka_run_group_tests_name("base/redact", tests, NULL, NULL);
}
