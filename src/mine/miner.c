#include "tocsin/mine/miner.h"

#include <stdlib.h>
#include <string.h>

#include "mine/learned.h"
#include "mine/merge.h"
#include "tocsin/base/error.h"
#include "tocsin/mine/signature.h"

#define FIRST_MERGE 16
#define DENSE 512 /* below it a merge takes less than a millisecond */
#define WORDS_MAXIMUM ((uint32_t)1 << 21)
#define WORDS_BYTES ((size_t)64 << 20)

/* A signature's tokens, and what is known of the template that it is the first of. */
struct member {
	uint32_t begin, count; /* in tokens */
	uint32_t node;         /* of the last merge */
	uint32_t members;      /* of its template; 0 when it is not the first */
	uint32_t general;      /* in generals: its tokens, open where those of other members differ */
	bool uniform;          /* all members have the same tokens but for words */
};

struct miner {
	uint32_t maximum;
	struct intern *words;
	struct vector members;  /* of struct member, by signature */
	struct vector tokens;   /* of key_token */
	struct vector generals; /* of key_token */
	struct merge merge;     /* the last */
	struct learned learned;
};

struct miner *miner_create(uint32_t maximum)
{
	struct miner *miner = calloc(1, sizeof *miner);

	if (miner == NULL)
		return NULL;
	miner->maximum = maximum;
	miner->words = intern_create(WORDS_MAXIMUM, WORDS_BYTES);
	vector_init(&miner->members, sizeof(struct member), maximum);
	vector_init(&miner->tokens, sizeof(key_token), (size_t)maximum * KEY_TOKENS);
	vector_init(&miner->generals, sizeof(key_token), (size_t)maximum * KEY_TOKENS);
	merge_init(&miner->merge, miner->words);
	learned_init(&miner->learned);
	if (miner->words == NULL || tokens_prepare(miner->words) != 0) {
		miner_destroy(miner);
		return NULL;
	}
	return miner;
}

void miner_destroy(struct miner *miner)
{
	if (miner == NULL)
		return;
	learned_release(&miner->learned);
	merge_release(&miner->merge);
	vector_release(&miner->generals);
	vector_release(&miner->tokens);
	vector_release(&miner->members);
	intern_destroy(miner->words);
	free(miner);
}

static int append(struct vector *vector, const key_token *tokens, size_t count, uint32_t *begin)
{
	size_t old = vector->count;

	for (size_t i = 0; i < count; i++) {
		key_token *added = vector_push(vector);

		if (added == NULL) {
			vector->count = old;
			return ERROR_MEMORY;
		}
		*added = tokens[i];
	}
	*begin = (uint32_t)old;
	return 0;
}

int miner_add(struct miner *miner, struct slice signature)
{
	key_token tokens[KEY_TOKENS];
	struct member *member;
	size_t count;

	if (miner->members.count >= miner->maximum)
		return ERROR_FULL;
	member = vector_push(&miner->members);
	if (member == NULL)
		return ERROR_MEMORY;
	count = tokens_cut(miner->words, signature, tokens);
	member->count = (uint32_t)count;
	if (append(&miner->tokens, tokens, count, &member->begin) == 0)
		return 0;
	miner->members.count--;
	return ERROR_MEMORY;
}

uint32_t miner_count(const struct miner *miner)
{
	return (uint32_t)miner->members.count;
}

uint32_t miner_next_merge(uint32_t count)
{
	uint32_t next = FIRST_MERGE;

	while (next <= count && next < UINT32_MAX / 2)
		next += next < DENSE ? 4 : next / 4;
	return next;
}

static struct member *member_at(const struct miner *miner, size_t signature)
{
	return vector_at(&miner->members, signature);
}

static key_token *tokens_of(const struct miner *miner, const struct member *member)
{
	return (key_token *)miner->tokens.items + member->begin;
}

static key_token *general_of(const struct miner *miner, const struct member *first)
{
	return (key_token *)miner->generals.items + first->general;
}

/* --- merging --------------------------------------------------------------------------------------------------- */

