/*
 * --baseline SOURCE: a log of how it is when all is well, as a second store beside the incident's. It is read whole.
 */
#ifndef APP_BASELINE_H
#define APP_BASELINE_H

#include "tocsin/context/context.h"
#include "tocsin/ingest/intake.h"

struct baseline {
	struct store *store; /* NULL: none was named */
	struct intake *intake;
	struct store_reader *reader; /* of the thread that loaded it */
	struct context *context;     /* metrics and traces that lie among its files */
};

/* Reads the source `name` (NULL: none was named) by the options that the incident is read by, which must outlive it. On
 * failure nothing is held and the sentence names the source. */
int baseline_load(
	struct baseline *baseline, const char *name, const struct intake_options *options, struct error *error);
void baseline_release(struct baseline *baseline);

#endif
