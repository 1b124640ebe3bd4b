/*
 * Formats that a person describes: a regular expression whose named groups fill the row.
 */
#include "ingest/format_user.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/format_text.h"
#include "ingest/join.h"
#include "tocsin/base/pattern.h"
#include "tocsin/base/vector.h"

#define BOOK_MAXIMUM 64
#define LEVELS_MAXIMUM 32
#define LEAST_SHARE 30 /* of the first lines, in percent */

struct user_format {
	struct format format; /* points back here */
	char *name, *pattern, *layout, *service;
	struct {
		char word[32];
		enum level level;
	} levels[LEVELS_MAXIMUM];
	size_t level_count;
};

struct format_book {
	struct vector formats; /* of struct user_format *: they never move */
};

/* --- lines -------------------------------------------------------------------------------------------------------- */

static bool read_level(const struct user_format *user, struct slice text, enum level *level)
{
	for (size_t i = 0; i < user->level_count; i++)
		if (slice_equal_nocase(text, slice_of(user->levels[i].word))) {
			*level = user->levels[i].level;
			return true;
		}
	return level_parse(text, level) || (text.size == 1 && level_of_letter(text.data[0], level));
}

/* False for a time that the layout does not describe. */
static bool put_group(const struct user_format *user, const char *name, struct slice text, const struct when *when,
	struct row *row)
{
	size_t used;

	if (strcmp(name, "time") == 0)
		return time_layout_read(slice_of(user->layout != NULL ? user->layout : "iso"), slice_trim(text), when,
			       &row->time, &used) &&
			used == slice_trim(text).size;
	if (strcmp(name, "message") == 0)
		row->message = text;
	else if (strcmp(name, "service") == 0)
		row->service = slice_trim(text);
	else if (strcmp(name, "level") != 0 || !read_level(user, slice_trim(text), &row->level))
		row_add_field(row, slice_of(name), text);
	return true;
}

static bool match(const struct user_format *user, struct pattern *pattern, struct slice line, const struct when *when,
	struct row *row)
{
	size_t begin, end;
	const char *name;
	unsigned group;

	row_clear(row);
	row->message = line;
	if (user->service != NULL)
		row->service = slice_of(user->service);
	if (!pattern_find(pattern, line, 0, &begin, &end))
		return false;
	for (size_t i = 0; (name = pattern_name(pattern, i, &group)) != NULL; i++) {
		struct slice text = pattern_group(pattern, group);

		if (text.data != NULL && !put_group(user, name, text, when, row))
			return false;
	}
	return true;
}

struct trial {
	const struct user_format *user;
	struct pattern *pattern;
};

static bool line_fits(const void *context, struct slice line, const struct when *when)
{
	const struct trial *trial = context;
	struct row row;

	return match(trial->user, trial->pattern, line, when, &row);
}

static unsigned user_fit(const struct format *format, struct slice sample, const struct when *when)
{
	struct trial trial = { format->user, NULL };
	unsigned share;

	trial.pattern = pattern_create(slice_of(trial.user->pattern), false, NULL, NULL);
	share = trial.pattern != NULL ? format_share(sample, when, line_fits, &trial) : 0;
	pattern_destroy(trial.pattern);
	return share >= LEAST_SHARE ? share : 0;
}

static int user_begin(struct parser *parser, struct slice sample, struct error *error)
{
	(void)sample;
	return user_prepare(parser) ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
}

bool user_prepare(struct parser *parser)
{
	parser->pattern = pattern_create(slice_of(parser->format->user->pattern), false, NULL, NULL);
	return parser->pattern != NULL;
}

static void user_parse(struct parser *parser, struct slice raw, struct row *row)
{
	if (!match(parser->format->user, parser->pattern, raw, &parser->when, row))
		row_unparsed(row, raw);
}

static bool user_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	struct row row;

	(void)first;
	return join_continues(previous, line) &&
		!match(parser->format->user, parser->pattern, line, &parser->when, &row);
}

/* --- the book ----------------------------------------------------------------------------------------------------- */

struct format_book *format_book_create(void)
{
	struct format_book *book = calloc(1, sizeof(*book));

	if (book != NULL)
		vector_init(&book->formats, sizeof(struct user_format *), BOOK_MAXIMUM);
	return book;
}

void format_book_destroy(struct format_book *book)
{
	if (book == NULL)
		return;
	for (size_t i = 0; i < book->formats.count; i++) {
		struct user_format *user = *(struct user_format **)vector_at(&book->formats, i);

		free(user->name);
		free(user->pattern);
		free(user->layout);
		free(user->service);
		free(user);
	}
	vector_release(&book->formats);
	free(book);
}

static struct user_format *user_at(const struct format_book *book, size_t index)
{
	return book != NULL && index < book->formats.count
		? *(struct user_format **)vector_at(&book->formats, index)
		: NULL;
}

const struct format *format_book_at(const struct format_book *book, size_t index)
{
	struct user_format *user = user_at(book, index);

	return user != NULL ? &user->format : NULL;
}

const char *format_book_pattern(const struct format_book *book, size_t index)
{
	struct user_format *user = user_at(book, index);

	return user != NULL ? user->pattern : NULL;
}

