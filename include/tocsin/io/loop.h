/*
 * The one loop of the program: files to watch, timers, signals, and workers that hand their results back to it.
 *
 * Everything interactive happens on the thread that runs the loop, which never blocks; work that may block (reading,
 * indexing, the database) goes to a worker. Callbacks get the context given at start. Handles are owned by the caller
 * and freed by their stop function; it is safe to stop a handle from its own callback. Only this room knows libuv.
 */
#ifndef TOCSIN_IO_LOOP_H
#define TOCSIN_IO_LOOP_H

#include "tocsin/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;

struct loop *loop_create(struct error *error);
void loop_destroy(struct loop *loop); /* runs pending closes; every handle must have been stopped */

/* Runs until loop_stop or until nothing is left to wait for. `before_wait` (may be NULL) is called each turn, before
   the loop goes to sleep: the place to draw. */
void loop_run(struct loop *loop, void (*before_wait)(void *context), void *context);
/* One turn: with `block` it waits for at least one event. Returns false when nothing is left to wait for. */
bool loop_turn(struct loop *loop, bool block);
void loop_stop(struct loop *loop);

int64_t loop_now(struct loop *loop); /* monotonic nanoseconds, as of this turn, in steps of a millisecond */

/* --- timers ---- */
struct loop_timer;
/* First after `delay` ms, then every `repeat` ms (0: once). */
struct loop_timer *loop_timer_start(
	struct loop *loop, uint64_t delay, uint64_t repeat, void (*on_time)(void *context), void *context);
void loop_timer_stop(struct loop_timer *timer); /* NULL is fine; frees */

/* --- readable descriptors (the keyboard) ---- */
struct loop_poll;
struct loop_poll *loop_poll_start(
	struct loop *loop, int descriptor, void (*on_readable)(void *context), void *context, struct error *error);
void loop_poll_stop(struct loop_poll *poll);

/* --- folders ---- */
struct loop_watch;
/* Tells when something in a folder is written, made, renamed or removed; `name` is what, NULL when that is not known.
   Some file systems tell nothing (NFS): whoever has to know looks from time to time too. NULL when it cannot be
   watched. */
struct loop_watch *loop_watch_start(
	struct loop *loop, const char *folder, void (*on_change)(void *context, const char *name), void *context);
void loop_watch_stop(struct loop_watch *watch); /* NULL is fine; frees */

/* --- signals ---- */
struct loop_signal;
struct loop_signal *loop_signal_start(
	struct loop *loop, int number, void (*on_signal)(void *context, int number), void *context);
void loop_signal_stop(struct loop_signal *signal);

/* --- work ---- */
/* Runs `work` in a worker, then `done` on the loop. Both get `context`, which belongs to the work until `done` is
   called. Every accepted job gets its `done`, also when the loop is ending. */
int loop_work(struct loop *loop, void (*work)(void *context), void (*done)(void *context), void *context);
unsigned loop_work_pending(const struct loop *loop); /* accepted jobs whose `done` has not been called */

/* --- a queue: jobs that must not overlap, run in order, each in a worker ---- */
struct loop_queue;
/* At most `maximum` waiting. With loop == NULL jobs run at once, in the caller: `work`, then `done`. */
struct loop_queue *loop_queue_create(struct loop *loop, size_t maximum);
int loop_queue_submit(struct loop_queue *queue, void (*work)(void *context), void (*done)(void *context),
	void *context); /* ERROR_FULL */
unsigned loop_queue_pending(const struct loop_queue *queue);
void loop_queue_destroy(struct loop_queue *queue); /* only when nothing is pending */

#endif
