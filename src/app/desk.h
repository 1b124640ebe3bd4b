/*
 * The desk of tickets as the settings name it: the database's path, who acts. `--db none` keeps no tickets: the desk is
 * NULL.
 */
#ifndef APP_DESK_H
#define APP_DESK_H

#include "app/settings.h"
#include "tocsin/tickets/desk.h"

struct app_desk {
	struct database *database;
	struct desk *desk;
};

/* `path` NULL: where the settings say. */
int app_desk_open(struct app_desk *desk, const struct settings *settings, const char *path, struct loop *loop,
	struct error *error);
void app_desk_close(struct app_desk *desk);

int64_t wall_clock(void); /* now, as a timestamp */

#endif
