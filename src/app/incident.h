/*
 * The log being looked at: store, intake, detectors, roster, zone, put together from the settings. Commands load it
 * whole; the console feeds it bit by bit.
 */
#ifndef APP_INCIDENT_H
#define APP_INCIDENT_H

#include "app/baseline.h"
#include "app/command.h"
#include "tocsin/analyst/analysis.h"
#include "tocsin/context/context.h"
#include "app/sources.h"
#include "tocsin/detect/detect.h"
#include "tocsin/ingest/intake.h"
#include "tocsin/store/selection.h"
#include "tocsin/store/templates.h"
#include "tocsin/tickets/roster.h"

struct incident {
	struct store *store;
	struct store *whole; /* before it was narrowed by a filter; else NULL */
	struct intake *intake;
	struct baseline baseline; /* loaded with incident_load; none in the console yet */
	struct store_reader *reader; /* of the thread that made it */
	struct context *context; /* what is not a log: settled, empty when nothing was given */
	struct detect *detect;
	struct detect_options limits;
	struct roster *roster;
	struct zone zone;
	struct sources_said said;
	bool source_failed; /* exit code 3 */
};

/* Sets everything up and opens the sources: those named, or what DATA_DIR holds when there are none. A source that
   cannot be opened is complained about and the others go on; fails only with nothing at all to read, or a wrong
   setting. */
struct incident_sources {
	const char *const *names;
	int count;
	bool totals_only; /* no records are kept: counts of any log in bounded memory */
	bool follow;      /* what grows is read on: the console */
};
int incident_open(struct incident *incident, const struct invocation *invocation,
	const struct incident_sources *sources, struct error *error);
void incident_close(struct incident *incident);

/* Reads everything there is, complains about what a person should know, and leaves only what --filter, --since and
 * --until let through. */
int incident_load(struct incident *incident, const struct invocation *invocation, struct error *error);
/* The baseline as an analysis wants it; NULL when there is none. */
const struct analysis_reference *incident_reference(
	const struct incident *incident, const struct invocation *invocation, struct analysis_reference *reference);
/* Advances the detectors over everything visible. */
void incident_detect(struct incident *incident, struct horizon horizon);

void complain_about_regex(const struct filter *filter); /* when it was given up on some records */
/* --filter, --since and --until as one filter text; "" for none. */
int incident_filter_text(const struct settings *settings, struct buffer *out);
/* The exit code when all went well. */
int incident_exit(const struct incident *incident);

/* Metrics, traces and changes among the sources are for the context: what intake_options.claim asks. */
const char *context_claim(struct slice head);
/* What --metrics, --traces, --changes, --alert, --topology and --runbooks name, for whoever reads it in a worker. */
struct context_wishes {
	char paths[CONTEXT_KIND_COUNT][4096]; /* "" for none */
	struct zone zone;
};
void context_wishes_from(const struct settings *settings, const struct zone *zone, struct context_wishes *wishes);
/* Reads both, and settles. Blocks; the intake must not be read meanwhile. What is wrong is told by context->files.
   ERROR_MEMORY. */
int context_gather(const struct context_wishes *wishes, const struct intake *intake, struct context *context);
size_t context_claimed(const struct intake *intake); /* how many files among the sources are for the context */
/* Complains about it. False when a file could not be used. */
bool context_complain(const struct context *context);

/* Settings as the rooms want them. */
int zone_from_settings(const struct settings *settings, struct zone *zone, struct error *error);
int roster_from_settings(const struct settings *settings, struct roster **roster, struct error *error);
void limits_from_settings(const struct settings *settings, struct detect_options *limits);

#endif
