/*
 * Lines that are missing: work that always wrote a line, in every trace of quiet times, and now often does not.
 *
 * Spans and lines meet by the span's id. For each operation of each service it is counted in how many of its spans each
 * template was written, here and in the log of quiet times. What was written in at least 90 of 100 spans there is
 * expected here; how surprising it is that so many lack it is the log-likelihood ratio of both shares.
 */
#include "analyst/inside.h"
#include "tocsin/base/intern.h"
#include "tocsin/base/pairs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LEAST 5      /* spans of quiet times */
#define EXPECTED 0.9 /* of them wrote it */
#define SCALE 40     /* of the ratio: 1 - exp(-ratio / SCALE) */
#define WEIGHT 0.9
#define ANY UINT32_MAX /* in place of a template: a line at all */

struct side {
	const struct traces *traces;
	const struct store *store;
	struct intern *operations; /* "service\noperation" */
	uint32_t *operation;       /* by span */
	uint32_t *spans;           /* by operation */
	struct intern *ids;        /* of spans, code is the index */
	struct pairs written;      /* (operation, template or ANY) */
	struct vector counts;      /* of uint32_t: spans that wrote it, by index of `written` */
	struct pairs seen;         /* (span, template or ANY) */
};

static void side_release(struct side *side)
{
	intern_destroy(side->operations);
	intern_destroy(side->ids);
	free(side->operation);
	free(side->spans);
	pairs_release(&side->written);
	pairs_release(&side->seen);
	vector_release(&side->counts);
}

/* Names operations and spans. Ids that occur twice are left out. */
static bool side_index(struct side *side)
{
	size_t count = side->traces->spans.count;
	struct buffer key;
	bool good = side->operations && side->ids && side->operation && side->spans;

	buffer_init(&key, 4096);
	for (size_t i = 0; good && i < count; i++) {
		const struct span *span = traces_span(side->traces, i);
		uint32_t id;

		buffer_clear(&key);
		buffer_append_slice(&key, slice_first(span->service, 1000));
		buffer_append_byte(&key, '\n');
		buffer_append_slice(&key, slice_first(span->operation, 1000));
		good = intern_put(side->operations, buffer_slice(&key), &side->operation[i]) == 0 &&
			intern_put(side->ids, span->id, &id) == 0 && id == i;
		if (good)
			side->spans[side->operation[i]]++;
	}
	buffer_release(&key);
	return good;
}

static void note(struct side *side, uint32_t span, uint32_t template)
{
	uint32_t before = side->seen.count, index;

	if (pairs_put(&side->seen, span, template) == PAIRS_NONE || side->seen.count == before)
		return;
	index = pairs_put(&side->written, side->operation[span], template);
	if (index == PAIRS_NONE || (index == side->counts.count && !vector_push(&side->counts)))
		return;
	*(uint32_t *)vector_at(&side->counts, index) += 1;
}

static struct slice span_id(const struct store_text *text)
{
	static const char *const names[] = { "span_id", "spanid", "span.id", "spanId" };

	for (size_t i = 0; i < text->field_count; i++)
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			if (slice_equal_nocase(text->fields[i].name, slice_of(names[j])))
				return text->fields[i].value;
	return (struct slice){ 0 };
}

