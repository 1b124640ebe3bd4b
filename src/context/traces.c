/*
 * Spans as they come carry the code of their trace's id; settled ones the index of their trace.
 */
#include "tocsin/context/traces.h"

#include "tocsin/base/error.h"
#include "tocsin/base/timestamp.h"

#include <stdlib.h>
#include <string.h>

#define ID_BYTES ((size_t)128 << 20)

struct service_spans {
	struct slice service;
	size_t first, count; /* in by_service */
};

int traces_init(struct traces *traces, struct context_text *text)
{
	memset(traces, 0, sizeof(*traces));
	traces->text = text;
	vector_init(&traces->spans, sizeof(struct span), TRACES_SPANS);
	vector_init(&traces->traces, sizeof(struct trace), TRACES_SPANS);
	vector_init(&traces->services, sizeof(struct service_spans), TRACES_SPANS);
	traces->ids = intern_create(TRACES_SPANS, ID_BYTES);
	return traces->ids != NULL ? 0 : ERROR_MEMORY;
}

void traces_release(struct traces *traces)
{
	vector_release(&traces->spans);
	vector_release(&traces->traces);
	vector_release(&traces->services);
	intern_destroy(traces->ids);
	traces->ids = NULL;
	free(traces->by_service);
	traces->by_service = NULL;
}

static struct span *span_at(const struct traces *traces, size_t index)
{
	return vector_at(&traces->spans, index);
}

/* Back to codes, so that more spans can come. */
static void unsettle(struct traces *traces)
{
	for (size_t i = 0; i < traces->spans.count && traces->settled; i++) {
		struct span *span = span_at(traces, i);

		span->trace = traces_at(traces, span->trace)->code;
	}
	traces->settled = false;
}

int traces_add(struct traces *traces, struct slice trace_id, const struct span *span)
{
	struct context_text *text = traces->text;
	struct span kept = *span;
	int64_t end;
	int result;

	if (span->duration < 0 || span->start == TIMESTAMP_NONE ||
		__builtin_add_overflow(span->start, span->duration, &end))
		return ERROR_INPUT;
	unsettle(traces);
	if (traces->spans.count == TRACES_SPANS)
		return ERROR_FULL;
	result = intern_put(traces->ids, trace_id, &kept.trace);
	if (result != 0)
		return result;
	if (!context_text_copy(text, span->id, &kept.id) ||
		!context_text_copy(text, span->parent_id, &kept.parent_id) ||
		!context_text_name(text, span->service, &kept.service) ||
		!context_text_name(text, span->operation, &kept.operation) ||
		!context_text_copy(text, span->error, &kept.error))
		return ERROR_FULL;
	struct span *place = vector_push(&traces->spans);
	if (place == NULL)
		return ERROR_MEMORY;
	kept.parent = SPAN_NONE;
	kept.self = kept.duration;
	*place = kept;
	return 0;
}

/* --- settling: which traces there are ---- */

static int trace_by_start(const void *a, const void *b)
{
	const struct trace *first = a, *second = b;

	if (first->start != second->start)
		return first->start < second->start ? -1 : 1;
	return first->code < second->code ? -1 : first->code > second->code;
}

static int span_by_place(const void *a, const void *b)
{
	const struct span *first = a, *second = b;

	if (first->trace != second->trace)
		return first->trace < second->trace ? -1 : 1;
	if (first->start != second->start)
		return first->start < second->start ? -1 : 1;
	if (first->duration != second->duration)
		return first->duration > second->duration ? -1 : 1; /* what encloses comes first */
	size_t shared = first->id.size < second->id.size ? first->id.size : second->id.size;
	int order = shared > 0 ? memcmp(first->id.data, second->id.data, shared) : 0;
	if (order != 0)
		return order;
	return first->id.size < second->id.size ? -1 : first->id.size > second->id.size;
}

