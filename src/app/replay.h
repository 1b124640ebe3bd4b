/*
 * The clock of a replay: event time moves `speed` times as fast as the wall, from the beginning of the log to its end.
 */
#ifndef APP_REPLAY_H
#define APP_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

struct replay {
	bool active; /* the console was started with --replay */
	bool playing;
	double speed; /* 1/64 .. 65,536 */
	int64_t time; /* event time of the clock; TIMESTAMP_NONE before anything was read */
	int64_t wall; /* when it was last moved */
};

void replay_start(struct replay *replay, double speed);
/* Moves the clock on to `wall`, no further than `end`. Playing ends there once `complete` (the log does not grow any
 * more). */
void replay_tick(struct replay *replay, int64_t wall, int64_t begin, int64_t end, bool complete);
void replay_toggle(struct replay *replay, int64_t wall);
void replay_scale(struct replay *replay, double factor);
void replay_seek(struct replay *replay, int64_t time); /* also pauses: whoever jumps wants to look */

#endif
