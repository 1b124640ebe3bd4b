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

/* Of the model, which may be NULL: then *scorer is NULL with result 0. */
int learnt_scorer(const struct settings *settings, const struct model *model, const struct store *store,
	struct scorer **scorer, struct error *error);
/* By the scorer, or by the log itself when it is NULL. NULL when out of memory. */
struct importance *learnt_weigh(
	struct scorer *scorer, const struct store *store, const struct store_reader *reader, struct horizon horizon);
/* Of all visible records: by the model that --lstm names, else by the log itself. */
int learnt_importance(const struct settings *settings, const struct store *store, const struct store_reader *reader,
	struct horizon horizon, struct importance **importance, struct error *error);
/* Puts it into the store, for `importance>0.9`. */
int learnt_fill(
	const struct settings *settings, struct store *store, const struct store_reader *reader, struct error *error);

/* learn.* */
struct model_settings learnt_settings(const struct settings *settings);
int learnt_leave_out(const struct settings *settings, struct scorer *scorer, struct error *error); /* learn.without */

/* The pattern of --sessions; NULL and an empty *text when there is none. */
int learnt_sessions(const struct settings *settings, struct pattern **pattern, struct slice *text, struct error *error);

#endif
