/*
 * The conditions of a filter. Each field is a row of a table; a name that is in no row gets a guess at what was meant.
 */
#include "store/filter_parse.h"
#include "tocsin/store/importance.h"

#include <string.h>

#define CODE_BITS 65536 /* codes of services and sources have 16 bits */
#define LONGEST_NAME 64
#define GUESS_DISTANCE 2 /* letters off, and no more than a third of the name */

enum relation { REL_IS, REL_IS_NOT, REL_ABOVE, REL_FROM, REL_BELOW, REL_UP_TO };

struct field_row {
	const char *name;
	enum filter_kind kind;
	struct filter_node *(*parse)(struct filter_parser *parser, const struct field_row *row, enum relation relation);
	const char *example;
};

/* --- fields ---------------------------------------------------------------------------------------------------- */

static void *fail_relation(struct filter_parser *parser, const struct field_row *row)
{
	return filter_fail(parser, parser->at, "'%s' cannot be compared like that: write %s", row->name, row->example);
}

static struct filter_node *parse_codes(struct filter_parser *parser, const struct field_row *row,
				       enum relation relation)
{
	struct filter_node *node;

	if (relation != REL_IS)
		return fail_relation(parser, row);
	node = filter_node_create(parser, row->kind, false);
	if (!node)
		return NULL;
	node->codes.bits = arena_allocate(&parser->filter->arena, CODE_BITS / 8);
	if (!node->codes.bits)
		return filter_fail_memory(parser);
	node->values = filter_take_values(parser);
	return node->values ? node : NULL;
}

static bool is_within(uint64_t value, enum relation relation, uint64_t limit)
{
	switch (relation) {
	case REL_IS: return value == limit;
	case REL_IS_NOT: return value != limit;
	case REL_ABOVE: return value > limit;
	case REL_FROM: return value >= limit;
	case REL_BELOW: return value < limit;
	case REL_UP_TO: return value <= limit;
	}
	return false;
}

static struct filter_node *parse_level(struct filter_parser *parser, const struct field_row *row,
				       enum relation relation)
{
	struct filter_node *node = filter_node_create(parser, row->kind, false);

	if (!node)
		return NULL;
	for (;;) {
		size_t start = parser->at;
		struct slice name = filter_take_bare(parser, true);
		bool is_unknown = slice_equal_nocase(name, slice_of(level_name(LEVEL_UNKNOWN)));
		enum level level = LEVEL_UNKNOWN;

		if (!level_parse(name, &level) && !is_unknown)
			return filter_fail(
				parser, start,
				"'%.*s' is no level: write TRACE, DEBUG, INFO, WARN, ERROR, FATAL or UNKNOWN",
				(int)slice_first(name, LONGEST_NAME).size, name.data ? name.data : "");
		if (level == LEVEL_UNKNOWN && relation != REL_IS)
			return filter_fail(parser, start,
					   "UNKNOWN is neither above nor below a level: write level:unknown");
		for (unsigned i = 0; i < LEVEL_UNKNOWN; i++)
			if (is_within(i, relation, level))
				node->levels |= 1U << i;
		if (level == LEVEL_UNKNOWN)
			node->levels |= 1U << LEVEL_UNKNOWN;
		if (relation != REL_IS || filter_peek(parser, 0) != ',')
			return node;
		parser->at++;
	}
}

/* By its text where that is given, else by its number. */
static struct filter_node *parse_numbers(struct filter_parser *parser, const struct field_row *row,
					 enum relation relation);
static struct filter_node *parse_template(struct filter_parser *parser, const struct field_row *row,
					  enum relation relation)
{
	static const struct field_row by_text = {"template", FILTER_TEMPLATE_TEXT, NULL, "template:/refused/"};
	char byte = filter_peek(parser, 0);

	return byte == '/' || byte == '"' ? parse_codes(parser, &by_text, relation) : parse_numbers(parser, row, relation);
}

