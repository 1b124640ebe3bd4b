#include "app/desk.h"

#include <string.h>
#include <time.h>

int64_t wall_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec;
}

/* `sqlite:PATH` says the kind too; any other scheme than that is of a kind that this tocsin does not have. The sentence
 * does not repeat the value: a URL may hold a password. */
static const char *without_scheme(const char *path, struct error *error)
{
	if (strncmp(path, "sqlite:", 7) == 0)
		path += strncmp(path + 7, "//", 2) == 0 ? 9 : 7;
	const char *end = path + strspn(path, "abcdefghijklmnopqrstuvwxyz");
	if (path[0] == '\0' || (end > path && strncmp(end, "://", 3) == 0)) {
		error_set(error, ERROR_INPUT, "--db: a database is a file, or sqlite:FILE");
		return NULL;
	}
	return path;
}

int app_desk_open(struct app_desk *desk, const struct settings *settings, const char *path, struct loop *loop,
	struct error *error)
{
	memset(desk, 0, sizeof *desk);
	if (path == NULL)
		path = settings_text(settings, SETTING_DB);
	if (path == NULL)
		return error_set(error, ERROR_SYSTEM,
			"no place for tickets: neither HOME nor XDG_STATE_HOME is set; name one with --db FILE");
	if (strcmp(path, "none") == 0)
		return 0;
	path = without_scheme(path, error);
	if (path == NULL)
		return ERROR_INPUT;
	desk->database = database_open(path, loop, error);
	int result = desk->database == NULL ? ERROR_SYSTEM : 0;
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
