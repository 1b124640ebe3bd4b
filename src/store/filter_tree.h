/*
 * A filter as a tree of conditions. Everything in it lies in the filter's arena; only compiled patterns are freed one
 * by one.
 */
#ifndef STORE_FILTER_TREE_H
#define STORE_FILTER_TREE_H

#include "tocsin/base/arena.h"
#include "tocsin/base/pattern.h"
#include "tocsin/base/vector.h"
#include "tocsin/store/filter.h"
#include "tocsin/store/templates.h"

enum filter_kind {
	FILTER_AND,
	FILTER_OR,
	FILTER_NOT,
	FILTER_WORD,
	FILTER_REGEX,
	FILTER_SERVICE,
	FILTER_SOURCE,
	FILTER_LEVEL,
	FILTER_TEMPLATE,
	FILTER_ID,
	FILTER_LINE,
	FILTER_TIME,
	FILTER_IMPORTANCE,
	FILTER_FIELD,
};

/* One value of a list as in service:a,b* */
struct filter_value {
	struct filter_value *next;
	const char *text; /* terminated; a glob when `is_glob` */
	bool is_glob;
	struct pattern *pattern; /* for /regex/, else NULL */
};

struct filter_range {
	struct filter_range *next;
	uint64_t first, last; /* both included */
};

/* Which codes match, found out as codes appear. */
struct filter_codes {
	const struct store *store; /* that the answers belong to */
	uint32_t resolved;         /* codes below this are known */
	uint64_t *bits;
};

struct filter_node {
	enum filter_kind kind;
	bool needs_text;
	struct filter_node *next;     /* sibling */
	struct filter_node *textual;  /* next condition to highlight, in order of writing */
	struct filter_node *children; /* of AND, OR, NOT; those that need text come last */
	struct slice text;            /* the word, or the name of the field */
	struct pattern *pattern;      /* of REGEX */
	struct filter_value *values;  /* of SERVICE, SOURCE, FIELD */
	struct filter_codes codes;    /* of SERVICE, SOURCE */
	struct filter_range *ranges;  /* of TEMPLATE, ID, LINE */
	double above, below;          /* of IMPORTANCE: both excluded */
	unsigned levels;              /* a bit for each */
	struct window window;         /* of TIME */
};

/* A pattern to free. */
struct filter_pattern {
	struct filter_pattern *next;
	struct pattern *pattern;
};

/* Is a record of some tuple selected? What is not known without more than its tuple is MAYBE. */
enum verdict { VERDICT_NO, VERDICT_MAYBE, VERDICT_YES };

/* What is known of all the records of a segment together. */
struct filter_bounds {
	int64_t minimum, maximum; /* of the times */
	uint64_t first, last;     /* ids */
};

struct filter {
	struct arena arena;
	struct filter_node *root;    /* NULL: everything */
	struct filter_node *textual; /* what filter_highlight shows: words, phrases and regexes that are not negated */
	struct filter_pattern *patterns;
	struct store_text text; /* of the record being matched */

	const struct store *store; /* that the verdicts belong to */
	const struct store_templates *templates; /* the same */
	struct vector verdicts;    /* uint8_t by tuple: a verdict plus 1, or 0 where none is known yet */
};

/* Judges a published tuple, once for all; then `bounds`, where known (else NULL), may settle a MAYBE. */
enum verdict filter_judge(
	struct filter *filter, const struct store *store, uint32_t tuple, const struct filter_bounds *bounds);

/* Does any name behind this code match? Asked once for each code. */
bool filter_match_code(struct filter_node *node, const struct store *store, uint32_t code);
bool filter_match_number(const struct filter_node *node, uint64_t number);
/* A signature matches by its own number and by that of its template. */
bool filter_match_template(const struct filter_node *node, const struct store *store, uint32_t signature);

#endif
