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
	struct child *rescue; /* gives what the library would not of a broken file */
	uint64_t passed;      /* bytes of it that were given before */
	bool got;             /* something, ever */
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
	feed->child = child_create(command, -1, error);
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
	child_destroy(feed->rescue);
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

static bool begin_rescue(struct feed *feed)
{
	int fd;
	const char *command = unpack_rescue(feed->unpack, &fd, &feed->passed);

	if (command != NULL)
		feed->rescue = child_create(command, fd, NULL);
	return feed->rescue != NULL;
}

/* Waits for it: it reads a file, as the library did. */
static int64_t read_rescue(struct feed *feed, char *out, size_t size)
{
	for (;;) {
		struct pollfd waits[2] = {
			{ .fd = child_output(feed->rescue), .events = POLLIN },
			{ .fd = child_complaints(feed->rescue), .events = POLLIN },
		};
		size_t wanted = feed->passed > 0 && feed->passed < size ? (size_t)feed->passed : size;
		ssize_t got;

		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			return 0;
		child_take_complaints(feed->rescue);
		got = read(waits[0].fd, out, wanted);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0 || feed->passed == 0)
			return got;
		feed->passed -= (uint64_t)got;
	}
}

static int64_t read_packed(struct feed *feed, char *out, size_t size)
{
	int64_t got = feed->rescue == NULL ? unpack_read(feed->unpack, out, size) : 0;

	if (got <= 0 && (feed->rescue != NULL || begin_rescue(feed)))
		got = read_rescue(feed, out, size);
	feed->got |= got > 0;
	return got > 0 ? got : FEED_ENDED;
}

int64_t feed_read(struct feed *feed, char *out, size_t size)
{
	struct pollfd waits[2];
	nfds_t count;
	int64_t got;

	if (feed->unpack != NULL)
		return read_packed(feed, out, size);
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
		return unpack_verdict(feed->unpack, feed->got, sentence);
	if (feed->child == NULL || !child_verdict(feed->child, &status, sentence))
		return 0;
	return status != 0 && !feed->got ? ERROR_SYSTEM : 0;
}
