/*
 * Reading and writing times, zones and durations.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tocsin/base/timestamp.h"

#define INCIDENT INT64_C(1747514355) /* 2025-05-17T20:39:15Z */

static const struct zone plus_two = {.offset_seconds = 7200, .name = "+02:00"};
static const struct zone system_zone = {.system = true, .name = "Europe/Berlin"};

/* The system's zone with a rule of its own, so that no zone files are needed. */
static int use_berlin(void **state)
{
	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return 0;
}

static int64_t parsed(const char *text, const struct zone *zone)
{
	int64_t time = 42;

	if (!timestamp_parse(slice_of(text), zone, &time))
		assert_int_equal(time, 42);
	return time;
}

static void timestamp_parse__reads_iso_8601__when_in_any_form(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds, nanoseconds;
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0, 0},
		{"2025-05-17T20:39:15", INCIDENT, 0},
		{"2025-05-17 20:39:15", INCIDENT, 0},
		{"2025-05-17T20:39:15Z", INCIDENT, 0},
		{"2025-05-17t20:39:15z", INCIDENT, 0},
		{"2025-05-17T20:39", INCIDENT - 15, 0},
		{"2025-05-17T20:39:15.921897", INCIDENT, 921897000},
		{"2025-05-17 20:39:15,921", INCIDENT, 921000000},
		{"2025-05-17T20:39:15.5Z", INCIDENT, 500000000},
		{"2025-05-17T20:39:15.123456789+00:00", INCIDENT, 123456789},
		{"2025-05-17T22:39:15+02", INCIDENT, 0},
		{"2025-05-17T22:39:15+0200", INCIDENT, 0},
		{"2025-05-17T22:39:15.000+02:00", INCIDENT, 0},
		{"2025-05-17T15:09:15-05:30", INCIDENT, 0},
		{"2024-02-29T00:00:00Z", 1709164800, 0},
		{"2000-02-29T23:59:59Z", 951868799, 0},
		{"1969-12-31T23:59:59.5Z", -1, 500000000},
		{"1900-03-01T00:00:00Z", -2203891200, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(parsed(rows[i].text, NULL), rows[i].seconds * TIMESTAMP_SECOND + rows[i].nanoseconds);
}

