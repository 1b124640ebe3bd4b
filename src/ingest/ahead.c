#include "ingest/ahead.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tocsin/io/crew.h"

#define CHUNK ((size_t)256 << 10)
#define MARGIN ((uint64_t)RECORD_MAXIMUM + CHUNK) /* bytes at the end of the file that are left to the recorder */

struct stretch {
	int fd;
	uint64_t from, to; /* records that begin here are meant */
	bool exact;        /* one begins at `from` */
	struct recorder recorder;
	struct coder *coder; /* its own */
	uint32_t *known;     /* codes of the taker's coder by its own; STORE_NO_CODE where it was not asked yet */
	size_t known_count;
	struct coder *taker; /* held */
	char *chunk;
	bool running;

	/* The outcome. */
	bool sound; /* all of it could be read */
	uint64_t begin, end;
	uint64_t lines;
};

struct ahead {
	struct crew *crew;
	size_t stretch;
	uint64_t next;  /* where the next stretch begins */
	uint64_t limit; /* none ends behind it */
	uint64_t line;  /* on which what is taken next begins */
	size_t count;
	size_t first; /* the stretch that is taken next */
	struct stretch stretches[];
};

/* --- in a worker -------------------------------------------------------------------------------------------------- */

static size_t read_at(struct stretch *stretch, size_t size, uint64_t offset)
{
	ssize_t got;

	do
		got = pread(stretch->fd, stretch->chunk, size, (off_t)offset);
	while (got < 0 && errno == EINTR);
	return got > 0 ? (size_t)got : 0;
}

/* The first begin of a line at or behind `from`; none is looked for far away: that line begins in another stretch. */
static bool find_begin(struct stretch *stretch, uint64_t *begin)
{
	uint64_t offset = stretch->from - 1;
	size_t got;

	while (offset - stretch->from + 1 <= RECORD_MAXIMUM && (got = read_at(stretch, CHUNK, offset)) > 0) {
		const char *found = memchr(stretch->chunk, '\n', got);

		if (found != NULL) {
			*begin = offset + (uint64_t)(found - stretch->chunk) + 1;
			return true;
		}
		offset += got;
	}
	return false;
}

/* Are all records that begin before the end of the stretch whole, and nothing else? Then `end` is where they end. */
static bool is_complete(struct stretch *stretch, uint64_t position)
{
	const struct framer *framer = &stretch->recorder.framer;

	if (!framer_is_between(framer))
		return false;
	stretch->end = position;
	stretch->lines = framer->line - 1;
	if (framer_held_lines(framer) == 0)
		return true;
	if (framer->held.offset < stretch->to)
		return false; /* it may go on */
	stretch->end = framer->held.offset;
	stretch->lines = framer->held.line - 1;
	return true;
}

/* Reads on behind the stretch, line by line, until its last record is whole. */
static bool complete(struct stretch *stretch, uint64_t position)
{
	size_t got = 0, used = 0;

	while (!is_complete(stretch, position)) {
		const char *found;
		size_t size;

		if (used == got) {
			used = 0;
			got = read_at(stretch, CHUNK, position);
			if (got == 0)
				return false;
		}
		found = memchr(stretch->chunk + used, '\n', got - used);
		size = found != NULL ? (size_t)(found + 1 - stretch->chunk) - used : got - used;
		recorder_feed(&stretch->recorder, (struct slice){ stretch->chunk + used, size });
		used += size;
		position += size;
	}
	return true;
}

static bool read_stretch(struct stretch *stretch)
{
	struct recorder *recorder = &stretch->recorder;
	uint64_t position;

	stretch->begin = stretch->from;
	if (!stretch->exact && !find_begin(stretch, &stretch->begin))
		return false;
	if (recorder_begin(recorder, stretch->begin, 1) != 0)
		return false;
	for (position = stretch->begin; position < stretch->to;) {
		uint64_t left = stretch->to - position;
		size_t got = read_at(stretch, left < CHUNK ? (size_t)left : CHUNK, position);

		if (got == 0)
			return false;
		recorder_feed(recorder, (struct slice){ stretch->chunk, got });
		position += got;
	}
	if (!complete(stretch, position))
		return false;
	recorder_settle(recorder, stretch->lines + 1);
	return true;
}

static void run(void *context)
{
	static const struct ledger nothing;
	struct stretch *stretch = context;

	entries_clear(&stretch->recorder.queue);
	stretch->recorder.pending = nothing;
	stretch->sound = read_stretch(stretch);
	recorder_stop(&stretch->recorder);
}

/* --- handing out -------------------------------------------------------------------------------------------------- */

static bool stretch_init(struct stretch *stretch, const struct recorder *recorder, int fd)
{
	stretch->fd = fd;
	stretch->chunk = malloc(CHUNK);
	stretch->coder = coder_create(NULL); /* who publishes settles what was learned */
	stretch->recorder = (struct recorder){ .stem = recorder->stem, .code = recorder->code, .base = recorder->base,
		.shift = recorder->shift, .sample = recorder->sample };
	stretch->recorder.coder = stretch->coder;
	stretch->recorder.parser = parser_copy(recorder->parser);
	return stretch->chunk != NULL && stretch->coder != NULL && stretch->recorder.parser != NULL;
}

