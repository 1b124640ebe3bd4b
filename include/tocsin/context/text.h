/*
 * The texts that the parts of a context share. Names (services, metrics, operations) are kept once: equal names are the
 * same bytes. Everything lives as long as the context.
 */
#ifndef TOCSIN_CONTEXT_TEXT_H
#define TOCSIN_CONTEXT_TEXT_H

#include "tocsin/base/arena.h"
#include "tocsin/base/intern.h"

#define CONTEXT_NAMES 262144
#define CONTEXT_TEXT_BYTES ((size_t)256 << 20)

struct context_text {
	struct intern *names;
	struct arena arena;
};

/* ERROR_MEMORY */
int context_text_init(struct context_text *text);
void context_text_release(struct context_text *text);

/* A kept copy. False when there is no room for it. An empty text is always fine. */
bool context_text_name(struct context_text *text, struct slice name, struct slice *kept);
bool context_text_copy(struct context_text *text, struct slice bytes, struct slice *kept);

/* The service that a pod belongs to: its name without what Kubernetes appends, the "-5c95b49cff-mxdsg" of a deployment,
   the "-mxds4" of a daemon set, the "-0" of a stateful set. */
struct slice context_pod_service(struct slice pod);

#endif
