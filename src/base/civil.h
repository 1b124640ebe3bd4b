/*
 * Calendar arithmetic on the proleptic Gregorian calendar, and the one place that asks a zone for its offset.
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "tocsin/base/timestamp.h"

/* A moment as a clock on the wall shows it. */
struct civil {
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
	int hour;
	int minute;
	int second;
	int nanosecond;
};

int64_t civil_to_days(int year, int month, int day); /* days since 1970-01-01; any valid date */
int civil_month_days(int year, int month);

/* The moment at which clocks `offset_seconds` east of UTC show `civil`; false when 64 bits cannot hold it. */
bool civil_to_time(const struct civil *civil, int offset_seconds, int64_t *time);
/* The same on the clocks of a zone (NULL: UTC). */
bool civil_to_time_in(const struct civil *civil, const struct zone *zone, int64_t *time);

void civil_from_time(int64_t time, const struct zone *zone, struct civil *civil);

#endif
