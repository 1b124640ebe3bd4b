/*
 * What training asks of a scorer.
 */
#ifndef LEARN_SCORER_INSIDE_H
#define LEARN_SCORER_INSIDE_H

#include "learn/model_inside.h"

/* Adds the sum of the parts of each step of a sequence, for calibration. */
void scorer_sum_sequence(
	struct scorer *scorer, const struct sequence_step *steps, size_t count, struct shares *records);

#endif
