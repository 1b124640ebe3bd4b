#include "ingest/identity.h"

#include <errno.h>
#include <unistd.h>

#include "tocsin/base/slice.h"

/* The hash of the first `size` bytes, of how many there are. */
static uint64_t hash_head(int fd, uint64_t size, uint64_t *taken)
{
	char head[IDENTITY_HEAD];
	ssize_t got;

	do
		got = pread(fd, head, size < IDENTITY_HEAD ? (size_t)size : (size_t)IDENTITY_HEAD, 0);
	while (got < 0 && errno == EINTR);
	*taken = got > 0 ? (uint64_t)got : 0;
	return slice_hash((struct slice){ head, (size_t)*taken }, 0);
}

bool identity_take(struct identity *identity, int fd, uint64_t size)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return false;
	*identity = (struct identity){ .device = status.st_dev, .inode = status.st_ino };
	identity_grow(identity, fd, size);
	return true;
}

void identity_grow(struct identity *identity, int fd, uint64_t size)
{
	if (identity->head_size < IDENTITY_HEAD && identity->head_size < size)
		identity->head_hash = hash_head(fd, size, &identity->head_size);
}

bool identity_is_inode(const struct identity *identity, const struct stat *status)
{
	return identity->device == status->st_dev && identity->inode == status->st_ino;
}

bool identity_has_head(const struct identity *identity, int fd)
{
	uint64_t taken;
	uint64_t hash = hash_head(fd, identity->head_size, &taken);

	return identity->head_size == 0 || (taken == identity->head_size && hash == identity->head_hash);
}
