/*
 * What selection.c and selection_look.c share.
 */
#ifndef STORE_SELECTION_INSIDE_H
#define STORE_SELECTION_INSIDE_H

#include "store/look.h"
#include "tocsin/store/selection.h"

/* The ids of one segment. */
struct part {
	uint64_t before;   /* selected in the parts before this one; right below selection->counted */
	uint32_t total;    /* selected in this one */
	uint32_t examined; /* looked at, from its first on */
};

/* How many ids of a part lie below the horizon. */
size_t selection_visible(const struct selection *selection, size_t part);
/* Puts in what a look found of from <= position < to, which follows what was known of the part. False when out of
 * memory. */
bool selection_put(struct selection *selection, size_t part, size_t from, size_t to, const uint64_t *in);

/* The look that is out belongs to nobody any more. */
void selection_cancel_look(struct selection *selection);

static inline struct part *selection_part(const struct selection *selection, size_t index)
{
	return (struct part *)selection->parts.items + index;
}

/* How many of the first ids of a part are known. */
static inline size_t selection_examined(const struct selection *selection, size_t index)
{
	return index < selection->parts.count ? selection_part(selection, index)->examined : 0;
}

#endif
