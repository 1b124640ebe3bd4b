/*
 * Trained models as the settings name them: their files, and what they are asked.
 */
#ifndef APP_LEARNT_H
#define APP_LEARNT_H

#include "app/settings.h"
#include "tocsin/learn/model.h"

/* The model that --lstm names, as it is or in MODELS_DIR. *model is NULL with result 0 when none is named. */
int learnt_open(const struct settings *settings, struct model **model, struct error *error);
/* Written beside and then renamed, so that a file is whole or not there. */
int learnt_write(const struct model *model, const char *path, struct error *error);

/* learn.* */
struct model_settings learnt_settings(const struct settings *settings);
int learnt_leave_out(const struct settings *settings, struct scorer *scorer, struct error *error); /* learn.without */

/* The pattern of --sessions, else the one that the model (may be NULL) was trained with; *pattern is NULL when there is
   none, *text is what it says. */
int learnt_sessions(const struct settings *settings, const struct model *model, struct pattern **pattern,
	struct slice *text, struct error *error);

#endif
