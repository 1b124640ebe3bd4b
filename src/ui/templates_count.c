#include "ui/templates_count.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_SHARE 20 /* the window is the extent's 20th part ... */
#define WINDOW_LEAST (10 * TIMESTAMP_SECOND)
#define WINDOW_MOST (5 * TIMESTAMP_MINUTE)
#define ROWS_MAXIMUM (1U << 20)

/* By signature, before they are added up. */
struct counts {
	uint32_t signatures;
	uint64_t *all, *errors, *recent;
};

const struct store_templates *templates_table(const struct state *state)
{
	const struct snapshot *snapshot = state->snapshot;

	return store_templates(snapshot->store, store_signatures_below(snapshot->store, snapshot->horizon.records));
}

bool templates_window(const struct state *state, struct window *window)
{
	const struct snapshot *snapshot = state->snapshot;
	struct window extent;
	int64_t time = state_time(state), size;

	if (time == TIMESTAMP_NONE || !query_extent(snapshot->store, snapshot->horizon, &extent))
		return false;
	size = (extent.to - extent.from) / WINDOW_SHARE;
	size = size < WINDOW_LEAST ? WINDOW_LEAST : size > WINDOW_MOST ? WINDOW_MOST : size;
	*window = (struct window){ time - size, time + 1 };
	return true;
}

const char *templates_order_name(enum templates_order order)
{
	static const char *const names[] = { "by count", "newest first", "by burst" };

	return names[order];
}

static bool counts_init(struct counts *counts, uint32_t signatures)
{
	counts->signatures = signatures;
	counts->all = calloc(signatures + (size_t)1, sizeof(uint64_t));
	counts->errors = calloc(signatures + (size_t)1, sizeof(uint64_t));
	counts->recent = calloc(signatures + (size_t)1, sizeof(uint64_t));
	return counts->all && counts->errors && counts->recent;
}

static void counts_release(struct counts *counts)
{
	free(counts->all);
	free(counts->errors);
	free(counts->recent);
}

/* Over the whole log the totals know records without a time too. */
static void count_totals(const struct store *store, struct counts *counts)
{
	for (uint32_t i = 0; i < counts->signatures; i++) {
		struct store_template_totals totals;

		store_template_totals(store, i, &totals);
		counts->all[i] = totals.count;
		counts->errors[i] = totals.levels[LEVEL_ERROR] + totals.levels[LEVEL_FATAL];
	}
}

static void count_visible(const struct snapshot *snapshot, struct counts *counts)
{
	struct window extent;

	if (!query_extent(snapshot->store, snapshot->horizon, &extent))
		return;
	query_template_counts(snapshot->store, snapshot->horizon, extent, QUERY_ALL, LEVEL_TRACE, counts->signatures,
		counts->all, NULL);
	query_template_counts(snapshot->store, snapshot->horizon, extent, QUERY_ALL, LEVEL_ERROR, counts->signatures,
		counts->errors, NULL);
}

static void count(const struct state *state, struct counts *counts)
{
	const struct snapshot *snapshot = state->snapshot;
	struct window window;

	if (snapshot->horizon.records >= store_count(snapshot->store))
		count_totals(snapshot->store, counts);
	else
		count_visible(snapshot, counts);
	if (templates_window(state, &window))
		query_template_counts(snapshot->store, snapshot->horizon, window, QUERY_ALL, LEVEL_TRACE,
			counts->signatures, counts->recent, NULL);
}

/* A template's number is its smallest signature's, so its row is there when another of its signatures comes. */
static void add_up(struct state *state, const struct counts *counts, uint32_t *rows)
{
	struct vector *list = &state->templates.rows;
	const struct store_templates *table = templates_table(state);

	vector_clear(list);
	for (uint32_t i = 0; i < counts->signatures; i++) {
		uint32_t template = store_templates_of(table, i);
		struct template_row *row = template == i ? vector_push(list) : vector_at(list, rows[template]);

		if (row == NULL)
			return;
		if (template == i) {
			rows[i] = (uint32_t)list->count - 1;
			*row = (struct template_row){ .template = i,
				.first = store_template_first(state->snapshot->store, i) };
		}
		row->count += counts->all[i];
		row->errors += counts->errors[i];
		row->recent += counts->recent[i];
	}
}

/* Against what the average rate would give; one is added to both, so that what is rare does not win by chance. */
static void judge_bursts(struct state *state)
{
	struct window extent, window;

	if (!templates_window(state, &window) ||
		!query_extent(state->snapshot->store, state->snapshot->horizon, &extent))
		return;
	for (size_t i = 0; i < state->templates.rows.count; i++) {
		struct template_row *row = vector_at(&state->templates.rows, i);
		double share = (double)(window.to - window.from) / (double)(extent.to - extent.from);

		row->burst = ((double)row->recent + 1) / ((double)row->count * (share < 1 ? share : 1) + 1);
	}
}

static int by_number(const struct template_row *a, const struct template_row *b)
{
	return a->template < b->template ? -1 : a->template > b->template;
}

static int by_count(const void *left, const void *right)
{
	const struct template_row *a = left, *b = right;

	return a->count != b->count ? (a->count > b->count ? -1 : 1) : by_number(a, b);
}

static int by_novelty(const void *left, const void *right)
{
	return by_number(right, left);
}

static int by_burst(const void *left, const void *right)
{
	const struct template_row *a = left, *b = right;

	return a->burst > b->burst ? -1 : a->burst < b->burst ? 1 : by_count(left, right);
}

/* The selection stays with its template. */
static void put_in_order(struct state *state)
{
	static int (*const orders[])(const void *, const void *) = { by_count, by_novelty, by_burst };
	struct templates_state *templates = &state->templates;

	vector_sort(&templates->rows, orders[templates->order]);
	for (size_t i = 0; i < templates->rows.count && templates->moved; i++)
		if (templates_row(state, (int)i)->template == templates->selected_template)
			templates->selected = (int)i;
	if (templates->selected >= (int)templates->rows.count)
		templates->selected = (int)templates->rows.count - 1;
	if (templates->selected < 0)
		templates->selected = 0;
}

void templates_count(struct state *state)
{
	struct templates_state *templates = &state->templates;
	const struct snapshot *snapshot = state->snapshot;
	const struct store_templates *table = templates_table(state);
	struct counts counts = { 0 };
	uint32_t signatures = store_signatures_below(snapshot->store, snapshot->horizon.records);
	uint32_t *rows;

	if (templates->rows.item_size > 0 && templates->store == snapshot->store && templates->table == table &&
		templates->records == snapshot->horizon.records && templates->time == state_time(state))
		return;
	if (templates->rows.item_size == 0)
		vector_init(&templates->rows, sizeof(struct template_row), ROWS_MAXIMUM);
	rows = calloc(signatures + (size_t)1, sizeof *rows);
	if (rows != NULL && counts_init(&counts, signatures)) {
		count(state, &counts);
		add_up(state, &counts, rows);
		judge_bursts(state);
		put_in_order(state);
		templates->store = snapshot->store;
		templates->table = table;
		templates->records = snapshot->horizon.records;
		templates->time = state_time(state);
	}
	counts_release(&counts);
	free(rows);
}

void templates_release(struct state *state)
{
	vector_release(&state->templates.rows);
}

const struct template_row *templates_row(const struct state *state, int index)
{
	return vector_at(&state->templates.rows, (size_t)index);
}