const struct format *format_book_find(const struct format_book *book, struct slice name)
{
	struct user_format *user;

	for (size_t i = 0; (user = user_at(book, i)) != NULL; i++)
		if (slice_equal_nocase(name, slice_of(user->name)))
			return &user->format;
	return format_find(name);
}

static int check_name(struct slice name, struct error *error)
{
	for (size_t i = 0; i < name.size; i++)
		if (!isalnum((unsigned char)name.data[i]) && strchr("-_.", name.data[i]) == NULL)
			name.size = 0;
	if (name.size == 0 || name.size > 32)
		return error_set(error, ERROR_INPUT, "the name of a format is up to 32 letters, digits, - _ .");
	if (format_find(name) != NULL)
		return error_set(error, ERROR_INPUT, "there is a format \"%.*s\" already", (int)name.size, name.data);
	return 0;
}

static struct user_format *add(struct format_book *book, struct slice name, struct error *error)
{
	struct user_format *user = NULL;
	struct user_format **place;

	if (check_name(name, error) != 0)
		return NULL;
	user = calloc(1, sizeof(*user));
	place = user != NULL && (user->name = strndup(name.data, name.size)) != NULL ? vector_push(&book->formats) : NULL;
	if (place == NULL) {
		free(user != NULL ? user->name : NULL);
		free(user);
		error_set(error, ERROR_FULL, "no room for another format: at most %d", BOOK_MAXIMUM);
		return NULL;
	}
	user->format = (struct format){
		.name = user->name,
		.summary = "yours",
		.user = user,
		.fit = user_fit,
		.begin = user_begin,
		.parse = user_parse,
		.joins = user_joins,
	};
	*place = user;
	return user;
}

static int set_pattern(struct user_format *user, struct slice value, struct error *error)
{
	struct pattern *pattern = pattern_create(value, false, NULL, error);
	unsigned group;

	if (pattern == NULL)
		return (int)error->code;
	if (pattern_name(pattern, 0, &group) == NULL)
		error_set(error, ERROR_INPUT, "a pattern needs named groups, such as (?<time>...) (?<message>.*)");
	pattern_destroy(pattern);
	if (error->code != 0)
		return (int)error->code;
	free(user->pattern);
	user->pattern = strndup(value.data, value.size);
	return user->pattern != NULL ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
}

static int set_layout(struct user_format *user, struct slice value, struct error *error)
{
	if (time_layout_check(value, error) != 0)
		return (int)error->code;
	free(user->layout);
	user->layout = strndup(value.data, value.size);
	return user->layout != NULL ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
}

static int set_service(struct user_format *user, struct slice value, struct error *error)
{
	free(user->service);
	user->service = strndup(value.data, value.size);
	return user->service != NULL ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
}

/* "E=ERROR W=WARN", also with commas. */
static int set_levels(struct user_format *user, struct slice value, struct error *error)
{
	struct slice word;

	user->level_count = 0;
	while (slice_next(&value, ' ', &word)) {
		size_t equals = slice_find_byte(word, '=');
		enum level level;

		if (slice_ends(word, ","))
			word.size--;
		if (word.size == 0)
			continue;
		if (equals == SIZE_MAX || equals == 0 || !level_parse(slice_from(word, equals + 1), &level))
			return error_set(error, ERROR_INPUT, "\"%.*s\" is no WORD=LEVEL, as in E=ERROR W=WARN",
				(int)word.size, word.data);
		if (user->level_count == LEVELS_MAXIMUM)
			return error_set(error, ERROR_FULL, "at most %d levels", LEVELS_MAXIMUM);
		slice_copy(slice_first(word, equals), user->levels[user->level_count].word, sizeof(user->levels->word));
		user->levels[user->level_count++].level = level;
	}
	return 0;
}

int format_book_set(
	struct format_book *book, struct slice name, struct slice key, struct slice value, struct error *error)
{
	static const struct {
		const char *key;
		int (*set)(struct user_format *user, struct slice value, struct error *error);
	} keys[] = {
		{ "pattern", set_pattern },
		{ "time", set_layout },
		{ "levels", set_levels },
		{ "service", set_service },
	};
	struct user_format *user = NULL;
	struct error local = { 0 };

	for (size_t i = 0; user == NULL && user_at(book, i) != NULL; i++)
		if (slice_equal_nocase(name, slice_of(user_at(book, i)->name)))
			user = user_at(book, i);
	if (user == NULL && (user = add(book, name, error)) == NULL)
		return ERROR_INPUT;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (slice_is(key, keys[i].key))
			return keys[i].set(user, value, &local) == 0
				? 0
				: error_set(error, local.code, "%s: %s", keys[i].key, local.text);
	return error_set(error, ERROR_INPUT, "%.*s: a format has the keys pattern, time, levels, service",
		(int)slice_first(key, 60).size, key.data);
}

int format_book_check(const struct format_book *book, struct error *error)
{
	const struct user_format *user;

	for (size_t i = 0; (user = user_at(book, i)) != NULL; i++)
		if (user->pattern == NULL)
			return error_set(error, ERROR_INPUT, "[format %s] has no pattern", user->name);
	return 0;
}
