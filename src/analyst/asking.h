/*
 * The inside of a question: what is taken out of its words, and what its answer needs.
 *
 * Parsing goes word by word, each pass taking the words it understands: times, services, levels, the kind of question;
 * what is left and is no filler is looked for in the messages. An answer is a function per kind, in a table.
 */
#ifndef ANALYST_ASKING_H
#define ANALYST_ASKING_H

#include "analyst/inside.h"
#include "analyst/names.h"
#include "tocsin/analyst/question.h"

#define QUESTION_BYTES 1000
#define QUESTION_TOKENS 64
#define QUESTION_TERMS 6
#define QUESTION_TERM 80

enum question_kind {
	QUESTION_UNKNOWN,
	QUESTION_HELP,
	QUESTION_COUNT,
	QUESTION_SHOW,
	QUESTION_CHANGE,
	QUESTION_ORDER,
	QUESTION_CAUSE,
	QUESTION_SUMMARY,
	QUESTION_ADVICE,
	QUESTION_HEALTH,
	QUESTION_FIRST,
	QUESTION_LAST,
	QUESTION_DURATION,
	QUESTION_LOUDEST,
	QUESTION_TEMPLATES,
	QUESTION_SERVICES,
	QUESTION_OWNER,
	QUESTION_COMPARE,
	QUESTION_RATE,
	QUESTION_RECOVERY,
	QUESTION_END, /* "when did it stop": of records the last, else recovery; settled before it is answered */
	QUESTION_UNPARSED,
	QUESTION_IMPACT,
	QUESTION_AFFECTED,
	QUESTION_DEPLOYS,
	QUESTION_RANKING,
	QUESTION_ACTION, /* what is asked for and honestly refused */
	QUESTION_TIMING,
	QUESTION_FUTURE,
	QUESTION_KIND_COUNT
};

struct token {
	struct slice text;
	bool quoted;
	bool used;   /* some pass has understood it */
	bool filler; /* taken, but says nothing about the subject */
};

struct term {
	char text[QUESTION_TERM];
	bool phrase; /* as it was quoted: not stemmed */
	bool negated;
};

/* When, relative to what the analysis found, or ("since then") to what the last answer was about. */
enum moment { MOMENT_NONE, MOMENT_BEFORE, MOMENT_SINCE };

struct question {
	enum question_kind kind;
	bool empty;     /* no words at all */
	bool follow_up; /* "and ...": slots not given are those of the last question */
	bool anaphoric; /* "them", "it", "there" */
	uint32_t services[NAMES_MAXIMUM];
	size_t service_count;
	uint32_t excluded[NAMES_MAXIMUM];
	size_t excluded_count;
	bool everywhere;              /* "in all services" */
	char unknown[QUESTION_TERM];  /* named like a service, but there is none */
	char bad_time[QUESTION_TERM]; /* looks like a time, but is none */
	bool has_level;
	enum level level;
	bool exactly;
	bool any_level; /* "records", "lines" */
	struct term terms[QUESTION_TERMS];
	size_t term_count;
	bool has_from, has_to;
	int64_t from, to;   /* from <= time < to */
	bool has_at;        /* one moment was named: [from, to) is its minute or second */
	bool has_second_at; /* "compare 20:40 and 20:45" */
	int64_t second_from, second_to;
	enum moment moment;
	bool anchored; /* the moment is that of the last answer: "since then" */
	size_t limit;  /* "top 3", "first 20"; 0: not said */
	bool about_peak, about_users, about_requests, about_share;
	size_t words;
	bool counted;          /* "how many" */
	bool backwards;        /* "last 10 errors": from the end */
	bool has_second_level; /* "warnings vs errors" */
	enum level first_level, second_level;
	int64_t rate_unit;            /* "per second"; 0: not said */
	char misspelt[QUESTION_TERM]; /* read as `corrected` */
	const char *corrected;
};

/* What times in a question are relative to. */
struct asking {
	const struct store *store;
	const struct zone *zone;
	struct window extent;
	int64_t now;
	const struct scene *scene;
};

void question_parse(const struct asking *asking, struct slice text, struct question *question);
void question_inherit(struct question *question, const struct question *last);

/* The passes. */
size_t question_tokens(struct slice text, struct token tokens[QUESTION_TOKENS]);
void question_times(const struct asking *asking, struct token *tokens, size_t count, struct question *question);
void question_services(const struct asking *asking, struct token *tokens, size_t count, struct question *question);
void question_levels(struct token *tokens, size_t count, struct question *question);
void question_kinds(struct token *tokens, size_t count, struct question *question);
void question_terms(struct token *tokens, size_t count, struct question *question);

/* Takes contractions apart and reads misspelt words as what they mean; returns the new count. */
size_t question_spell(
	const struct asking *asking, struct token tokens[QUESTION_TOKENS], size_t count, struct question *question);
/* "per minute", "errors/s": the unit of a rate. */
void question_rates(struct token *tokens, size_t count, struct question *question);
/* A day named at `index` ("yesterday", "monday", "17 may", "2025-05-17"); returns how many words it takes, 0 for none.
 */
size_t question_day(
	const struct asking *asking, const struct token *tokens, size_t count, size_t index, struct window *day);
/* The day that `time` lies on, `days` later. */
bool day_of(int64_t time, int days, const struct zone *zone, struct window *day);

