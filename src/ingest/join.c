#include "ingest/join.h"

#include <string.h>

#define NAME_MAXIMUM 200 /* bytes of an exception's name */

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool is_indented(struct slice line)
{
	return line.size > 0 && is_blank(line.data[0]);
}

static bool starts_with_one_of(struct slice line, const char *const words[])
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (slice_starts(line, words[i]))
			return true;
	return false;
}

/* Lines of a stack trace that stand at the margin. */
static bool is_link(struct slice line)
{
	static const char *const words[] = { "Caused by: ", "Traceback (most recent call last)",
		"Suppressed: ", "During handling of the above exception", "The above exception was the direct cause",
		"... ", "Wrapped by: ", "goroutine ", "--- End of ", "stack backtrace:", NULL };

	return line.size > 0 && strchr("CTSD.WGg-s", line.data[0]) != NULL && starts_with_one_of(line, words);
}

static bool is_name_byte(char byte)
{
	return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (byte >= '0' && byte <= '9') || byte == '.' ||
		byte == '$' || byte == '_';
}

/* "java.io.IOException: broken pipe", "ValueError". A module before the name is enough: "nova.exception.NoValidHost:".
 */
static bool is_exception(struct slice line)
{
	static const char *const endings[] = { "Error", "Exception", "Throwable", "Interrupt", "Failure", "Exit" };
	size_t size = 0;
	struct slice name;

	while (size < line.size && size < NAME_MAXIMUM && is_name_byte(line.data[size]))
		size++;
	name = slice_first(line, size);
	if (size == 0 || (line.data[0] >= '0' && line.data[0] <= '9') || (size < line.size && line.data[size] != ':'))
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (slice_ends(name, endings[i]))
			return true;
	return size < line.size && memchr(name.data, '.', size) != NULL && name.data[size - 1] != '.';
}

static bool closes_brackets(struct slice line)
{
	for (size_t i = 0; i < line.size; i++)
		if (line.data[i] == '\0' || strchr("}]);,", line.data[i]) == NULL)
			return false;
	return line.size > 0;
}

bool join_continues(struct slice previous, struct slice line)
{
	if (line.size == 0)
		return is_indented(previous);
	if (is_indented(line))
		return slice_trim(line).size > 0 || is_indented(previous);
	if (closes_brackets(line) || is_link(line))
		return true;
	return is_exception(line) ||
		((is_indented(previous) || slice_starts(previous, "goroutine ")) && slice_ends(line, ")") &&
			(line.data[0] | 0x20) >= 'a' && (line.data[0] | 0x20) <= 'z');
}

bool join_is_trace(struct slice previous, struct slice line)
{
	static const char *const frames[] = { "at ", "File \"", "... ", "from ", "in ", "raise ", NULL };
	bool in_trace = is_indented(previous) || slice_starts(previous, "Traceback ") || is_link(previous);

	if (line.size == 0)
		return is_indented(previous);
	if (is_indented(line))
		return in_trace || starts_with_one_of(slice_trim(line), frames);
	return is_link(line) || (in_trace && is_exception(line));
}
