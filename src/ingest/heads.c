#include "ingest/heads.h"

void heads_forget(struct heads *heads)
{
	memset(heads->places, 0, sizeof(heads->places));
}

void heads_learn(struct heads *heads, const struct heads_key *key, uint32_t head)
{
	struct heads_place *place = &heads->places[heads_at(key)];

	place->key = *key;
	place->head = head + 1;
}
