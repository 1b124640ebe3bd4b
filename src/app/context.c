/*
 * The files beside the log: those that the settings name, and those found among the sources.
 */
#include "app/incident.h"

#include <string.h>

static const struct {
	enum setting setting;
	enum context_kind kind;
} flags[] = {
	{ SETTING_METRICS, CONTEXT_METRICS },
	{ SETTING_TRACES, CONTEXT_TRACES },
	{ SETTING_CHANGES, CONTEXT_CHANGES },
	{ SETTING_ALERT, CONTEXT_ALERTS },
	{ SETTING_TOPOLOGY, CONTEXT_TOPOLOGY },
	{ SETTING_RUNBOOKS, CONTEXT_RUNBOOKS },
};

const char *context_claim(struct slice head)
{
	enum context_kind kind = context_recognize(head);

	return kind == CONTEXT_NONE ? NULL : context_kind_name(kind);
}

static enum context_kind kind_of(const char *name)
{
	int kind = CONTEXT_NONE + 1;

	while (kind < CONTEXT_KIND_COUNT && strcmp(name, context_kind_name((enum context_kind)kind)) != 0)
		kind++;
	return kind < CONTEXT_KIND_COUNT ? (enum context_kind)kind : CONTEXT_NONE;
}

static void read_claimed(const struct intake *intake, const struct zone *zone, struct context *context)
{
	for (size_t i = 0; i < intake_source_count(intake); i++) {
		struct intake_status status;
		char path[4096];

		intake_status(intake, i, &status);
		if (!status.claimed || slice_copy(status.name, path, sizeof path) != status.name.size)
			continue;
		context_read(context, kind_of(status.format), path, zone, NULL);
	}
}

size_t context_claimed(const struct intake *intake)
{
	size_t count = 0;

	for (size_t i = 0; i < intake_source_count(intake); i++) {
		struct intake_status status;

		intake_status(intake, i, &status);
		count += status.claimed;
	}
	return count;
}

void context_wishes_from(const struct settings *settings, const struct zone *zone, struct context_wishes *wishes)
{
	memset(wishes, 0, sizeof *wishes);
	wishes->zone = *zone;
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		slice_copy(slice_of(settings_text(settings, flags[i].setting)), wishes->paths[flags[i].kind],
			sizeof wishes->paths[0]);
}

int context_gather(const struct context_wishes *wishes, const struct intake *intake, struct context *context)
{
	for (int kind = CONTEXT_NONE + 1; kind < CONTEXT_KIND_COUNT; kind++)
		if (wishes->paths[kind][0] != '\0')
			context_read(context, (enum context_kind)kind, wishes->paths[kind], &wishes->zone, NULL);
	read_claimed(intake, &wishes->zone, context);
	return context_settle(context);
}

bool context_complain(const struct context *context)
{
	bool good = true;

	for (size_t i = 0; i < context->files.count; i++) {
		const struct context_file *file = vector_at(&context->files, i);

		if (file->notice[0] != '\0')
			complain("%.*s: %s", (int)file->name.size, file->name.data, file->notice);
		good = good && !file->failed;
	}
	return good;
}
