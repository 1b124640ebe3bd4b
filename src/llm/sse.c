#include "tocsin/llm/sse.h"

#include "tocsin/base/error.h"

#include <string.h>

static const char mark[] = "\xEF\xBB\xBF";

/* --- lines ---- */

void lines_init(struct lines *lines, size_t maximum, bool returns, void (*on_line)(void *context, struct slice line),
	void *context)
{
	*lines = (struct lines){ .returns = returns, .on_line = on_line, .context = context };
	buffer_init(&lines->rest, maximum);
}

void lines_release(struct lines *lines)
{
	buffer_release(&lines->rest);
}

static void give(struct lines *lines)
{
	struct slice line = buffer_slice(&lines->rest);

	if (!lines->begun && slice_starts(line, mark))
		line = slice_from(line, strlen(mark));
	lines->begun = true;
	if (!lines->returns && slice_ends(line, "\r"))
		line.size--;
	lines->on_line(lines->context, line);
	buffer_clear(&lines->rest);
}

static size_t line_end(const struct lines *lines, struct slice bytes)
{
	size_t newline = slice_find_byte(bytes, '\n');
	size_t carriage = lines->returns ? slice_find_byte(slice_first(bytes, newline), '\r') : SIZE_MAX;

	return carriage < newline ? carriage : newline;
}

int lines_feed(struct lines *lines, struct slice bytes)
{
	while (bytes.size > 0) {
		size_t end;

		if (lines->skip_newline && bytes.data[0] == '\n')
			bytes = slice_from(bytes, 1);
		lines->skip_newline = false;
		end = line_end(lines, bytes);
		if (buffer_append_slice(&lines->rest, slice_first(bytes, end)) != 0)
			return lines->rest.failed;
		if (end == SIZE_MAX)
			return 0;
		lines->skip_newline = bytes.data[end] == '\r';
		give(lines);
		bytes = slice_from(bytes, end + 1);
	}
	return 0;
}

void lines_finish(struct lines *lines)
{
	if (lines->rest.size > 0)
		give(lines);
}

/* --- events ---- */

static void dispatch(struct sse *sse)
{
	if (sse->has_data && sse->failed == 0)
		sse->on_event(sse->context, buffer_slice(&sse->name), buffer_slice(&sse->data));
	sse->has_data = false;
	buffer_clear(&sse->name);
	buffer_clear(&sse->data);
}

static void add_data(struct sse *sse, struct slice value)
{
	if (sse->has_data)
		buffer_append_byte(&sse->data, '\n');
	sse->has_data = true;
	buffer_append_slice(&sse->data, value);
	if (sse->data.failed != 0)
		sse->failed = sse->data.failed;
}

static void on_line(void *context, struct slice line)
{
	struct sse *sse = context;
	size_t colon = slice_find_byte(line, ':');
	struct slice field = slice_first(line, colon);
	struct slice value = colon == SIZE_MAX ? (struct slice){ NULL, 0 } : slice_from(line, colon + 1);

	if (line.size == 0) {
		dispatch(sse);
		return;
	}
	if (value.size > 0 && value.data[0] == ' ')
		value = slice_from(value, 1);
	if (colon == 0) {
		sse->comments++;
	} else if (slice_is(field, "data")) {
		add_data(sse, value);
	} else if (slice_is(field, "event") || slice_is(field, "error")) {
		buffer_clear(&sse->name);
		buffer_append_slice(&sse->name, slice_is(field, "error") ? field : value);
		if (slice_is(field, "error"))
			add_data(sse, value);
	}
}

void sse_init(struct sse *sse, size_t maximum, void (*on_event)(void *context, struct slice name, struct slice data),
	void *context)
{
	*sse = (struct sse){ .on_event = on_event, .context = context };
	lines_init(&sse->lines, maximum, true, on_line, sse);
	buffer_init(&sse->name, maximum);
	buffer_init(&sse->data, maximum);
}

void sse_release(struct sse *sse)
{
	lines_release(&sse->lines);
	buffer_release(&sse->name);
	buffer_release(&sse->data);
}

int sse_feed(struct sse *sse, struct slice bytes)
{
	int result = lines_feed(&sse->lines, bytes);

	return result != 0 ? result : sse->failed;
}

void sse_finish(struct sse *sse)
{
	lines_finish(&sse->lines);
	dispatch(sse);
}
