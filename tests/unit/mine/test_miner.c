#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/mine/miner.h"
#include "tocsin/mine/signature.h"
#include "tocsin/mine/template.h"

#define MESSAGES 4000

/* Messages with their signatures and templates. */
struct mined {
	struct miner *miner;
	uint32_t signature_of[MESSAGES];
	uint32_t of[MESSAGES];
	size_t count;
};

static uint32_t number_of(struct mined *mined, char (*texts)[SIGNATURE_MAXIMUM], size_t *sizes, struct slice signature)
{
	uint32_t count = miner_count(mined->miner);

	for (uint32_t i = 0; i < count; i++)
		if (slice_equal((struct slice){texts[i], sizes[i]}, signature))
			return i;
	memcpy(texts[count], signature.data, signature.size);
	sizes[count] = signature.size;
	assert_int_equal(miner_add(mined->miner, signature), 0);
	return count;
}

/* As ingest does it: unknown signatures are settled, and merging happens at the fixed counts and at the end. */
static void mine(struct mined *mined, const char *const *messages, size_t count)
{
	char(*texts)[SIGNATURE_MAXIMUM] = calloc(MESSAGES, SIGNATURE_MAXIMUM), made[SIGNATURE_MAXIMUM];
	size_t *sizes = calloc(MESSAGES, sizeof *sizes);
	uint32_t next = miner_next_merge(0);

	mined->miner = miner_create(MESSAGES);
	mined->count = count;
	for (size_t i = 0; i < count; i++) {
		struct slice signature = {made, signature_make(slice_of(messages[i]), made)};
		bool known = false;

		for (uint32_t j = 0; j < miner_count(mined->miner) && !known; j++)
			known = slice_equal((struct slice){texts[j], sizes[j]}, signature);
		if (!known)
			signature = miner_settle(mined->miner, signature);
		mined->signature_of[i] = number_of(mined, texts, sizes, signature);
		if (miner_count(mined->miner) == next) {
			assert_int_equal(miner_merge(mined->miner, mined->of), 0);
			next = miner_next_merge(next);
		}
	}
	assert_int_equal(miner_merge(mined->miner, mined->of), 0);
	free(sizes);
	free(texts);
}

static uint32_t template_of(const struct mined *mined, size_t message)
{
	return mined->of[mined->signature_of[message]];
}

/* The messages up to NULL are one template with this text. */
static void assert_one(const char *text, const char *const *messages)
{
	struct mined *mined = calloc(1, sizeof *mined);
	char room[SIGNATURE_MAXIMUM];
	size_t count = 0;

	while (messages[count] != NULL)
		count++;
	mine(mined, messages, count);
	for (size_t i = 0; i < count; i++) {
		if (template_of(mined, i) != 0)
			fail_msg("'%s' is not of the template of '%s'", messages[i], messages[0]);
		assert_true(template_match(slice_of(text), slice_of(messages[i]), NULL, NULL));
	}
	room[miner_text(mined->miner, 0, room, sizeof room - 1)] = '\0';
	assert_string_equal(room, text);
	miner_destroy(mined->miner);
	free(mined);
}

/* No two of them are. */
static void assert_apart(const char *const *messages)
{
	struct mined *mined = calloc(1, sizeof *mined);
	size_t count = 0;

	while (messages[count] != NULL)
		count++;
	mine(mined, messages, count);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (template_of(mined, i) == template_of(mined, j))
				fail_msg("'%s' and '%s' are one template", messages[i], messages[j]);
	miner_destroy(mined->miner);
	free(mined);
}

#define ONE(text, ...) assert_one(text, (const char *const[]){__VA_ARGS__, NULL})
#define APART(...) assert_apart((const char *const[]){__VA_ARGS__, NULL})

static void merge__takes_forms_together__of_the_same_thing(void **state)
{
	(void)state;
	ONE("dropped <*>", "dropped part7", "dropped part7 part8 part9", "dropped part1 part2");
	ONE("dropped [<*>] now", "dropped [7] now", "dropped [7, 8, 9] now");
	ONE("seen <*> <*> <*> <*>:<*>:<*> <*>", "seen Sun Jul 3 10:11:12 2005", "seen Mon Jun 13 10:11:12 2005");
	ONE("wrote <*> to disk", "wrote 1190 bytes (1.16 KB) to disk", "wrote 90 bytes to disk");
	ONE("took <*>", "took 12 ms", "took 3 s", "took 00:01:10");
	ONE("peer <*> joined", "peer 10.0.0.1 joined", "peer 10.0.0.1:80 joined", "peer fe:01:aa:bb:02:ce joined",
		"peer ca:fe:ba:be:aa:bb joined");
	ONE("call from (<*>)", "call from (10.0.0.1)", "call from ()");
	ONE("cannot load <*>", "cannot load org.example.store.Index", "cannot load org.example.net.Peer");
	ONE("<*>:<*> closed after <*> <*>", "mail.example.org:25 closed after 3 s", "www.example.net:443 closed after 2 ms");
}

