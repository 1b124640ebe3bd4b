#include "mine/merge_place.h"

#include <stdlib.h>
#include <string.h>

#include "tocsin/base/error.h"
#include "tocsin/mine/miner.h"

#define SHARED_NEAR 3 /* common values of two spots behind the same word that make both variables */
#define SHARED_FAR 5  /* the same behind different words */
#define SHARED_SPOTS 512 /* more spots than that are not compared with each other */

void places_init(struct places *places, const struct merge *merge)
{
	*places = (struct places){.merge = merge};
	vector_init(&places->all, sizeof(struct place), (size_t)1 << 26);
	vector_init(&places->spots, sizeof(struct spot), (size_t)1 << 26);
	vector_init(&places->chosen, sizeof(struct spot), (size_t)1 << 26);
}

void places_release(struct places *places)
{
	vector_release(&places->all);
	vector_release(&places->spots);
	vector_release(&places->chosen);
}

static key_token token_at(const struct places *places, const struct place *place)
{
	size_t count;

	return merge_key(places->merge, place->node, &count)[place->position];
}

const struct place *places_of(const struct places *places, const struct spot *spot)
{
	return vector_at(&places->all, spot->first);
}

bool places_may_vary(const struct places *places, const struct place *place)
{
	key_token token = token_at(places, place);

	return token_is_word(token) && word_may_vary(token_text(places->merge->words, token));
}

/* --- finding --------------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 29;
}

/* By its text: codes depend on which message came first, and what is merged must not. */
static uint64_t hash_of(const struct places *places, key_token token)
{
	return slice_hash(token_text(places->merge->words, token), token_spaced(token));
}

/* Every word and mask of a key but the first, which says what happened. */
static int add_places(struct places *places, uint32_t node)
{
	size_t count;
	const key_token *key = merge_key(places->merge, node, &count);
	uint64_t behind[KEY_TOKENS + 1], before = mix(0, count);
	bool first = true;

	behind[count] = 1;
	for (size_t i = count; i > 0; i--)
		behind[i - 1] = mix(behind[i], hash_of(places, key[i - 1]));
	for (size_t i = 0; i < count; i++) {
		if (token_is_word(key[i]) || token_is_mask(key[i])) {
			struct place *place = first ? NULL : vector_push(&places->all);

			if (place == NULL && !first)
				return ERROR_MEMORY;
			if (place != NULL)
				*place = (struct place){
					mix(mix(before, behind[i + 1]), token_spaced(key[i])), node, (uint32_t)i};
			first = false;
		}
		before = mix(before, hash_of(places, key[i]));
	}
	return 0;
}

static int by_hash(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return a->position < b->position ? -1 : a->position > b->position;
}

/* Hashes may be equal by chance. */
static bool is_same_spot(const struct places *places, const struct place *a, const struct place *b)
{
	size_t a_count, b_count, at = a->position;
	const key_token *a_key = merge_key(places->merge, a->node, &a_count);
	const key_token *b_key = merge_key(places->merge, b->node, &b_count);

	return a_count == b_count && at == b->position && token_spaced(a_key[at]) == token_spaced(b_key[at]) &&
	       memcmp(a_key, b_key, at * sizeof *a_key) == 0 &&
	       memcmp(a_key + at + 1, b_key + at + 1, (a_count - at - 1) * sizeof *a_key) == 0;
}

static void describe(const struct places *places, struct spot *spot)
{
	const struct place *place = places_of(places, spot);

	spot->capitals = true;
	for (uint32_t i = 0; i < spot->count; i++) {
		key_token token = token_at(places, &place[i]);

		spot->masked |= token_is_mask(token);
		if (!places_may_vary(places, &place[i]))
			continue;
		spot->words++;
		spot->capitals &= word_is_capitals(token_text(places->merge->words, token));
	}
}