static bool side_make(struct side *side, const struct traces *traces, const struct scene *scene)
{
	size_t count = traces->spans.count;

	*side = (struct side){ .traces = traces,
		.store = scene->store,
		.operations = intern_create((uint32_t)count + 1, (size_t)64 << 20),
		.ids = intern_create((uint32_t)count + 1, (size_t)64 << 20),
		.operation = calloc(count + 1, sizeof(uint32_t)),
		.spans = calloc(count + 1, sizeof(uint32_t)) };
	pairs_init(&side->written, 1u << 20);
	pairs_init(&side->seen, 1u << 24);
	vector_init(&side->counts, sizeof(uint32_t), 1u << 20);
	if (!side_index(side))
		return false;
	for (uint64_t id = 0; id < scene->horizon.records; id++) {
		struct record record;
		struct store_text text;
		struct slice name;
		uint32_t span;

		if (!scene_read(scene, id, &record, &text))
			continue;
		name = span_id(&text);
		if (name.size == 0 || intern_find(side->ids, name, &span) != 0)
			continue;
		if (record.level >= LEVEL_ERROR)
			continue; /* that an error is missing is no loss */
		note(side, span, ANY);
		note(side, span, record.template);
	}
	return true;
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static double likelihood(uint32_t missing, uint32_t spans, double usual)
{
	double share = (double)missing / spans;

	if (share <= usual)
		return 0;
	return 2 *
		(missing * log(share / usual) +
			(missing < spans ? (spans - missing) * log((1 - share) / (1 - usual)) : 0));
}

static uint32_t written(const struct side *side, uint32_t operation, uint32_t template)
{
	uint32_t index = template == STORE_NO_CODE - 1 ? PAIRS_NONE : pairs_find(&side->written, operation, template);

	return index == PAIRS_NONE ? 0 : *(uint32_t *)vector_at(&side->counts, index);
}

struct missing {
	struct slice service;
	struct slice what; /* template's text; empty: any line */
	double ratio;
	uint32_t wrote, spans;
};

/* The most surprising one of each service. */
static void keep(struct vector *list, const struct missing *missing)
{
	struct missing *place;

	for (size_t i = 0; i < list->count; i++) {
		place = vector_at(list, i);
		if (!slice_equal(place->service, missing->service))
			continue;
		if (missing->ratio > place->ratio)
			*place = *missing;
		return;
	}
	place = vector_push(list);
	if (place)
		*place = *missing;
}

/* Templates of this log by those of the other; STORE_NO_CODE - 1 where there is none. */
static uint32_t *invert(const struct contrast *contrast, uint32_t count)
{
	uint32_t *templates = malloc(((size_t)count + 1) * sizeof(*templates));

	for (uint32_t i = 0; templates && i < count; i++)
		templates[i] = STORE_NO_CODE - 1;
	for (uint32_t i = 0; templates && i < contrast->template_count; i++)
		if (contrast->templates[i] < count)
			templates[contrast->templates[i]] = i;
	return templates;
}

static void compare(
	const struct analysis *analysis, const struct side *now, const struct side *then, struct vector *list)
{
	uint32_t known = store_template_count(then->store);
	uint32_t *templates = invert(&analysis->contrast, known);

	for (uint32_t i = 0; templates && i < then->written.count; i++) {
		uint32_t usual = pairs_first(&then->written, i), template = pairs_second(&then->written, i), operation;
		uint32_t wrote = *(uint32_t *)vector_at(&then->counts, i), spans = then->spans[usual];
		struct slice name = intern_text(then->operations, usual);
		struct missing missing = { .service = slice_first(name, slice_find_byte(name, '\n')) };

		if (spans < LEAST || wrote < EXPECTED * spans || intern_find(now->operations, name, &operation) != 0 ||
			now->spans[operation] == 0)
			continue;
		missing.spans = now->spans[operation];
		missing.wrote = written(now, operation, template == ANY ? ANY : templates[template]);
		missing.what = template == ANY ? (struct slice){ 0 } : store_template_text(then->store, template);
		missing.ratio =
			likelihood(missing.spans - missing.wrote, missing.spans, (spans - wrote + 0.5) / (spans + 1.0));
		if (missing.ratio > 4)
			keep(list, &missing);
	}
	free(templates);
}

static void add(struct analysis *analysis, const struct missing *missing, struct buffer *out)
{
	struct signal *signal = vector_push(&analysis->signals);

	if (!signal)
		return;
	if (missing->what.size)
		say_quote(out, missing->what, 60);
	else
		buffer_append_string(out, "any line");
	buffer_append_string(out, " was written in only ");
	say_number(out, missing->wrote);
	buffer_append_string(out, " of ");
	say_plural(out, missing->spans, "span");
	buffer_append_string(out, " that always wrote it");
	*signal = (struct signal){ .kind = SIGNAL_SILENT,
		.service = analysis_keep(analysis, missing->service),
		.strength = WEIGHT * (1 - exp(-missing->ratio / SCALE)),
		.onset = TIMESTAMP_NONE,
		.text = analysis_keep(analysis, buffer_slice(out)) };
	buffer_clear(out);
	buffer_append_string(out, "missing: ");
	buffer_append_slice(out, missing->service);
	buffer_append_string(out, ": ");
	buffer_append_slice(out, signal->text);
	analysis_say(analysis, ENTRY_STEP, NULL, out);
}

bool step_silent(struct analysis *analysis)
{
	const struct analysis_reference *reference = analysis->input.reference;
	struct side now = { 0 }, then = { 0 };
	struct vector list;
	struct buffer out;

	if (!analysis->have_contrast || !reference->context || !analysis->input.context ||
		traces_count(&reference->context->traces) == 0 || traces_count(&analysis->input.context->traces) == 0)
		return false;
	struct scene quiet = { reference->store, reference->reader, reference->horizon, analysis->scene.zone, NULL,
		NULL };
	vector_init(&list, sizeof(struct missing), 1024);
	if (side_make(&now, &analysis->input.context->traces, &analysis->scene) &&
		side_make(&then, &reference->context->traces, &quiet))
		compare(analysis, &now, &then, &list);
	buffer_init(&out, SCENE_SENTENCE);
	for (size_t i = 0; i < list.count; i++)
		add(analysis, vector_at(&list, i), &out);
	buffer_release(&out);
	vector_release(&list);
	side_release(&now);
	side_release(&then);
	return false;
}
