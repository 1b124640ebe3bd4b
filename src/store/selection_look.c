/*
 * Looks: a list of parts to look at, with a filter of their own, so that a worker shares nothing with the loop that
 * could change.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/selection_inside.h"

#define LOOK_PARTS 256                       /* most that one look takes along */
#define LOOK_TIME (30 * TIMESTAMP_SECOND / 1000) /* after which it comes back with what it has */

struct look_part {
	size_t index;
	size_t from, to; /* positions */
	uint64_t in[SEGMENT_MOST_BLOCKS];
};

struct look {
	struct selection *selection; /* NULL: forgotten */
	const struct store *store;
	struct filter *filter;
	atomic_bool cancelled;
	uint64_t want;
	size_t count, done; /* parts taken along, looked at */
	struct look_part parts[LOOK_PARTS];
};

void selection_cancel_look(struct selection *selection)
{
	if (!selection->look)
		return;
	atomic_store(&selection->look->cancelled, true);
	selection->look->selection = NULL;
	selection->look = NULL;
}

/* The part that is `step` further from `near` than `near` itself; SIZE_MAX where there is none. */
static size_t part_after(size_t near, size_t step, int direction, size_t count)
{
	size_t distance = (step + 1) / 2;

	if (direction > 0)
		return (near + step) % count;
	if (direction < 0)
		return (near + count - step) % count;
	/* Both ways in turn; where one has ended, the other goes on. */
	if (step % 2 == 1)
		return near + distance < count ? near + distance : SIZE_MAX;
	return distance <= near ? near - distance : SIZE_MAX;
}

static void choose_parts(struct look *look, const struct selection *selection, uint64_t near, int direction)
{
	size_t count = (size_t)((selection->horizon - 1 - selection->base) >> selection->part_shift) + 1;
	size_t start = near < selection->base ? 0 : (size_t)((near - selection->base) >> selection->part_shift);

	if (start >= count)
		start = count - 1;
	for (size_t step = 0; step < (direction == 0 ? 2 * count : count) && look->count < LOOK_PARTS; step++) {
		size_t index = part_after(start, step, direction, count);
		size_t from, to;

		if (index == SIZE_MAX)
			continue;
		from = selection_examined(selection, index);
		to = selection_visible(selection, index);
		if (from < to)
			look->parts[look->count++] = (struct look_part){ .index = index, .from = from, .to = to };
	}
}

struct look *selection_take_look(
	struct selection *selection, const struct store *store, uint64_t near, int direction, uint64_t want)
{
	struct look *look;

	if (selection->look || selection_is_complete(selection))
		return NULL;
	look = calloc(1, sizeof(*look));
	if (!look)
		return NULL;
	look->filter = filter_copy(selection->filter);
	if (!look->filter) {
		free(look);
		return NULL;
	}
	look->selection = selection;
	look->store = store;
	look->want = want;
	choose_parts(look, selection, near, direction);
	selection->look = look;
	return look;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * TIMESTAMP_SECOND + time.tv_nsec;
}

static uint64_t count_found(const struct look_part *part)
{
	uint64_t count = 0;

	for (size_t block = part->from / PLANES_NUMBERS; block * PLANES_NUMBERS < part->to; block++)
		count += planes_count(part->in[block] & look_mask(block, part->from, part->to));
	return count;
}

void look_run(struct look *look, const struct store_reader *reader)
{
	struct looking looking = { look->store, reader, look->filter, &look->cancelled };
	int64_t end = now() + LOOK_TIME;
	uint64_t found = 0;

	for (; look->done < look->count && found < look->want && now() < end; look->done++) {
		struct look_part *part = &look->parts[look->done];

		if (look_at_records(&looking, part->index, part->from, part->to, part->in) != 0 ||
			atomic_load(&look->cancelled))
			return;
		found += count_found(part);
	}
}

bool look_finish(struct look *look)
{
	struct selection *selection = look->selection;
	bool is_news = selection && look->done > 0;

	if (selection) {
		selection->look = NULL;
		selection->full = false;
		for (size_t i = 0; i < look->done && !selection->full; i++)
			selection->full = !selection_put(selection, look->parts[i].index, look->parts[i].from,
				look->parts[i].to, look->parts[i].in);
		selection->ran_out += filter_ran_out(look->filter);
	}
	filter_destroy(look->filter);
	free(look);
	return is_news;
}
