/*
 * Plain questions about the log, answered without a model: a question becomes a filter, a count, a comparison or an
 * order, and the answer says which.
 *
 * The conversation remembers service, window, levels and words of the last question, so that "and in
 * inventory-service?" asks the same of another service. What it cannot answer it says, with what it can. Nothing beyond
 * the horizon is looked at.
 */
#ifndef TOCSIN_ANALYST_QUESTION_H
#define TOCSIN_ANALYST_QUESTION_H

#include "tocsin/analyst/analysis.h"

struct conversation;

struct conversation *conversation_create(void);
void conversation_destroy(struct conversation *conversation);
void conversation_forget(struct conversation *conversation); /* the next question has no context */

/* Answers into `transcript` (ENTRY_QUESTION, then ENTRY_ANSWER and following), minting evidence in `book`. `input` as
   for an analysis; `analysis` (may be NULL) is the last one that is done, for "which service failed first" and "why".
   *filter gets a filter that shows what the answer is about, or stays empty: `Enter` on the answer applies it. */
int conversation_ask(struct conversation *conversation, const struct analysis_input *input,
	const struct analysis *analysis, struct slice question, struct transcript *transcript,
	struct evidence_book *book, struct buffer *filter);

/* Kinds of questions it understands, one example a line, for help: NULL past the end. */
const char *conversation_example(size_t index);

#endif
