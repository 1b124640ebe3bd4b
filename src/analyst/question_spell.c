/*
 * Words as people type them at night: contractions are taken apart, and a word one slip of the finger away from one
 * that questions are made of is read as that. A word that the log itself knows is never changed, and the answer says
 * what was read as what.
 */
#include "analyst/asking.h"

/* With slips too common in short words to be told from others; these stand for one word. */
static const struct {
	const char *word, *first, *second;
} contractions[] = {
	{ "what's", "what", "is" },
	{ "whats", "what", "is" },
	{ "what\xe2\x80\x99s", "what", "is" },
	{ "who's", "who", "is" },
	{ "whos", "who", "is" },
	{ "who\xe2\x80\x99s", "who", "is" },
	{ "how's", "how", "is" },
	{ "hows", "how", "is" },
	{ "how\xe2\x80\x99s", "how", "is" },
	{ "where's", "where", "is" },
	{ "wheres", "where", "is" },
	{ "when's", "when", "is" },
	{ "it's", "it", "is" },
	{ "it\xe2\x80\x99s", "it", "is" },
	{ "that's", "that", "is" },
	{ "there's", "there", "is" },
	{ "witch", "which", NULL },
	{ "wich", "which", NULL },
	{ "whta", "what", NULL },
	{ "waht", "what", NULL },
	{ "wat", "what", NULL },
	{ "hwo", "how", NULL },
	{ "shwo", "show", NULL },
	{ "teh", "the", NULL },
	{ "u", "you", NULL },
	{ "r", "are", NULL },
};

/* Only words that hardly are one slip away from another one that may be looked for in a log. */
static const char *const vocabulary[] = { "errors", "error", "warnings", "warning", "fatals", "fatal", "critical",
	"services", "service", "happened", "happening", "changed", "failed", "failing", "broken", "cause", "caused",
	"recover", "recovered", "minute", "minutes", "seconds", "before", "after", "since", "between", "around",
	"yesterday", "today", "timeout", "timeouts", "templates", "compare", "which", "first", "loudest", "healthy",
	"affected", "unparsed", "records", "summary", "incident", "started", "deploy", NULL };

/* One letter more, less, other, or two swapped. */
static bool is_slip(struct slice typed, struct slice meant)
{
	while (typed.size && meant.size && slice_equal_nocase(slice_first(typed, 1), slice_first(meant, 1))) {
		typed = slice_from(typed, 1);
		meant = slice_from(meant, 1);
	}
	while (typed.size && meant.size &&
		slice_equal_nocase(slice_from(typed, typed.size - 1), slice_from(meant, meant.size - 1))) {
		typed.size--;
		meant.size--;
	}
	if (typed.size == 2 && meant.size == 2)
		return slice_equal_nocase(slice_first(typed, 1), slice_from(meant, 1)) &&
			slice_equal_nocase(slice_from(typed, 1), slice_first(meant, 1));
	return typed.size <= 1 && meant.size <= 1;
}

static bool is_in_log(const struct asking *asking, struct slice word)
{
	const struct store *store = asking->store;

	for (uint32_t i = 0; i < store_template_count(store); i++)
		if (store_template_first(store, i) < asking->scene->horizon.records &&
			names_find_word(store_template_text(store, i), word) != SIZE_MAX)
			return true;
	return false;
}

static const char *meant_by(const struct asking *asking, const struct token *token)
{
	uint32_t services[NAMES_MAXIMUM];
	const char *meant = NULL;

	if (token->quoted || token->text.size < 4 || question_is_filler(token) || question_is_kind_word(token) ||
		question_is_level(token))
		return NULL;
	for (size_t i = 0; vocabulary[i]; i++) {
		if (token_is(token, vocabulary[i]))
			return NULL;
		if (!meant && is_slip(token->text, slice_of(vocabulary[i])))
			meant = vocabulary[i];
	}
	if (!meant || names_match(asking->scene, token->text, services) || is_in_log(asking, token->text))
		return NULL;
	return meant;
}

static size_t expand(struct token tokens[QUESTION_TOKENS], size_t count, size_t index)
{
	for (size_t i = 0; i < sizeof(contractions) / sizeof(contractions[0]) && count < QUESTION_TOKENS; i++) {
		if (!token_is(&tokens[index], contractions[i].word))
			continue;
		tokens[index].text = slice_of(contractions[i].first);
		if (!contractions[i].second)
			return count;
		for (size_t j = count; j > index + 1; j--)
			tokens[j] = tokens[j - 1];
		tokens[index + 1] = (struct token){ .text = slice_of(contractions[i].second) };
		return count + 1;
	}
	return count;
}

size_t question_spell(
	const struct asking *asking, struct token tokens[QUESTION_TOKENS], size_t count, struct question *question)
{
	for (size_t i = 0; i < count; i++) {
		const char *meant;

		count = expand(tokens, count, i);
		meant = meant_by(asking, &tokens[i]);
		if (!meant)
			continue;
		if (!question->corrected) {
			slice_copy(tokens[i].text, question->misspelt, sizeof(question->misspelt));
			question->corrected = meant;
		}
		tokens[i].text = slice_of(meant);
	}
	return count;
}
