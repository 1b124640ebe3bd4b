#include "ingest/entries.h"

#define ENTRIES_MAXIMUM ((size_t)1 << 21)
#define ENTRIES_MAXIMUM_TEXT ((size_t)16 << 20)

void entries_init(struct entries *entries)
{
	*entries = (struct entries){ 0 };
	vector_init(&entries->items, sizeof(struct entry), ENTRIES_MAXIMUM);
	buffer_init(&entries->text, ENTRIES_MAXIMUM_TEXT);
}

void entries_release(struct entries *entries)
{
	vector_release(&entries->items);
	buffer_release(&entries->text);
}

void entries_clear(struct entries *entries)
{
	vector_clear(&entries->items);
	buffer_clear(&entries->text);
	entries->next = 0;
}

int entries_add(struct entries *entries, const struct entry *entry, struct slice service, struct slice message)
{
	size_t start = entries->text.size;
	struct entry *added;

	buffer_append_slice(&entries->text, service);
	buffer_append_slice(&entries->text, message);
	if (entries->text.failed != 0) {
		int failed = entries->text.failed;

		buffer_truncate(&entries->text, start);
		entries->text.failed = 0;
		return failed;
	}
	added = vector_push(&entries->items);
	if (added == NULL) {
		buffer_truncate(&entries->text, start);
		return ERROR_FULL;
	}
	*added = *entry;
	added->text = (uint32_t)start;
	added->service_size = (uint32_t)service.size;
	added->message_size = (uint32_t)message.size;
	return 0;
}

size_t entries_count(const struct entries *entries)
{
	return entries->items.count;
}

const struct entry *entries_at(const struct entries *entries, size_t index)
{
	return vector_at(&entries->items, index);
}

const struct entry *entries_head(const struct entries *entries)
{
	return entries->next < entries->items.count ? vector_at(&entries->items, entries->next) : NULL;
}

struct slice entries_service(const struct entries *entries, const struct entry *entry)
{
	return (struct slice){ entries->text.data + entry->text, entry->service_size };
}

struct slice entries_message(const struct entries *entries, const struct entry *entry)
{
	return (struct slice){ entries->text.data + entry->text + entry->service_size, entry->message_size };
}