static void timestamp_parse__refuses__when_impossible_or_incomplete(void **state)
{
	static const char *const bad[] = {
		"", "2025", "2025-05-17", "2025-05-17T", "2025-05-17T20", "2025-05-17T20:3", "2025-02-30T00:00:00",
		"2025-02-29T00:00:00", "1900-02-29T00:00:00", "2025-13-01T00:00:00", "2025-00-01T00:00:00",
		"2025-01-00T00:00:00", "2025-04-31T00:00:00", "2025-05-17T24:00:00", "2025-05-17T24:61:00",
		"2025-05-17T20:60:00", "2025-05-17T20:39:60", "2025-05-17T20:39:15.", "2025-05-17T20:39:15.1234567890",
		"2025-05-17T20:39:15+24:00", "2025-05-17T20:39:15+02:60", "2025-05-17T20:39:15+2",
		"2025-05-17T20:39:15+",
		"2025-05-17T20:39:15 ", " 2025-05-17T20:39:15", "2025-05-17X20:39:15", "2025/05/17 20:39:15",
		"25-05-17T20:39:15", "2025-05-17T20:39:15Zz", "2025-05-17T20:39:15+02:000", "1677-09-21T00:12:43Z",
		"2262-04-11T23:47:17Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "-025-05-17T20:39:15",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parsed(bad[i], NULL), 42);
}

static void timestamp_parse__reads_in_the_zone__when_no_offset_is_written(void **state)
{
	(void)state;
	assert_int_equal(parsed("2025-05-17T22:39:15", &plus_two), INCIDENT * TIMESTAMP_SECOND);
	assert_int_equal(parsed("2025-05-17T20:39:15Z", &plus_two), INCIDENT * TIMESTAMP_SECOND);
	assert_int_equal(parsed("2025-05-17T22:39:15.25", &system_zone), INCIDENT * TIMESTAMP_SECOND + 250000000);
	assert_int_equal(parsed("2025-01-01T01:00:00", &system_zone), 1735689600 * TIMESTAMP_SECOND);
	assert_int_equal(parsed("1970-01-01T00:59:59", &system_zone), -TIMESTAMP_SECOND);
}

static void timestamp_parse_prefix__stops_behind_the_time__when_text_follows(void **state)
{
	static const struct {
		const char *text;
		size_t used;
	} rows[] = {
		{"2025-05-17T20:39:15Z gateway", 20},	{"2025-05-17 20:39:15,500 INFO", 23},
		{"2025-05-17 20:39:15 INFO", 19},	{"2025-05-17 20:39:15. Next", 19},
		{"2025-05-17T20:39:15,gateway,INFO", 19}, {"2025-05-17 20:39:15-x", 19},
		{"2025-05-17T20:39:15+02:00]", 25},	{"2025-05-17T20:39:15+02:x", 22},
		{"2025-05-17 20:39 up", 16},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t used = 0;
		int64_t time;

		assert_true(timestamp_parse_prefix(slice_of(rows[i].text), NULL, &time, &used));
		assert_int_equal(used, rows[i].used);
	}
}

static void timestamp_parse__inverts_format__when_over_the_whole_range(void **state)
{
	const int64_t step = INT64_C(9876543219876543);
	char out[40];

	(void)state;
	/* A step that is no multiple of a day visits all months, leap days and times of day. */
	for (int64_t time = INT64_MIN + 1; time < INT64_MAX - step; time += step) {
		timestamp_format(time, TIMESTAMP_RFC3339, NULL, out);
		assert_int_equal(parsed(out, NULL), time);
	}
	timestamp_format(INT64_MAX, TIMESTAMP_RFC3339, NULL, out);
	assert_string_equal(out, "2262-04-11T23:47:16.854775807Z");
	assert_int_equal(parsed(out, NULL), INT64_MAX);
	timestamp_format(INT64_MIN + 1, TIMESTAMP_RFC3339, NULL, out);
	assert_string_equal(out, "1677-09-21T00:12:43.145224193Z");
	assert_int_equal(parsed("1677-09-21T00:12:43.145224192Z", NULL), 42);
}

static void timestamp_format__writes_each_style__when_in_a_zone(void **state)
{
	const int64_t time = INCIDENT * TIMESTAMP_SECOND + 921897000;
	static const struct {
		enum timestamp_style style;
		const char *utc, *east;
	} rows[] = {
		{TIMESTAMP_RFC3339, "2025-05-17T20:39:15.921897Z", "2025-05-17T20:39:15.921897Z"},
		{TIMESTAMP_DATE_TIME, "2025-05-17 20:39:15", "2025-05-17 22:39:15"},
		{TIMESTAMP_CLOCK, "20:39:15", "22:39:15"},
		{TIMESTAMP_MILLIS, "20:39:15.921", "22:39:15.921"},
		{TIMESTAMP_MINUTES, "20:39", "22:39"},
		{TIMESTAMP_DAY_CLOCK, "05-17 20:39", "05-17 22:39"},
	};
	char out[40];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(timestamp_format(time, rows[i].style, NULL, out), rows[i].utc);
		assert_string_equal(timestamp_format(time, rows[i].style, &plus_two, out), rows[i].east);
		assert_string_equal(timestamp_format(time, rows[i].style, &system_zone, out), rows[i].east);
		assert_string_equal(timestamp_format(TIMESTAMP_NONE, rows[i].style, NULL, out), "-");
	}
	assert_string_equal(timestamp_format(0, TIMESTAMP_RFC3339, NULL, out), "1970-01-01T00:00:00Z");
	assert_string_equal(timestamp_format(5000000, TIMESTAMP_RFC3339, NULL, out), "1970-01-01T00:00:00.005Z");
	assert_string_equal(timestamp_format(-1, TIMESTAMP_RFC3339, NULL, out), "1969-12-31T23:59:59.999999999Z");
}

static void timestamp_parse_clock__finds_the_last_such_time__when_only_a_clock_is_given(void **state)
{
	static const struct {
		const char *text, *near, *expected;
		const struct zone *zone;
	} rows[] = {
		{"20:41", "2025-05-17T20:39:15Z", "2025-05-17T20:41:00Z", NULL},
		{"20:41:07.5", "2025-05-17T20:39:15Z", "2025-05-17T20:41:07.500Z", NULL},
		{"08:39:15", "2025-05-17T20:39:15Z", "2025-05-18T08:39:15Z", NULL},
		{"08:39:16", "2025-05-17T20:39:15Z", "2025-05-17T08:39:16Z", NULL},
		{"23:50", "2025-05-18T00:05:00Z", "2025-05-17T23:50:00Z", NULL},
		{"00:10", "2025-05-17T23:59:00Z", "2025-05-18T00:10:00Z", NULL},
		{"22:41", "2025-05-17T20:39:15Z", "2025-05-17T20:41:00Z", &plus_two},
		{"22:41", "2025-05-17T20:39:15Z", "2025-05-17T20:41:00Z", &system_zone},
		{"23:30", "2025-03-30T03:00:00Z", "2025-03-29T22:30:00Z", &system_zone},
		{"2024-01-01T00:00:00Z", "2025-05-17T20:39:15Z", "2024-01-01T00:00:00Z", NULL},
		{"2024-01-01", "2025-05-17T20:39:15Z", "2024-01-01T00:00:00Z", NULL},
	};
	int64_t time = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t near = parsed(rows[i].near, NULL);
		char out[40];

		assert_true(timestamp_parse_clock(slice_of(rows[i].text), near, rows[i].zone, &time));
		assert_string_equal(timestamp_format(time, TIMESTAMP_RFC3339, NULL, out), rows[i].expected);
	}
	time = 42;
	assert_false(timestamp_parse_clock(slice_of("24:00"), 0, NULL, &time));
	assert_false(timestamp_parse_clock(slice_of("20:41x"), 0, NULL, &time));
	assert_false(timestamp_parse_clock(slice_of("20"), 0, NULL, &time));
	assert_false(timestamp_parse_clock(slice_of(""), 0, NULL, &time));
	assert_false(timestamp_parse_clock(slice_of("20:41"), TIMESTAMP_NONE, NULL, &time));
	assert_false(timestamp_parse_clock(slice_of("20:41"), TIMESTAMP_NONE + 1, NULL, &time));
	assert_int_equal(time, 42);
	assert_true(timestamp_parse_clock(slice_of("20:41"), INT64_MAX, NULL, &time));
}

