/*
 * An analysis put into words for a pipe, and into the JSON object that design.md section 5 promises.
 */
#ifndef TOCSIN_ANALYST_REPORT_H
#define TOCSIN_ANALYST_REPORT_H

#include "tocsin/analyst/analysis.h"
#include "tocsin/analyst/investigation.h"
#include "tocsin/base/json.h"

/* One transcript entry as plain text lines wrapped at `columns` (0: not wrapped), ending in a newline: what `analyze`
 * streams. Text is made safe to show. */
int report_entry(struct buffer *out, const struct entry *entry, size_t columns);

/* The report behind the reasoning: verdict, claims, ranking, findings, evidence list, proposals. */
int report_text(struct buffer *out, struct analysis *analysis, const struct analysis_input *input, size_t columns);

/* A model's part of a report. */
struct report_model {
	const char *analyst; /* "openai/o4-mini" */
	const struct verdict *verdict;
	const struct investigation_usage *usage;
};

/* The object of `analyze --json`, one line, without a newline. With a model (else NULL) the verdict is its own, and the
 * built-in one stands under "builtin". */
int report_json(struct buffer *out, struct analysis *analysis, const struct analysis_input *input,
	const struct report_model *model);
/* The object of "usage"; {} for NULL. */
void report_json_usage(struct json *json, const struct investigation_usage *usage);

/* One piece of evidence as a line: "E3  20:41:07.118  orders-db  checkout.csv:120  pool exhausted: ...", cut at
 * `columns`. */
int report_evidence(struct buffer *out, const struct store *store, const struct evidence *evidence,
	const struct zone *zone, size_t columns);

/* Members shared with other commands. */
void report_json_finding(
	struct json *json, const struct store *store, const struct store_reader *reader, const struct finding *finding);
void report_json_evidence(struct json *json, const struct store *store, const struct evidence *evidence);
void report_json_ticket(struct json *json, const struct ticket *ticket);

#endif
