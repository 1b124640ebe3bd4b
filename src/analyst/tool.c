/*
 * The table of tools, and what their calls share: arguments, windows, the frame of a result.
 */
#include "analyst/names.h"
#include "analyst/tooling.h"

#define ARGUMENTS_NONE "{\"type\":\"object\",\"properties\":{}}"
#define ARGUMENT_SERVICE "\"service\":{\"type\":\"string\",\"description\":\"name of one service\"}"
#define ARGUMENT_WINDOW                                                                                                \
	"\"from\":{\"type\":\"string\",\"description\":\"20:41, 20:41:07 or 2025-05-17T20:41:07Z\"},"                  \
	"\"to\":{\"type\":\"string\",\"description\":\"the end, not included\"}"
#define ARGUMENT_LIMIT "\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":100}"
#define ARGUMENT_FILTER                                                                                                \
	"\"filter\":{\"type\":\"string\",\"description\":\"words, \\\"phrases\\\", /regex/, service:a,b, "             \
	"level>=error, template:12, field.name=value, -negated, a | b; all must match\"}"
#define ARGUMENTS(properties) "{\"type\":\"object\",\"properties\":{" properties "}}"
#define ARGUMENTS_REQUIRED(properties, required)                                                                       \
	"{\"type\":\"object\",\"properties\":{" properties "},\"required\":[" required "]}"

static const struct row {
	struct tool tool;
	int (*run)(struct call *call);
} rows[] = {
	{ { "overview", "What is in the log: time span, levels, and each service with its records and errors.",
		  ARGUMENTS_NONE },
		tool_overview },
	{ { "search_logs", "Lines that match a filter, in order of time, each with its evidence id.",
		  ARGUMENTS_REQUIRED(ARGUMENT_FILTER "," ARGUMENT_WINDOW "," ARGUMENT_LIMIT, "\"filter\"") },
		tool_search_logs },
	{ { "count", "How many lines match a filter in a window, with an evidence id for the count.",
		  ARGUMENTS_REQUIRED(ARGUMENT_FILTER "," ARGUMENT_WINDOW, "\"filter\"") },
		tool_count },
	{ { "templates",
		  "Message templates of WARN and worse in a window, earliest first: count, first and last time, "
		  "whether "
		  "each is new, an example with its evidence id.",
		  ARGUMENTS(ARGUMENT_SERVICE "," ARGUMENT_WINDOW "," ARGUMENT_LIMIT) },
		tool_templates },
	{ { "error_history", "Errors of a service over time, in 24 equal steps, each step with its count.",
		  ARGUMENTS_REQUIRED(ARGUMENT_SERVICE "," ARGUMENT_WINDOW, "\"service\"") },
		tool_error_history },
	{ { "first_errors", "The first error of each service in order of time: who failed before whom.",
		  ARGUMENTS(ARGUMENT_WINDOW "," ARGUMENT_LIMIT) },
		tool_first_errors },
	{ { "metrics",
		  "Series of metrics of a service: median, when and how the level changed, up to 48 points each.",
		  ARGUMENTS(ARGUMENT_SERVICE
			  ",\"metric\":{\"type\":\"string\",\"description\":\"part of its name\"}," ARGUMENT_WINDOW
			  "," ARGUMENT_LIMIT) },
		tool_metrics },
	{ { "traces", "Spans of a service or of one trace: caller, duration, own time, failure.",
		  ARGUMENTS(ARGUMENT_SERVICE ",\"trace\":{\"type\":\"string\",\"description\":\"id of a trace\"},"
					     "\"only\":{\"type\":\"string\",\"enum\":[\"failed\"]}," ARGUMENT_WINDOW
					     "," ARGUMENT_LIMIT) },
		tool_traces },
	{ { "changes", "Commits, deploys and flags, the latest first, with files and difference.",
		  ARGUMENTS(ARGUMENT_SERVICE "," ARGUMENT_WINDOW "," ARGUMENT_LIMIT) },
		tool_changes },
	{ { "dependencies", "Who calls a service and whom it calls.", ARGUMENTS(ARGUMENT_SERVICE) }, tool_dependencies },
	{ { "runbook", "What the runbooks say to do about a message.",
		  ARGUMENTS_REQUIRED(ARGUMENT_SERVICE ",\"message\":{\"type\":\"string\"}", "\"message\"") },
		tool_runbook },
};

const struct tool *tool_at(size_t index)
{
	return index < sizeof(rows) / sizeof(rows[0]) ? &rows[index].tool : NULL;
}

const struct tool *tool_find(struct slice name)
{
	for (size_t i = 0; tool_at(i); i++)
		if (slice_is(name, tool_at(i)->name))
			return tool_at(i);
	return NULL;
}

static int run(const struct row *row, const struct analysis_input *input, const struct json_value *arguments,
	struct buffer *out, struct error *error)
{
	struct call call = {
		.tool = &row->tool,
		.input = input,
		.scene = { input->store, input->reader, input->horizon, input->zone, input->book, input->context },
		.arguments = arguments,
		.error = error,
	};
	int result;

