/*
 * Where files are: the XDG folders, the themes of this installation. Nothing is created here.
 */
#ifndef APP_PATHS_H
#define APP_PATHS_H

#include "tocsin/base/buffer.h"

/* Appends the path; ERROR_ABSENT when neither the variable nor HOME is set. */
int path_config(struct buffer *out, const char *name); /* $XDG_CONFIG_HOME/tocsin/NAME */
int path_state(struct buffer *out, const char *name);  /* $XDG_STATE_HOME/tocsin/NAME */

/* The folders that themes are looked for in, most important first; NULL past the end. Terminated, in static order:
   the user's, the one beside a build tree, the installed one. */
#define PATH_THEME_FOLDERS 4
int path_themes(struct buffer *out, unsigned index);

/* The folders of prompts, likewise. */
#define PATH_PROMPT_FOLDERS 4
int path_prompts(struct buffer *out, unsigned index);

/* The last part of a path, without folders. Borrowed from `path`. */
const char *path_base(const char *path);

#endif
