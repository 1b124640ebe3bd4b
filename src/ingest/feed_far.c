/*
 * The connection to a far side: a client as a child, started again when it ends.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "ingest/far.h"
#include "ingest/source.h"

#define RETRY_FIRST TIMESTAMP_SECOND
#define RETRY_LONGEST (60 * TIMESTAMP_SECOND)
#define TRIES 3 /* without success, where nothing is followed */
#define OUT_MAXIMUM ((size_t)8 << 20)

struct far_feed {
	struct feed feed;
	struct far *far;
	struct child *child; /* NULL between two connections */
	int timer;           /* readable when it is time to try again */
	int64_t first_delay;
	int64_t delay;   /* before the next try */
	int64_t cut_at;  /* when the connection broke, or TIMESTAMP_NONE */
	unsigned failed; /* tries in a row */
	bool got;        /* something over this connection */
	bool ended;
	bool complete; /* the end was the far side's own */
	size_t given;  /* of far->out */
	struct error verdict;
};

void far_argument(struct far *far, const char *format, ...)
{
	char text[8192];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	buffer_append(&far->arguments, text, strlen(text) + 1);
	far->argument_count++;
}

/* --- connecting --------------------------------------------------------------------------------------------------- */

static int connect_far(struct far_feed *feed, struct error *error)
{
	struct far *far = feed->far;
	const char *arguments[FAR_MAXIMUM_ARGUMENTS + 1] = { NULL };
	const char *next;

	buffer_clear(&far->arguments);
	far->argument_count = 0;
	far_argument(far, "%s", far->kind->client);
	far->kind->arguments(far);
	if (far->arguments.failed != 0 || far->argument_count > FAR_MAXIMUM_ARGUMENTS)
		return error_set(error, ERROR_MEMORY, "out of memory");
	next = far->arguments.data;
	for (size_t i = 0; i < far->argument_count; i++, next += strlen(next) + 1)
		arguments[i] = next;
	far->complaint[0] = '\0';
	far->kind->begin(far);
	feed->got = false;
	feed->child = child_create(arguments, far->kind->input, error);
	return feed->child != NULL ? 0 : (int)error->code;
}

static void wait_to_retry(struct far_feed *feed)
{
	struct itimerspec when = { 0 };

	if (feed->delay == 0)
		feed->delay = feed->first_delay;
	when.it_value.tv_sec = feed->delay / TIMESTAMP_SECOND;
	when.it_value.tv_nsec = feed->delay % TIMESTAMP_SECOND;
	timerfd_settime(feed->timer, 0, &when, NULL);
}

/* The connection is over, for the reason given. */
static void lose(struct far_feed *feed, const struct error *reason)
{
	char delay[32];

	if (feed->cut_at == TIMESTAMP_NONE)
		feed->cut_at = source_wall_clock();
	feed->failed = feed->got ? 1 : feed->failed + 1;
	if (!feed->far->follows && feed->failed >= TRIES) {
		feed->ended = true;
		error_set(&feed->verdict, ERROR_SYSTEM, "%s: %s", feed->far->kind->client, reason->text);
		return;
	}
	wait_to_retry(feed);
	feed->feed.is_cut = true;
	error_set(&feed->feed.news, ERROR_SYSTEM, "%s: %s; trying again in %s", feed->far->kind->client, reason->text,
		duration_format(feed->delay, delay));
	feed->delay = 2 * feed->delay < RETRY_LONGEST ? 2 * feed->delay : RETRY_LONGEST;
}

static void end_connection(struct far_feed *feed)
{
	struct error reason = { 0 };
	int status = 0;
	bool known = child_verdict(feed->child, &status, &reason);

	feed->far->kind->end(feed->far);
	if (feed->far->complaint[0] != '\0')
		error_set(&reason, ERROR_SYSTEM, "%s", feed->far->complaint);
	child_destroy(feed->child);
	feed->child = NULL;
	if (!feed->far->follows && known && status == 0) {
		feed->ended = feed->complete = true;
		return;
	}
	lose(feed, &reason);
}

