#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/base/vault.h"

static void redacts(struct vault *vault, const char *text, const char *wanted)
{
	struct buffer out, back;
	buffer_init(&out, 1 << 16);
	buffer_init(&back, 1 << 16);
	assert_true(vault_redact(vault, slice_of(text), &out) >= 0);
	assert_string_equal(buffer_string(&out), wanted);
	vault_reveal(vault, buffer_slice(&out), &back);
	assert_string_equal(buffer_string(&back), text);
	/* again: what is replaced stays as it is */
	buffer_clear(&back);
	assert_int_equal(vault_redact(vault, buffer_slice(&out), &back), 0);
	assert_string_equal(buffer_string(&back), wanted);
	buffer_release(&out);
	buffer_release(&back);
}

static void vault__replaces_secrets_and_identities__and_gives_them_back(void **state)
{
	static const struct {
		const char *text, *redacted;
	} cases[] = {
		{ "connect to 10.1.2.3:5432 refused", "connect to <ip-1>:5432 refused" },
		{ "from 10.1.2.3, then 10.1.2.4.", "from <ip-1>, then <ip-2>." },
		{ "listen on 127.0.0.1 and 0.0.0.0", "listen on 127.0.0.1 and 0.0.0.0" },
		{ "peer fe80::1ff:fe23:4567:890a gone", "peer <ip-3> gone" },
		{ "peer 2001:db8:85a3:0:0:8a2e:370:7334", "peer <ip-4>" },
		{ "at 20:41:07 and 20:41", "at 20:41:07 and 20:41" },
		{ "db-1.prod.example.com timed out", "<host-1> timed out" },
		{ "orders.default.svc: no endpoints", "<host-2>: no endpoints" },
		{ "nova.compute.manager, checkout.csv, com.shop.Foo, v1.2.3", "nova.compute.manager, checkout.csv, com.shop.Foo, v1.2.3" },
		{ "host=web-01 service=orders-db", "host=<host-3> service=orders-db" },
		{ "host=orders-db", "host=orders-db" },
		{ "[req-6f2a1c3e-0b1d-4c55-9f3e-1234567890ab admin]", "[req-<uuid-1> admin]" },
		{ "instance 6f2a1c3e-0b1d-4c55-9f3e-1234567890ab", "instance <uuid-1>" },
		{ "password=hunter2 user ann@example.com", "password=<password-1> user <email-1>" },
		{ "{\"text\":\"Authorization: Bearer abcdef0123456789\"}", "{\"text\":\"Authorization: Bearer <authorization-1>\"}" },
		{ "card 4111 1111 1111 1111", "card <card-1>" },
	};
	struct vault *vault = vault_create();
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		redacts(vault, cases[i].text, cases[i].redacted);
	assert_true(slice_is(vault_placeholder(vault, 0), "<ip-1>"));
	assert_true(slice_is(vault_secret(vault, 0), "10.1.2.3"));
	vault_destroy(vault);
}

static void vault__obeys_the_users_patterns(void **state)
{
	struct vault *vault = vault_create();
	struct error error = { 0 };
	(void)state;
	assert_int_equal(vault_add_pattern(vault, slice_of("ACME-[0-9]+"), &error), 0);
	assert_int_equal(vault_add_pattern(vault, slice_of("customer (\\w+)"), &error), 0);
	redacts(vault, "ACME-12 of customer Jones, ACME-12", "<pattern-1> of customer <pattern-2>, <pattern-1>");
	assert_int_not_equal(vault_add_pattern(vault, slice_of("("), &error), 0);
	vault_destroy(vault);
}

static void unveil__gives_the_same__at_any_split(void **state)
{
	const char *text = "a <b <ip-1> <<ip-1>> <ip-1 <ip-9> x<ip-1>";
	struct vault *vault = vault_create();
	struct buffer out;
	(void)state;
	buffer_init(&out, 1 << 16);
	vault_redact(vault, slice_of("10.0.0.9"), &out);
	for (size_t first = 0; first <= strlen(text); first++) {
		struct unveil unveil = { .vault = vault };
		buffer_clear(&out);
		unveil_feed(&unveil, slice_first(slice_of(text), first), &out);
		unveil_feed(&unveil, slice_from(slice_of(text), first), &out);
		unveil_finish(&unveil, &out);
		assert_string_equal(buffer_string(&out), "a <b 10.0.0.9 <10.0.0.9> <ip-1 <ip-9> x10.0.0.9");
	}
	buffer_release(&out);
	vault_destroy(vault);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vault__replaces_secrets_and_identities__and_gives_them_back),
		cmocka_unit_test(vault__obeys_the_users_patterns),
		cmocka_unit_test(unveil__gives_the_same__at_any_split),
	};
	return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
