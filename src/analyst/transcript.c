/*
 * Entries live in an arena, so what a pane has borrowed stays good until the transcript is cleared.
 */
#include "tocsin/analyst/transcript.h"

#include "tocsin/base/buffer.h"
#include "tocsin/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TRANSCRIPT_BYTES (16u << 20)
#define TRANSCRIPT_ENTRIES 65536
#define ENTRY_BYTES 16384
#define STREAM_BYTES (1u << 20) /* of an entry that goes on */

void transcript_init(struct transcript *transcript)
{
	arena_init(&transcript->arena, TRANSCRIPT_BYTES);
	vector_init(&transcript->entries, sizeof(struct entry), TRANSCRIPT_ENTRIES);
}

void transcript_release(struct transcript *transcript)
{
	vector_release(&transcript->entries);
	arena_release(&transcript->arena);
}

void transcript_clear(struct transcript *transcript)
{
	vector_clear(&transcript->entries);
	arena_reset(&transcript->arena);
}

int transcript_add(
	struct transcript *transcript, enum entry_kind kind, const char *label, struct slice text, int64_t horizon)
{
	struct slice name = arena_copy(&transcript->arena, slice_of(label));
	struct slice copy = arena_copy(&transcript->arena, slice_first(text, ENTRY_BYTES));
	struct entry *entry;

	if ((text.size && !copy.data) || (label && label[0] && !name.data))
		return ERROR_FULL;
	entry = vector_push(&transcript->entries);
	if (!entry)
		return ERROR_FULL;
	*entry = (struct entry){ .kind = kind, .label = name, .text = copy, .horizon = horizon };
	return 0;
}

int transcript_add_format(struct transcript *transcript, enum entry_kind kind, const char *label, int64_t horizon,
	const char *format, ...)
{
	char text[4096];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (size < 0)
		return ERROR_INPUT;
	return transcript_add(transcript, kind, label, slice_of(text), horizon);
}

/* Where there is no room left, the text moves to twice as much; readers of the old place still find it as it was. */
int transcript_extend(struct transcript *transcript, struct slice more)
{
	struct entry *entry;
	size_t size;
	char *text;

	if (transcript->entries.count == 0)
		return ERROR_STATE;
	entry = vector_at(&transcript->entries, transcript->entries.count - 1);
	size = entry->text.size + more.size;
	if (size > STREAM_BYTES)
		return ERROR_FULL;
	if (size > entry->room) {
		text = arena_allocate(&transcript->arena, size * 2);
		if (!text)
			return ERROR_FULL;
		if (entry->text.size)
			memcpy(text, entry->text.data, entry->text.size);
		entry->room = size * 2;
		entry->text.data = text;
	}
	if (more.size)
		memcpy((char *)(uintptr_t)entry->text.data + entry->text.size, more.data, more.size);
	entry->text.size = size;
	return 0;
}

size_t transcript_count(const struct transcript *transcript)
{
	return transcript->entries.count;
}

const struct entry *transcript_at(const struct transcript *transcript, size_t index)
{
	return index < transcript->entries.count ? vector_at(&transcript->entries, index) : NULL;
}
