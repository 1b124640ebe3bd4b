/*
 * Which service calls which: given as lines "a -> b", or learnt from traces.
 */
#ifndef TOCSIN_CONTEXT_TOPOLOGY_H
#define TOCSIN_CONTEXT_TOPOLOGY_H

#include "tocsin/context/traces.h"

#define TOPOLOGY_EDGES 65536
#define TOPOLOGY_FAR UINT32_MAX

struct topology_edge {
	struct slice from; /* calls ... */
	struct slice to;   /* ... this one, depends on it */
	uint64_t calls;    /* seen in traces */
	bool given;        /* somebody wrote it down */
};

struct topology {
	struct context_text *text; /* borrowed */
	struct intern *keys;       /* from and to, to the index of their edge */
	struct vector edges;       /* of struct topology_edge, in order of first appearance */
};

int topology_init(struct topology *topology, struct context_text *text); /* ERROR_MEMORY */
void topology_release(struct topology *topology);

int topology_add(struct topology *topology, struct slice from, struct slice to, uint64_t calls, bool given);
/* One line: "a -> b", "a -> b, c", "a -> b -> c", "# comment" or blank. ERROR_INPUT when it is none of these. */
int topology_add_line(struct topology *topology, struct slice line);
/* An edge for every call from one service to another; counts all calls anew. Settled traces. */
int topology_learn(struct topology *topology, const struct traces *traces);

size_t topology_count(const struct topology *topology);
const struct topology_edge *topology_at(const struct topology *topology, size_t index);
const struct topology_edge *topology_find(const struct topology *topology, struct slice from, struct slice to);

/* Fewest calls that lead from one service to another: 0 for itself, TOPOLOGY_FAR when none do. */
uint32_t topology_hops(const struct topology *topology, struct slice from, struct slice to);

#endif