/* "12", "100..200", "100..", "..200" */
static bool parse_range(struct slice text, struct filter_range *range)
{
	size_t dots = slice_find(text, slice_of(".."));
	struct slice first = slice_first(text, dots), last;

	range->first = 0;
	range->last = UINT64_MAX;
	if (dots == SIZE_MAX) {
		bool valid = slice_to_u64(text, &range->first);

		range->last = range->first;
		return valid;
	}
	last = slice_from(text, dots + 2);
	return first.size + last.size > 0 && (first.size == 0 || slice_to_u64(first, &range->first)) &&
	       (last.size == 0 || slice_to_u64(last, &range->last)) && range->first <= range->last;
}

/* One number compared becomes the range of what is above or below it; false when there is none. */
static bool turn_to_range(struct filter_range *range, enum relation relation)
{
	uint64_t limit = range->first;

	if (relation == REL_IS)
		return true;
	if ((relation == REL_ABOVE && limit == UINT64_MAX) || (relation == REL_BELOW && limit == 0) ||
	    range->last != limit)
		return false;
	range->first = relation == REL_ABOVE ? limit + 1 : relation == REL_FROM ? limit : 0;
	range->last = relation == REL_BELOW ? limit - 1 : relation == REL_UP_TO ? limit : UINT64_MAX;
	return true;
}

static struct filter_node *parse_numbers(struct filter_parser *parser, const struct field_row *row,
					 enum relation relation)
{
	struct filter_node *node = filter_node_create(parser, row->kind, false);
	struct filter_range **end = node ? &node->ranges : NULL;

	while (node) {
		size_t start = parser->at;
		struct slice text = filter_take_bare(parser, true);

		*end = arena_allocate(&parser->filter->arena, sizeof(**end));
		if (!*end)
			return filter_fail_memory(parser);
		if (!parse_range(text, *end) || !turn_to_range(*end, relation))
			return filter_fail(parser, start, "'%s' takes a number or a range: write %s", row->name,
					   row->example);
		end = &(*end)->next;
		if (relation != REL_IS || filter_peek(parser, 0) != ',')
			return node;
		parser->at++;
	}
	return NULL;
}

static struct filter_node *parse_time(struct filter_parser *parser, const struct field_row *row, enum relation relation)
{
	bool is_since = row->name[0] == 's';
	struct filter_node *node;
	size_t start = parser->at;
	int64_t time, duration;
	struct slice text;

	if (relation != REL_IS)
		return fail_relation(parser, row);
	if (filter_peek(parser, 0) == '"') {
		text = slice_of(filter_take_quoted(parser));
		if (text.size == 0)
			return NULL;
	} else {
		text = filter_take_bare(parser, false);
	}
	if (duration_parse(text, &duration)) {
		if (parser->scope.now == TIMESTAMP_NONE)
			return filter_fail(parser, start, "no record has a time yet to count back from");
		if (__builtin_sub_overflow(parser->scope.now, duration, &time) || time == TIMESTAMP_NONE)
			return filter_fail(parser, start, "that is longer ago than time is counted");
	} else if (!timestamp_parse_clock(text, parser->scope.now, parser->scope.zone, &time)) {
		return filter_fail(parser, start,
				   "'%s' takes a duration or a time: write %s:10m, %s:20:41 or %s:2025-05-17T20:41",
				   row->name, row->name, row->name, row->name);
	}
	node = filter_node_create(parser, row->kind, false);
	if (node)
		node->window = is_since ? (struct window){time, INT64_MAX} : (struct window){INT64_MIN, time};
	return node;
}

/* Kept in steps: half a step to either side of a number is that number. */
static struct filter_node *parse_importance(
	struct filter_parser *parser, const struct field_row *row, enum relation relation)
{
	const double half = 0.5 / STORE_IMPORTANCE_STEPS;
	struct filter_node *node = filter_node_create(parser, row->kind, false);
	size_t start = parser->at;
	double number;

	if (!node)
		return NULL;
	if (!slice_to_double(filter_take_bare(parser, false), &number) || number < 0 || number > 1)
		return filter_fail(parser, start, "'%s' takes a number from 0 to 1: write %s", row->name, row->example);
	node->above = relation == REL_ABOVE ? number + half : relation == REL_IS || relation == REL_FROM ? number - half : -1;
	node->below = relation == REL_BELOW ? number - half : relation == REL_IS || relation == REL_UP_TO ? number + half : 2;
	return node;
}

