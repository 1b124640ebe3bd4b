/*
 * A transcript as lines of a width: what the analyst's pane scrolls over. Nothing is kept; a walk over a few hundred
 * entries is cheap.
 */
#ifndef UI_PROSE_H
#define UI_PROSE_H

#include "tocsin/analyst/transcript.h"
#include "tocsin/ui/role.h"

struct prose {
	const struct transcript *transcript; /* may be NULL */
	int64_t horizon;                     /* what was said with knowledge of a later time is left out */
	int width;
};

struct prose_line {
	int number;                /* of the line, from 0 */
	const struct entry *entry; /* NULL: a blank line between groups */
	bool first;                /* of its entry */
	struct slice label;        /* of a first line: stands at the left */
	enum role label_role;
	int indent;     /* where the text begins */
	enum role role; /* of the text */
	struct slice text;
	int citation; /* how many citations there were before this line */
};

struct prose_size {
	int lines;
	int citations;
	int anchor; /* line at which the last verdict or question begins; -1 when there is none */
};

/* Calls `each` (may be NULL) for every line in order. */
struct prose_size prose_walk(
	const struct prose *prose, void (*each)(void *context, const struct prose_line *line), void *context);

#endif
