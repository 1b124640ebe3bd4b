#include "app/zones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STEP (15 * 86400) /* no zone changes twice within it, but for oddities of history */

static bool is_known(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	return strchr(name, '/') != NULL && strstr(name, "..") == NULL && access(path, R_OK) == 0;
}

static int refuse(const char *name, struct error *error)
{
	return error_set(error, ERROR_INPUT,
		"there is no time zone \"%s\"; UTC, local, +02:00 or a name such as Europe/Berlin", name);
}

int zone_set(struct slice name, struct zone *zone, struct error *error)
{
	char text[64];

	if (zone_parse(name, zone, NULL) == 0)
		return 0;
	slice_copy(name, text, sizeof text);
	if (!is_known(text))
		return refuse(text, error);
	setenv("TZ", text, 1);
	tzset();
	*zone = (struct zone){ .system = true };
	slice_copy(name, zone->name, sizeof zone->name);
	return 0;
}

/* --- beside it ---------------------------------------------------------------------------------------------------- */

static long offset_at(time_t moment)
{
	struct tm local = { 0 };

	return localtime_r(&moment, &local) != NULL ? local.tm_gmtoff : 0;
}

static void add_change(struct zone_table *table, int64_t since, long offset)
{
	if (table->count == ZONE_CHANGES)
		return;
	table->since[table->count] = since;
	table->offsets[table->count++] = (int)offset;
}

/* The changes from 1970 to 2105, as TZ has them now. */
static void fill(struct zone_table *table)
{
	time_t end = (time_t)135 * 365 * 86400;
	long offset = offset_at(0);

	add_change(table, INT64_MIN, offset);
	for (time_t at = 0; at < end; at += STEP) {
		time_t low = at, high = at + STEP;
		long next = offset_at(high);

		if (next == offset)
			continue;
		while (high - low > 1) {
			time_t middle = low + (high - low) / 2;
			if (offset_at(middle) == offset)
				low = middle;
			else
				high = middle;
		}
		add_change(table, high, next);
		offset = next;
	}
}

int zone_find(struct slice name, struct zone *zone, struct zone_table **tables, struct error *error)
{
	const char *before = getenv("TZ");
	char text[64];

	if (zone_parse(name, zone, NULL) == 0)
		return 0;
	slice_copy(name, text, sizeof text);
	if (!is_known(text))
		return refuse(text, error);
	struct zone_table *table = calloc(1, sizeof *table);
	char *kept = before != NULL ? strdup(before) : NULL;
	if (table == NULL || (before != NULL && kept == NULL)) {
		free(table);
		free(kept);
		return error_set(error, ERROR_MEMORY, "out of memory");
	}
	setenv("TZ", text, 1);
	tzset();
	fill(table);
	if (kept != NULL)
		setenv("TZ", kept, 1);
	else
		unsetenv("TZ");
	tzset();
	free(kept);
	table->next = *tables;
	*tables = table;
	*zone = (struct zone){ .table = table };
	slice_copy(name, zone->name, sizeof zone->name);
	return 0;
}

void zone_tables_destroy(struct zone_table *tables)
{
	while (tables != NULL) {
		struct zone_table *next = tables->next;

		free(tables);
		tables = next;
	}
}
