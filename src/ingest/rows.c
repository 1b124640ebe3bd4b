/*
 * A cache of eight ways: an id has eight places, and the one unused for longest gives way. Rows on the screen are
 * either neighbours, which spread evenly, or matches of a filter, which a hash spreads; so no screenful drives itself
 * out.
 */
#include "tocsin/ingest/rows.h"

#include <stdlib.h>
#include <string.h>

#include "tocsin/base/vector.h"

#define WAYS 8
#define DEFAULT_CAPACITY 4096
#define JOB_MAXIMUM 1024 /* texts that one job reads */

enum slot_state { SLOT_FREE, SLOT_WANTED, SLOT_PRESENT };

struct slot {
	uint64_t id;
	uint64_t used; /* tick of the last use */
	enum slot_state state;
	void *bytes; /* what the text points to */
	struct row_text text;
};

struct rows {
	struct slot *slots;
	size_t sets;
	uint64_t tick;
	uint64_t epoch; /* counts rows_clear: a job from before brings nothing */
	bool keeps_whole;
	size_t jobs_out;
	bool source_is_out[STORE_MAXIMUM_SOURCES];
	struct vector wanted; /* of uint64_t */
};

struct fetched {
	uint64_t id;
	void *bytes;
	struct row_text text;
};

struct rows_job {
	uint64_t epoch;
	uint16_t source;
	bool keeps_whole;
	size_t count;
	struct fetched fetched[];
};

struct rows *rows_create(size_t capacity)
{
	struct rows *rows = calloc(1, sizeof(*rows));

	if (rows == NULL)
		return NULL;
	if (capacity == 0)
		capacity = DEFAULT_CAPACITY;
	rows->sets = (capacity + WAYS - 1) / WAYS;
	rows->slots = calloc(rows->sets * WAYS, sizeof(*rows->slots));
	vector_init(&rows->wanted, sizeof(uint64_t), JOB_MAXIMUM);
	if (rows->slots == NULL) {
		free(rows);
		return NULL;
	}
	return rows;
}

struct rows *rows_create_whole(size_t capacity)
{
	struct rows *rows = rows_create(capacity);

	if (rows != NULL)
		rows->keeps_whole = true;
	return rows;
}

static void empty_slot(struct slot *slot)
{
	free(slot->bytes);
	*slot = (struct slot){ 0 };
}

void rows_clear(struct rows *rows)
{
	for (size_t i = 0; i < rows->sets * WAYS; i++)
		empty_slot(&rows->slots[i]);
	vector_clear(&rows->wanted);
	rows->epoch++;
}

void rows_destroy(struct rows *rows)
{
	if (rows == NULL)
		return;
	rows_clear(rows);
	vector_release(&rows->wanted);
	free(rows->slots);
	free(rows);
}

/* The slot of an id, or else the one that it may have. */
static struct slot *find_slot(struct rows *rows, uint64_t id)
{
	uint64_t mixed = id * UINT64_C(0x9E3779B97F4A7C15);
	struct slot *set = &rows->slots[(size_t)((mixed >> 20) % rows->sets) * WAYS];
	struct slot *best = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].state != SLOT_FREE && set[i].id == id)
			return &set[i];
		if (set[i].used < best->used)
			best = &set[i];
	}
	return best;
}

const struct row_text *rows_get(struct rows *rows, uint64_t id)
{
	struct slot *slot = find_slot(rows, id);
	uint64_t *wanted;

	if (slot->state != SLOT_FREE && slot->id == id) {
		slot->used = ++rows->tick;
		return slot->state == SLOT_PRESENT ? &slot->text : NULL;
	}
	wanted = vector_push(&rows->wanted);
	if (wanted == NULL)
		return NULL; /* asked again at the next paint */
	*wanted = id;
	empty_slot(slot);
	*slot = (struct slot){ .id = id, .used = ++rows->tick, .state = SLOT_WANTED };
	return NULL;
}

static uint64_t *wanted_at(const struct rows *rows, size_t index)
{
	return vector_at(&rows->wanted, index);
}

static uint16_t source_of(const struct store *store, uint64_t id)
{
	struct record record = { 0 };

	if (id < store_count(store))
		store_record(store, id, &record);
	return record.source;
}

/* The first wish whose source has no job out, or the count of wishes. */
static size_t find_free(const struct rows *rows, const struct store *store)
{
	size_t index = 0;

	while (index < rows->wanted.count && rows->source_is_out[source_of(store, *wanted_at(rows, index))])
		index++;
	return index;
}

