/*
 * A segment: STORE_SEGMENT_RECORDS records as columns, and a summary of them made when it is full.
 *
 * Segments are allocated when the first of their records comes and never move. The summary counts only records with a
 * time, since only these belong to windows; it may be read once all of the segment is published.
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "tocsin/store/store.h"

#define SEGMENT_SERVICES 32 /* a segment with more services than this is scanned instead */

struct segment_service {
	uint16_t service;
	uint16_t levels[LEVEL_COUNT];
};

struct segment {
	int64_t maximum_before; /* newest time of all records before this segment, or TIMESTAMP_NONE */

	int64_t minimum, maximum; /* of the times; INT64_MAX and TIMESTAMP_NONE when no record has one */
	uint16_t levels[LEVEL_COUNT];
	uint16_t service_count; /* of the table, or SEGMENT_SERVICES + 1 when it did not suffice */
	struct segment_service services[SEGMENT_SERVICES];

	int64_t time[STORE_SEGMENT_RECORDS];
	uint64_t offset[STORE_SEGMENT_RECORDS];
	uint64_t line[STORE_SEGMENT_RECORDS];
	uint32_t size[STORE_SEGMENT_RECORDS];
	uint32_t template[STORE_SEGMENT_RECORDS];
	uint16_t service[STORE_SEGMENT_RECORDS];
	uint16_t source[STORE_SEGMENT_RECORDS];
	uint8_t level[STORE_SEGMENT_RECORDS];
	uint8_t flags[STORE_SEGMENT_RECORDS];
};

struct segment *segment_create(int64_t maximum_before); /* NULL when out of memory */

void segment_put(struct segment *segment, size_t position, const struct record *record); /* all but the id */
void segment_get(const struct segment *segment, size_t position, struct record *record); /* all but the id */

/* Makes the summary of a full segment. */
void segment_summarise(struct segment *segment);

/* Does the summary know the services one by one? */
bool segment_knows_services(const struct segment *segment);
/* Counts by level of one service out of the summary; NULL when it does not occur. Only if the services are known. */
const uint16_t *segment_service_levels(const struct segment *segment, uint32_t service);

#endif
