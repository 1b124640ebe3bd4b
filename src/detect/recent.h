/*
 * The last N moments of something, to ask whether N of them fell within a window.
 */
#ifndef DETECT_RECENT_H
#define DETECT_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECENT_MAXIMUM 10000

struct moment {
	int64_t time;
	uint64_t record;
	uint32_t service;
};

/* Zero-initialised is empty; memory comes with the first moment. The oldest moment makes room for the newest. */
struct recent {
	struct moment *items;
	uint32_t capacity;
	uint32_t count;
	uint32_t next;
};

void recent_release(struct recent *recent);

/* Adds one to a ring of `capacity` (at most RECENT_MAXIMUM, the same at every call). False when out of memory. */
bool recent_add(struct recent *recent, uint32_t capacity, struct moment moment);

/* Are there as many as it can hold, the oldest no more than `window` before `now`? */
bool recent_within(const struct recent *recent, int64_t now, int64_t window);

const struct moment *recent_at(const struct recent *recent, uint32_t index); /* 0 is the oldest; index < count */

#endif
