/*
 * Times as they are written: clocks with and without colons, halves of the day, lengths of time.
 */
#include "analyst/asking.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits and at least one colon between digits, or a date: meant as a time, readable or not. */
bool looks_like_time(struct slice text)
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
bool read_time(const struct asking *asking, struct slice text, int64_t *time, int64_t *span)
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

bool read_unit(const struct token *token, int64_t *unit)
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
size_t read_duration(const struct token *tokens, size_t count, size_t index, int64_t *duration)
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

/* "2041" where a time is expected and nothing is counted. */
static bool is_bare_clock(const struct token *tokens, size_t count, size_t index)
{
	static const char *const ahead[] = { "at", "after", "since", "before", "until", "till", "around", "between",
		"from", "to", "and", NULL };
	static const char *const behind[] = { "and", "to", "until", "in", "on", "for", "today", "yesterday", NULL };
	struct slice text = tokens[index].text;
	uint64_t number;

	return index > 0 && text.size == 4 && slice_to_u64(text, &number) && number < 2400 && number % 100 < 60 &&
		token_among(&tokens[index - 1], ahead) &&
		(index + 1 >= count || token_among(&tokens[index + 1], behind));
}

/* The clock or date at `index` as read_time wants it: "8 pm" and "8pm" are "8:00pm", "2041" is "20:41". Returns how
 * many words it takes, 0 when there is none. */
size_t read_clock(const struct token *tokens, size_t count, size_t index, char out[64])
{
	static const char *const half_days[] = { "am", "pm", NULL };
	struct slice text = tokens[index].text;
	bool half = index + 1 < count && token_among(&tokens[index + 1], half_days);
	size_t digits = 0, size;

	if (tokens[index].quoted || tokens[index].used || text.size == 0)
		return 0;
	while (digits < text.size && is_digit(text.data[digits]))
		digits++;
	if (looks_like_time(text)) {
		size = slice_copy(text, out, 56);
	} else if (token_is(&tokens[index], "noon")) {
		slice_copy(slice_of("12:00"), out, 64);
		return 1;
	} else if (is_bare_clock(tokens, count, index)) {
		slice_copy(slice_first(text, 2), out, 64);
		out[2] = ':';
		slice_copy(slice_from(text, 2), out + 3, 61);
		return 1;
	} else if (digits >= 1 && digits <= 2 &&
		((digits == text.size && half) ||
			(digits + 2 == text.size &&
				(slice_equal_nocase(slice_from(text, digits), slice_of("am")) ||
					slice_equal_nocase(slice_from(text, digits), slice_of("pm")))))) {
		size = slice_copy(slice_first(text, digits), out, 64);
		size += slice_copy(slice_of(":00"), out + size, 64 - size);
		size += slice_copy(slice_from(text, digits), out + size, 64 - size);
	} else {
		return 0;
	}
	if (half)
		slice_copy(tokens[index + 1].text, out + size, 64 - size);
	return half ? 2 : 1;
}
