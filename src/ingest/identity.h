/*
 * Which file is this? Its device and inode, and since inodes are used again, a hash of its first bytes.
 */
#ifndef TOCSIN_SRC_INGEST_IDENTITY_H
#define TOCSIN_SRC_INGEST_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#define IDENTITY_HEAD ((uint64_t)1024)

struct identity {
	dev_t device;
	ino_t inode;
	uint64_t
		head_size; /* bytes that went into the hash: while a file is short there are fewer than IDENTITY_HEAD */
	uint64_t head_hash;
};

/* Takes the identity of an open file of which `size` bytes are known to belong to it. */
bool identity_take(struct identity *identity, int fd, uint64_t size);
/* Takes in more of a head that was short. */
void identity_grow(struct identity *identity, int fd, uint64_t size);

bool identity_is_inode(const struct identity *identity, const struct stat *status);
/* Does the file begin with the bytes of the identity? True for an identity without a head. */
bool identity_has_head(const struct identity *identity, int fd);

#endif
