/*
 * What single words and runs of words are, for parameter.c.
 */
#ifndef MINE_PARAMETER_INSIDE_H
#define MINE_PARAMETER_INSIDE_H

#include "tocsin/mine/parameter.h"

/* Where a unit may stand. */
enum unit_place {
	UNIT_ATTACHED = 1, /* 5m */
	UNIT_APART = 2,    /* 5 ms */
	UNIT_KEY = 4       /* took_ms=5 */
};

struct measure {
	enum parameter_kind kind;
	struct slice unit;
	double value;
};

/* "12", "-1.5e3", "97%", "5ms", "1m30.5s"; false when it is something else. */
bool measure_of(struct slice word, struct measure *measure);
/* Gives a plain number a unit. False, and nothing changes, when the word is none in that place. */
bool measure_apply(struct measure *measure, struct slice word, enum unit_place place);
/* The same with the end of a key: "elapsed_ms", "timeMs". */
bool measure_apply_key(struct measure *measure, struct slice key);

/* Of one word: never a measure. */
enum parameter_kind kind_of_word(struct slice word);
/* Of words with colons between them; false when they are not one thing. */
bool kind_of_run(struct slice run, enum parameter_kind *kind);

#endif
