/*
 * Regular expressions (PCRE2) that can never hang: every match has a step limit. Not shareable between threads at one
 * time.
 */
#ifndef TOCSIN_BASE_PATTERN_H
#define TOCSIN_BASE_PATTERN_H

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"

struct pattern;

/* Compiles; case-insensitive when asked. On failure returns NULL, writes the sentence, and *fault is the byte position
 * in `text`. */
struct pattern *pattern_create(struct slice text, bool nocase, size_t *fault, struct error *error);
void pattern_destroy(struct pattern *pattern);

/* First match at or after `start`. A match that exceeds its step limit counts as no match. */
bool pattern_find(struct pattern *pattern, struct slice subject, size_t start, size_t *begin, size_t *end);
uint64_t pattern_ran_out(const struct pattern *pattern); /* how many finds so far did exceed it */

/* Capture group 1..n of the last successful find, borrowed from its subject; empty when it took no part. */
struct slice pattern_group(const struct pattern *pattern, unsigned group);

/* The index-th named group of the pattern and its number; NULL past the end. Borrowed from the pattern. */
const char *pattern_name(const struct pattern *pattern, size_t index, unsigned *group);

#endif
