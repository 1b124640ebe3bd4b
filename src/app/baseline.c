#include "app/baseline.h"

static int read_all(struct baseline *baseline, const char *name, struct error *error)
{
	struct batch *batch;
	int result = intake_open(baseline->intake, slice_of(name), error);

	while (result == 0 && (batch = intake_read(baseline->intake)) != NULL)
		if (intake_publish(baseline->intake, batch) == ERROR_MEMORY)
			result = error_set(error, ERROR_MEMORY, "the baseline %s: out of memory", name);
	if (result == 0 && store_count(baseline->store) == 0)
		result = error_set(error, ERROR_ABSENT, "the baseline %s holds no record", name);
	if (result == 0)
		intake_merge_templates(baseline->intake);
	return result;
}

int baseline_load(
	struct baseline *baseline, const struct settings *settings, const struct zone *zone, struct error *error)
{
	const char *name = settings_text(settings, SETTING_BASELINE);
	struct intake_options options = { .zone = *zone };
	int result;

	*baseline = (struct baseline){ 0 };
	if (name == NULL)
		return 0;
	baseline->store = store_create(NULL);
	baseline->intake = baseline->store == NULL ? NULL : intake_create(baseline->store, &options);
	if (baseline->intake == NULL)
		result = error_set(error, ERROR_MEMORY, "out of memory");
	else
		result = read_all(baseline, name, error);
	if (result != 0)
		baseline_release(baseline);
	return result;
}

void baseline_release(struct baseline *baseline)
{
	intake_destroy(baseline->intake);
	store_destroy(baseline->store);
	*baseline = (struct baseline){ 0 };
}