	query_extent(input->store, input->horizon, &call.extent);
	json_init(&call.json, out);
	result = row->run(&call);
	return result ? result : out->failed;
}

int tool_run(const struct tool *tool, const struct analysis_input *input, struct slice arguments, struct buffer *out,
	struct error *error)
{
	struct json_document *document = json_parse(slice_trim(arguments).size ? arguments : slice_of("{}"));
	struct buffer text;
	int result;

	if (!document || json_value_kind(json_root(document)) != JSON_OBJECT) {
		json_document_free(document);
		return error_set(error, ERROR_INPUT, "the arguments of %s must be one JSON object", tool->name);
	}
	buffer_init(&text, (size_t)4 * TOOL_RESULT);
	result = run((const struct row *)tool, input, json_root(document), &text, error);
	if (!result)
		result = buffer_append_slice(out, buffer_slice(&text));
	buffer_release(&text);
	json_document_free(document);
	return result;
}

struct slice call_text(const struct call *call, const char *name)
{
	return slice_trim(json_value_string(json_member(call->arguments, name)));
}

size_t call_limit(const struct call *call)
{
	const struct json_value *value = json_member(call->arguments, "limit");
	double limit = 20;

	if (value && !json_value_number(value, &limit))
		limit = 20;
	return limit < 1 ? 1 : limit > TOOL_ITEMS ? TOOL_ITEMS : (size_t)limit;
}

int call_service(struct call *call, uint32_t *service)
{
	struct slice name = call_text(call, "service");
	uint32_t found[NAMES_MAXIMUM], nearest;

	*service = QUERY_ALL;
	if (name.size == 0)
		return 0;
	if (store_service_find(call->scene.store, name, service) == 0 && scene_knows(&call->scene, *service))
		return 0;
	if (names_match(&call->scene, name, found) == 1) {
		*service = found[0];
		return 0;
	}
	nearest = names_nearest(&call->scene, name);
	if (nearest == STORE_NO_CODE)
		return error_set(call->error, ERROR_INPUT, "there is no service \"%.*s\"; overview lists them",
			(int)slice_first(name, 80).size, name.data);
	name = slice_first(name, 80);
	return error_set(call->error, ERROR_INPUT, "there is no service \"%.*s\"; did you mean \"%.*s\"?",
		(int)name.size, name.data, (int)store_service_name(call->scene.store, nearest).size,
		store_service_name(call->scene.store, nearest).data);
}

int call_filter(struct call *call, struct slice text, struct filter **filter)
{
	struct filter_scope scope = {
		.store = call->scene.store, .now = call->scene.horizon.time, .zone = call->scene.zone
	};
	struct error inner = { 0 };
	size_t fault = 0;

	*filter = filter_parse(text, &scope, &fault, &inner);
	if (*filter)
		return 0;
	return error_set(call->error, ERROR_INPUT, "filter, at byte %zu: %s", fault, inner.text);
}

static int read_time(struct call *call, const char *name, int64_t *time)
{
	struct slice text = call_text(call, name);

	if (text.size == 0)
		return 0;
	if (timestamp_parse_clock(text, call->scene.horizon.time, call->scene.zone, time))
		return 0;
	return error_set(call->error, ERROR_INPUT, "%s: \"%.*s\" is no time; 20:41:07 or 2025-05-17T20:41:07Z", name,
		(int)slice_first(text, 40).size, text.data);
}

int call_window(struct call *call, struct window *window)
{
	int result;

	*window = call->extent;
	result = read_time(call, "from", &window->from);
	if (!result)
		result = read_time(call, "to", &window->to);
	if (!result && window->from >= window->to)
		result = error_set(call->error, ERROR_INPUT, "the window is empty: \"from\" must lie before \"to\"");
	return result;
}

void call_begin(struct call *call, struct window window)
{
	json_begin_object(&call->json);
	json_field_text(&call->json, "tool", call->tool->name);
	json_key(&call->json, "window");
	json_begin_object(&call->json);
	json_field_time(&call->json, "from", window.from);
	json_field_time(&call->json, "to", window.to);
	json_end_object(&call->json);
	json_key(&call->json, "items");
	json_begin_array(&call->json);
}

void call_cite(struct call *call, unsigned evidence)
{
	struct buffer id;

	if (!evidence)
		return;
	buffer_init(&id, 16);
	buffer_append_format(&id, "E%u", evidence);
	json_field_string(&call->json, "evidence", buffer_slice(&id));
	buffer_release(&id);
}

void call_end(struct call *call, const char *note)
{
	json_end_array(&call->json);
	json_field_u64(&call->json, "shown", call->shown);
	json_field_u64(&call->json, "total", call->total);
	json_key(&call->json, "truncated");
	json_bool(&call->json, call->shown < call->total);
	if (note)
		json_field_text(&call->json, "note", note);
	json_end_object(&call->json);
}
