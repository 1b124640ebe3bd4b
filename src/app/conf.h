/*
 * Reads files of `name = value` lines in [sections] (libinih): the configuration, the roster, themes, --env-file.
 */
#ifndef APP_CONF_H
#define APP_CONF_H

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"

struct conf_line {
	struct slice section, name, value;
	int number; /* from 1 */
};

typedef int (*conf_line_fn)(void *context, const struct conf_line *line, struct error *error);

/* Calls `on_line` for every line. The first failure ends the reading; its sentence gets "FILE:LINE: " in front. An
 * absent file is ERROR_ABSENT. */
int conf_read(const char *path, conf_line_fn on_line, void *context, struct error *error);

#endif
