/*
 * The built-in analyst: works through the log step by step, says each step as it is known, ends in a verdict and
 * proposals.
 *
 * An analysis is a value that is stepped: each call of `analysis_step` does one bounded piece of real work and adds
 * what it found to its transcript. It looks at nothing beyond the horizon it was given, sleeps never, and the same
 * input gives the same words. It may be stepped in a worker: it keeps copies of what changes (findings) and reads the
 * store like any reader; between steps it belongs to the loop, so cancelling is not stepping it again.
 */
#ifndef TOCSIN_ANALYST_ANALYSIS_H
#define TOCSIN_ANALYST_ANALYSIS_H

#include "tocsin/analyst/evidence.h"
#include "tocsin/analyst/transcript.h"
#include "tocsin/context/context.h"
#include "tocsin/detect/detect.h"
#include "tocsin/detect/onset.h"
#include "tocsin/tickets/roster.h"
#include "tocsin/tickets/ticket.h"

/* A log of quiet times, of any day: what it says is normal. Everything is borrowed as long as the analysis lives. */
struct analysis_reference {
	const struct store *store;
	const struct store_reader *reader; /* of the thread that steps */
	struct horizon horizon;
	const struct context *context; /* what stood beside it; NULL for nothing */
	struct slice name;             /* as it was given */
};

struct analysis_input {
	const struct store *store;
	const struct store_reader *reader; /* of the thread that steps */
	struct horizon horizon;
	const struct detect *detect;   /* advanced to the horizon; its findings are copied at create */
	const struct roster *roster;   /* NULL: nobody is suggested */
	const struct window *baseline; /* NULL: find it */
	const struct context *context; /* metrics, traces, changes, alerts, topology, runbooks; NULL: the log alone */
	const struct analysis_reference *reference; /* NULL: compared with itself alone */
	const struct window *scope;    /* NULL: everything visible; else the selection that was asked about */
	const struct zone *zone;       /* for clock times in sentences */
	const char *issue;             /* NULL or what the person said is wrong */
	uint32_t fatal_count;          /* 0: 5 */
	struct evidence_book *book;    /* where evidence is minted, so that ids stay good over several analyses; NULL: a
					  book of its own */
};

enum verdict_kind { VERDICT_ROOT_CAUSE, VERDICT_EXTERNAL, VERDICT_HEALTHY, VERDICT_INCONCLUSIVE };
const char *verdict_kind_name(enum verdict_kind kind);

struct claim {
	struct slice text; /* a sentence with its [E..] */
	unsigned evidence[8];
	size_t evidence_count;
	bool proven; /* every id exists, its bytes are as they were, quoted text and numbers occur there */
};

struct ranked {
	uint32_t service;     /* STORE_NO_CODE for one that has no log here */
	struct slice name;    /* of the service */
	double score;         /* 0..1 */
	struct slice reasons; /* the parts of the score in words */
};

struct component {
	struct slice name; /* a source file, "nova/compute/api.py", or a logger */
	double score;      /* 0..1 */
	uint64_t record;   /* that shows it */
	unsigned trace;    /* private */
};

struct verdict {
	enum verdict_kind kind;
	uint32_t service;         /* STORE_NO_CODE when none */
	struct slice component;   /* the first of the components, else empty */
	struct slice change;      /* the guilty change: a commit's sha, or "flag:NAME"; empty: none */
	struct slice summary;     /* the cause in a sentence or three, with citations */
	struct slice category;    /* resource_shortage, network, database, auth, api, storage, application, unknown */
	struct slice severity;    /* critical, high, medium, low, none */
	struct slice missing;     /* what would make an inconclusive verdict conclusive */
	double confidence;        /* 0..1 */
	uint64_t impact_requests; /* requests that failed at the service nearest to users, when lines say so; else 0 */
	int64_t impact_from, impact_to;
	const struct ranked *ranking;
	size_t ranking_count;
	const struct component *components; /* of the culprit, most suspect first */
	size_t component_count;
	const struct claim *claims;
	size_t claim_count;
	const struct slice *recommendations;
	size_t recommendation_count;
};

struct analysis;

struct analysis *analysis_create(const struct analysis_input *input); /* NULL when out of memory */
void analysis_destroy(struct analysis *analysis);

bool analysis_step(struct analysis *analysis); /* false when there is nothing more to do */
bool analysis_done(const struct analysis *analysis);

const struct transcript *analysis_transcript(const struct analysis *analysis);
struct evidence_book *analysis_evidence(struct analysis *analysis);
const struct onset_report *analysis_onsets(const struct analysis *analysis); /* NULL before that step */
const struct verdict *analysis_verdict(const struct analysis *analysis);     /* NULL before the end */

/* What a person may be asked to approve, filled in completely but for id and state. */
size_t analysis_proposal_count(const struct analysis *analysis);
const struct ticket *analysis_proposal(const struct analysis *analysis, size_t index);

#endif
