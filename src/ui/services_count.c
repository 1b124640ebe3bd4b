/*
 * Everything is counted up to the cursor: the pane shows what stood there then. Counting is done again only when
 * horizon, extent, cursor or width changed; the order, which also hangs on the last analysis, is made every time.
 */
#include "ui/services_count.h"

#include <stdlib.h>
#include <string.h>

#include "tocsin/base/utf8.h"

enum {
	RATE = 7,
	NOTE = 18,
	NOTE_FROM = 60, /* width from which there is room to say when it began */
	NAME_MIN = 8,
	SPARK_MIN = 6,
	SPARK_MAX = 60
};

/* --- columns --------------------------------------------------------------------------------------------------- */

static int longest_name(const struct state *state)
{
	const struct services_state *services = &state->services;
	size_t longest = NAME_MIN;
	for (uint32_t i = 0; i < services->listed; i++) {
		size_t width = utf8_shown_width(store_service_name(state->snapshot->store, services->order[i]));
		longest = width > longest ? width : longest;
	}
	return longest < 1000 ? (int)longest : 1000;
}

struct services_columns services_columns_of(const struct state *state, int width)
{
	struct services_columns columns = {
		.name = state->services.abnormal > 9 ? 3 : 2, .rate_width = RATE - 1, .rate = width - RATE
	};
	int room = width - columns.name - RATE;
	if (width >= NOTE_FROM) {
		columns.note_width = NOTE - 2;
		columns.note = width - RATE - NOTE + 2;
		room -= NOTE;
	}
	int longest = longest_name(state),
	    share = room - 1 - SPARK_MIN > room * 3 / 4 ? room * 3 / 4 : room - 1 - SPARK_MIN;
	columns.name_width = longest < share ? longest : share > NAME_MIN ? share : NAME_MIN;
	columns.spark = columns.name + columns.name_width + 1;
	columns.spark_width = room - columns.name_width - 1;
	if (columns.spark_width > SPARK_MAX)
		columns.spark_width = SPARK_MAX;
	if (columns.spark_width < SPARK_MIN) {
		columns.spark_width = 0;
		columns.name_width = room > 0 ? room : 0;
	}
	return columns;
}

bool services_timeless(const struct state *state)
{
	return state->snapshot->extent.from >= state->snapshot->extent.to && !state->snapshot->replaying;
}

/* --- counting -------------------------------------------------------------------------------------------------- */

static struct horizon horizon_of(const struct state *state)
{
	const struct snapshot *snapshot = state->snapshot;
	if (state->cursor_time == TIMESTAMP_NONE)
		return snapshot->horizon;
	struct horizon horizon = horizon_at(snapshot->store, state->cursor_time);
	return horizon.records < snapshot->horizon.records ? horizon : snapshot->horizon;
}

/* False when memory is short: then nothing is listed. */
static bool make_room(struct services_state *services, uint32_t count)
{
	if (services->order && services->count == count)
		return true;
	free(services->order);
	free(services->totals);
	free(services->rates);
	free(services->buckets);
	services->order = calloc((size_t)count + 1, sizeof(*services->order));
	services->totals = calloc((size_t)count + 1, sizeof(*services->totals));
	services->rates = calloc((size_t)count + 1, sizeof(*services->rates));
	services->buckets = NULL;
	services->columns = 0;
	services->listed = services->abnormal = services->noisy = 0;
	services->count = services->order && services->totals && services->rates ? count : 0;
	return services->count == count;
}

/* One bucket a service; `counts` has services->count of them. */
static void count_window(
	const struct state *state, struct horizon horizon, struct window window, struct level_counts *counts)
{
	uint32_t count = state->services.count;
	memset(counts, 0, (size_t)count * sizeof(*counts));
	query_service_histograms(state->snapshot->store, horizon, window, 1, count, counts);
}

/* A log without times has no minutes: its rates are its errors in all. */
static void count_timeless(struct state *state)
{
	struct services_state *services = &state->services;
	for (uint32_t i = 0; i < services->count; i++) {
		store_service_totals(state->snapshot->store, i, services->totals[i].of);
		services->rates[i] = (double)level_counts_errors(&services->totals[i]);
	}
}

static void count_rates(struct state *state, struct horizon horizon)
{
	struct services_state *services = &state->services;
	int64_t to = services->time;
	bool known = to != TIMESTAMP_NONE && to > INT64_MIN + TIMESTAMP_MINUTE && to < INT64_MAX;
	for (uint32_t i = 0; i < services->count; i++)
		services->rates[i] = 0;
	if (!known)
		return;
	/* The totals are filled after this; until then they serve for the last minute. */
	count_window(state, horizon, (struct window){ to + 1 - TIMESTAMP_MINUTE, to + 1 }, services->totals);
	for (uint32_t i = 0; i < services->count; i++)
		services->rates[i] = (double)level_counts_errors(&services->totals[i]);
}

/* From the beginning to the newest that may be seen: a replay does not leave columns empty for what is to come, and
 * moving the cursor does not move the columns. */
