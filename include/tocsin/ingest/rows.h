/*
 * A bounded cache of the texts that a screen shows, filled by a worker so that painting never waits for a disk.
 *
 * The loop asks with `rows_get`; what is missing is remembered as wanted and painted as "…". Then `rows_take_wanted`
 * moves the wishes into jobs, one for each source, so that a source that does not answer holds up no other; a worker
 * runs `rows_job_run`, and `rows_job_finish` on the loop puts the texts in and frees the job.
 */
#ifndef TOCSIN_INGEST_ROWS_H
#define TOCSIN_INGEST_ROWS_H

#include "tocsin/ingest/intake.h"

#define ROWS_MAXIMUM_TEXT 4096 /* bytes of a message that are kept for the screen */
#define ROWS_MAXIMUM_JOBS 4

struct rows;
struct rows_job;

/* What a row of the tail shows beside its record. Borrowed until the next call that changes the cache. */
struct row_text {
	struct slice message; /* at most ROWS_MAXIMUM_TEXT bytes; may hold newlines */
	bool cut;             /* the message goes on */
	bool gone;
	const struct store_text *whole; /* NULL unless the cache keeps all of a record */
};

struct rows *rows_create(size_t capacity); /* rows kept; 0: 4,096 */
struct rows *rows_create_whole(size_t capacity); /* the same, of all of each record: for what is opened */
void rows_destroy(struct rows *rows);
void rows_clear(struct rows *rows);

const struct row_text *rows_get(struct rows *rows, uint64_t id); /* NULL while it is missing */
/* NULL when nothing is wanted but of sources for which a job is out, or ROWS_MAXIMUM_JOBS are. */
struct rows_job *rows_take_wanted(struct rows *rows, const struct store *store);
void rows_job_run(struct rows_job *job, const struct store *store, const struct store_reader *reader);
bool rows_job_finish(struct rows *rows, struct rows_job *job); /* true when something new is there */

#endif
