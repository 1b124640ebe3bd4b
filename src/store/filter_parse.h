/*
 * What the parts of the parser share: filter.c holds the grammar, filter_terms.c the conditions, filter_values.c the
 * values.
 */
#ifndef STORE_FILTER_PARSE_H
#define STORE_FILTER_PARSE_H

#include "store/filter_tree.h"

struct filter_parser {
	struct slice text;
	size_t at;
	struct filter_scope scope;
	struct filter *filter;
	struct filter_node **textual_end;
	unsigned depth;
	bool negated;
	size_t fault; /* once something failed */
	struct error *error;
};

/* Each parsing function returns NULL after it said what is wrong and where. */
void *filter_fail(struct filter_parser *parser, size_t fault, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void *filter_fail_memory(struct filter_parser *parser);

/* The byte `ahead` of the place, or 0 at the end. */
char filter_peek(const struct filter_parser *parser, size_t ahead);
/* May a condition end before this byte: white space, a parenthesis, '|', the end? */
bool filter_is_boundary(char byte);

struct filter_node *filter_node_create(struct filter_parser *parser, enum filter_kind kind, bool needs_text);

/* A quoted text: the place is at the quote. Inside, a backslash protects a quote or a backslash. Never empty. */
const char *filter_take_quoted(struct filter_parser *parser);
/* Is a /regex/ at the place, rather than a path? A regex is followed by a boundary or a comma. */
bool filter_is_regex(const struct filter_parser *parser, size_t *close);
/* The pattern between slashes: the place is at the first, `close` at the second. Its owner is the filter. */
struct pattern *filter_take_regex(struct filter_parser *parser, size_t close);
/* A value that is neither quoted nor a regex, up to a boundary (or a comma in a list); empty at a boundary. */
struct slice filter_take_bare(struct filter_parser *parser, bool is_list);
/* A list of values with commas between, each quoted, a regex, or bare and perhaps a glob. */
struct filter_value *filter_take_values(struct filter_parser *parser);

/* One condition at the place: a phrase, a regex, name:value, or a word. */
struct filter_node *filter_parse_term(struct filter_parser *parser);

#endif
