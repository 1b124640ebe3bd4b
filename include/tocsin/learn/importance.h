/*
 * How surprising a record is, from 0 to 1, and which part of it says so.
 *
 * Surprise is calibrated: of usual records, one in ten reaches 0.25, one in a hundred 0.5, one in a thousand 0.75,
 * one in ten thousand 1. Without a trained model the log itself is what is usual: a rare template, a high level and
 * words of failure make a record important.
 */
#ifndef TOCSIN_LEARN_IMPORTANCE_H
#define TOCSIN_LEARN_IMPORTANCE_H

#include "tocsin/store/query.h"

enum importance_part {
	PART_SEQUENCE,  /* what the LSTM expected was something else */
	PART_NEW_EVENT, /* a template never seen, or seldom */
	PART_LENGTH,    /* a session much shorter or longer than any */
	PART_COUNTS,    /* a session whose templates never came in these numbers */
	PART_GAP,       /* a silence before it, or at the end of a session */
	PART_SERVICE,   /* a service that seldom says this */
	PART_LEVEL,     /* a level that is seldom this high */
	PART_ERROR,     /* words of failure */
	PART_COUNT
};
const char *importance_part_name(enum importance_part part); /* "new event" */

/* 0 to 1 for the share of usual records (0 to 1) that are at least as surprising. */
double importance_of_share(double share);

struct importance;
struct scorer; /* model.h */

/* By what is usual in the visible log itself. NULL when out of memory. */
struct importance *importance_of_log(const struct store *store, struct horizon horizon);
/* By a model: each visible record is looked at, as one of its service or, when it learnt sessions, of its session (for
   which `reader` reads the messages). NULL when out of memory. */
struct importance *importance_by_scorer(
	struct scorer *scorer, const struct store *store, const struct store_reader *reader, struct horizon horizon);
void importance_destroy(struct importance *importance); /* NULL is fine */

/* Of a visible record; *part (may be NULL) is the part that spoke loudest. */
double importance_of(const struct importance *importance, const struct record *record, enum importance_part *part);

#endif
