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

/* Appends one line a theme: its name and file. */
int theme_file_list(struct buffer *out);

#endif