/* Times as they are written (question_clock.c). */
bool looks_like_time(struct slice text); /* meant as a time, readable or not */
/* Reads a day, a clock, or both; *span is the length of what it names. */
bool read_time(const struct asking *asking, struct slice text, int64_t *time, int64_t *span);
/* The clock or date at `index` as read_time wants it: "8 pm" and "8pm" are "8:00pm", "2041" is "20:41". Returns how
 * many words it takes, 0 when there is none. */
size_t read_clock(const struct token *tokens, size_t count, size_t index, char out[64]);
bool read_unit(const struct token *token, int64_t *unit); /* "minutes", "min" */
/* A length of time at `index`: "5 minutes", "5m", "minute"; returns how many words it takes, 0 when there is none. */
size_t read_duration(const struct token *tokens, size_t count, size_t index, int64_t *duration);

bool token_is(const struct token *token, const char *word);            /* ASCII case ignored; never a quoted one */
bool token_among(const struct token *token, const char *const *words); /* words end in NULL */
bool question_is_filler(const struct token *token);
bool question_is_kind_word(const struct token *token);
bool question_is_level(const struct token *token);

struct answer {
	struct scene scene;
	const struct question *question;
	const struct analysis_input *input;
	const struct analysis *analysis;
	struct analysis *own; /* made here because none was given */
	struct transcript *transcript;
	struct buffer *filter; /* what `Enter` on the answer shows */
	struct buffer out;     /* the sentence under construction */
	struct window extent;  /* all that is visible */
	struct window window;  /* what the question is about */
	bool answered;         /* the first paragraph was said */
	bool has_anchor;
	int64_t anchor; /* what "then" means in the next question */
};

/* Visible records in the window that a filter matches, forwards or backwards. */
struct matches {
	struct answer *answer;
	struct filter *filter;
	struct window window;
	uint64_t begin, end; /* ids still to be looked at */
};

bool matches_init(struct matches *matches, struct answer *answer, struct slice filter, struct window window);
bool matches_next(struct matches *matches, struct record *record);
bool matches_previous(struct matches *matches, struct record *record);
void matches_release(struct matches *matches);

/* Ends the sentence: the first is ENTRY_ANSWER, the others ENTRY_TEXT, or ENTRY_LABELLED with a label. */
void answer_say(struct answer *answer, const char *label);
void answer_filter(const struct answer *answer, struct buffer *out, bool with_window);
void answer_subject(struct answer *answer, uint64_t count); /* "37 records of ERROR or worse in payment-service" */
void answer_window(struct answer *answer);                  /* ", 20:40:00 - 20:52:07" */
struct window answer_clip(const struct answer *answer, struct window window); /* to what is visible */
/* Says that nothing of the window is in the log; false when some of it is. */
bool answer_outside(struct answer *answer, struct window window, bool has_from, bool has_to);
void answer_cite_record(struct answer *answer, uint64_t id); /* " [E5]" */
/* Counts what the question's filter matches in a window and mints it. */
unsigned answer_tally(struct answer *answer, struct window window, uint64_t *count, uint64_t *first);
/* "20:41:12.530 E inventory-service "reserve failed" [E5]" */
void answer_line(struct answer *answer, uint64_t id);
/* Text of an analysis, its citations minted anew in the book of the answer. */
void answer_import(struct answer *answer, struct slice text);
const struct analysis *answer_analysis(struct answer *answer);             /* done; NULL when out of memory */
const struct onset *answer_onset(struct answer *answer, uint32_t service); /* NULL when unknown */

/* The same question asked of the quiet part, as a rate: without it a number says little. */
void answer_baseline(struct answer *answer, uint64_t count);
/* Nothing found: what may help. */
void answer_hint(struct answer *answer);
bool answer_finds_a_term(struct answer *answer);                             /* any of the question's words, alone */
bool answer_is_calm(struct answer *answer, const struct analysis *analysis); /* nothing abnormal: says so */
void answer_verdict(struct answer *answer, const struct analysis *analysis, const char *label);
/* An analysis of all that is visible now, not of some time ago; NULL when out of memory. */
const struct analysis *answer_analysis_now(struct answer *answer);

/* What became of the trouble in one service. Its stretches end with what is visible and are a minute long, or what the
   length of the trouble allows. */
struct course {
	uint32_t service;
	struct tally tally; /* what its trouble is made of */
	double usual, peak; /* a minute */
	int64_t step;       /* length of the stretches looked at */
	bool back;          /* at its usual rate until the end of what is visible */
	bool silent;        /* but says nothing else either */
	uint64_t last;      /* last record of the trouble */
};
bool course_compute(struct answer *answer, const struct onset *onset, struct course *course);

void answer_count(struct answer *answer);
void answer_show(struct answer *answer);
void answer_change(struct answer *answer);
void answer_order(struct answer *answer);
void answer_cause(struct answer *answer);
void answer_summary(struct answer *answer);
void answer_advice(struct answer *answer);
void answer_health(struct answer *answer);
void answer_first(struct answer *answer);
void answer_last(struct answer *answer);
void answer_duration(struct answer *answer);
void answer_loudest(struct answer *answer);
void answer_templates(struct answer *answer);
void answer_services(struct answer *answer);
void answer_owner(struct answer *answer);
void answer_compare(struct answer *answer);
void answer_rate(struct answer *answer);
void answer_recovery(struct answer *answer);
void answer_unparsed(struct answer *answer);
void answer_impact(struct answer *answer);
void answer_affected(struct answer *answer);
void answer_deploys(struct answer *answer);
void answer_ranking(struct answer *answer);
void answer_refused(struct answer *answer);
void answer_help(struct answer *answer);
void answer_unknown(struct answer *answer);

#endif
