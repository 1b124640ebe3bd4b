/*
 * Columns in, columns out, and the summary that lets a window skip the columns.
 */
#include "store/segment.h"

#include <stdlib.h>
#include <string.h>

struct segment *segment_create(int64_t maximum_before)
{
	struct segment *segment = malloc(sizeof(*segment));

	if (segment)
		segment->maximum_before = maximum_before;
	return segment;
}

void segment_put(struct segment *segment, size_t position, const struct record *record)
{
	segment->time[position] = record->time;
	segment->offset[position] = record->offset;
	segment->line[position] = record->line;
	segment->size[position] = record->size;
	segment->template[position] = record->template;
	segment->service[position] = (uint16_t)record->service;
	segment->source[position] = record->source;
	segment->level[position] = record->level;
	segment->flags[position] = record->flags;
}

void segment_get(const struct segment *segment, size_t position, struct record *record)
{
	record->time = segment->time[position];
	record->offset = segment->offset[position];
	record->line = segment->line[position];
	record->size = segment->size[position];
	record->template = segment->template[position];
	record->service = segment->service[position];
	record->source = segment->source[position];
	record->level = segment->level[position];
	record->flags = segment->flags[position];
}

/* The table's row of a service, new or known; NULL when the table is full. */
static struct segment_service *find_row(struct segment *segment, uint16_t service)
{
	size_t count = segment->service_count;

	for (size_t i = 0; i < count; i++)
		if (segment->services[i].service == service)
			return &segment->services[i];
	if (count >= SEGMENT_SERVICES)
		return NULL;
	segment->service_count++;
	segment->services[count] = (struct segment_service){.service = service};
	return &segment->services[count];
}

void segment_summarise(struct segment *segment)
{
	segment->minimum = INT64_MAX;
	segment->maximum = TIMESTAMP_NONE;
	segment->service_count = 0;
	memset(segment->levels, 0, sizeof(segment->levels));
	for (size_t i = 0; i < STORE_SEGMENT_RECORDS; i++) {
		int64_t time = segment->time[i];
		struct segment_service *row;

		if (time == TIMESTAMP_NONE)
			continue;
		if (time < segment->minimum)
			segment->minimum = time;
		if (time > segment->maximum)
			segment->maximum = time;
		segment->levels[segment->level[i]]++;
		if (!segment_knows_services(segment))
			continue;
		row = find_row(segment, segment->service[i]);
		if (row)
			row->levels[segment->level[i]]++;
		else
			segment->service_count = SEGMENT_SERVICES + 1;
	}
}

bool segment_knows_services(const struct segment *segment)
{
	return segment->service_count <= SEGMENT_SERVICES;
}

const uint16_t *segment_service_levels(const struct segment *segment, uint32_t service)
{
	for (size_t i = 0; i < segment->service_count; i++)
		if (segment->services[i].service == service)
			return segment->services[i].levels;
	return NULL;
}
