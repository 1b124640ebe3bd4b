/*
 * The search for onsets, and its first half: which services took part in the trouble, and roughly when.
 */
#ifndef DETECT_EPISODE_H
#define DETECT_EPISODE_H

#include "detect/change.h"
#include "detect/survey.h"
#include "tocsin/detect/onset.h"

struct suspect {
	struct change change; /* score 0: none */
	bool member;          /* of the episode */
	struct onset onset;
};

struct search {
	struct survey survey;
	const struct window *wanted;
	bool reference[CHANGE_BUCKETS]; /* the baseline that was wanted */
	bool *heard;                    /* by service * CHANGE_BUCKETS + bucket */
	struct suspect *suspects;       /* by service */
	size_t from, to;                /* the episode, in buckets */
	struct vector others;           /* of struct onset_trouble: what stands out elsewhere */
	bool abnormal;
	bool baseless;   /* no baseline */
	int64_t begin;   /* of the baseline */
	int64_t known;   /* what was seen before this is not new */
	uint32_t *noise; /* by service: new templates in the later half of the baseline */
	uint32_t *dense; /* by sighting: errors in the dense part of the service at hand */
};

/* Fills in the stretches, the members and bounds of the episode, others, abnormal and baseless, and leaves the survey
   focused on the episode and what surrounds it; survey, wanted, reference and suspects are given. */
int episode_find(struct search *search);

/* The time between the ends of two buckets. */
struct window episode_window(const struct search *search);

#endif
