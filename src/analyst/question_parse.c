/*
 * From the text of a question to its slots: words first, then the passes in the order in which they must take their
 * words.
 */
#include "analyst/asking.h"

#include <string.h>

static const char *const places[] = { "in", "from", "of", "for", "by", "does", "did", "is", "are", "was", "at", "owns",
	"with", "to", "about", "and", "compare", "between", "vs", "versus", NULL };

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0'; /* terms are kept as C strings */
}

static struct slice strip(struct slice word)
{
	while (word.size && memchr("?!,;()[]{}<>'`.*", word.data[word.size - 1], 16))
		word.size--;
	while (word.size && memchr("?!,;()[]{}<>'`*", word.data[0], 15))
		word = slice_from(word, 1);
	return word;
}

/* "gateway's": a possessive says nothing. What contracts a question word was taken apart before. */
static void strip_endings(struct token *tokens, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice *word = &tokens[i].text;

		if (tokens[i].quoted)
			continue;
		if (word->size > 2 && (slice_ends(*word, "'s") || slice_ends(*word, "'S")))
			word->size -= 2;
		else if (word->size > 4 && slice_ends(*word, "\xe2\x80\x99s"))
			word->size -= 4;
	}
}

size_t question_tokens(struct slice text, struct token tokens[QUESTION_TOKENS])
{
	size_t at = 0, count = 0;

	text = slice_first(text, QUESTION_BYTES);
	while (at < text.size && count < QUESTION_TOKENS) {
		struct token token = { 0 };
		size_t end;

		if (is_space(text.data[at])) {
			at++;
			continue;
		}
		token.quoted = text.data[at] == '"';
		end = at + token.quoted;
		while (end < text.size &&
			(token.quoted ? text.data[end] != '"' : !is_space(text.data[end]) && text.data[end] != '"'))
			end++;
		token.text = (struct slice){ text.data + at + token.quoted, end - at - token.quoted };
		at = token.quoted ? end + 1 : end;
		if (!token.quoted)
			token.text = strip(token.text);
		if (token.text.size)
			tokens[count++] = token;
	}
	return count;
}

static void add_service(struct question *question, uint32_t service, bool excluded)
{
	uint32_t *list = excluded ? question->excluded : question->services;
	size_t *count = excluded ? &question->excluded_count : &question->service_count;

	for (size_t i = 0; i < *count; i++)
		if (list[i] == service)
			return;
	if (*count < NAMES_MAXIMUM)
		list[(*count)++] = service;
}

/* "payment service": two words that are one name. */
static size_t match_pair(const struct asking *asking, const struct token *tokens, size_t count, size_t index,
	uint32_t services[NAMES_MAXIMUM])
{
	char name[2 * QUESTION_TERM];
	size_t size, found;

	if (index + 1 >= count || tokens[index + 1].used || tokens[index + 1].quoted)
		return 0;
	size = slice_copy(tokens[index].text, name, QUESTION_TERM);
	name[size++] = '-';
	slice_copy(tokens[index + 1].text, name + size, QUESTION_TERM);
	found = names_match(asking->scene, slice_of(name), services);
	return found == 1 && store_service_name(asking->store, services[0]).size == slice_of(name).size ? found : 0;
}

static bool after_place(const struct token *tokens, size_t index)
{
	static const char *const articles[] = { "the", "service", NULL };

	while (index > 0 && token_among(&tokens[index - 1], articles))
		index--;
	return index > 0 && token_among(&tokens[index - 1], places);
}

static bool is_negated(const struct token *tokens, size_t index)
{
	static const char *const negations[] = { "not", "without", "except", "excluding", "exclude", "ignore",
		"ignoring", "minus", "skip", NULL };

	while (index > 0 &&
		(token_is(&tokens[index - 1], "in") || token_is(&tokens[index - 1], "from") ||
			token_is(&tokens[index - 1], "the") || token_is(&tokens[index - 1], "for")))
		index--;
	return index > 0 && token_among(&tokens[index - 1], negations);
}

/* Named like a service, by its shape or by the word after it. */
static bool shaped_like_service(const struct token *tokens, size_t count, size_t index)
{
	struct slice text = tokens[index].text;

	if (slice_find_byte(text, ' ') != SIZE_MAX || (text.data[0] >= '0' && text.data[0] <= '9'))
		return false;
	if (slice_ends(text, "-service") || slice_ends(text, "-svc") || slice_ends(text, "-api") ||
		slice_ends(text, "-db"))
		return true;
	return index + 1 < count && token_is(&tokens[index + 1], "service") && !question_is_filler(&tokens[index]) &&
		!question_is_kind_word(&tokens[index]);
}

