/*
 * Opening: what a name stands for, told by the name only where it must be, else by what is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/folder.h"
#include "ingest/glob.h"
#include "ingest/source.h"
#include "ingest/source_scheme.h"
#include "ingest/tape.h"
#include "ingest/unpack.h"

#define NESTING_MAXIMUM 3 /* archives within archives */
#define CLAIM_HEAD 4096

int source_refuse(struct source *source, int number, struct error *error)
{
	if (number == ENOENT)
		return error_set(error, ERROR_ABSENT, "%s: there is no such file", source->name);
	if (number == EACCES)
		return error_set(error, ERROR_SYSTEM, "%s: no permission to read it", source->name);
	return error_set(error, ERROR_SYSTEM, "%s: %s", source->name, strerrordesc_np(number));
}

static int refuse_memory(struct source *source, struct error *error)
{
	return error_set(error, ERROR_MEMORY, "%s: out of memory", source->name);
}

/* --- streams ---------------------------------------------------------------------------------------------------- */

static int start_stream(struct source *source, struct feed *feed, struct error *error)
{
	static const char *const folders[] = { "/var/tmp", "/tmp", NULL };

	if (feed == NULL)
		return error->code != 0 ? (int)error->code : refuse_memory(source, error);
	source->feed = feed;
	if (spool_init(&source->spool, folders, SPOOL_MAXIMUM) != 0)
		return error_set(error, ERROR_SYSTEM, "%s: nowhere to keep what is read: %s", source->name,
			strerrordesc_np(errno));
	pthread_mutex_lock(&source->lock);
	source->has_path = false;
	source->fd = source->spool.fd;
	source->now.limit = source->spool.limit;
	source->now.generation++;
	pthread_mutex_unlock(&source->lock);
	if (source->spool.in_memory)
		source_note(source, "no room on disk: the last 64 MiB are kept in memory");
	return 0;
}

static int open_scheme(struct source *source, const struct scheme *scheme, struct slice what, struct error *error)
{
	struct error local = { 0 };
	struct feed *feed = scheme->open(what, source->options, &local);

	if (feed == NULL)
		return error_set(error, local.code, "%s: %s", source->name, local.text);
	return start_stream(source, feed, error);
}

/* --- archives --------------------------------------------------------------------------------------------------- */

static size_t nesting_of(const struct source *source)
{
	size_t depth = 0;

	for (; source->parent != NULL; source = source->parent)
		depth += source->is_member;
	return depth;
}

static int start_collection(struct source *source, struct collection *collection, struct error *error)
{
	if (collection == NULL)
		return refuse_memory(source, error);
	source->collection = collection;
	source->now.format = collection->kind->name;
	return 0;
}

/* A compressed file is a stream, whose texts are in its spool; a tar brings forth its members. Takes over `fd`. */
static int open_packed(struct source *source, int fd, uint64_t origin, uint64_t size, struct error *error)
{
	struct unpack *unpack;
	int result;

	if (nesting_of(source) >= NESTING_MAXIMUM) {
		close(fd);
		return error_set(error, ERROR_INPUT, "%s: archives are opened %d deep, no deeper", source->name,
			NESTING_MAXIMUM);
	}
	unpack = unpack_create(fd, origin, size, error);
	if (unpack == NULL)
		return ERROR_MEMORY;
	if (unpack_is_tar(unpack))
		return start_collection(source, tape_create(unpack, source->budget), error);
	result = start_stream(source, feed_of_packed(unpack), error);
	source->spool.budget = source->budget;
	return result;
}

static bool is_packed(int fd, uint64_t origin, uint64_t size)
{
	char head[UNPACK_HEAD];
	ssize_t got = pread(fd, head, size < sizeof(head) ? (size_t)size : sizeof(head), (off_t)origin);

	return got > 0 && unpack_knows((struct slice){ head, (size_t)got });
}

/* --- files ------------------------------------------------------------------------------------------------------ */

static int open_regular(struct source *source, int fd, const struct stat *status, struct error *error)
{
	source->now.byte_at = status->st_mtim.tv_sec * TIMESTAMP_SECOND + status->st_mtim.tv_nsec;
	source->now.size = (uint64_t)status->st_size;
	identity_take(&source->identity, fd, 0);
	if (is_packed(fd, 0, source->now.size))
		return open_packed(source, fd, 0, UINT64_MAX, error);
	pthread_mutex_lock(&source->lock);
	source->fd = fd;
	source->now.generation++;
	pthread_mutex_unlock(&source->lock);
	return 0;
}

