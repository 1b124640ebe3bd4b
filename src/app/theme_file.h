/*
 * Themes as files: finds NAME.theme in the theme folders, reads it, lists what there is.
 */
#ifndef APP_THEME_FILE_H
#define APP_THEME_FILE_H

#include "tocsin/base/buffer.h"
#include "tocsin/ui/theme.h"

/* `name` is a theme's name or, with a '/' in it, a file. A bad theme leaves *theme as it was and the sentence names
 * file and line. */
int theme_file_load(struct theme *theme, const char *name, struct error *error);

/* Calls `each` for every theme that is found, folder by folder, the most important first. The names are as the disk has
 * them: not safe to show. */
void theme_file_list(void (*each)(void *context, struct slice name, const char *path), void *context);

#endif
