/*
 * Which lines of a log speak about an issue that somebody put in words: two stages.
 *
 * Stage 1 keeps the most important part of the records (70 %). Stage 2 compares their messages, template and parameters
 * alike, with the issue (tfidf.h; the issue's own terms are features wherever the log has them) and keeps those with a
 * cosine of at least 0.1, the 50 most alike: by cosine, equal ones by importance, then the earlier. When none is alike
 * enough the most important ones are given instead, and that is said.
 *
 * Up to 50,000 records each is compared. In a larger log evenly spread lines and the first one of each template show
 * which templates are most alike, and then lines of those are compared: 10 M records take well under a second.
 */
#ifndef TOCSIN_LEARN_RELEVANCE_H
#define TOCSIN_LEARN_RELEVANCE_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/vector.h"
#include "tocsin/learn/importance.h"
#include "tocsin/learn/issue.h"

struct relevance_input {
	const struct store *store;
	const struct store_reader *reader; /* of the calling thread */
	struct horizon horizon;
	uint64_t from, to;                   /* ids of the records that are asked about; to == 0: all visible */
	const struct importance *importance; /* NULL: by the visible log itself */
	const char *issue;
	double keep;    /* 0: 0.7 */
	double cosine;  /* 0: 0.1 */
	uint32_t limit; /* 0: 50 */
};

struct relevant {
	uint64_t record;
	double cosine;
	double importance;
};

struct relevance {
	uint64_t total, important, relevant; /* records before, between and after the stages: "1000 -> 700 -> 47" */
	uint64_t compared;                   /* of the important ones, whose messages were compared */
	bool by_importance;                  /* none was relevant: `records` holds the most important */
	enum issue_category category;        /* from the issue, and from the records that were found */
	struct vector records;               /* of struct relevant, best first */
};

/* On failure (ERROR_MEMORY) there is nothing to release. */
int relevance_find(const struct relevance_input *input, struct relevance *relevance);
void relevance_release(struct relevance *relevance);

/* "1000 -> 700 -> 47" */
int relevance_append_counts(const struct relevance *relevance, struct buffer *out);

#endif