static void zone_parse__accepts_utc_local_and_offsets__when_written_in_any_form(void **state)
{
	static const struct {
		const char *text, *name;
		int offset;
	} rows[] = {
		{"UTC", "UTC", 0}, {"z", "UTC", 0}, {"+02:00", "+02:00", 7200}, {"-0530", "-05:30", -19800},
		{"+05", "+05:00", 18000}, {"local", "local", 0},
	};
	static const char *const bad[] = {"", "Europe/Berlin", "+2", "+24:00", "02:00", "+02:00x", "UTC+2", "+02:60"};
	struct zone zone = {0};
	struct error error = {0};

	(void)state;
	assert_string_equal(zone_name(&zone), "UTC");
	assert_string_equal(zone_name(NULL), "UTC");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(zone_parse(slice_of(rows[i].text), &zone, NULL), 0);
		assert_string_equal(zone_name(&zone), rows[i].name);
		assert_int_equal(zone.offset_seconds, rows[i].offset);
	}
	assert_true(zone.system);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(zone_parse(slice_of(bad[i]), &zone, &error), ERROR_INPUT);
	assert_string_equal(error.text, "'+02:60' is no time zone: write UTC, local, or an offset like +02:00");
	assert_string_equal(zone_name(&zone), "local");
}

static void duration_parse__reads_units__when_in_falling_order(void **state)
{
	static const struct {
		const char *text;
		int64_t duration;
	} rows[] = {
		{"10m", 10 * TIMESTAMP_MINUTE}, {"90s", 90 * TIMESTAMP_SECOND}, {"2h", 2 * TIMESTAMP_HOUR},
		{"1d", TIMESTAMP_DAY}, {"500ms", TIMESTAMP_SECOND / 2}, {"1h30m", 90 * TIMESTAMP_MINUTE},
		{"1d2h3m4s5ms",
		 TIMESTAMP_DAY + 2 * TIMESTAMP_HOUR + 3 * TIMESTAMP_MINUTE + 4 * TIMESTAMP_SECOND + 5000000},
		{"45", 45 * TIMESTAMP_SECOND}, {"0", 0}, {"1.5", 1500 * (TIMESTAMP_SECOND / 1000)}, {"1.5h", 90 * TIMESTAMP_MINUTE}, {"1.5s", 1500 * (TIMESTAMP_SECOND / 1000)},
	};
	static const char *const bad[] = {"", "m", "-5m", "5 m", "5x", "1h30", "30m1h", "1m1m", "1.h", ".5h", "1.0000000001s", "9999999999d",
		"99999999999999999999s", "10mm"};
	int64_t duration = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(duration_parse(slice_of(bad[i]), &duration));
	assert_int_equal(duration, 42);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(duration_parse(slice_of(rows[i].text), &duration));
		assert_int_equal(duration, rows[i].duration);
	}
}

