/*
 * The names of the kinds of findings, as --json writes them.
 */
#include "tocsin/detect/finding.h"

static const char *const kind_names[FINDING_KIND_COUNT] = {
	[FINDING_THRESHOLD] = "threshold",
	[FINDING_ERROR_SPIKE] = "error_spike",
	[FINDING_CONNECTION_FAILURE] = "connection_failure",
	[FINDING_NEW_TEMPLATE] = "new_template",
	[FINDING_FATAL] = "fatal",
	[FINDING_CASCADE_FAILURE] = "cascade_failure",
	[FINDING_LATENCY_SPIKE] = "latency_spike",
	[FINDING_MEMORY_LEAK] = "memory_leak",
	[FINDING_MISSING_TEMPLATE] = "missing_template",
};

const char *finding_kind_name(enum finding_kind kind)
{
	return (unsigned)kind < FINDING_KIND_COUNT ? kind_names[kind] : "unknown";
}
