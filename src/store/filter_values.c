/*
 * Values as they are written in a filter: bare, quoted, or a regex between slashes.
 */
#include "store/filter_parse.h"

#include <string.h>

/* Where the text between quotes or slashes closes, counted from the text's start, or SIZE_MAX. The place is at the
 * opening one. */
static size_t find_close(const struct filter_parser *parser)
{
	char open = filter_peek(parser, 0);

	for (size_t at = parser->at + 1; at < parser->text.size; at++) {
		if (parser->text.data[at] == open)
			return at;
		if (parser->text.data[at] == '\\')
			at++;
	}
	return SIZE_MAX;
}

const char *filter_take_quoted(struct filter_parser *parser)
{
	size_t open = parser->at, close = find_close(parser), size = 0;
	struct slice inside;
	char *text;

	if (close == SIZE_MAX)
		return filter_fail(parser, open, "this quote is not closed");
	inside = slice_first(slice_from(parser->text, open + 1), close - open - 1);
	text = arena_string(&parser->filter->arena, inside);
	if (!text)
		return filter_fail_memory(parser);
	for (size_t i = 0; i < inside.size; i++) {
		if (text[i] == '\\' && (text[i + 1] == '"' || text[i + 1] == '\\'))
			i++;
		text[size++] = text[i];
	}
	text[size] = '\0';
	if (size == 0)
		return filter_fail(parser, open, "there is nothing between the quotes");
	parser->at = close + 1;
	return text;
}

struct pattern *filter_take_regex(struct filter_parser *parser, size_t close)
{
	size_t open = parser->at, fault = 0;
	struct slice inside = slice_first(slice_from(parser->text, open + 1), close - open - 1);
	struct filter_pattern *entry = arena_allocate(&parser->filter->arena, sizeof(*entry));

	if (!entry)
		return filter_fail_memory(parser);
	if (inside.size == 0)
		return filter_fail(parser, open, "there is nothing between the slashes");
	entry->pattern = pattern_create(inside, true, &fault, parser->error);
	if (!entry->pattern) {
		parser->fault = open + 1 + fault;
		return NULL;
	}
	entry->next = parser->filter->patterns;
	parser->filter->patterns = entry;
	parser->at = close + 1;
	return entry->pattern;
}

struct slice filter_take_bare(struct filter_parser *parser, bool is_list)
{
	size_t start = parser->at;

	while (!filter_is_boundary(filter_peek(parser, 0)) && filter_peek(parser, 0) != '"' &&
	       !(is_list && filter_peek(parser, 0) == ','))
		parser->at++;
	return slice_first(slice_from(parser->text, start), parser->at - start);
}

bool filter_is_regex(const struct filter_parser *parser, size_t *close)
{
	char after;

	if (filter_peek(parser, 0) != '/')
		return false;
	*close = find_close(parser);
	if (*close == SIZE_MAX)
		return false;
	after = filter_peek(parser, *close + 1 - parser->at);
	return filter_is_boundary(after) || after == ',';
}

static struct filter_value *take_value(struct filter_parser *parser)
{
	struct filter_value *value = arena_allocate(&parser->filter->arena, sizeof(*value));
	size_t start = parser->at, close;
	struct slice bare;

	if (!value)
		return filter_fail_memory(parser);
	if (filter_peek(parser, 0) == '"') {
		value->text = filter_take_quoted(parser);
		return value->text ? value : NULL;
	}
	if (filter_is_regex(parser, &close)) {
		value->pattern = filter_take_regex(parser, close);
		return value->pattern ? value : NULL;
	}
	bare = filter_take_bare(parser, true);
	if (bare.size == 0)
		return filter_fail(parser, start, "a value is missing here");
	value->text = arena_string(&parser->filter->arena, bare);
	if (!value->text)
		return filter_fail_memory(parser);
	value->is_glob = strpbrk(value->text, "*?[") != NULL;
	return value;
}

struct filter_value *filter_take_values(struct filter_parser *parser)
{
	struct filter_value *first = NULL, **end = &first;

	for (;;) {
		*end = take_value(parser);
		if (!*end)
			return NULL;
		end = &(*end)->next;
		if (filter_peek(parser, 0) != ',')
			break;
		parser->at++;
	}
	if (!filter_is_boundary(filter_peek(parser, 0)))
		return filter_fail(parser, parser->at, "a space is missing here");
	return first;
}