static const struct field_row field_rows[] = {
	{"service", FILTER_SERVICE, parse_codes, "service:payment,gate*"},
	{"source", FILTER_SOURCE, parse_codes, "source:*.csv"},
	{"level", FILTER_LEVEL, parse_level, "level>=error"},
	{"template", FILTER_TEMPLATE, parse_template, "template:12"},
	{"id", FILTER_ID, parse_numbers, "id:100..200"},
	{"line", FILTER_LINE, parse_numbers, "line:42"},
	{"importance", FILTER_IMPORTANCE, parse_importance, "importance>0.9"},
	{"since", FILTER_TIME, parse_time, "since:10m"},
	{"until", FILTER_TIME, parse_time, "until:20:41"},
};

#define FIELD_ROWS (sizeof(field_rows) / sizeof(*field_rows))

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many letters must be put in, taken out or changed to make `name` of `text`; texts too long to be meant give a
 * large number. */
static unsigned edit_distance(struct slice text, const char *name)
{
	unsigned row[LONGEST_NAME + 1];
	size_t size = strlen(name);

	if (text.size > LONGEST_NAME || size > LONGEST_NAME)
		return LONGEST_NAME;
	for (unsigned k = 0; k <= size; k++)
		row[k] = k;
	for (unsigned i = 1; i <= text.size; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (size_t k = 1; k <= size; k++) {
			unsigned change = diagonal + ((text.data[i - 1] | 0x20) != name[k - 1]);

			diagonal = row[k];
			row[k] = smaller(change, smaller(row[k], row[k - 1]) + 1);
		}
	}
	return row[size];
}

static struct filter_node *fail_unknown(struct filter_parser *parser, size_t start, struct slice name)
{
	int size = (int)slice_first(name, LONGEST_NAME).size;
	const struct field_row *best = NULL;
	unsigned distance = GUESS_DISTANCE + 1;

	for (size_t i = 0; i < FIELD_ROWS; i++) {
		unsigned candidate = edit_distance(name, field_rows[i].name);

		if (candidate < distance) {
			distance = candidate;
			best = &field_rows[i];
		}
	}
	if (best && distance <= (strlen(best->name) + 1) / 3)
		return filter_fail(parser, start, "unknown field '%.*s': did you mean %s?", size, name.data,
				   best->name);
	return filter_fail(parser, start,
			   "unknown field '%.*s': put quotes around what is meant as text, or write field.%.*s", size,
			   name.data, size, name.data);
}

/* field.name=value */
static struct filter_node *parse_extra_field(struct filter_parser *parser, struct slice name, enum relation relation)
{
	struct filter_node *node;

	if (relation != REL_IS)
		return filter_fail(parser, parser->at, "fields are compared with '=' or ':' only");
	node = filter_node_create(parser, FILTER_FIELD, true);
	if (!node)
		return NULL;
	node->values = filter_take_values(parser);
	if (!node->values)
		return NULL;
	node->text = arena_copy(&parser->filter->arena, name);
	return node->text.data ? node : filter_fail_memory(parser);
}

static bool is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_' || byte == '.' || byte == '-';
}

/* Takes "name:" or "name>=" and so on; leaves the place alone when none is there. */
static bool take_field_name(struct filter_parser *parser, struct slice *name, enum relation *relation)
{
	size_t size = 0;
	char sign;

	while (is_name_byte(filter_peek(parser, size)))
		size++;
	sign = filter_peek(parser, size);
	if (size == 0 || (filter_peek(parser, 0) >= '0' && filter_peek(parser, 0) <= '9'))
		return false;
	if (sign == '!' && filter_peek(parser, size + 1) == '=')
		size++;
	else if (sign != ':' && sign != '=' && sign != '>' && sign != '<')
		return false;
	*name = slice_first(slice_from(parser->text, parser->at), sign == '!' ? size - 1 : size);
	parser->at += size + 1;
	*relation = sign == '>' ? REL_ABOVE : sign == '<' ? REL_BELOW : sign == '!' ? REL_IS_NOT : REL_IS;
	if ((sign == '>' || sign == '<') && filter_peek(parser, 0) == '=') {
		*relation = sign == '>' ? REL_FROM : REL_UP_TO;
		parser->at++;
	}
	return true;
}