static bool gather(struct traces *traces)
{
	vector_clear(&traces->traces);
	for (uint32_t i = 0; i < intern_count(traces->ids); i++) {
		struct trace *trace = vector_push(&traces->traces);

		if (trace == NULL)
			return false;
		*trace = (struct trace){
			.id = intern_text(traces->ids, i), .start = INT64_MAX, .end = INT64_MIN, .code = i
		};
	}
	for (size_t i = 0; i < traces->spans.count; i++) {
		const struct span *span = span_at(traces, i);
		struct trace *trace = vector_at(&traces->traces, span->trace);
		int64_t end = span->start + span->duration;

		trace->count++;
		trace->start = trace->start < span->start ? trace->start : span->start;
		trace->end = trace->end > end ? trace->end : end;
		trace->failed = trace->failed || span->status == SPAN_ERROR;
	}
	vector_sort(&traces->traces, trace_by_start);
	return true;
}

static bool order_spans(struct traces *traces)
{
	uint32_t *index = calloc(traces->traces.count + 1, sizeof(*index)), first = 0;

	if (index == NULL)
		return false;
	for (size_t i = 0; i < traces->traces.count; i++) {
		struct trace *trace = vector_at(&traces->traces, i);

		index[trace->code] = (uint32_t)i;
		trace->first = first;
		first += trace->count;
	}
	for (size_t i = 0; i < traces->spans.count; i++)
		span_at(traces, i)->trace = index[span_at(traces, i)->trace];
	free(index);
	vector_sort(&traces->spans, span_by_place);
	return true;
}

/* --- settling: who called whom ---- */

struct named_span {
	uint32_t trace;
	uint32_t index;
	struct slice id;
};

static int compare_names(const void *a, const void *b)
{
	const struct named_span *first = a, *second = b;
	size_t size = first->id.size;

	if (first->trace != second->trace)
		return first->trace < second->trace ? -1 : 1;
	if (size != second->id.size)
		return size < second->id.size ? -1 : 1;
	return size > 0 ? memcmp(first->id.data, second->id.data, size) : 0;
}

/* Hostile traces may call in circles: the call that closes one is cut. */
static void cut_circles(struct traces *traces, uint32_t *walked)
{
	for (uint32_t i = 0; i < traces->spans.count; i++) {
		uint32_t at = i;

		while (walked[at] == 0) {
			struct span *span = span_at(traces, at);

			walked[at] = i + 1;
			if (span->parent != SPAN_NONE && walked[span->parent] == i + 1)
				span->parent = SPAN_NONE;
			if (span->parent == SPAN_NONE)
				break;
			at = span->parent;
		}
	}
}

static bool find_parents(struct traces *traces)
{
	size_t count = traces->spans.count;
	struct named_span *names = calloc(count + 1, sizeof(*names));
	uint32_t *walked = calloc(count + 1, sizeof(*walked));
	bool there = names != NULL && walked != NULL;

	for (uint32_t i = 0; there && i < count; i++)
		names[i] = (struct named_span){ span_at(traces, i)->trace, i, span_at(traces, i)->id };
	if (there)
		qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; there && i < count; i++) {
		struct span *span = span_at(traces, i);
		struct named_span wanted = { .trace = span->trace, .id = span->parent_id };
		const struct named_span *found =
			wanted.id.size == 0 ? NULL : bsearch(&wanted, names, count, sizeof(*names), compare_names);

		span->parent = found != NULL ? found->index : SPAN_NONE;
	}
	if (there)
		cut_circles(traces, walked);
	free(names);
	free(walked);
	return there;
}

/* Spans of a trace are in order of start, so a parent's children come in order too: `covered` is how far they have
   filled its time. */
static bool compute_self(struct traces *traces)
{
	int64_t *covered = calloc(traces->spans.count + 1, sizeof(*covered));

	if (covered == NULL)
		return false;
	for (size_t i = 0; i < traces->spans.count; i++) {
		covered[i] = span_at(traces, i)->start;
		span_at(traces, i)->self = span_at(traces, i)->duration;
	}
	for (size_t i = 0; i < traces->spans.count; i++) {
		const struct span *child = span_at(traces, i);

		if (child->parent == SPAN_NONE)
			continue;
		struct span *parent = span_at(traces, child->parent);
		int64_t from = child->start > covered[child->parent] ? child->start : covered[child->parent];
		int64_t to = child->start + child->duration;
		if (to > parent->start + parent->duration)
			to = parent->start + parent->duration;
		if (to <= from)
			continue;
		parent->self -= to - from;
		covered[child->parent] = to;
	}
	free(covered);
	return true;
}

