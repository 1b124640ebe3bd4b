/*
 * A source from its opening to its end, and what other threads may know of it.
 */
#include "ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* --- what others see ------------------------------------------------------------------------------------------- */

void source_show(struct source *source)
{
	pthread_mutex_lock(&source->lock);
	source->now.read = source->now.base + source->position;
	source->seen = source->now;
	pthread_mutex_unlock(&source->lock);
}

void source_look(struct source *source, struct source_seen *seen)
{
	pthread_mutex_lock(&source->lock);
	*seen = source->seen;
	pthread_mutex_unlock(&source->lock);
	if (atomic_load(&source->closed) && seen->state != INTAKE_FAILED)
		seen->state = INTAKE_ENDED;
}

int source_borrow(struct source *source, struct source_seen *seen, int *fd, struct parser **parser)
{
	int result = 0;

	*fd = -1;
	*parser = NULL;
	pthread_mutex_lock(&source->lock);
	*seen = source->seen;
	if (source->recorder.parser == NULL || source->fd < 0)
		result = ERROR_ABSENT;
	else if ((*parser = parser_copy(source->recorder.parser)) == NULL)
		result = ERROR_MEMORY;
	else if ((*fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 3)) < 0)
		result = ERROR_SYSTEM;
	pthread_mutex_unlock(&source->lock);
	if (result != 0) {
		parser_destroy(*parser);
		*parser = NULL;
	}
	return result;
}

int64_t source_wall_clock(void)
{
	struct timespec wall;

	clock_gettime(CLOCK_REALTIME, &wall);
	return wall.tv_sec * TIMESTAMP_SECOND + wall.tv_nsec;
}

void source_note(struct source *source, const char *sentence)
{
	slice_copy(slice_of(sentence), source->now.notice, sizeof(source->now.notice));
}

int source_fail(struct source *source, struct error *error)
{
	source_note(source, error->text);
	source->now.state = INTAKE_FAILED;
	/* Nobody reads a stream that failed: left open it would stay readable for ever, and its writer would hang. */
	feed_destroy(source->feed);
	source->feed = NULL;
	source_show(source);
	return error->code;
}

/* --- birth and end ---------------------------------------------------------------------------------------------- */

static bool is_packed_extension(struct slice extension)
{
	static const char *const packed[] = { "gz", "zst", "xz", "bz2", "tgz", "tar" };

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (slice_equal_nocase(extension, slice_of(packed[i])))
			return true;
	return false;
}

/* "nova-api.log.1.gz" -> "nova-api": the extension, with what rotation and compression put behind it. */
static struct slice strip_extensions(struct slice name)
{
	const char *dot;
	uint64_t number;

	while ((dot = memrchr(name.data, '.', name.size)) != NULL && dot > name.data) {
		struct slice extension = slice_from(name, (size_t)(dot + 1 - name.data));

		name = slice_first(name, (size_t)(dot - name.data));
		if (!slice_to_u64(extension, &number) && !is_packed_extension(extension))
			break;
	}
	return name;
}

/* The service of records that name none: "logs/nova-api.log.1" -> "nova-api"; below a folder that was named, with the
   path from there: "cinder/api.log" -> "cinder/api". */
static void make_stem(struct slice name, struct slice below, char *out, size_t size)
{
	struct slice path = below.size > 0 ? below : name;
	const char *slash = memrchr(path.data, '/', path.size);
	size_t folder = slash != NULL ? (size_t)(slash + 1 - path.data) : 0;
	struct slice stem = strip_extensions(slice_from(path, folder));

	if (below.size > 0)
		stem = slice_first(path, folder + stem.size);
	slice_copy(stem, out, size);
}

/* "kubectl logs -f api" -> "kubectl" */
static void make_command_stem(struct slice command, char *out, size_t size)
{
	struct slice rest = slice_trim(command);
	struct slice word = rest;

	slice_next(&rest, ' ', &word);
	make_stem(word, (struct slice){ 0 }, out, size);
}

struct source *source_create(
	struct slice name, struct slice below, const struct intake_options *options, struct spool_budget *budget)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return NULL;
	source->name = strndup(name.data != NULL ? name.data : "", name.size);
	if (source->name == NULL) {
		free(source);
		return NULL;
	}
	if (slice_is(name, "-"))
		snprintf(source->stem, sizeof(source->stem), "stdin");
	else if (slice_starts(name, "exec:"))
		make_command_stem(slice_from(name, 5), source->stem, sizeof(source->stem));
	else
		make_stem(slice_of(source->name), below, source->stem, sizeof(source->stem));
	source->options = options;
	source->budget = budget;
	source->fd = -1;
	source->spool.fd = -1;
	source->key = INT64_MIN;
	source->now.format = "";
	source->now.byte_at = source->now.line_at = source->now.line_time = TIMESTAMP_NONE;
	source->seen = source->now;
	pthread_mutex_init(&source->lock, NULL);
	return source;
}

struct source *source_create_child(struct source *owner, struct slice name, struct slice below)
{
	struct source *source = source_create(name, below, owner->options, owner->budget);

	if (source != NULL)
		source->parent = owner;
	return source;
}

void source_destroy(struct source *source)
{
	if (source == NULL)
		return;
	if (source->fd >= 0 && source->fd != source->spool.fd && !source->is_member)
		close(source->fd);
	spool_release(&source->spool);
	feed_destroy(source->feed);
	if (source->collection != NULL)
		source->collection->kind->destroy(source->collection);
	ahead_destroy(source->ahead);
	recorder_release(&source->recorder);
	pthread_mutex_destroy(&source->lock);
	free(source->name);
	free(source);
}

void source_close(struct source *source)
{
	atomic_store(&source->closed, true);
}

void source_let_go(struct source *source)
{
	feed_destroy(source->feed);
	source->feed = NULL;
}

bool finds_reserve(struct finds *finds)
{
	if (atomic_fetch_add(finds->taken, 1) < STORE_MAXIMUM_SOURCES)
		return true;
	atomic_fetch_sub(finds->taken, 1);
	return false;
}