static void merge__finds_variables__by_their_values(void **state)
{
	(void)state;
	ONE("login of <*> refused", "login of ada refused", "login of x9 refused");
	ONE("login of <*> refused", "login of ada refused", "login of bob refused", "login of cyd refused",
		"login of dee refused", "login of eve refused", "login of fay refused");
}

static void merge__finds_variables__that_go_round(void **state)
{
	static const char *const messages[] = {"session of ada opened", "session of bob opened", "session of cyd opened",
		"goodbye, friend of ada", "goodbye, friend of bob", "goodbye, friend of cyd"};
	struct mined *mined = calloc(1, sizeof *mined);

	(void)state;
	mine(mined, messages, 6);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(template_of(mined, i), 0);
		assert_int_equal(template_of(mined, 3 + i), 3);
	}
	miner_destroy(mined->miner);
	free(mined);
}

static void merge__keeps_apart__what_are_states_or_deeds(void **state)
{
	(void)state;
	APART("link is up", "link is down", "link is dead");
	APART("cached=true for 7", "cached=false for 7", "cached=0 for 7");
	APART("node state LEADING", "node state FOLLOWING", "node state LOOKING", "my state LEADING of 1",
		"my state FOLLOWING of 1", "my state LOOKING of 1");
	APART("started 7", "stopped 7", "paused 7", "resumed 7", "killed 7", "spawned 7", "moved 7");
	APART("\"GET /a/b\" took 3", "\"POST /a/b\" took 3");
	APART("retry", "retry later", "retry later again");
}

/* --- properties ------------------------------------------------------------------------------------------------ */

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

static const char *pick(uint64_t *seed, const char *const *list, size_t count)
{
	return list[next_random(seed) % count];
}
#define PICK(seed, ...) \
	pick(seed, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void write_message(uint64_t *seed, char *out, size_t size)
{
	const char *name = PICK(seed, "ada", "bob", "cyd", "dee", "eve", "fay", "gus", "hal", "x9", "y12");
	const char *state = PICK(seed, "up", "down", "true", "null", "LEADING", "org.example.Peer", "/var/log/a");
	unsigned number = next_random(seed) % 1000;

	switch (next_random(seed) % 8) {
	case 0: snprintf(out, size, "user  %s logged in from 10.0.0.%u", name, number); break;
	case 1: snprintf(out, size, "link %s is %s", name, state); break;
	case 2: snprintf(out, size, "took %u %s (%u)", number, PICK(seed, "ms", "s", "bytes", "apples"), number); break;
	case 3: snprintf(out, size, "dropped [%s] %s", PICK(seed, "1", "1, 2", "1,2,3", "", "a"), name); break;
	case 4: snprintf(out, size, "at %s May %u %s", PICK(seed, "Sun", "Mon", "never"), number, state); break;
	case 5: snprintf(out, size, "\"%s /x/y/%u\" %s=%u", PICK(seed, "GET", "POST", "get"), number, name, number); break;
	case 6: snprintf(out, size, "part%u part%u %s%s ( )", number, number, name, PICK(seed, "", " part3")); break;
	default: snprintf(out, size, "%s caf\xc3\xa9 \x01 \xff %s", PICK(seed, "the", "a"), name);
	}
}

struct corpus {
	char texts[MESSAGES][120];
	const char *messages[MESSAGES];
};

static struct corpus *write_corpus(uint64_t seed, size_t count)
{
	struct corpus *corpus = calloc(1, sizeof *corpus);

	for (size_t i = 0; i < count; i++) {
		write_message(&seed, corpus->texts[i], sizeof corpus->texts[i]);
		corpus->messages[i] = corpus->texts[i];
	}
	return corpus;
}

/* Puts the spans back into the text and compares without counting white space. */
static bool gives_back(struct slice text, struct slice message, const struct slice *spans)
{
	char filled[2000];
	size_t size = 0, at = 0, mask;

	for (size_t i = 0; (mask = slice_find(text, slice_of(TEMPLATE_MASK))) != SIZE_MAX; i++) {
		memcpy(filled + size, text.data, mask);
		size += mask;
		if (spans[i].size > 0)
			memcpy(filled + size, spans[i].data, spans[i].size);
		size += spans[i].size;
		text = slice_from(text, mask + strlen(TEMPLATE_MASK));
	}
	memcpy(filled + size, text.data, text.size);
	size += text.size;
	for (size_t i = 0; i < message.size; i++) {
		if (message.data[i] == ' ')
			continue;
		while (at < size && filled[at] == ' ')
			at++;
		if (at == size || (filled[at] != message.data[i] && filled[at] != '?'))
			return false;
		at++;
	}
	while (at < size && filled[at] == ' ')
		at++;
	return at == size;
}

static void template__fits_its_messages__and_gives_them_back(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 30; seed++) {
		struct corpus *corpus = write_corpus(seed, 300);
		struct mined *mined = calloc(1, sizeof *mined);

		mine(mined, corpus->messages, 300);
		for (size_t i = 0; i < 300; i++) {
			char room[SIGNATURE_MAXIMUM];
			struct slice spans[TEMPLATE_MAXIMUM_MASKS], message = slice_of(corpus->messages[i]);
			struct slice text = {room, miner_text(mined->miner, template_of(mined, i), room, sizeof room)};

			if (!template_match(text, message, spans, NULL) || !gives_back(text, message, spans))
				fail_msg("'%.*s' does not give '%s'", (int)text.size, text.data, corpus->messages[i]);
		}
		miner_destroy(mined->miner);
		free(mined);
		free(corpus);
	}
}

