/*
 * What traces say of services, against those of quiet times: calls that take longer on the way than the work in them
 * explains, work that takes longer, and spans that fail while nothing that they call does.
 *
 * A call counts as time on the way when the caller's span does nothing but call: its only child is the other side.
 */
#include "analyst/inside.h"
#include "analyst/shift.h"

#include <math.h>
#include <stdlib.h>

#define LEAST 2         /* calls on both sides to compare */
#define LEAST_RATIO 2.0 /* below it nothing is said */
#define SHARE 0.6       /* of the values lies below what is compared: a trouble rarely fills all of the time */
#define EASE 1e6        /* a millisecond: ratios of less mean nothing */

struct sample {
	struct slice service;
	double value;
};

struct reading {
	const struct traces *traces;
	uint32_t *children; /* by span */
	bool *remote;       /* by span: has a child in another service */
	bool *failing;      /* by span: has a child that failed */
};

static bool reading_make(struct reading *reading, const struct traces *traces)
{
	size_t count = traces->spans.count;

	*reading = (struct reading){ traces, calloc(count + 1, sizeof(uint32_t)), calloc(count + 1, sizeof(bool)),
		calloc(count + 1, sizeof(bool)) };
	if (!reading->children || !reading->remote || !reading->failing)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct span *span = traces_span(traces, i);

		if (span->parent == SPAN_NONE)
			continue;
		reading->children[span->parent]++;
		reading->remote[span->parent] |=
			!slice_equal(traces_span(traces, span->parent)->service, span->service);
		reading->failing[span->parent] |= span->status == SPAN_ERROR;
	}
	return true;
}

static void reading_release(struct reading *reading)
{
	free(reading->children);
	free(reading->remote);
	free(reading->failing);
}

/* Time on the way to a service, of all who call it; or, with `own`, the time of its own work. */
static size_t collect(const struct reading *reading, struct slice service, bool own, double **values)
{
	size_t count = 0;

	*values = calloc(reading->traces->spans.count + 1, sizeof(**values));
	for (size_t i = 0; *values && i < reading->traces->spans.count; i++) {
		const struct span *span = traces_span(reading->traces, i), *caller;

		if (!slice_equal(span->service, service))
			continue;
		if (own) {
			if (!reading->remote[i])
				(*values)[count++] = (double)span->self;
			continue;
		}
		caller = span->parent == SPAN_NONE ? NULL : traces_span(reading->traces, span->parent);
		if (caller && reading->children[span->parent] == 1 && !slice_equal(caller->service, service))
			(*values)[count++] = (double)(caller->duration - span->duration);
	}
	return count;
}

static void add(struct analysis *analysis, enum signal_kind kind, struct slice service, double strength,
	struct buffer *text, unsigned evidence)
{
	struct signal *signal = vector_push(&analysis->signals);

	if (signal)
		*signal = (struct signal){ .kind = kind,
			.service = service,
			.strength = strength,
			.onset = TIMESTAMP_NONE,
			.evidence = evidence,
			.text = analysis_keep(analysis, buffer_slice(text)) };
	buffer_clear(text);
}

/* The slowest span of a service, as something to look at. */
static unsigned cite_span(struct analysis *analysis, const struct traces *traces, struct slice service, bool failed)
{
	const struct span *worst = NULL;
	struct buffer text;
	unsigned evidence;

	for (size_t i = 0; i < traces->spans.count; i++) {
		const struct span *span = traces_span(traces, i);

		if (!slice_equal(span->service, service) || (failed && span->status != SPAN_ERROR))
			continue;
		if (!worst || span->duration > worst->duration)
			worst = span;
	}
	if (!worst)
		return 0;
	buffer_init(&text, SCENE_SENTENCE);
	buffer_append_slice(&text, worst->service);
	buffer_append_byte(&text, ' ');
	buffer_append_slice(&text, slice_first(worst->operation, 120));
	buffer_append_string(&text, " took ");
	say_duration(&text, worst->duration);
	if (worst->error.size) {
		buffer_append_string(&text, ": ");
		buffer_append_slice(&text, slice_first(worst->error, 200));
	}
	evidence = evidence_add_fact(analysis->scene.book, EVIDENCE_SPAN, worst->service, worst->id,
		(struct window){ worst->start, worst->start + worst->duration }, (double)worst->duration,
		buffer_slice(&text));
	buffer_release(&text);
	return evidence;
}