static struct filter_node *parse_field(struct filter_parser *parser, size_t start, struct slice name,
				       enum relation relation)
{
	if (slice_starts(name, "field.") && name.size > strlen("field."))
		return parse_extra_field(parser, slice_from(name, strlen("field.")), relation);
	for (size_t i = 0; i < FIELD_ROWS; i++) {
		struct filter_node *node;

		if (!slice_equal_nocase(name, slice_of(field_rows[i].name)))
			continue;
		if (relation == REL_IS_NOT)
			return filter_fail(parser, start, "there is no '!=': a '-' in front negates, as in -%s",
					   field_rows[i].example);
		if (filter_is_boundary(filter_peek(parser, 0)))
			return filter_fail(parser, parser->at, "'%s' needs a value, as in %s", field_rows[i].name,
					   field_rows[i].example);
		node = field_rows[i].parse(parser, &field_rows[i], relation);
		if (node && !filter_is_boundary(filter_peek(parser, 0)))
			return filter_fail(parser, parser->at, "a space is missing here");
		return node;
	}
	return fail_unknown(parser, start, name);
}

/* --- terms ----------------------------------------------------------------------------------------------------- */

static struct filter_node *add_textual(struct filter_parser *parser, struct filter_node *node)
{
	if (node && !parser->negated) {
		*parser->textual_end = node;
		parser->textual_end = &node->textual;
	}
	return node;
}

static struct filter_node *parse_regex(struct filter_parser *parser)
{
	size_t open = parser->at, close;
	struct pattern *pattern;
	struct filter_node *node;

	if (!filter_is_regex(parser, &close))
		return filter_fail(parser, open, "a regex ends with '/' and a space; put quotes around a path");
	pattern = filter_take_regex(parser, close);
	node = pattern ? filter_node_create(parser, FILTER_REGEX, true) : NULL;
	if (!node)
		return NULL;
	node->pattern = pattern;
	if (!filter_pieces_of_regex(&node->pieces, &parser->filter->arena,
		    slice_first(slice_from(parser->text, open + 1), close - open - 1)))
		return filter_fail_memory(parser);
	return add_textual(parser, node);
}

/* A signature has one space for any white space, "<*>" for a variable and '?' for what cannot be shown. Whatever else
   stands in it stands in the message too. */
static bool is_kept_in_signatures(struct slice word)
{
	for (size_t i = 0; i < word.size; i++)
		if (word.data[i] <= ' ' || word.data[i] >= 0x7f || strchr("?<*>", word.data[i]))
			return false;
	return word.size > 1;
}

/* What a word needs to be looked for in many records at once. */
static struct filter_node *prepare_word(struct filter_parser *parser, struct filter_node *node)
{
	struct arena *arena = &parser->filter->arena;

	if (!filter_pieces_of_word(&node->pieces, arena, node->text))
		return filter_fail_memory(parser);
	if (!is_kept_in_signatures(node->text))
		return node;
	node->codes.bits = arena_allocate(arena, CODE_BITS / 8);
	return node->codes.bits ? node : filter_fail_memory(parser);
}

static struct filter_node *parse_word(struct filter_parser *parser)
{
	struct filter_node *node = filter_node_create(parser, FILTER_WORD, true);

	if (!node)
		return NULL;
	if (filter_peek(parser, 0) == '"') {
		node->text = slice_of(filter_take_quoted(parser));
		if (node->text.size == 0)
			return NULL;
	} else {
		node->text = arena_copy(&parser->filter->arena, filter_take_bare(parser, false));
		if (!node->text.data)
			return filter_fail_memory(parser);
	}
	return add_textual(parser, prepare_word(parser, node));
}

struct filter_node *filter_parse_term(struct filter_parser *parser)
{
	size_t start = parser->at;
	enum relation relation;
	struct slice name;

	if (filter_peek(parser, 0) == '/')
		return parse_regex(parser);
	if (take_field_name(parser, &name, &relation))
		return parse_field(parser, start, name, relation);
	return parse_word(parser);
}
