/*
 * What becomes of a file that is followed: it grows, is truncated, rotates, vanishes, comes back.
 *
 * Nobody tells; it is looked at whenever its end was reached, which works on file servers too. A rotated file keeps its
 * inode under another name, so the open descriptor reads what was still written to it; a file that was copied and
 * truncated has the rest in the copy. Both are read before the new beginning.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "ingest/source.h"

#define REST_SECONDS 1 /* an unfinished last line in a file left alone for longer is taken as it is */
#define ROTATIONS 16   /* NAME.1, NAME.2, ...: how far a file is looked for */
#define RETRIES 3
#define FAMILY_MAXIMUM 4096

static int64_t time_of(const struct timespec *time)
{
	return time->tv_sec * TIMESTAMP_SECOND + time->tv_nsec;
}

/* Was it last written a while ago? Clocks of file servers may be ahead of ours; then nobody can know, and waiting would
   not end. */
bool source_is_at_rest(const struct stat *status)
{
	int64_t age = source_wall_clock() / TIMESTAMP_SECOND - status->st_mtim.tv_sec;

	return age < 0 || age > REST_SECONDS;
}

/* Is the unfinished last record to be taken as it is? While a file is followed, only when it was left alone for a
   while. */
static bool tail_is_settled(struct source *source, const struct stat *status)
{
	bool unchanged = source->tail_seen == source->position;

	source->tail_seen = source->position;
	return !source->options->follow || (unchanged && source_is_at_rest(status));
}

/* --- other files of the same name --------------------------------------------------------------------------------- */

static int open_regular(const char *path, struct stat *status)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0 && fstat(fd, status) == 0 && S_ISREG(status->st_mode))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* NAME for 0, NAME.1 for 1, ... */
static const char *name_rotation(const struct source *source, int rank, char out[4096])
{
	int size =
		rank == 0 ? snprintf(out, 4096, "%s", source->name) : snprintf(out, 4096, "%s.%d", source->name, rank);

	return size < 4096 ? out : source->name;
}

/* How often was the open file rotated? -1 when it is not found under such a name. */
static int find_rank(const struct source *source)
{
	char path[4096];
	struct stat status;

	for (int rank = 0; rank <= ROTATIONS; rank++)
		if (stat(name_rotation(source, rank, path), &status) == 0 &&
			identity_is_inode(&source->identity, &status))
			return rank;
	return -1;
}

/* The file that was written next: not always the one that has the name now, for it may have been rotated more than
   once since it was looked at. *rank is its own. */
static int open_successor(const struct source *source, struct stat *status, int *rank)
{
	char path[4096];

	for (int try = 0; try < RETRIES; try++) {
		int ours = find_rank(source);
		int fd;

		*rank = ours > 0 ? ours - 1 : 0;
		fd = open_regular(name_rotation(source, *rank, path), status);
		if (find_rank(source) == ours)
			return fd;
		if (fd >= 0)
			close(fd); /* rotated again at this very moment */
	}
	return -1;
}

