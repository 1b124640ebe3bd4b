/*
 * Numbers in messages that have a name: "active=50 max=50", "wait: 5 s", and those in fields.
 */
#ifndef ANALYST_NUMBERS_H
#define ANALYST_NUMBERS_H

#include "tocsin/base/slice.h"

#define NUMBERS_MAXIMUM 16

struct number {
	struct slice key;  /* borrowed from the message */
	struct slice text; /* the number as it stands */
	double value;
};

/* Returns how many were found, in the order of the message. */
size_t numbers_find(struct slice message, struct number numbers[NUMBERS_MAXIMUM]);

enum number_kind { NUMBER_OTHER, NUMBER_USE, NUMBER_LIMIT };

/* What a key counts: use ("active", "used", "claimed"), a limit ("max", "available"), or something else. */
enum number_kind number_kind(struct slice key);

#endif
