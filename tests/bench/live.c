/*
 * From write() to parsed: a line is appended to a followed CSV every 100 ms, noticed, read by a worker, parsed and
 * published, by the same pieces and in the same order as in the console (src/app/session_index.c, session_watch.c).
 * Prints p50, p99 and the worst of it in µs.
 *
 *   live [LINES]    200 if not told
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tocsin/ingest/intake.h"
#include "tocsin/io/loop.h"

#define EVERY 100 /* ms */
#define LINES 200

struct live {
	struct loop *loop;
	struct loop_queue *queue;
	struct store *store;
	struct intake *intake;
	struct batch *batch;
	struct loop_timer *writer;
	char folder[64], path[96];
	int file;
	bool reading, again;
	double begun, *times;
	size_t count, wanted;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void begin_read(struct live *live);

static void work(void *context)
{
	struct live *live = context;

	live->batch = intake_read(live->intake);
}

static void done(void *context)
{
	struct live *live = context;
	uint64_t before = store_count(live->store);
	bool again = live->batch != NULL || live->again;

	live->reading = live->again = false;
	if (live->batch != NULL)
		intake_publish(live->intake, live->batch);
	if (store_count(live->store) > before && live->begun > 0) {
		live->times[live->count++] = now() - live->begun;
		live->begun = 0;
	}
	if (live->count == live->wanted)
		loop_stop(live->loop);
	else if (again)
		begin_read(live);
}

static void begin_read(struct live *live)
{
	if (live->reading)
		return;
	live->reading = true;
	loop_queue_submit(live->queue, work, done, live);
}

static void on_change(void *context, const char *name)
{
	struct live *live = context;

	(void)name;
	live->again = live->reading;
	begin_read(live);
}

static void on_write(void *context)
{
	static const char line[] = "2025-05-17T20:00:00,gateway,INFO,GET /orders/80001 200 in 41 ms\n";
	struct live *live = context;

	live->begun = now();
	if (write(live->file, line, sizeof(line) - 1) < 0)
		loop_stop(live->loop);
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static int begin(struct live *live)
{
	static const char header[] = "timestamp,service,level,message\n2025-05-17T20:00:00,gateway,INFO,begin\n";
	struct intake_options options = { .follow = true };
	struct error error = { 0 };

	snprintf(live->folder, sizeof(live->folder), "/tmp/tocsin-live-XXXXXX");
	if (mkdtemp(live->folder) == NULL)
		return -1;
	snprintf(live->path, sizeof(live->path), "%s/live.csv", live->folder);
	live->file = open(live->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	live->times = calloc(live->wanted, sizeof(*live->times));
	live->loop = loop_create(&error);
	live->queue = loop_queue_create(live->loop, 4);
	live->store = store_create(NULL);
	live->intake = intake_create(live->store, &options);
	if (live->file < 0 || write(live->file, header, sizeof(header) - 1) < 0 ||
		intake_open(live->intake, slice_of(live->path), &error) != 0)
		return -1;
	begin_read(live);
	return 0;
}

int main(int argc, char **argv)
{
	struct live live = { .wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : LINES };
	struct loop_watch *watch;

	if (live.wanted == 0 || begin(&live) != 0) {
		fputs("live: cannot begin\n", stderr);
		return 1;
	}
	watch = loop_watch_start(live.loop, live.folder, on_change, &live);
	live.writer = loop_timer_start(live.loop, EVERY, EVERY, on_write, &live);
	loop_run(live.loop, NULL, NULL);
	loop_timer_stop(live.writer);
	loop_watch_stop(watch);
	while (loop_work_pending(live.loop) > 0)
		loop_turn(live.loop, true);
	qsort(live.times, live.count, sizeof(*live.times), by_value);
	if (live.count > 0)
		printf("%.0f %.0f %.0f\n", live.times[live.count / 2], live.times[live.count * 99 / 100],
			live.times[live.count - 1]);
	unlink(live.path);
	rmdir(live.folder);
	loop_queue_destroy(live.queue);
	loop_destroy(live.loop);
	intake_destroy(live.intake);
	store_destroy(live.store);
	close(live.file);
	free(live.times);
	return live.count == live.wanted ? 0 : 1;
}
