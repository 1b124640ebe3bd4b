/*
 * Error sentences are shown on terminals and quote file names and bytes from outside, so they are made harmless here,
 * once, instead of at every place that writes one.
 */
#include "tocsin/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/unicode.h"
#include "tocsin/base/utf8.h"

static void make_harmless(char *text)
{
	struct slice rest = slice_of(text);
	char *out = text;

	while (rest.size > 0) {
		const char *start = rest.data;
		uint32_t code_point;
		bool valid;

		utf8_next(&rest, &code_point, &valid);
		if (!valid || unicode_is_control(code_point) || unicode_is_format(code_point)) {
			*out++ = '?';
		} else {
			memmove(out, start, (size_t)(rest.data - start));
			out += rest.data - start;
		}
	}
	*out = '\0';
}

int error_set(struct error *error, enum error_code code, const char *format, ...)
{
	char text[sizeof(error->text) + 4];
	va_list arguments;

	if (!error)
		return code;
	/* Into a larger buffer first: arguments may point into `error->text`, and a cut must not split a character. */
	va_start(arguments, format);
	if (vsnprintf(text, sizeof(text), format, arguments) < 0)
		text[0] = '\0';
	va_end(arguments);
	error->code = code;
	slice_copy(slice_of(text), error->text, sizeof(error->text));
	make_harmless(error->text);
	return code;
}

const char *error_name(enum error_code code)
{
	switch (code) {
	case ERROR_NONE:
		return "no error";
	case ERROR_MEMORY:
		return "out of memory";
	case ERROR_FULL:
		return "limit reached";
	case ERROR_INPUT:
		return "malformed input";
	case ERROR_SYSTEM:
		return "system error";
	case ERROR_ABSENT:
		return "not found";
	case ERROR_STATE:
		return "not allowed now";
	}
	return "unknown error";
}
