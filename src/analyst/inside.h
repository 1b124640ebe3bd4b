/*
 * The inside of an analysis: what its steps hand on to one another. Each step is a function in a file of its own and a
 * row of the table in analysis.c; it returns true while it wants to be called again.
 */
#ifndef ANALYST_INSIDE_H
#define ANALYST_INSIDE_H

#include "analyst/cause.h"
#include "analyst/contrast.h"
#include "analyst/external.h"
#include "analyst/scene.h"
#include "analyst/signal.h"
#include "tocsin/analyst/analysis.h"
#include "tocsin/learn/relevance.h"

#define SUSPECTS_MAXIMUM 64
#define SUSPECT_LINES 12
#define SUSPECT_TEXT 400

/* A service that left its baseline. */
struct suspect {
	uint32_t service;
	struct onset onset;
	unsigned evidence;                 /* the line it begins with */
	uint64_t lines[SUSPECT_LINES];     /* first record of each of its abnormal templates, earliest first */
	struct slice texts[SUSPECT_LINES]; /* their messages, copied */
	uint8_t levels[SUSPECT_LINES];
	size_t line_count;
	struct slice request;              /* id of the request or trace that its first line belongs to; may be empty */
	bool novel;      /* some of its abnormal templates were never seen before */
	uint64_t blames; /* bit i: its lines name suspect i */
	unsigned blamed; /* how many other suspects name it */
	double merit;    /* the score without its part for being early */
	double score;
};

/* Where a claim belongs in the report. */
enum claim_role {
	CLAIM_FIRST,
	CLAIM_CAUSE,
	CLAIM_SPREAD,
	CLAIM_LOUDEST,
	CLAIM_ASIDE,
	CLAIM_RULED_OUT,
	CLAIM_CHANGE,
	CLAIM_FATAL,
	CLAIM_OTHER
};

struct analysis {
	struct analysis_input input;
	struct window baseline_wanted, scope_wanted; /* what input.baseline and input.scope point to */
	struct analysis_reference reference;         /* what input.reference points to */
	struct scene scene;                          /* its horizon ends with the scope */
	struct window scope;                         /* what is judged: all that is visible, or the selection */
	struct window after;                         /* the trouble, from the end of the baseline on */
	struct arena arena;
	struct transcript transcript;
	struct onset_report onsets;
	bool have_onsets;
	struct contrast contrast; /* with the reference */
	bool have_contrast;
	struct vector findings;        /* of struct finding */
	struct vector suspects;        /* of struct suspect, earliest first */
	struct vector signals;         /* of struct signal */
	struct vector claims;          /* of struct claim */
	struct vector roles;           /* of enum claim_role, beside claims */
	struct vector ranking;         /* of struct ranked */
	struct vector components;      /* of struct component */
	struct vector recommendations; /* of struct slice */
	struct vector proposals;       /* of struct ticket */
	struct suspect *culprit;       /* NULL: none */
	const struct cause *cause;     /* what the culprit's lines speak of */
	struct relevance relevance; /* to the issue */
	bool have_relevance;
	const struct external *external; /* a trouble that nobody here caused; NULL: none */
	struct slice change;           /* the guilty one: a sha, "flag:NAME"; empty: none */
	struct slice dependency;       /* external: what is blamed and has no log here */
	size_t fatal_templates;        /* that met the ticket rule */
	struct verdict verdict;
	bool have_verdict;
	size_t step, cursor; /* row of the table; place within the row */
};

bool step_overview(struct analysis *analysis);
bool step_issue(struct analysis *analysis);
bool step_baseline(struct analysis *analysis);
bool step_templates(struct analysis *analysis);
bool step_onset(struct analysis *analysis);
bool step_background(struct analysis *analysis);
bool step_loudest(struct analysis *analysis);
bool step_metrics(struct analysis *analysis);
bool step_spans(struct analysis *analysis);
bool step_silent(struct analysis *analysis);
bool step_rank(struct analysis *analysis);
bool step_components(struct analysis *analysis);
bool step_lines(struct analysis *analysis);
bool step_external(struct analysis *analysis);
bool step_changes(struct analysis *analysis);
bool step_numbers(struct analysis *analysis);
bool step_innocent(struct analysis *analysis);
bool step_proposals(struct analysis *analysis);
bool step_check(struct analysis *analysis);
bool step_verdict(struct analysis *analysis);

/* Adds what `sentence` holds to the transcript and empties it. */
void analysis_say(struct analysis *analysis, enum entry_kind kind, const char *label, struct buffer *sentence);
/* The same text as a claim, to be checked later; its evidence is what it cites. Does not empty it. */
void analysis_claim(struct analysis *analysis, enum claim_role role, const struct buffer *sentence);
struct slice analysis_keep(
	struct analysis *analysis, struct slice text); /* a copy that lives as long as the analysis */
unsigned analysis_cite_line(struct analysis *analysis, uint64_t record);
/* The end of what may be looked at beside the log: under a horizon or a selection nothing later than they, else what
   stands beside may be fresher than the log. */
int64_t analysis_end(const struct analysis *analysis);
struct suspect *analysis_suspect(const struct analysis *analysis, size_t index);

/* What a metric's name says it measures. */
enum metric_role { METRIC_OTHER, METRIC_RESOURCE, METRIC_SYMPTOM, METRIC_LOAD, METRIC_SHARED };
enum metric_role metric_role(struct slice name);

/* Finds the first lines of a suspect since its onset that are not usual. */
void suspect_read_lines(struct analysis *analysis, struct suspect *suspect);

/* What the culprit's first lines blame, when it is something that has no log here; empty otherwise. */
struct slice external_dependency(const struct analysis *analysis, const struct suspect *suspect, uint64_t *record);

/* Fills in the recommendations, once the verdict and its change are known. */
void recommend(struct analysis *analysis);

/* Did one operation of one service fail, and all went on? */
bool is_isolated(const struct analysis *analysis);

/* Is there enough log, and little enough wrong with it, to call it healthy? If not, what is missing is said. */
bool enough_for_health(const struct analysis *analysis, struct buffer *missing);

/* Does all that a claim says stand in its evidence? */
bool claim_check(const struct scene *scene, const struct claim *claim);

/* Re-mints what another book holds: the number in scene->book, 0 when it cannot be read any more. */
unsigned scene_import(const struct scene *scene, const struct evidence *evidence);

#endif
