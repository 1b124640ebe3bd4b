/*
 * The parts of the report that have a file of their own.
 */
#ifndef ANALYST_REPORT_INSIDE_H
#define ANALYST_REPORT_INSIDE_H

#include "analyst/inside.h"

/* Nothing for fewer than two services. */
void report_cascade(struct buffer *out, const struct analysis *analysis, size_t columns);

#endif
