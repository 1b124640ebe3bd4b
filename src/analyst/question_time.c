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

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits and at least one colon between digits, or a date: meant as a time, readable or not. */
static bool looks_like_time(struct slice text)
{
	size_t colon = slice_find_byte(text, ':');

	if (text.size < 4 || !is_digit(text.data[0]))
		return false;
	if (colon != SIZE_MAX && colon > 0 && colon + 1 < text.size)
		return is_digit(text.data[colon - 1]) && is_digit(text.data[colon + 1]) && colon <= 13;
	return text.size == 10 && text.data[4] == '-' && text.data[7] == '-';
}

/* "8:41pm": takes the ending off and says by how much the clock that is left must move. */
static int64_t take_half_day(struct slice *text)
{
	bool afternoon = slice_equal_nocase(slice_from(*text, text->size - 2), slice_of("pm"));
	bool morning = slice_equal_nocase(slice_from(*text, text->size - 2), slice_of("am"));
	bool twelve = slice_starts(*text, "12");

	if (!afternoon && !morning)
		return 0;
	text->size -= 2;
	if (afternoon)
		return twelve ? 0 : 12 * TIMESTAMP_HOUR;
	return twelve ? -12 * TIMESTAMP_HOUR : 0;
}

/* A clock without a date means the day on which the log has it, or the nearer one. */
static int64_t nearest_day(const struct asking *asking, int64_t time)
{
	int64_t day_before = time_shift(time, -TIMESTAMP_DAY);

	if (time < asking->extent.to)
		return time;
	if (day_before >= asking->extent.from ||
		time_apart(day_before, asking->extent.from) < time_apart(asking->extent.to, time))
		return day_before;
	return time;
}

/* Reads a day, a clock, or both; *span is the length of what it names. */
static bool read_time(const struct asking *asking, struct slice text, int64_t *time, int64_t *span)
{
	char padded[64];
	size_t colons = 0, size = 0;
	int64_t shift;

	if (text.size < 4 || text.size > 40)
		return false;
	if (text.size == 10 && text.data[4] == '-') {
		*span = TIMESTAMP_DAY;
		return timestamp_parse_clock(text, asking->now, asking->zone, time);
	}
	shift = take_half_day(&text);
	if (text.size > 1 && text.data[1] == ':')
		padded[size++] = '0';
	slice_copy(text, padded + size, sizeof(padded) - size);
	for (size_t i = 0; padded[i]; i++)
		colons += padded[i] == ':';
	if (!timestamp_parse_clock(slice_of(padded), asking->now, asking->zone, time))
		return false;
	*time = time_shift(*time, shift);
	if (slice_find_byte(text, '-') == SIZE_MAX)
		*time = nearest_day(asking, *time);
	*span = colons >= 2 ? TIMESTAMP_SECOND : TIMESTAMP_MINUTE;
	return true;
}

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

static bool read_unit(const struct token *token, int64_t *unit)
{
	static const struct {
		const char *word;
		int64_t unit;
	} units[] = {
		{ "second", TIMESTAMP_SECOND },
		{ "seconds", TIMESTAMP_SECOND },
		{ "sec", TIMESTAMP_SECOND },
		{ "secs", TIMESTAMP_SECOND },
		{ "s", TIMESTAMP_SECOND },
		{ "minute", TIMESTAMP_MINUTE },
		{ "minutes", TIMESTAMP_MINUTE },
		{ "min", TIMESTAMP_MINUTE },
		{ "mins", TIMESTAMP_MINUTE },
		{ "m", TIMESTAMP_MINUTE },
		{ "hour", TIMESTAMP_HOUR },
		{ "hours", TIMESTAMP_HOUR },
		{ "h", TIMESTAMP_HOUR },
		{ "day", TIMESTAMP_DAY },
		{ "days", TIMESTAMP_DAY },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (token_is(token, units[i].word)) {
			*unit = units[i].unit;
			return true;
		}
	return false;
}

/* A length of time at `index`: "5 minutes", "5m", "minute"; returns how many words it takes, 0 when there is none. */
static size_t read_duration(const struct token *tokens, size_t count, size_t index, int64_t *duration)
{
	uint64_t number;
	int64_t unit;

	if (index >= count)
		return 0;
	if (read_unit(&tokens[index], duration))
		return 1;
	if (slice_to_u64(tokens[index].text, &number) && index + 1 < count && read_unit(&tokens[index + 1], &unit) &&
		number < 100000) {
		*duration = (int64_t)number * unit;
		return 2;
	}
	if (!slice_to_u64(tokens[index].text, &number) && tokens[index].text.size > 1 &&
		is_digit(tokens[index].text.data[0]) && duration_parse(tokens[index].text, duration))
		return 1;
	return 0;
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

static void take_moment(struct token *tokens, size_t count, size_t index, struct question *question)
{
	static const char *const before[] = { "before", "until", "till", NULL },
				 *const since[] = { "after", "since", "during", NULL };
	static const char *const things[] = { "incident", "outage", "onset", "trouble", "failure", "it", "that", "this",
		"baseline", NULL };
	size_t next = index + 1;

	if (next < count && token_is(&tokens[next], "the"))
		next++;
	if (next >= count || !token_among(&tokens[next], things) || token_is(&tokens[next], "baseline"))
		return;
	if (token_among(&tokens[index], before))
		question->moment = MOMENT_BEFORE;
	else if (token_among(&tokens[index], since))
		question->moment = MOMENT_SINCE;
	else
		return;
	tokens[index].used = tokens[next].used = true;
}

/* A clock or a day, with the words behind it that belong to it: "8:41 pm", "2025-05-17 20:41". */
static void take_clock(
	const struct asking *asking, struct token *tokens, size_t count, size_t index, struct question *question)
{
	static const char *const half_days[] = { "am", "pm", NULL };
	struct token *next = index + 1 < count ? &tokens[index + 1] : NULL;
	struct asking day = *asking;
	char joined[64];
	size_t size = slice_copy(tokens[index].text, joined, sizeof(joined) - 4);
	int64_t time, span;

	if (next && token_among(next, half_days)) {
		slice_copy(next->text, joined + size, 4);
		next->used = true;
	}
	if (!read_time(asking, slice_of(joined), &time, &span)) {
		slice_copy(tokens[index].text, question->bad_time, sizeof(question->bad_time));
		tokens[index].used = true;
		return;
	}
	/* The day says which one the clock behind it is on. */
	day.now = time_shift(time, TIMESTAMP_DAY / 2 - 1);
	day.extent = (struct window){ time, time_shift(time, TIMESTAMP_DAY) };
	if (span == TIMESTAMP_DAY && next && looks_like_time(next->text) && read_time(&day, next->text, &time, &span))
		next->used = true;
	take_time(tokens, index, time, span, question);
}

void question_times(const struct asking *asking, struct token *tokens, size_t count, struct question *question)
{
	for (size_t i = 0; i < count; i++) {
		if (tokens[i].quoted || tokens[i].used)
			continue;
		if (take_range(asking, &tokens[i], question) || take_duration(asking, tokens, count, i, question))
			continue;
		take_moment(tokens, count, i, question);
		if (looks_like_time(tokens[i].text))
			take_clock(asking, tokens, count, i, question);
	}
}
