/*
 * When to ask again, and after how long: what the vendors' own clients do.
 */
#include "tocsin/io/http.h"

#define FIRST_WAIT 500
#define LONGEST_WAIT 8000
#define LONGEST_ASKED 120000

int64_t http_backoff(unsigned attempt, int64_t retry_after, uint32_t random)
{
	int64_t wait = FIRST_WAIT;

	if (retry_after > LONGEST_ASKED)
		return -1;
	if (retry_after >= 0)
		return retry_after;
	for (unsigned i = 1; i < attempt && wait < LONGEST_WAIT; i++)
		wait *= 2;
	if (wait > LONGEST_WAIT)
		wait = LONGEST_WAIT;
	return wait - (int64_t)((uint64_t)wait * (random & 0xFFFF) / 0xFFFF / 4);
}

bool http_may_retry(const struct http_result *result)
{
	int status = result->head.status;

	if (result->fault == HTTP_UNREACHABLE ||
		((result->fault == HTTP_CUT || result->fault == HTTP_SILENT) && result->received == 0))
		return true;
	if (result->fault != HTTP_NO_FAULT)
		return false;
	if (result->head.should_retry >= 0 && status >= 400)
		return result->head.should_retry == 1;
	return status == 408 || status == 409 || status == 429 || status >= 500;
}
