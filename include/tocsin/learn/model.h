/*
 * What is known of normal logs: which templates there are, how often and where they come, what follows what. Learnt
 * from sequences believed normal, kept in a file, asked about records and sessions.
 *
 * Templates are known by their texts alone, so a file fits any log; a template of the log that the file does not have
 * is a new event. The file: "tocsin model 1\n", numbers in little-endian order, an FNV-1a checksum of 64 bits at the
 * end.
 */
#ifndef TOCSIN_LEARN_MODEL_H
#define TOCSIN_LEARN_MODEL_H

#include "tocsin/base/buffer.h"
#include "tocsin/learn/importance.h"
#include "tocsin/learn/lstm.h"
#include "tocsin/learn/sequence.h"

#define MODEL_MAXIMUM_BYTES ((size_t)256 << 20)

struct model_settings {
	uint32_t embedding;           /* 0: 128 */
	uint32_t units;               /* 0: 64 */
	uint32_t layers;              /* 0: 1 */
	uint32_t batch;               /* 0: 32 */
	uint32_t epochs;              /* 0: 50 */
	uint32_t max_sequence_length; /* 0: 100 events that are learnt together */
	double dropout;               /* below 0: 0.2 */
	double validation;            /* 0: 0.2 */
	uint64_t seed;
};

struct model;

struct model_report {
	size_t sequences, events, steps; /* what it learnt from: sequences, templates, records */
	struct lstm_trained trained;
};

/* `pattern` is the text of the pattern that named the sessions, empty by service. NULL with the sentence on failure. */
struct model *model_train(const struct sequences *sequences, const struct store *store, struct slice pattern,
	const struct model_settings *settings, void (*progress)(void *context, const struct lstm_progress *progress),
	void *context, struct model_report *report, struct error *error);
void model_destroy(struct model *model); /* NULL is fine */

struct slice model_pattern(const struct model *model); /* "" when it learnt by service */
size_t model_event_count(const struct model *model);   /* templates */
struct slice model_event(const struct model *model, size_t event);

int model_write(const struct model *model, struct buffer *out);    /* the bytes of its file */
struct model *model_read(struct slice bytes, struct error *error); /* NULL: the sentence says why it does not fit */
uint64_t model_checksum(struct slice bytes);                       /* of all but the last 8 bytes */

/* --- asking ---- */

struct scorer;

/* For one log, in one thread at a time; the model must outlive it. With `portable` without AVX2. NULL when out of
 * memory. */
struct scorer *scorer_create(const struct model *model, const struct store *store, bool portable);
void scorer_destroy(struct scorer *scorer); /* NULL is fine */

/* Leaves a part out of all that follows: how much is it worth? */
void scorer_leave_out(struct scorer *scorer, enum importance_part part);

/* The next record, in the order of the log, as one of its service's; where sessions were learnt, by itself alone. */
double scorer_record(struct scorer *scorer, const struct record *record, enum importance_part *part);

struct session_score {
	double importance; /* 0.9 and more when it is anomalous */
	enum importance_part part;
	bool anomalous;
	bool unfinished; /* it lacks what nearly every normal session has, and may still get it */
};

struct step_score {
	double importance;
	enum importance_part part;
};

/* A whole session; `end` is the newest time in the log. each[i] (may be NULL) is of its steps. */
void scorer_session(struct scorer *scorer, const struct sequence_step *steps, size_t count, int64_t end,
	struct session_score *score, struct step_score *each);

/* What it was made for. */
const struct model *scorer_model(const struct scorer *scorer);

#endif
