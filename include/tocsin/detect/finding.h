/*
 * What a detector says: something abnormal, where, when, how much, in one plain sentence, with records that show it.
 */
#ifndef TOCSIN_DETECT_FINDING_H
#define TOCSIN_DETECT_FINDING_H

#include "tocsin/base/slice.h"

#define FINDING_SERVICES 8
#define FINDING_EVIDENCE 8
#define FINDING_SENTENCE 240

/* Those about errors come first, then what they make together, then what is no error. */
enum finding_kind {
	FINDING_THRESHOLD,          /* so many errors in so short a time */
	FINDING_ERROR_SPIKE,        /* error rate far above the service's own baseline */
	FINDING_CONNECTION_FAILURE, /* refused, reset, unreachable, timed out, pool exhausted, DNS, TLS */
	FINDING_NEW_TEMPLATE,       /* WARN or worse, never seen before, and repeated */
	FINDING_FATAL,              /* the ticket rule: a FATAL template often enough in one service */
	FINDING_CASCADE_FAILURE,    /* services failing one after the other */
	FINDING_LATENCY_SPIKE,      /* answers that take several times as long as they did */
	FINDING_MEMORY_LEAK,        /* memory that only ever grows */
	FINDING_MISSING_TEMPLATE,   /* what should have been logged and was not */
	FINDING_KIND_COUNT
};

const char *finding_kind_name(enum finding_kind kind); /* "error_spike", as in --json */

struct finding {
	enum finding_kind kind;
	uint32_t services[FINDING_SERVICES];
	size_t service_count;
	uint32_t template; /* STORE_NO_CODE when none */
	int64_t start;     /* event time of its first record */
	int64_t raised; /* event time at which it could first be known: it shows at a horizon when raised <= horizon */
	int64_t end;    /* event time of its last record so far; grows while it lasts */
	uint64_t count; /* records it covers so far */
	double score;   /* 0..1, comparable within a kind */
	char sentence[FINDING_SENTENCE];
	uint64_t evidence[FINDING_EVIDENCE]; /* record ids, first ones first */
	size_t evidence_count;
	/* When it is about a metric or a trace: whose and which, borrowed from the context. Then there may be no
	   service (one that logs nothing) and no record. */
	struct slice series_service;
	struct slice series;
};

#endif
