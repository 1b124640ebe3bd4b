/*
 * Points in time: signed 64-bit nanoseconds since 1970-01-01T00:00:00Z, so years 1678 to 2262.
 *
 * TIMESTAMP_NONE means that a record carries no readable time. The zone says how a time without an offset is read and
 * how times are shown; one display zone is in force and always printed.
 */
#ifndef TOCSIN_BASE_TIMESTAMP_H
#define TOCSIN_BASE_TIMESTAMP_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"

#define TIMESTAMP_NONE INT64_MIN
#define TIMESTAMP_SECOND INT64_C(1000000000)
#define TIMESTAMP_MINUTE (60 * TIMESTAMP_SECOND)
#define TIMESTAMP_HOUR (60 * TIMESTAMP_MINUTE)
#define TIMESTAMP_DAY (24 * TIMESTAMP_HOUR)

/* Offsets of a named zone beside that of the process, each from a moment on; the first holds for all time before. */
#define ZONE_CHANGES 320
struct zone_table {
	size_t count;
	int64_t since[ZONE_CHANGES]; /* seconds since 1970, rising */
	int offsets[ZONE_CHANGES];
	struct zone_table *next; /* for whoever owns several */
};

/* A fixed offset from UTC, a table, or the zone of the process (TZ, as `app` set it). Zero-initialised is UTC. */
struct zone {
	const struct zone_table *table; /* borrowed; NULL for the others */
	bool system; /* true: localtime_r decides, offset_seconds is ignored */
	int offset_seconds;
	char name[32]; /* as shown: "UTC", "+02:00", "Europe/Berlin"; "" is UTC */
};

/* "UTC", "Z", "+02:00", "-0530", "local". Any other name is refused with ERROR_INPUT: `app` handles zone names through
   TZ. */
int zone_parse(struct slice text, struct zone *zone, struct error *error);
const char *zone_name(const struct zone *zone);

/* ISO 8601: "2025-05-17T20:39:15", with ' ' or 'T', optional seconds, optional fraction (1-9 digits, after '.' or ','),
   optional zone ("Z", "+02", "+0200", "+02:00"). Without a zone it is read in `zone` (NULL: UTC). Impossible times
   (Feb 30, 24:61) are refused. The whole slice must match. Returns false and leaves *time alone when it does not. */
bool timestamp_parse(struct slice text, const struct zone *zone, int64_t *time);

/* The same at the front of a text; *used is how many bytes belong to the time. */
bool timestamp_parse_prefix(struct slice text, const struct zone *zone, int64_t *time, size_t *used);

/* What a parser remembers of the last time that it read: lines of a log mostly share their minute and how they say
   their zone. Zero-initialised it is empty. It belongs to one thread and one zone. */
struct timestamp_memo {
	char minute[16]; /* as written: "2025-05-17T20:39" */
	char tail[6];    /* behind the seconds and the fraction: "", "Z", "+02:00" */
	uint8_t tail_size;
	bool known;
	int64_t start;
};

/* The same as timestamp_parse, faster when the minute is the one of the time before. */
bool timestamp_parse_next(struct timestamp_memo *memo, struct slice text, const struct zone *zone, int64_t *time);

/* "20:41", "20:41:07", "20:41:07.5" on the day of `near` in `zone` (the last such time not after `near` + 12 h), any
   ISO form, or a date alone (its midnight). */
bool timestamp_parse_clock(struct slice text, int64_t near, const struct zone *zone, int64_t *time);

/* A moment as a clock on the wall shows it: for whoever reads times in other forms than ISO 8601. */
struct timestamp_parts {
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
	int hour;
	int minute;
	int second;
	int nanosecond;
};

/* The moment at which clocks in `zone` (NULL: UTC) show the parts. False for what no calendar has (Feb 30, 24:61). */
bool timestamp_from_parts(const struct timestamp_parts *parts, const struct zone *zone, int64_t *time);
void timestamp_to_parts(int64_t time, const struct zone *zone, struct timestamp_parts *parts);

/* A number since 1970: seconds, milli-, micro- or nanoseconds, told apart by its size. "1700000000", "1700000000.123",
   "1700000000123", "1.7e9". The whole slice must match. */
bool timestamp_from_epoch(struct slice text, int64_t *time);

/* "10m", "90s", "2h", "1d", "500ms", "1h30m", "1.5s"; a bare number means seconds. */
bool duration_parse(struct slice text, int64_t *duration);

enum timestamp_style {
	TIMESTAMP_RFC3339,   /* 2025-05-17T20:39:15.921897Z: always UTC, fraction of 3, 6 or 9 digits, none when 0 */
	TIMESTAMP_DATE_TIME, /* 2025-05-17 20:39:15 in the zone */
	TIMESTAMP_CLOCK,     /* 20:39:15 in the zone */
	TIMESTAMP_MILLIS,    /* 20:39:15.921 in the zone */
	TIMESTAMP_MINUTES,   /* 20:39 in the zone */
	TIMESTAMP_DAY_CLOCK  /* 05-17 20:39 in the zone */
};

/* The longest form takes 36 bytes with its terminator. TIMESTAMP_NONE gives "-". */
const char *timestamp_format(int64_t time, enum timestamp_style style, const struct zone *zone, char out[40]);

/* "850 ms", "5.4 s", "13 m 07 s", "2 h 05 m", "3 d 04 h". Negative durations get a leading '-'. */
const char *duration_format(int64_t duration, char out[32]);

#endif
