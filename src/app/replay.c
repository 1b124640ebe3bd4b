#include "app/replay.h"

#include "tocsin/base/timestamp.h"

#define SPEED_LEAST (1.0 / 64)
#define SPEED_MOST 65536.0

static double bounded(double speed)
{
	if (speed < SPEED_LEAST)
		return SPEED_LEAST;
	return speed > SPEED_MOST ? SPEED_MOST : speed;
}

void replay_start(struct replay *replay, double speed)
{
	*replay = (struct replay){ .active = true, .playing = true, .speed = bounded(speed), .time = TIMESTAMP_NONE };
}

void replay_tick(struct replay *replay, int64_t wall, int64_t begin, int64_t end, bool complete)
{
	if (replay->time == TIMESTAMP_NONE) {
		replay->time = begin;
		replay->wall = wall;
	}
	int64_t passed = wall - replay->wall;
	replay->wall = wall;
	if (!replay->playing)
		return;
	double on = (double)passed * replay->speed;
	replay->time = on >= (double)(end - replay->time) ? end : replay->time + (int64_t)on;
	if (replay->time >= end && complete)
		replay->playing = false;
}

void replay_toggle(struct replay *replay, int64_t wall)
{
	replay->playing = !replay->playing;
	replay->wall = wall;
}

void replay_scale(struct replay *replay, double factor)
{
	replay->speed = bounded(replay->speed * factor);
}

void replay_seek(struct replay *replay, int64_t time)
{
	replay->time = time;
	replay->playing = false;
}
