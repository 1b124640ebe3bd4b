#include "context/reader.h"

#include <math.h>

static bool fits(const struct roles *roles)
{
	return roles_has(roles, ROLE_TRACE) && roles_has(roles, ROLE_SPAN) && roles_has(roles, ROLE_TIME) &&
		(roles_has(roles, ROLE_SERVICE) || roles_has(roles, ROLE_POD)) &&
		(roles_has(roles, ROLE_END) || roles_has(roles, ROLE_DURATION_NS) ||
			roles_has(roles, ROLE_DURATION_US) || roles_has(roles, ROLE_DURATION_MS));
}

/* Ways to say that nobody called. */
static struct slice parent_of(struct slice text)
{
	size_t zeros = 0;

	while (zeros < text.size && text.data[zeros] == '0')
		zeros++;
	if (zeros == text.size || slice_equal_nocase(text, slice_of("root")) ||
		slice_equal_nocase(text, slice_of("null")) || slice_equal_nocase(text, slice_of("none")))
		return (struct slice){ 0 };
	return text;
}

/* In words, as OTLP's code, or as HTTP's. */
static enum span_status status_of(struct slice text)
{
	uint64_t code;

	if (slice_to_u64(text, &code))
		return code == 2 || (code >= 500 && code < 600)    ? SPAN_ERROR
			: code == 1 || (code >= 100 && code < 500) ? SPAN_OK
								   : SPAN_UNSET;
	if (slice_find_nocase(text, slice_of("error")) != SIZE_MAX ||
		slice_find_nocase(text, slice_of("fail")) != SIZE_MAX)
		return SPAN_ERROR;
	return slice_find_nocase(text, slice_of("ok")) != SIZE_MAX ||
			slice_find_nocase(text, slice_of("success")) != SIZE_MAX
		? SPAN_OK
		: SPAN_UNSET;
}

static bool scaled(struct slice text, double unit, int64_t *duration)
{
	double number;

	if (!slice_to_double(text, &number) || !(number >= 0 && number * unit < 9e18))
		return false;
	*duration = llround(number * unit);
	return true;
}

static bool duration_of(
	const struct context_reader *reader, const struct values *values, int64_t start, int64_t *duration)
{
	const struct slice *of = values->of;
	int64_t end;

	if (scaled(of[ROLE_DURATION_NS], 1, duration) || scaled(of[ROLE_DURATION_US], 1e3, duration) ||
		scaled(of[ROLE_DURATION_MS], 1e6, duration))
		return true;
	return reader_time(reader, of[ROLE_END], &end) && !__builtin_sub_overflow(end, start, duration) &&
		*duration >= 0;
}

static void put(struct context_reader *reader, const struct values *values, uint64_t line)
{
	const struct slice *of = values->of;
	struct span span = {
		.id = of[ROLE_SPAN],
		.parent_id = parent_of(of[ROLE_PARENT]),
		.service = of[ROLE_SERVICE].size > 0 ? of[ROLE_SERVICE] : context_pod_service(of[ROLE_POD]),
		.operation = of[ROLE_OPERATION],
		.status = status_of(of[ROLE_STATUS]),
	};

	if (slice_is(of[ROLE_ERROR], "true"))
		span.status = SPAN_ERROR;
	else if (!slice_is(of[ROLE_ERROR], "false"))
		span.error = of[ROLE_ERROR];
	if (of[ROLE_TRACE].size == 0 || span.id.size == 0)
		reader_bad(reader, line, "a span needs the id of its trace and its own");
	else if (!reader_time(reader, of[ROLE_TIME], &span.start))
		reader_bad(reader, line, "\"%.*s\" is no time", (int)slice_first(of[ROLE_TIME], 40).size,
			of[ROLE_TIME].data);
	else if (!duration_of(reader, values, span.start, &span.duration))
		reader_bad(reader, line, "no duration can be read");
	else
		reader_kept(reader, line, traces_add(&reader->context->traces, of[ROLE_TRACE], &span));
}

static void item(struct context_reader *reader, const struct json_value *root, uint64_t line)
{
	struct values values;

	values_from_json(&values, root, true);
	put(reader, &values, line);
}

const struct kind_row context_traces_kind = {
	.name = "traces",
	.format = "CSV with a header: TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,"
		  "Duration, the duration in microseconds (duration_ms and duration_ns say their unit), parent empty "
		  "or \"root\" for the first span; a pod's ending is stripped to its service, a column service is "
		  "taken as it is. Or JSON, an array or one object a line: trace_id, span_id, parent_id, service, "
		  "name, start, duration_ms, status (OK or ERROR), error.",
	.header = "TraceID, SpanID, a service or pod, a start, and a duration or end",
	.traces = true,
	.fits = fits,
	.put = put,
	.item = item,
};
