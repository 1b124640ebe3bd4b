/*
 * Walks the steps of a pattern along a line, once, without going back; only an optional group that does not fit is
 * undone. Nothing is copied: the row's slices point into the line.
 */
#include "ingest/format_table.h"
#include "ingest/header_pattern.h"

#include <string.h>

#define TEXT_MAXIMUM 256 /* bytes of a :text */
#define TAG_MAXIMUM 64   /* bytes of a :tag */
#define TAG_WORDS 4

static void advance(struct slice *rest, size_t size)
{
	rest->data += size;
	rest->size -= size;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool is_letter(char byte)
{
	return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* Does `literal` stand at the front of `text`? *used is how much of it. */
static bool match_literal(struct slice literal, struct slice text, size_t *used)
{
	size_t at = 0;

	for (size_t i = 0; i < literal.size; i++) {
		if (literal.data[i] != ' ') {
			if (at >= text.size || text.data[at] != literal.data[i])
				return false;
			at++;
			continue;
		}
		if (at < text.size && !is_blank(text.data[at]))
			return false;
		if (at >= text.size && i + 1 < literal.size)
			return false;
		while (at < text.size && is_blank(text.data[at]))
			at++;
	}
	*used = at;
	return true;
}

static bool may_end(const struct header_step *step, char byte)
{
	return (step->ends[(unsigned char)byte / 64] >> ((unsigned char)byte % 64) & 1) != 0;
}

/* Does one of the stops stand at `at`? */
static bool stops_here(const struct header *header, const struct header_step *step, const char *at, const char *end)
{
	struct slice rest = { at, (size_t)(end - at) };
	size_t used;

	for (size_t i = 0; i < step->stop_count; i++)
		if (match_literal(header->steps[step->stops[i]].text, rest, &used))
			return true;
	return false;
}

static struct slice take_word(const struct header *header, const struct header_step *step, struct slice rest)
{
	const char *end = rest.data + rest.size;
	const char *at = rest.data;

	for (; at < end; at++)
		if (may_end(step, *at) && (is_blank(*at) || (at > rest.data && stops_here(header, step, at, end))))
			break;
	return (struct slice){ rest.data, (size_t)(at - rest.data) };
}

/* What comes before one of the stops; data is NULL when none comes in time. */
static struct slice take_text(
	const struct header *header, const struct header_step *step, struct slice rest, size_t maximum, int words)
{
	const char *end = rest.data + rest.size;
	const char *limit = rest.size > maximum ? rest.data + maximum : end;
	struct slice nothing = { 0 };

	for (const char *at = rest.data; at < limit; at++) {
		if (!may_end(step, *at))
			continue;
		if (stops_here(header, step, at, end))
			return (struct slice){ rest.data, (size_t)(at - rest.data) };
		if (words > 0 && is_blank(*at) && at > rest.data && !is_blank(at[-1]) && --words == 0)
			return nothing;
	}
	return nothing;
}

static bool is_host(struct slice word)
{
	enum level level;

	for (size_t i = 0; i < word.size; i++) {
		char byte = word.data[i];

		if (!is_letter(byte) && !(byte >= '0' && byte <= '9') &&
			(byte == '\0' || strchr(".:-_/@#", byte) == NULL))
			return false;
	}
	return word.size > 0 && word.data[word.size - 1] != ':' && !level_parse(word, &level);
}

bool level_of_letter(char letter, enum level *level)
{
	switch (letter) {
	case 'V':
	case 'T':
		*level = LEVEL_TRACE;
		return true;
	case 'D':
	case '.': /* Redis */
		*level = LEVEL_DEBUG;
		return true;
	case 'I':
	case 'N':
	case '-':
	case '*':
		*level = LEVEL_INFO;
		return true;
	case 'W':
	case '#':
		*level = LEVEL_WARN;
		return true;
	case 'E':
		*level = LEVEL_ERROR;
		return true;
	case 'F':
	case 'C':
	case 'A':
		*level = LEVEL_FATAL;
		return true;
	default:
		return false;
	}
}

/* "INFO", also with blanks behind it to fill a column, as in "[INFO ]". */
static bool take_level(bool must_be_known, struct slice *rest, struct row *row)
{
	size_t size = 0;

	while (size < rest->size && is_letter(rest->data[size]))
		size++;
	if (size == 0 || (!level_parse(slice_first(*rest, size), &row->level) && must_be_known))
		return false;
	if (slice_starts(slice_trim(slice_from(*rest, size)), "]"))
		while (is_blank(rest->data[size]))
			size++;
	advance(rest, size);
	return true;
}

bool row_take_priority(struct row *row, struct slice digits)
{
	static const enum level levels[] = { LEVEL_FATAL, LEVEL_FATAL, LEVEL_FATAL, LEVEL_ERROR, LEVEL_WARN, LEVEL_INFO,
		LEVEL_INFO, LEVEL_DEBUG };
	static const char *const facilities[] = { "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news",
		"uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2",
		"local3", "local4", "local5", "local6", "local7" };
	uint64_t priority;

	if (digits.size > 3 || !slice_to_u64(digits, &priority) || priority >= 8 * sizeof(facilities) / sizeof(char *))
		return false;
	row->level = levels[priority % 8];
	row_add_field(row, slice_of("priority"), digits);
	row_add_field(row, slice_of("facility"), slice_of(facilities[priority / 8]));
	return true;
}

static struct slice take_number(struct slice rest)
{
	size_t size = 0;

	while (size < rest.size && rest.data[size] >= '0' && rest.data[size] <= '9')
		size++;
	return slice_first(rest, size);
}

static bool take_value(const struct header *header, const struct header_step *step, struct slice *rest, struct row *row)
{
	struct slice value;
	bool may_be_empty = false;

	switch ((enum header_kind)step->kind) {
	case HEADER_NUMBER:
		value = take_number(*rest);
		break;
	case HEADER_TEXT:
		value = take_text(header, step, *rest, TEXT_MAXIMUM, 0);
		may_be_empty = value.data != NULL;
		break;
	case HEADER_TAG:
		value = take_text(header, step, *rest, TAG_MAXIMUM, TAG_WORDS);
		break;
	case HEADER_REST:
		value = *rest;
		may_be_empty = true;
		break;
	default:
		value = take_word(header, step, *rest);
		if (step->kind == HEADER_HOST && !is_host(value))
			return false;
	}
	if (value.size == 0 && !may_be_empty)
		return false;
	advance(rest, value.size);
	if (step->target == HEADER_MESSAGE)
		row->message = value;
	else if (step->target == HEADER_SERVICE)
		row->service = slice_trim(value);
	else if (step->target == HEADER_FIELD)
		row_add_field(row, step->text, slice_trim(value));
	return true;
}

static bool take_step(const struct header *header, const struct header_step *step, struct slice *rest,
	const struct when *when, struct row *row)
{
	struct slice digits;
	size_t used;

	switch ((enum header_kind)step->kind) {
	case HEADER_LITERAL:
		if (!match_literal(step->text, *rest, &used))
			return false;
		advance(rest, used);
		return true;
	case HEADER_TIME:
		if (!time_layout_read(step->text, *rest, when, &row->time, &used))
			return false;
		advance(rest, used);
		return true;
	case HEADER_LEVEL:
	case HEADER_ANY_LEVEL:
		return take_level(step->kind == HEADER_LEVEL, rest, row);
	case HEADER_LETTER:
		if (rest->size == 0 || !level_of_letter(rest->data[0], &row->level))
			return false;
		*rest = slice_from(*rest, 1);
		return true;
	case HEADER_PRIORITY:
		digits = take_number(*rest);
		advance(rest, digits.size);
		return row_take_priority(row, digits);
	default:
		return take_value(header, step, rest, row);
	}
}

static bool take_steps(const struct header *header, size_t from, size_t to, struct slice *rest, const struct when *when,
	struct row *row)
{
	for (size_t i = from; i < to; i++) {
		const struct header_step *step = &header->steps[i];

		if (step->kind == HEADER_OPTIONAL) {
			struct slice before = *rest;
			size_t fields = row->field_count;

			if (!take_steps(header, i + 1, step->end, rest, when, row)) {
				*rest = before;
				row->field_count = fields;
			}
			i = step->end - 1U;
		} else if (!take_step(header, step, rest, when, row)) {
			return false;
		}
	}
	return true;
}

bool header_match(const struct header *header, struct slice line, const struct when *when, struct row *row)
{
	row_clear(row);
	return take_steps(header, 0, header->count, &line, when, row);
}
