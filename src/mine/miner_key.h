/*
 * Signatures as arrays of tokens, and their keys: the tokens with what differs in form only taken together. Signatures
 * with equal keys are one template.
 *
 * Whatever is taken together is a range of tokens next to each other that becomes one mask, so a template's text, with
 * "<*>" for any bytes, fits all of its messages.
 */
#ifndef MINE_MINER_KEY_H
#define MINE_MINER_KEY_H

#include "tocsin/base/intern.h"

#define KEY_TOKENS 512 /* a signature has at most 512 bytes */

/* A text by its code in the miner's table, twice, plus 1 when white space stands before it. */
typedef uint32_t key_token;

/* Codes: the mask; 13 delimiters; a mask where the signatures themselves differ; then words. */
enum { TOKEN_MASK = 0, TOKEN_OPEN = 14, TOKEN_FIRST = 15 };

static inline uint32_t token_code(key_token token)
{
	return token >> 1;
}

static inline bool token_spaced(key_token token)
{
	return token & 1;
}

static inline bool token_is_mask(key_token token)
{
	return token >> 1 == TOKEN_MASK;
}

static inline bool token_is_open(key_token token)
{
	return token >> 1 == TOKEN_OPEN;
}

static inline bool token_is_word(key_token token) /* neither mask nor delimiter */
{
	return token >> 1 >= TOKEN_FIRST;
}

/* Puts mask and delimiters into an empty table. ERROR_MEMORY. */
int tokens_prepare(struct intern *words);
/* The tokens of a signature. Words that do not fit into the table are masked. */
size_t tokens_cut(struct intern *words, struct slice signature, key_token out[KEY_TOKENS]);
/* Makes the key out of them, in place. Returns its size. */
size_t tokens_make_key(const struct intern *words, key_token *tokens, size_t count);

/* May the word be a value of a variable? Not without a letter, and true, false, null and the like are states. */
bool word_may_vary(struct slice word);
bool word_is_capitals(struct slice word);

/* The text of a token, without the space. */
struct slice token_text(const struct intern *words, key_token token);
/* Writes tokens as text; what does not fit is left out. Returns the size. */
size_t tokens_print(const struct intern *words, const key_token *tokens, size_t count, char *out, size_t capacity);

#endif
