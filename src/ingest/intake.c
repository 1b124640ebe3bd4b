/*
 * Sources side by side, and their merge by event time.
 *
 * Sources are added between two reads, while other threads look and read texts back: a slot is filled first and counted
 * afterwards, and never moves.
 */
#include "tocsin/ingest/intake.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "ingest/merge.h"

#define BATCH_RECORDS 4096
#define QUEUED_BYTES ((size_t)16 << 20) /* read ahead by all sources together */

struct intake *intake_create(struct store *store, const struct intake_options *options)
{
	struct intake *intake = calloc(1, sizeof(*intake));

	if (intake == NULL)
		return NULL;
	intake->chunk = malloc(SOURCE_CHUNK);
	mining_init(&intake->mining, store);
	intake->coder = coder_create(intake->mining.miner);
	if (intake->chunk == NULL || intake->coder == NULL) {
		coder_release(intake->coder);
		mining_release(&intake->mining);
		free(intake->chunk);
		free(intake);
		return NULL;
	}
	intake->store = store;
	if (options != NULL)
		intake->options = *options;
	if (intake->options.batch_records == 0)
		intake->options.batch_records = BATCH_RECORDS;
	atomic_init(&intake->spare, NULL);
	atomic_init(&intake->budget.left, SPOOL_MAXIMUM);
	return intake;
}

void intake_destroy(struct intake *intake)
{
	if (intake == NULL)
		return;
	for (size_t i = 0; i < intake->count; i++)
		source_destroy(intake->sources[i]);
	batch_destroy(atomic_load(&intake->spare));
	coder_release(intake->coder);
	mining_release(&intake->mining);
	free(intake->chunk);
	free(intake);
}

static struct source *find_open(struct intake *intake, struct slice name)
{
	for (size_t i = 0; i < intake->count; i++) {
		struct source *source = intake->sources[i];
		struct source_seen seen;

		source_look(source, &seen);
		if (!atomic_load(&source->closed) && seen.state != INTAKE_FAILED && slice_is(name, source->name))
			return source;
	}
	return NULL;
}

/* What failed keeps a place, so that it can be told. A collection has no records, nor has what somebody else reads, so
   the store need not know it. */
int intake_adopt(struct intake *intake, struct source *source, struct error *error)
{
	size_t count = intake->count;
	int result = 0;

	if (source->now.state != INTAKE_FAILED && source->collection == NULL && !source->claimed) {
		result = store_add_source(intake->store, slice_of(source->name), &source->code);
		if (result != 0) {
			error_set(error, (enum error_code)result, "%s: no room for another source", source->name);
			source_fail(source, error);
		} else {
			source->registered = true;
			intake->by_code[source->code] = source;
		}
	}
	source->order = count;
	intake->sources[count] = source;
	atomic_store(&intake->caught_up, false);
	atomic_store(&intake->count, count + 1);
	return result;
}

int intake_open(struct intake *intake, struct slice name, struct error *error)
{
	struct finds finds = { .taken = &intake->taken };
	struct error local = { 0 };
	struct source *source;
	int result;
	int adopted;

	if (find_open(intake, name) != NULL)
		return error_set(error, ERROR_STATE, "%.*s is open already", (int)name.size, name.data);
	if (!finds_reserve(&finds))
		return error_set(error, ERROR_FULL, "more than %d sources", STORE_MAXIMUM_SOURCES);
	source = source_create(name, (struct slice){ 0 }, &intake->options, &intake->budget);
	if (source == NULL) {
		atomic_fetch_sub(&intake->taken, 1);
		return error_set(error, ERROR_MEMORY, "out of memory");
	}
	result = source_open(source, error);
	adopted = intake_adopt(intake, source, &local);
	if (result == 0 && adopted != 0)
		result = error_set(error, local.code, "%s", local.text);
	return result;
}

static bool is_below(const struct source *source, const struct source *collection)
{
	for (source = source->parent; source != NULL; source = source->parent)
		if (source == collection)
			return true;
	return false;
}

int intake_close(struct intake *intake, struct slice name)
{
	struct source *source = find_open(intake, name);

	if (source == NULL)
		return ERROR_ABSENT;
	source_close(source);
	for (size_t i = 0; source->collection != NULL && i < intake->count; i++)
		if (is_below(intake->sources[i], source))
			source_close(intake->sources[i]);
	return 0;
}

/* --- reading -------------------------------------------------------------------------------------------------- */

/* Waits until a stream has something. False when none is open, or none had anything in time. */
static bool wait_for_streams(const struct intake *intake)
{
	struct pollfd streams[FEED_WAITS * STORE_MAXIMUM_SOURCES];
	nfds_t count = 0;

	for (size_t i = 0; i < intake->count; i++)
		count += source_waits(intake->sources[i], streams + count);
	return count > 0 && poll(streams, count, intake->options.follow ? INTAKE_PATIENCE : -1) > 0;
}

static void collect_news(struct intake *intake, struct batch *batch)
{
	static const struct ledger nothing;

	for (size_t i = 0; i < intake->count; i++) {
		struct source *source = intake->sources[i];
		const struct ledger *pending = &source->recorder.pending;
		struct ledger_news *news;

		if (!source->registered || ledger_is_empty(pending))
			continue;
		news = vector_push(&batch->news);
		if (news == NULL)
			return; /* it stays pending for the next batch */
		news->source = source->code;
		news->ledger = *pending;
		source->recorder.pending = nothing;
	}
}

