/*
 * A log as sequences of records: of one service, or of one session, which a pattern names in the message (its first
 * group, or the whole match: "blk_-?[0-9]+").
 */
#ifndef TOCSIN_LEARN_SEQUENCE_H
#define TOCSIN_LEARN_SEQUENCE_H

#include "tocsin/base/intern.h"
#include "tocsin/base/pattern.h"
#include "tocsin/base/vector.h"
#include "tocsin/store/query.h"

#define SEQUENCES_MAXIMUM_STEPS ((size_t)1 << 24)
#define SEQUENCES_MAXIMUM (1U << 20)

struct sequence_step {
	uint64_t record;
	int64_t time;
	uint32_t template; /* the store's code */
	uint16_t service;
	uint8_t level;
};

struct sequences {
	struct intern *names;        /* of sequence i: its service or session */
	struct sequence_step *steps; /* sequence after sequence, each in the order of the log */
	size_t *begins;              /* of sequence i; begins[count] is where the last ends */
	size_t count;
	size_t left_out; /* records without a session, or beyond the maximum */
	int64_t end;     /* newest time in the log */
};

/* By service when `pattern` is NULL; then `reader` is not used. ERROR_MEMORY. */
int sequences_init(struct sequences *sequences, const struct store *store, const struct store_reader *reader,
	struct horizon horizon, struct pattern *pattern);
void sequences_release(struct sequences *sequences);

/* The constant part of a record's message: what a template is known by, here and in a trained file. */
struct slice sequence_template(const struct store *store, uint32_t template);

#endif
