#include "tocsin/context/topology.h"

#include "tocsin/base/error.h"

#include <stdio.h>
#include <stdlib.h>

#define KEY_MAXIMUM 1024

int topology_init(struct topology *topology, struct context_text *text)
{
	topology->text = text;
	vector_init(&topology->edges, sizeof(struct topology_edge), TOPOLOGY_EDGES);
	topology->keys = intern_create(TOPOLOGY_EDGES, (size_t)TOPOLOGY_EDGES * KEY_MAXIMUM);
	return topology->keys != NULL ? 0 : ERROR_MEMORY;
}

void topology_release(struct topology *topology)
{
	vector_release(&topology->edges);
	intern_destroy(topology->keys);
	topology->keys = NULL;
}

static bool key_of(struct slice from, struct slice to, char buffer[KEY_MAXIMUM], struct slice *key)
{
	int size = snprintf(
		buffer, KEY_MAXIMUM, "%zu:%.*s%.*s", from.size, (int)from.size, from.data, (int)to.size, to.data);

	*key = (struct slice){ buffer, (size_t)size };
	return size < KEY_MAXIMUM;
}

int topology_add(struct topology *topology, struct slice from, struct slice to, uint64_t calls, bool given)
{
	char buffer[KEY_MAXIMUM];
	struct topology_edge *edge;
	struct slice key;
	uint32_t code;
	int result;

	if (from.size == 0 || to.size == 0)
		return ERROR_INPUT;
	if (!key_of(from, to, buffer, &key))
		return ERROR_FULL;
	result = intern_put(topology->keys, key, &code);
	if (result != 0)
		return result;
	if (code < topology->edges.count) {
		edge = vector_at(&topology->edges, code);
	} else {
		edge = vector_push(&topology->edges);
		if (edge == NULL || !context_text_name(topology->text, from, &edge->from) ||
			!context_text_name(topology->text, to, &edge->to))
			return ERROR_FULL;
	}
	edge->calls += calls;
	edge->given = edge->given || given;
	return 0;
}

static const struct slice arrow = { "->", 2 };

/* From each of the callers named on the left to each of the callees on the right of one arrow. */
static int add_all(struct topology *topology, struct slice callers, struct slice callees)
{
	struct slice from, to;
	int result = 0;

	while (result == 0 && slice_next(&callers, ',', &from))
		for (struct slice rest = callees; result == 0 && slice_next(&rest, ',', &to);)
			result = topology_add(topology, slice_trim(from), slice_trim(to), 0, true);
	return result;
}

int topology_add_line(struct topology *topology, struct slice line)
{
	struct slice left;
	size_t at;
	int result = 0;

	line = slice_trim(slice_first(line, slice_find_byte(line, '#')));
	if (line.size == 0)
		return 0;
	at = slice_find(line, arrow);
	if (at == SIZE_MAX)
		return ERROR_INPUT;
	while (result == 0 && at != SIZE_MAX) {
		left = slice_trim(slice_first(line, at));
		line = slice_from(line, at + arrow.size);
		at = slice_find(line, arrow);
		struct slice right = slice_trim(slice_first(line, at));

		result = left.size == 0 || right.size == 0 ? ERROR_INPUT : add_all(topology, left, right);
	}
	return result;
}

int topology_learn(struct topology *topology, const struct traces *traces)
{
	int result = 0;

	for (size_t i = 0; i < topology->edges.count; i++)
		((struct topology_edge *)vector_at(&topology->edges, i))->calls = 0;
	for (size_t i = 0; i < traces_count(traces) && result == 0; i++) {
		const struct trace *trace = traces_at(traces, i);

		for (size_t j = trace->first; j < (size_t)trace->first + trace->count && result == 0; j++) {
			const struct span *span = traces_span(traces, j);
			const struct span *caller =
				span->parent == SPAN_NONE ? NULL : traces_span(traces, span->parent);

			if (caller != NULL && span->service.size > 0 && caller->service.size > 0 &&
				!slice_equal(caller->service, span->service))
				result = topology_add(topology, caller->service, span->service, 1, false);
		}
	}
	return result == ERROR_MEMORY ? result : 0;
}

size_t topology_count(const struct topology *topology)
{
	return topology->edges.count;
}

const struct topology_edge *topology_at(const struct topology *topology, size_t index)
{
	return index < topology->edges.count ? vector_at(&topology->edges, index) : NULL;
}

const struct topology_edge *topology_find(const struct topology *topology, struct slice from, struct slice to)
{
	char buffer[KEY_MAXIMUM];
	struct slice key;
	uint32_t code;

	if (from.size == 0 || to.size == 0 || !key_of(from, to, buffer, &key) ||
		intern_find(topology->keys, key, &code) != 0)
		return NULL;
	return topology_at(topology, code);
}

/* Names are kept once, so their bytes are their identity. */
static bool is_reached(const struct slice *reached, size_t count, struct slice service)
{
	for (size_t i = 0; i < count; i++)
		if (reached[i].data == service.data)
			return true;
	return false;
}

/* Breadth first: what one more call reaches, until it is there or nothing new is. */
uint32_t topology_hops(const struct topology *topology, struct slice from, struct slice to)
{
	size_t edges = topology->edges.count, count = 0, end;
	struct slice *reached;
	uint32_t hops = 0, code;
	bool found = slice_equal(from, to);

	if (found)
		return 0;
	if (intern_find(topology->text->names, from, &code) != 0 ||
		(reached = calloc(edges + 1, sizeof(*reached))) == NULL)
		return TOPOLOGY_FAR;
	reached[count++] = intern_text(topology->text->names, code);
	do {
		end = count;
		hops++;
		for (size_t i = 0; i < edges && !found; i++) {
			const struct topology_edge *edge = topology_at(topology, i);

			if (!is_reached(reached, end, edge->from) || is_reached(reached, count, edge->to))
				continue;
			reached[count++] = edge->to;
			found = slice_equal(edge->to, to);
		}
	} while (!found && count > end);
	free(reached);
	return found ? hops : TOPOLOGY_FAR;
}
