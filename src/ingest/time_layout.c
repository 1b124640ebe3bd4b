#include "ingest/time_layout.h"

#include <string.h>

#define YEARS_TRIED 9 /* a February 29 may be that far back */

struct reading {
	struct timestamp_parts parts;
	struct zone offset;
	bool has_year, has_day, has_offset;
};

void when_init(struct when *when, const struct zone *zone, int64_t newest)
{
	static const struct zone utc;

	when->zone = zone != NULL ? *zone : utc;
	when->newest = newest;
	timestamp_to_parts(newest, &when->zone, &when->newest_parts);
}

static bool is_digit_at(struct slice text, size_t at)
{
	return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

/* Takes `least` to `most` digits (at most 9). */
static bool take_digits(struct slice text, size_t *at, size_t least, size_t most, int *value)
{
	size_t count = 0;

	*value = 0;
	while (count < most && is_digit_at(text, *at + count)) {
		*value = *value * 10 + (text.data[*at + count] - '0');
		count++;
	}
	*at += count;
	return count >= least;
}

static bool take_month_name(struct slice text, size_t *at, int *month)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (text.size < *at + 3)
		return false;
	for (int i = 0; i < 12; i++) {
		const char *name = names + 3 * i;

		if ((text.data[*at] | 0x20) == name[0] && (text.data[*at + 1] | 0x20) == name[1] &&
			(text.data[*at + 2] | 0x20) == name[2]) {
			*at += 3;
			*month = i + 1;
			return true;
		}
	}
	return false;
}

static size_t count_letters(struct slice text, size_t at)
{
	size_t end = at;

	while (end < text.size && (text.data[end] | 0x20) >= 'a' && (text.data[end] | 0x20) <= 'z')
		end++;
	return end - at;
}

/* A '.' or ',' without a digit behind it belongs to the text that follows. */
static void take_fraction(struct slice text, size_t *at, int *nanosecond)
{
	size_t digits = 0;

	if (*at >= text.size || (text.data[*at] != '.' && text.data[*at] != ',') || !is_digit_at(text, *at + 1))
		return;
	(*at)++;
	*nanosecond = 0;
	for (; is_digit_at(text, *at); (*at)++, digits++)
		if (digits < 9)
			*nanosecond = *nanosecond * 10 + (text.data[*at] - '0');
	for (; digits < 9; digits++)
		*nanosecond *= 10;
}

