#include "ingest/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SPOOL_MINIMUM ((uint64_t)1 << 20) /* a smaller ring on disk is not worth it */
#define SPOOL_MEMORY ((uint64_t)64 << 20)
#define SPOOL_GRANT ((uint64_t)16 << 20) /* taken of a budget at a time */

/* A file without a name; where the file system knows no such thing, one whose name is taken away at once. */
static int open_unnamed(const char *folder)
{
	char path[256];
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	if ((size_t)snprintf(path, sizeof(path), "%s/tocsin-XXXXXX", folder) >= sizeof(path))
		return -1;
	fd = mkostemp(path, O_CLOEXEC); /* 0600 */
	if (fd >= 0)
		unlink(path);
	return fd;
}

static int open_memory(struct spool *spool)
{
	*spool = (struct spool){
		.fd = memfd_create("tocsin-spool", MFD_CLOEXEC), .limit = SPOOL_MEMORY, .in_memory = true
	};
	return spool->fd >= 0 ? 0 : ERROR_SYSTEM;
}

int spool_init(struct spool *spool, const char *const folders[], uint64_t maximum)
{
	for (size_t i = 0; folders[i] != NULL; i++) {
		int fd = open_unnamed(folders[i]);
		struct statvfs disk;
		uint64_t limit;

		if (fd < 0)
			continue;
		if (fstatvfs(fd, &disk) != 0) {
			close(fd);
			continue;
		}
		limit = (uint64_t)disk.f_bavail * (uint64_t)disk.f_frsize / 10;
		if (limit > maximum)
			limit = maximum;
		if (limit >= SPOOL_MINIMUM || limit == maximum) {
			*spool = (struct spool){ .fd = fd, .limit = limit };
			return 0;
		}
		close(fd);
	}
	return open_memory(spool);
}

void spool_release(struct spool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = -1;
}

/* The disk is full. What was written so far becomes the whole ring: overwriting needs no new blocks. */
static int shorten(struct spool *spool)
{
	struct spool memory;
	char piece[4096];
	int64_t size;

	if (spool->end > spool->limit)
		return ERROR_SYSTEM; /* the ring has gone round already, so this is another trouble */
	if (spool->end >= SPOOL_MINIMUM) {
		spool->limit = spool->end;
		spool->shortened = true;
		return 0;
	}
	if (open_memory(&memory) != 0)
		return ERROR_SYSTEM;
	while ((size = spool_pread(spool->fd, spool->limit, spool->end, piece, sizeof(piece), memory.end)) > 0)
		if (spool_append(&memory, (struct slice){ piece, (size_t)size }) != 0)
			break;
	if (memory.end != spool->end) {
		spool_release(&memory);
		return ERROR_SYSTEM;
	}
	spool_release(spool);
	*spool = memory;
	return 0;
}

/* May the file grow beyond `end`? */
static bool ask_budget(struct spool *spool)
{
	uint64_t left;

	if (spool->budget == NULL || spool->end < spool->granted || spool->end >= spool->limit)
		return true;
	left = atomic_load(&spool->budget->left);
	while (left >= SPOOL_GRANT)
		if (atomic_compare_exchange_weak(&spool->budget->left, &left, left - SPOOL_GRANT)) {
			spool->granted += SPOOL_GRANT;
			return true;
		}
	if (spool->granted >= SPOOL_MINIMUM)
		return false;
	spool->granted = SPOOL_MINIMUM;
	return true;
}

/* How many bytes may be written in one piece at `place`; 0 when a straight one is full. */
static uint64_t find_room(struct spool *spool, uint64_t *place)
{
	uint64_t room;

	if (!ask_budget(spool)) {
		if (spool->straight)
			return 0;
		spool->limit = spool->end;
		spool->shortened = true;
	}
	if (spool->straight && spool->end >= spool->limit)
		return 0;
	*place = spool->end % spool->limit;
	room = spool->limit - *place;
	if (spool->budget != NULL && spool->end < spool->limit && room > spool->granted - spool->end)
		room = spool->granted - spool->end;
	return room;
}

int spool_append(struct spool *spool, struct slice bytes)
{
	while (bytes.size > 0) {
		uint64_t place = 0;
		uint64_t room = find_room(spool, &place);
		size_t size = bytes.size < room ? bytes.size : (size_t)room;
		ssize_t written = size > 0 ? pwrite(spool->fd, bytes.data, size, (off_t)place) : 0;

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			if (spool->straight)
				return ERROR_FULL;
			if (spool->in_memory || shorten(spool) != 0)
				return ERROR_SYSTEM;
			continue;
		}
		spool->end += (uint64_t)written;
		bytes = slice_from(bytes, (size_t)written);
	}
	return 0;
}

int64_t spool_pread(int fd, uint64_t limit, uint64_t end, void *out, size_t size, uint64_t offset)
{
	size_t done = 0;

	if (offset > end || offset + limit < end)
		return -1;
	if (size > end - offset)
		size = (size_t)(end - offset);
	while (done < size) {
		uint64_t place = (offset + done) % limit;
		size_t piece = size - done < limit - place ? size - done : (size_t)(limit - place);
		ssize_t got = pread(fd, (char *)out + done, piece, (off_t)place);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	return (int64_t)done;
}
