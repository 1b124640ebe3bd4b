/*
 * Numbered, re-readable facts: E1, E2, ... in the order minted. Nothing is claimed without one.
 *
 * What stands beside the log (metrics, spans, changes, runbooks) is cited by its service, its name and its window.
 * A line is one record: its place, and a copy of its text as it was read (at most 4 KiB) with a hash of it, so that it
 * can be shown to be the same later. A count is a filter over a window and the number it gave. Only code that has just
 * read the store mints evidence; the same input gives the same ids. A record minted twice keeps its first number.
 */
#ifndef TOCSIN_ANALYST_EVIDENCE_H
#define TOCSIN_ANALYST_EVIDENCE_H

#include "tocsin/base/arena.h"
#include "tocsin/store/query.h"

#define EVIDENCE_MAXIMUM 4096
#define EVIDENCE_TEXT 4096

enum evidence_kind {
	EVIDENCE_LINE,
	EVIDENCE_COUNT,
	EVIDENCE_METRIC, /* source: the service; filter: the metric's name; value: its median in the window */
	EVIDENCE_SPAN,   /* source: the service; filter: the span's id; value: its duration in nanoseconds */
	EVIDENCE_CHANGE, /* source: the service, may be empty; filter: a sha, or "flag:NAME"; window.from: when */
	EVIDENCE_RUNBOOK /* filter: the name of its file */
};
const char *evidence_kind_name(enum evidence_kind kind); /* "line", as in --json */

struct evidence {
	unsigned number; /* n of "En", from 1 */
	enum evidence_kind kind;
	uint64_t record;  /* LINE: the record; COUNT: the first record counted, UINT64_MAX when none */
	int64_t time;     /* event time of that record */
	uint32_t service; /* code, STORE_NO_CODE when none */
	uint8_t level;
	struct slice source; /* as it can be opened; empty for COUNT over several */
	uint64_t line;
	struct slice text;   /* LINE: the message as read; COUNT: a sentence, "388 x ERROR in inventory-service, 20:41 -
				20:50" */
	uint64_t hash;       /* LINE: of the raw bytes */
	struct slice filter; /* COUNT: the filter that was counted, can be typed at the prompt */
	struct window window; /* COUNT */
	uint64_t count;       /* COUNT; 1 for LINE */
	double value;         /* METRIC, SPAN */
};

struct evidence_book;

struct evidence_book *evidence_book_create(void); /* NULL when out of memory */
void evidence_book_destroy(struct evidence_book *book);

/* Mints; return the number, or 0 when the record cannot be read or the book is full. */
unsigned evidence_add_line(
	struct evidence_book *book, const struct store *store, const struct store_reader *reader, uint64_t record);
unsigned evidence_add_count(struct evidence_book *book, const struct store *store, struct slice filter,
	struct window window, uint64_t count, uint64_t first, struct slice sentence);

/* `kind` METRIC and following. */
unsigned evidence_add_fact(struct evidence_book *book, enum evidence_kind kind, struct slice service, struct slice name,
	struct window window, double value, struct slice sentence);

unsigned evidence_count(const struct evidence_book *book);                               /* the highest number */
const struct evidence *evidence_find(const struct evidence_book *book, unsigned number); /* NULL when there is none */

/* Finds the next "[E12]" at or after `start`: its place in the text and its number. */
bool evidence_next_citation(struct slice text, size_t start, size_t *begin, size_t *end, unsigned *number);

#endif
