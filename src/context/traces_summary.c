#include "tocsin/context/traces.h"

#include <stdlib.h>

static int compare_times(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

/* Nearest rank: the smallest value that `percent` of all do not exceed. */
static int64_t percentile(const int64_t *sorted, size_t count, size_t percent)
{
	size_t rank = (count * percent + 99) / 100;

	return sorted[rank > 0 ? rank - 1 : 0];
}

bool traces_summarize(const struct traces *traces, struct slice service, struct slice operation, int64_t from,
	int64_t to, struct span_summary *summary)
{
	const uint32_t *indexes;
	size_t found = traces_window(traces, service, from, to, &indexes), count = 0;
	int64_t *whole, *self;

	*summary = (struct span_summary){ 0 };
	whole = calloc(2 * found + 1, sizeof(*whole));
	if (whole == NULL)
		return false;
	self = whole + found;
	for (size_t i = 0; i < found; i++) {
		const struct span *span = traces_span(traces, indexes[i]);

		if (operation.size > 0 && !slice_equal(span->operation, operation))
			continue;
		summary->errors += span->status == SPAN_ERROR;
		whole[count] = span->duration;
		self[count++] = span->self;
	}
	if (count > 0) {
		qsort(whole, count, sizeof(*whole), compare_times);
		qsort(self, count, sizeof(*self), compare_times);
		summary->count = count;
		summary->error_rate = (double)summary->errors / (double)count;
		summary->p50 = percentile(whole, count, 50);
		summary->p95 = percentile(whole, count, 95);
		summary->p99 = percentile(whole, count, 99);
		summary->maximum = whole[count - 1];
		summary->self_p50 = percentile(self, count, 50);
		summary->self_p95 = percentile(self, count, 95);
		summary->self_maximum = self[count - 1];
	}
	free(whole);
	return true;
}
