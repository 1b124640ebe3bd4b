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

/* When, relative to what the analysis found. */
enum moment { MOMENT_NONE, MOMENT_BEFORE, MOMENT_SINCE };

struct question {
	enum question_kind kind;
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
	size_t limit; /* "top 3", "first 20"; 0: not said */
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

bool token_is(const struct token *token, const char *word);            /* ASCII case ignored; never a quoted one */
bool token_among(const struct token *token, const char *const *words); /* words end in NULL */
bool question_is_filler(const struct token *token);
bool question_is_kind_word(const struct token *token);

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
};

/* Ends the sentence: the first is ENTRY_ANSWER, the others ENTRY_TEXT, or ENTRY_LABELLED with a label. */
void answer_say(struct answer *answer, const char *label);
void answer_filter(const struct answer *answer, struct buffer *out, bool with_window);
void answer_subject(struct answer *answer, uint64_t count); /* "37 records of ERROR or worse in payment-service" */
void answer_window(struct answer *answer);                  /* ", 20:40:00 - 20:52:07" */
/* Counts what the question's filter matches in a window and mints it. */
unsigned answer_tally(struct answer *answer, struct window window, uint64_t *count, uint64_t *first);
/* "20:41:12.530 E inventory-service "reserve failed" [E5]" */
void answer_line(struct answer *answer, uint64_t id);
/* Text of an analysis, its citations minted anew in the book of the answer. */
void answer_import(struct answer *answer, struct slice text);
const struct analysis *answer_analysis(struct answer *answer);             /* done; NULL when out of memory */
const struct onset *answer_onset(struct answer *answer, uint32_t service); /* NULL when unknown */

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
void answer_help(struct answer *answer);
void answer_unknown(struct answer *answer);

#endif
