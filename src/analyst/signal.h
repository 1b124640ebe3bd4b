/*
 * Signals: what metrics, spans and missing lines say about services, each as a strength with its evidence.
 *
 * The strengths of one service add up as independent doubts do: 1 - product of (1 - strength).
 */
#ifndef ANALYST_SIGNAL_H
#define ANALYST_SIGNAL_H

#include "tocsin/base/slice.h"

#define SIGNALS_MAXIMUM 512

enum signal_kind {
	SIGNAL_RESOURCE, /* a metric of what the service itself uses: processor, memory, a pool */
	SIGNAL_SYMPTOM,  /* a metric that victims share: errors, latency */
	SIGNAL_NETWORK,  /* calls to it take longer than its own work explains */
	SIGNAL_SELF,     /* its own work takes longer */
	SIGNAL_FAILING,  /* its spans fail, and none that they call */
	SIGNAL_ALERT,    /* a monitor fired for it */
	SIGNAL_SILENT    /* a line that its work always wrote is missing */
};

struct signal {
	enum signal_kind kind;
	struct slice service;
	struct slice name; /* of the metric; else empty */
	double strength;   /* 0..1 */
	int64_t onset;     /* TIMESTAMP_NONE when it has none */
	unsigned evidence; /* a number of the book; 0: none */
	struct slice text; /* "processor use rose from 0.9 to 99.6" */
};

const char *signal_kind_name(enum signal_kind kind);

#endif
