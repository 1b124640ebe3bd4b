/*
 * The files beside the log that the settings name.
 */
#include "app/incident.h"

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

static bool read_one(struct context *context, enum context_kind kind, const char *path, const struct zone *zone)
{
	struct error error = { 0 };
	size_t before = context->files.count;

	if (context_read(context, kind, path, zone, &error) != 0) {
		complain("%s", error.text);
		return false;
	}
	if (before == context->files.count)
		return true;
	const struct context_file *file = vector_at(&context->files, before);
	if (file->notice[0] != '\0')
		complain("%s: %s", path, file->notice);
	return true;
}

bool context_from_settings(const struct settings *settings, const struct zone *zone, struct context *context)
{
	bool good = true;

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		const char *path = settings_text(settings, flags[i].setting);

		if (path != NULL && !read_one(context, flags[i].kind, path, zone))
			good = false;
	}
	if (context_settle(context) != 0) {
		complain("out of memory for metrics and traces");
		return false;
	}
	return good;
}
