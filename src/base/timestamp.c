/*
 * Reading and writing times by hand: no strptime, no locale, and a plain date and time costs a few dozen instructions,
 * since every line of a log passes here.
 */
#include "tocsin/base/timestamp.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes exactly `count` digits (at most 9) at `*at`. */
static bool take_number(struct slice text, size_t *at, size_t count, int *value)
{
	int result = 0;

	if (*at > text.size || text.size - *at < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		char c = text.data[*at + i];

		if (!is_digit(c))
			return false;
		result = result * 10 + (c - '0');
	}
	*at += count;
	*value = result;
	return true;
}

static bool take_byte(struct slice text, size_t *at, char byte)
{
	if (*at >= text.size || text.data[*at] != byte)
		return false;
	(*at)++;
	return true;
}

static bool is_digit_at(struct slice text, size_t at)
{
	return at < text.size && is_digit(text.data[at]);
}

static bool take_date(struct slice text, size_t *at, struct civil *civil)
{
	return take_number(text, at, 4, &civil->year) && take_byte(text, at, '-') &&
	       take_number(text, at, 2, &civil->month) && take_byte(text, at, '-') &&
	       take_number(text, at, 2, &civil->day) && civil->month >= 1 && civil->month <= 12 && civil->day >= 1 &&
	       civil->day <= civil_month_days(civil->year, civil->month);
}

/* A '.' or ',' without a digit behind it belongs to the text that follows the time. */
static bool take_fraction(struct slice text, size_t *at, int *nanosecond)
{
	size_t start = *at + 1, digits = 0;

	*nanosecond = 0;
	if (*at >= text.size || (text.data[*at] != '.' && text.data[*at] != ',') || !is_digit_at(text, start))
		return true;
	while (digits < 9 && is_digit_at(text, start + digits))
		digits++;
	if (is_digit_at(text, start + digits))
		return false;
	*at = start;
	take_number(text, at, digits, nanosecond);
	for (size_t i = digits; i < 9; i++)
		*nanosecond *= 10;
	return true;
}

/* "20:41", "20:41:07" or "20:41:07.5". */
static bool take_clock(struct slice text, size_t *at, struct civil *civil)
{
	civil->second = 0;
	civil->nanosecond = 0;
	if (!take_number(text, at, 2, &civil->hour) || !take_byte(text, at, ':') ||
	    !take_number(text, at, 2, &civil->minute) || civil->hour > 23 || civil->minute > 59)
		return false;
	if (!take_byte(text, at, ':'))
		return true;
	return take_number(text, at, 2, &civil->second) && civil->second <= 59 &&
	       take_fraction(text, at, &civil->nanosecond);
}