/* A copy that was made before the file was truncated, and holds what was not read yet. */
static int open_copy(const struct source *source)
{
	char path[4096];

	for (int rank = 1; source->has_path && source->identity.head_size > 0 && rank <= 2; rank++) {
		struct stat status;
		int fd = open_regular(name_rotation(source, rank, path), &status);

		if (fd >= 0 && !identity_is_inode(&source->identity, &status) &&
			(uint64_t)status.st_size > source->position && identity_has_head(&source->identity, fd))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

/* --- starting over ------------------------------------------------------------------------------------------------ */

static void remember(const struct source *source)
{
	struct identity *place;

	if (source->family == NULL)
		return;
	if (source->family->count == FAMILY_MAXIMUM)
		vector_remove(source->family, 0);
	place = vector_push(source->family);
	if (place != NULL)
		*place = source->identity;
}

/* Goes on at the same place of another file. */
static void swap_descriptor(struct source *source, int fd)
{
	pthread_mutex_lock(&source->lock);
	if (source->fd != fd && source->fd >= 0)
		close(source->fd);
	source->fd = fd;
	source->now.generation++;
	pthread_mutex_unlock(&source->lock);
}

/* The file's beginning is read anew, from `fd` (which may be the same). */
static void start_over(struct source *source, int fd, const char *sentence)
{
	remember(source);
	pthread_mutex_lock(&source->lock);
	parser_destroy(source->recorder.parser);
	source->recorder.parser = NULL;
	source->now.base += source->position;
	source->position = 0;
	pthread_mutex_unlock(&source->lock);
	swap_descriptor(source, fd);
	recorder_stop(&source->recorder);
	source->tail_seen = source->retried = 0;
	source->at_end = source->reads_copy = source->is_final = false;
	identity_take(&source->identity, fd, 0);
	source_note(source, sentence);
	source_show(source);
}

/* What is in the file now is not what was read. Whether the rest of it was saved is looked at first. */
static void begin_again(struct source *source, const char *sentence)
{
	int copy = source->reads_copy ? -1 : open_copy(source);

	if (copy >= 0) {
		source->reads_copy = true;
		source->at_end = false;
		swap_descriptor(source, copy);
		return;
	}
	if (source->recorder.parser == NULL && source->identity.head_size > 0)
		source->recorder.pending.lost++; /* a first line that had no end yet */
	source_finish_tail(source);
	start_over(source, source->fd, sentence);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

/* Nothing is there under the name, or something that cannot be read. */
static bool is_gone(struct source *source, const char *sentence)
{
	source->now.state = INTAKE_GONE;
	source_note(source, sentence);
	return false;
}

/* Nothing will be added to the file. True when there was something in it that had waited for its end. */
static bool take_everything(struct source *source)
{
	if (source->recorder.parser == NULL && !source->is_final && source->now.size > 0) {
		source->is_final = true;
		return true;
	}
	return source_finish_tail(source);
}

/* Another file stands at the path: the old one was read to its end, so go on with the new. */
static bool follow_replacement(struct source *source)
{
	struct stat status;
	int rank;
	int fd = open_successor(source, &status, &rank);

	if (fd < 0)
		return is_gone(source, "replaced by something that cannot be read");
	if (source->options->follow && rank == 0 && status.st_size == 0 && !source->reads_copy) {
		close(fd); /* whoever writes has not gone over to it yet */
		return false;
	}
	if (take_everything(source)) {
		close(fd);
		return true;
	}
	source->now.size = (uint64_t)status.st_size;
	start_over(source, fd,
		source->reads_copy ? "truncated: reading it from the beginning again"
				   : "replaced by a new file: reading that one");
	return true;
}

/* The end was reached and nothing has changed in the file: does it still have its name? */
static bool examine_name(struct source *source)
{
	bool was_gone = source->now.state == INTAKE_GONE;
	struct stat named;

	source->now.state = INTAKE_ENDED;
	if (!source->has_path)
		return false;
	if (stat(source->name, &named) != 0) {
		if (find_rank(source) > 1)
			return follow_replacement(source);
		return is_gone(source, "the file is gone: its records stay, and it is looked for again");
	}
	if (!identity_is_inode(&source->identity, &named))
		return follow_replacement(source);
	if (was_gone)
		source_note(source, "");
	return false;
}

/* Was the file changed since its end was last looked at? What was changed a moment ago may be changed again without
   another time to tell it. */
static bool was_touched(const struct source *source, const struct stat *here)
{
	return time_of(&here->st_ctim) != time_of(&source->left) || !source_is_at_rest(here);
}

static bool has_our_beginning(const struct source *source, const struct stat *here)
{
	return !source->at_end || !was_touched(source, here) || identity_has_head(&source->identity, source->fd);
}

bool source_confirm(struct source *source)
{
	struct stat here;

	if (source->now.limit != 0 || source->is_member || !source->at_end || fstat(source->fd, &here) != 0 ||
		has_our_beginning(source, &here))
		return true;
	begin_again(source, "written anew: reading it from the beginning");
	return false;
}

bool source_examine(struct source *source)
{
	struct stat here;

	if (fstat(source->fd, &here) != 0)
		return false;
	if (source->reads_copy)
		return follow_replacement(source);
	/* files of /proc and /sys have a size that says nothing: neither may be read round and round */
	if ((uint64_t)here.st_size < source->position && (uint64_t)here.st_size < source->now.size) {
		source->now.size = (uint64_t)here.st_size;
		begin_again(source, "truncated: reading it from the beginning again");
		return true;
	}
	source->now.size = (uint64_t)here.st_size;
	if (!has_our_beginning(source, &here)) {
		begin_again(source, "written anew: reading it from the beginning");
		return true;
	}
	if (source->now.size > source->position && source->recorder.parser != NULL && source->retried != source->position) {
		source->retried = source->position;
		return true; /* it grew since the last read */
	}
	identity_grow(&source->identity, source->fd, source->recorder.parser != NULL ? source->position : source->now.size);
	source->left = here.st_ctim;
	source->at_end = true;
	if (source->recorder.parser != NULL && framer_is_pending(&source->recorder.framer) && tail_is_settled(source, &here))
		return source_finish_tail(source);
	return examine_name(source);
}

/* --- waiting ------------------------------------------------------------------------------------------------------ */

bool source_appear(struct source *source)
{
	struct error error = { 0 };
	int result;

	if (!source->has_path)
		return false;
	result = source_open_path(source, &error);
	if (result == ERROR_ABSENT)
		return false;
	if (result != 0) {
		source_fail(source, &error);
		return false;
	}
	source->now.state = INTAKE_READING;
	source_note(source, "");
	return source->collection == NULL;
}

/* The same file again, or what stands in its place now, after the old descriptor has become useless (a file server that
   was away). */
bool source_lose(struct source *source, struct error *error)
{
	struct stat status;
	int fd = open_regular(source->name, &status);

	if (fd < 0)
		return is_gone(source, error->text);
	if (identity_has_head(&source->identity, fd) && (uint64_t)status.st_size >= source->position) {
		char byte;

		swap_descriptor(source, fd);
		source->identity.device = status.st_dev;
		source->identity.inode = status.st_ino;
		if (pread(fd, &byte, 1, (off_t)source->position) >= 0)
			return true;
		return is_gone(source, error->text);
	}
	source_finish_tail(source);
	start_over(source, fd, "replaced by a new file: reading that one");
	return true;
}
