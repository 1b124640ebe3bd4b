/*
 * A filter as a tree of conditions. Everything in it lies in the filter's arena; only compiled patterns are freed one
 * by one.
 */
#ifndef STORE_FILTER_TREE_H
#define STORE_FILTER_TREE_H

#include <stdatomic.h>

#include "tocsin/base/arena.h"
#include "tocsin/base/find.h"
#include "tocsin/base/pattern.h"
#include "tocsin/base/vector.h"
#include "store/tuples.h"
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
	FILTER_TEMPLATE_TEXT,
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

/*
 * What must stand in the bytes of a record for its message to match: pieces of a word, or of the fixed parts of a
 * regex, the rarest first, by the ways that messages are written down. NULL: nothing is sure.
 */
struct filter_piece {
	struct filter_piece *next;
	struct find find;
};

struct filter_pieces {
	struct filter_piece *verbatim; /* as it is, but for '"' and line ends */
	struct filter_piece *escaped;  /* without what may stand behind a backslash */
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
	struct filter_pieces pieces;  /* of WORD, REGEX */
	struct filter_value *values;  /* of SERVICE, SOURCE, TEMPLATE_TEXT, FIELD */
	struct filter_codes codes;    /* of SERVICE, SOURCE, TEMPLATE_TEXT; of WORD: the templates whose own text has it */
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
	bool slow;              /* each record must be looked at: its text, or its line */
	struct slice source;    /* what it was parsed from, and how */
	struct filter_scope scope;
	struct zone zone;
	struct scan *scan; /* scratch of filter_scan; NULL until it is needed */

	const struct store *store; /* that the verdicts belong to */
	const struct store_templates *templates; /* the same */
	struct vector verdicts;    /* uint8_t by tuple: a verdict plus 1, or 0 where none is known yet */
};

/* Judges a published tuple, once for all; then `bounds`, where known (else NULL), may settle a MAYBE. */
enum verdict filter_judge(
	struct filter *filter, const struct store *store, uint32_t tuple, const struct filter_bounds *bounds);

/* The same of one condition, as far as a tuple tells. */
enum verdict filter_judge_node(struct filter_node *node, const struct store *store, const struct tuple *tuple);
/* One condition on one record, its text left aside. */
bool filter_match_columns(struct filter_node *node, const struct store *store, const struct record *record);

/* Does any name behind this code match? Asked once for each code. */
bool filter_match_code(struct filter_node *node, const struct store *store, uint32_t code);
/* The same of a template, for a WORD: true when its constant part has the word, so that every message of it does. */
bool filter_match_word(struct filter_node *node, const struct store *store, uint32_t template);
bool filter_match_number(const struct filter_node *node, uint64_t number);
/* A signature matches by its own number and by that of its template. */
bool filter_match_template(const struct filter_node *node, const struct store *store, uint32_t signature);
/* filter_match, where the text is known. */
bool filter_match_text(struct filter *filter, const struct store *store, const struct record *record,
	const struct store_text *text);

/*
 * Decides the records of one segment that are set in `open`, mostly by looking for pieces in the bytes of many at once,
 * and sets those that match in `in`. Stops early when `*cancelled` (may be NULL) becomes true. ERROR_MEMORY.
 */
int filter_scan(struct filter *filter, const struct store *store, const struct store_reader *reader, uint64_t segment,
	const uint64_t *open, uint64_t *in, const atomic_bool *cancelled);
void filter_scan_release(struct filter *filter);

/* The pieces of a word, or of a regex. False when out of memory. */
bool filter_pieces_of_word(struct filter_pieces *pieces, struct arena *arena, struct slice word);
bool filter_pieces_of_regex(struct filter_pieces *pieces, struct arena *arena, struct slice regex);

#endif
