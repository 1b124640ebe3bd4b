/*
 * A compressed file. Where it is broken the library drops its last block; then the command that packed it gives that.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ingest/child.h"
#include "ingest/feed.h"
#include "ingest/unpack.h"

struct packed_feed {
	struct feed feed;
	struct unpack *unpack;
	struct child *rescue; /* gives what the library would not of a broken file */
	uint64_t passed;      /* bytes of it that were given before */
	bool got;             /* something, ever */
};

static bool begin_rescue(struct packed_feed *packed)
{
	int fd;
	const char *command = unpack_rescue(packed->unpack, &fd, &packed->passed);

	if (command != NULL)
		packed->rescue = child_create((const char *const[]){ "/bin/sh", "-c", command, NULL }, fd, NULL);
	return packed->rescue != NULL;
}

/* Waits for it: it reads a file, as the library did. */
static int64_t read_rescue(struct packed_feed *packed, char *out, size_t size)
{
	for (;;) {
		struct pollfd waits[FEED_WAITS];
		nfds_t count = child_waits(packed->rescue, waits);
		size_t wanted = packed->passed > 0 && packed->passed < size ? (size_t)packed->passed : size;
		ssize_t got;

		if (poll(waits, count, -1) < 0 && errno != EINTR)
			return 0;
		child_take_complaints(packed->rescue);
		got = read(child_output(packed->rescue), out, wanted);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0 || packed->passed == 0)
			return got;
		packed->passed -= (uint64_t)got;
	}
}

static int64_t packed_read(struct feed *feed, char *out, size_t size)
{
	struct packed_feed *packed = (struct packed_feed *)feed;
	int64_t got = packed->rescue == NULL ? unpack_read(packed->unpack, out, size) : 0;

	if (got <= 0 && (packed->rescue != NULL || begin_rescue(packed)))
		got = read_rescue(packed, out, size);
	packed->got |= got > 0;
	return got > 0 ? got : FEED_ENDED;
}

static int packed_verdict(struct feed *feed, struct error *sentence)
{
	const struct packed_feed *packed = (const struct packed_feed *)feed;

	return unpack_verdict(packed->unpack, packed->got, sentence);
}

static void packed_destroy(struct feed *feed)
{
	struct packed_feed *packed = (struct packed_feed *)feed;

	child_destroy(packed->rescue);
	unpack_destroy(packed->unpack);
	free(packed);
}

static const struct feed_kind packed_kind = {
	.read = packed_read,
	.verdict = packed_verdict,
	.destroy = packed_destroy,
};

struct feed *feed_of_packed(struct unpack *unpack)
{
	struct packed_feed *packed = calloc(1, sizeof(*packed));

	if (packed == NULL) {
		unpack_destroy(unpack);
		return NULL;
	}
	packed->feed.kind = &packed_kind;
	packed->unpack = unpack;
	return &packed->feed;
}
