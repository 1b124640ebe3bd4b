/*
 * A context as text, one line a fact, so that tests can demand the same of every way to cut a file.
 */
#ifndef TOCSIN_TESTS_CONTEXT_TEXT_H
#define TOCSIN_TESTS_CONTEXT_TEXT_H

#include "tocsin/context/context.h"

/* A context made of one file in pieces of the sizes given, used round and round (empty: all at once). Settled. */
struct context *context_of(enum context_kind kind, struct slice text, struct slice cuts);

void context_write(const struct context *context, struct buffer *out);

#endif
