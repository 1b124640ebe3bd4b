/*
 * Tools over what stands beside the log: metrics, traces, changes, who calls whom, runbooks.
 */
#include "analyst/shift.h"
#include "analyst/tooling.h"

#include <stdio.h>

#define POINTS 48 /* of a series in a result */
#define BODY_BYTES 4000

/* Does a name fit what the call asks for? Nothing asked fits all; else a part of it will do. */
static bool is_asked(const struct call *call, const char *argument, struct slice name)
{
	struct slice asked = call_text(call, argument);

	return asked.size == 0 || slice_find_nocase(name, asked) != SIZE_MAX;
}

static int need(struct call *call, bool there, const char *what, const char *flag)
{
	return there ? 0 : error_set(call->error, ERROR_ABSENT, "no %s are known here: they come by --%s", what, flag);
}

/* --- metrics ------------------------------------------------------------------------------------------------------ */

static void write_points(struct call *call, const struct metric_sample *samples, size_t count)
{
	size_t stride = (count + POINTS - 1) / POINTS;

	json_key(&call->json, "points");
	json_begin_array(&call->json);
	for (size_t i = 0; i < count; i += stride ? stride : 1) {
		json_begin_array(&call->json);
		json_time(&call->json, samples[i].time);
		json_double(&call->json, samples[i].value);
		json_end_array(&call->json);
	}
	json_end_array(&call->json);
}

static void write_series(struct call *call, const struct metric_series *series, struct window window)
{
	const struct metric_sample *samples;
	size_t count = metrics_window(series, window.from, window.to, &samples);
	double level = shift_level(series, window.from, window.to);
	struct shift shift;
	struct buffer text;

	buffer_init(&text, SCENE_SENTENCE);
	buffer_append_slice(&text, series->name);
	buffer_append_string(&text, " of ");
	buffer_append_slice(&text, series->service);
	buffer_append_format(&text, ": median %.6g, ", level);
	say_window(&text, &call->scene, window);
	json_begin_object(&call->json);
	call_cite(call,
		evidence_add_fact(call->scene.book, EVIDENCE_METRIC, series->service, series->name, window, level,
			buffer_slice(&text)));
	json_field_string(&call->json, "service", series->service);
	json_field_string(&call->json, "metric", series->name);
	json_field_u64(&call->json, "samples", count);
	json_field_double(&call->json, "median", level);
	if (shift_find(series, window.from, window.to, &shift)) {
		json_field_time(&call->json, "changed", shift.time);
		json_field_double(&call->json, "before", shift.before);
		json_field_double(&call->json, "after", shift.after);
	}
	write_points(call, samples, count);
	json_end_object(&call->json);
	buffer_release(&text);
}

int tool_metrics(struct call *call)
{
	const struct context *context = call->scene.context;
	struct window window;
	int result = need(call, context && metrics_at(&context->metrics, 0), "metrics", "metrics");

	if (!result)
		result = call_window(call, &window);
	if (result)
		return result;
	call_begin(call, window);
	for (size_t i = 0; metrics_at(&context->metrics, i); i++) {
		const struct metric_series *series = metrics_at(&context->metrics, i);

		if (!is_asked(call, "service", series->service) || !is_asked(call, "metric", series->name))
			continue;
		call->total++;
		if (call->shown >= call_limit(call) || call->json.out->size > TOOL_RESULT)
			continue;
		write_series(call, series, window);
		call->shown++;
	}
	call_end(call, call->total ? NULL : "no metric has such a service and name");
	return 0;
}

/* --- traces ------------------------------------------------------------------------------------------------------- */

static void write_span(struct call *call, const struct traces *traces, const struct span *span)
{
	struct buffer text;

	buffer_init(&text, SCENE_SENTENCE);
	buffer_append_slice(&text, span->service);
	buffer_append_byte(&text, ' ');
	buffer_append_slice(&text, slice_first(span->operation, 120));
	buffer_append_string(&text, " took ");
	say_duration(&text, span->duration);
	json_begin_object(&call->json);
	call_cite(call,
		evidence_add_fact(call->scene.book, EVIDENCE_SPAN, span->service, span->id,
			(struct window){ span->start, span->start + span->duration }, (double)span->duration,
			buffer_slice(&text)));
	json_field_string(&call->json, "trace", traces_at(traces, span->trace)->id);
	json_field_string(&call->json, "service", span->service);
	json_field_string(&call->json, "operation", slice_first(span->operation, 200));
	if (span->parent != SPAN_NONE)
		json_field_string(&call->json, "called_by", traces_span(traces, span->parent)->service);
	json_field_time(&call->json, "start", span->start);
	json_field_double(&call->json, "ms", (double)span->duration / 1e6);
	json_field_double(&call->json, "self_ms", (double)span->self / 1e6);
	json_key(&call->json, "failed");
	json_bool(&call->json, span->status == SPAN_ERROR);
	if (span->error.size)
		json_field_string(&call->json, "error", slice_first(span->error, 300));
	json_end_object(&call->json);
	buffer_release(&text);
}

