/*
 * Of a reply's headers only what somebody acts on is kept.
 */
#include "io/http_inside.h"
#include "tocsin/base/timestamp.h"

#include <string.h>
#include <time.h>

/* "HTTP/1.1 200 OK", "HTTP/2 200" */
static bool take_status(struct http_head *head, struct slice line)
{
	uint64_t status;

	if (!slice_starts(line, "HTTP/"))
		return false;
	*head = (struct http_head){ .retry_after = -1, .should_retry = -1 };
	line = slice_trim(slice_from(line, slice_find_byte(line, ' ')));
	if (slice_to_u64(slice_first(line, 3), &status))
		head->status = (int)status;
	return true;
}

static void take_type(struct http_head *head, struct slice value)
{
	slice_copy(slice_trim(slice_first(value, slice_find_byte(value, ';'))), head->type, sizeof(head->type));
	for (char *at = head->type; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
}

static int month_of(struct slice name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	size_t at = slice_find(slice_of(months), name);

	return name.size == 3 && at != SIZE_MAX && at % 3 == 0 ? (int)(at / 3) : -1;
}

/* "Wed, 21 Oct 2026 07:28:00 GMT": its fields stand at fixed places. */
static int64_t date_of(struct slice value)
{
	struct tm time = { 0 };
	uint64_t day, year, hour, minute, second;

	if (value.size < 25 || value.data[3] != ',')
		return -1;
	time.tm_mon = month_of(slice_first(slice_from(value, 8), 3));
	if (time.tm_mon < 0 || !slice_to_u64(slice_first(slice_from(value, 5), 2), &day) ||
		!slice_to_u64(slice_first(slice_from(value, 12), 4), &year) ||
		!slice_to_u64(slice_first(slice_from(value, 17), 2), &hour) ||
		!slice_to_u64(slice_first(slice_from(value, 20), 2), &minute) ||
		!slice_to_u64(slice_first(slice_from(value, 23), 2), &second) || year < 1970)
		return -1;
	time.tm_mday = (int)day;
	time.tm_year = (int)year - 1900;
	time.tm_hour = (int)hour;
	time.tm_min = (int)minute;
	time.tm_sec = (int)second;
	return (int64_t)timegm(&time);
}

int64_t http_retry_after(struct slice value, int64_t wall)
{
	double seconds;
	int64_t date;

	if (slice_to_double(value, &seconds))
		return seconds < 0 || seconds > 1e9 ? -1 : (int64_t)(seconds * 1000);
	date = date_of(value);
	if (date < 0)
		return -1;
	return date > wall ? (date - wall) * 1000 : 0;
}

void http_head_line(struct http_head *head, struct slice line)
{
	size_t colon = slice_find_byte(line, ':');
	struct slice name, value;
	double milliseconds;

	line = slice_trim(line);
	if (take_status(head, line) || colon == SIZE_MAX)
		return;
	name = slice_first(line, colon);
	value = slice_trim(slice_from(line, colon + 1));
	if (slice_equal_nocase(name, slice_of("content-type")))
		take_type(head, value);
	else if (slice_equal_nocase(name, slice_of("x-request-id")) || slice_equal_nocase(name, slice_of("request-id")))
		slice_copy(value, head->request_id, sizeof(head->request_id));
	else if (slice_equal_nocase(name, slice_of("x-should-retry")))
		head->should_retry = slice_is(value, "true") ? 1 : slice_is(value, "false") ? 0 : -1;
	else if (slice_equal_nocase(name, slice_of("retry-after-ms")) && slice_to_double(value, &milliseconds) &&
		milliseconds >= 0 && milliseconds < 1e12)
		head->retry_after = (int64_t)milliseconds;
	else if (slice_equal_nocase(name, slice_of("retry-after")) && head->retry_after < 0)
		head->retry_after = http_retry_after(value, (int64_t)time(NULL));
}