/* A coder that has grown large gives way to a new one, which knows what is queued. It does not know what came before,
   so it leaves to the publisher what was learned. */
static void renew_coder(struct intake *intake)
{
	struct coder *fresh = coder_is_large(intake->coder) ? coder_create(NULL) : NULL;

	if (fresh == NULL)
		return;
	for (size_t i = 0; i < intake->count; i++) {
		struct entries *queue = &intake->sources[i]->recorder.queue;

		for (size_t k = queue->next; k < queue->count; k++) {
			uint32_t code = coder_move(intake->coder, queue->items[k].kind, fresh);

			if (code == CODER_NONE) { /* the next round tries again */
				coder_release(fresh);
				return;
			}
		}
	}
	for (size_t i = 0; i < intake->count; i++) {
		struct entries *queue = &intake->sources[i]->recorder.queue;

		for (size_t k = queue->next; k < queue->count; k++)
			queue->items[k].kind = coder_move(intake->coder, queue->items[k].kind, fresh);
		if (intake->sources[i]->recorder.heads != NULL)
			heads_forget(intake->sources[i]->recorder.heads);
	}
	coder_release(intake->coder);
	intake->coder = fresh;
}

static void begin_round(struct intake *intake)
{
	size_t share = QUEUED_BYTES / (intake->count + 1);

	for (size_t i = 0; i < intake->count; i++) {
		struct source *source = intake->sources[i];

		source->idle = false;
		source->may_read_ahead = intake->count == 1;
		source->recorder.coder = intake->coder;
		source->share = share < SOURCE_CHUNK_LEAST ? SOURCE_CHUNK_LEAST
			: share < SOURCE_CHUNK             ? share
							   : SOURCE_CHUNK;
		if (atomic_load(&source->closed))
			source_let_go(source);
	}
}

/* Lets collections look for sources. True when nothing is to be read yet: what was found must become part of the intake
   first, and what is being unpacked must be whole, so that the merge sees all that there is. */
static bool gather(struct intake *intake, struct batch *batch)
{
	struct finds finds = { .sources = batch->found, .taken = &intake->taken };
	bool more = false;

	for (size_t i = 0; i < intake->count; i++) {
		struct source *source = intake->sources[i];

		if (source->collection != NULL && !atomic_load(&source->closed) && source->now.state != INTAKE_FAILED)
			more |= source->collection->kind->advance(source->collection, source, &finds);
	}
	batch->found = finds.sources;
	return more || batch->found.count > 0;
}

static struct batch *batch_create(struct intake *intake)
{
	struct batch *batch = atomic_exchange(&intake->spare, NULL);

	if (batch == NULL) {
		batch = calloc(1, sizeof(*batch));
		if (batch == NULL)
			return NULL;
		vector_init(&batch->news, sizeof(struct ledger_news), STORE_MAXIMUM_SOURCES);
		vector_init(&batch->found, sizeof(struct source *), STORE_MAXIMUM_SOURCES);
	}
	batch->coder = coder_hold(intake->coder);
	return batch;
}

void batch_recycle(struct intake *intake, struct batch *batch)
{
	coder_release(batch->coder);
	batch->coder = NULL;
	batch->bytes = 0;
	entries_clear(&batch->entries);
	vector_clear(&batch->news);
	vector_clear(&batch->found);
	batch_destroy(atomic_exchange(&intake->spare, batch));
}

void batch_destroy(struct batch *batch)
{
	if (batch == NULL)
		return;
	coder_release(batch->coder);
	entries_release(&batch->entries);
	vector_release(&batch->news);
	for (size_t i = 0; i < batch->found.count; i++)
		source_destroy(*(struct source **)vector_at(&batch->found, i));
	vector_release(&batch->found);
	free(batch);
}

struct batch *intake_read(struct intake *intake)
{
	struct batch *batch;

	renew_coder(intake);
	batch = batch_create(intake);
	if (batch == NULL)
		return NULL;
	if (gather(intake, batch)) {
		atomic_store(&intake->caught_up, false);
		return batch;
	}
	do {
		begin_round(intake);
		merge_into(intake, batch);
	} while (batch->entries.count == 0 && wait_for_streams(intake));
	batch->kinds = coder_count(intake->coder);
	collect_news(intake, batch);
	atomic_store(&intake->caught_up, !merge_is_full(intake, batch));
	if (batch->entries.count == 0 && batch->news.count == 0) {
		batch_recycle(intake, batch);
		return NULL;
	}
	return batch;
}

size_t batch_count(const struct batch *batch)
{
	return batch->entries.count;
}

bool intake_caught_up(const struct intake *intake)
{
	return atomic_load(&intake->caught_up);
}

size_t intake_source_count(const struct intake *intake)
{
	return atomic_load(&intake->count);
}

void intake_status(const struct intake *intake, size_t index, struct intake_status *status)
{
	struct source *source = intake->sources[index];
	struct source_seen seen;

	source_look(source, &seen);
	*status = (struct intake_status){
		.name = slice_of(source->name),
		.state = seen.state,
		.incomplete = seen.incomplete,
		.claimed = source->claimed,
		.format = seen.format,
		.code = source->registered ? source->code : -1,
		.size = seen.size,
		.read = seen.read,
		.byte_at = seen.byte_at,
		.line_at = seen.line_at,
		.line_time = seen.line_time,
	};
	snprintf(status->notice, sizeof(status->notice), "%s", seen.notice);
}
