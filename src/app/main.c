/*
 * tocsin: the one place that exits.
 */
#include "app/command.h"
#include "app/paths.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef PACKAGE_VERSION_TEXT
#define PACKAGE_VERSION_TEXT "0"
#endif

extern char **environ;

#define OPEN_FILES 65536
#define WORKERS "16"

/* Defaults that lie in the user's folders. Without HOME there are none, and what needs one says so. */
static void default_path(
	struct settings *settings, enum setting setting, int (*folder)(struct buffer *, const char *), const char *name)
{
	struct buffer path;
	buffer_init(&path, 8192);
	if (folder(&path, name) == 0)
		settings_put(settings, LAYER_DEFAULT, setting, buffer_slice(&path), NULL);
	buffer_release(&path);
}

static void default_paths(struct settings *settings)
{
	default_path(settings, SETTING_CONFIG_FILE, path_config, "tocsin.conf");
	default_path(settings, SETTING_ROSTER, path_config, "roster.conf");
	default_path(settings, SETTING_DB, path_state, "tocsin.db");
	default_path(settings, SETTING_MODELS_DIR, path_state, "models");
}

/* The layers below the flags: environment, --env-file, configuration file. */
static int read_layers(struct settings *settings, struct error *error)
{
	default_paths(settings);
	int result = settings_read_environment(settings, environ, error);
	const char *env_file = settings_text(settings, SETTING_ENV_FILE);
	if (result == 0 && env_file != NULL)
		result = settings_read_env_file(settings, env_file, error);
	if (result != 0)
		return result;

	const char *path = settings_text(settings, SETTING_CONFIG_FILE);
	result = path == NULL ? ERROR_ABSENT : settings_read_file(settings, path, error);
	return result == ERROR_ABSENT && !settings_given(settings, SETTING_CONFIG_FILE) ? 0 : result;
}

static int open_log(struct invocation *invocation, struct error *error)
{
	const char *path = settings_text(&invocation->settings, SETTING_LOG_FILE);
	enum level least;
	if (path == NULL)
		return 0;
	level_parse(slice_of(settings_text(&invocation->settings, SETTING_LOG_LEVEL)), &least);
	invocation->log = log_open(path, least, error);
	return invocation->log == NULL ? ERROR_SYSTEM : 0;
}

static int run(struct invocation *invocation)
{
	struct error error = { 0 };
	struct buffer text;
	buffer_init(&text, 1 << 20);
	if (invocation->version)
		buffer_append_string(&text, "tocsin " PACKAGE_VERSION_TEXT "\n");
	else if (invocation->help)
		invocation_help(&text, invocation->command);
	if (text.size > 0) {
		int printed = print_out(&text);
		buffer_release(&text);
		return printed;
	}
	if (read_layers(&invocation->settings, &error) != 0) {
		complain("%s", error.text);
		return EXIT_USAGE;
	}
	if (open_log(invocation, &error) != 0) {
		complain("%s", error.text);
		return EXIT_INTERNAL;
	}
	log_write(invocation->log, LEVEL_INFO, "main", "tocsin %s begins: %s", PACKAGE_VERSION_TEXT,
		invocation->command->name[0] == '\0' ? "console" : invocation->command->name);
	int exit_code = invocation->command->run(invocation);
	log_write(invocation->log, LEVEL_INFO, "main", "ended with %d", exit_code);
	const char *failure = log_failure(invocation->log);
	if (failure != NULL)
		complain("%s", failure);
	return exit_code;
}

/* Every source keeps its file open: as many as the system lets this user have. */
static void raise_open_files(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max < OPEN_FILES ? limit.rlim_max : OPEN_FILES;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* libuv has four workers, which a few reads of a dead mount would hold: more of them, unless the user has chosen. */
static void raise_workers(void)
{
	setenv("UV_THREADPOOL_SIZE", WORKERS, 0);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	raise_open_files();
	raise_workers();
	struct invocation invocation;
	struct error error = { 0 };
	int exit_code = EXIT_USAGE;
	if (invocation_parse(&invocation, argc, argv, &error) != 0)
		complain("%s", error.text);
	else
		exit_code = run(&invocation);
	invocation_release(&invocation);
	return exit_code == EXIT_CLOSED ? EXIT_DONE : exit_code;
}