static int find_spots(struct places *places)
{
	for (size_t i = 0, end; i < places->all.count; i = end) {
		const struct place *first = vector_at(&places->all, i);
		struct spot *spot;

		for (end = i + 1; end < places->all.count; end++) {
			const struct place *next = vector_at(&places->all, end);

			if (next->hash != first->hash || !is_same_spot(places, first, next))
				break;
		}
		if (end - i < 2)
			continue;
		spot = vector_push(&places->spots);
		if (spot == NULL)
			return ERROR_MEMORY;
		*spot = (struct spot){.first = (uint32_t)i, .count = (uint32_t)(end - i)};
		describe(places, spot);
	}
	return 0;
}

/* --- judging --------------------------------------------------------------------------------------------------- */

/* The words of a spot that is compared with others, ascending. */
struct values {
	uint32_t *codes;
	uint32_t count;
	uint32_t before; /* code of the word before, or UINT32_MAX */
	bool varies;
};

static int by_code(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static uint32_t word_before(const struct places *places, const struct place *place)
{
	size_t count;
	const key_token *key = merge_key(places->merge, place->node, &count);

	return place->position > 0 ? token_code(key[place->position - 1]) : UINT32_MAX;
}

static int read_values(const struct places *places, const struct spot *spot, struct values *values)
{
	const struct place *place = places_of(places, spot);

	*values = (struct values){.codes = malloc(spot->words * sizeof(uint32_t)), .before = word_before(places, place)};
	if (values->codes == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < spot->count; i++)
		if (places_may_vary(places, &place[i]))
			values->codes[values->count++] = token_code(token_at(places, &place[i]));
	qsort(values->codes, values->count, sizeof(uint32_t), by_code);
	return 0;
}

static uint32_t count_common(const struct values *a, const struct values *b)
{
	uint32_t common = 0;

	for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
		common += a->codes[i] == b->codes[j];
		if (a->codes[i] <= b->codes[j])
			i++;
		else
			j++;
	}
	return common;
}

static void compare(struct values *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++) {
			uint32_t common = count_common(&values[i], &values[j]);

			if (common < (values[i].before == values[j].before ? SHARED_NEAR : SHARED_FAR))
				continue;
			values[i].varies = true;
			values[j].varies = true;
		}
}

static int choose(struct places *places, const struct spot *spot)
{
	struct spot *chosen = vector_push(&places->chosen);

	if (chosen == NULL)
		return ERROR_MEMORY;
	*chosen = *spot;
	return 0;
}

static bool varies_by_itself(const struct spot *spot)
{
	return (spot->masked && spot->words > 0) || spot->words >= MINER_VALUES;
}

/* Names go round, states seldom do: the same few words in two templates. */
static int choose_shared(struct places *places)
{
	struct values *values = calloc(SHARED_SPOTS, sizeof *values);
	const struct spot *spots[SHARED_SPOTS];
	size_t count = 0;
	int result = values ? 0 : ERROR_MEMORY;

	for (size_t i = 0; i < places->spots.count && count < SHARED_SPOTS && result == 0; i++) {
		spots[count] = vector_at(&places->spots, i);
		if (spots[count]->words >= SHARED_NEAR && !spots[count]->capitals) {
			result = read_values(places, spots[count], &values[count]);
			count++;
		}
	}
	if (result == 0)
		compare(values, count);
	for (size_t i = 0; i < count; i++) {
		if (result == 0 && values[i].varies && !varies_by_itself(spots[i]))
			result = choose(places, spots[i]);
		free(values[i].codes);
	}
	free(values);
	return result;
}

/* The most varied first, then by hash, which depends on the words only. */
static int by_words(const void *left, const void *right)
{
	const struct spot *a = left, *b = right;

	if (a->words != b->words)
		return a->words > b->words ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

int places_find(struct places *places)
{
	const struct merge *merge = places->merge;
	int result = 0;

	for (uint32_t i = 0; i < merge->nodes.count && result == 0; i++)
		if (merge_root(merge, i) == i)
			result = add_places(places, i);
	vector_sort(&places->all, by_hash);
	if (result == 0)
		result = find_spots(places);
	for (size_t i = 0; i < places->spots.count && result == 0; i++)
		if (varies_by_itself(vector_at(&places->spots, i)))
			result = choose(places, vector_at(&places->spots, i));
	if (result == 0)
		result = choose_shared(places);
	vector_sort(&places->chosen, by_words);
	return result;
}
