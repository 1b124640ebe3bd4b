/*
 * A model at the desk: it gets the evidence pack, thinks aloud, asks tools, and ends in a verdict or an answer whose
 * every sentence is checked against what it cites.
 *
 * Turn by turn: the conversation goes to the provider; what comes streams into the transcript; the calls of the turn
 * are run, read-only, each answered with evidence; and so on until it answers. Budgets on turns, tokens, time and
 * money end it with a forced answer, tools withdrawn; a breaker does the same when calls repeat or alternate.
 * Tickets are proposed only in a turn of its own after the answer, and only where the rule for tickets is met, with
 * the ticket filled in by code. When the conversation outgrows the model's context, the oldest results are dropped
 * between turns and that is said. Log text reaches the model only inside fences.
 *
 * It belongs to the loop. Evidence is minted in jobs of the queue that the caller gives, which must be the one that
 * all others use who mint in this book.
 */
#ifndef TOCSIN_ANALYST_INVESTIGATION_H
#define TOCSIN_ANALYST_INVESTIGATION_H

#include "tocsin/analyst/analysis.h"
#include "tocsin/base/vault.h"
#include "tocsin/llm/price.h"

struct investigation_budget {
	unsigned turns;   /* 0: 12 */
	uint64_t tokens;  /* in and out, 0: 400,000 */
	uint64_t seconds; /* 0: 600 */
	double dollars;   /* 0: no limit */
};

struct investigation_options {
	struct analysis_input input; /* with a book; borrowed until the end */
	struct analysis *analysis;   /* done; its verdict stands beside the model's. NULL: none */
	struct llm *llm;             /* borrowed */
	struct loop_queue *queue;
	struct loop *loop;
	const struct vault *vault;   /* NULL: nothing was replaced */
	const struct prices *prices; /* NULL: only the table */
	const char *prompt;          /* the instructions; "{mark}" becomes the fence's. NULL: a plain one built in */
	const char *question;        /* NULL: find the cause */
	struct slice filter;         /* what the question is about, as typed; may be empty */
	struct investigation_budget budget;
	uint64_t random; /* for the fence */
	/* Something was added to the transcript. */
	void (*on_news)(void *context);
	/* The end, however it came; nothing more is called. It may destroy the investigation. */
	void (*on_end)(void *context);
	void *context;
};

enum investigation_state { INVESTIGATION_WORKING, INVESTIGATION_DONE, INVESTIGATION_FAILED, INVESTIGATION_CANCELLED };

struct investigation;

/* Begins after this returned. Continues `earlier` (same provider or another), whose conversation it takes over, when
 * that is not NULL: a question after an answer. NULL when out of memory. */
struct investigation *investigation_create(
	const struct investigation_options *options, const struct investigation *earlier);
void investigation_destroy(struct investigation *investigation); /* cancels; a job that is out ends without it */
void investigation_cancel(struct investigation *investigation);  /* keeps what came; on_end is not called */

enum investigation_state investigation_state(const struct investigation *investigation);
const struct transcript *investigation_transcript(const struct investigation *investigation);
/* The model's verdict in the terms of the built-in one; NULL when there is none. Texts live as long as this does. */
const struct verdict *investigation_verdict(const struct investigation *investigation);
const char *investigation_failure(const struct investigation *investigation); /* the sentence, or "" */
size_t investigation_proposal_count(const struct investigation *investigation);
const struct ticket *investigation_proposal(const struct investigation *investigation, size_t index);

/* What it has used so far. */
struct investigation_usage {
	struct llm_usage tokens;
	unsigned turns, calls;
	double dollars;      /* negative: the price is not known */
	int64_t first, took; /* ns: to the first delta of the last turn (-1: none), and waiting for the model in all */
};
void investigation_usage(const struct investigation *investigation, struct investigation_usage *usage);
/* The answer alone, as the model gave it, revealed: to be kept for the same question. */
struct slice investigation_answer(const struct investigation *investigation);

/* Every body sent so far, as the model saw it, one after the other; the newest last. */
size_t investigation_sent_count(const struct investigation *investigation);
struct slice investigation_sent(const struct investigation *investigation, size_t index);

#endif
