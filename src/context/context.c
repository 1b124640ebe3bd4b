#include "tocsin/context/context.h"

#include "context/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE 65536

static const char runbooks_format[] =
	"a folder of Markdown files (*.md). Each begins with a head between two lines ---: `match:` a regular "
	"expression that a message must fit, in any case, one a line, any of them; `service:` a glob; `title:` instead "
	"of the first heading.";

static const struct kind_row *const kind_rows[CONTEXT_KIND_COUNT] = {
	[CONTEXT_METRICS] = &context_metrics_kind,
	[CONTEXT_TRACES] = &context_traces_kind,
	[CONTEXT_CHANGES] = &context_changes_kind,
	[CONTEXT_ALERTS] = &context_alerts_kind,
	[CONTEXT_TOPOLOGY] = &context_topology_kind,
};

const struct kind_row *reader_kind(enum context_kind kind)
{
	return kind_rows[kind];
}

const char *context_kind_name(enum context_kind kind)
{
	if (kind == CONTEXT_RUNBOOKS)
		return "runbooks";
	return kind_rows[kind] != NULL ? kind_rows[kind]->name : "";
}

const char *context_kind_format(enum context_kind kind)
{
	if (kind == CONTEXT_RUNBOOKS)
		return runbooks_format;
	return kind_rows[kind] != NULL ? kind_rows[kind]->format : "";
}

struct context *context_create(void)
{
	struct context *context = calloc(1, sizeof(*context));
	struct context_text *text;

	if (context == NULL)
		return NULL;
	text = &context->text;
	int result = context_text_init(text);
	int metrics = metrics_init(&context->metrics, text);
	int traces = traces_init(&context->traces, text);
	int topology = topology_init(&context->topology, text);
	changes_init(&context->changes, text);
	alerts_init(&context->alerts, text);
	runbooks_init(&context->runbooks, text);
	vector_init(&context->files, sizeof(struct context_file), CONTEXT_FILES);
	if (result == 0 && metrics == 0 && traces == 0 && topology == 0 && context_settle(context) == 0)
		return context;
	context_destroy(context);
	return NULL;
}

void context_destroy(struct context *context)
{
	if (context == NULL)
		return;
	metrics_release(&context->metrics);
	traces_release(&context->traces);
	changes_release(&context->changes);
	alerts_release(&context->alerts);
	topology_release(&context->topology);
	runbooks_release(&context->runbooks);
	vector_release(&context->files);
	context_text_release(&context->text);
	free(context);
}

int context_settle(struct context *context)
{
	int result;

	metrics_settle(&context->metrics);
	changes_settle(&context->changes);
	alerts_settle(&context->alerts);
	result = traces_settle(&context->traces);
	return result == 0 ? topology_learn(&context->topology, &context->traces) : result;
}

bool context_is_empty(const struct context *context)
{
	return context->files.count == 0;
}

/* --- files ---- */

/* Into `take`, in pieces; -1 with errno. */
static int read_all(const char *path, void (*take)(void *target, struct slice piece), void *target)
{
	char *piece = malloc(PIECE);
	int fd = piece != NULL ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
	ssize_t got = fd < 0 ? -1 : 1;

	while (got > 0) {
		got = read(fd, piece, PIECE);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			take(target, (struct slice){ piece, (size_t)got });
	}
	int reason = errno;
	if (fd >= 0)
		close(fd);
	free(piece);
	errno = reason;
	return got < 0 ? -1 : 0;
}

static void take_for_reader(void *target, struct slice piece)
{
	context_reader_feed(target, piece);
}

static void take_for_buffer(void *target, struct slice piece)
{
	buffer_append_slice(target, piece);
}

static int cannot_read(struct error *error, const char *path)
{
	return error_set(error, errno == ENOENT ? ERROR_ABSENT : ERROR_SYSTEM, "%s: %s", path, strerrordesc_np(errno));
}

static int read_file(
	struct context *context, enum context_kind kind, const char *path, const struct zone *zone, struct error *error)
{
	struct context_reader *reader = context_reader_create(context, kind, slice_of(path), zone);
	const struct context_file *file;

	if (reader == NULL)
		return error_set(error, ERROR_MEMORY, "%s: out of memory", path);
	int result = read_all(path, take_for_reader, reader);
	if (result != 0) {
		reader_fail(reader, strerrordesc_np(errno));
		result = cannot_read(error, path);
	}
	file = context_reader_finish(reader);
	if (result == 0 && file != NULL && file->failed)
		result = error_set(
			error, ERROR_INPUT, "%s: no %s in it: %s", path, context_kind_name(kind), file->notice);
	return result;
}

/* --- runbooks ---- */

static int read_runbook(struct context *context, struct context_file *file, const char *path, const char *name)
{
	struct error error = { 0 };
	struct buffer text;
	int result;

	buffer_init(&text, RUNBOOK_BYTES);
	if (read_all(path, take_for_buffer, &text) != 0)
		result = error_set(&error, ERROR_SYSTEM, "%s", strerrordesc_np(errno));
	else if (text.failed != 0)
		result = error_set(&error, text.failed, "it has more than %d bytes", RUNBOOK_BYTES);
	else
		result = runbooks_add(&context->runbooks, slice_of(name), buffer_slice(&text), &error);
	buffer_release(&text);
	file->rows += result == 0;
	if (result != 0 && file->bad++ == 0)
		snprintf(file->notice, sizeof(file->notice), "%.80s: %.150s", name, error.text);
	return result;
}

static int is_runbook(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && slice_ends(slice_of(entry->d_name), ".md");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* One that is no folder is taken for a single runbook. */
static int list_runbooks(struct context *context, struct context_file *file, const char *path)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_runbook, by_name);

	if (count < 0 && errno != ENOTDIR)
		return -1;
	if (count < 0) {
		const char *slash = strrchr(path, '/');
		read_runbook(context, file, path, slash != NULL ? slash + 1 : path);
	}
	for (int i = 0; i < count; i++) {
		char below[4096];

		if (snprintf(below, sizeof(below), "%s/%s", path, entries[i]->d_name) < (int)sizeof(below))
			read_runbook(context, file, below, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

static int read_runbooks(struct context *context, const char *path, struct error *error)
{
	struct context_file spare = { 0 };
	struct context_file *file = vector_push(&context->files);
	int result = 0;

	file = file != NULL ? file : &spare;
	file->kind = CONTEXT_RUNBOOKS;
	context_text_copy(&context->text, slice_of(path), &file->name);
	if (list_runbooks(context, file, path) != 0) {
		snprintf(file->notice, sizeof(file->notice), "%s", strerrordesc_np(errno));
		result = cannot_read(error, path);
	} else if (file->rows == 0 && file->bad == 0) {
		snprintf(file->notice, sizeof(file->notice), "no *.md in it");
	}
	file->failed = file->rows == 0;
	if (result == 0 && file->failed)
		result = error_set(error, ERROR_INPUT, "%s: no runbooks: %s", path, file->notice);
	return result;
}

int context_read(
	struct context *context, enum context_kind kind, const char *path, const struct zone *zone, struct error *error)
{
	return kind == CONTEXT_RUNBOOKS ? read_runbooks(context, path, error)
					: read_file(context, kind, path, zone, error);
}
