/*
 * Does a template speak of something that went wrong? Asked once for each template, never for a line.
 */
#ifndef LEARN_FAILING_H
#define LEARN_FAILING_H

#include "tocsin/base/slice.h"

bool failing_text(struct slice text);

#endif