static void merge__gives_the_same_templates__in_any_order(void **state)
{
	(void)state;
	for (uint64_t seed = 50; seed < 70; seed++) {
		struct corpus *corpus = write_corpus(seed, 200);
		struct mined *forward = calloc(1, sizeof *forward), *backward = calloc(1, sizeof *backward);
		const char *reversed[200];

		for (size_t i = 0; i < 200; i++)
			reversed[199 - i] = corpus->messages[i];
		mine(forward, corpus->messages, 200);
		mine(backward, reversed, 200);
		for (size_t i = 0; i < 200; i++)
			for (size_t j = 0; j < i; j++)
				if ((template_of(forward, i) == template_of(forward, j)) !=
					(template_of(backward, 199 - i) == template_of(backward, 199 - j)))
					fail_msg("'%s' and '%s' depend on the order", corpus->messages[i], corpus->messages[j]);
		miner_destroy(forward->miner);
		miner_destroy(backward->miner);
		free(forward);
		free(backward);
		free(corpus);
	}
}

static void settle__bounds_signatures__when_names_never_end(void **state)
{
	struct corpus *corpus = calloc(1, sizeof *corpus);
	struct mined *mined = calloc(1, sizeof *mined);

	(void)state;
	for (unsigned i = 0; i < MESSAGES; i++) {
		char name[5] = {(char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676), 'x', '\0'};

		snprintf(corpus->texts[i], sizeof corpus->texts[i], "password of %s refused", name);
		corpus->messages[i] = corpus->texts[i];
	}
	mine(mined, corpus->messages, MESSAGES);
	assert_true(miner_count(mined->miner) < 50);
	for (size_t i = 0; i < MESSAGES; i++)
		assert_int_equal(template_of(mined, i), 0);
	miner_destroy(mined->miner);
	free(mined);
	free(corpus);
}

static void match__takes_the_nearest__and_needs_all(void **state)
{
	struct slice spans[TEMPLATE_MAXIMUM_MASKS];
	size_t count;

	(void)state;
	assert_true(template_match(slice_of("a <*> b <*>"), slice_of("  a  1 \t b 2 b 3 "), spans, &count));
	assert_int_equal(count, 2);
	assert_true(slice_is(spans[0], "1"));
	assert_true(slice_is(spans[1], "2 b 3"));
	assert_true(template_match(slice_of("x (<*>) y"), slice_of("x () y"), spans, &count));
	assert_int_equal(spans[0].size, 0);
	assert_true(template_match(slice_of("<*> end"), slice_of("end of end"), spans, &count));
	assert_true(slice_is(spans[0], "end of"));
	assert_false(template_match(slice_of("a <*> b"), slice_of("a 1 b c"), NULL, NULL));
	assert_false(template_match(slice_of("a b"), slice_of("a b c"), NULL, NULL));
	assert_false(template_match(slice_of("a b"), slice_of("ab"), NULL, NULL));
	assert_true(template_match(slice_of(""), slice_of(" "), NULL, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merge__takes_forms_together__of_the_same_thing),
		cmocka_unit_test(merge__finds_variables__by_their_values),
		cmocka_unit_test(merge__finds_variables__that_go_round),
		cmocka_unit_test(merge__keeps_apart__what_are_states_or_deeds),
		cmocka_unit_test(template__fits_its_messages__and_gives_them_back),
		cmocka_unit_test(merge__gives_the_same_templates__in_any_order),
		cmocka_unit_test(settle__bounds_signatures__when_names_never_end),
		cmocka_unit_test(match__takes_the_nearest__and_needs_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
