/*
 * Time zones by name. The system knows them through TZ alone, so this is the one place that changes the environment,
 * before anything runs beside it.
 */
#ifndef APP_ZONES_H
#define APP_ZONES_H

#include "tocsin/base/timestamp.h"

/* The zone of the process: "UTC", "+02:00", "local", "Europe/Berlin". ERROR_INPUT with a sentence. */
int zone_set(struct slice name, struct zone *zone, struct error *error);
/* Another beside it. What a named zone points to is put in front of the list. */
int zone_find(struct slice name, struct zone *zone, struct zone_table **tables, struct error *error);
void zone_tables_destroy(struct zone_table *tables);

#endif
