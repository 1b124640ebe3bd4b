/*
 * A ring of moments.
 */
#include "detect/recent.h"

#include "detect/detector.h"

#include <stdlib.h>

void recent_release(struct recent *recent)
{
	free(recent->items);
	*recent = (struct recent){0};
}

bool recent_add(struct recent *recent, uint32_t capacity, struct moment moment)
{
	if (recent->items == NULL) {
		if (capacity == 0 || capacity > RECENT_MAXIMUM)
			return false;
		recent->items = calloc(capacity, sizeof(*recent->items));
		if (recent->items == NULL)
			return false;
		recent->capacity = capacity;
	}
	recent->items[recent->next] = moment;
	recent->next = (recent->next + 1) % recent->capacity;
	if (recent->count < recent->capacity)
		recent->count++;
	return true;
}

const struct moment *recent_at(const struct recent *recent, uint32_t index)
{
	return &recent->items[(recent->next + recent->capacity - recent->count + index) % recent->capacity];
}

bool recent_within(const struct recent *recent, int64_t now, int64_t window)
{
	if (recent->count == 0 || recent->count < recent->capacity)
		return false;
	int64_t oldest = recent_at(recent, 0)->time;
	/* A moment after `now` was noted under a clock that turned out wrong. */
	return oldest <= now && detect_span(now, oldest) <= window;
}
