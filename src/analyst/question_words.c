/*
 * The words of questions, in tables: phrases that tell the kind, levels, fillers, what goes into a search.
 */
#include "analyst/asking.h"

/* "~" stands for any words in between. The first row that fits decides, so the particular comes before the general. */
static const struct {
	enum question_kind kind;
	const char *phrase;
} phrases[] = {
	{ QUESTION_HELP, "help" },
	{ QUESTION_HELP, "what can you" },
	{ QUESTION_HELP, "what can i ask" },
	{ QUESTION_HELP, "what do you know" },
	{ QUESTION_COMPARE, "compare" },
	{ QUESTION_COMPARE, "difference between" },
	{ QUESTION_COMPARE, "versus" },
	{ QUESTION_COMPARE, "vs" },
	{ QUESTION_CHANGE, "what changed" },
	{ QUESTION_CHANGE, "what has changed" },
	{ QUESTION_CHANGE, "what did change" },
	{ QUESTION_CHANGE, "what is different" },
	{ QUESTION_CHANGE, "what's different" },
	{ QUESTION_CHANGE, "what is new" },
	{ QUESTION_CHANGE, "what's new" },
	{ QUESTION_CHANGE, "anything new" },
	{ QUESTION_CHANGE, "changes" },
	{ QUESTION_CHANGE, "changed" },
	{ QUESTION_OWNER, "who owns" },
	{ QUESTION_OWNER, "who is responsible" },
	{ QUESTION_OWNER, "owner" },
	{ QUESTION_OWNER, "owners" },
	{ QUESTION_OWNER, "who is on call" },
	{ QUESTION_OWNER, "who should" },
	{ QUESTION_OWNER, "who to call" },
	{ QUESTION_OWNER, "who do i call" },
	{ QUESTION_OWNER, "responsible for" },
	{ QUESTION_OWNER, "whom ~ call" },
	{ QUESTION_ADVICE, "what should" },
	{ QUESTION_ADVICE, "what do i do" },
	{ QUESTION_ADVICE, "what do we do" },
	{ QUESTION_ADVICE, "what can i do" },
	{ QUESTION_ADVICE, "what to do" },
	{ QUESTION_ADVICE, "what now" },
	{ QUESTION_ADVICE, "next step" },
	{ QUESTION_ADVICE, "next steps" },
	{ QUESTION_ADVICE, "what next" },
	{ QUESTION_ADVICE, "fix" },
	{ QUESTION_ADVICE, "recommend" },
	{ QUESTION_ADVICE, "recommendations" },
	{ QUESTION_ADVICE, "advice" },
	{ QUESTION_ADVICE, "mitigate" },
	{ QUESTION_ADVICE, "remedy" },
	{ QUESTION_CAUSE, "root cause" },
	{ QUESTION_CAUSE, "why" },
	{ QUESTION_CAUSE, "what caused" },
	{ QUESTION_CAUSE, "cause" },
	{ QUESTION_CAUSE, "culprit" },
	{ QUESTION_CAUSE, "reason" },
	{ QUESTION_CAUSE, "to blame" },
	{ QUESTION_CAUSE, "explain" },
	{ QUESTION_CAUSE, "guilty" },
	{ QUESTION_CAUSE, "whose fault" },
	{ QUESTION_SERVICES, "how many services" },
	{ QUESTION_SERVICES, "list services" },
	{ QUESTION_SERVICES, "list the services" },
	{ QUESTION_SERVICES, "list all services" },
	{ QUESTION_SERVICES, "show services" },
	{ QUESTION_SERVICES, "show the services" },
	{ QUESTION_LAST, "when ~ last" },
	{ QUESTION_LAST, "when ~ end" },
	{ QUESTION_LAST, "when ~ stop" },
	{ QUESTION_LAST, "when ~ recover" },
	{ QUESTION_LAST, "last time" },
	{ QUESTION_LAST, "last seen" },
	{ QUESTION_DURATION, "how long" },
	{ QUESTION_LAST, "latest" },
	{ QUESTION_LAST, "last error" },
	{ QUESTION_LAST, "last warning" },
	{ QUESTION_LAST, "last fatal" },
	{ QUESTION_FIRST, "when" },
	{ QUESTION_FIRST, "what time" },
	{ QUESTION_FIRST, "first time" },
	{ QUESTION_FIRST, "first seen" },
	{ QUESTION_FIRST, "first error" },
	{ QUESTION_FIRST, "first warning" },
	{ QUESTION_FIRST, "first fatal" },
	{ QUESTION_FIRST, "earliest" },
	{ QUESTION_ORDER, "failed first" },
	{ QUESTION_ORDER, "fail first" },
	{ QUESTION_ORDER, "broke first" },
	{ QUESTION_ORDER, "break first" },
	{ QUESTION_ORDER, "which ~ first" },
	{ QUESTION_ORDER, "what ~ first" },
	{ QUESTION_ORDER, "who ~ first" },
	{ QUESTION_ORDER, "first to fail" },
	{ QUESTION_ORDER, "where ~ start" },
	{ QUESTION_ORDER, "where ~ begin" },
	{ QUESTION_ORDER, "what order" },
	{ QUESTION_ORDER, "which order" },
	{ QUESTION_ORDER, "order of" },
	{ QUESTION_ORDER, "onset" },
	{ QUESTION_ORDER, "spread" },
	{ QUESTION_ORDER, "cascade" },
	{ QUESTION_LOUDEST, "loudest" },
	{ QUESTION_LOUDEST, "noisiest" },
	{ QUESTION_LOUDEST, "which service ~ most" },
	{ QUESTION_LOUDEST, "which services ~ most" },
	{ QUESTION_LOUDEST, "who ~ most" },
	{ QUESTION_LOUDEST, "top services" },
	{ QUESTION_LOUDEST, "top ~ services" },
	{ QUESTION_LOUDEST, "most errors" },
	{ QUESTION_LOUDEST, "most warnings" },
	{ QUESTION_LOUDEST, "worst service" },
	{ QUESTION_LOUDEST, "worst services" },
	{ QUESTION_LOUDEST, "busiest" },
	{ QUESTION_TEMPLATES, "top" },
	{ QUESTION_TEMPLATES, "most common" },
	{ QUESTION_TEMPLATES, "most frequent" },
	{ QUESTION_TEMPLATES, "templates" },
	{ QUESTION_TEMPLATES, "patterns" },
	{ QUESTION_TEMPLATES, "which errors" },
	{ QUESTION_TEMPLATES, "what errors" },
	{ QUESTION_TEMPLATES, "which warnings" },
	{ QUESTION_TEMPLATES, "what warnings" },
	{ QUESTION_TEMPLATES, "what kind" },
	{ QUESTION_TEMPLATES, "what kinds" },
	{ QUESTION_TEMPLATES, "kinds of" },
	{ QUESTION_HEALTH, "is ~ healthy" },
	{ QUESTION_HEALTH, "are ~ healthy" },
	{ QUESTION_HEALTH, "was ~ healthy" },
	{ QUESTION_HEALTH, "is ~ ok" },
	{ QUESTION_HEALTH, "is ~ okay" },
	{ QUESTION_HEALTH, "is ~ fine" },
	{ QUESTION_HEALTH, "is ~ down" },
	{ QUESTION_HEALTH, "is ~ up" },
	{ QUESTION_HEALTH, "is ~ broken" },
	{ QUESTION_HEALTH, "is ~ affected" },
	{ QUESTION_HEALTH, "was ~ affected" },
	{ QUESTION_HEALTH, "is ~ normal" },
	{ QUESTION_HEALTH, "is ~ failing" },
	{ QUESTION_HEALTH, "did ~ fail" },
	{ QUESTION_HEALTH, "status" },
	{ QUESTION_HEALTH, "state of" },
	{ QUESTION_HEALTH, "health of" },
	{ QUESTION_HEALTH, "how is" },
	{ QUESTION_HEALTH, "how are" },
	{ QUESTION_HEALTH, "healthy" },
	{ QUESTION_HEALTH, "wrong with" },
	{ QUESTION_HEALTH, "happened to" },
	{ QUESTION_SERVICES, "which services" },
	{ QUESTION_SERVICES, "what services" },
	{ QUESTION_COUNT, "how many" },
	{ QUESTION_COUNT, "how much" },
	{ QUESTION_COUNT, "how often" },
	{ QUESTION_COUNT, "count" },
	{ QUESTION_COUNT, "number of" },
	{ QUESTION_COUNT, "rate" },
	{ QUESTION_COUNT, "is there" },
	{ QUESTION_COUNT, "are there" },
	{ QUESTION_COUNT, "were there" },
	{ QUESTION_COUNT, "was there" },
	{ QUESTION_COUNT, "any" },
	{ QUESTION_SUMMARY, "what happened" },
	{ QUESTION_SUMMARY, "what is happening" },
	{ QUESTION_SUMMARY, "what's happening" },
	{ QUESTION_SUMMARY, "going on" },
	{ QUESTION_SUMMARY, "what is wrong" },
	{ QUESTION_SUMMARY, "what's wrong" },
	{ QUESTION_SUMMARY, "what went wrong" },
	{ QUESTION_SUMMARY, "summary" },
	{ QUESTION_SUMMARY, "summarize" },
	{ QUESTION_SUMMARY, "summarise" },
	{ QUESTION_SUMMARY, "overview" },
	{ QUESTION_SUMMARY, "verdict" },
	{ QUESTION_SHOW, "show" },
	{ QUESTION_SHOW, "list" },
	{ QUESTION_SHOW, "find" },
	{ QUESTION_SHOW, "grep" },
	{ QUESTION_SHOW, "give me" },
	{ QUESTION_SHOW, "print" },
	{ QUESTION_SHOW, "display" },
	{ QUESTION_SHOW, "look for" },
	{ QUESTION_SHOW, "which requests" },
	{ QUESTION_SHOW, "which lines" },
	{ QUESTION_SHOW, "which records" },
	{ QUESTION_SHOW, "what does ~ say" },
	{ QUESTION_SHOW, "what did ~ say" },
	{ QUESTION_SHOW, "what did ~ log" },
	{ QUESTION_SHOW, "search" },
};

