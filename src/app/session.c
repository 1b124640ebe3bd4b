#include "app/session.h"

#include "app/paths.h"
#include "app/theme_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INDEX_QUEUE 64
#define SOURCES_SHOWN 1024
#define TICKETS_SHOWN 10000
#define FOLLOW_MS 200
#define FRAME_MS 33
#define OPENED_RECORDS 8
#define PATIENCE_MS 5000 /* for jobs at the end; longer than anything that still answers takes */
/* The script's date: a fixed one, so that its screens are the same every day. */
#define SCRIPT_EPOCH (INT64_C(1767225600) * TIMESTAMP_SECOND)

int64_t session_now(const struct session *session)
{
	struct timespec now;
	if (session->scripted)
		return session->fake_time;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec;
}

int64_t session_wall(const struct session *session)
{
	return session->scripted ? SCRIPT_EPOCH + session->fake_time : wall_clock();
}

void session_say(struct session *session, bool is_error, const char *format, ...)
{
	char text[600];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (session->console != NULL)
		console_message(session->console, is_error, text);
	log_write(session->invocation->log, is_error ? LEVEL_ERROR : LEVEL_INFO, "session", "%s", text);
	session->dirty = true;
}

static void on_ticket(void *context, int64_t ticket, const struct error *failure)
{
	struct session *session = context;
	(void)ticket; /* the sentence names it */
	if (failure != NULL && failure->code != 0)
		session_say(session, true, "%s", failure->text);
	session->dirty = true;
	session->moved = true; /* the snapshot points into the desk */
}

static void on_follow(void *context)
{
	session_index_read(context);
}

static void make_title(struct session *session)
{
	int count = session->invocation->word_count;
	if (count == 1)
		snprintf(session->title, sizeof session->title, "%s", path_base(session->invocation->words[0]));
	else
		snprintf(session->title, sizeof session->title, "%zu sources",
			intake_source_count(session->incident.intake));
}

/* A desk that cannot be opened is said on the screen; the console goes on without tickets. A replay is a drill: its
 * tickets are kept in memory, unless a database was named. */
static void open_desk(struct session *session)
{
	const struct settings *settings = &session->invocation->settings;
	struct error error = { 0 };
	const char *path = session->replay.active && !settings_given(settings, SETTING_DB) ? ":memory:" : NULL;
	if (app_desk_open(&session->desk, settings, path, session->loop, &error) != 0)
		session_say(session, true, "tickets are not kept: %s", error.text);
	else if (session->desk.desk != NULL)
		desk_watch(session->desk.desk, on_ticket, session);
}

static void apply_settings(struct session *session)
{
	const struct settings *settings = &session->invocation->settings;
	struct error error = { 0 };
	struct buffer filter;
	theme_init(&session->theme);
	if (theme_file_load(&session->theme, settings_text(settings, SETTING_THEME), &error) != 0)
		session_say(session, true, "%s", error.text);
	buffer_init(&filter, 65536);
	incident_filter_text(settings, &filter);
	if (filter.size > 0 && console_set_filter(session->console, buffer_slice(&filter), &error) != 0)
		session_say(session, true, "%s", error.text);
	buffer_release(&filter);
}

/* What was typed at the prompt is remembered from run to run, but not what a script typed. */
static struct console *make_console(bool ascii, bool scripted)
{
	struct buffer path;
	buffer_init(&path, 4096);
	bool keep = !scripted && path_state(&path, "history") == 0;
	struct console *console = console_create(&(struct console_options){
		.ascii = ascii,
		.use_inputrc = !scripted,
		.history_path = keep ? buffer_string(&path) : NULL,
	});
	buffer_release(&path);
	return console;
}

