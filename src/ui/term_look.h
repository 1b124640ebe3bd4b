/*
 * How a cell looks on this terminal: a role on a ground, through the theme, as curses attributes and a colour pair.
 * Worked out once for each combination that is met.
 */
#ifndef TOCSIN_UI_TERM_LOOK_H
#define TOCSIN_UI_TERM_LOOK_H

#include "tocsin/ui/theme.h"

struct term_look {
	uint32_t attributes; /* of curses, without colours */
	short pair;
	bool known;
};

#define TERM_LOOK_PAIRS 255
struct term_looks {
	struct theme theme;
	int colours; /* 0, 8, 16 or 256 */
	struct {
		short foreground, background;
	} pairs[TERM_LOOK_PAIRS];
	int pair_count, pair_max;
	struct term_look looks[ROLE_COUNT][ROLE_COUNT];
};

void term_looks_init(struct term_looks *looks, bool colours); /* after newterm */
void term_looks_theme(struct term_looks *looks, const struct theme *theme);
const struct term_look *term_looks_of(struct term_looks *looks, enum role role, enum role ground);

#endif
