/*
 * What kind of trouble people speak of: one category from the words of an issue and of log lines.
 */
#ifndef TOCSIN_LEARN_ISSUE_H
#define TOCSIN_LEARN_ISSUE_H

#include "tocsin/base/slice.h"

enum issue_category {
	ISSUE_UNKNOWN,
	ISSUE_RESOURCE_SHORTAGE,
	ISSUE_NETWORK,
	ISSUE_DATABASE,
	ISSUE_AUTH,
	ISSUE_API,
	ISSUE_STORAGE,
	ISSUE_APPLICATION,
	ISSUE_CATEGORY_COUNT
};
const char *issue_category_name(enum issue_category category); /* "resource_shortage" */

/* Weighed mentions; zero-initialised there are none. */
struct issue_votes {
	double of[ISSUE_CATEGORY_COUNT];
};

/* Each category gets `weight` for each of its words that begins a word of the text, three times that for a word that
   says it by itself. */
void issue_vote(struct issue_votes *votes, struct slice text, double weight);
enum issue_category issue_decide(const struct issue_votes *votes); /* ISSUE_UNKNOWN when nothing was mentioned */

#endif
