/*
 * What is said now that was never said before: templates of WARN and worse without any occurrence before the end of the
 * baseline.
 */
#include "analyst/inside.h"

#include <stdlib.h>

#define TEMPLATES_SHOWN 4

struct novel {
	uint32_t template;
	uint64_t first;
	uint64_t count;
};

static int earlier(const void *a, const void *b)
{
	const struct novel *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

static bool collect(struct analysis *analysis, struct vector *novel)
{
	const struct scene *scene = &analysis->scene;
	uint32_t count = store_template_count(scene->store);
	uint64_t *now = calloc((size_t)count + 1, sizeof(*now)), *firsts = calloc((size_t)count + 1, sizeof(*firsts));
	bool complete = now && firsts;

	if (complete) {
		for (uint32_t i = 0; i < count; i++)
			firsts[i] = UINT64_MAX;
		query_template_counts(
			scene->store, scene->horizon, analysis->after, QUERY_ALL, LEVEL_WARN, count, now, firsts);
	}
	for (uint32_t i = 0; complete && i < count; i++) {
		struct novel *place;

		/* The first record ever is in the table: no second pass over the past is needed. */
		if (now[i] == 0 || store_template_first(scene->store, i) < firsts[i])
			continue;
		place = vector_push(novel);
		if (!place)
			break;
		*place = (struct novel){ i, firsts[i], now[i] };
	}
	free(now);
	free(firsts);
	return complete;
}

bool step_templates(struct analysis *analysis)
{
	const struct scene *scene = &analysis->scene;
	struct vector novel;
	struct buffer out;

	if (!analysis->have_onsets || !analysis->onsets.abnormal ||
		analysis->onsets.baseline.from >= analysis->onsets.baseline.to)
		return false;
	vector_init(&novel, sizeof(struct novel), 65536);
	buffer_init(&out, SCENE_SENTENCE);
	if (collect(analysis, &novel)) {
		vector_sort(&novel, earlier);
		if (novel.count == 0)
			buffer_append_string(&out, "no template of WARN or worse that was not there before");
		else
			say_plural(&out, novel.count, "template");
		if (novel.count)
			buffer_append_string(&out, " of WARN or worse never seen before: ");
		for (size_t i = 0; i < novel.count && i < TEMPLATES_SHOWN; i++) {
			const struct novel *one = vector_at(&novel, i);

			buffer_append_string(&out, i ? ", " : "");
			say_template(&out, scene, one->template, 48);
			buffer_append_string(&out, " x ");
			say_number(&out, one->count);
			say_cite(&out, analysis_cite_line(analysis, one->first));
		}
		if (novel.count > TEMPLATES_SHOWN)
			buffer_append_format(&out, " and %zu more", novel.count - TEMPLATES_SHOWN);
		analysis_say(analysis, ENTRY_STEP, NULL, &out);
	}
	buffer_release(&out);
	vector_release(&novel);
	return false;
}
