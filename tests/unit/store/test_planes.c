/*
 * Numbers of every width go in and come out, alone, in blocks and in sums.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "store/planes.h"

#define STRIDE 3

static uint64_t seed = 1;

static uint64_t next_number(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed ^ seed >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
}

static void fill(uint64_t numbers[PLANES_NUMBERS], unsigned bits)
{
	for (size_t i = 0; i < PLANES_NUMBERS; i++)
		numbers[i] = bits > 0 ? next_number() >> (64 - bits) : 0;
}

static void planes__give_back__numbers_of_every_width(void **state)
{
	uint64_t numbers[PLANES_NUMBERS], out[PLANES_NUMBERS], planes[64 * STRIDE];

	(void)state;
	for (unsigned bits = 0; bits <= 64; bits++) {
		fill(numbers, bits);
		memset(planes, 0xff, sizeof(planes));
		planes_pack(numbers, STRIDE, bits, planes);
		for (size_t i = 0; i < 64 * STRIDE; i++)
			if (i % STRIDE != 0 || i / STRIDE >= bits)
				assert_true(planes[i] == UINT64_MAX);
		planes_unpack(planes, STRIDE, bits, out);
		assert_memory_equal(out, numbers, sizeof(out));
		for (size_t i = 0; i < PLANES_NUMBERS; i++)
			assert_true(planes_get(planes, STRIDE, bits, i) == numbers[i]);
	}
}

static void planes__add_up__any_subset_on_any_machine(void **state)
{
	uint64_t numbers[PLANES_NUMBERS], planes[64];

	(void)state;
	for (unsigned bits = 0; bits <= 64; bits++) {
		uint64_t masks[] = { 0, 1, UINT64_MAX, UINT64_C(1) << 63, next_number(), next_number() };

		fill(numbers, bits);
		planes_pack(numbers, 1, bits, planes);
		for (size_t k = 0; k < sizeof(masks) / sizeof(*masks); k++) {
			uint64_t expected = 0;

			for (size_t i = 0; i < PLANES_NUMBERS; i++)
				expected += masks[k] >> i & 1 ? numbers[i] : 0;
			assert_true(planes_sum(planes, bits, masks[k]) == expected);
			assert_true(planes_sum_portable(planes, bits, masks[k]) == expected);
		}
	}
}

static void planes__count__bits(void **state)
{
	(void)state;
	assert_int_equal(planes_count(0), 0);
	assert_int_equal(planes_count(UINT64_MAX), 64);
	assert_int_equal(planes_count(UINT64_C(0x8000000100000011)), 4);
	assert_int_equal(planes_bits(0), 0);
	assert_int_equal(planes_bits(1), 1);
	assert_int_equal(planes_bits(255), 8);
	assert_int_equal(planes_bits(UINT64_MAX), 64);
}

static void packed__gives_back__numbers_across_words(void **state)
{
	uint64_t words[80], numbers[65];

	(void)state;
	memset(words, 0, sizeof(words));
	for (unsigned bits = 0, at = 3; bits <= 64; at += bits, bits++) {
		numbers[bits] = bits > 0 ? next_number() >> (64 - bits) : 0;
		packed_put(words, at, bits, numbers[bits]);
	}
	for (unsigned bits = 0, at = 3; bits <= 64; at += bits, bits++)
		assert_true(packed_get(words, at, bits) == numbers[bits]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(planes__give_back__numbers_of_every_width),
		cmocka_unit_test(planes__add_up__any_subset_on_any_machine),
		cmocka_unit_test(planes__count__bits),
		cmocka_unit_test(packed__gives_back__numbers_across_words),
	};

	return cmocka_run_group_tests_name("store/planes", tests, NULL, NULL);
}
