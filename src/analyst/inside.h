/*
 * The inside of an analysis: what its steps hand on to one another. Each step is a function in a file of its own and a
 * row of the table in analysis.c; it returns true while it wants to be called again.
 */
#ifndef ANALYST_INSIDE_H
#define ANALYST_INSIDE_H

#include "analyst/cause.h"
#include "analyst/scene.h"
#include "tocsin/analyst/analysis.h"

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
	struct scene scene;                          /* its horizon ends with the scope */
	struct window scope;                         /* what is judged: all that is visible, or the selection */
	struct window after;                         /* the trouble, from the end of the baseline on */
	struct arena arena;
	struct transcript transcript;
	struct onset_report onsets;
	bool have_onsets;
	struct vector findings;        /* of struct finding */
	struct vector suspects;        /* of struct suspect, earliest first */
	struct vector claims;          /* of struct claim */
	struct vector roles;           /* of enum claim_role, beside claims */
	struct vector ranking;         /* of struct ranked */
	struct vector recommendations; /* of struct slice */
	struct vector proposals;       /* of struct ticket */
	struct suspect *culprit;       /* NULL: none */
	const struct cause *cause;     /* what the culprit's lines speak of */
	struct slice dependency;       /* external: what is blamed and has no log here */
	size_t fatal_templates;        /* that met the ticket rule */
	struct verdict verdict;
	bool have_verdict;
	size_t step, cursor; /* row of the table; place within the row */
};

bool step_overview(struct analysis *analysis);
bool step_baseline(struct analysis *analysis);
bool step_templates(struct analysis *analysis);
bool step_onset(struct analysis *analysis);
bool step_background(struct analysis *analysis);
bool step_loudest(struct analysis *analysis);
bool step_lines(struct analysis *analysis);
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
struct suspect *analysis_suspect(const struct analysis *analysis, size_t index);

/* Ranks the suspects and picks the culprit; the formula stands in rank.c. */
void rank_suspects(struct analysis *analysis);

/* What the culprit's first lines blame, when it is something that has no log here; empty otherwise. */
struct slice external_dependency(const struct analysis *analysis, const struct suspect *suspect, uint64_t *record);

/* Is there enough log, and little enough wrong with it, to call it healthy? If not, what is missing is said. */
bool enough_for_health(const struct analysis *analysis, struct buffer *missing);

/* Does all that a claim says stand in its evidence? */
bool claim_check(const struct scene *scene, const struct claim *claim);

/* Re-mints what another book holds: the number in scene->book, 0 when it cannot be read any more. */
unsigned scene_import(const struct scene *scene, const struct evidence *evidence);

#endif