static void compare_times(struct analysis *analysis, const struct reading *now, const struct reading *then,
	struct slice service, bool own)
{
	double *values, *usual, ratio, level, before;
	size_t count = collect(now, service, own, &values), known = collect(then, service, own, &usual);
	struct buffer text;

	if (count >= LEAST && known >= LEAST) {
		level = shift_quantile(values, count, SHARE);
		before = shift_quantile(usual, known, SHARE);
		ratio = (fmax(level, 0) + EASE) / (fmax(before, 0) + EASE);
		if (ratio >= LEAST_RATIO) {
			buffer_init(&text, SCENE_SENTENCE);
			buffer_append_string(&text, own ? "its own work took " : "calls to it took ");
			say_duration(&text, (int64_t)fmax(level, 0));
			buffer_append_string(&text, own ? " where it took " : " on the way where they took ");
			say_duration(&text, (int64_t)fmax(before, 0));
			add(analysis, own ? SIGNAL_SELF : SIGNAL_NETWORK, service,
				(own ? 0.4 : 0.95) * (1 - exp(-log(ratio) / 1.5)), &text,
				cite_span(analysis, now->traces, service, false));
			buffer_release(&text);
		}
	}
	free(values);
	free(usual);
}

static void count_failing(const struct reading *reading, struct slice service, uint64_t *failed, uint64_t *all)
{
	*failed = *all = 0;
	for (size_t i = 0; i < reading->traces->spans.count; i++) {
		const struct span *span = traces_span(reading->traces, i);

		if (!slice_equal(span->service, service))
			continue;
		*all += 1;
		*failed += span->status == SPAN_ERROR && !reading->failing[i];
	}
}

static void compare_failing(
	struct analysis *analysis, const struct reading *now, const struct reading *then, struct slice service)
{
	uint64_t failed, all, before = 0, usual = 0;
	struct buffer text;
	double extra;

	count_failing(now, service, &failed, &all);
	if (then)
		count_failing(then, service, &before, &usual);
	extra = (double)failed - (usual ? (double)before * (double)all / (double)usual : 0);
	if (failed == 0 || extra < 1)
		return;
	buffer_init(&text, SCENE_SENTENCE);
	say_number(&text, failed);
	buffer_append_string(&text, " of its ");
	say_plural(&text, all, "span");
	buffer_append_string(&text, " failed, and nothing that they call");
	add(analysis, SIGNAL_FAILING, service, 0.6 * (1 - exp(-extra / 2)), &text,
		cite_span(analysis, now->traces, service, true));
	buffer_release(&text);
}

static void say_spans(struct analysis *analysis, size_t from)
{
	struct buffer out;

	if (analysis->signals.count == from)
		return;
	buffer_init(&out, SCENE_SENTENCE);
	buffer_append_string(&out, "traces: ");
	for (size_t i = from; i < analysis->signals.count && i < from + 6; i++) {
		const struct signal *signal = vector_at(&analysis->signals, i);

		buffer_append_string(&out, i > from ? "; " : "");
		buffer_append_slice(&out, signal->service);
		buffer_append_string(&out, ": ");
		buffer_append_slice(&out, signal->text);
		say_cite(&out, signal->evidence);
	}
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
}

bool step_spans(struct analysis *analysis)
{
	const struct context *context = analysis->input.context;
	const struct context *quiet = analysis->input.reference ? analysis->input.reference->context : NULL;
	struct reading now = { 0 }, then = { 0 };
	size_t from = analysis->signals.count;
	bool both;

	if (!context || traces_count(&context->traces) == 0)
		return false;
	both = quiet && traces_count(&quiet->traces) > 0;
	if (reading_make(&now, &context->traces) && (!both || reading_make(&then, &quiet->traces)))
		for (size_t i = 0; i < traces_service_count(&context->traces); i++) {
			struct slice service = traces_service(&context->traces, i);

			if (both) {
				compare_times(analysis, &now, &then, service, false);
				compare_times(analysis, &now, &then, service, true);
			}
			compare_failing(analysis, &now, both ? &then : NULL, service);
		}
	reading_release(&now);
	reading_release(&then);
	say_spans(analysis, from);
	return false;
}
