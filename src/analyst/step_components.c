/*
 * Which part of the culprit: the source files that its first strange stack traces go through, else the logger that
 * wrote its first strange line.
 *
 * score of a file = sum over the first TRACES traces of 1 / (1 + earlier traces) / (1 + deeper files of the culprit)
 *
 * The first trace counts most, not the loudest, and in it the deepest frame: what comes later repeats what was seen
 * before. Frames of libraries, and those that only hand on their arguments, do not count. Two things go before depth: a
 * module that the exception itself names, and a frame whose source could not be shown, for then the code that ran is
 * not the file on the disk.
 */
#include "analyst/frames.h"
#include "analyst/inside.h"
#include "analyst/names.h"

#define TRACES 8
#define RELATIVE 0.5 /* what the trace of a relative counts against one of the culprit itself */

static bool is_own(const struct frame *frame, struct slice root)
{
	struct slice first = slice_first(frame->file, slice_find_byte(frame->file, '/'));

	return !frame->wrapper && (slice_equal_nocase(first, root) || !frame->library);
}

static struct component *find_component(struct analysis *analysis, struct slice name)
{
	struct component *component;

	for (size_t i = 0; i < analysis->components.count; i++) {
		component = vector_at(&analysis->components, i);
		if (slice_equal(component->name, name))
			return component;
	}
	name = analysis_keep(analysis, slice_first(name, 200));
	component = name.data ? vector_push(&analysis->components) : NULL;
	if (component)
		component->name = name;
	return component;
}

/* Counts a file once a trace. */
static void credit(struct analysis *analysis, struct slice name, double score, uint64_t record, unsigned trace)
{
	struct component *component = find_component(analysis, name);

	if (!component || component->trace == trace)
		return;
	component->trace = trace;
	component->score += score;
	if (component->record == 0 && component->score <= score)
		component->record = record;
}

/* A dotted module as a path: "neutron/notifiers/nova". */
static void credit_module(struct analysis *analysis, struct slice module, double score, uint64_t record, unsigned trace)
{
	struct buffer path;

	buffer_init(&path, 256);
	for (size_t i = 0; i < module.size; i++)
		buffer_append_byte(&path, module.data[i] == '.' ? '/' : module.data[i]);
	buffer_append_string(&path, ".py");
	if (!path.failed)
		credit(analysis, buffer_slice(&path), score, record, trace);
	buffer_release(&path);
}

/* The last line of a Python trace, the first of any other: the exception in words. */
static struct slice exception_of(struct slice text)
{
	struct slice trimmed = slice_trim(text);
	size_t begin = trimmed.size;

	while (begin > 0 && trimmed.data[begin - 1] != '\n')
		begin--;
	return slice_from(trimmed, begin);
}

static bool take_trace(
	struct analysis *analysis, struct slice root, struct slice text, const struct record *record, unsigned trace)
{
	struct frame frames[FRAMES_MAXIMUM];
	size_t count = frames_find(text, frames), depth = 0;
	double weight = (record->service == analysis->culprit->service ? 1 : RELATIVE) / trace;
	struct slice rest = exception_of(text), module;
	bool seen = false;

	for (size_t i = 0; i < count; i++)
		seen = seen || is_own(&frames[i], root);
	if (!seen)
		return false;
	while (frames_next_module(&rest, &module))
		if (slice_equal_nocase(slice_first(module, slice_find_byte(module, '.')), root))
			credit_module(analysis, module, 2 * weight, record->id, trace);
	for (size_t i = 0; i < count; i++)
		if (is_own(&frames[i], root) && frames[i].unseen)
			credit(analysis, frames[i].file, 2 * weight, record->id, trace);
	for (size_t i = 0; i < count; i++) {
		if (!is_own(&frames[i], root) || (i > 0 && slice_equal(frames[i].file, frames[i - 1].file)))
			continue;
		credit(analysis, frames[i].file, weight / (double)(1 + depth), record->id, trace);
		depth++;
	}
	return true;
}

static bool is_strange(const struct analysis *analysis, const struct record *record)
{
	if (!level_is_error(record->level) || record->time >= analysis->after.to)
		return false;
	return !analysis->have_contrast ||
		contrast_judge(&analysis->contrast, record->service, record->template, LEVEL_ERROR) != STRANGE_NOT;
}

/* The first strange record of the culprit or a relative. */
static uint64_t first_of_family(const struct analysis *analysis, struct slice root)
{
	uint64_t first = analysis->culprit->onset.record;

	for (size_t i = 0; i < analysis->suspects.count; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);

		if (suspect->onset.record < first &&
			slice_equal_nocase(service_family(&analysis->scene, suspect->service), root))
			first = suspect->onset.record;
	}
	return first;
}

static void read_traces(struct analysis *analysis)
{
	const struct scene *scene = &analysis->scene;
	struct slice root = service_family(scene, analysis->culprit->service);
	unsigned traces = 0;

	for (uint64_t id = first_of_family(analysis, root); id < scene->horizon.records && traces < TRACES; id++) {
		struct record record;
		struct store_text text;

		store_record(scene->store, id, &record);
		if (!is_strange(analysis, &record) ||
			!slice_equal_nocase(service_family(scene, record.service), root) ||
			!scene_read(scene, id, &record, &text))
			continue;
		traces += take_trace(analysis, root, text.message, &record, traces + 1);
	}
}

static const char *const logger_fields[] = { "component", "logger", "module", "class", "subsystem" };

static void read_logger(struct analysis *analysis, double score)
{
	struct record record;
	struct store_text text;

	if (!scene_read(&analysis->scene, analysis->culprit->onset.record, &record, &text))
		return;
	for (size_t i = 0; i < text.field_count; i++)
		for (size_t j = 0; j < sizeof(logger_fields) / sizeof(logger_fields[0]); j++)
			if (text.fields[i].value.size &&
				slice_equal_nocase(text.fields[i].name, slice_of(logger_fields[j]))) {
				credit(analysis, text.fields[i].value, score, record.id, UINT32_MAX);
				return;
			}
}

static int by_score(const void *a, const void *b)
{
	const struct component *left = a, *right = b;

	if (left->score != right->score)
		return left->score > right->score ? -1 : 1;
	return left->record < right->record ? -1 : left->record > right->record;
}

static void say_components(struct analysis *analysis)
{
	struct buffer out;

	buffer_init(&out, SCENE_SENTENCE);
	buffer_append_string(&out, "component: ");
	for (size_t i = 0; i < analysis->components.count && i < 3; i++) {
		const struct component *component = vector_at(&analysis->components, i);

		buffer_append_string(&out, i ? ", then " : "");
		say_quote(&out, component->name, 80);
		say_cite(&out, analysis_cite_line(analysis, component->record));
	}
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
}

bool step_components(struct analysis *analysis)
{
	double most = 0;

	if (!analysis->culprit || analysis->culprit->onset.record == UINT64_MAX)
		return false;
	read_traces(analysis);
	if (analysis->components.count == 0)
		read_logger(analysis, 1);
	vector_sort(&analysis->components, by_score);
	for (size_t i = 0; i < analysis->components.count; i++) {
		struct component *component = vector_at(&analysis->components, i);

		most = i ? most : component->score;
		component->score /= most > 0 ? most : 1;
	}
	if (analysis->components.count)
		say_components(analysis);
	return false;
}