/* Not blocking: a named pipe without a writer must not hold up the caller. */
static int open_named(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static int open_descriptor(struct source *source, int fd, struct error *error)
{
	struct stat status;

	if (fstat(fd, &status) != 0) {
		close(fd);
		return source_refuse(source, errno, error);
	}
	if (S_ISREG(status.st_mode))
		return open_regular(source, fd, &status, error);
	if (!S_ISDIR(status.st_mode))
		return start_stream(source,
			feed_of_descriptor(fd,
				S_ISFIFO(status.st_mode) && source->has_path && source->options->follow ? source->name
													: NULL),
			error);
	close(fd);
	return start_collection(source, folder_create(source->name), error);
}

int source_open_path(struct source *source, struct error *error)
{
	int fd = open_named(source->name);

	if (fd >= 0)
		return open_descriptor(source, fd, error);
	if (errno != ENOENT || !glob_is(slice_of(source->name)))
		return source_refuse(source, errno, error);
	return start_collection(source, folder_create_glob(source->name), error);
}

/* --- from the name to the first bytes --------------------------------------------------------------------------- */

/* "loki:{app}": nothing of that kind will ever be a file. */
static bool has_scheme(struct slice name)
{
	return slice_find_byte(name, ':') < slice_find_byte(name, '/');
}

static int open_anything(struct source *source, struct error *error)
{
	const struct scheme *scheme;
	struct slice what;
	int result;
	int fd;

	if (strcmp(source->name, "-") == 0) {
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
		return fd >= 0 ? open_descriptor(source, fd, error) : source_refuse(source, errno, error);
	}
	if ((scheme = scheme_find(slice_of(source->name), &what)) != NULL)
		return open_scheme(source, scheme, what, error);
	source->has_path = true;
	result = source_open_path(source, error);
	if (result != ERROR_ABSENT || !source->options->follow || has_scheme(slice_of(source->name)))
		return result;
	source->now.state = INTAKE_GONE;
	source_note(source, "waiting: there is no such file yet");
	return 0;
}

/* Learns the format while opening, so that a fault shows at once. */
static int begin(struct source *source, struct error *error)
{
	char *sample;
	int result;

	if (source->collection != NULL || source->feed != NULL || source->now.size == 0)
		return 0;
	sample = malloc(FORMAT_SAMPLE_BYTES);
	if (sample == NULL)
		return refuse_memory(source, error);
	result = source_begin(source, sample, source->is_member || !source->options->follow, error);
	free(sample);
	return result < 0 ? result : 0;
}

/* Metrics lie among the logs: somebody else reads them by their name. */
static bool is_claimed(struct source *source)
{
	const struct intake_options *options = source->options;
	char head[CLAIM_HEAD];
	ssize_t got;
	const char *word;

	if (options->claim == NULL || options->format != NULL || !source->has_path || source->fd < 0)
		return false;
	got = pread(source->fd, head, sizeof(head), 0);
	word = got > 0 ? options->claim((struct slice){ head, (size_t)got }) : NULL;
	if (word == NULL)
		return false;
	close(source->fd);
	source->fd = -1;
	source->claimed = true;
	source->now.format = word;
	source->now.state = INTAKE_ENDED;
	return true;
}

static int conclude(struct source *source, int result, struct error *local, struct error *error)
{
	if (result == 0 && !is_claimed(source))
		result = begin(source, local);
	if (result < 0) {
		source_fail(source, local);
		return error_set(error, local->code, "%s", local->text);
	}
	source_show(source);
	return 0;
}

int source_open(struct source *source, struct error *error)
{
	struct error local = { 0 };
	int result = open_anything(source, &local);

	return conclude(source, result, &local, error);
}

int source_open_member(struct source *source, int fd, uint64_t origin, uint64_t size, struct error *error)
{
	struct error local = { 0 };
	int result = 0;

	source->is_member = true;
	source->now.byte_at = source->parent->now.byte_at;
	if (is_packed(fd, origin, size)) {
		int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);

		result = own >= 0 ? open_packed(source, own, origin, size, &local)
				  : source_refuse(source, errno, &local);
	} else {
		source->fd = fd;
		source->member_size = source->now.size = size;
		source->now.origin = origin;
	}
	return conclude(source, result, &local, error);
}
