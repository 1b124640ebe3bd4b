/*
 * What the console asks for, carried out.
 */
#include "app/session.h"

#include "app/theme_file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void say_failure(struct session *session, int result, const struct error *error)
{
	if (result != 0)
		session_say(session, true, "%s",
			error->text[0] != '\0' ? error->text : error_name((enum error_code)result));
}

/* An analysis in a worker may hold the old roster: it is kept until no job is out. */
static int read_roster(struct session *session, struct error *error)
{
	struct roster *fresh = NULL;
	if (session->analyst.retired != NULL)
		return error_set(error, ERROR_STATE, "the roster is still being read: try again");
	int result = roster_from_settings(&session->invocation->settings, &fresh, error);
	if (result != 0)
		return result;
	session->analyst.retired = session->incident.roster;
	session->incident.roster = fresh;
	session->moved = true;
	return 0;
}

static void suspend(struct session *session)
{
	if (session->scripted)
		return;
	session->term.ops->suspend(session->term.state);
	kill(getpid(), SIGSTOP); /* SIGTSTP is ours; the shell sees a stopped job either way */
	session->term.ops->resume(session->term.state);
	session->dirty = session->key_pressed = true;
}

static int load_theme(struct session *session, const char *name, struct error *error)
{
	int result = theme_file_load(&session->theme, name, error);
	if (result == 0)
		session->term.ops->set_theme(session->term.state, &session->theme);
	return result;
}

static int apply_zone(struct session *session, struct error *error)
{
	struct zone zone;
	int result = zone_from_settings(&session->invocation->settings, &zone, error);
	if (result != 0)
		return result;
	session->incident.zone = zone;
	session->analyst.wanted = true; /* sentences name clock times */
	return 0;
}

static int apply_filter(struct session *session, struct error *error)
{
	const char *filter = settings_text(&session->invocation->settings, SETTING_FILTER);
	return console_set_filter(session->console, slice_of(filter == NULL ? "" : filter), error);
}

static int apply_speed(struct session *session, struct error *error)
{
	if (!session->replay.active)
		return error_set(error, ERROR_STATE, "this is no replay: tocsin --replay=60 FILE begins one");
	session->replay.speed = settings_number(&session->invocation->settings, SETTING_REPLAY);
	return 0;
}

static int apply_log_level(struct session *session)
{
	enum level least;
	level_parse(slice_of(settings_text(&session->invocation->settings, SETTING_LOG_LEVEL)), &least);
	log_set_level(session->invocation->log, least);
	return 0;
}

/* Puts into effect what a running console can follow. */
static int apply(struct session *session, enum setting setting, struct error *error)
{
	switch (setting) {
	case SETTING_THEME:
		return load_theme(session, settings_text(&session->invocation->settings, SETTING_THEME), error);
	case SETTING_TZ:
		return apply_zone(session, error);
	case SETTING_FILTER:
		return apply_filter(session, error);
	case SETTING_ROSTER:
		return read_roster(session, error);
	case SETTING_LOG_LEVEL:
		return apply_log_level(session);
	case SETTING_REPLAY:
		return apply_speed(session, error);
	case SETTING_METRICS:
	case SETTING_TRACES:
	case SETTING_CHANGES:
	case SETTING_ALERT:
	case SETTING_TOPOLOGY:
	case SETTING_RUNBOOKS:
		session_context_read(session);
		return 0;
	case SETTING_IMPORTANCE:
		session_importance_anew(session);
		return 0;
	case SETTING_ISSUE:
		session->analyst.wanted = true;
		return 0;
	default:
		return error_set(error, ERROR_STATE, "%s cannot change while the console runs: start with --%s",
			setting_row(setting)->name, setting_row(setting)->name);
	}
}

static bool is_detect_setting(enum setting setting)
{
	return strncmp(setting_row(setting)->name, "detect.", 7) == 0;
}

/* New limits: what was detected with the old ones is detected anew. */
static int apply_limits(struct session *session, struct error *error)
{
	struct detect *fresh;
	struct detect_options limits;
	limits_from_settings(&session->invocation->settings, &limits);
	if (limits.watch[0] != '\0' &&
		detect_check_watch(slice_of(limits.watch), session->incident.store, error) != 0)
		return ERROR_INPUT;
	fresh = detect_create(&limits);
	if (fresh == NULL || detect_use_context(fresh, session->incident.context) != 0 || session->analyst.questions > 0) {
		detect_destroy(fresh);
		return error_set(error, ERROR_STATE, "the limits are not changed while a question is open: try again");
	}
	detect_destroy(session->incident.detect);
	session->incident.detect = fresh;
	session->incident.limits = limits;
	session->analyst.wanted = true;
	session->moved = true;
	return 0;
}