static void duration_format__picks_two_units__when_long(void **state)
{
	static const struct {
		int64_t duration;
		const char *text;
	} rows[] = {
		{0, "0 ms"}, {850000000, "850 ms"}, {999999999, "999 ms"}, {TIMESTAMP_SECOND, "1.0 s"},
		{5400000000, "5.4 s"}, {59999999999, "59.9 s"}, {TIMESTAMP_MINUTE, "1 m 00 s"},
		{787 * TIMESTAMP_SECOND, "13 m 07 s"}, {125 * TIMESTAMP_MINUTE, "2 h 05 m"},
		{76 * TIMESTAMP_HOUR, "3 d 04 h"},
		{-5400000000, "-5.4 s"}, {INT64_MIN, "-106751 d 23 h"}, {INT64_MAX, "106751 d 23 h"},
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(duration_format(rows[i].duration, out), rows[i].text);
}

static void timestamp_parts__go_there_and_back__when_a_calendar_has_them(void **state)
{
	static const struct timestamp_parts impossible[] = {
		{ 2025, 2, 29, 0, 0, 0, 0 },
		{ 2025, 13, 1, 0, 0, 0, 0 },
		{ 2025, 1, 0, 0, 0, 0, 0 },
		{ 2025, 1, 1, 24, 0, 0, 0 },
		{ 2025, 1, 1, 0, 60, 0, 0 },
		{ 2025, 1, 1, 0, 0, -1, 0 },
	};
	const struct timestamp_parts leap = { 2024, 2, 29, 23, 59, 58, 5 };
	struct zone zone = { .offset_seconds = 3600 };
	struct timestamp_parts back;
	int64_t time;
	char shown[40];

	(void)state;
	assert_true(timestamp_from_parts(&leap, &zone, &time));
	assert_string_equal(timestamp_format(time, TIMESTAMP_RFC3339, NULL, shown), "2024-02-29T22:59:58.000000005Z");
	timestamp_to_parts(time, &zone, &back);
	assert_memory_equal(&back, &leap, sizeof(leap));
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++)
		assert_false(timestamp_from_parts(&impossible[i], NULL, &time));
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* A time of one of a few minutes, or that with a byte changed, or cut. */
static size_t write_odd_time(char out[48], uint32_t *seed)
{
	static const char *const minutes[] = {"2025-05-17T20:39", "2025-05-17 20:40", "2025-03-30T01:59", "2025-03-30T02:30",
		"1677-09-21T00:12", "2262-04-11T23:47", "2025-02-29T10:00"};
	static const char *const fractions[] = {"", ".9", ",921", ".921897", ".123456789", ".1234567890", ".", ",x"};
	static const char *const tails[] = {"", "Z", "z", "+02:00", "-0530", "+02", "+2", "+24:00", " "};
	static const char bytes[] = "0123456789:.,Z+- T";
	size_t minute = next_random(seed) % 4 == 0 ? next_random(seed) % 7 : 0;
	int size = snprintf(out, 48, "%s:%02u%s%s", minutes[minute], next_random(seed) % 62,
		fractions[next_random(seed) % 8], tails[next_random(seed) % 4 == 0 ? next_random(seed) % 9 : 0]);

	if (next_random(seed) % 8 == 0)
		out[next_random(seed) % (unsigned)size] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
	return next_random(seed) % 16 == 0 ? next_random(seed) % (unsigned)(size + 1) : (size_t)size;
}

static void timestamp_parse_next__agrees_with_parse__whatever_came_before(void **state)
{
	const struct zone *const zones[] = {NULL, &plus_two, &system_zone};
	uint32_t seed = 2463534242u;
	unsigned remembered = 0;

	(void)state;
	for (size_t z = 0; z < 3; z++) {
		struct timestamp_memo memo = {.known = false};

		for (int i = 0; i < 200000; i++) {
			char text[48];
			struct slice slice = {text, write_odd_time(text, &seed)};
			int64_t expected = 42, time = 42;
			bool sound = timestamp_parse(slice, zones[z], &expected);

			remembered += memo.known;
			if (timestamp_parse_next(&memo, slice, zones[z], &time) != sound || time != expected)
				fail_msg("'%.*s' gives %lld, not %lld", (int)slice.size, text, (long long)time,
					(long long)expected);
		}
	}
	assert_true(remembered > 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timestamp_parse__reads_iso_8601__when_in_any_form),
		cmocka_unit_test(timestamp_parse__refuses__when_impossible_or_incomplete),
		cmocka_unit_test(timestamp_parse__reads_in_the_zone__when_no_offset_is_written),
		cmocka_unit_test(timestamp_parse_prefix__stops_behind_the_time__when_text_follows),
		cmocka_unit_test(timestamp_parse__inverts_format__when_over_the_whole_range),
		cmocka_unit_test(timestamp_parse_next__agrees_with_parse__whatever_came_before),
		cmocka_unit_test(timestamp_format__writes_each_style__when_in_a_zone),
		cmocka_unit_test(timestamp_parse_clock__finds_the_last_such_time__when_only_a_clock_is_given),
		cmocka_unit_test(timestamp_parts__go_there_and_back__when_a_calendar_has_them),
		cmocka_unit_test(zone_parse__accepts_utc_local_and_offsets__when_written_in_any_form),
		cmocka_unit_test(duration_parse__reads_units__when_in_falling_order),
		cmocka_unit_test(duration_format__picks_two_units__when_long),
	};

	return cmocka_run_group_tests_name("base/timestamp", tests, use_berlin, NULL);
}