struct rows_job *rows_take_wanted(struct rows *rows, const struct store *store)
{
	size_t count = rows->wanted.count, first = find_free(rows, store), left = 0;
	struct rows_job *job;

	if (first == count || rows->jobs_out == ROWS_MAXIMUM_JOBS)
		return NULL;
	job = calloc(1, sizeof(*job) + count * sizeof(job->fetched[0]));
	if (job == NULL)
		return NULL;
	job->epoch = rows->epoch;
	job->source = source_of(store, *wanted_at(rows, first));
	job->keeps_whole = rows->keeps_whole;
	for (size_t i = 0; i < count; i++) {
		uint64_t id = *wanted_at(rows, i);

		if (source_of(store, id) == job->source)
			job->fetched[job->count++].id = id;
		else
			*wanted_at(rows, left++) = id;
	}
	rows->wanted.count = left;
	rows->source_is_out[job->source] = true;
	rows->jobs_out++;
	return job;
}

/* --- what is kept ------------------------------------------------------------------------------------------------ */

static struct slice put(char **out, struct slice text)
{
	struct slice copy = { *out, text.size };

	if (text.size > 0)
		memcpy(*out, text.data, text.size);
	*out += text.size;
	return copy;
}

/* A copy of everything, in one piece of memory. */
static void keep_whole(struct fetched *fetched, const struct store_text *text)
{
	size_t size = text->raw.size + text->message.size;
	struct store_text *copy;
	char *out;

	for (size_t i = 0; i < text->field_count; i++)
		size += text->fields[i].name.size + text->fields[i].value.size;
	copy = malloc(sizeof(*copy) + size);
	if (copy == NULL)
		return;
	*copy = *text;
	out = (char *)(copy + 1);
	copy->raw = put(&out, text->raw);
	copy->message = put(&out, text->message);
	for (size_t i = 0; i < text->field_count; i++) {
		copy->fields[i].name = put(&out, text->fields[i].name);
		copy->fields[i].value = put(&out, text->fields[i].value);
	}
	fetched->bytes = copy;
	fetched->text = (struct row_text){ .message = copy->message, .gone = text->gone, .whole = copy };
}

static void keep_message(struct fetched *fetched, struct slice message)
{
	char copy[ROWS_MAXIMUM_TEXT + 1];
	size_t size = message.size;

	if (size > ROWS_MAXIMUM_TEXT) {
		size = slice_copy(message, copy, sizeof(copy)); /* cuts between characters */
		fetched->text.cut = true;
	}
	fetched->bytes = malloc(size + 1);
	if (fetched->bytes == NULL)
		return;
	if (size > 0)
		memcpy(fetched->bytes, message.data, size);
	fetched->text.message = (struct slice){ fetched->bytes, size };
}

static void keep(const struct rows_job *job, struct fetched *fetched, const struct store_text *text)
{
	fetched->text.gone = text->gone;
	if (job->keeps_whole)
		keep_whole(fetched, text);
	else
		keep_message(fetched, text->message);
}

void rows_job_run(struct rows_job *job, const struct store *store, const struct store_reader *reader)
{
	for (size_t i = 0; i < job->count; i++) {
		struct fetched *fetched = &job->fetched[i];
		struct store_text text;
		struct record record;

		if (fetched->id >= store_count(store))
			continue;
		store_record(store, fetched->id, &record);
		if (reader->read(reader->context, &record, &text) != 0) {
			struct slice words = slice_of("(the text could not be read)");

			text = (struct store_text){ .raw = words, .message = words, .gone = true };
		}
		keep(job, fetched, &text);
	}
}

bool rows_job_finish(struct rows *rows, struct rows_job *job)
{
	bool is_news = false;

	rows->source_is_out[job->source] = false;
	rows->jobs_out--;
	for (size_t i = 0; i < job->count; i++) {
		struct fetched *fetched = &job->fetched[i];
		struct slot *slot = find_slot(rows, fetched->id);

		if (job->epoch != rows->epoch || slot->state != SLOT_WANTED || slot->id != fetched->id) {
			free(fetched->bytes);
			continue;
		}
		if (fetched->bytes == NULL) {
			empty_slot(slot); /* may be asked for again */
			continue;
		}
		slot->state = SLOT_PRESENT;
		slot->bytes = fetched->bytes;
		slot->text = fetched->text;
		is_news = true;
	}
	free(job);
	return is_news;
}