static void retry(struct far_feed *feed)
{
	struct error reason = { 0 };
	uint64_t expirations;

	if (read(feed->timer, &expirations, sizeof(expirations)) <= 0)
		return;
	if (connect_far(feed, &reason) != 0)
		lose(feed, &reason);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* The first word after a break. */
static void tell_return(struct far_feed *feed)
{
	char away[32];

	feed->got = true;
	feed->failed = 0;
	feed->delay = 0;
	feed->feed.is_cut = false;
	if (feed->cut_at == TIMESTAMP_NONE)
		return;
	error_set(&feed->feed.news, ERROR_STATE, "%s: connected again after %s", feed->far->kind->client,
		duration_format(source_wall_clock() - feed->cut_at, away));
	feed->cut_at = TIMESTAMP_NONE;
}

static void read_client(struct far_feed *feed, char *chunk, size_t size)
{
	struct pollfd waits[FEED_WAITS];
	nfds_t count = child_waits(feed->child, waits);
	ssize_t got;

	if (poll(waits, count, 0) <= 0)
		return;
	child_take_complaints(feed->child);
	if (waits[0].revents == 0)
		return;
	got = read(waits[0].fd, chunk, size);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		end_connection(feed);
		return;
	}
	feed->far->kind->take(feed->far, (struct slice){ chunk, (size_t)got });
	if (feed->far->complaint[0] == '\0')
		tell_return(feed);
}

static int64_t give(struct far_feed *feed, char *out, size_t size)
{
	struct buffer *ready = &feed->far->out;
	struct slice piece = slice_first(slice_from(buffer_slice(ready), feed->given), size);

	if (piece.size > 0)
		memcpy(out, piece.data, piece.size);
	feed->given += piece.size;
	if (feed->given == ready->size) {
		buffer_clear(ready);
		feed->given = 0;
	}
	return (int64_t)piece.size;
}

static int64_t read_far(struct feed *base, char *out, size_t size)
{
	struct far_feed *feed = (struct far_feed *)base;
	int64_t got = give(feed, out, size);

	if (got > 0)
		return got;
	if (feed->child != NULL)
		read_client(feed, out, size);
	else if (!feed->ended)
		retry(feed);
	if (feed->far->remark.code != 0) {
		feed->feed.news = feed->far->remark;
		feed->far->remark = (struct error){ 0 };
	}
	got = give(feed, out, size);
	return got == 0 && feed->ended ? FEED_ENDED : got;
}

static size_t wait_for_far(const struct feed *base, struct pollfd waits[FEED_WAITS])
{
	const struct far_feed *feed = (const struct far_feed *)base;

	if (feed->child != NULL)
		return child_waits(feed->child, waits);
	waits[0] = (struct pollfd){ .fd = feed->timer, .events = POLLIN };
	return feed->ended ? 0 : 1;
}

static int judge(struct feed *base, struct error *sentence)
{
	const struct far_feed *feed = (const struct far_feed *)base;

	if (feed->complete)
		return 0;
	*sentence = feed->verdict;
	return sentence->code;
}

static void destroy(struct feed *base)
{
	struct far_feed *feed = (struct far_feed *)base;

	child_destroy(feed->child);
	buffer_release(&feed->far->out);
	buffer_release(&feed->far->arguments);
	feed->far->kind->destroy(feed->far);
	if (feed->timer >= 0)
		close(feed->timer);
	free(feed);
}

static const struct feed_kind far_feed_kind = { read_far, wait_for_far, judge, destroy, .is_live = true };

struct feed *feed_of_far(struct far *far, const struct intake_options *options, struct error *error)
{
	struct far_feed *feed = calloc(1, sizeof(*feed));

	if (feed == NULL) {
		far->kind->destroy(far);
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	*feed = (struct far_feed){
		.feed.kind = &far_feed_kind,
		.far = far,
		.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
		.first_delay = options->retry > 0 ? options->retry : RETRY_FIRST,
		.cut_at = TIMESTAMP_NONE,
	};
	far->follows = options->follow;
	buffer_init(&far->out, OUT_MAXIMUM);
	buffer_init(&far->arguments, 65536);
	if (feed->timer >= 0 && connect_far(feed, error) == 0)
		return &feed->feed;
	if (feed->timer < 0)
		error_set(error, ERROR_SYSTEM, "%s", strerrordesc_np(errno));
	destroy(&feed->feed);
	return NULL;
}
