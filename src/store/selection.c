/*
 * The ids that match, in order. They are kept when the horizon moves back and only not shown, so that moving forward
 * again costs nothing.
 */
#include "tocsin/store/filter.h"

#include <stdlib.h>

#define MAXIMUM_IDS ((size_t)1 << 30)

int selection_init(struct selection *selection, struct filter *filter)
{
	*selection = (struct selection){.filter = filter};
	if (filter_is_empty(filter))
		return 0;
	selection->ids = malloc(sizeof(*selection->ids));
	if (!selection->ids)
		return ERROR_MEMORY;
	vector_init(selection->ids, sizeof(uint64_t), MAXIMUM_IDS);
	return 0;
}

void selection_release(struct selection *selection)
{
	if (selection->ids)
		vector_release(selection->ids);
	free(selection->ids);
	*selection = (struct selection){0};
}

bool selection_advance(struct selection *selection, const struct store *store, const struct store_reader *reader,
		       struct horizon horizon, uint64_t budget)
{
	uint64_t count = store_has_records(store) ? store_count(store) : 0;

	selection->horizon = horizon.records < count ? horizon.records : count;
	if (!selection->ids)
		return false;
	for (; budget > 0 && selection->examined < selection->horizon; budget--) {
		struct record record;

		store_record(store, selection->examined, &record);
		if (filter_match(selection->filter, store, &record, reader)) {
			uint64_t *id = vector_push(selection->ids);

			selection->full = !id;
			if (!id)
				return false;
			*id = record.id;
		}
		selection->examined++;
	}
	return selection->examined < selection->horizon;
}

/* How many selected ids are below `limit`. */
static uint64_t count_below(const struct selection *selection, uint64_t limit)
{
	size_t low = 0, high = selection->ids->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const uint64_t *id = vector_at(selection->ids, middle);

		if (*id < limit)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t selection_count(const struct selection *selection)
{
	return selection->ids ? count_below(selection, selection->horizon) : selection->horizon;
}

uint64_t selection_id(const struct selection *selection, uint64_t index)
{
	return selection->ids ? *(const uint64_t *)vector_at(selection->ids, (size_t)index) : index;
}

uint64_t selection_index(const struct selection *selection, uint64_t id)
{
	uint64_t limit = id < selection->horizon ? id : selection->horizon;

	return selection->ids ? count_below(selection, limit) : limit;
}
