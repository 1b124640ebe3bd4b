/*
 * Each line of the input is a message. Parameters lie in it, in order, one for each mask; the template that the miner
 * gives it fits it; and a second miner that is given the lines in the same order says the same.
 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "tocsin/mine/miner.h"
#include "tocsin/mine/parameter.h"
#include "tocsin/mine/signature.h"
#include "tocsin/mine/template.h"

#define LINES 256

static void check_parameters(struct slice message)
{
	struct parameter found[PARAMETER_MAXIMUM];
	size_t count = parameter_find(message, found);
	unsigned mask = 0;
	const char *end = message.data;

	for (size_t i = 0; i < count; i++) {
		REQUIRE(found[i].mask == mask && found[i].masks > 0);
		REQUIRE(found[i].text.data >= end);
		REQUIRE(found[i].text.data + found[i].text.size <= message.data + message.size);
		REQUIRE(found[i].value == found[i].value);
		REQUIRE(found[i].kind < PARAMETER_KIND_COUNT);
		mask += found[i].masks;
		end = found[i].text.data + found[i].text.size;
	}
}

static void check_templates(const struct slice *messages, size_t count)
{
	struct miner *miner = miner_create(LINES), *again = miner_create(LINES);
	uint32_t of[LINES], of_again[LINES];
	char room[SIGNATURE_MAXIMUM];

	REQUIRE(miner != NULL && again != NULL);
	for (size_t i = 0; i < count; i++) {
		struct slice signature = { room, signature_make(messages[i], room) };

		REQUIRE(miner_add(miner, signature) == 0 && miner_add(again, signature) == 0);
		if (i == count / 2)
			REQUIRE(miner_merge(again, of_again) == 0);
	}
	REQUIRE(miner_merge(miner, of) == 0 && miner_merge(again, of_again) == 0);
	for (size_t i = 0; i < count; i++) {
		struct slice text = { room, miner_text(miner, of[i], room, sizeof room) };

		REQUIRE(of[i] <= i && of[of[i]] == of[i] && of[i] == of_again[i]);
		REQUIRE(template_match(text, messages[i], NULL, NULL));
	}
	miner_destroy(miner);
	miner_destroy(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = fuzz_input(data, size < 8192 ? size : 8192), messages[LINES];
	size_t count = 0;

	while (count < LINES && slice_next(&rest, '\n', &messages[count]))
		check_parameters(messages[count++]);
	check_templates(messages, count);
	return 0;
}
