/*
 * What is usual, counted: the cheap detectors beside the LSTM. Events are numbers from 1 on, as the LSTM knows them.
 */
#ifndef LEARN_NORMAL_H
#define LEARN_NORMAL_H

#include "tocsin/base/intern.h"
#include "tocsin/base/level.h"
#include "tocsin/base/vector.h"
#include "tocsin/learn/importance.h"

#define NORMAL_SERVICES 4096
#define NORMAL_VECTORS (1U << 16)
#define NORMAL_UNKNOWN UINT32_MAX /* an event or a service that is not known */

struct normal_event {
	uint64_t count;
	uint64_t sessions;   /* that have it */
	uint64_t ends;       /* that end with it */
	uint64_t gaps;       /* times that something followed it in its sequence ... */
	int64_t longest_gap; /* ... and after how long at most, ns */
	bool failing;        /* its text speaks of failure; found anew from the text */
};

/* An event in a service. */
struct normal_pair {
	uint32_t event, service;
	uint64_t count;
};

struct normal {
	struct vector events;      /* of struct normal_event; event e is at e - 1 */
	struct intern *services;   /* names */
	struct vector pairs;       /* of struct normal_pair, sorted */
	struct intern *counts;     /* count vectors of sessions, as bytes: event, count, event, count ... in order */
	struct vector counts_seen; /* uint32_t: how many sessions have each */
	uint64_t levels[LEVEL_COUNT];
	uint64_t records, sessions;
	uint64_t shortest, longest; /* of sessions, in records */
};

/* A record as its sequence shows it. */
struct normal_sight {
	uint32_t event, service; /* or NORMAL_UNKNOWN */
	uint32_t before;         /* the event before it in its sequence; 0: it is the first */
	int64_t gap;             /* ns since that; below 0: unknown */
	uint8_t level;
	bool failing; /* the text of an unknown event speaks of failure */
};

int normal_init(struct normal *normal);
void normal_release(struct normal *normal);

int normal_add(struct normal *normal, const struct normal_sight *sight); /* event and service known. ERROR_MEMORY */
/* A sequence that is a whole session. */
int normal_add_session(struct normal *normal, const uint32_t *events, size_t count);

struct normal_event *normal_event_at(const struct normal *normal, uint32_t event); /* NULL for an unknown one */

/* Surprise of each part in a record: -log10 of the share of normal records that are at least as unusual in it. */
void normal_judge(const struct normal *normal, const struct normal_sight *sight, float surprise[PART_COUNT]);

/* The counts of a session's known events as bytes, for looking them up. ERROR_MEMORY. */
int normal_write_counts(const uint32_t *events, size_t count, struct buffer *out);
uint64_t normal_singular_counts(const struct normal *normal); /* vectors that one session alone has */
bool normal_knows_counts(const struct normal *normal, struct slice counts);
/* Does nearly every normal session have this event; may one end with it? */
bool normal_is_required(const struct normal *normal, uint32_t event);
bool normal_is_end(const struct normal *normal, uint32_t event);

#endif
