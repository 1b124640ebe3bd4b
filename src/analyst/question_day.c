/*
 * Days in questions: "yesterday", "on monday", "17 may", "2025-05-17", against the day of the horizon in the zone.
 */
#include "analyst/asking.h"

#include <string.h>

static const char *const weekdays[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
	NULL };
static const char *const months[] = { "january", "february", "march", "april", "may", "june", "july", "august",
	"september", "october", "november", "december", NULL };

bool day_of(int64_t time, int days, const struct zone *zone, struct window *day)
{
	struct timestamp_parts parts;
	int64_t noon;

	timestamp_to_parts(time, zone, &parts);
	parts.hour = 12;
	parts.minute = parts.second = parts.nanosecond = 0;
	if (!timestamp_from_parts(&parts, zone, &noon))
		return false;
	/* From noon to noon a day is 24 hours, near enough where clocks change. */
	timestamp_to_parts(time_shift(noon, days * TIMESTAMP_DAY), zone, &parts);
	parts.hour = 0;
	if (!timestamp_from_parts(&parts, zone, &day->from))
		return false;
	timestamp_to_parts(time_shift(noon, (days + 1) * TIMESTAMP_DAY), zone, &parts);
	parts.hour = 0;
	return timestamp_from_parts(&parts, zone, &day->to);
}

/* The place in a list of a name or its first three letters, from 1; 0 when it is none. */
static int find_name(const struct token *token, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (token_is(token, names[i]) ||
			(token->text.size == 3 && !token->quoted &&
				slice_equal_nocase(token->text, slice_first(slice_of(names[i]), 3))))
			return i + 1;
	return 0;
}

/* "17", "17th" */
static int read_day_number(const struct token *token)
{
	static const char *const endings[] = { "st", "nd", "rd", "th" };
	struct slice text = token->text;
	uint64_t number;

	for (size_t i = 0; i < 4 && text.size > 2; i++)
		if (slice_equal_nocase(slice_from(text, text.size - 2), slice_of(endings[i]))) {
			text.size -= 2;
			break;
		}
	return !token->quoted && slice_to_u64(text, &number) && number >= 1 && number <= 31 ? (int)number : 0;
}

/* The last such day that is not after today. */
static bool read_month_day(const struct asking *asking, int month, int number, struct window *day)
{
	struct timestamp_parts parts;
	int64_t time;

	timestamp_to_parts(asking->now, asking->zone, &parts);
	if (month > parts.month || (month == parts.month && number > parts.day))
		parts.year--;
	parts.month = month;
	parts.day = number;
	parts.hour = 12;
	parts.minute = parts.second = parts.nanosecond = 0;
	return timestamp_from_parts(&parts, asking->zone, &time) && day_of(time, 0, asking->zone, day);
}

/* "2025-05-17", "2025/05/17" */
static bool read_date(const struct asking *asking, struct slice text, struct window *day)
{
	char date[12];
	int64_t time;

	if (text.size != 10 || (text.data[4] != '-' && text.data[4] != '/') || text.data[7] != text.data[4])
		return false;
	slice_copy(text, date, sizeof(date));
	date[4] = date[7] = '-';
	return timestamp_parse_clock(slice_of(date), asking->now, asking->zone, &time) &&
		day_of(time, 0, asking->zone, day);
}

/* Days from today (0) back to the last such day of the week. */
static bool read_weekday(const struct asking *asking, int wanted, struct window *day)
{
	struct timestamp_parts parts;
	int64_t today, days;

	/* The days since 1970-01-01, a Thursday, of the calendar day that the zone shows. */
	timestamp_to_parts(asking->now, asking->zone, &parts);
	if (!timestamp_from_parts(
		    &(struct timestamp_parts){ parts.year, parts.month, parts.day, 12, 0, 0, 0 }, NULL, &today))
		return false;
	days = today / TIMESTAMP_DAY - (today % TIMESTAMP_DAY < 0);
	return day_of(asking->now, -(int)((((days + 4) % 7 + 7) % 7 - wanted + 7) % 7), asking->zone, day);
}

size_t question_day(
	const struct asking *asking, const struct token *tokens, size_t count, size_t index, struct window *day)
{
	static const char *const today[] = { "today", "tonight", NULL },
				 *const parts_of_day[] = { "morning", "afternoon", "evening", "night", NULL };
	const struct token *token = &tokens[index], *next = index + 1 < count ? &tokens[index + 1] : NULL;
	int name, number;

	if (token->quoted || token->used)
		return 0;
	if (token_among(token, today))
		return day_of(asking->now, 0, asking->zone, day);
	if (token_is(token, "this") && next && token_among(next, parts_of_day))
		return day_of(asking->now, 0, asking->zone, day) ? 2 : 0;
	if (token_is(token, "yesterday"))
		return day_of(asking->now, -1, asking->zone, day);
	if (token_is(token, "last") && next && token_is(next, "night"))
		return day_of(asking->now, -1, asking->zone, day) ? 2 : 0;
	if (token->text.size > 3 && (name = find_name(token, weekdays)) > 0)
		return read_weekday(asking, name - 1, day);
	if (next && (name = find_name(token, months)) > 0 && (number = read_day_number(next)) > 0)
		return read_month_day(asking, name, number, day) ? 2 : 0;
	if (next && (number = read_day_number(token)) > 0 && (name = find_name(next, months)) > 0)
		return read_month_day(asking, name, number, day) ? 2 : 0;
	return read_date(asking, token->text, day);
}
