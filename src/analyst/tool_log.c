/*
 * Tools over the lines of the log: searching and counting by a typed filter.
 */
#include "analyst/tooling.h"

#define LINE_BYTES 600 /* of a message in a result; the evidence holds more */

static void write_line(struct call *call, const struct record *record, struct slice message)
{
	const struct store *store = call->scene.store;

	json_begin_object(&call->json);
	call_cite(call, evidence_add_line(call->scene.book, store, call->scene.reader, record->id));
	json_field_time(&call->json, "time", record->time);
	json_field_string(&call->json, "service", store_service_name(store, record->service));
	json_field_text(&call->json, "level", level_name(record->level));
	json_field_u64(&call->json, "template", record->template);
	json_field_string(&call->json, "message", slice_first(message, LINE_BYTES));
	if (message.size > LINE_BYTES)
		json_field_u64(&call->json, "message_bytes", message.size);
	json_end_object(&call->json);
}

static void write_matches(struct call *call, struct filter *filter, struct window window)
{
	const struct scene *scene = &call->scene;
	size_t limit = call_limit(call);

	for (uint64_t id = query_find_time(scene->store, scene->horizon, window.from); id < scene->horizon.records;
		id++) {
		struct record record;
		struct store_text text;

		store_record(scene->store, id, &record);
		if (record.time < window.from || record.time >= window.to ||
			!filter_match(filter, scene->store, &record, scene->reader))
			continue;
		call->total++;
		if (call->shown >= limit || call->json.out->size > TOOL_RESULT ||
			!scene_read(scene, id, &record, &text))
			continue;
		write_line(call, &record, text.message);
		call->shown++;
	}
}

int tool_search_logs(struct call *call)
{
	struct filter *filter = NULL;
	struct window window;
	int result = call_window(call, &window);

	if (!result)
		result = call_filter(call, call_text(call, "filter"), &filter);
	if (result)
		return result;
	call_begin(call, window);
	write_matches(call, filter, window);
	call_end(call, call->total ? NULL : "no line matches: widen the window, or use fewer words");
	filter_destroy(filter);
	return 0;
}

int tool_count(struct call *call)
{
	struct slice text = call_text(call, "filter");
	struct filter *filter = NULL;
	struct window window;
	struct buffer sentence;
	uint64_t first;
	int result = call_window(call, &window);

	if (!result)
		result = call_filter(call, text, &filter);
	if (result)
		return result;
	filter_destroy(filter);
	scene_recount(&call->scene, text, window, &call->total, &first);
	call->shown = call->total;
	buffer_init(&sentence, SCENE_SENTENCE);
	say_plural(&sentence, call->total, "record");
	buffer_append_string(&sentence, " match ");
	say_quote(&sentence, text, 200);
	buffer_append_string(&sentence, ", ");
	say_window(&sentence, &call->scene, window);
	call_begin(call, window);
	json_begin_object(&call->json);
	call_cite(call,
		evidence_add_count(call->scene.book, call->scene.store, text, window, call->total, first,
			buffer_slice(&sentence)));
	json_field_u64(&call->json, "count", call->total);
	json_field_double(&call->json, "per_minute", (double)call->total / minutes_of(window));
	json_end_object(&call->json);
	call_end(call, NULL);
	buffer_release(&sentence);
	return 0;
}
