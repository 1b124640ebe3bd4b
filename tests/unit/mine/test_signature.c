#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "tocsin/mine/signature.h"

static struct slice signature_of(struct slice message, char out[SIGNATURE_MAXIMUM])
{
	return (struct slice){out, signature_make(message, out)};
}

static void assert_signature(const char *message, const char *expected)
{
	char out[SIGNATURE_MAXIMUM];
	struct slice made = signature_of(slice_of(message), out);
	if (!slice_is(made, expected))
		fail_msg("'%s' gives '%.*s', not '%s'", message, (int)made.size, made.data, expected);
	assert_true(signature_matches(slice_of(expected), slice_of(message)));
}

struct example {
	const char *message;
	const char *signature;
};

static void signature__masks_variables__in_everyday_messages(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Request 8813 took 52 ms", "Request <*> took <*> ms"},
		{"Request 8813 took 52ms", "Request <*> took <*>"},
		{"pool exhausted: active=50 max=50 wait=5", "pool exhausted: active=<*> max=<*> wait=<*>"},
		{"a=1,b=2", "a=<*>,b=<*>"},
		{"GET /api/v2/orders/8812 502", "GET <*> <*>"},
		{"GET /api/orders/list OK", "GET <*> OK"},
		{"GET /api/orders OK", "GET /api/orders OK"},
		{"connect 10.0.3.7:5432 refused", "connect <*>:<*> refused"},
		{"address 0xdeadbeef freed", "address <*> freed"},
		{"commit deadbeef by ada", "commit <*> by ada"},
		{"a faded facade", "a faded facade"},
		{"id 550e8400-e29b-41d4-a716-446655440000 gone", "id <*> gone"},
		{"[req-4f1cabcd] done", "[<*>] done"},
		{"payment-service over HTTP v2", "payment-service over HTTP <*>"},
		{"mail to ada@example.org failed", "mail to <*> failed"},
		{"@Override and me@ stay", "@Override and me@ stay"},
		{"----------", "----------"},
		{"1 2 3", "<*> <*> <*>"},
		{"[12,13]{14}(15)|16;17", "[<*>,<*>]{<*>}(<*>)|<*>;<*>"},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		assert_signature(examples[i].message, examples[i].signature);
}

static void signature__masks_quoted_text__but_not_apostrophes(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"user \"ada lovelace\" left", "user \"<*>\" left"},
		{"cannot open 'my file'.", "cannot open '<*>'."},
		{"can't find the users' file", "can't find the users' file"},
		{"name=\"\" given", "name=\"<*>\" given"},
		{"never \"closed here", "never \"closed here"},
		{"\"GET /a/b HTTP/1.1\" 200", "\"GET <*>\" <*>"},
		{"ran 'SELECT name FROM users' and \"G7T x\" and \"GET\"", "ran 'SELECT <*>' and \"<*>\" and \"<*>\""},
		{"body=\"{\\\"id\\\": 5}\" sent", "body=\"<*>\" sent"},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		assert_signature(examples[i].message, examples[i].signature);
}

static void signature__cleans__white_space_and_unsafe_bytes(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"", ""},
		{" \t\r\n ", ""},
		{"  two \t words\n", "two words"},
		{"first\nsecond", "first second"},
		{"bell\x07 and \x1b[31m", "bell? and ?[<*>"},
		{"caf\xc3\xa9 closed", "caf\xc3\xa9 closed"},
		{"cut\xc3 short", "cut? short"},
		{"next\xc2\x85line", "next?line"},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		assert_signature(examples[i].message, examples[i].signature);
}

static void signature__stays_within_maximum__when_message_is_long(void **state)
{
	(void)state;
	char message[4000], out[SIGNATURE_MAXIMUM];
	for (size_t i = 0; i < sizeof message; i++)
		message[i] = "verb "[i % 5];
	struct slice made = signature_of((struct slice){message, sizeof message}, out);
	assert_true(made.size > SIGNATURE_MAXIMUM - 5 && made.size <= SIGNATURE_MAXIMUM);
	assert_true(slice_ends(made, " verb"));

	memset(message, 'x', sizeof message);
	assert_true(slice_is(signature_of((struct slice){message, sizeof message}, out), "<*>"));
}

static void signature__differs__when_constant_words_differ(void **state)
{
	(void)state;
	assert_false(signature_matches(slice_of("Request <*> took <*> ms"), slice_of("Request 8813 took 52 s")));
	assert_false(signature_matches(slice_of("Request <*> took <*> ms"), slice_of("Request 8813 took 52")));
	assert_true(signature_matches(slice_of(""), slice_of("")));
}

/* A fixed generator, so that a failure can be repeated. */
static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

static void check_properties(struct slice message)
{
	char once[SIGNATURE_MAXIMUM], twice[SIGNATURE_MAXIMUM];
	struct slice first = signature_of(message, once);
	struct slice second = signature_of(first, twice);
	assert_true(first.size <= SIGNATURE_MAXIMUM);
	if (!slice_equal(first, second))
		fail_msg("'%.*s' gives '%.*s' and then '%.*s'", (int)message.size, message.data, (int)first.size,
			 first.data, (int)second.size, second.data);
	for (size_t i = 0; i < first.size; i++) {
		assert_true((unsigned char)first.data[i] >= 0x20 && first.data[i] != 0x7f);
		assert_false(first.data[i] >= '0' && first.data[i] <= '9');
	}
	assert_true(slice_equal(first, slice_trim(first)));
	assert_int_equal(slice_find(first, slice_of("  ")), SIZE_MAX);
	assert_true(signature_matches(first, message));
}

static void signature__is_idempotent__for_any_bytes(void **state)
{
	(void)state;
	static const char likely[] = "abGET1'\"\\ \t<*>=:/@.-|f\xc3\xa9\x80\x01";
	uint64_t seed = 17;
	char message[1500];
	for (int round = 0; round < 20000; round++) {
		size_t size = next_random(&seed) % (round % 50 == 0 ? sizeof message : 40);
		for (size_t i = 0; i < size; i++) {
			uint32_t random = next_random(&seed);
			message[i] = round % 2 ? (char)random : likely[random % (sizeof likely - 1)];
		}
		check_properties((struct slice){message, size});
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signature__masks_variables__in_everyday_messages),
		cmocka_unit_test(signature__masks_quoted_text__but_not_apostrophes),
		cmocka_unit_test(signature__cleans__white_space_and_unsafe_bytes),
		cmocka_unit_test(signature__stays_within_maximum__when_message_is_long),
		cmocka_unit_test(signature__differs__when_constant_words_differ),
		cmocka_unit_test(signature__is_idempotent__for_any_bytes),
	};
	return cmocka_run_group_tests_name("mine/signature", tests, NULL, NULL);
}