static void start(struct ahead *ahead, size_t index)
{
	struct stretch *stretch = &ahead->stretches[index];

	stretch->running = ahead->limit - ahead->next >= ahead->stretch;
	if (!stretch->running)
		return;
	stretch->exact = ahead->next == 0;
	stretch->from = ahead->next;
	stretch->to = ahead->next += ahead->stretch;
	crew_start(ahead->crew, index, run, stretch);
}

struct ahead *ahead_create(const struct recorder *recorder, int fd, uint64_t position, uint64_t size, size_t workers,
	size_t stretch)
{
	size_t count = workers + 1; /* one is being taken */
	uint64_t margin = MARGIN < size ? MARGIN : size;
	struct ahead *ahead;
	bool sound = true;

	stretch = stretch > 0 ? stretch : AHEAD_STRETCH;
	if (workers < 2 || size - margin < position + 2 * stretch)
		return NULL;
	ahead = calloc(1, sizeof(*ahead) + count * sizeof(ahead->stretches[0]));
	if (ahead == NULL)
		return NULL;
	ahead->stretch = stretch;
	ahead->next = position;
	ahead->limit = size - margin;
	ahead->line = recorder->framer.line;
	ahead->count = count;
	ahead->crew = crew_create(count);
	for (size_t i = 0; i < count; i++)
		sound &= stretch_init(&ahead->stretches[i], recorder, fd);
	if (ahead->crew == NULL || !sound) {
		ahead_destroy(ahead);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		start(ahead, i);
	return ahead;
}

void ahead_destroy(struct ahead *ahead)
{
	if (ahead == NULL)
		return;
	crew_destroy(ahead->crew);
	for (size_t i = 0; i < ahead->count; i++) {
		struct stretch *stretch = &ahead->stretches[i];

		recorder_release(&stretch->recorder);
		coder_release(stretch->coder);
		coder_release(stretch->taker);
		free(stretch->known);
		free(stretch->chunk);
	}
	free(ahead);
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

/* Makes room for all codes of the stretch. */
static bool know(struct stretch *stretch, struct coder *taker)
{
	size_t count = coder_count(stretch->coder);
	uint32_t *known = stretch->known;

	if (stretch->taker != taker) {
		coder_release(stretch->taker);
		stretch->taker = coder_hold(taker);
		stretch->known_count = 0;
	}
	if (count > stretch->known_count) {
		known = reallocarray(known, count, sizeof(*known));
		if (known == NULL)
			return false;
		stretch->known = known;
		for (size_t i = stretch->known_count; i < count; i++)
			known[i] = CODER_NONE;
		stretch->known_count = count;
	}
	return true;
}

static void take_entries(struct ahead *ahead, struct stretch *stretch, struct recorder *recorder)
{
	const struct entries *from = &stretch->recorder.queue;

	if (!entries_reserve(&recorder->queue, from->count) || !know(stretch, recorder->coder)) {
		recorder->pending.lost += from->count;
		return;
	}
	for (size_t i = 0; i < from->count; i++) {
		struct store_entry entry = from->items[i];
		uint32_t *known = &stretch->known[entry.kind];

		if (*known == CODER_NONE)
			*known = coder_move(stretch->coder, entry.kind, recorder->coder);
		if (*known == CODER_NONE) {
			recorder->pending.lost++;
			continue;
		}
		entry.kind = *known;
		entry.line += ahead->line - 1;
		recorder->queue.items[recorder->queue.count++] = entry;
	}
}

static void count_taken(struct stretch *stretch, struct recorder *recorder)
{
	stretch->recorder.pending.bytes = stretch->end - stretch->begin;
	stretch->recorder.pending.lines = stretch->lines;
	ledger_add(&recorder->pending, &stretch->recorder.pending);
	recorder->given += stretch->recorder.queue.count;
	if (stretch->recorder.last_time != TIMESTAMP_NONE)
		recorder->last_time = stretch->recorder.last_time;
}

/* A coder that has grown large gives way. */
static void renew_coder(struct stretch *stretch)
{
	struct coder *fresh = coder_is_large(stretch->coder) ? coder_create(NULL) : NULL;

	if (fresh == NULL)
		return;
	coder_release(stretch->coder);
	stretch->coder = stretch->recorder.coder = fresh;
	stretch->known_count = 0; /* recorder_begin forgets the heads */
}

bool ahead_take(struct ahead *ahead, struct recorder *recorder, uint64_t *position)
{
	struct stretch *stretch = &ahead->stretches[ahead->first];

	crew_wait(ahead->crew, ahead->first);
	if (stretch->running && (!stretch->sound || stretch->begin != *position)) {
		stretch->from = *position;
		stretch->exact = true;
		run(stretch);
	}
	if (!stretch->running || !stretch->sound) {
		recorder_stop(recorder);
		recorder_begin(recorder, *position, ahead->line);
		return false;
	}
	take_entries(ahead, stretch, recorder);
	count_taken(stretch, recorder);
	*position = stretch->end;
	ahead->line += stretch->lines;
	renew_coder(stretch);
	start(ahead, ahead->first);
	ahead->first = (ahead->first + 1) % ahead->count;
	return true;
}
