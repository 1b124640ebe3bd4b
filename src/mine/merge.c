#include "mine/merge.h"

#include <stdlib.h>
#include <string.h>

#include "mine/merge_place.h"
#include "tocsin/base/error.h"

#define TOKENS_MAXIMUM ((size_t)1 << 26)
#define ROUNDS_MAXIMUM 64

void merge_init(struct merge *merge, const struct intern *words)
{
	*merge = (struct merge){.words = words};
	vector_init(&merge->nodes, sizeof(struct merge_node), UINT32_MAX / 2);
	vector_init(&merge->tokens, sizeof(key_token), TOKENS_MAXIMUM);
}

void merge_release(struct merge *merge)
{
	vector_release(&merge->nodes);
	vector_release(&merge->tokens);
	free(merge->table);
	merge->table = NULL;
}

static struct merge_node *node_at(const struct merge *merge, uint32_t node)
{
	return vector_at(&merge->nodes, node);
}

const key_token *merge_key(const struct merge *merge, uint32_t node, size_t *count)
{
	*count = node_at(merge, node)->count;
	return (const key_token *)merge->tokens.items + node_at(merge, node)->begin;
}

uint32_t merge_root(const struct merge *merge, uint32_t node)
{
	while (node_at(merge, node)->into != node)
		node = node_at(merge, node)->into;
	return node;
}

static int grow_table(struct merge *merge)
{
	size_t size = merge->table_size ? 2 * merge->table_size : 256;
	uint32_t *table;

	if (2 * merge->nodes.count < merge->table_size)
		return 0;
	table = calloc(size, sizeof *table);
	if (table == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < merge->nodes.count; i++) {
		size_t at = node_at(merge, i)->hash & (size - 1);

		while (table[at] != 0)
			at = (at + 1) & (size - 1);
		table[at] = i + 1;
	}
	free(merge->table);
	merge->table = table;
	merge->table_size = size;
	return 0;
}

static bool has_key(const struct merge *merge, uint32_t node, uint64_t hash, const key_token *key, size_t count)
{
	size_t known_count;
	const key_token *known = merge_key(merge, node, &known_count);

	return node_at(merge, node)->hash == hash && known_count == count &&
	       memcmp(known, key, count * sizeof *key) == 0;
}

static int add_node(struct merge *merge, const key_token *key, size_t count, uint64_t hash, size_t at, uint32_t *number)
{
	size_t begin = merge->tokens.count;
	struct merge_node *node;

	for (size_t i = 0; i < count; i++) {
		key_token *added = vector_push(&merge->tokens);

		if (added == NULL)
			return ERROR_MEMORY;
		*added = key[i];
	}
	node = vector_push(&merge->nodes);
	if (node == NULL)
		return ERROR_MEMORY;
	*number = (uint32_t)merge->nodes.count - 1;
	*node = (struct merge_node){(uint32_t)begin, (uint32_t)count, *number, hash};
	merge->table[at] = *number + 1;
	return 0;
}

/* `key` may not lie in merge->tokens, which move. */
int merge_add(struct merge *merge, const key_token *key, size_t count, uint32_t *node)
{
	uint64_t hash = slice_hash((struct slice){(const char *)key, count * sizeof *key}, 0);
	size_t at;
	int result = grow_table(merge);

	if (result != 0)
		return result;
	for (at = hash & (merge->table_size - 1); merge->table[at] != 0; at = (at + 1) & (merge->table_size - 1)) {
		*node = merge->table[at] - 1;
		if (has_key(merge, *node, hash, key, count))
			return 0;
	}
	return add_node(merge, key, count, hash, at, node);
}

/* What becomes of nodes in a round. */
enum { MOVED = 1, AIM = 2 };

static int find_aim(struct merge *merge, const struct place *place, uint32_t *aim)
{
	key_token key[KEY_TOKENS];
	size_t count;
	const key_token *known = merge_key(merge, place->node, &count);

	memcpy(key, known, count * sizeof *key);
	key[place->position] = (key_token)(TOKEN_MASK << 1) | token_spaced(key[place->position]);
	return merge_add(merge, key, count, aim);
}

/* Moves the keys of a place, but for those that moved already or that others moved to. `marks` has room for a node a
 * place. */
static int move(struct merge *merge, const struct places *places, const struct spot *spot, char *marks, bool *moved)
{
	const struct place *first = places_of(places, spot);
	uint32_t aim;
	int result = find_aim(merge, first, &aim);

	if (result != 0 || (marks[aim] & MOVED))
		return result;
	for (uint32_t i = 0; i < spot->count; i++) {
		uint32_t node = first[i].node;

		if (node == aim || marks[node] != 0 || !places_may_vary(places, &first[i]))
			continue;
		node_at(merge, node)->into = aim;
		marks[node] = MOVED;
		*moved = true;
	}
	marks[aim] |= AIM;
	return 0;
}

static int move_all(struct merge *merge, const struct places *places, bool *moved)
{
	char *marks = calloc(merge->nodes.count + places->chosen.count + 1, 1);
	int result = marks ? 0 : ERROR_MEMORY;

	for (size_t i = 0; i < places->chosen.count && result == 0; i++)
		result = move(merge, places, vector_at(&places->chosen, i), marks, moved);
	free(marks);
	return result;
}

int merge_run(struct merge *merge)
{
	int result = 0;
	bool moved = true;

	for (unsigned round = 0; round < ROUNDS_MAXIMUM && moved && result == 0; round++) {
		struct places places;

		moved = false;
		places_init(&places, merge);
		result = places_find(&places);
		if (result == 0)
			result = move_all(merge, &places, &moved);
		places_release(&places);
	}
	return result;
}
