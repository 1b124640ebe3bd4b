/*
 * Traces: who called whom, when and for how long.
 *
 * Spans are kept by trace, within one by start. Self time is a span's duration without the time in which
 * any of its children ran (those that outlast it count up to its end): where the time was really spent.
 */
#ifndef TOCSIN_CONTEXT_TRACES_H
#define TOCSIN_CONTEXT_TRACES_H

#include "tocsin/base/vector.h"
#include "tocsin/context/text.h"

#define TRACES_SPANS 1048576 /* what comes beyond is refused */
#define SPAN_NONE UINT32_MAX

enum span_status { SPAN_UNSET, SPAN_OK, SPAN_ERROR };

struct span {
	uint32_t trace;  /* index of its trace */
	uint32_t parent; /* index of the span that called it; SPAN_NONE for a root, or when that is not there */
	struct slice id;
	struct slice parent_id; /* as written: empty for a root */
	struct slice service;
	struct slice operation;
	struct slice error; /* what went wrong, if the trace says so */
	int64_t start;      /* nanoseconds since 1970 */
	int64_t duration;   /* nanoseconds */
	int64_t self;       /* nanoseconds */
	enum span_status status;
};

struct trace {
	struct slice id;
	uint32_t first, count; /* its spans */
	int64_t start, end;
	bool failed;   /* any span is SPAN_ERROR */
	uint32_t code; /* private: in `ids` */
};

struct traces {
	struct context_text *text; /* borrowed */
	struct intern *ids;        /* of traces */
	struct vector spans;       /* of struct span */
	struct vector traces;      /* of struct trace, by start */
	struct vector services;    /* private: the spans of each service by start */
	uint32_t *by_service;      /* private */
	bool settled;
};

int traces_init(struct traces *traces, struct context_text *text); /* ERROR_MEMORY */
void traces_release(struct traces *traces);

/* A span with its trace's id beside it; slices are copied, `trace`, `parent` and `self` ignored. ERROR_FULL,
   ERROR_MEMORY. */
int traces_add(struct traces *traces, struct slice trace_id, const struct span *span);
/* After the last one, before any question: sorts, finds parents, computes self time. */
int traces_settle(struct traces *traces);

size_t traces_count(const struct traces *traces);
const struct trace *traces_at(const struct traces *traces, size_t index);
const struct trace *traces_find(const struct traces *traces, struct slice trace_id); /* NULL when unknown */
const struct span *traces_span(const struct traces *traces, size_t index);

/* The spans of a service with from <= start < to, by start, as indexes; *first is borrowed. */
size_t traces_window(
	const struct traces *traces, struct slice service, int64_t from, int64_t to, const uint32_t **first);
size_t traces_service_count(const struct traces *traces);
struct slice traces_service(const struct traces *traces, size_t index);

/* Latencies are nearest-rank percentiles in nanoseconds. Zero spans leave everything zero. */
struct span_summary {
	uint64_t count, errors;
	double error_rate; /* errors a span */
	int64_t p50, p95, p99, maximum;
	int64_t self_p50, self_p95, self_maximum;
};

/* Of a service in a window; of one operation alone unless that is empty. False when memory ran out. */
bool traces_summarize(const struct traces *traces, struct slice service, struct slice operation, int64_t from,
	int64_t to, struct span_summary *summary);

#endif