static int merge_keys(const struct miner *miner, struct merge *merge, uint32_t *nodes)
{
	for (size_t i = 0; i < miner->members.count; i++) {
		const struct member *member = member_at(miner, i);
		key_token key[KEY_TOKENS];
		int result;

		memcpy(key, tokens_of(miner, member), member->count * sizeof *key);
		result = merge_add(merge, key, tokens_make_key(miner->words, key, member->count), &nodes[i]);
		if (result != 0)
			return result;
	}
	return merge_run(merge);
}

/* Opens what differs from a further member; nothing when they do not have the same form. */
static void generalise(const struct miner *miner, struct member *first, const struct member *member)
{
	key_token *general = general_of(miner, first);
	const key_token *tokens = tokens_of(miner, member);

	first->uniform = first->uniform && first->count == member->count;
	for (uint32_t i = 0; i < member->count && first->uniform; i++) {
		bool fixed = token_code(tokens[i]) != TOKEN_MASK && !token_is_word(tokens[i]);

		if (general[i] == tokens[i])
			continue;
		if (token_spaced(general[i]) != token_spaced(tokens[i]) || fixed ||
			(token_code(general[i]) != TOKEN_MASK && !token_is_word(general[i]) && !token_is_open(general[i])))
			first->uniform = false;
		else
			general[i] = (key_token)(TOKEN_OPEN << 1) | token_spaced(tokens[i]);
	}
}

static int begin_template(struct miner *miner, struct member *member)
{
	member->uniform = true;
	member->members = 1;
	/* the vector may not grow while it is read from: tokens and generals are two */
	return append(&miner->generals, tokens_of(miner, member), member->count, &member->general);
}

/* Templates in the order of their first signatures. */
static int describe(struct miner *miner, uint32_t *of)
{
	uint32_t *first_of = malloc(miner->merge.nodes.count * sizeof *first_of + 1);
	int result = first_of ? 0 : ERROR_MEMORY;

	for (size_t i = 0; i < miner->merge.nodes.count && result == 0; i++)
		first_of[i] = UINT32_MAX;
	vector_clear(&miner->generals);
	for (uint32_t i = 0; i < miner->members.count && result == 0; i++) {
		struct member *member = member_at(miner, i);
		uint32_t *first = &first_of[merge_root(&miner->merge, member->node)];

		member->members = 0;
		if (*first == UINT32_MAX) {
			*first = i;
			result = begin_template(miner, member);
		} else {
			member_at(miner, *first)->members++;
			generalise(miner, member_at(miner, *first), member);
		}
		of[i] = *first;
	}
	free(first_of);
	return result;
}

/* Only at the fixed counts: what is learned decides on the signatures to come. */
static void learn(struct miner *miner)
{
	if (miner_next_merge(miner_count(miner) - 1) != miner_count(miner))
		return;
	for (size_t i = 0; i < miner->members.count; i++) {
		const struct member *first = member_at(miner, i);

		if (first->uniform && first->members >= MINER_LEARN)
			learned_add(&miner->learned, miner->words, general_of(miner, first), first->count);
	}
}

int miner_merge(struct miner *miner, uint32_t *of)
{
	struct merge merge;
	size_t count = miner->members.count;
	uint32_t *nodes = malloc(count * sizeof *nodes + 1);
	int result;

	merge_init(&merge, miner->words);
	result = nodes ? merge_keys(miner, &merge, nodes) : ERROR_MEMORY;
	if (result == 0) {
		for (size_t i = 0; i < count; i++)
			member_at(miner, i)->node = nodes[i];
		merge_release(&miner->merge);
		miner->merge = merge;
		result = describe(miner, of);
		if (result == 0 && count > 0)
			learn(miner);
	} else {
		merge_release(&merge);
	}
	free(nodes);
	return result;
}

size_t miner_text(const struct miner *miner, uint32_t template, char out[], size_t capacity)
{
	const struct member *first = member_at(miner, template);
	size_t count;
	const key_token *key;

	if (first->uniform)
		return tokens_print(miner->words, general_of(miner, first), first->count, out, capacity);
	key = merge_key(&miner->merge, merge_root(&miner->merge, first->node), &count);
	return tokens_print(miner->words, key, count, out, capacity);
}

struct slice miner_settle(const struct miner *miner, struct slice signature)
{
	return learned_find(&miner->learned, signature);
}