/* "+02", "+0200" or "+02:00", with '-' too, within a day. */
static bool take_offset(struct slice text, size_t *at, int *offset_seconds)
{
	size_t end = *at;
	int hours, minutes = 0;
	bool is_west;

	if (end >= text.size || (text.data[end] != '+' && text.data[end] != '-'))
		return false;
	is_west = text.data[end++] == '-';
	if (!take_number(text, &end, 2, &hours) || hours > 23)
		return false;
	if (is_digit_at(text, end)) {
		if (!take_number(text, &end, 2, &minutes))
			return false;
	} else if (is_digit_at(text, end + 1) && text.data[end] == ':') {
		end++;
		if (!take_number(text, &end, 2, &minutes))
			return false;
	}
	if (minutes > 59 || is_digit_at(text, end))
		return false;
	*offset_seconds = (hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
	*at = end;
	return true;
}

bool timestamp_parse_prefix(struct slice text, const struct zone *zone, int64_t *time, size_t *used)
{
	struct civil civil;
	size_t at = 0;
	int offset;

	if (!take_date(text, &at, &civil))
		return false;
	if (!take_byte(text, &at, 'T') && !take_byte(text, &at, ' ') && !take_byte(text, &at, 't'))
		return false;
	if (!take_clock(text, &at, &civil))
		return false;
	if (take_byte(text, &at, 'Z') || take_byte(text, &at, 'z')) {
		if (!civil_to_time(&civil, 0, time))
			return false;
	} else if (take_offset(text, &at, &offset)) {
		if (!civil_to_time(&civil, offset, time))
			return false;
	} else if (!civil_to_time_in(&civil, zone, time)) {
		return false;
	}
	*used = at;
	return true;
}

bool timestamp_parse(struct slice text, const struct zone *zone, int64_t *time)
{
	int64_t result;
	size_t used;

	if (!timestamp_parse_prefix(text, zone, &result, &used) || used != text.size)
		return false;
	*time = result;
	return true;
}

/* Where the zone begins in a time with seconds: behind them and their fraction. */
static size_t find_tail(struct slice text)
{
	size_t at = 19;

	if (at < text.size && (text.data[at] == '.' || text.data[at] == ','))
		at++;
	while (is_digit_at(text, at))
		at++;
	return at;
}

/* Remembers the minute of a sound time when it comes for the second time. All of its seconds must lie in a row: clocks
   of a zone may have been put in the middle of a minute. */
static void learn_minute(struct timestamp_memo *memo, struct slice text, const struct zone *zone)
{
	struct slice tail = slice_from(text, text.size < 19 ? text.size : find_tail(text));
	char first[19 + sizeof(memo->tail)], last[19 + sizeof(memo->tail)];
	size_t size = 19 + tail.size;
	int64_t end;

	memo->known = false;
	if (text.size < 19 || text.data[16] != ':' || tail.size > sizeof(memo->tail))
		return;
	if (memcmp(memo->minute, text.data, sizeof(memo->minute)) != 0) {
		memcpy(memo->minute, text.data, sizeof(memo->minute));
		return;
	}
	memcpy(first, text.data, 19);
	memcpy(first + 17, "00", 2);
	memcpy(memo->tail, tail.data, tail.size);
	memcpy(first + 19, tail.data, tail.size);
	memcpy(last, first, size);
	memcpy(last + 17, "59", 2);
	memo->tail_size = (uint8_t)tail.size;
	memo->known = timestamp_parse((struct slice){first, size}, zone, &memo->start) &&
		      timestamp_parse((struct slice){last, size}, zone, &end) &&
		      end - memo->start == 59 * TIMESTAMP_SECOND;
}

/* Digits are read eight at a time. */
#define ZEROS UINT64_C(0x3030303030303030)

static inline uint64_t load(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* The number that eight digits write, the first in the lowest byte; false when one is no digit. */
static inline bool read_eight(uint64_t word, uint32_t *number)
{
	uint64_t digits = word - ZEROS;
	bool sound = (((word + UINT64_C(0x4646464646464646)) | digits) & UINT64_C(0x8080808080808080)) == 0;

	digits = digits * 10 + (digits >> 8);
	*number = (uint32_t)(((digits & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
				     (digits >> 16 & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
		32);
	return sound;
}

/* ":15", ":15.9" or ":15,921897": nanoseconds into the minute. At least eight bytes stand before `end`. */
static inline bool read_seconds(const char *at, const char *end, int64_t *value)
{
	static const uint32_t units[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10 };
	unsigned tens = (unsigned)(at[1] - '0'), ones = (unsigned)(at[2] - '0');
	size_t digits = (size_t)(end - at) - 4;
	uint64_t word;
	uint32_t fraction;

	if (at[0] != ':' || tens > 5 || ones > 9)
		return false;
	*value = (tens * 10 + ones) * TIMESTAMP_SECOND;
	if (end - at == 3)
		return true;
	if ((at[3] != '.' && at[3] != ',') || digits < 1 || digits > 8)
		return false;
	/* the last eight bytes, zeros in place of those before the fraction */
	word = load(end - 8) >> (64 - 8 * digits);
	word = word << (64 - 8 * digits) | (digits < 8 ? ZEROS >> 8 * digits : 0);
	if (!read_eight(word, &fraction))
		return false;
	*value += (int64_t)fraction * units[digits];
	return true;
}

static inline bool is_minute(const struct timestamp_memo *memo, const char *data)
{
	return ((load(data) ^ load(memo->minute)) | (load(data + 8) ^ load(memo->minute + 8))) == 0;
}

/* Apart, so that the usual way is short. */
__attribute__((noinline)) static bool parse_and_learn(
	struct timestamp_memo *memo, struct slice text, const struct zone *zone, int64_t *time)
{
	if (!timestamp_parse(text, zone, time))
		return false;
	learn_minute(memo, text, zone);
	return true;
}

bool timestamp_parse_next(struct timestamp_memo *memo, struct slice text, const struct zone *zone, int64_t *time)
{
	size_t size = text.size - memo->tail_size;
	int64_t value;

	if (memo->known && text.size >= 19u + memo->tail_size && is_minute(memo, text.data) &&
		(memo->tail_size == 0 || memcmp(text.data + size, memo->tail, memo->tail_size) == 0) &&
		read_seconds(text.data + sizeof(memo->minute), text.data + size, &value)) {
		*time = memo->start + value;
		return true;
	}
	return parse_and_learn(memo, text, zone, time);
}

/* The last moment up to `limit` at which clocks show `clock`: on the day of the limit, else on the day before. */
static bool clock_before(const struct civil *clock, int64_t limit, const struct zone *zone, int64_t *time)
{
	struct civil day;
	int64_t noon, result;

	civil_from_time(limit, zone, &day);
	day.hour = 12;
	if (!civil_to_time_in(&day, zone, &noon) || noon < INT64_MIN + 3 * TIMESTAMP_DAY)
		return false;
	for (int back = 0; back <= 2; back++) {
		/* From noon a whole day back is the day before, even when the clocks change between. */
		civil_from_time(noon - back * TIMESTAMP_DAY, zone, &day);
		day.hour = clock->hour;
		day.minute = clock->minute;
		day.second = clock->second;
		day.nanosecond = clock->nanosecond;
		if (civil_to_time_in(&day, zone, &result) && result <= limit) {
			*time = result;
			return true;
		}
	}
	return false;
}

bool timestamp_parse_clock(struct slice text, int64_t near, const struct zone *zone, int64_t *time)
{
	struct civil civil = {0};
	int64_t limit;
	size_t at = 0;

	if (timestamp_parse(text, zone, time))
		return true;
	if (take_date(text, &at, &civil) && at == text.size)
		return civil_to_time_in(&civil, zone, time);
	at = 0;
	if (near == TIMESTAMP_NONE || !take_clock(text, &at, &civil) || at != text.size)
		return false;
	if (__builtin_add_overflow(near, 12 * TIMESTAMP_HOUR, &limit))
		limit = near;
	return clock_before(&civil, limit, zone, time);
}

bool timestamp_from_parts(const struct timestamp_parts *parts, const struct zone *zone, int64_t *time)
{
	struct civil civil = {parts->year, parts->month, parts->day, parts->hour, parts->minute, parts->second,
		parts->nanosecond};

	if (civil.month < 1 || civil.month > 12 || civil.day < 1 ||
	    civil.day > civil_month_days(civil.year, civil.month) || civil.hour < 0 || civil.hour > 23 ||
	    civil.minute < 0 || civil.minute > 59 || civil.second < 0 || civil.second > 59)
		return false;
	return civil_to_time_in(&civil, zone, time);
}

void timestamp_to_parts(int64_t time, const struct zone *zone, struct timestamp_parts *parts)
{
	struct civil civil;

	civil_from_time(time, zone, &civil);
	*parts = (struct timestamp_parts){civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second,
		civil.nanosecond};
}

int zone_parse(struct slice text, struct zone *zone, struct error *error)
{
	int offset = 0;
	size_t at = 0;

	if (slice_equal_nocase(text, slice_of("UTC")) || slice_equal_nocase(text, slice_of("Z"))) {
		*zone = (struct zone){.name = "UTC"};
		return 0;
	}
	if (slice_equal_nocase(text, slice_of("local"))) {
		*zone = (struct zone){.system = true, .name = "local"};
		return 0;
	}
	if (!take_offset(text, &at, &offset) || at != text.size)
		return error_set(error, ERROR_INPUT,
				 "'%.*s' is no time zone: write UTC, local, or an offset like +02:00",
				 (int)slice_first(text, 64).size, text.data ? text.data : "");
	*zone = (struct zone){.offset_seconds = offset};
	snprintf(zone->name, sizeof(zone->name), "%c%02d:%02d", offset < 0 ? '-' : '+',
		 (offset < 0 ? -offset : offset) / 3600, (offset < 0 ? -offset : offset) / 60 % 60);
	return 0;
}

const char *zone_name(const struct zone *zone)
{
	return zone && zone->name[0] ? zone->name : "UTC";
}

static char *put_number(char *out, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return out + digits;
}

static char *put_byte(char *out, char byte)
{
	*out = byte;
	return out + 1;
}

static char *put_date(char *out, const struct civil *civil, char separator)
{
	out = put_byte(put_number(out, civil->year, 4), '-');
	out = put_byte(put_number(out, civil->month, 2), '-');
	return put_byte(put_number(out, civil->day, 2), separator);
}

static char *put_clock(char *out, const struct civil *civil)
{
	out = put_byte(put_number(out, civil->hour, 2), ':');
	out = put_byte(put_number(out, civil->minute, 2), ':');
	return put_number(out, civil->second, 2);
}

static char *put_fraction(char *out, int nanosecond)
{
	if (nanosecond == 0)
		return out;
	out = put_byte(out, '.');
	if (nanosecond % 1000000 == 0)
		return put_number(out, nanosecond / 1000000, 3);
	if (nanosecond % 1000 == 0)
		return put_number(out, nanosecond / 1000, 6);
	return put_number(out, nanosecond, 9);
}

const char *timestamp_format(int64_t time, enum timestamp_style style, const struct zone *zone, char out[40])
{
	struct civil civil;
	char *end = out;

	if (time == TIMESTAMP_NONE)
		return memcpy(out, "-", 2);
	civil_from_time(time, style == TIMESTAMP_RFC3339 ? NULL : zone, &civil);
	switch (style) {
	case TIMESTAMP_RFC3339:
		end = put_fraction(put_clock(put_date(end, &civil, 'T'), &civil), civil.nanosecond);
		end = put_byte(end, 'Z');
		break;
	case TIMESTAMP_DATE_TIME:
		end = put_clock(put_date(end, &civil, ' '), &civil);
		break;
	case TIMESTAMP_CLOCK:
		end = put_clock(end, &civil);
		break;
	case TIMESTAMP_MILLIS:
		end = put_byte(put_clock(end, &civil), '.');
		end = put_number(end, civil.nanosecond / 1000000, 3);
		break;
	case TIMESTAMP_MINUTES:
		end = put_clock(end, &civil) - 3;
		break;
	case TIMESTAMP_DAY_CLOCK:
		end = put_byte(put_number(end, civil.month, 2), '-');
		end = put_byte(put_number(end, civil.day, 2), ' ');
		end = put_clock(end, &civil) - 3;
		break;
	}
	*end = '\0';
	return out;
}

/* The unit at `*at`, which must be smaller than the one before: "1h30m" is fine, "30m1h" and "1m1m" are slips. */
static bool take_unit(struct slice text, size_t *at, int64_t *unit)
{
	static const struct {
		const char *name;
		int64_t unit;
	} units[] = {
		{"ms", TIMESTAMP_SECOND / 1000}, {"s", TIMESTAMP_SECOND}, {"m", TIMESTAMP_MINUTE},
		{"h", TIMESTAMP_HOUR},		 {"d", TIMESTAMP_DAY},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!slice_starts(slice_from(text, *at), units[i].name))
			continue;
		if (units[i].unit >= *unit)
			return false;
		*unit = units[i].unit;
		*at += slice_of(units[i].name).size;
		return true;
	}
	return false;
}

/* What stands behind the point of "1.5s", as a part of the unit, rounded down; nine digits are enough for any. */
static bool take_part_of_unit(struct slice digits, int64_t unit, int64_t *part)
{
	uint64_t number, scale = 1;

	if (digits.size == 0 || digits.size > 9 || !slice_to_u64(digits, &number))
		return false;
	for (size_t i = 0; i < digits.size; i++)
		scale *= 10;
	*part = (int64_t)((double)number / (double)scale * (double)unit);
	return true;
}

bool duration_parse(struct slice text, int64_t *duration)
{
	int64_t total = 0, unit = INT64_MAX;
	size_t at = 0;

	if (text.size == 0)
		return false;
	while (at < text.size) {
		size_t start = at;
		struct slice fraction = { "0", 1 };
		uint64_t number;
		int64_t part, rest;

		while (is_digit_at(text, at))
			at++;
		if (!slice_to_u64(slice_first(slice_from(text, start), at - start), &number))
			return false;
		if (at < text.size && text.data[at] == '.') {
			size_t point = at++;
			while (is_digit_at(text, at))
				at++;
			fraction = slice_first(slice_from(text, point + 1), at - point - 1);
		}
		if (start == 0 && at == text.size)
			unit = TIMESTAMP_SECOND;
		else if (!take_unit(text, &at, &unit))
			return false;
		if (!take_part_of_unit(fraction, unit, &rest) || __builtin_mul_overflow(number, unit, &part) ||
			__builtin_add_overflow(part, rest, &part) || __builtin_add_overflow(total, part, &total))
			return false;
	}
	*duration = total;
	return true;
}

const char *duration_format(int64_t duration, char out[32])
{
	const char *sign = duration < 0 ? "-" : "";
	uint64_t size = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
	unsigned millis = (unsigned)(size / 1000000 % 1000);
	uint64_t seconds = size / (uint64_t)TIMESTAMP_SECOND;
	unsigned minutes = (unsigned)(seconds / 60 % 60), hours = (unsigned)(seconds / 3600 % 24);

	if (seconds == 0)
		snprintf(out, 32, "%s%u ms", sign, millis);
	else if (seconds < 60)
		snprintf(out, 32, "%s%u.%u s", sign, (unsigned)seconds, millis / 100);
	else if (seconds < 3600)
		snprintf(out, 32, "%s%u m %02u s", sign, minutes, (unsigned)(seconds % 60));
	else if (seconds < 86400)
		snprintf(out, 32, "%s%u h %02u m", sign, hours, minutes);
	else
		snprintf(out, 32, "%s%u d %02u h", sign, (unsigned)(seconds / 86400), hours);
	return out;
}