static bool take_offset(struct slice text, size_t *at, struct reading *reading)
{
	struct zone *zone = &reading->offset;
	size_t end = *at;
	int hours, minutes;
	bool is_west;

	*zone = (struct zone){ 0 };
	reading->has_offset = true;
	if (end < text.size && text.data[end] == 'Z') {
		(*at)++;
		return true;
	}
	if (end >= text.size || (text.data[end] != '+' && text.data[end] != '-'))
		return false;
	is_west = text.data[end++] == '-';
	if (!take_digits(text, &end, 2, 2, &hours))
		return false;
	if (end < text.size && text.data[end] == ':')
		end++;
	if (!take_digits(text, &end, 0, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	zone->offset_seconds = (hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
	*at = end;
	return true;
}

static bool take_zone_name(struct slice text, size_t *at, struct reading *reading)
{
	size_t size = count_letters(text, *at);
	struct slice name = slice_first(slice_from(text, *at), size);

	if (size == 0)
		return take_offset(text, at, reading);
	if (size > 5)
		return false;
	if (slice_is(name, "UTC") || slice_is(name, "GMT") || slice_is(name, "Z")) {
		reading->has_offset = true;
		reading->offset = (struct zone){ 0 };
	}
	*at += size;
	return true;
}

static bool take_year(struct slice text, size_t *at, size_t count, struct reading *reading)
{
	reading->has_year = true;
	if (!take_digits(text, at, count, count, &reading->parts.year))
		return false;
	if (count == 2)
		reading->parts.year += reading->parts.year < 70 ? 2000 : 1900;
	return true;
}

/* Reads the part that a run of `count` letters describes. */
static bool take_part(char letter, size_t count, struct slice text, size_t *at, struct reading *reading)
{
	struct timestamp_parts *parts = &reading->parts;
	size_t least = count > 1 ? 2 : 1;

	switch (letter) {
	case 'y':
		return take_year(text, at, count, reading);
	case 'M':
		return count == 3 ? take_month_name(text, at, &parts->month)
				  : take_digits(text, at, least, 2, &parts->month);
	case 'd':
		reading->has_day = true;
		return take_digits(text, at, least, 2, &parts->day);
	case 'E':
		*at += 3;
		return count_letters(text, *at - 3) == 3;
	case 'H':
		return take_digits(text, at, least, 2, &parts->hour);
	case 'm':
		return take_digits(text, at, least, 2, &parts->minute);
	case 's':
		if (!take_digits(text, at, least, 2, &parts->second))
			return false;
		take_fraction(text, at, &parts->nanosecond);
		return true;
	case 'N':
		if (!take_digits(text, at, 1, 3, &parts->nanosecond))
			return false;
		parts->nanosecond *= 1000000;
		return true;
	case 'Z':
		return take_offset(text, at, reading);
	default: /* 'z' */
		return take_zone_name(text, at, reading);
	}
}

static bool is_part(char letter)
{
	switch (letter) {
	case 'y':
	case 'M':
	case 'd':
	case 'E':
	case 'H':
	case 'm':
	case 's':
	case 'N':
	case 'Z':
	case 'z':
		return true;
	default:
		return false;
	}
}

/* The letters of the part at `at`. */
static size_t run_of(struct slice layout, size_t at)
{
	size_t end = at;

	while (end < layout.size && layout.data[end] == layout.data[at])
		end++;
	return end - at;
}

static bool take_layout(struct slice layout, struct slice text, size_t *used, struct reading *reading)
{
	size_t at = 0;

	for (size_t i = 0; i < layout.size;) {
		char letter = layout.data[i];

		if (is_part(letter)) {
			size_t count = run_of(layout, i);

			if (!take_part(letter, count, text, &at, reading))
				return false;
			i += count;
			continue;
		}
		if (at >= text.size || text.data[at] != letter)
			return false;
		at++;
		while (letter == ' ' && at < text.size && text.data[at] == ' ')
			at++;
		i++;
	}
	*used = at;
	return !is_digit_at(text, at) || !is_digit_at(text, at - 1);
}

/* The latest year in which the time does not lie after what is newest. */
static bool find_year(struct timestamp_parts *parts, const struct zone *zone, const struct when *when, int64_t *time)
{
	for (int back = 0; back < YEARS_TRIED; back++) {
		parts->year = when->newest_parts.year + 1 - back;
		if (timestamp_from_parts(parts, zone, time) && *time <= when->newest + TIMESTAMP_DAY)
			return true;
	}
	return false;
}

static bool find_day(struct timestamp_parts *parts, const struct zone *zone, const struct when *when, int64_t *time)
{
	parts->year = when->newest_parts.year;
	parts->month = when->newest_parts.month;
	parts->day = when->newest_parts.day;
	if (!timestamp_from_parts(parts, zone, time))
		return false;
	if (*time > when->newest + TIMESTAMP_HOUR)
		*time -= TIMESTAMP_DAY;
	return true;
}

bool time_layout_read(struct slice layout, struct slice text, const struct when *when, int64_t *time, size_t *used)
{
	struct reading reading;
	const struct zone *zone = &when->zone;

	if (slice_is(layout, "iso"))
		return timestamp_parse_prefix(text, zone, time, used);
	if (slice_is(layout, "epoch")) {
		size_t size = 0;

		while (is_digit_at(text, size) || (size < text.size && text.data[size] == '.'))
			size++;
		*used = size;
		return timestamp_from_epoch(slice_first(text, size), time);
	}
	memset(&reading, 0, sizeof(reading));
	if (!take_layout(layout, text, used, &reading))
		return false;
	if (reading.has_offset)
		zone = &reading.offset;
	if (!reading.has_day)
		return find_day(&reading.parts, zone, when, time);
	if (!reading.has_year)
		return find_year(&reading.parts, zone, when, time);
	return timestamp_from_parts(&reading.parts, zone, time);
}

int time_layout_check(struct slice layout, struct error *error)
{
	size_t parts = 0;

	if (slice_is(layout, "iso") || slice_is(layout, "epoch"))
		return 0;
	for (size_t i = 0; i < layout.size;) {
		size_t count = run_of(layout, i);
		char letter = layout.data[i];
		bool fits = count <= 2;

		if (!is_part(letter)) {
			i++;
			continue;
		}
		if (letter == 'y')
			fits = count == 2 || count == 4;
		else if (letter == 'M')
			fits = count <= 3;
		else if (letter == 'E')
			fits = count == 3;
		else if (letter == 'N' || letter == 'Z' || letter == 'z')
			fits = count == 1;
		if (!fits)
			return error_set(
				error, ERROR_INPUT, "'%.*s' is no part of a time layout", (int)count, layout.data + i);
		parts++;
		i += count;
	}
	return parts > 0 ? 0 : error_set(error, ERROR_INPUT, "a time layout has parts like yyyy-MM-dd HH:mm:ss");
}
