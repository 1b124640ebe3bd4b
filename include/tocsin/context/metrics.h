/*
 * Metrics: for each service and name a series of values in time.
 */
#ifndef TOCSIN_CONTEXT_METRICS_H
#define TOCSIN_CONTEXT_METRICS_H

#include "tocsin/base/vector.h"
#include "tocsin/context/text.h"

#define METRICS_SERIES 65536
#define METRICS_SAMPLES 8388608 /* in all series; what comes beyond is refused */

struct metric_sample {
	int64_t time;
	double value; /* finite */
};

struct metric_series {
	struct slice service;
	struct slice name;
	struct vector samples; /* of struct metric_sample, by time once settled */
	bool sorted;
};

struct metrics {
	struct context_text *text; /* borrowed */
	struct intern *keys;       /* service and name to the index of their series */
	struct vector series;      /* of struct metric_series, in order of first appearance */
	uint64_t samples;
};

int metrics_init(struct metrics *metrics, struct context_text *text); /* ERROR_MEMORY */
void metrics_release(struct metrics *metrics);

/* ERROR_FULL, ERROR_MEMORY. */
int metrics_add(struct metrics *metrics, struct slice service, struct slice name, int64_t time, double value);
void metrics_settle(struct metrics *metrics); /* after the last one: before any question */

const struct metric_series *metrics_at(const struct metrics *metrics, size_t index); /* NULL past the end */
const struct metric_series *metrics_find(const struct metrics *metrics, struct slice service, struct slice name);

/* The samples with from <= time < to; *first is borrowed. */
size_t metrics_window(const struct metric_series *series, int64_t from, int64_t to, const struct metric_sample **first);

#endif
