/*
 * What loop.c and work.c share: the loop itself.
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

#endif
