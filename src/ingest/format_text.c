/*
 * The format of last resort. It never refuses a line, so nothing in it counts as unparsed.
 *
 * A time is taken only at the very front. A level word must look like one: in capitals, in brackets, or followed by a
 * colon; "Could not raise an error" has no level.
 */
#include "ingest/format_text.h"

#include <string.h>

#include "ingest/format_rows.h"
#include "ingest/join.h"

#define HEAD_TOKENS 6    /* how far from the front a level may stand */
#define MESSAGE_TOKENS 2 /* and from the front of a message */

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static bool is_letter(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

struct slice text_skip_separators(struct slice text)
{
	size_t start = 0;

	while (start < text.size && text.data[start] != '\0' &&
		(is_space(text.data[start]) || strchr("-|:,;])>", text.data[start]) != NULL))
		start++;
	return slice_from(text, start);
}

struct slice text_token(struct slice text)
{
	size_t size = 0;

	while (size < text.size && !is_space(text.data[size]) && text.data[size] != '\n')
		size++;
	return slice_first(text, size);
}

static bool is_upper(struct slice word)
{
	for (size_t i = 0; i < word.size; i++)
		if (word.data[i] < 'A' || word.data[i] > 'Z')
			return false;
	return true;
}

/* Finds the word of letters in a token such as "[ERROR]", "WARN:", "<info>". */
static bool level_of_token(struct slice token, enum level *level)
{
	size_t begin = 0;
	size_t end;
	struct slice word;
	bool marked;

	while (begin < token.size && !is_letter(token.data[begin]))
		begin++;
	end = begin;
	while (end < token.size && is_letter(token.data[end]))
		end++;
	word = slice_first(slice_from(token, begin), end - begin);
	if (word.size < 3 || begin > 1 || token.size - end > 2)
		return false;
	marked = (begin == 1 && strchr("[(<", token.data[0]) != NULL) ||
		(end < token.size && strchr(":|]", token.data[end]) != NULL);
	return (marked || is_upper(word)) && level_parse(word, level);
}

static struct slice take_time(struct slice rest, const struct zone *zone, int64_t *time)
{
	size_t start = 0;
	size_t used;

	while (start < rest.size && is_space(rest.data[start]))
		start++;
	if (start < rest.size && strchr("[(<\"", rest.data[start]) != NULL && rest.data[start] != '\0')
		start++;
	if (!timestamp_parse_prefix(slice_from(rest, start), zone, time, &used))
		return rest;
	return text_skip_separators(slice_from(rest, start + used));
}

/* Finds a level among the first words; `*rest` is what is behind it when it is the very first. */
static enum level find_level(struct slice *rest, int tokens)
{
	struct slice scan = *rest;

	for (int i = 0; i < tokens && scan.size > 0; i++) {
		struct slice token = text_token(scan);
		enum level level;

		if (level_of_token(token, &level)) {
			if (i == 0)
				*rest = text_skip_separators(slice_from(scan, token.size));
			return level;
		}
		scan = slice_from(scan, token.size);
		while (scan.size > 0 && (is_space(scan.data[0]) || scan.data[0] == '\n'))
			scan = slice_from(scan, 1);
	}
	return LEVEL_UNKNOWN;
}

enum level text_level(struct slice text)
{
	return find_level(&text, MESSAGE_TOKENS);
}

void text_parse(struct parser *parser, struct slice raw, struct row *row)
{
	struct slice rest;

	row_clear(row);
	rest = take_time(raw, &parser->when.zone, &row->time);
	row->level = find_level(&rest, HEAD_TOKENS);
	row->message = rest.size > 0 ? rest : raw;
}

static unsigned text_fit(const struct format *format, struct slice sample, const struct when *when)
{
	(void)format;
	(void)sample;
	(void)when;
	return 1;
}

static bool has_time(const void *context, struct slice line, const struct when *when)
{
	int64_t time = TIMESTAMP_NONE;

	(void)context;
	take_time(line, &when->zone, &time);
	return time != TIMESTAMP_NONE;
}

static int text_begin(struct parser *parser, struct slice sample, struct error *error)
{
	(void)error;
	parser->has_times = format_share(sample, &parser->when, has_time, NULL) >= 50;
	return 0;
}

static bool text_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	(void)first;
	if (!parser->has_times)
		return join_is_trace(previous, line);
	return join_continues(previous, line) && !has_time(NULL, line, &parser->when);
}

const struct format format_text = {
	.name = "text",
	.summary = "any lines; a time and a level are taken when they stand near the beginning",
	.wording = WORDING_VERBATIM,
	.fit = text_fit,
	.begin = text_begin,
	.parse = text_parse,
	.joins = text_joins,
};
