/*
 * The inside of a model, for its file, its training and its scorer.
 */
#ifndef LEARN_MODEL_INSIDE_H
#define LEARN_MODEL_INSIDE_H

#include "learn/normal.h"
#include "tocsin/learn/model.h"

#define MODEL_EVENTS 1000      /* templates that the network tells apart: the most frequent ones */
#define MODEL_KNOWN (1U << 16) /* templates that are known at all */
#define SHARES_BINS 256
#define SHARES_WIDTH 0.125 /* of a bin */

/* How often values were seen on normal records or sessions that nothing was learnt from. */
struct shares {
	uint64_t bins[SHARES_BINS];
	uint64_t count;
	double highest;
};

void shares_add(struct shares *shares, double value);
/* -log10 of the share that is at least as high; beyond the highest it goes on like a probability of e^-value. */
double shares_surprise(const struct shares *shares, double value);

struct model {
	struct model_settings settings; /* all given */
	char *pattern;
	struct intern *events; /* texts; event e has code e - 1, the most frequent first */
	struct lstm lstm;
	struct normal normal;
	struct shares steps;    /* nats of the network for a record */
	struct shares sessions; /* the highest of a session's */
	struct shares records;  /* sums of the surprises of all parts */
};

struct model *model_create(void);
/* What follows from the texts alone. */
void model_finish(struct model *model);
/* The event as the network knows it, or NORMAL_UNKNOWN. */
uint32_t model_lstm_event(const struct model *model, uint32_t event);

#endif
