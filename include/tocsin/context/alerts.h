/*
 * Alerts that a monitor fired.
 */
#ifndef TOCSIN_CONTEXT_ALERTS_H
#define TOCSIN_CONTEXT_ALERTS_H

#include "tocsin/base/vector.h"
#include "tocsin/context/text.h"

#define ALERTS_MAXIMUM 10000

/* Empty, NaN or TIMESTAMP_NONE where the source says nothing. */
struct alert {
	struct slice name; /* of the monitor or rule */
	struct slice service;
	struct slice metric;
	struct slice severity;
	struct slice summary;
	struct slice detail;
	double threshold;
	double observed;
	int64_t fired;
	bool resolved;
};

struct alerts {
	struct context_text *text; /* borrowed */
	struct vector items;       /* of struct alert, by time once settled */
};

void alerts_init(struct alerts *alerts, struct context_text *text);
void alerts_release(struct alerts *alerts);

int alerts_add(struct alerts *alerts, const struct alert *alert); /* copies; ERROR_FULL, ERROR_MEMORY */
void alerts_settle(struct alerts *alerts);
const struct alert *alerts_at(const struct alerts *alerts, size_t index); /* NULL past the end */

#endif
