/*
 * Repeated records as one event: the same service, level and template within the window of the occurrence before it.
 */
#include "detect/detector.h"

#define DEDUPE_LOOK_BACK 2000

static bool is_same(const struct record *a, const struct record *b)
{
	return a->service == b->service && a->level == b->level && a->template == b->template;
}

bool detect_duplicate(
	const struct store *store, const struct detect_options *options, uint64_t id, uint64_t *first, uint64_t *count)
{
	int64_t window = detect_options_complete(options).dedupe_window;
	struct record record, earlier;
	uint64_t run = 1;

	*first = id;
	*count = 1;
	if (id >= store_count(store) || !store_has_records(store))
		return false;
	store_record(store, id, &record);
	int64_t last = record.time;
	uint64_t stop = id > DEDUPE_LOOK_BACK ? id - DEDUPE_LOOK_BACK : 0;
	while (id-- > stop) {
		store_record(store, id, &earlier);
		bool timed = earlier.time != TIMESTAMP_NONE && last != TIMESTAMP_NONE;
		bool far =
			timed && (detect_span(last, earlier.time) > window || detect_span(earlier.time, last) > window);

		if (is_same(&earlier, &record)) {
			if (far)
				break;
			if (earlier.time != TIMESTAMP_NONE)
				last = earlier.time;
			*first = id;
			run++;
		} else if (far && earlier.time < last && (earlier.flags & RECORD_LATE) == 0) {
			break; /* nothing older lies within the window */
		}
	}
	*count = run;
	return run > 1;
}
