/*
 * Kinds of trouble that log lines name in words: what each is called, which category it has, and what to look at first.
 */
#ifndef ANALYST_CAUSE_H
#define ANALYST_CAUSE_H

#include "tocsin/base/slice.h"

#define CAUSE_WORDS 12
#define CAUSE_STEPS 4

struct cause {
	const char *name;
	const char *category; /* resource_shortage, network, database, auth, api, storage, application */
	const char *phrase;   /* completes "orders-db ..." */
	double weight;        /* of one word found; specific words weigh more */
	const char *words[CAUSE_WORDS];
	const char *steps[CAUSE_STEPS]; /* safe to read at 3 a.m.: look first, then the smallest change */
};

const struct cause *cause_at(size_t index); /* NULL past the end */

/* How strongly a text speaks of this cause: the weight of each of its words that is in the text at the beginning of a
 * word. */
double cause_score(const struct cause *cause, struct slice text);

/* The cause that several lines speak of most; earlier lines weigh more (1, 1/1.25, 1/1.5, ...). NULL when no line names
 * one.
 */
const struct cause *cause_find(const struct slice *lines, size_t count, double *score);

#endif
