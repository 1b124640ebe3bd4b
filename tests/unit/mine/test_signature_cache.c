/*
 * signature_make says what is right: for every message, whatever the cache has seen before.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "mine/shape.h"
#include "tocsin/mine/signature_cache.h"

/* A fixed generator, so that a failure can be repeated. */
static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

/* Few words and many numbers, so that shapes come back; now and then a byte is anything. */
static size_t write_message(char *out, size_t room, uint64_t *seed)
{
	static const char *const words[] = {"took", "lost", "at", "a", "shard", "/var/log/app/x", "/orders", "ada@example.org",
		"deadbeef", "'quoted text'", "\"", "'", "can't", "key=value", "[tag]", "caf\xc3\xa9", "back\\\"slash", "{",
		"user", "|", "----------------------------------------------------------------------------------------"};
	size_t wanted = 1 + next_random(seed) % 60, size = 0;

	for (size_t i = 0; i < wanted && size + 120 < room; i++) {
		uint32_t kind = next_random(seed) % 8;
		const char *word = words[next_random(seed) % (kind == 0 ? 21 : 4)];

		if (kind >= 4)
			for (uint32_t digits = 1 + next_random(seed) % 3; digits > 0; digits--)
				out[size++] = "0123456789abcx-/."[next_random(seed) % (kind == 7 ? 17 : 10)];
		if (kind < 6)
			size += slice_copy(slice_of(word), out + size, 100);
		if (next_random(seed) % 16 != 0)
			out[size++] = " ,:=  "[next_random(seed) % 6];
	}
	if (size > 0 && next_random(seed) % 8 == 0)
		out[next_random(seed) % size] = (char)next_random(seed);
	return size;
}

/* Given from a block of its own size, so that reading beyond it is seen. */
static struct slice get(struct signature_cache *cache, struct slice message)
{
	uint32_t code = signature_cache_code(cache, message);

	assert_true(code < signature_cache_count(cache));
	return signature_cache_text(cache, code);
}

static struct slice get_from_copy(struct signature_cache *cache, struct slice message, char *copy)
{
	if (message.size > 0)
		memcpy(copy, message.data, message.size);
	return get(cache, (struct slice){copy, message.size});
}

static void signature_cache__says_what_signature_make_says__whatever_came_before(void **state)
{
	struct signature_cache *cache = signature_cache_create(), *portable = signature_cache_create();
	const char *wanted = getenv("TOCSIN_SIGNATURES");
	size_t rounds = wanted != NULL ? strtoull(wanted, NULL, 10) : 300000;
	uint64_t seed = rounds + 17;

	(void)state;
	assert_non_null(cache);
	assert_non_null(portable);
	signature_cache_use_portable(portable);
	for (size_t round = 0; round < rounds; round++) {
		char message[900], made[SIGNATURE_MAXIMUM];
		struct slice text = {message, write_message(message, sizeof(message), &seed)};
		struct slice expected = {made, signature_make(text, made)};
		char *copy = malloc(text.size + 1);
		struct slice got = get_from_copy(cache, text, copy + 1);

		if (!slice_equal(got, expected))
			fail_msg("'%.*s' gives '%.*s', not '%.*s'", (int)text.size, text.data, (int)got.size, got.data,
				(int)expected.size, expected.data);
		assert_true(slice_equal(get_from_copy(portable, text, copy + 1), expected));
		free(copy);
	}
	signature_cache_destroy(cache);
	signature_cache_destroy(portable);
}

/* Messages in which nothing is a variable, each seen once: the table is full many times over. */
static void signature_cache__stays_exact__in_a_flood_of_letters(void **state)
{
	struct signature_cache *cache = signature_cache_create();
	uint64_t seed = 3;

	(void)state;
	assert_non_null(cache);
	for (int round = 0; round < 50000; round++) {
		char message[64] = "login of user xxxxxxxx from the office in yyyyy accepted", made[SIGNATURE_MAXIMUM];
		struct slice text = slice_of(message);

		for (int i = 14; i < 22; i++)
			message[i] = (char)('a' + next_random(&seed) % 26);
		assert_true(slice_equal(get(cache, text), (struct slice){made, signature_make(text, made)}));
	}
	signature_cache_destroy(cache);
}

static bool is_delimiter(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r') || (byte != '\0' && strchr("\"'()[]{}:,;=|", byte) != NULL);
}

static bool is_foreign(char byte)
{
	return byte == '\\' || (unsigned char)byte > '~' || ((unsigned char)byte < ' ' && !is_delimiter(byte));
}

/* Is the byte at `at` part of a word with a digit? */
static bool is_masked(struct slice text, size_t at)
{
	size_t begin = at, end = at;
	bool digit = false;

	while (begin > 0 && !is_delimiter(text.data[begin - 1]))
		begin--;
	while (end < text.size && !is_delimiter(text.data[end]))
		end++;
	for (size_t i = begin; i < end; i++)
		digit |= text.data[i] >= '0' && text.data[i] <= '9';
	return digit && !is_delimiter(text.data[at]);
}

static void shape__takes_out_words_with_a_digit__at_every_place(void **state)
{
	uint64_t seed = 5;
	size_t shapes = 0;

	(void)state;
	if (!shape_has_avx2())
		skip();
	for (int round = 0; round < 40000; round++) {
		char message[900];
		struct slice text = {message, write_message(message, sizeof(message), &seed)};
		bool foreign = text.size == 0 || text.size > SHAPE_BYTES;
		struct shape shape;

		for (size_t i = 0; i < text.size; i++)
			foreign |= is_foreign(text.data[i]);
		assert_int_equal(shape_make_avx2(text, &shape), !foreign);
		if (shape_has_bmi2()) {
			struct shape same;

			assert_int_equal(shape_make_bmi2(text, &same), !foreign);
			assert_int_equal(!foreign && same.key != shape.key, 0);
			for (size_t i = 0; i < SHAPE_BLOCKS_OF(text.size) && !foreign; i++)
				assert_true(same.variable[i] == shape.variable[i]);
		}
		for (size_t i = 0; i < text.size && !foreign; i++)
			assert_int_equal(shape.variable[i / 64] >> i % 64 & 1, is_masked(text, i));
		shapes += !foreign;
	}
	assert_true(shapes > 10000);
}

static void shape__equals__only_when_all_else_is_equal(void **state)
{
	char known[SHAPE_BYTES], message[SHAPE_BYTES];

	(void)state;
	if (!shape_has_avx2())
		skip();
	for (size_t size = 1; size <= SHAPE_BYTES; size++) {
		struct slice text = {message, size};
		struct shape shape;

		memset(known, ' ', sizeof(known));
		for (size_t i = 0; i < size; i++)
			known[i] = message[i] = "word 12 "[i % 8];
		assert_true(shape_make_avx2(text, &shape));
		assert_true(shape_equals_avx2(text, &shape, known));
		for (size_t i = 0; i < size; i++) {
			message[i] ^= 1;
			assert_int_equal(shape_equals_avx2(text, &shape, known), shape.variable[i / 64] >> i % 64 & 1);
			message[i] ^= 1;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signature_cache__says_what_signature_make_says__whatever_came_before),
		cmocka_unit_test(signature_cache__stays_exact__in_a_flood_of_letters),
		cmocka_unit_test(shape__takes_out_words_with_a_digit__at_every_place),
		cmocka_unit_test(shape__equals__only_when_all_else_is_equal),
	};

	return cmocka_run_group_tests_name("mine/signature_cache", tests, NULL, NULL);
}