/* A value that does not take effect is not kept. */
static void change(struct session *session, enum setting setting, struct slice value)
{
	struct settings *settings = &session->invocation->settings;
	struct error error = { 0 };
	int result = settings_put(settings, LAYER_SESSION, setting, value, &error);
	if (result == 0) {
		result = is_detect_setting(setting) ? apply_limits(session, &error) : apply(session, setting, &error);
		if (result != 0)
			settings_drop(settings, LAYER_SESSION, setting);
	}
	if (result == 0)
		session_say(session, false, "%s = %s", setting_row(setting)->name,
			setting_row(setting)->kind == SETTING_SECRET ? "****" : settings_text(settings, setting));
	else
		say_failure(session, result, &error);
}

static void set(struct session *session, struct slice text)
{
	struct slice name, value;
	size_t space = slice_find_byte(text, ' ');
	name = space == SIZE_MAX ? text : slice_first(text, space);
	value = space == SIZE_MAX ? slice_of("yes") : slice_trim(slice_from(text, space));
	enum setting setting = setting_find(name);
	if (setting == SETTING_COUNT) {
		session_say(session, true, "there is no setting \"%.*s\"; `tocsin config` lists them",
			(int)(name.size < 60 ? name.size : 60), name.data == NULL ? "" : name.data);
		return;
	}
	change(session, setting, value);
}

/* A bad file keeps the old settings. */
static void reload(struct session *session)
{
	struct settings *settings = &session->invocation->settings;
	struct error error = { 0 };
	int result = settings->file[0] == '\0' ? 0 : settings_read_file(settings, settings->file, &error);
	if (result == 0)
		result = read_roster(session, &error);
	if (result != 0) {
		say_failure(session, result, &error);
		return;
	}
	result = apply_limits(session, &error);
	if (result == 0)
		result = load_theme(session, settings_text(settings, SETTING_THEME), &error);
	say_failure(session, result, &error);
	if (result == 0 && settings->file[0] == '\0')
		session_say(session, false, "roster and theme are read again; there is no configuration file");
	else if (result == 0)
		session_say(session, false, "%s, roster and theme are read again", settings->file);
}

static void act(struct session *session, const struct intent *intent)
{
	struct error error = { 0 };
	if (session->desk.desk == NULL) {
		session_say(session, true, "tickets are not kept in this run");
		return;
	}
	int result = intent->kind == INTENT_TICKET_EDIT
		? desk_edit(session->desk.desk, intent->ticket, intent->field, intent->text, session_wall(session),
			  &error)
		: desk_act(session->desk.desk, intent->ticket, intent->ticket_action, intent->text,
			  session_wall(session), &error);
	say_failure(session, result, &error);
}

static void perform(struct session *session, const struct intent *intent)
{
	struct error error = { 0 };
	switch (intent->kind) {
	case INTENT_NONE:
		break;
	case INTENT_QUIT:
		session->quitting = true;
		loop_stop(session->loop);
		break;
	case INTENT_SUSPEND:
		suspend(session);
		break;
	case INTENT_REPAINT:
		session->term.ops->repaint(session->term.state);
		break;
	case INTENT_ASK:
		session_analyst_ask(session, intent->text, intent->window);
		break;
	case INTENT_ANALYZE:
		session_analyst_cancel(session);
		session->analyst.scope = intent->window;
		session->analyst.wanted = true;
		session_model_again(session);
		break;
	case INTENT_CANCEL:
		session_analyst_cancel(session);
		break;
	case INTENT_OPEN:
		say_failure(session, session_index_open(session, intent->text, &error), &error);
		break;
	case INTENT_CLOSE:
		say_failure(session, session_index_close(session, intent->text, &error), &error);
		break;
	case INTENT_SET:
		set(session, intent->text);
		break;
	case INTENT_RELEVANT:
		session_importance_relevant(session, intent->text);
		break;
	case INTENT_RELOAD:
		reload(session);
		break;
	case INTENT_THEME:
		change(session, SETTING_THEME, intent->text);
		break;
	case INTENT_ZONE:
		change(session, SETTING_TZ, intent->text);
		break;
	case INTENT_MOUSE:
		session->term.ops->set_mouse(session->term.state, intent->number > 0);
		break;
	case INTENT_COPY:
		if (session->term.ops->copy(session->term.state, intent->text))
			session_say(session, false, "copied");
		else
			session_say(session, true, "this is too long for the terminal's clipboard, or it has none");
		break;
	case INTENT_TICKET:
	case INTENT_TICKET_EDIT:
		act(session, intent);
		break;
	case INTENT_REPLAY_PAUSE:
		replay_toggle(&session->replay, session_now(session));
		break;
	case INTENT_REPLAY_SPEED:
		replay_scale(&session->replay, intent->number);
		break;
	case INTENT_REPLAY_STEP:
		session_time_step(session, intent->number);
		break;
	case INTENT_REPLAY_FINDING:
		session_time_finding(session, intent->number > 0 ? 1 : -1);
		break;
	case INTENT_REPLAY_SEEK:
		session_time_seek(session, intent->time);
		break;
	}
	session->dirty = true;
}

void session_intents(struct session *session)
{
	struct intent intent;
	while (console_next_intent(session->console, &intent))
		perform(session, &intent);
}
