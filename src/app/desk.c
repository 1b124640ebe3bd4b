#include "app/desk.h"

#include "app/paths.h"

#include <string.h>
#include <time.h>

int64_t wall_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec;
}

int app_desk_open(struct app_desk *desk, const struct settings *settings, struct loop *loop, struct error *error)
{
	memset(desk, 0, sizeof *desk);
	const char *named = settings_text(settings, SETTING_DB);
	if (named != NULL && strcmp(named, "none") == 0)
		return 0;
	struct buffer path;
	buffer_init(&path, 4096);
	int result = named != NULL ? buffer_append_string(&path, named) : path_state(&path, "tocsin.db");
	if (result == ERROR_ABSENT)
		result = error_set(error, ERROR_SYSTEM,
			"no place for tickets: neither HOME nor XDG_STATE_HOME is set; name one with --db FILE");
	else if (result != 0)
		result = error_set(error, result, "the path of the database is too long");
	if (result == 0) {
		desk->database = database_open(buffer_string(&path), loop, error);
		result = desk->database == NULL ? ERROR_SYSTEM : 0;
	}
	buffer_release(&path);
	if (result == 0) {
		const char *actor = settings_text(settings, SETTING_ACTOR);
		desk->desk = desk_create(desk->database, actor == NULL ? "unknown" : actor, error);
		result = desk->desk == NULL ? ERROR_SYSTEM : 0;
	}
	if (result != 0)
		app_desk_close(desk);
	return result;
}

void app_desk_close(struct app_desk *desk)
{
	desk_destroy(desk->desk);
	if (desk->database != NULL)
		database_close(desk->database);
	memset(desk, 0, sizeof *desk);
}