void question_services(const struct asking *asking, struct token *tokens, size_t count, struct question *question)
{
	static const char *const everywhere[] = { "everywhere", "overall", "anywhere", NULL };

	for (size_t i = 0; i < count; i++) {
		uint32_t services[NAMES_MAXIMUM];
		bool placed = after_place(tokens, i) || is_negated(tokens, i), ordinary;
		size_t found, words = 1;

		if (tokens[i].used || tokens[i].quoted)
			continue;
		if (token_among(&tokens[i], everywhere) ||
			(token_is(&tokens[i], "all") && i + 1 < count && token_is(&tokens[i + 1], "services"))) {
			question->everywhere = true;
			tokens[i].filler = true;
			continue;
		}
		/* An ordinary word of questions ("status", "search") names a service only where a place is named. */
		ordinary = tokens[i].filler || question_is_filler(&tokens[i]) || question_is_kind_word(&tokens[i]);
		if (ordinary && (!placed || question_is_filler(&tokens[i]) || tokens[i].filler))
			continue;
		found = match_pair(asking, tokens, count, i, services);
		if (found)
			words = 2;
		else
			found = names_match(asking->scene, tokens[i].text, services);
		for (size_t j = 0; j < found; j++)
			add_service(question, services[j], is_negated(tokens, i));
		if (!found && shaped_like_service(tokens, count, i)) {
			slice_copy(tokens[i].text, question->unknown, sizeof(question->unknown));
			found = 1;
		} else if (!found && placed && !ordinary &&
			names_nearest(asking->scene, tokens[i].text) != STORE_NO_CODE) {
			slice_copy(tokens[i].text, question->unknown, sizeof(question->unknown));
			found = 1;
		}
		for (size_t j = i; found && j < i + words; j++)
			tokens[j].used = true;
	}
}

/* "top 3", "first 20 errors", "show 5" */
static void take_limit(struct token *tokens, size_t count, struct question *question)
{
	static const char *const before[] = { "top", "first", "show", "list", "find", "last", "latest", "recent",
		"newest", "tail", NULL };
	static const char *const backwards[] = { "last", "latest", "recent", "newest", "tail", NULL };

	for (size_t i = 1; i < count; i++) {
		uint64_t number;

		if (tokens[i].used || !token_among(&tokens[i - 1], before) || !slice_to_u64(tokens[i].text, &number) ||
			number == 0 || number > 200)
			continue;
		question->limit = (size_t)number;
		tokens[i].used = true;
		if (token_among(&tokens[i - 1], backwards)) {
			question->backwards = tokens[i - 1].used = true;
			question->kind = QUESTION_SHOW;
		}
		return;
	}
}

/* What the words left over mean for the kind. */
static void settle(struct question *question, size_t words)
{
	bool slots = question->service_count || question->has_level || question->has_from || question->has_to ||
		question->moment || question->any_level || question->excluded_count;

	if (question->kind == QUESTION_END)
		question->kind = question->term_count ? QUESTION_LAST : QUESTION_RECOVERY;
	if ((question->kind == QUESTION_UNKNOWN || question->kind == QUESTION_COUNT ||
		    question->kind == QUESTION_SHOW) &&
		question->rate_unit)
		question->kind = QUESTION_RATE;
	if (question->kind == QUESTION_SUMMARY && question->has_at)
		question->kind = QUESTION_CHANGE;
	if (question->kind == QUESTION_SUMMARY && question->has_from && question->has_to)
		question->kind = QUESTION_CHANGE;
	if (question->kind == QUESTION_SUMMARY && (question->has_from || question->has_to || question->moment))
		question->kind = QUESTION_TEMPLATES;
	if (question->kind == QUESTION_SUMMARY && question->service_count)
		question->kind = QUESTION_HEALTH;
	if (question->kind == QUESTION_SERVICES && question->has_level)
		question->kind = QUESTION_LOUDEST;
	/* "how many?" and "last 3" alone are of what was asked before. */
	if ((question->kind == QUESTION_COUNT || (question->kind == QUESTION_SHOW && question->backwards)) && !slots &&
		question->term_count == 0 && words <= 2)
		question->follow_up = true;
	if (question->kind != QUESTION_UNKNOWN)
		return;
	if (question->follow_up || question->anaphoric)
		return;
	/* "in inventory-service?" or "after 20:45?" alone goes on with what was asked; conversation_ask decides whether
	 * there is a last one. */
	if (slots && question->term_count == 0 && words <= 3)
		question->follow_up = true;
}

