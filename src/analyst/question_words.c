/*
 * The words of questions, in tables: levels, fillers, units of rates, and what is left for a search.
 */
#include "analyst/asking.h"

static const char *const fillers[] = { "a", "an", "the", "of", "in", "on", "at", "to", "for", "by", "with", "from",
	"is", "are", "was", "were", "be", "been", "being", "do", "does", "did", "done", "has", "have", "had", "there",
	"all", "me", "us", "my", "our", "i", "you", "we", "its", "their", "which", "what", "who", "whom", "whose",
	"when", "where", "how", "please", "can", "could", "would", "will", "should", "service", "services", "log",
	"logs", "occur", "occurred", "occurs", "happen", "happened", "many", "much", "and", "or", "but", "so", "than",
	"then", "also", "just", "only", "about", "get", "got", "gets", "see", "seen", "say", "says", "said", "time",
	"times", "if", "some", "any", "each", "every", "per", "during", "within", "over", "into", "as", "now", "still",
	"yet", "more", "most", "less", "least", "ever", "really", "minute", "second", "hour", "start", "started",
	"starting", "begin", "began", "starts", "begins", "stop", "stopped", "end", "ended", "fail", "first", "last",
	"other", "others", "else", "same", "again", "out", "up", "s", "tell", "let", "want", "know", "need", "like",
	"ones", "one", "containing", "contain", "contains", "matching", "match", "mention", "mentions", "mentioning",
	"whole", "file", "going", "him", "her", "they", "them", "those", "these", "it", "that", "this", "total",
	"overall", "since", "after", "before", "until", "between", "around", "failing", "rate", "level", "levels",
	"worse", "incident", "outage", "trouble", "anything", "something", "nothing", "everything", "wrong", "hello",
	"hi", "ok", "thanks", "yes", "no", "plz", "pls", "hey", "quick", "quickly", "currently", "right", "exactly",
	"actually", "finally", "though", "guys", "team", "broke", "break", "breaks", "saw", "coming", "take", "took",
	"long", "far", "back", "early", "recent", "recently", "latest", "shortly", "immediately", "am", "pm", "problem",
	"day", "these", "here", "today", "yesterday", "tail", "being", "went", "go", "gone", "give", "gave", "he",
	"she", "cant", "can't", "dont", "don't", "not", "really", "line's", "were", "been", "kind", "type", "types",
	NULL };

static const struct {
	const char *word;
	enum level level;
	bool exactly;
} levels[] = {
	{ "error", LEVEL_ERROR, false },
	{ "errors", LEVEL_ERROR, false },
	{ "err", LEVEL_ERROR, false },
	{ "errs", LEVEL_ERROR, false },
	{ "failures", LEVEL_ERROR, false },
	{ "warning", LEVEL_WARN, true },
	{ "warnings", LEVEL_WARN, true },
	{ "warn", LEVEL_WARN, true },
	{ "warns", LEVEL_WARN, true },
	{ "problems", LEVEL_WARN, false },
	{ "issues", LEVEL_WARN, false },
	{ "fatal", LEVEL_FATAL, true },
	{ "fatals", LEVEL_FATAL, true },
	{ "critical", LEVEL_FATAL, true },
	{ "criticals", LEVEL_FATAL, true },
	{ "info", LEVEL_INFO, true },
	{ "infos", LEVEL_INFO, true },
	{ "debug", LEVEL_DEBUG, true },
	{ "trace", LEVEL_TRACE, true },
	{ "traces", LEVEL_TRACE, true },
};

static const char *const records[] = { "records", "record", "lines", "line", "entries", "entry", "messages", "message",
	"events", "event", NULL };

bool token_is(const struct token *token, const char *word)
{
	return !token->quoted && slice_equal_nocase(token->text, slice_of(word));
}

bool token_among(const struct token *token, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

bool question_is_filler(const struct token *token)
{
	return token_among(token, fillers) || token_among(token, records);
}

bool question_is_level(const struct token *token)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (token_is(token, levels[i].word))
			return true;
	return false;
}

void question_rates(struct token *tokens, size_t count, struct question *question)
{
	static const char *const per[] = { "per", "a", "each", "every", "by", NULL };

	for (size_t i = 0; i < count; i++) {
		size_t slash = slice_find_byte(tokens[i].text, '/');
		struct token unit = { .text = slice_from(
					      tokens[i].text, slash == SIZE_MAX ? tokens[i].text.size : slash + 1) };

		if (tokens[i].quoted || question->rate_unit)
			continue;
		if (slash != SIZE_MAX && slash > 0 && read_unit(&unit, &question->rate_unit)) {
			tokens[i].text.size = slash;
		} else if (i + 1 < count && token_among(&tokens[i], per) &&
			read_unit(&tokens[i + 1], &question->rate_unit)) {
			tokens[i].used = tokens[i + 1].used = true;
		}
	}
}

void question_levels(struct token *tokens, size_t count, struct question *question)
{
	for (size_t i = 0; i < count; i++) {
		if (tokens[i].used)
			continue;
		question->any_level = question->any_level || token_among(&tokens[i], records);
		for (size_t j = 0; j < sizeof(levels) / sizeof(levels[0]); j++) {
			if (!token_is(&tokens[i], levels[j].word))
				continue;
			if (question->has_level && !question->has_second_level && question->level != levels[j].level) {
				question->has_second_level = true;
				question->first_level = question->level;
				question->second_level = levels[j].level;
			}
			/* Two levels together mean the milder one and worse: "warnings and errors". */
			if (question->has_level && question->level != levels[j].level) {
				question->level = question->level < levels[j].level ? question->level : levels[j].level;
				question->exactly = false;
			} else {
				question->level = levels[j].level;
				question->exactly = levels[j].exactly;
			}
			question->has_level = true;
			tokens[i].filler = true; /* phrases such as "most errors" still need the word */
		}
	}
}

void question_terms(struct token *tokens, size_t count, struct question *question)
{
	static const char *const negations[] = { "not", "without", "except", "excluding", "exclude", "ignore",
		"ignoring", "minus", "skip", "no", NULL };
	bool negated = false;

	for (size_t i = 0; i < count; i++) {
		struct term *term;

		if (token_among(&tokens[i], negations)) {
			negated = true;
			continue;
		}
		negated = negated && !tokens[i].used; /* it was about this one */
		if (tokens[i].used || tokens[i].filler || (!tokens[i].quoted && question_is_filler(&tokens[i])))
			continue;
		if (question->term_count == QUESTION_TERMS || tokens[i].text.size == 0)
			break;
		term = &question->terms[question->term_count];
		slice_copy(tokens[i].text, term->text, sizeof(term->text));
		if (term->text[0] == '\0') /* of zero bytes only: nothing to look for */
			continue;
		question->term_count++;
		term->phrase = tokens[i].quoted;
		term->negated = negated;
		negated = false;
		tokens[i].used = true;
	}
}
