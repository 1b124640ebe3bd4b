#include "support/context_text.h"

struct context *context_of(enum context_kind kind, struct slice text, struct slice cuts)
{
	struct context *context = context_create();
	struct context_reader *reader =
		context == NULL ? NULL : context_reader_create(context, kind, slice_of("file"), NULL);

	for (size_t i = 0; reader != NULL && text.size > 0; i++) {
		size_t size = cuts.size == 0 ? text.size : (size_t)1 + (unsigned char)cuts.data[i % cuts.size];

		context_reader_feed(reader, slice_first(text, size));
		text = slice_from(text, size);
	}
	if (reader != NULL)
		context_reader_finish(reader);
	if (context != NULL)
		context_settle(context);
	return context;
}

static void put(struct buffer *out, struct slice text)
{
	buffer_append_byte(out, ' ');
	buffer_append_slice(out, text);
}

static void put_number(struct buffer *out, int64_t number)
{
	if (number == TIMESTAMP_NONE)
		buffer_append_string(out, " -");
	else
		buffer_append_format(out, " %lld", (long long)number);
}

static void write_metrics(const struct metrics *metrics, struct buffer *out)
{
	const struct metric_series *series;

	for (size_t i = 0; (series = metrics_at(metrics, i)) != NULL; i++) {
		const struct metric_sample *samples;
		size_t count = metrics_window(series, INT64_MIN, INT64_MAX, &samples);

		buffer_append_string(out, "series");
		put(out, series->service);
		put(out, series->name);
		for (size_t j = 0; j < count; j++) {
			put_number(out, samples[j].time);
			buffer_append_format(out, "=%g", samples[j].value);
		}
		buffer_append_byte(out, '\n');
	}
}

static void write_traces(const struct traces *traces, struct buffer *out)
{
	for (size_t i = 0; i < traces_count(traces); i++) {
		const struct trace *trace = traces_at(traces, i);

		buffer_append_string(out, "trace");
		put(out, trace->id);
		put_number(out, trace->start);
		put_number(out, trace->end);
		buffer_append_string(out, trace->failed ? " failed\n" : "\n");
		for (uint32_t j = trace->first; j < trace->first + trace->count; j++) {
			const struct span *span = traces_span(traces, j);

			buffer_append_string(out, " span");
			put(out, span->id);
			buffer_append_string(out, " <");
			put(out, span->parent == SPAN_NONE ? slice_of("-") : traces_span(traces, span->parent)->id);
			put(out, span->service);
			put(out, span->operation);
			put_number(out, span->start);
			put_number(out, span->duration);
			put_number(out, span->self);
			buffer_append_format(out, " %d", (int)span->status);
			put(out, span->error);
			buffer_append_byte(out, '\n');
		}
	}
}

static void write_changes(const struct changes *changes, struct buffer *out)
{
	const struct change_event *event;

	for (size_t i = 0; (event = changes_at(changes, i)) != NULL; i++) {
		buffer_append_string(out, change_event_kind_name(event->kind));
		put_number(out, event->time);
		put(out, event->sha);
		put(out, event->service);
		put(out, event->author);
		put(out, event->title);
		put(out, event->detail);
		for (size_t j = 0; j < event->file_count; j++)
			put(out, event->files[j]);
		buffer_append_byte(out, '\n');
	}
}

static void write_alerts(const struct alerts *alerts, struct buffer *out)
{
	const struct alert *alert;

	for (size_t i = 0; (alert = alerts_at(alerts, i)) != NULL; i++) {
		buffer_append_string(out, "alert");
		put(out, alert->name);
		put(out, alert->service);
		put(out, alert->metric);
		put(out, alert->severity);
		put(out, alert->summary);
		put(out, alert->detail);
		buffer_append_format(out, " %g %g", alert->threshold, alert->observed);
		put_number(out, alert->fired);
		buffer_append_string(out, alert->resolved ? " resolved\n" : "\n");
	}
}

static void write_topology(const struct topology *topology, struct buffer *out)
{
	const struct topology_edge *edge;

	for (size_t i = 0; (edge = topology_at(topology, i)) != NULL; i++) {
		buffer_append_string(out, "edge");
		put(out, edge->from);
		put(out, edge->to);
		buffer_append_format(out, " %llu%s\n", (unsigned long long)edge->calls, edge->given ? " given" : "");
	}
}

void context_write(const struct context *context, struct buffer *out)
{
	write_metrics(&context->metrics, out);
	write_traces(&context->traces, out);
	write_changes(&context->changes, out);
	write_alerts(&context->alerts, out);
	write_topology(&context->topology, out);
	for (size_t i = 0; i < context->files.count; i++) {
		const struct context_file *file = vector_at(&context->files, i);

		buffer_append_format(out, "file %s %llu kept, %llu bad%s: %s\n", context_kind_name(file->kind),
			(unsigned long long)file->rows, (unsigned long long)file->bad, file->failed ? ", failed" : "",
			file->notice);
	}
}
