/*
 * What the files of this room share: the loop itself.
 */
#ifndef TOCSIN_IO_INSIDE_H
#define TOCSIN_IO_INSIDE_H

#include "tocsin/io/loop.h"

#include <uv.h>

struct loop {
	uv_loop_t uv;
	uv_prepare_t before_wait;
	void (*on_wait)(void *context);
	void *wait_context;
	unsigned closing; /* handles that were stopped but not yet freed */
	unsigned pending; /* accepted jobs, of queues too, whose `done` has not been called */
	bool in_timer;    /* a timer's callback is running */
};

/* Closes a handle of libuv's that is an allocation of its own; it is freed when libuv lets go of it. */
void loop_close_handle(void *handle);

#endif
