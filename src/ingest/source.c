/*
 * A source from its opening to its end, and what other threads may know of it.
 */
#include "ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPOOL_MAXIMUM ((uint64_t)2 << 30)

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
	if (source->parser == NULL || source->fd < 0)
		result = ERROR_ABSENT;
	else if ((*parser = parser_copy(source->parser)) == NULL)
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

void source_note(struct source *source, const char *sentence)
{
	slice_copy(slice_of(sentence), source->now.notice, sizeof(source->now.notice));
}

int source_fail(struct source *source, struct error *error)
{
	source_note(source, error->text);
	source->now.state = INTAKE_FAILED;
	/* Nobody reads a stream that failed: left open it would stay readable for ever, and its writer would hang. */
	if (source->stream >= 0)
		close(source->stream);
	source->stream = -1;
	source_show(source);
	return error->code;
}

/* --- opening --------------------------------------------------------------------------------------------------- */

/* "logs/nova-api.log.1" -> "nova-api" */
static void make_stem(struct slice name, char *out, size_t size)
{
	const char *slash = memrchr(name.data, '/', name.size);
	struct slice stem = slash != NULL ? slice_from(name, (size_t)(slash + 1 - name.data)) : name;
	const char *dot;
	uint64_t number;

	while ((dot = memrchr(stem.data, '.', stem.size)) != NULL && dot > stem.data) {
		struct slice extension = slice_from(stem, (size_t)(dot + 1 - stem.data));
		bool is_count = slice_to_u64(extension, &number);

		stem = slice_first(stem, (size_t)(dot - stem.data));
		if (!is_count)
			break;
	}
	slice_copy(stem, out, size);
}

struct source *source_create(struct slice name, const struct intake_options *options)
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
	else
		make_stem(slice_of(source->name), source->stem, sizeof(source->stem));
	source->options = options;
	source->fd = -1;
	source->stream = -1;
	source->spool.fd = -1;
	source->key = INT64_MIN;
	source->now.format = "";
	source->seen = source->now;
	entries_init(&source->queue);
	pthread_mutex_init(&source->lock, NULL);
	return source;
}

void source_destroy(struct source *source)
{
	if (source == NULL)
		return;
	if (source->fd >= 0 && source->fd != source->spool.fd)
		close(source->fd);
	spool_release(&source->spool);
	if (source->stream >= 0)
		close(source->stream);
	parser_destroy(source->parser);
	framer_release(&source->framer);
	entries_release(&source->queue);
	pthread_mutex_destroy(&source->lock);
	free(source->name);
	free(source);
}

void source_close(struct source *source)
{
	atomic_store(&source->closed, true);
}

int source_refuse(struct source *source, int number, struct error *error)
{
	if (number == ENOENT)
		return error_set(error, ERROR_ABSENT, "%s: there is no such file", source->name);
	if (number == EACCES)
		return error_set(error, ERROR_SYSTEM, "%s: no permission to read it", source->name);
	return error_set(error, ERROR_SYSTEM, "%s: %s", source->name, strerrordesc_np(number));
}

static int start_stream(struct source *source, int fd, struct error *error)
{
	static const char *const folders[] = { "/var/tmp", "/tmp", NULL };

	source->stream = fd;
	if (spool_init(&source->spool, folders, SPOOL_MAXIMUM) != 0)
		return error_set(error, ERROR_SYSTEM, "%s: nowhere to keep what is read: %s", source->name,
			strerrordesc_np(errno));
	source->fd = source->spool.fd;
	source->now.limit = source->spool.limit;
	if (source->spool.in_memory)
		source_note(source, "no room on disk: the last 64 MiB are kept in memory");
	return 0;
}

static int open_descriptor(struct source *source, struct error *error)
{
	struct stat status;
	int fd;

	source->has_path = strcmp(source->name, "-") != 0;
	/* not blocking: a named pipe without a writer must not hold up the caller */
	fd = source->has_path ? open(source->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
			      : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return source_refuse(source, errno, error);
	if (fstat(fd, &status) != 0) {
		close(fd);
		return source_refuse(source, errno, error);
	}
	if (S_ISDIR(status.st_mode)) {
		close(fd);
		return error_set(error, ERROR_INPUT, "%s is a directory: name the files in it, as in %s%s*.csv",
			source->name, source->name, slice_ends(slice_of(source->name), "/") ? "" : "/");
	}
	if (!S_ISREG(status.st_mode))
		return start_stream(source, fd, error);
	source->fd = fd;
	source->device = status.st_dev;
	source->inode = status.st_ino;
	source->now.size = (uint64_t)status.st_size;
	return 0;
}

int source_open(struct source *source, struct error *error)
{
	struct error local = { 0 };
	int result = open_descriptor(source, &local);

	if (result == 0 && source->now.size > 0) {
		char *sample = malloc(FORMAT_SAMPLE_BYTES);

		result = sample != NULL ? source_begin(source, sample, !source->options->follow, &local) : ERROR_MEMORY;
		if (sample == NULL)
			error_set(&local, ERROR_MEMORY, "%s: out of memory", source->name);
		free(sample);
	}
	if (result < 0) {
		source_fail(source, &local);
		return error_set(error, local.code, "%s", local.text);
	}
	source_show(source);
	return 0;
}