static void count_buckets(struct state *state, struct horizon horizon, int columns)
{
	struct services_state *services = &state->services;
	struct window window = services->extent;
	int64_t newest = state->snapshot->horizon.time;
	if (newest != TIMESTAMP_NONE && newest < window.to)
		window.to = newest + 1;
	free(services->buckets);
	services->buckets =
		columns > 0 ? calloc((size_t)services->count * (size_t)columns + 1, sizeof(*services->buckets)) : NULL;
	services->columns = services->buckets ? columns : 0;
	if (services->buckets)
		query_service_histograms(
			state->snapshot->store, horizon, window, (size_t)columns, services->count, services->buckets);
}

/* --- the order ------------------------------------------------------------------------------------------------- */

const struct onset *services_onset(const struct state *state, uint32_t service)
{
	const struct onset_report *report = state->snapshot->onsets;
	for (size_t i = 0; report && i < report->onsets.count; i++) {
		const struct onset *onset = vector_at(&report->onsets, i);
		if (onset->service == service)
			return onset->time == TIMESTAMP_NONE || onset->time <= state_time(state) ? onset : NULL;
	}
	return NULL;
}

struct rank {
	uint32_t service;
	uint64_t errors;
	struct slice name;
};

static int compare_ranks(const void *a, const void *b)
{
	const struct rank *left = a, *right = b;
	if (left->errors != right->errors)
		return left->errors > right->errors ? -1 : 1;
	size_t size = left->name.size < right->name.size ? left->name.size : right->name.size;
	int difference = size > 0 ? memcmp(left->name.data, right->name.data, size) : 0;
	return difference != 0 ? difference
			       : (left->name.size > right->name.size) - (left->name.size < right->name.size);
}

/* Puts a service in the order, once and only when it has said something. */
static void list_service(struct services_state *services, bool *listed, uint32_t service, uint32_t *group)
{
	if (service >= services->count || listed[service] || level_counts_total(&services->totals[service]) == 0)
		return;
	listed[service] = true;
	services->order[services->listed++] = service;
	(*group)++;
}

static void list_abnormal(struct state *state, bool *listed)
{
	struct services_state *services = &state->services;
	const struct onset_report *report = state->snapshot->onsets;
	for (size_t i = 0; report && i < report->onsets.count; i++) {
		const struct onset *onset = vector_at(&report->onsets, i);
		if (onset->time != TIMESTAMP_NONE && onset->time <= services->time)
			list_service(services, listed, onset->service, &services->abnormal);
	}
	for (size_t i = 0; report && i < report->onsets.count; i++) {
		const struct onset *onset = vector_at(&report->onsets, i);
		if (onset->time == TIMESTAMP_NONE && onset->background)
			list_service(services, listed, onset->service, &services->noisy);
	}
}

static void list_others(struct state *state, bool *listed, struct rank *ranks)
{
	struct services_state *services = &state->services;
	size_t count = 0;
	uint32_t others = 0;
	for (uint32_t i = 0; i < services->count; i++) {
		if (!listed[i])
			ranks[count++] = (struct rank){ i, level_counts_errors(&services->totals[i]),
				store_service_name(state->snapshot->store, i) };
	}
	qsort(ranks, count, sizeof(*ranks), compare_ranks);
	for (size_t i = 0; i < count; i++)
		list_service(services, listed, ranks[i].service, &others);
}

/* The selection stays with its service. */
static void make_order(struct state *state)
{
	struct services_state *services = &state->services;
	bool *listed = calloc((size_t)services->count + 1, sizeof(*listed));
	struct rank *ranks = calloc((size_t)services->count + 1, sizeof(*ranks));
	uint32_t row = services->selected > 0 ? (uint32_t)services->selected : 0;
	uint32_t selected = row > 0 && row < services->listed ? services->order[row] : UINT32_MAX;
	services->listed = services->abnormal = services->noisy = 0;
	if (listed && ranks) {
		list_abnormal(state, listed);
		list_others(state, listed, ranks);
	}
	free(listed);
	free(ranks);
	for (uint32_t i = 0; i < services->listed; i++) {
		if (services->order[i] == selected)
			services->selected = (int)i;
	}
	if (services->selected >= (int)services->listed)
		services->selected = services->listed > 0 ? (int)services->listed - 1 : 0;
}

void services_count(struct state *state)
{
	struct services_state *services = &state->services;
	const struct snapshot *snapshot = state->snapshot;
	uint32_t known = store_service_count(snapshot->store), count = known < SERVICES_SHOWN ? known : SERVICES_SHOWN;
	struct horizon horizon = horizon_of(state);
	int64_t time = state_time(state);
	bool recount = !services->order || services->records != horizon.records || services->time != time ||
		services->count != count || services->extent.from != snapshot->extent.from ||
		services->extent.to != snapshot->extent.to;
	if (!make_room(services, count))
		return;
	if (recount) {
		services->records = horizon.records;
		services->time = time;
		services->extent = snapshot->extent;
		count_rates(state, horizon);
		count_window(state, horizon, (struct window){ INT64_MIN + 1, INT64_MAX }, services->totals);
		if (services_timeless(state))
			count_timeless(state);
	}
	make_order(state);
	int columns = services_columns_of(state, state->layout.panes[PANE_SERVICES].width).spark_width;
	if (recount || columns != services->columns)
		count_buckets(state, horizon, columns);
}
