/*
 * Records on their way: parsed, not yet in the store. Their texts live beside them in one buffer.
 *
 * The same thing serves twice: as the queue of a source, from which the merge takes the earliest, and as a batch.
 */
#ifndef TOCSIN_SRC_INGEST_ENTRIES_H
#define TOCSIN_SRC_INGEST_ENTRIES_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/vector.h"
#include "tocsin/store/store.h"

struct entry {
	int64_t time;
	uint64_t offset;
	uint64_t line;
	uint32_t size;
	uint32_t text; /* where its service, then its message, stand in the buffer */
	uint32_t service_size;
	uint32_t message_size;
	uint16_t source;
	uint8_t level;
	uint8_t flags;
};

struct entries {
	struct vector items;
	struct buffer text;
	size_t next; /* of the items, those below were taken */
};

void entries_init(struct entries *entries);
void entries_release(struct entries *entries);
void entries_clear(struct entries *entries);

/* Copies the texts; of `entry` everything but the places of texts is taken over. ERROR_FULL, ERROR_MEMORY. */
int entries_add(struct entries *entries, const struct entry *entry, struct slice service, struct slice message);
size_t entries_count(const struct entries *entries);
const struct entry *entries_at(const struct entries *entries, size_t index);
const struct entry *entries_head(const struct entries *entries); /* the first that was not taken, or NULL */
struct slice entries_service(const struct entries *entries, const struct entry *entry);
struct slice entries_message(const struct entries *entries, const struct entry *entry);

#endif
