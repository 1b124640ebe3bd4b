/*
 * The loop over libuv. Each handle is one allocation that begins with libuv's own handle; stopping it closes that, and
 * the memory goes when libuv says that it is closed, which is what makes it safe to stop a handle in its own callback.
 */
#include "tocsin/io/loop.h"

#include "io/inside.h"

#include <assert.h>
#include <stdlib.h>

#define NANOSECONDS 1000000 /* in a millisecond */

struct loop_timer {
	uv_timer_t uv;
	void (*on_time)(void *context);
	void *context;
};

struct loop_poll {
	uv_poll_t uv;
	void (*on_readable)(void *context);
	void *context;
};

struct loop_watch {
	uv_fs_event_t uv;
	void (*on_change)(void *context, const char *name);
	void *context;
};

struct loop_signal {
	uv_signal_t uv;
	void (*on_signal)(void *context, int number);
	void *context;
};

static struct loop *loop_of(const uv_handle_t *handle)
{
	return handle->loop->data;
}

static void on_closed(uv_handle_t *handle)
{
	loop_of(handle)->closing--;
	if (handle->type != UV_PREPARE)
		free(handle);
}

void loop_close_handle(void *handle)
{
	loop_of(handle)->closing++;
	uv_close(handle, on_closed);
}

struct loop *loop_create(struct error *error)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	int result;

	if (loop == NULL) {
		error_set(error, ERROR_MEMORY, "There is no memory for the event loop.");
		return NULL;
	}
	result = uv_loop_init(&loop->uv);
	if (result != 0) {
		error_set(error, ERROR_SYSTEM, "The event loop cannot start: %s.", uv_strerror(result));
		free(loop);
		return NULL;
	}
	loop->uv.data = loop;
	uv_prepare_init(&loop->uv, &loop->before_wait); /* cannot fail */
	return loop;
}

void loop_destroy(struct loop *loop)
{
	int result;

	if (loop == NULL)
		return;
	while (loop->pending > 0)
		uv_run(&loop->uv, UV_RUN_ONCE);
	loop_close_handle(&loop->before_wait);
	while (loop->closing > 0)
		uv_run(&loop->uv, UV_RUN_NOWAIT);
	result = uv_loop_close(&loop->uv);
	assert(result == 0 && "a handle was not stopped");
	/* Memory that a forgotten handle points to is better lost than used. */
	if (result == 0)
		free(loop);
}

static void on_before_wait(uv_prepare_t *prepare)
{
	struct loop *loop = prepare->data;

	loop->on_wait(loop->wait_context);
}

void loop_run(struct loop *loop, void (*before_wait)(void *context), void *context)
{
	loop->on_wait = before_wait;
	loop->wait_context = context;
	loop->before_wait.data = loop;
	if (before_wait != NULL) {
		uv_prepare_start(&loop->before_wait, on_before_wait);
		uv_unref((uv_handle_t *)&loop->before_wait); /* drawing alone is no reason to go on */
	}
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_prepare_stop(&loop->before_wait);
}

bool loop_turn(struct loop *loop, bool block)
{
	return uv_run(&loop->uv, block ? UV_RUN_ONCE : UV_RUN_NOWAIT) != 0;
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

int64_t loop_now(struct loop *loop)
{
	return (int64_t)uv_now(&loop->uv) * NANOSECONDS;
}

/* --- timers ---- */

static void on_timer(uv_timer_t *uv)
{
	struct loop *loop = loop_of((uv_handle_t *)uv);
	struct loop_timer *timer = (struct loop_timer *)uv;

	loop->in_timer = true;
	timer->on_time(timer->context);
	loop->in_timer = false;
}

struct loop_timer *loop_timer_start(
	struct loop *loop, uint64_t delay, uint64_t repeat, void (*on_time)(void *context), void *context)
{
	struct loop_timer *timer = calloc(1, sizeof(*timer));

	if (timer == NULL)
		return NULL;
	timer->on_time = on_time;
	timer->context = context;
	uv_timer_init(&loop->uv, &timer->uv);
	/* libuv fires due timers until none is left: timers without delay that start one another would lock it up. */
	if (loop->in_timer && delay == 0)
		delay = 1;
	/* The delay counts from now, not from when this turn began. */
	uv_update_time(&loop->uv);
	uv_timer_start(&timer->uv, on_timer, delay, repeat);
	return timer;
}

void loop_timer_stop(struct loop_timer *timer)
{
	if (timer != NULL)
		loop_close_handle(timer);
}

/* --- readable descriptors ---- */

static void on_poll(uv_poll_t *uv, int status, int events)
{
	struct loop_poll *poll = (struct loop_poll *)uv;

	/* An error, too, is for the reader to find out by reading. */
	(void)status;
	(void)events;
	poll->on_readable(poll->context);
}

struct loop_poll *loop_poll_start(
	struct loop *loop, int descriptor, void (*on_readable)(void *context), void *context, struct error *error)
{
	struct loop_poll *poll = calloc(1, sizeof(*poll));
	int result;

	if (poll == NULL) {
		error_set(error, ERROR_MEMORY, "There is no memory to watch a descriptor.");
		return NULL;
	}
	poll->on_readable = on_readable;
	poll->context = context;
	result = uv_poll_init(&loop->uv, &poll->uv, descriptor);
	if (result != 0) {
		free(poll);
		error_set(error, ERROR_SYSTEM, "Descriptor %d cannot be watched: %s.", descriptor, uv_strerror(result));
		return NULL;
	}
	uv_poll_start(&poll->uv, UV_READABLE, on_poll);
	return poll;
}

void loop_poll_stop(struct loop_poll *poll)
{
	if (poll != NULL)
		loop_close_handle(poll);
}

/* --- folders ---- */

static void on_change(uv_fs_event_t *uv, const char *name, int events, int status)
{
	struct loop_watch *watch = (struct loop_watch *)uv;

	(void)events;
	if (status == 0)
		watch->on_change(watch->context, name);
}

struct loop_watch *loop_watch_start(
	struct loop *loop, const char *folder, void (*changed)(void *context, const char *name), void *context)
{
	struct loop_watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL)
		return NULL;
	watch->on_change = changed;
	watch->context = context;
	uv_fs_event_init(&loop->uv, &watch->uv);
	if (uv_fs_event_start(&watch->uv, on_change, folder, 0) != 0) {
		loop_close_handle(watch);
		return NULL;
	}
	return watch;
}

void loop_watch_stop(struct loop_watch *watch)
{
	if (watch != NULL)
		loop_close_handle(watch);
}

/* --- signals ---- */

static void on_signal_caught(uv_signal_t *uv, int number)
{
	struct loop_signal *signal = (struct loop_signal *)uv;

	signal->on_signal(signal->context, number);
}

struct loop_signal *loop_signal_start(
	struct loop *loop, int number, void (*on_signal)(void *context, int number), void *context)
{
	struct loop_signal *signal = calloc(1, sizeof(*signal));

	if (signal == NULL)
		return NULL;
	signal->on_signal = on_signal;
	signal->context = context;
	if (uv_signal_init(&loop->uv, &signal->uv) != 0) {
		free(signal);
		return NULL;
	}
	if (uv_signal_start(&signal->uv, on_signal_caught, number) != 0) {
		loop_close_handle(signal);
		return NULL;
	}
	return signal;
}

void loop_signal_stop(struct loop_signal *signal)
{
	if (signal != NULL)
		loop_close_handle(signal);
}
