/*
 * What the analyst looks at and how it words what it sees: the same for an analysis and for a question.
 */
#ifndef ANALYST_SCENE_H
#define ANALYST_SCENE_H

#include "tocsin/analyst/evidence.h"
#include "tocsin/context/context.h"
#include "tocsin/store/filter.h"

#define SCENE_SENTENCE 4096 /* most bytes of one sentence under construction */

struct scene {
	const struct store *store;
	const struct store_reader *reader;
	struct horizon horizon;
	const struct zone *zone;
	struct evidence_book *book;
	const struct context *context; /* NULL: the log alone */
};

/* --- looking --- */

/* A book may be shared with an analysis that saw more: is this one known at our horizon? */
bool scene_sees(const struct scene *scene, const struct evidence *evidence);
/* Has the service said anything yet? Names of later ones must not be told. */
bool scene_knows(const struct scene *scene, uint32_t service);

/* Column and text of a visible record; false when it cannot be read. */
bool scene_read(const struct scene *scene, uint64_t id, struct record *record, struct store_text *text);

/* What to count: QUERY_ALL for any service or template; `level` and worse, or exactly `level`. */
struct tally {
	uint32_t service;
	uint32_t template;
	enum level level;
	bool exactly;
};

uint64_t scene_count(const struct scene *scene, const struct tally *tally, struct window window);
/* First record of the tally in the window, or UINT64_MAX. */
uint64_t scene_first(const struct scene *scene, const struct tally *tally, struct window window);
/* The filter that says the same, as it can be typed. */
void scene_filter(struct buffer *out, const struct scene *scene, const struct tally *tally);
/* Counts and mints: the sentence is "388 x ERROR or worse in inventory-service, 20:41:07 - 20:50:00". 0 when the book
 * is full. */
unsigned scene_cite_count(const struct scene *scene, const struct tally *tally, struct window window, uint64_t *count);

/* How many visible records in the window a typed filter matches, by looking at each; false when the filter is
 * malformed. */
bool scene_recount(
	const struct scene *scene, struct slice filter, struct window window, uint64_t *count, uint64_t *first);

/* --- wording --- */

void say_number(struct buffer *out, uint64_t number);                                 /* 21,340 */
void say_plural(struct buffer *out, uint64_t number, const char *noun);               /* 1 record, 2 records */
void say_rate(struct buffer *out, double rate);                                       /* 6.5, 120 */
void say_clock(struct buffer *out, const struct scene *scene, int64_t time);          /* 20:41:07 */
void say_millis(struct buffer *out, const struct scene *scene, int64_t time);         /* 20:41:07.118 */
void say_window(struct buffer *out, const struct scene *scene, struct window window); /* 20:39:00 - 20:40:50 */
/* The same, with its day when that is not near `time`. */
void say_window_apart(struct buffer *out, const struct scene *scene, struct window window, int64_t time);
void say_duration(struct buffer *out, int64_t duration); /* 5.4 s */
void say_service(struct buffer *out, const struct scene *scene, uint32_t service);
/* In double quotes, safe to show, with inner double quotes as single ones, cut at `cells`; a "[E3]" in it loses its
 * force. */
void say_quote(struct buffer *out, struct slice text, size_t cells);
void say_template(
	struct buffer *out, const struct scene *scene, uint32_t template, size_t cells); /* quoted the same way */
void say_cite(struct buffer *out, unsigned number);                                      /* " [E3]", nothing for 0 */
const char *say_level(enum level level, bool exactly);                                   /* "ERROR or worse" */
void say_filter_value(
	struct buffer *out, struct slice value); /* a name as the filter's grammar wants it, quoted when it must be */
double minutes_of(struct window window);         /* for rates: never less than a second */

/* Times of a hostile log may be centuries apart: sums and differences stop at the ends instead of wrapping. */
int64_t time_shift(int64_t time, int64_t by);
int64_t time_apart(int64_t from, int64_t to);

#endif
