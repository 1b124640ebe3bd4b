/*
 * One grammar of filters for the console, the command line, the analyst and (later) the model's tools.
 *
 *   word  "a phrase"  /regex/         in the message, case-insensitive
 *   service:a,b  source:glob  field.name=value  field.name:/regex/       globs allowed in each; service:/regex/ too;
 *                                     source: is compared with the whole name and with its last part
 *   level>=error  level:warn,error  level=info  level<warn
 *   template:12   id:100..200         line:42     importance>0.9  (importance.h; what is not known matches none)
 *   template:/regex/ by its text
 *   since:10m  until:12:30  since:20:40:07  since:2025-05-17T20:40  (a duration counts back from the horizon)
 *   template, id, line and importance compare like level does (line>=42); unreadable levels are neither above nor
 *   below any
 *   -x or NOT x negates, a | b or OR, juxtaposition or AND, ( ) group
 *
 * name: or name= with a name that is no field is a fault, so text such as "max=50" wants quotes. since: includes its
 * moment, until: not. A filter is checked on columns first, then on the constant text of templates, and reads bytes
 * only when a textual condition is left to decide.
 */
#ifndef TOCSIN_STORE_FILTER_H
#define TOCSIN_STORE_FILTER_H

#include "tocsin/store/query.h"

struct filter;

/* What relative words mean when the filter is parsed. */
struct filter_scope {
	const struct store *store;
	int64_t now;             /* the horizon's time: since: counts back from it, clock times lie on its day */
	const struct zone *zone; /* NULL: UTC */
};

/* Parses; "" matches everything. On failure returns NULL, *fault is the byte position and the error a sentence. */
struct filter *filter_parse(struct slice text, const struct filter_scope *scope, size_t *fault, struct error *error);
void filter_destroy(struct filter *filter); /* NULL is fine */

/* Another of the same, for another thread: a filter belongs to one at a time. NULL when out of memory. */
struct filter *filter_copy(const struct filter *filter);

bool filter_is_empty(const struct filter *filter);   /* NULL or "": matches everything */
bool filter_needs_text(const struct filter *filter); /* false: decided on columns alone */
bool filter_is_slow(const struct filter *filter);    /* true: it may have to look at every record for itself */
/* For how many records so far a regex was given up, since it took too many steps: they count as not matching. */
uint64_t filter_ran_out(const struct filter *filter);

/* Does the record match? `reader` is used only when text is needed; a text that cannot be read matches no textual
 * condition but what its template tells. */
bool filter_match(struct filter *filter, const struct store *store, const struct record *record,
	const struct store_reader *reader);

/* The first place at or after `start` where a textual condition (word, phrase or regex, not negated) stands in `text`,
   for highlighting; never empty. False when there is none. */
bool filter_highlight(struct filter *filter, struct slice text, size_t start, size_t *begin, size_t *end);

/* Appends two lines, the filter and a caret below the fault, for a person to see. */
int filter_explain_fault(struct buffer *out, struct slice text, size_t fault);

#endif
