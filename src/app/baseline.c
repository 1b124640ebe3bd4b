#include "app/baseline.h"

#include "app/incident.h"

static int read_all(
	struct baseline *baseline, const char *name, const struct context_wishes *wishes, struct error *error)
{
	struct batch *batch;
	int result = intake_open(baseline->intake, slice_of(name), error);

	while (result == 0 && (batch = intake_read(baseline->intake)) != NULL)
		if (intake_publish(baseline->intake, batch) == ERROR_MEMORY)
			result = error_set(error, ERROR_MEMORY, "the baseline %s: out of memory", name);
	if (result == 0 && store_count(baseline->store) == 0)
		result = error_set(error, ERROR_ABSENT, "the baseline %s holds no record", name);
	if (result != 0)
		return result;
	intake_merge_templates(baseline->intake);
	baseline->reader = intake_reader_create(baseline->intake);
	if (baseline->reader == NULL || context_gather(wishes, baseline->intake, baseline->context) != 0)
		return error_set(error, ERROR_MEMORY, "the baseline %s: out of memory", name);
	return 0;
}

int baseline_load(
	struct baseline *baseline, const char *name, const struct intake_options *options, struct error *error)
{
	struct context_wishes wishes = { .zone = options->zone }; /* what the flags name stands beside the incident */
	int result;

	*baseline = (struct baseline){ 0 };
	if (name == NULL)
		return 0;
	baseline->store = store_create(NULL);
	baseline->intake = baseline->store == NULL ? NULL : intake_create(baseline->store, options);
	baseline->context = context_create();
	if (baseline->intake == NULL || baseline->context == NULL)
		result = error_set(error, ERROR_MEMORY, "out of memory");
	else
		result = read_all(baseline, name, &wishes, error);
	if (result != 0)
		baseline_release(baseline);
	return result;
}

void baseline_release(struct baseline *baseline)
{
	intake_reader_destroy(baseline->reader);
	context_destroy(baseline->context);
	intake_destroy(baseline->intake);
	store_destroy(baseline->store);
	*baseline = (struct baseline){ 0 };
}