/* Words that say more than the kind they belong to. */
static void note_words(const struct token *tokens, size_t count, struct question *question)
{
	static const char *const peaks[] = { "peak", "peaked", "worst", "spike", "spikes", "busiest", NULL };
	static const char *const whole[] = { "log", "range", "period", "time", "day", NULL };
	static const char *const shares[] = { "percentage", "percent", "share", "fraction", "ratio", "proportion",
		NULL };
	static const char *const requests[] = { "requests", "request", NULL };
	static const char *const users[] = { "users", "user", "customers", "customer", "people", NULL };
	static const char *const templates[] = { "template", "templates", "pattern", "patterns", "kinds", NULL };

	for (size_t i = 0; i < count; i++) {
		question->counted =
			question->counted || (i > 0 && token_is(&tokens[i], "many") && token_is(&tokens[i - 1], "how"));
		question->about_peak = question->about_peak || token_among(&tokens[i], peaks);
		question->about_share = question->about_share || token_among(&tokens[i], shares);
		question->about_requests = question->about_requests || token_among(&tokens[i], requests);
		question->about_users = question->about_users || token_among(&tokens[i], users);
		question->any_level = question->any_level ||
			(question->kind == QUESTION_COUNT && tokens[i].used && token_among(&tokens[i], whole)) ||
			(question->kind == QUESTION_TEMPLATES && token_among(&tokens[i], templates));
		question->backwards = question->backwards ||
			(question->kind == QUESTION_SHOW &&
				(token_is(&tokens[i], "last") || token_is(&tokens[i], "recent") ||
					token_is(&tokens[i], "tail") || token_is(&tokens[i], "latest")));
	}
}

void question_parse(const struct asking *asking, struct slice text, struct question *question)
{
	struct token tokens[QUESTION_TOKENS];
	size_t count = question_tokens(text, tokens);

	*question = (struct question){ 0 };
	question->empty = count == 0;
	question->words = count;
	count = question_spell(asking, tokens, count, question);
	strip_endings(tokens, count);
	question_rates(tokens, count, question);
	question_times(asking, tokens, count, question);
	take_limit(tokens, count, question);
	question_levels(tokens, count, question);
	question_services(asking, tokens, count, question);
	question_kinds(tokens, count, question);
	note_words(tokens, count, question);
	question_terms(tokens, count, question);
	if (question->has_from && question->has_to && question->from > question->to) {
		int64_t from = question->to;

		question->to = question->from;
		question->from = from;
	}
	if (question->has_from && question->has_to && question->from == question->to)
		question->to = time_shift(question->from, TIMESTAMP_MINUTE); /* "between 20:41 and 20:41" */
	settle(question, count);
}

/* Kinds that are about the trouble as a whole take over a service at most, no levels or words. */
static bool is_about_records(enum question_kind kind)
{
	return kind == QUESTION_COUNT || kind == QUESTION_SHOW || kind == QUESTION_FIRST || kind == QUESTION_LAST ||
		kind == QUESTION_TEMPLATES || kind == QUESTION_LOUDEST || kind == QUESTION_CHANGE ||
		kind == QUESTION_RATE;
}

static bool is_about_many(enum question_kind kind)
{
	return kind == QUESTION_COUNT || kind == QUESTION_SHOW || kind == QUESTION_TEMPLATES ||
		kind == QUESTION_LOUDEST || kind == QUESTION_CHANGE || kind == QUESTION_RATE;
}

void question_inherit(struct question *question, const struct question *last)
{
	if (question->kind == QUESTION_UNKNOWN)
		question->kind = last->kind;
	/* "since then?" after a moment was told asks for what came, not for the moment again. */
	if (question->anchored && !is_about_many(question->kind)) {
		question->kind = QUESTION_COUNT;
		if (!last->has_level && !last->term_count && !question->has_level && !question->any_level &&
			!question->term_count) {
			question->has_level = true;
			question->level = LEVEL_ERROR;
		}
	}
	if (question->excluded_count == 0 && question->service_count == 0 && !question->everywhere) {
		memcpy(question->excluded, last->excluded, sizeof(question->excluded));
		question->excluded_count = last->excluded_count;
	}
	if (question->service_count == 0 && !question->everywhere) {
		memcpy(question->services, last->services, sizeof(question->services));
		question->service_count = last->service_count;
	}
	if (!question->has_level && !question->any_level && is_about_records(question->kind)) {
		question->has_level = last->has_level;
		question->level = last->level;
		question->exactly = last->exactly;
	}
	if (question->term_count == 0 && is_about_records(question->kind)) {
		memcpy(question->terms, last->terms, sizeof(question->terms));
		question->term_count = last->term_count;
	}
	if (!question->has_from && !question->has_to && !question->moment && is_about_records(question->kind)) {
		question->has_from = last->has_from;
		question->has_to = last->has_to;
		question->from = last->from;
		question->to = last->to;
		question->has_at = last->has_at;
		question->moment = last->moment;
	}
}
