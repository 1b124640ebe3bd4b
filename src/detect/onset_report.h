/*
 * The last part of the search for onsets: what it found as a report.
 */
#ifndef DETECT_ONSET_REPORT_H
#define DETECT_ONSET_REPORT_H

#include "detect/episode.h"

/* Fills in all but extent and others. */
int onset_report_fill(const struct search *search, struct onset_report *report);

#endif
