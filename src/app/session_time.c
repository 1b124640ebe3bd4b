/*
 * What may be seen: the horizon. Live it is everything read; in a replay it is where the clock stands.
 */
#include "app/session.h"

#include <stdlib.h>

#define DETECT_BUDGET 50000

static void look_at(struct session *session, struct horizon horizon)
{
	uint64_t before = session->horizon.records;
	bool back = horizon.records < before;
	bool on = horizon.records > before;
	if (back && session->analyst.questions > 0)
		return; /* a question is reading the findings: going back waits for its answer */
	if (session->replay.active && on)
		session->unparsed += query_unparsed(session->incident.store, before, horizon.records);
	if (session->replay.active && back)
		session->unparsed -= query_unparsed(session->incident.store, horizon.records, before);
	session->horizon = horizon;
	if (back)
		session_time_back(session);
	if (back || on)
		session->dirty = true;
}

void session_time_back(struct session *session)
{
	detect_reset(session->incident.detect);
	session_analyst_forget(session);
	session_importance_forget(session);
}

static void detect_on(struct session *session)
{
	if (session->analyst.questions > 0)
		return; /* a question is reading the findings */
	if (session->context.is_fresh)
		detect_use_context(session->incident.detect, session->incident.context);
	session->context.is_fresh = false;
	uint64_t before = detect_seen(session->incident.detect);
	bool more = detect_advance(session->incident.detect, session->incident.store, session->horizon, DETECT_BUDGET);
	session->more = session->more || more;
	if (detect_seen(session->incident.detect) != before)
		session->dirty = true;
}

void session_time_turn(struct session *session)
{
	struct horizon all = horizon_all(session->incident.store);
	if (!query_extent(session->incident.store, all, &session->extent))
		session->extent = (struct window){ 0, 0 };
	if (!session->replay.active) {
		look_at(session, all);
	} else if (session->extent.from < session->extent.to) {
		bool was_playing = session->replay.playing;
		replay_tick(&session->replay, session_now(session), session->extent.from, session->extent.to - 1,
			session->index.caught_up);
		look_at(session, horizon_at(session->incident.store, session->replay.time));
		if (was_playing != session->replay.playing)
			session->dirty = true;
	}
	detect_on(session);
}

void session_time_seek(struct session *session, int64_t time)
{
	if (!session->replay.active || session->extent.from >= session->extent.to)
		return;
	if (time < session->extent.from)
		time = session->extent.from;
	if (time >= session->extent.to)
		time = session->extent.to - 1;
	replay_seek(&session->replay, time);
	session_time_turn(session);
	session->dirty = true;
}

/* To the time of the record `records` further: records of the same instant come together. */
void session_time_step(struct session *session, double records)
{
	uint64_t count = store_count(session->incident.store);
	uint64_t at = session->horizon.records;
	if (!session->replay.active || count == 0)
		return;
	if (records < 0) {
		at = at > 1 ? at - 2 : 0;
	} else if (at >= count) {
		return;
	}
	int64_t time = store_time(session->incident.store, at);
	while (time == TIMESTAMP_NONE && records > 0 && ++at < count)
		time = store_time(session->incident.store, at);
	if (time != TIMESTAMP_NONE)
		session_time_seek(session, records > 0 && time < session->replay.time ? session->replay.time : time);
}

static bool finding_after(const struct detect *detect, int64_t time, int64_t *found)
{
	for (size_t i = 0; i < detect_count(detect); i++) {
		if (detect_finding(detect, i)->raised > time) {
			*found = detect_finding(detect, i)->raised;
			return true;
		}
	}
	return false;
}

static bool finding_before(const struct detect *detect, int64_t time, int64_t *found)
{
	for (size_t i = detect_count(detect); i-- > 0;) {
		if (detect_finding(detect, i)->raised < time) {
			*found = detect_finding(detect, i)->raised;
			return true;
		}
	}
	return false;
}

/* The next finding lies beyond the horizon, so detectors of their own run ahead, in a worker; what they see besides its
 * time is thrown away. */
struct finding_job {
	struct session *session;
	struct detect *ahead;
	struct horizon horizon; /* how far they may look */
	int direction;
	int64_t from, found;
	bool any;
};

static void finding_work(void *context)
{
	struct finding_job *job = context;
	bool more = true;
	while (more && !(job->direction > 0 && job->any)) {
		more = detect_advance(job->ahead, job->session->incident.store, job->horizon, 4096);
		job->any = job->direction > 0 && finding_after(job->ahead, job->from, &job->found);
	}
	if (job->direction < 0)
		job->any = finding_before(job->ahead, job->from, &job->found);
}

static void finding_done(void *context)
{
	struct finding_job *job = context;
	struct session *session = job->session;
	session->seeking = false;
	if (job->any)
		session_time_seek(session, job->found);
	else
		session_say(session, false,
			job->direction > 0 ? "no further finding in this log" : "no finding before this");
	detect_destroy(job->ahead);
	free(job);
}

void session_time_finding(struct session *session, int direction)
{
	if (!session->replay.active || session->replay.time == TIMESTAMP_NONE || session->seeking)
		return;
	struct finding_job *job = calloc(1, sizeof *job);
	if (job == NULL)
		return;
	*job = (struct finding_job){
		.session = session,
		.ahead = detect_create(&session->incident.limits),
		.horizon = direction > 0 ? horizon_all(session->incident.store) : session->horizon,
		.direction = direction,
		.from = session->replay.time,
	};
	if (job->ahead == NULL || detect_use_context(job->ahead, session->incident.context) != 0 ||
		loop_work(session->loop, finding_work, finding_done, job) != 0) {
		detect_destroy(job->ahead);
		free(job);
		return;
	}
	session->seeking = true;
}
