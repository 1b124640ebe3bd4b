#include "tocsin/context/changes.h"

#include "tocsin/base/error.h"

#define SHA_LEAST 7 /* characters: what git shows */

const char *change_event_kind_name(enum change_event_kind kind)
{
	static const char *const names[] = { "commit", "deploy", "flag" };

	return names[kind];
}

void changes_init(struct changes *changes, struct context_text *text)
{
	changes->text = text;
	vector_init(&changes->events, sizeof(struct change_event), CHANGES_MAXIMUM);
}

void changes_release(struct changes *changes)
{
	vector_release(&changes->events);
}

static bool copy_files(struct context_text *text, const struct change_event *event, struct change_event *kept)
{
	struct slice *files;

	kept->files = NULL;
	if (event->file_count == 0)
		return true;
	files = arena_allocate(&text->arena, event->file_count * sizeof(*files));
	if (files == NULL)
		return false;
	for (size_t i = 0; i < event->file_count; i++)
		if (!context_text_copy(text, event->files[i], &files[i]))
			return false;
	kept->files = files;
	return true;
}

int changes_add(struct changes *changes, const struct change_event *event)
{
	struct context_text *text = changes->text;
	struct change_event kept = *event;
	struct change_event *place;

	if (!context_text_copy(text, event->sha, &kept.sha) ||
		!context_text_name(text, event->service, &kept.service) ||
		!context_text_name(text, event->author, &kept.author) ||
		!context_text_copy(text, event->title, &kept.title) ||
		!context_text_copy(text, event->detail, &kept.detail) || !copy_files(text, event, &kept))
		return ERROR_FULL;
	place = vector_push(&changes->events);
	if (place == NULL)
		return ERROR_FULL;
	*place = kept;
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct change_event *first = a, *second = b;

	if (first->time != second->time)
		return first->time < second->time ? -1 : 1;
	return first->kind < second->kind ? -1 : first->kind > second->kind;
}

void changes_settle(struct changes *changes)
{
	vector_sort(&changes->events, by_time);
}

const struct change_event *changes_at(const struct changes *changes, size_t index)
{
	return index < changes->events.count ? vector_at(&changes->events, index) : NULL;
}

static size_t find_time(const struct changes *changes, int64_t time)
{
	size_t low = 0, high = changes->events.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (changes_at(changes, middle)->time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t changes_window(const struct changes *changes, int64_t from, int64_t to, size_t *first)
{
	size_t end = find_time(changes, to);

	*first = find_time(changes, from);
	return end > *first ? end - *first : 0;
}

const struct change_event *changes_commit(const struct changes *changes, struct slice sha)
{
	const struct change_event *found = NULL;

	if (sha.size < SHA_LEAST)
		return NULL;
	for (size_t i = 0; i < changes->events.count; i++) {
		const struct change_event *event = changes_at(changes, i);

		if (event->kind != CHANGE_COMMIT || !slice_equal(slice_first(event->sha, sha.size), sha))
			continue;
		if (event->sha.size == sha.size)
			return event;
		if (found != NULL)
			return NULL;
		found = event;
	}
	return found;
}
