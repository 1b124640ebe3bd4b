/*
 * Times in questions: "after 20:40", "between 20:40 and 20:41", "at 20:41:07", "in the last 5 minutes", "before the
 * incident".
 *
 * A time to the minute means that minute, one to the second that second. "around" widens by a minute on both sides.
 */
#include "analyst/asking.h"

static const char *const words_from[] = { "after", "since", "from", "starting", "past", NULL };
static const char *const words_to[] = { "before", "until", "till", "to", "by", "through", NULL };
static const char *const words_at[] = { "at", "on", "during", "@", NULL };
static const char *const words_around[] = { "around", "about", "near", "nearly", NULL };
static const char *const words_and[] = { "and", "to", "until", "-", NULL };
static const char *const words_last[] = { "last", "past", "previous", "final", "latest", NULL };

static void set_from(struct question *question, int64_t time)
{
	question->has_from = true;
	question->from = time;
}

static void set_to(struct question *question, int64_t time)
{
	question->has_to = true;
	question->to = time;
}

static void set_at(struct question *question, int64_t from, int64_t to)
{
	if (question->has_at) {
		question->has_second_at = true;
		question->second_from = from;
		question->second_to = to;
		return;
	}
	set_from(question, from);
	set_to(question, to);
	question->has_at = true;
}

/* The nearest word before `index` that is no article; its place in *at, or NULL. */
static struct token *preposition(struct token *tokens, size_t index)
{
	static const char *const articles[] = { "the", "about", "time", NULL };

	while (index-- > 0) {
		if (token_among(&tokens[index], articles) && index > 0 && !token_is(&tokens[index], "about"))
			continue;
		return &tokens[index];
	}
	return NULL;
}

static void take_time(struct token *tokens, size_t index, int64_t time, int64_t span, struct question *question)
{
	struct token *before = preposition(tokens, index);

	tokens[index].used = true;
	if (!before || before->used) {
		set_at(question, time, time_shift(time, span));
		return;
	}
	if (token_is(before, "between")) {
		set_from(question, time);
	} else if (question->has_from && !question->has_to && token_among(before, words_and)) {
		set_to(question, time);
	} else if (token_among(before, words_from)) {
		set_from(question, time);
	} else if (token_among(before, words_to)) {
		set_to(question, time);
	} else if (token_among(before, words_around)) {
		set_at(question, time_shift(time, -TIMESTAMP_MINUTE), time_shift(time, span + TIMESTAMP_MINUTE));
	} else {
		set_at(question, time, time_shift(time, span));
		if (!token_among(before, words_at))
			return;
	}
	before->used = true;
}

/* "20:40-20:41" and "20:40..20:41" */
static bool take_range(const struct asking *asking, struct token *token, struct question *question)
{
	int64_t from, to, span;

	for (size_t i = 4; i + 4 < token->text.size; i++) {
		size_t gap = token->text.data[i] == '-'                                ? 1
			: token->text.data[i] == '.' && token->text.data[i + 1] == '.' ? 2
										       : 0;

		if (!gap || !looks_like_time(slice_first(token->text, i)) ||
			!looks_like_time(slice_from(token->text, i + gap)) ||
			!read_time(asking, slice_first(token->text, i), &from, &span) ||
			!read_time(asking, slice_from(token->text, i + gap), &to, &span))
			continue;
		set_from(question, from);
		set_to(question, to);
		token->used = true;
		return true;
	}
	return false;
}

static bool take_duration(
	const struct asking *asking, struct token *tokens, size_t count, size_t index, struct question *question)
{
	bool last = token_among(&tokens[index], words_last), first = token_is(&tokens[index], "first");
	size_t start = last || first ? index + 1 : index, words;
	int64_t duration;

	words = read_duration(tokens, count, start, &duration);
	if (words == 0)
		return false;
	if (last) {
		int64_t from = time_shift(asking->extent.to, -duration);

		set_from(question,
			time_shift(from, -(from % TIMESTAMP_SECOND))); /* a whole second can be read and typed */
	} else if (first) {
		set_from(question, asking->extent.from);
		set_to(question, time_shift(asking->extent.from, duration));
	} else if (start + words < count && token_is(&tokens[start + words], "ago")) {
		set_at(question, time_shift(asking->now, -duration),
			time_shift(time_shift(asking->now, -duration), TIMESTAMP_MINUTE));
		words++;
	} else {
		return false;
	}
	for (size_t i = index; i < start + words; i++)
		tokens[i].used = true;
	return true;
}