static const char *const follow_ups[] = { "and", "what about", "how about", "same for", "same in", "also", "then",
	"but", "or" };

static const char *const references[] = { "them", "those", "these", "it", "they", "there", "that", "this", "him",
	NULL };

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
	"hi", "ok", "thanks", "yes", "no", NULL };

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

bool question_is_kind_word(const struct token *token)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		struct slice rest = slice_of(phrases[i].phrase), word;

		while (slice_next(&rest, ' ', &word))
			if (!token->quoted && slice_equal_nocase(token->text, word))
				return true;
	}
	return false;
}

/* Does the phrase begin at `start`? Its words are marked in `taken`. */
static bool phrase_fits(
	const struct token *tokens, size_t count, size_t start, const char *phrase, bool taken[QUESTION_TOKENS])
{
	struct slice rest = slice_of(phrase), word;
	size_t at = start;
	bool gap = false;

	for (size_t i = 0; i < count; i++)
		taken[i] = false;
	while (slice_next(&rest, ' ', &word)) {
		if (slice_is(word, "~")) {
			gap = true;
			continue;
		}
		while (gap && at < count && (tokens[at].quoted || !slice_equal_nocase(tokens[at].text, word)))
			at++;
		if (at >= count || tokens[at].quoted || tokens[at].used || !slice_equal_nocase(tokens[at].text, word))
			return false;
		taken[at++] = true;
		gap = false;
	}
	return true;
}

