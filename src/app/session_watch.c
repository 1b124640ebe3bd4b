/*
 * Notices at once that a followed file has grown. Its folder is watched, which tells of rotation and re-creation too;
 * what no watch tells (NFS, more folders than are watched) the timer finds a little later.
 *
 * Where lines can go on, as a trace does, a moment is left for the rest of it.
 */
#include "app/session.h"

#include "app/paths.h"

#include <string.h>

#define SETTLE_MS 25

static void on_settled(void *context)
{
	struct session *session = context;
	loop_timer_stop(session->watch.settling);
	session->watch.settling = NULL;
	session_index_read(session);
}

/* In these every line is a record, as good as always. */
static bool has_single_lines(const struct snapshot_source *source)
{
	static const char *const formats[] = { "csv", "json", "logfmt", "access" };
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(source->format, formats[i]) == 0)
			return true;
	return false;
}

static bool is_single(const struct session *session, const char *name)
{
	for (size_t i = 0; name != NULL && i < session->index.sources.count; i++) {
		const struct snapshot_source *source = vector_at(&session->index.sources, i);
		if (strcmp(path_base(source->name), name) == 0)
			return has_single_lines(source);
	}
	return false;
}

static bool is_source(const struct session *session, const char *name)
{
	for (size_t i = 0; name != NULL && i < session->index.sources.count; i++) {
		const struct snapshot_source *source = vector_at(&session->index.sources, i);
		if (source->is_folder || strcmp(path_base(source->name), name) == 0)
			return true;
	}
	return name == NULL;
}

static void on_change(void *context, const char *name)
{
	struct session *session = context;
	if (session->quitting || !session->index.caught_up || !is_source(session, name))
		return;
	if (session->index.reading)
		session->index.again = true; /* it may have looked there already */
	else if (is_single(session, name))
		session_index_read(session);
	else if (session->watch.settling == NULL)
		session->watch.settling = loop_timer_start(session->loop, SETTLE_MS, 0, on_settled, session);
}

/* The folder of a file, or what a folder source names; "" for what has no place in the file system. */
static void folder_of(const struct snapshot_source *source, char out[PATH_SIZE])
{
	const char *colon = strchr(source->name, ':'), *slash = strrchr(source->name, '/');
	out[0] = '\0';
	if (strcmp(source->name, "-") == 0 || (colon != NULL && (slash == NULL || colon < slash)))
		return;
	if (source->is_folder)
		slice_copy(slice_of(source->name), out, PATH_SIZE);
	else if (slash == NULL)
		slice_copy(slice_of("."), out, PATH_SIZE);
	else if (slash == source->name)
		slice_copy(slice_of("/"), out, PATH_SIZE);
	else
		slice_copy((struct slice){ source->name, (size_t)(slash - source->name) }, out, PATH_SIZE);
}

static bool is_watched(const struct session_watch *watch, const char *folder)
{
	for (size_t i = 0; i < watch->count; i++)
		if (strcmp(watch->folders[i].name, folder) == 0)
			return true;
	return false;
}

void session_watch_sources(struct session *session)
{
	struct session_watch *watch = &session->watch;
	for (size_t i = 0; i < session->index.sources.count && watch->count < WATCHED_FOLDERS; i++) {
		struct watched_folder *free = &watch->folders[watch->count];
		folder_of(vector_at(&session->index.sources, i), free->name);
		if (session->scripted || free->name[0] == '\0' || is_watched(watch, free->name))
			continue;
		free->watch = loop_watch_start(session->loop, free->name, on_change, session);
		watch->count++; /* one that cannot be watched is not tried again */
	}
}

void session_watch_release(struct session *session)
{
	struct session_watch *watch = &session->watch;
	loop_timer_stop(watch->settling);
	for (size_t i = 0; i < watch->count; i++)
		loop_watch_stop(watch->folders[i].watch);
	*watch = (struct session_watch){ 0 };
}
