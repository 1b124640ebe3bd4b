/*
 * Dates are counted in years that begin in March: the leap day is then the last of its year, and the days before a
 * month follow one straight line, (153 * month + 2) / 5.
 */
#include "base/civil.h"

#include <time.h>

#define SECONDS_A_DAY 86400
#define DAYS_IN_400_YEARS 146097
#define DAYS_BEFORE_1970 719468 /* from 0000-03-01 */

static int64_t divide_down(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

int64_t civil_to_days(int year, int month, int day)
{
	int64_t march_year = month > 2 ? year : year - 1;
	int64_t era = divide_down(march_year, 400);
	int64_t year_of_era = march_year - era * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * DAYS_IN_400_YEARS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
	       DAYS_BEFORE_1970;
}

static void days_to_civil(int64_t days, struct civil *civil)
{
	int64_t shifted = days + DAYS_BEFORE_1970;
	int64_t era = divide_down(shifted, DAYS_IN_400_YEARS);
	int64_t day_of_era = shifted - era * DAYS_IN_400_YEARS;
	/* Take out the leap days (every 1460, 36524 and 146096 days), then years are even. */
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;

	civil->day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
	civil->month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	civil->year = (int)(era * 400 + year_of_era + (civil->month <= 2));
}

int civil_month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool seconds_to_time(int64_t seconds, int nanosecond, int64_t *time)
{
	int64_t result;

	/* Before 1970 the fraction counts up from the second below: the earliest that fits is reached from above. */
	if (seconds < 0) {
		seconds++;
		nanosecond -= (int)TIMESTAMP_SECOND;
	}
	if (__builtin_mul_overflow(seconds, TIMESTAMP_SECOND, &result) ||
	    __builtin_add_overflow(result, nanosecond, &result) || result == TIMESTAMP_NONE)
		return false;
	*time = result;
	return true;
}

bool civil_to_time(const struct civil *civil, int offset_seconds, int64_t *time)
{
	int64_t seconds = civil_to_days(civil->year, civil->month, civil->day) * SECONDS_A_DAY + civil->hour * 3600 +
			  civil->minute * 60 + civil->second - offset_seconds;

	return seconds_to_time(seconds, civil->nanosecond, time);
}

static int table_offset(const struct zone_table *table, int64_t seconds)
{
	size_t low = 0;

	for (size_t high = table->count; high - low > 1;) {
		size_t middle = low + (high - low) / 2;

		if (table->since[middle] <= seconds)
			low = middle;
		else
			high = middle;
	}
	return table->offsets[low];
}

/* The offset in force when clocks show `clock`, counted as if it were in UTC. Of a time that they show twice the first
   is meant. */
static int table_offset_of_clock(const struct zone_table *table, int64_t clock)
{
	int before = table_offset(table, clock - SECONDS_A_DAY);

	return table_offset(table, clock - before) == before ? before : table_offset(table, clock + SECONDS_A_DAY);
}

bool civil_to_time_in(const struct civil *civil, const struct zone *zone, int64_t *time)
{
	int64_t clock;
	struct tm local = {.tm_year = civil->year - 1900, .tm_mon = civil->month - 1, .tm_mday = civil->day,
		.tm_hour = civil->hour, .tm_min = civil->minute, .tm_sec = civil->second, .tm_isdst = -1,
		.tm_wday = -1};
	time_t seconds;

	if (zone && zone->table) {
		if (!civil_to_time(civil, 0, &clock))
			return false;
		return civil_to_time(
			civil, table_offset_of_clock(zone->table, divide_down(clock, TIMESTAMP_SECOND)), time);
	}
	if (!zone || !zone->system)
		return civil_to_time(civil, zone ? zone->offset_seconds : 0, time);
	seconds = mktime(&local);
	/* -1 is also a moment in 1969; only success fills in the day of the week. */
	if (seconds == (time_t)-1 && local.tm_wday < 0)
		return false;
	return seconds_to_time(seconds, civil->nanosecond, time);
}

void civil_from_time(int64_t time, const struct zone *zone, struct civil *civil)
{
	int64_t seconds = divide_down(time, TIMESTAMP_SECOND), days, left;
	int nanosecond = (int)(time % TIMESTAMP_SECOND + (time % TIMESTAMP_SECOND < 0 ? TIMESTAMP_SECOND : 0));
	time_t moment = seconds;
	struct tm local;

	if (zone && zone->system && localtime_r(&moment, &local)) {
		*civil = (struct civil){local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour,
			local.tm_min, local.tm_sec, nanosecond};
		return;
	}
	if (zone && zone->table)
		seconds += table_offset(zone->table, seconds);
	else if (zone && !zone->system)
		seconds += zone->offset_seconds;
	days = divide_down(seconds, SECONDS_A_DAY);
	left = seconds - days * SECONDS_A_DAY;
	days_to_civil(days, civil);
	civil->hour = (int)(left / 3600);
	civil->minute = (int)(left / 60 % 60);
	civil->second = (int)(left % 60);
	civil->nanosecond = nanosecond;
}