int session_open(struct session *session, struct invocation *invocation, bool ascii, bool scripted, struct error *error)
{
	memset(session, 0, sizeof *session);
	session->invocation = invocation;
	session->scripted = scripted;
	session->ascii = ascii;
	session->dirty = true;
	grid_init(&session->grid);
	vector_init(&session->tickets, sizeof(struct ticket), TICKETS_SHOWN);
	vector_init(&session->ticket_pointers, sizeof(struct ticket *), TICKETS_SHOWN);
	vector_init(&session->index.sources, sizeof(struct snapshot_source), SOURCES_SHOWN);
	session_context_open(session);

	if (settings_text(&invocation->settings, SETTING_REPLAY) != NULL)
		replay_start(&session->replay, settings_number(&invocation->settings, SETTING_REPLAY));
	session->loop = loop_create(error);
	if (session->loop == NULL)
		return ERROR_SYSTEM;
	struct incident_sources sources = {
		.names = invocation->words, .count = invocation->word_count, .follow = true
	};
	int result = incident_open(&session->incident, invocation, &sources, error);
	if (result != 0)
		return result;
	session->fast = settings_flag(&invocation->settings, SETTING_FAST);
	session->index.queue = loop_queue_create(session->loop, INDEX_QUEUE);
	session->rows = rows_create(0);
	session->whole = rows_create_whole(OPENED_RECORDS);
	session->console = make_console(ascii, scripted);
	if (session->index.queue == NULL || session->rows == NULL || session->whole == NULL ||
		session->console == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");
	result = session_analyst_open(session, error);
	if (result != 0)
		return result;
	result = session_importance_open(session, error);
	if (result != 0)
		return result;
	session->index.named = intake_source_count(session->incident.intake);
	make_title(session);
	apply_settings(session);
	open_desk(session);
	session_index_read(session);
	if (!scripted)
		session->index.timer = loop_timer_start(session->loop, FOLLOW_MS, FOLLOW_MS, on_follow, session);
	return 0;
}

void session_show(struct session *session, struct term term)
{
	session->term = term;
	session->term.ops->set_theme(session->term.state, &session->theme);
	session->dirty = true;
}

void session_hide(struct session *session)
{
	if (session->term.ops != NULL)
		session->term.ops->destroy(session->term.state);
	session->term = (struct term){ 0 };
}

/* The names to open the next time: those given, or what DATA_DIR held, and the new one. */
static int note_names(struct session *session)
{
	struct invocation *invocation = session->invocation;
	int result = 0;
	for (size_t i = 0; invocation->word_count == 0 && i < session->index.sources.count && result == 0; i++) {
		const struct snapshot_source *source = vector_at(&session->index.sources, i);
		if (strcmp(source->name, session->opened) != 0)
			result = invocation_add_word(invocation, slice_of(source->name));
	}
	return result == 0 ? invocation_add_word(invocation, slice_of(session->opened)) : result;
}

static void on_patience(void *context)
{
	*(bool *)context = true;
}

/* Jobs that are out hold pointers into the session: they are waited for. False when one does not come back in time, as
 * on a dead mount. */
static bool drain(struct session *session)
{
	bool expired = false;
	struct loop_timer *timer = loop_timer_start(session->loop, PATIENCE_MS, 0, on_patience, &expired);
	while (loop_work_pending(session->loop) > 0 && !expired)
		loop_turn(session->loop, true);
	loop_timer_stop(timer);
	return loop_work_pending(session->loop) == 0;
}

int session_reopen(struct session *session, struct error *error)
{
	struct invocation *invocation = session->invocation;
	struct term term = session->term;
	struct replay replay = session->replay;
	int64_t fake_time = session->fake_time;
	bool ascii = session->ascii, scripted = session->scripted;
	struct buffer filter;
	buffer_init(&filter, 65536);
	session_importance_forget(session); /* its filter names records by numbers that change */
	buffer_append_slice(&filter, console_filter(session->console));
	session->quitting = true; /* no new jobs */
	if (!drain(session)) {
		session->quitting = session->reopening = false;
		session_say(session, true, "a source does not answer: %s cannot be merged with it now", session->opened);
		buffer_release(&filter);
		return 0;
	}
	int result = note_names(session);
	session->term = (struct term){ 0 };
	session_close(session);
	if (result == 0)
		result = session_open(session, invocation, ascii, scripted, error);
	session->fake_time = fake_time;
	if (result == 0) {
		session->replay = replay;
		console_set_filter(session->console, buffer_slice(&filter), NULL);
		session_say(
			session, false, "%zu sources, merged by time", intake_source_count(session->incident.intake));
		session_show(session, term);
	} else {
		session->term = term;
	}
	buffer_release(&filter);
	return result;
}

bool session_idle(const struct session *session)
{
	bool analyst_due =
		session->analyst.wanted && session->horizon.records > 0; /* of nothing there is no analysis */
	return !session->index.reading && session->index.caught_up && session->analyst.jobs == 0 &&
		session->analyst.running == NULL && session->model.running == NULL && !analyst_due &&
		!session->seeking && session->reads == 0 && session_importance_idle(session) &&
		!session->more && !session->dirty &&
		(session->desk.database == NULL || database_pending(session->desk.database) == 0);
}

int session_turn(struct session *session)
{
	session->more = false;
	session_intents(session);
	session_time_turn(session);
	session_analyst_turn(session);
	session_importance_turn(session);
	int due = session_paint(session);
	session_read(session);
	if (session->term.ops->behind(session->term.state))
		session->dirty = true; /* a slow terminal has not taken the last frame yet */
	if (session->more)
		return 0;
	if (due >= 0)
		return due;
	if (session->dirty || (session->replay.active && session->replay.playing))
		return FRAME_MS;
	return -1;
}

void session_key(struct session *session, struct key key)
{
	if (session->moved)
		session_refresh(session);
	console_key(session->console, key);
	session->key_pressed = true;
	session_intents(session);
}

/* Nothing can be freed under a job that hangs: the terminal is given back, and the program ends here. What was
 * acknowledged is on disk. */
static void abandon(struct session *session)
{
	session_hide(session);
	complain("a source or the disk does not answer; it is not waited for");
	_exit(EXIT_SOURCE);
}

void session_close(struct session *session)
{
	session->quitting = true;
	if (session->loop != NULL) {
		session_model_cancel(session);
		if (!drain(session))
			abandon(session);
		session_index_release(session);
		session_analyst_release(session);
		session_importance_release(session);
		app_desk_close(&session->desk);
		if (session->index.queue != NULL)
			loop_queue_destroy(session->index.queue);
	}
	console_destroy(session->console);
	session->console = NULL;
	rows_destroy(session->rows);
	rows_destroy(session->whole);
	session_context_release(session);
	incident_close(&session->incident);
	if (session->loop != NULL)
		loop_destroy(session->loop);
	grid_release(&session->grid);
	vector_release(&session->tickets);
	vector_release(&session->ticket_pointers);
	session_hide(session);
}