/* Things that the analysis dates; "that" and "then" are what the last answer was about, when there is one. */
static void take_moment(struct token *tokens, size_t count, size_t index, struct question *question)
{
	static const char *const before[] = { "before", "until", "till", NULL },
				 *const since[] = { "after", "since", "during", NULL };
	static const char *const things[] = { "incident", "outage", "onset", "trouble", "failure", "crash", "it",
		"that", "this", "then", NULL };
	static const char *const anchors[] = { "that", "then", "this", NULL };
	static const char *const ends[] = { "failed", "broke", "crashed", "died", "started", NULL };
	static const char *const shortly[] = { "just", "right", "shortly", "immediately", NULL };
	size_t next = index + 1;

	if (next < count && token_is(&tokens[next], "the"))
		next++;
	if (next >= count || tokens[next].used || !token_among(&tokens[next], things))
		return;
	if (token_among(&tokens[index], before))
		question->moment = MOMENT_BEFORE;
	else if (token_among(&tokens[index], since))
		question->moment = MOMENT_SINCE;
	else
		return;
	question->anchored = token_among(&tokens[next], anchors);
	tokens[index].used = tokens[next].used = true;
	if (next + 1 < count && token_among(&tokens[next + 1], ends))
		tokens[next + 1].used = true;
	if (index > 0 && question->moment == MOMENT_BEFORE && token_among(&tokens[index - 1], shortly))
		question->backwards = tokens[index - 1].used = true;
}

/* What clocks on that day are relative to. */
static struct asking asking_on(const struct asking *asking, struct window day)
{
	struct asking on = *asking;

	on.now = time_shift(day.from, TIMESTAMP_DAY / 2 - 1);
	on.extent = day;
	return on;
}

/* A clock or a day, with the words behind it that belong to it: "8:41 pm", "2025-05-17 20:41". */
static void take_clock(
	const struct asking *asking, struct token *tokens, size_t count, size_t index, struct question *question)
{
	char text[64], clock[64];
	size_t words = read_clock(tokens, count, index, text), more;
	int64_t time, span;
	struct window day;

	if (words == 0)
		return;
	if (!read_time(asking, slice_of(text), &time, &span)) {
		slice_copy(tokens[index].text, question->bad_time, sizeof(question->bad_time));
		tokens[index].used = true;
		return;
	}
	/* The day says which one the clock behind it is on. */
	more = span == TIMESTAMP_DAY && index + words < count ? read_clock(tokens, count, index + words, clock) : 0;
	if (span == TIMESTAMP_DAY && day_of(time, 0, asking->zone, &day)) {
		struct asking on = asking_on(asking, day);

		span = time_apart(day.from, day.to);
		if (more && read_time(&on, slice_of(clock), &time, &span))
			words += more;
	}
	for (size_t i = index + 1; i < index + words; i++)
		tokens[i].used = true;
	take_time(tokens, index, time, span, question);
}

static void take_midnight(const struct asking *asking, struct token *tokens, size_t index, struct question *question)
{
	const struct token *before = preposition(tokens, index);
	struct window day;

	if (token_is(&tokens[index], "midnight") && day_of(asking->now, 0, asking->zone, &day))
		take_time(tokens, index, before && token_among(before, words_to) ? day.to : day.from, TIMESTAMP_MINUTE,
			question);
}

static bool take_day(
	const struct asking *asking, struct token *tokens, size_t count, size_t index, struct question *question)
{
	struct window day;
	size_t words = question_day(asking, tokens, count, index, &day);

	for (size_t i = index + 1; i < index + words; i++)
		tokens[i].used = true;
	if (words)
		take_time(tokens, index, day.from, time_apart(day.from, day.to), question);
	return words > 0;
}

/* One day and a clock or two: the clocks are on that day, wherever it is named. */
static bool find_common_day(const struct asking *asking, struct token *tokens, size_t count, struct window *day)
{
	size_t days = 0, clocks = 0, at = 0, words = 0;
	char text[64];

	for (size_t i = 0; i < count; i++) {
		struct window window;
		size_t size = question_day(asking, tokens, count, i, &window);

		if (size == 0) {
			clocks += read_clock(tokens, count, i, text) > 0 || token_is(&tokens[i], "midnight");
			continue;
		}
		days++;
		at = i;
		words = size;
		*day = window;
		i += size - 1;
	}
	if (days != 1 || clocks == 0)
		return false;
	for (size_t i = at; i < at + words; i++)
		tokens[i].used = true;
	if (at > 0 && (token_is(&tokens[at - 1], "on") || token_is(&tokens[at - 1], "of")))
		tokens[at - 1].used = true;
	return true;
}

/* Times that hold the whole log leave nothing out: the question is as good as without them. */
static void drop_needless(const struct asking *asking, struct question *question)
{
	if (question->has_second_at || (!question->has_from && !question->has_to) ||
		(question->has_from && question->from > asking->extent.from) ||
		(question->has_to && question->to < asking->extent.to) ||
		(question->has_from && question->has_to && question->from > question->to))
		return;
	question->has_from = question->has_to = question->has_at = false;
}

void question_times(const struct asking *asking, struct token *tokens, size_t count, struct question *question)
{
	struct window day = { 0 };
	struct asking relative = find_common_day(asking, tokens, count, &day) ? asking_on(asking, day) : *asking;

	for (size_t i = 0; i < count; i++) {
		if (tokens[i].quoted || tokens[i].used)
			continue;
		if (take_range(&relative, &tokens[i], question) || take_duration(asking, tokens, count, i, question) ||
			take_day(asking, tokens, count, i, question))
			continue;
		take_moment(tokens, count, i, question);
		take_midnight(&relative, tokens, i, question);
		if (!tokens[i].used)
			take_clock(&relative, tokens, count, i, question);
	}
	drop_needless(asking, question);
}