/* --- settling: the spans of each service ---- */

struct placed_span {
	const char *service; /* names are kept once */
	int64_t start;
	uint32_t index;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed_span *first = a, *second = b;

	if (first->service != second->service)
		return (uintptr_t)first->service < (uintptr_t)second->service ? -1 : 1;
	if (first->start != second->start)
		return first->start < second->start ? -1 : 1;
	return first->index < second->index ? -1 : first->index > second->index;
}

static bool list_services(struct traces *traces, const struct placed_span *placed)
{
	struct service_spans *at = NULL;

	vector_clear(&traces->services);
	for (size_t i = 0; i < traces->spans.count; i++) {
		traces->by_service[i] = placed[i].index;
		if (at == NULL || placed[i].service != at->service.data) {
			at = vector_push(&traces->services);
			if (at == NULL)
				return false;
			at->service = span_at(traces, placed[i].index)->service;
			at->first = i;
		}
		at->count++;
	}
	return true;
}

static bool index_services(struct traces *traces)
{
	size_t count = traces->spans.count;
	struct placed_span *placed = calloc(count + 1, sizeof(*placed));
	uint32_t *indexes = realloc(traces->by_service, (count + 1) * sizeof(*indexes));
	bool there = placed != NULL && indexes != NULL;

	if (indexes != NULL)
		traces->by_service = indexes;
	for (uint32_t i = 0; there && i < count; i++)
		placed[i] = (struct placed_span){ span_at(traces, i)->service.data, span_at(traces, i)->start, i };
	if (there) {
		qsort(placed, count, sizeof(*placed), compare_placed);
		there = list_services(traces, placed);
	}
	free(placed);
	return there;
}

int traces_settle(struct traces *traces)
{
	if (traces->settled)
		return 0;
	if (!gather(traces) || !order_spans(traces))
		return ERROR_MEMORY;
	traces->settled = true;
	return find_parents(traces) && compute_self(traces) && index_services(traces) ? 0 : ERROR_MEMORY;
}

/* --- questions ---- */

size_t traces_count(const struct traces *traces)
{
	return traces->traces.count;
}

const struct trace *traces_at(const struct traces *traces, size_t index)
{
	return vector_at(&traces->traces, index);
}

const struct trace *traces_find(const struct traces *traces, struct slice trace_id)
{
	uint32_t code;

	if (intern_find(traces->ids, trace_id, &code) != 0)
		return NULL;
	for (size_t i = 0; i < traces->traces.count; i++)
		if (traces_at(traces, i)->code == code)
			return traces_at(traces, i);
	return NULL;
}

const struct span *traces_span(const struct traces *traces, size_t index)
{
	return span_at(traces, index);
}

/* Position of the service's first span that does not start before `time`. */
static size_t find_start(const struct traces *traces, const struct service_spans *service, int64_t time)
{
	size_t low = service->first, high = service->first + service->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (span_at(traces, traces->by_service[middle])->start < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t traces_window(
	const struct traces *traces, struct slice service, int64_t from, int64_t to, const uint32_t **first)
{
	*first = NULL;
	for (size_t i = 0; i < traces->services.count; i++) {
		const struct service_spans *spans = vector_at(&traces->services, i);

		if (!slice_equal(spans->service, service))
			continue;
		size_t begin = find_start(traces, spans, from), end = find_start(traces, spans, to);
		*first = traces->by_service + begin;
		return end > begin ? end - begin : 0;
	}
	return 0;
}

size_t traces_service_count(const struct traces *traces)
{
	return traces->services.count;
}

struct slice traces_service(const struct traces *traces, size_t index)
{
	return ((const struct service_spans *)vector_at(&traces->services, index))->service;
}
