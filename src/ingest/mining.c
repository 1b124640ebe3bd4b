#include "ingest/mining.h"

#include <stdlib.h>

#include "tocsin/mine/signature.h"

#define SIGNATURES_MAXIMUM (UINT32_C(1) << 20)

void mining_init(struct mining *mining, struct store *store)
{
	*mining = (struct mining){
		.store = store, .next = miner_next_merge(0), .miner = miner_create(SIGNATURES_MAXIMUM)};
}

void mining_release(struct mining *mining)
{
	miner_destroy(mining->miner);
}

struct slice mining_settle(const struct mining *mining, struct slice signature)
{
	struct slice settled;

	if (mining->miner == NULL)
		return signature;
	settled = miner_settle(mining->miner, signature);
	if (settled.data == signature.data || store_knows_signature(mining->store, signature))
		return signature;
	return settled;
}

static void publish(struct mining *mining, const uint32_t *of, uint32_t count)
{
	struct store_templates *templates = store_templates_create(count, of);
	int result = templates ? 0 : ERROR_MEMORY;

	for (uint32_t i = 0; i < count && result == 0; i++) {
		char room[SIGNATURE_MAXIMUM];
		struct slice text = {room, 0};

		if (of[i] != i)
			continue;
		text.size = miner_text(mining->miner, i, room, sizeof room);
		if (!slice_equal(text, store_written_signature(mining->store, i)))
			result = store_templates_put_text(templates, i, text);
	}
	if (result == 0)
		store_publish_templates(mining->store, templates);
	else
		store_templates_destroy(templates);
}

static void merge(struct mining *mining)
{
	uint32_t count = miner_count(mining->miner);
	uint32_t *of = malloc(count * sizeof *of + 1);

	if (of == NULL || miner_merge(mining->miner, of) != 0)
		mining->failed = true;
	else
		publish(mining, of, count);
	mining->merged = count;
	free(of);
}

void mining_follow(struct mining *mining)
{
	uint32_t written = store_written_signatures(mining->store);

	mining->failed = mining->failed || mining->miner == NULL;
	while (!mining->failed && miner_count(mining->miner) < written) {
		uint32_t next = miner_count(mining->miner);

		mining->failed = miner_add(mining->miner, store_written_signature(mining->store, next)) != 0;
		if (mining->failed || next + 1 != mining->next)
			continue;
		merge(mining);
		mining->next = miner_next_merge(next + 1);
	}
}

void mining_merge(struct mining *mining)
{
	if (mining->miner != NULL && !mining->failed && miner_count(mining->miner) != mining->merged)
		merge(mining);
}
