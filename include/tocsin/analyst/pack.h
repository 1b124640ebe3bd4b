/*
 * The evidence pack: what a model is told before it asks for anything, small enough for its context.
 *
 * In this order: the built-in analyst's verdict, ranking and findings; totals and the share of each service; the first
 * errors in order of time; error patterns with their counts; the first FATAL and ERROR lines whole. Each part has its
 * share of the budget and hands on what it leaves; what does not fit is asked for again in a smaller measure, and what
 * was left out is said. The parts are results of tools, fenced like any other: their evidence is minted in the book.
 */
#ifndef TOCSIN_ANALYST_PACK_H
#define TOCSIN_ANALYST_PACK_H

#include "tocsin/analyst/analysis.h"
#include "tocsin/analyst/fence.h"

/* Appends at most about `tokens` tokens (chat_tokens). `analysis` NULL, or done. */
int pack_append(struct buffer *out, const struct analysis_input *input, struct analysis *analysis,
	const struct fence *fence, size_t tokens);

#endif
