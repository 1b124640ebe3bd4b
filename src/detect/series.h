/*
 * Series of numbers in time that detectors watch: those metrics, spans and parameters of messages that are a latency or
 * a use of memory. What they are is told by their names and units.
 */
#ifndef DETECT_SERIES_H
#define DETECT_SERIES_H

#include "tocsin/context/context.h"
#include "tocsin/store/store.h"

#define SERIES_MAXIMUM 8192 /* watched: the first ones */
#define SERIES_NO_RECORD UINT64_MAX
#define SERIES_SLICE (10 * TIMESTAMP_SECOND)

enum series_kind { SERIES_NONE, SERIES_LATENCY, SERIES_MEMORY };

struct series {
	enum series_kind kind;
	bool summarized;      /* each value stands for many already (a metric), not for one event */
	double unit;          /* seconds or bytes in one of its values */
	struct slice service; /* borrowed, as is `name` */
	struct slice name;    /* of the metric or operation */
	uint32_t code;        /* of the service in the store; STORE_NO_CODE when it logs nothing */
	uint32_t template;    /* STORE_NO_CODE when it is not out of messages */
};

struct series_value {
	uint32_t series; /* dense, from 0 */
	int64_t time;
	double value;    /* seconds or bytes */
	uint64_t record; /* SERIES_NO_RECORD for what is not in the log */
};

/* What a metric is by its name: "http_server_duration_p99_ms", "PodServerLatencyP95(s)", "MemoryUsage(Mi)",
   "process_resident_memory_bytes". Limits, rates and counts are neither. */
enum series_kind series_kind_of(struct slice name, double *unit);

/* What lies beside the log, handed out in order of time. */
struct series_feed {
	const struct context *context;
	struct vector series;  /* of struct series */
	struct vector cursors; /* of struct series_cursor; private */
};

void series_feed_init(struct series_feed *feed);
void series_feed_release(struct series_feed *feed);
/* Lists the series of a context, or none. False when memory ran out. */
bool series_feed_open(struct series_feed *feed, const struct context *context);
void series_feed_rewind(struct series_feed *feed);
const struct series *series_feed_at(const struct series_feed *feed, uint32_t series);

/* Hands over the samples up to and with `time` that were not yet: slice by slice of time, in each series by series. */
void series_feed_until(struct series_feed *feed, int64_t time,
	void (*take)(void *target, const struct series *series, const struct series_value *sample), void *target);

#endif
