#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "tocsin/base/buffer.h"
#include "tocsin/mine/parameter.h"
#include "tocsin/mine/signature.h"

/* "kind:text" or "kind:name=text", with "~value" for what is measured. */
static void assert_parameters(const char *message, const char *expected)
{
	struct parameter found[PARAMETER_MAXIMUM];
	struct buffer out;

	buffer_init(&out, 4096);
	for (size_t i = 0, count = parameter_find(slice_of(message), found); i < count; i++) {
		buffer_append_format(&out, "%s%s:", i > 0 ? "; " : "", parameter_kind_name(found[i].kind));
		if (found[i].name.size > 0)
			buffer_append_format(&out, "%.*s=", (int)found[i].name.size, found[i].name.data);
		buffer_append_slice(&out, found[i].text);
		if (found[i].kind == PARAMETER_DURATION || found[i].kind == PARAMETER_SIZE)
			buffer_append_format(&out, "~%.10g", found[i].value);
	}
	assert_string_equal(buffer_string(&out), expected);
	buffer_release(&out);
}

static void parameter__has_its_kind__in_everyday_messages(void **state)
{
	(void)state;
	static const struct {
		const char *message, *expected;
	} examples[] = {
		{"Request 8813 took 52 ms", "number:Request=8813; duration:took=52~0.052"},
		{"took 52ms.", "duration:took=52~0.052"},
		{"elapsed_ms=12 timeMs: 7 size_bytes=9 time_min=3",
			"duration:elapsed_ms=12~0.012; duration:timeMs=7~0.007; size:size_bytes=9~9; number:time_min=3"},
		{"after 1m30.5s in all", "duration:after=1m30.5s~90.5"},
		{"read 1,234,567 bytes (18.5 KB)", "size:read=1,234,567~1234567; size:bytes=18.5~18944"},
		{"ports 443,444", "number:ports=443; number:444"},
		{"heap at 97%", "number:at=97"},
		{"connect 10.0.3.7:5432 refused", "address:connect=10.0.3.7:5432"},
		{"from /10.251.73.220:42557", "address:from=/10.251.73.220:42557"},
		{"peer=[fe80::1%eth0] via 2001:db8:0:0:0:0:0:1", "address:peer=fe80::1%eth0; address:via=2001:db8:0:0:0:0:0:1"},
		{"lease 00:1a:2b:3c:4d:5e at 20:41:07", "address:lease=00:1a:2b:3c:4d:5e; time:at=20:41:07"},
		{"on 2025-05-17 until 2025-05-17T20:41:07Z", "time:on=2025-05-17; time:until=2025-05-17T20:41:07Z"},
		{"GET /api/v2/orders/8812 502", "path:GET=/api/v2/orders/8812; number:502"},
		{"get http://db7:80/x?id=3&n=4 now", "path:get=http://db7:80/x?id=3&n=4"},
		{"open C:\\logs\\a1.txt", "path:open=C:\\logs\\a1.txt"},
		{"id 550e8400-e29b-41d4-a716-446655440000 gone", "identifier:id=550e8400-e29b-41d4-a716-446655440000"},
		{"[req-4f1cabcd] at 0xdeadbeef, commit deadbeef",
			"identifier:req-4f1cabcd; hex:at=0xdeadbeef; hex:commit=deadbeef"},
		{"user \"ada lovelace\" left", "quoted:user=ada lovelace"},
		{"{\"took\":12,\"who\":\"\"}", "quoted:took; number:took=12; quoted:who; quoted:who="},
		{"took '5000' ms", "duration:took=5000~5"},
		{"mail to ada@example.org failed", "address:to=ada@example.org"},
		{"version 1.2.3 build #77", "identifier:version=1.2.3; number:build=77"},
		{"nothing to see: here", ""},
		{"", ""},
	};

	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		assert_parameters(examples[i].message, examples[i].expected);
}

static unsigned count_masks(struct slice signature)
{
	unsigned count = 0;
	size_t at;

	while ((at = slice_find(signature, slice_of("<*>"))) != SIZE_MAX) {
		count++;
		signature = slice_from(signature, at + 3);
	}
	return count;
}

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

/* Every mask has one parameter, in order, and a parameter lies within the message. */
static void parameter__counts_masks_as_the_signature_does__for_any_bytes(void **state)
{
	static const char likely[] = "ab1'\"\\ \t:=:/@.-|,00:17%smKB\xc3\xa9\x80";
	struct parameter found[PARAMETER_MAXIMUM];
	char message[60], made[SIGNATURE_MAXIMUM];
	uint64_t seed = 29;

	(void)state;
	for (int round = 0; round < 30000; round++) {
		size_t size = next_random(&seed) % sizeof message, count;
		const char *end = message;
		unsigned mask = 0;

		for (size_t i = 0; i < size; i++)
			message[i] = likely[next_random(&seed) % (sizeof likely - 1)];
		count = parameter_find((struct slice){message, size}, found);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(found[i].mask, mask);
			assert_true(found[i].masks > 0);
			assert_true(found[i].text.data >= end && found[i].text.data + found[i].text.size <= message + size);
			assert_true(found[i].value == found[i].value);
			mask += found[i].masks;
			end = found[i].text.data + found[i].text.size;
		}
		assert_int_equal(mask, count_masks((struct slice){made, signature_make((struct slice){message, size}, made)}));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameter__has_its_kind__in_everyday_messages),
		cmocka_unit_test(parameter__counts_masks_as_the_signature_does__for_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
