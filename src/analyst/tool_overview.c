/*
 * Tools that say what there is: services, templates, errors over time, who erred first.
 */
#include "analyst/tooling.h"

#include <stdlib.h>

#define HISTORY_STEPS 24
#define EXAMPLE_BYTES 300

static void write_service(struct call *call, uint32_t service, const struct level_counts *counts)
{
	struct tally tally = { .service = service, .template = QUERY_ALL, .level = LEVEL_TRACE };

	json_begin_object(&call->json);
	call_cite(call, scene_cite_count(&call->scene, &tally, call->extent, NULL));
	json_field_string(&call->json, "service", store_service_name(call->scene.store, service));
	json_field_u64(&call->json, "records", level_counts_total(counts));
	json_field_u64(&call->json, "warnings", counts->of[LEVEL_WARN]);
	json_field_u64(&call->json, "errors", level_counts_errors(counts));
	json_field_u64(&call->json, "fatal", counts->of[LEVEL_FATAL]);
	json_end_object(&call->json);
	call->shown++;
}

int tool_overview(struct call *call)
{
	uint32_t known = store_service_count(call->scene.store);
	struct level_counts *counts = calloc((size_t)known + 1, sizeof(*counts));

	if (!counts)
		return ERROR_MEMORY;
	query_service_histograms(call->scene.store, call->scene.horizon, call->extent, 1, known, counts);
	call_begin(call, call->extent);
	for (uint32_t service = 0; service < known; service++) {
		if (level_counts_total(&counts[service]) == 0)
			continue;
		call->total++;
		if (call->shown < TOOL_ITEMS)
			write_service(call, service, &counts[service]);
	}
	call_end(call, NULL);
	free(counts);
	return 0;
}

/* --- templates ---------------------------------------------------------------------------------------------------- */

struct listed {
	uint32_t template;
	uint64_t first, count;
};

static int earlier(const void *a, const void *b)
{
	const struct listed *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

static void write_template(struct call *call, const struct listed *listed)
{
	const struct scene *scene = &call->scene;
	struct record record;
	struct store_text text;
	bool readable = scene_read(scene, listed->first, &record, &text);

	json_begin_object(&call->json);
	call_cite(call, evidence_add_line(scene->book, scene->store, scene->reader, listed->first));
	json_field_u64(&call->json, "template", listed->template);
	json_field_u64(&call->json, "count", listed->count);
	json_field_time(&call->json, "first", store_time(scene->store, listed->first));
	json_key(&call->json, "new");
	json_bool(&call->json, store_template_first(scene->store, listed->template) == listed->first);
	if (readable) {
		json_field_string(&call->json, "service", store_service_name(scene->store, record.service));
		json_field_text(&call->json, "level", level_name(record.level));
		json_field_string(&call->json, "example", slice_first(text.message, EXAMPLE_BYTES));
	}
	json_end_object(&call->json);
	call->shown++;
}

static int list_templates(struct call *call, uint32_t service, struct window window, struct vector *list)
{
	const struct scene *scene = &call->scene;
	uint32_t known = store_template_count(scene->store);
	uint64_t *counts = calloc((size_t)known + 1, sizeof(*counts)),
		 *firsts = calloc((size_t)known + 1, sizeof(*firsts));

	for (uint32_t i = 0; firsts && i < known; i++)
		firsts[i] = UINT64_MAX;
	if (counts && firsts)
		query_template_counts(scene->store, scene->horizon, window, service, LEVEL_WARN, known, counts, firsts);
	for (uint32_t i = 0; counts && firsts && i < known; i++) {
		struct listed *listed = counts[i] ? vector_push(list) : NULL;

		if (listed)
			*listed = (struct listed){ i, firsts[i], counts[i] };
	}
	vector_sort(list, earlier);
	free(firsts);
	free(counts);
	return counts && firsts ? 0 : ERROR_MEMORY;
}

int tool_templates(struct call *call)
{
	struct vector list;
	struct window window;
	uint32_t service;
	int result = call_window(call, &window);

	if (!result)
		result = call_service(call, &service);
	if (result)
		return result;
	vector_init(&list, sizeof(struct listed), UINT32_MAX);
	result = list_templates(call, service, window, &list);
	call->total = list.count;
	call_begin(call, window);
	for (size_t i = 0; i < list.count && i < call_limit(call) && call->json.out->size < TOOL_RESULT; i++)
		write_template(call, vector_at(&list, i));
	call_end(call, list.count ? NULL : "nothing of WARN or worse was logged in this window");
	vector_release(&list);
	return result;
}

/* --- errors in time ----------------------------------------------------------------------------------------------- */

int tool_error_history(struct call *call)
{
	struct level_counts counts[HISTORY_STEPS] = { 0 };
	struct tally tally = { .template = QUERY_ALL, .level = LEVEL_ERROR };
	struct window window;
	int result = call_window(call, &window);

	if (!result)
		result = call_service(call, &tally.service);
	if (!result && tally.service == QUERY_ALL)
		result = error_set(call->error, ERROR_INPUT, "\"service\" is missing; overview lists them");
	if (result)
		return result;
	int64_t step = time_apart(window.from, window.to) / HISTORY_STEPS + 1;
	query_histogram(call->scene.store, call->scene.horizon, window, tally.service, HISTORY_STEPS, counts);
	call_begin(call, window);
	for (int i = 0; i < HISTORY_STEPS; i++) {
		struct window part = { time_shift(window.from, step * i), time_shift(window.from, step * (i + 1)) };

		part.to = part.to < window.to ? part.to : window.to;
		if (level_counts_errors(&counts[i]) == 0 || part.from >= part.to)
			continue;
		json_begin_object(&call->json);
		call_cite(call, scene_cite_count(&call->scene, &tally, part, NULL));
		json_field_time(&call->json, "from", part.from);
		json_field_u64(&call->json, "errors", level_counts_errors(&counts[i]));
		json_end_object(&call->json);
		call->shown++;
	}
	call->total = call->shown;
	call_end(call, call->shown ? "steps without an error are left out" : "no error of this service in the window");
	return 0;
}

int tool_first_errors(struct call *call)
{
	const struct scene *scene = &call->scene;
	uint32_t known = store_service_count(scene->store);
	bool *seen = calloc((size_t)known + 1, sizeof(*seen));
	struct window window;
	int result = seen ? call_window(call, &window) : ERROR_MEMORY;

	if (result) {
		free(seen);
		return result;
	}
	call_begin(call, window);
	for (uint64_t id = query_find_time(scene->store, scene->horizon, window.from); id < scene->horizon.records;
		id++) {
		struct record record;
		struct store_text text;

		store_record(scene->store, id, &record);
		if (!level_is_error(record.level) || record.time < window.from || record.time >= window.to ||
			seen[record.service])
			continue;
		seen[record.service] = true;
		call->total++;
		if (call->shown >= call_limit(call) || !scene_read(scene, id, &record, &text))
			continue;
		json_begin_object(&call->json);
		call_cite(call, evidence_add_line(scene->book, scene->store, scene->reader, id));
		json_field_time(&call->json, "time", record.time);
		json_field_string(&call->json, "service", store_service_name(scene->store, record.service));
		json_field_string(&call->json, "message", slice_first(text.message, EXAMPLE_BYTES));
		json_end_object(&call->json);
		call->shown++;
	}
	call_end(call, call->total ? NULL : "no error in the window");
	free(seen);
	return 0;
}
