#include "learn/failing.h"

static const char *const stems[] = { "abort", "broken", "cannot", "can't", "could not", "corrupt", "crash", "deadlock",
	"denied", "does not belong", "down", "error", "exception", "exhausted", "fail", "fatal", "forbidden",
	"full disk", "illegal", "insufficient", "interrupted", "invalid", "killed", "lost", "no route", "no space",
	"no such", "no valid", "not available", "not enough", "not found", "not responding", "out of memory",
	"overflow", "panic", "refused", "rejected", "reset by peer", "segfault", "stale", "stuck", "timed out",
	"timeout", "timedout", "traceback", "unable", "unauthorized", "unavailable", "unexpected", "unhandled",
	"unreachable", "violation", "wrong" };

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* At the beginning of a word, or behind a small letter: "SocketTimeoutException" is an exception. */
static bool begins_word(struct slice text, size_t at)
{
	return at == 0 || !is_letter(text.data[at - 1]) ||
		(text.data[at] >= 'A' && text.data[at] <= 'Z' && text.data[at - 1] >= 'a' && text.data[at - 1] <= 'z');
}

static bool holds(struct slice text, struct slice stem)
{
	size_t from = 0;

	for (;;) {
		size_t at = slice_find_nocase(slice_from(text, from), stem);

		if (at == SIZE_MAX)
			return false;
		if (begins_word(text, from + at))
			return true;
		from += at + 1;
	}
}

bool failing_text(struct slice text)
{
	for (size_t i = 0; i < sizeof(stems) / sizeof(*stems); i++)
		if (holds(text, slice_of(stems[i])))
			return true;
	return false;
}
