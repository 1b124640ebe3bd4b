/*
 * The ids that match a filter, kept up as the log grows: what a filtered tail shows, and what a search has found. A
 * horizon that moves back cuts it.
 *
 * A filter on columns alone is fast, and `selection_advance_quickly` looks at everything where it is called, so many
 * records at a time. One that is slow (filter_is_slow) may have to read text, which must not happen on the loop: it is
 * left to looks. `selection_take_look` says what is to be looked at next, from a place outwards; a worker runs
 * `look_run`; `look_finish`, where the selection lives, puts in what was found. A selection may be released while a
 * look is out: then that is cancelled, and finishing it only frees it.
 *
 * So the ids need not be known from the first one on: what was not looked at yet counts as not selected.
 */
#ifndef TOCSIN_STORE_SELECTION_H
#define TOCSIN_STORE_SELECTION_H

#include "tocsin/base/vector.h"
#include "tocsin/store/filter.h"

struct look;

struct selection {
	struct filter *filter; /* borrowed */
	bool all;              /* the filter is empty: every id is selected, and nothing is kept */
	struct vector parts;   /* of ids of one segment each: how far they were looked at, how many are selected */
	struct vector bits;    /* uint64_t: a bit for each id */
	unsigned part_shift;   /* ids in a part: 1 << part_shift; 0 before the first look at a store */
	uint64_t base;         /* the first id of all */
	size_t whole;          /* parts below this were looked at to their end */
	size_t counted;        /* parts below this know how many are selected before them */
	uint64_t examined;     /* ids that were looked at */
	uint64_t horizon;      /* ids below this may be shown */
	uint64_t ran_out;      /* records for which a regex took too many steps: not selected */
	struct look *look;     /* the one that is out, or NULL */
	bool full;             /* memory ran out: something is missing until a later advance succeeds */
};

int selection_init(struct selection *selection, struct filter *filter); /* filter may be NULL; allocates nothing */
void selection_release(struct selection *selection);

/* Takes note of the horizon, and looks at no more than `budget` further records, from the first on; `reader` as
 * in filter_match. Returns true while there is more to look at. */
bool selection_advance(struct selection *selection, const struct store *store, const struct store_reader *reader,
	struct horizon horizon, uint64_t budget);
/* The same where nobody must wait: a slow filter is left to looks. */
bool selection_advance_quickly(
	struct selection *selection, const struct store *store, struct horizon horizon, uint64_t budget);

/* The next look: what is nearest to the id `near` first; with `direction` +1 or -1 that way and round the end, with 0
 * both ways. It comes back when it has found `want` records, or after some 30 ms. NULL when nothing is left to look at
 * below the horizon of the last advance, while one is out, and when there is no memory. */
struct look *selection_take_look(
	struct selection *selection, const struct store *store, uint64_t near, int direction, uint64_t want);
void look_run(struct look *look, const struct store_reader *reader); /* in any thread */
bool look_finish(struct look *look); /* frees it; true when its selection knows more now */

bool selection_is_complete(const struct selection *selection); /* everything below the horizon was looked at */
bool selection_knows(const struct selection *selection, uint64_t id);     /* was it looked at? */
bool selection_has(const struct selection *selection, uint64_t id);       /* selected and visible */
uint64_t selection_count(const struct selection *selection);              /* selected and visible */
uint64_t selection_id(const struct selection *selection, uint64_t index); /* index < count */
uint64_t selection_index(
	const struct selection *selection, uint64_t id); /* index of the first selected id >= `id`, or count */

enum nearness { NEAREST_FOUND, NEAREST_NONE, NEAREST_UNKNOWN };
/* The nearest visible id from `from` on, it included, in `direction` (+1, -1) that both selections have. UNKNOWN when
 * one comes first that was not looked at yet: `found` is about where. */
enum nearness selection_nearest(const struct selection *selection, const struct selection *other, uint64_t from,
	int direction, uint64_t *found);

#endif
