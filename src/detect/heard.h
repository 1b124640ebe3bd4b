/*
 * Where a service was heard: only there does it say something that it made no errors.
 */
#ifndef DETECT_HEARD_H
#define DETECT_HEARD_H

#include "detect/survey.h"

/* Marks the buckets of the focus in which a service was heard. */
void heard_find(const struct survey *survey, uint32_t service, bool heard[CHANGE_BUCKETS]);

#endif