int tool_traces(struct call *call)
{
	const struct context *context = call->scene.context;
	struct slice failed = call_text(call, "only");
	struct window window;
	int result = need(call, context && traces_count(&context->traces), "traces", "traces");

	if (!result)
		result = call_window(call, &window);
	if (result)
		return result;
	call_begin(call, window);
	for (size_t i = 0; i < context->traces.spans.count; i++) {
		const struct span *span = traces_span(&context->traces, i);

		if (span->start < window.from || span->start >= window.to ||
			!is_asked(call, "service", span->service) ||
			!is_asked(call, "trace", traces_at(&context->traces, span->trace)->id) ||
			(slice_is(failed, "failed") && span->status != SPAN_ERROR))
			continue;
		call->total++;
		if (call->shown >= call_limit(call) || call->json.out->size > TOOL_RESULT)
			continue;
		write_span(call, &context->traces, span);
		call->shown++;
	}
	call_end(call, call->total ? NULL : "no span fits: widen the window, or leave the service out");
	return 0;
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

static void write_change(struct call *call, const struct change_event *event)
{
	char id[300];

	if (event->kind == CHANGE_FLAG)
		snprintf(id, sizeof(id), "flag:%.*s", (int)slice_first(event->title, 200).size, event->title.data);
	else
		snprintf(id, sizeof(id), "%.*s", (int)slice_first(event->sha, 200).size, event->sha.data);
	json_begin_object(&call->json);
	call_cite(call,
		evidence_add_fact(call->scene.book, EVIDENCE_CHANGE, event->service, slice_of(id),
			(struct window){ event->time, event->time + 1 }, 0, event->title));
	json_field_text(&call->json, "kind", change_event_kind_name(event->kind));
	json_field_time(&call->json, "time", event->time);
	json_field_text(&call->json, "change", id);
	if (event->service.size)
		json_field_string(&call->json, "service", event->service);
	if (event->author.size)
		json_field_string(&call->json, "author", event->author);
	json_field_string(&call->json, "title", slice_first(event->title, 300));
	json_key(&call->json, "files");
	json_begin_array(&call->json);
	for (size_t i = 0; i < event->file_count && i < 20; i++)
		json_string(&call->json, event->files[i]);
	json_end_array(&call->json);
	if (event->detail.size)
		json_field_string(&call->json, "detail", slice_first(event->detail, BODY_BYTES / 2));
	json_end_object(&call->json);
}

int tool_changes(struct call *call)
{
	const struct context *context = call->scene.context;
	struct window window;
	size_t first, count;
	int result = need(call, context && changes_at(&context->changes, 0), "changes", "changes");

	if (!result)
		result = call_window(call, &window);
	if (result)
		return result;
	/* What was changed before the log begins matters as well, unless a beginning was asked for. */
	if (call_text(call, "from").size == 0)
		window.from = INT64_MIN + 1;
	count = changes_window(&context->changes, window.from, window.to, &first);
	window.from = window.from == INT64_MIN + 1 ? TIMESTAMP_NONE : window.from;
	call_begin(call, window);
	for (size_t i = first + count; i-- > first;) {
		const struct change_event *event = changes_at(&context->changes, i);

		if (event->service.size && !is_asked(call, "service", event->service))
			continue;
		call->total++;
		if (call->shown >= call_limit(call) || call->json.out->size > TOOL_RESULT)
			continue;
		write_change(call, event);
		call->shown++;
	}
	call_end(call, "the latest comes first; the latest is not therefore the cause");
	return 0;
}

/* --- who calls whom, and what to do ------------------------------------------------------------------------------- */

int tool_dependencies(struct call *call)
{
	const struct context *context = call->scene.context;
	int result = need(call, context && topology_count(&context->topology), "dependencies", "topology or --traces");

	if (result)
		return result;
	call_begin(call, call->extent);
	for (size_t i = 0; i < topology_count(&context->topology); i++) {
		const struct topology_edge *edge = topology_at(&context->topology, i);

		if (!is_asked(call, "service", edge->from) && !is_asked(call, "service", edge->to))
			continue;
		call->total++;
		if (call->shown >= TOOL_ITEMS)
			continue;
		json_begin_object(&call->json);
		json_field_string(&call->json, "caller", edge->from);
		json_field_string(&call->json, "callee", edge->to);
		json_field_u64(&call->json, "calls", edge->calls);
		json_key(&call->json, "written_down");
		json_bool(&call->json, edge->given);
		json_end_object(&call->json);
		call->shown++;
	}
	call_end(call, call->total ? NULL : "nothing is known of its callers and callees");
	return 0;
}

int tool_runbook(struct call *call)
{
	const struct context *context = call->scene.context;
	struct slice service = call_text(call, "service"), message = call_text(call, "message");
	const struct runbook *runbook;
	int result = need(call, context && runbooks_count(&context->runbooks), "runbooks", "runbooks");

	if (!result && message.size == 0)
		result = error_set(
			call->error, ERROR_INPUT, "\"message\" is missing: the line that a runbook is sought for");
	if (result)
		return result;
	runbook = runbooks_find(&context->runbooks, service, message);
	call_begin(call, call->extent);
	if (runbook) {
		json_begin_object(&call->json);
		call_cite(call,
			evidence_add_fact(call->scene.book, EVIDENCE_RUNBOOK, (struct slice){ 0 }, runbook->name,
				call->extent, 0, runbook->title));
		json_field_string(&call->json, "name", runbook->name);
		json_field_string(&call->json, "title", runbook->title);
		json_field_string(&call->json, "body", slice_first(runbook->body, BODY_BYTES));
		json_end_object(&call->json);
		call->shown = call->total = 1;
	}
	call_end(call, runbook ? "shown to read: nothing of it is ever run" : "No runbook found. Escalate to on-call");
	return 0;
}
