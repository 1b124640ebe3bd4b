/*
 * Troubles that nobody here caused: what they are called, how they are told, and what to do.
 */
#ifndef ANALYST_EXTERNAL_H
#define ANALYST_EXTERNAL_H

#include "tocsin/base/slice.h"

#define EXTERNAL_WORDS 12
#define EXTERNAL_STEPS 3

struct external {
	const char *name;     /* "certificate" */
	const char *category; /* as those of causes */
	const char *phrase;   /* "a certificate expired" */
	unsigned services;    /* so many must say it, or the first of the first lines, twice */
	const char *words[EXTERNAL_WORDS];
	const char
		*metrics[4]; /* a metric so called must have risen, in half of the services that have one; none: NULL */
	const char *steps[EXTERNAL_STEPS];
};

const struct external *external_at(size_t index); /* NULL past the end */

#endif
