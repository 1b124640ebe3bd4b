#include "ingest/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ingest/child.h"

/* --- whatever its kind ------------------------------------------------------------------------------------------- */

void feed_destroy(struct feed *feed)
{
	if (feed != NULL)
		feed->kind->destroy(feed);
}

int64_t feed_read(struct feed *feed, char *out, size_t size)
{
	return feed->kind->read(feed, out, size);
}

bool feed_is_live(const struct feed *feed)
{
	return feed->kind->is_live;
}

size_t feed_waits(const struct feed *feed, struct pollfd waits[FEED_WAITS])
{
	return feed->kind->waits != NULL ? feed->kind->waits(feed, waits) : 0;
}

int feed_verdict(struct feed *feed, struct error *sentence)
{
	return feed->kind->verdict != NULL ? feed->kind->verdict(feed, sentence) : 0;
}

bool feed_take_news(struct feed *feed, struct error *sentence)
{
	if (feed->news.code == 0)
		return false;
	*sentence = feed->news;
	feed->news = (struct error){ 0 };
	return true;
}

/* --- descriptors and commands ------------------------------------------------------------------------------------ */

struct pipe_feed {
	struct feed feed;
	int fd;
	const char *path;    /* of a named pipe that is opened again when its writer leaves */
	struct child *child; /* whose output `fd` is */
	bool got;            /* something, ever */
};

static size_t pipe_waits(const struct feed *feed, struct pollfd waits[FEED_WAITS])
{
	const struct pipe_feed *pipe = (const struct pipe_feed *)feed;

	if (pipe->child != NULL)
		return child_waits(pipe->child, waits);
	waits[0] = (struct pollfd){ .fd = pipe->fd, .events = POLLIN };
	return 1;
}

/* The new end is opened before the old one is closed: at no time does a writer find nobody reading. */
static int64_t wait_for_another(struct pipe_feed *pipe)
{
	int fd = open(pipe->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return FEED_ENDED;
	close(pipe->fd);
	pipe->fd = fd;
	return FEED_PAUSED;
}

static int64_t pipe_read(struct feed *feed, char *out, size_t size)
{
	struct pipe_feed *pipe = (struct pipe_feed *)feed;
	struct pollfd waits[FEED_WAITS];
	nfds_t count = pipe_waits(feed, waits);
	int64_t got;

	if (poll(waits, count, 0) <= 0)
		return 0;
	if (pipe->child != NULL)
		child_take_complaints(pipe->child);
	if (waits[0].revents == 0)
		return 0;
	got = read(pipe->fd, out, size);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	pipe->got |= got > 0;
	if (got > 0)
		return got;
	return pipe->path != NULL ? wait_for_another(pipe) : FEED_ENDED;
}

/* A command that fails without a word has told nothing; one that spoke is read for what it said. */
static int pipe_verdict(struct feed *feed, struct error *sentence)
{
	struct pipe_feed *pipe = (struct pipe_feed *)feed;
	int status;

	if (pipe->child == NULL || !child_verdict(pipe->child, &status, sentence))
		return 0;
	return status != 0 && !pipe->got ? ERROR_SYSTEM : 0;
}

static void pipe_destroy(struct feed *feed)
{
	struct pipe_feed *pipe = (struct pipe_feed *)feed;

	if (pipe->child != NULL)
		child_destroy(pipe->child);
	else
		close(pipe->fd);
	free(pipe);
}

static const struct feed_kind pipe_kind = { pipe_read, pipe_waits, pipe_verdict, pipe_destroy, .is_live = true };

struct feed *feed_of_descriptor(int fd, const char *path)
{
	struct pipe_feed *pipe = calloc(1, sizeof(*pipe));

	if (pipe == NULL) {
		close(fd);
		return NULL;
	}
	*pipe = (struct pipe_feed){ .feed.kind = &pipe_kind, .fd = fd, .path = path };
	return &pipe->feed;
}

struct feed *feed_of_command(const char *command, struct error *error)
{
	const char *const arguments[] = { "/bin/sh", "-c", command, NULL };
	struct pipe_feed *pipe = calloc(1, sizeof(*pipe));

	if (pipe == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	pipe->feed.kind = &pipe_kind;
	pipe->child = child_create(arguments, -1, error);
	if (pipe->child == NULL) {
		free(pipe);
		return NULL;
	}
	pipe->fd = child_output(pipe->child);
	return &pipe->feed;
}
