/*
 * The list of findings that detectors write to, and how they grow.
 *
 * At most FINDINGS_MAXIMUM are kept, the first ones; what is raised beyond them is counted as lost.
 */
#ifndef DETECT_FINDINGS_H
#define DETECT_FINDINGS_H

#include "detect/detector.h"
#include "detect/recent.h"

#define FINDINGS_MAXIMUM 4096
#define FINDINGS_NONE SIZE_MAX

/* A finding with the numbers its sentence is made of; what they mean is the business of the detector that raised it. */
struct finding_entry {
	struct finding finding; /* first: detect.h hands out its address */
	const struct detector *detector;
	double detail[FINDING_SERVICES];
	bool changed; /* the sentence is to be written anew */
};

struct findings {
	struct vector entries; /* of struct finding_entry */
	uint64_t lost;
};

void findings_init(struct findings *findings);
void findings_release(struct findings *findings);
void findings_clear(struct findings *findings);

/* Writes the sentences of those that changed. */
void findings_describe(struct findings *findings, const struct detect_options *options, const struct store *store);

/* A finding known since this event, with nothing in it yet but kind, raised and times. FINDINGS_NONE when the list is
 * full. */
size_t findings_raise(
	struct findings *findings, const struct detector *detector, enum finding_kind kind, const struct event *event);
/* The same about a series: its service, and what it is called. */
size_t findings_raise_series(struct findings *findings, const struct detector *detector, enum finding_kind kind,
	const struct event *event, const struct series *series);
struct finding_entry *findings_at(
	const struct findings *findings, size_t index); /* NULL for FINDINGS_NONE; moves with the next raise */

/* The finding covers this record too. */
void finding_cover(struct finding_entry *entry, const struct store *store, uint64_t record, uint32_t service);
/* The finding lasts: it covers the event's record and ends no earlier than it. NULL is fine. */
void finding_extend(struct finding_entry *entry, const struct event *event);
/* It lasts from one time, if it did not begin before, to another. */
void finding_stretch(struct finding_entry *entry, int64_t from, int64_t to);
void finding_show(struct finding_entry *entry, uint64_t record); /* one more as evidence, while there is room */
void finding_add_service(struct finding_entry *entry, uint32_t service);

/* What keeps the same finding from being raised twice: it is on until it was quiet for the cool-down. Zero-initialised
 * is off. */
struct lasting {
	bool raised;
	size_t index; /* FINDINGS_NONE when it was lost */
	int64_t held; /* when it last held */
};

bool lasting_on(const struct lasting *lasting, int64_t now, int64_t cooldown);

/* Text for sentences: safe to show, cut to fit with "…", always terminated. */
void finding_text(struct slice text, char *out, size_t capacity);
void finding_service_text(const struct store *store, uint32_t service, char *out, size_t capacity);
/* The service that it is about, also when that logs nothing. */
void finding_subject_text(const struct store *store, const struct finding *finding, char *out, size_t capacity);
const char *finding_seconds_text(double seconds, char out[32]); /* as duration_format has it; "320 us" below 1 ms */
const char *finding_bytes_text(double bytes, char out[32]);     /* "1.5 MiB" */
/* "0.4", "96": one decimal below 10, independent of the locale. */
const char *finding_rate_text(double rate, char out[32]);
/* "60 s", or as duration_format has it. */
const char *finding_span_text(int64_t span, char out[32]);

/* 0.5 at the limit, towards 1 far beyond it. */
double finding_score(double value, double limit);

#endif