static bool take_phrase(struct token *tokens, size_t count, size_t last_start, const char *phrase)
{
	bool taken[QUESTION_TOKENS];

	for (size_t start = 0; start < count && start <= last_start; start++) {
		if (!phrase_fits(tokens, count, start, phrase, taken))
			continue;
		for (size_t i = 0; i < count; i++)
			tokens[i].used = tokens[i].used || taken[i];
		return true;
	}
	return false;
}

void question_kinds(struct token *tokens, size_t count, struct question *question)
{
	for (size_t i = 0; i < sizeof(follow_ups) / sizeof(follow_ups[0]) && !question->follow_up; i++)
		question->follow_up = take_phrase(tokens, count, 0, follow_ups[i]);
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]) && question->kind == QUESTION_UNKNOWN; i++)
		if (take_phrase(tokens, count, SIZE_MAX, phrases[i].phrase))
			question->kind = phrases[i].kind;
	for (size_t i = 0; i < count; i++)
		if (!tokens[i].used && token_among(&tokens[i], references))
			question->anaphoric = true;
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
	static const char *const negations[] = { "not", "without", "except", "excluding", "no", NULL };
	bool negated = false;

	for (size_t i = 0; i < count; i++) {
		struct term *term;

		if (token_among(&tokens[i], negations)) {
			negated = true;
			continue;
		}
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
