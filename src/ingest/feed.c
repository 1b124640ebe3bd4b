#include "ingest/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ingest/child.h"
#include "ingest/unpack.h"

struct feed {
	int fd;              /* -1 for a compressed file */
	const char *path;    /* of a named pipe that is opened again when its writer leaves */
	struct child *child; /* whose output `fd` is */
	struct unpack *unpack;
	bool got; /* something, ever */
};

struct feed *feed_of_descriptor(int fd, const char *path)
{
	struct feed *feed = calloc(1, sizeof(*feed));

	if (feed == NULL) {
		close(fd);
		return NULL;
	}
	feed->fd = fd;
	feed->path = path;
	return feed;
}

struct feed *feed_of_command(const char *command, struct error *error)
{
	struct feed *feed = calloc(1, sizeof(*feed));

	if (feed == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	feed->child = child_create(command, error);
	if (feed->child == NULL) {
		free(feed);
		return NULL;
	}
	feed->fd = child_output(feed->child);
	return feed;
}

struct feed *feed_of_packed(struct unpack *unpack)
{
	struct feed *feed = calloc(1, sizeof(*feed));

	if (feed == NULL) {
		unpack_destroy(unpack);
		return NULL;
	}
	feed->fd = -1;
	feed->unpack = unpack;
	return feed;
}

void feed_destroy(struct feed *feed)
{
	if (feed == NULL)
		return;
	if (feed->child != NULL)
		child_destroy(feed->child);
	else if (feed->fd >= 0)
		close(feed->fd);
	unpack_destroy(feed->unpack);
	free(feed);
}

/* The new end is opened before the old one is closed: at no time does a writer find nobody reading. */
static int64_t wait_for_another(struct feed *feed)
{
	int fd = open(feed->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return FEED_ENDED;
	close(feed->fd);
	feed->fd = fd;
	return FEED_PAUSED;
}

int64_t feed_read(struct feed *feed, char *out, size_t size)
{
	struct pollfd waits[2];
	nfds_t count;
	int64_t got;

	if (feed->unpack != NULL) {
		got = unpack_read(feed->unpack, out, size);
		feed->got |= got > 0;
		return got > 0 ? got : FEED_ENDED;
	}
	count = feed_waits(feed, waits);
	if (poll(waits, count, 0) <= 0)
		return 0;
	if (feed->child != NULL)
		child_take_complaints(feed->child);
	if (waits[0].revents == 0)
		return 0;
	got = read(feed->fd, out, size);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	feed->got |= got > 0;
	if (got > 0)
		return got;
	return feed->path != NULL ? wait_for_another(feed) : FEED_ENDED;
}

bool feed_is_live(const struct feed *feed)
{
	return feed->unpack == NULL;
}

size_t feed_waits(const struct feed *feed, struct pollfd waits[2])
{
	if (feed->fd < 0)
		return 0;
	waits[0] = (struct pollfd){ .fd = feed->fd, .events = POLLIN };
	if (feed->child == NULL || child_complaints(feed->child) < 0)
		return 1;
	waits[1] = (struct pollfd){ .fd = child_complaints(feed->child), .events = POLLIN };
	return 2;
}

/* A command that fails without a word has told nothing; one that spoke is read for what it said. */
int feed_verdict(struct feed *feed, struct error *sentence)
{
	int status;

	if (feed->unpack != NULL)
		return unpack_verdict(feed->unpack, sentence);
	if (feed->child == NULL || !child_verdict(feed->child, &status, sentence))
		return 0;
	return status != 0 && !feed->got ? ERROR_SYSTEM : 0;
}
