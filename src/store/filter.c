/*
 * The grammar of filters, by recursive descent:
 *
 *   or   = and { ("|" | OR) and }
 *   and  = not { [AND] not }
 *   not  = ("-" | NOT) not | "(" or ")" | term
 *
 * A group keeps its cheap conditions (on columns) before those that need the text.
 */
#include "store/filter_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tocsin/base/utf8.h"

#define LONGEST_FILTER 4096
#define DEEPEST_FILTER 50
#define ARENA_MAXIMUM ((size_t)32 << 20) /* never reached by LONGEST_FILTER bytes of text */

/* --- what terms need too --------------------------------------------------------------------------------------- */

void *filter_fail(struct filter_parser *parser, size_t fault, const char *format, ...)
{
	char sentence[400];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	error_set(parser->error, ERROR_INPUT, "%s", sentence);
	parser->fault = fault;
	return NULL;
}

void *filter_fail_memory(struct filter_parser *parser)
{
	error_set(parser->error, ERROR_MEMORY, "out of memory while reading the filter");
	parser->fault = parser->at;
	return NULL;
}

char filter_peek(const struct filter_parser *parser, size_t ahead)
{
	size_t at = parser->at + ahead;

	return at < parser->text.size ? parser->text.data[at] : '\0';
}

static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

bool filter_is_boundary(char byte)
{
	return byte == '\0' || is_space(byte) || byte == '(' || byte == ')' || byte == '|';
}

struct filter_node *filter_node_create(struct filter_parser *parser, enum filter_kind kind, bool needs_text)
{
	struct filter_node *node = arena_allocate(&parser->filter->arena, sizeof(*node));

	if (!node)
		return filter_fail_memory(parser);
	node->kind = kind;
	node->needs_text = needs_text;
	parser->filter->slow = parser->filter->slow || needs_text || kind == FILTER_LINE || kind == FILTER_IMPORTANCE;
	return node;
}

/* --- the grammar ----------------------------------------------------------------------------------------------- */

/* The members of a group while it is read. */
struct members {
	struct filter_node *cheap, **cheap_end;
	struct filter_node *costly, **costly_end;
	size_t count;
};

static void members_init(struct members *members)
{
	*members = (struct members){0};
	members->cheap_end = &members->cheap;
	members->costly_end = &members->costly;
}

static void members_add(struct members *members, struct filter_node *node)
{
	struct filter_node ***end = node->needs_text ? &members->costly_end : &members->cheap_end;

	**end = node;
	*end = &node->next;
	members->count++;
}

/* One node for all members; a single one stands for itself. */
static struct filter_node *members_join(struct filter_parser *parser, struct members *members, enum filter_kind kind)
{
	struct filter_node *group;

	*members->cheap_end = members->costly;
	if (members->count == 1)
		return members->cheap;
	group = filter_node_create(parser, kind, members->costly != NULL);
	if (group)
		group->children = members->cheap;
	return group;
}

static void skip_space(struct filter_parser *parser)
{
	while (is_space(filter_peek(parser, 0)))
		parser->at++;
}

static bool is_at_end(const struct filter_parser *parser)
{
	return parser->at >= parser->text.size;
}

static bool is_keyword(const struct filter_parser *parser, const char *keyword)
{
	struct slice word = slice_of(keyword);

	return slice_equal(slice_first(slice_from(parser->text, parser->at), word.size), word) &&
	       filter_is_boundary(filter_peek(parser, word.size));
}

static bool take_or(struct filter_parser *parser)
{
	bool sign = filter_peek(parser, 0) == '|', word = is_keyword(parser, "OR");

	parser->at += sign ? 1 : word ? 2 : 0;
	return sign || word;
}

static struct filter_node *parse_or(struct filter_parser *parser);
static struct filter_node *parse_not(struct filter_parser *parser);

static struct filter_node *parse_group(struct filter_parser *parser)
{
	size_t open = parser->at++;
	struct filter_node *node = parse_or(parser);

	if (!node)
		return NULL;
	if (filter_peek(parser, 0) != ')')
		return filter_fail(parser, open, "this parenthesis is not closed");
	parser->at++;
	return node;
}

static struct filter_node *parse_negation(struct filter_parser *parser, size_t sign_size)
{
	size_t sign = parser->at;
	struct filter_node *node, *child;

	parser->at += sign_size;
	if (sign_size > 1)
		skip_space(parser);
	if (is_at_end(parser) || is_space(filter_peek(parser, 0)))
		return filter_fail(parser, sign,
				   "nothing follows to negate; put quotes around a dash that is meant as text");
	parser->negated = !parser->negated;
	child = parse_not(parser);
	parser->negated = !parser->negated;
	node = child ? filter_node_create(parser, FILTER_NOT, child->needs_text) : NULL;
	if (node)
		node->children = child;
	return node;
}

static struct filter_node *parse_not(struct filter_parser *parser)
{
	char byte = filter_peek(parser, 0);
	struct filter_node *node;

