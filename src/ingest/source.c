/*
 * A source from its opening to its end, and what other threads may know of it.
 */
#include "ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ingest/source_scheme.h"
#include "ingest/stem.h"

/* --- what others see ------------------------------------------------------------------------------------------- */

void source_show(struct source *source)
{
	pthread_mutex_lock(&source->lock);
	source->now.read = source->now.base + source->position;
	source->seen = source->now;
	pthread_mutex_unlock(&source->lock);
}

void source_look(struct source *source, struct source_seen *seen)
{
	pthread_mutex_lock(&source->lock);
	*seen = source->seen;
	pthread_mutex_unlock(&source->lock);
	if (atomic_load(&source->closed) && seen->state != INTAKE_FAILED)
		seen->state = INTAKE_ENDED;
}

int source_borrow(struct source *source, struct source_seen *seen, int *fd, struct parser **parser)
{
	int result = 0;

	*fd = -1;
	*parser = NULL;
	pthread_mutex_lock(&source->lock);
	*seen = source->seen;
	if (source->recorder.parser == NULL || source->fd < 0)
		result = ERROR_ABSENT;
	else if ((*parser = parser_copy(source->recorder.parser)) == NULL)
		result = ERROR_MEMORY;
	else if ((*fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 3)) < 0)
		result = ERROR_SYSTEM;
	pthread_mutex_unlock(&source->lock);
	if (result != 0) {
		parser_destroy(*parser);
		*parser = NULL;
	}
	return result;
}

int64_t source_wall_clock(void)
{
	struct timespec wall;

	clock_gettime(CLOCK_REALTIME, &wall);
	return wall.tv_sec * TIMESTAMP_SECOND + wall.tv_nsec;
}

void source_note(struct source *source, const char *sentence)
{
	slice_copy(slice_of(sentence), source->now.notice, sizeof(source->now.notice));
}

int source_fail(struct source *source, struct error *error)
{
	source_note(source, error->text);
	source->now.state = INTAKE_FAILED;
	/* Nobody reads a stream that failed: left open it would stay readable for ever, and its writer would hang. */
	feed_destroy(source->feed);
	source->feed = NULL;
	source_show(source);
	return error->code;
}

/* --- birth and end ---------------------------------------------------------------------------------------------- */

struct source *source_create(
	struct slice name, struct slice below, const struct intake_options *options, struct spool_budget *budget)
{
	struct source *source = calloc(1, sizeof(*source));
	const struct scheme *scheme;
	struct slice what;

	if (source == NULL)
		return NULL;
	source->name = strndup(name.data != NULL ? name.data : "", name.size);
	if (source->name == NULL) {
		free(source);
		return NULL;
	}
	if (slice_is(name, "-"))
		snprintf(source->stem, sizeof(source->stem), "stdin");
	else if ((scheme = scheme_find(slice_of(source->name), &what)) != NULL)
		scheme->stem(what, source->stem, sizeof(source->stem));
	else
		stem_make(slice_of(source->name), below, source->stem, sizeof(source->stem));
	source->options = options;
	source->budget = budget;
	source_rules_find(options->rules, slice_of(source->name), &source->rule);
	source->recorder.shift = source->rule.shift;
	source->recorder.sample = source->rule.sample;
	source->fd = -1;
	source->spool.fd = -1;
	source->key = INT64_MIN;
	source->now.format = "";
	source->now.byte_at = source->now.line_at = source->now.line_time = TIMESTAMP_NONE;
	source->seen = source->now;
	pthread_mutex_init(&source->lock, NULL);
	return source;
}

struct source *source_create_child(struct source *owner, struct slice name, struct slice below)
{
	struct source *source = source_create(name, below, owner->options, owner->budget);

	if (source != NULL)
		source->parent = owner;
	return source;
}

void source_destroy(struct source *source)
{
	if (source == NULL)
		return;
	if (source->fd >= 0 && source->fd != source->spool.fd && !source->is_member)
		close(source->fd);
	spool_release(&source->spool);
	feed_destroy(source->feed);
	if (source->collection != NULL)
		source->collection->kind->destroy(source->collection);
	ahead_destroy(source->ahead);
	recorder_release(&source->recorder);
	pthread_mutex_destroy(&source->lock);
	free(source->name);
	free(source);
}

void source_close(struct source *source)
{
	atomic_store(&source->closed, true);
}

void source_let_go(struct source *source)
{
	feed_destroy(source->feed);
	source->feed = NULL;
}

bool finds_reserve(struct finds *finds)
{
	if (atomic_fetch_add(finds->taken, 1) < STORE_MAXIMUM_SOURCES)
		return true;
	atomic_fetch_sub(finds->taken, 1);
	return false;
}
