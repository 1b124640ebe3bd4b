/*
 * What was said in the analyst's pane, one entry after the other: steps, verdict, questions, answers. Only grows; the
 * last entry may go on while a model speaks.
 * Texts cite evidence as "[E3]". Wrapping and colours are the reader's business.
 */
#ifndef TOCSIN_ANALYST_TRANSCRIPT_H
#define TOCSIN_ANALYST_TRANSCRIPT_H

#include "tocsin/base/arena.h"
#include "tocsin/base/vector.h"

enum entry_kind {
	ENTRY_STEP,     /* something the analyst did and found: "quiet until 20:40:52; baseline 20:39:00 - 20:40:50" */
	ENTRY_VERDICT,  /* headline: "root cause: orders-db (confidence 0.91)" */
	ENTRY_TEXT,     /* a paragraph of the verdict or an answer */
	ENTRY_LABELLED, /* a short line with a label: spread, ruled out, next, category, severity, missing */
	ENTRY_QUESTION, /* what the engineer asked */
	ENTRY_ANSWER,   /* the answer's first paragraph */
	ENTRY_NOTICE,   /* cancelled, failed, scope changed */
	ENTRY_REASONING, /* what a model thinks, as it streams */
	ENTRY_TOOL,      /* one call of a tool and how much it gave; `label` is the tool */
	ENTRY_UNPROVEN   /* a sentence of a model's that does not stand in what it cites */
};

struct entry {
	enum entry_kind kind;
	struct slice label; /* ENTRY_LABELLED only */
	struct slice text;
	size_t room;     /* bytes that its text may grow to where it lies */
	int64_t horizon; /* event time of the newest record that could be known when it was said */
};

struct transcript {
	struct arena arena;
	struct vector entries; /* of struct entry */
};

void transcript_init(struct transcript *transcript);
void transcript_release(struct transcript *transcript);
void transcript_clear(struct transcript *transcript);
int transcript_add(
	struct transcript *transcript, enum entry_kind kind, const char *label, struct slice text, int64_t horizon);
int transcript_add_format(struct transcript *transcript, enum entry_kind kind, const char *label, int64_t horizon,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The last entry's text goes on; ERROR_STATE when there is none, ERROR_FULL. */
int transcript_extend(struct transcript *transcript, struct slice more);
size_t transcript_count(const struct transcript *transcript);
const struct entry *transcript_at(const struct transcript *transcript, size_t index);

#endif