	if (parser->depth >= DEEPEST_FILTER)
		return filter_fail(parser, parser->at, "nested deeper than %d levels", DEEPEST_FILTER);
	parser->depth++;
	if (byte == '(')
		node = parse_group(parser);
	else if (byte == '-')
		node = parse_negation(parser, 1);
	else if (is_keyword(parser, "NOT"))
		node = parse_negation(parser, 3);
	else if (byte == ')' || byte == '|' || is_keyword(parser, "OR") || is_keyword(parser, "AND"))
		node = filter_fail(parser, parser->at, "a condition is missing here");
	else
		node = filter_parse_term(parser);
	parser->depth--;
	return node;
}

static struct filter_node *parse_and(struct filter_parser *parser)
{
	struct members members;

	members_init(&members);
	for (;;) {
		struct filter_node *node;
		bool required = members.count == 0;

		skip_space(parser);
		if (!required && is_keyword(parser, "AND")) {
			parser->at += 3;
			skip_space(parser);
			required = true;
		}
		if (is_at_end(parser) && required)
			return filter_fail(parser, parser->at, "a condition is missing here");
		if (!required && (is_at_end(parser) || filter_peek(parser, 0) == ')' || filter_peek(parser, 0) == '|' ||
				  is_keyword(parser, "OR")))
			return members_join(parser, &members, FILTER_AND);
		node = parse_not(parser);
		if (!node)
			return NULL;
		members_add(&members, node);
	}
}

static struct filter_node *parse_or(struct filter_parser *parser)
{
	struct members members;

	members_init(&members);
	do {
		struct filter_node *node = parse_and(parser);

		if (!node)
			return NULL;
		members_add(&members, node);
	} while (take_or(parser));
	return members_join(parser, &members, FILTER_OR);
}

static struct filter_node *parse_all(struct filter_parser *parser)
{
	struct filter_node *root = parse_or(parser);

	if (root && !is_at_end(parser))
		return filter_fail(parser, parser->at, "this parenthesis was never opened");
	return root;
}

/* What a copy is made of. */
static bool remember(struct filter *filter, struct slice text, const struct filter_scope *scope)
{
	filter->source = arena_copy(&filter->arena, text);
	filter->scope = *scope;
	if (scope->zone) {
		filter->zone = *scope->zone;
		filter->scope.zone = &filter->zone;
	}
	return text.size == 0 || filter->source.data;
}

static bool parse_filter(struct filter_parser *parser)
{
	size_t zero = slice_find_byte(parser->text, '\0');

	if (parser->text.size > LONGEST_FILTER)
		filter_fail(parser, LONGEST_FILTER, "a filter may be %d bytes long at most", LONGEST_FILTER);
	else if (zero != SIZE_MAX)
		filter_fail(parser, zero, "a filter cannot hold a zero byte");
	else if (slice_trim(parser->text).size == 0)
		return true;
	else
		parser->filter->root = parse_all(parser);
	return parser->filter->root != NULL;
}

/* --- the public face ------------------------------------------------------------------------------------------- */

struct filter *filter_parse(struct slice text, const struct filter_scope *scope, size_t *fault, struct error *error)
{
	struct filter_parser parser = {.text = text, .scope = {.now = TIMESTAMP_NONE}, .error = error};
	struct filter *filter = calloc(1, sizeof(*filter));

	if (filter) {
		arena_init(&filter->arena, ARENA_MAXIMUM);
		vector_init(&filter->verdicts, sizeof(uint8_t), UINT32_MAX);
		parser.filter = filter;
		parser.textual_end = &filter->textual;
		if (scope)
			parser.scope = *scope;
		if (!parse_filter(&parser))
			;
		else if (remember(filter, text, &parser.scope))
			return filter;
		else
			filter_fail_memory(&parser);
	} else {
		filter_fail_memory(&parser);
	}
	if (fault)
		*fault = parser.fault;
	filter_destroy(filter);
	return NULL;
}

void filter_destroy(struct filter *filter)
{
	if (!filter)
		return;
	for (struct filter_pattern *entry = filter->patterns; entry; entry = entry->next)
		pattern_destroy(entry->pattern);
	vector_release(&filter->verdicts);
	filter_scan_release(filter);
	arena_release(&filter->arena);
	free(filter);
}

struct filter *filter_copy(const struct filter *filter)
{
	return filter_parse(filter->source, &filter->scope, NULL, NULL);
}

uint64_t filter_ran_out(const struct filter *filter)
{
	uint64_t count = 0;

	for (const struct filter_pattern *entry = filter ? filter->patterns : NULL; entry; entry = entry->next)
		count += pattern_ran_out(entry->pattern);
	return count;
}

bool filter_is_empty(const struct filter *filter)
{
	return !filter || !filter->root;
}

bool filter_needs_text(const struct filter *filter)
{
	return !filter_is_empty(filter) && filter->root->needs_text;
}

bool filter_is_slow(const struct filter *filter)
{
	return filter && filter->slow;
}

int filter_explain_fault(struct buffer *out, struct slice text, size_t fault)
{
	utf8_append_shown(out, text, SIZE_MAX);
	buffer_append_byte(out, '\n');
	buffer_append_repeat(out, ' ', utf8_shown_width(slice_first(text, fault)));
	buffer_append_string(out, "^\n");
	return out->failed;
}
