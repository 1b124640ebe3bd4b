/*
 * The scan behind redact_append and the vault: finds what must go and asks what stands in its place.
 */
#ifndef BASE_REDACT_SCAN_H
#define BASE_REDACT_SCAN_H

#include "tocsin/base/buffer.h"

struct redact_scan {
	bool identities; /* addresses, host names and UUIDs, too */
	/* Appends what stands for `secret`. */
	void (*replace)(void *context, const char *kind, struct slice secret, struct buffer *out);
	void *context;
};

int redact_scan(const struct redact_scan *scan, struct slice text, struct buffer *out); /* as redact_append */

#endif
