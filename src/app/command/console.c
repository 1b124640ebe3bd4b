/*
 * The console on a real terminal: keyboard, signals, and the way out that always restores the terminal.
 */
#include "app/command/load.h"
#include "app/script.h"
#include "app/session.h"

#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int watched_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT };
#define WATCHED (sizeof watched_signals / sizeof watched_signals[0])

struct keyboard {
	struct session *session;
	struct loop_poll *poll;
	struct loop_signal *signals[WATCHED];
	struct loop_timer *next; /* what session_turn asked for */
	int ended_by;            /* a signal, or 0 */
};

static void on_key(void *context)
{
	struct keyboard *keyboard = context;
	struct session *session = keyboard->session;
	struct key key;
	while (!session->quitting && session->term.ops->read_key(session->term.state, &key))
		session_key(session, key);
}

static void on_signal(void *context, int number)
{
	struct keyboard *keyboard = context;
	struct session *session = keyboard->session;
	switch (number) {
	case SIGWINCH:
		on_key(keyboard); /* reading keys notices the new size */
		session->key_pressed = true;
		break;
	case SIGTSTP:
		session->term.ops->suspend(session->term.state);
		kill(getpid(), SIGSTOP);
		break;
	case SIGCONT:
		session->term.ops->resume(session->term.state);
		session->key_pressed = true;
		break;
	default:
		keyboard->ended_by = number;
		session->quitting = true;
		loop_stop(session->loop);
	}
}

static void on_time(void *context)
{
	struct keyboard *keyboard = context;
	loop_timer_stop(keyboard->next);
	keyboard->next = NULL;
}

static void before_wait(void *context)
{
	struct keyboard *keyboard = context;
	int due = session_turn(keyboard->session);
	if (keyboard->session->quitting)
		loop_stop(keyboard->session->loop);
	if (due >= 0 && keyboard->next == NULL)
		keyboard->next = loop_timer_start(keyboard->session->loop, (uint64_t)due, 0, on_time, keyboard);
}

/* A crash must not leave the terminal in raw mode: restore it, then die of the same signal. */
static void on_crash(int number)
{
	term_ncurses_emergency();
	signal(number, SIG_DFL);
	raise(number);
}

static int run_terminal(struct session *session)
{
	struct keyboard keyboard = { .session = session };
	struct error error = { 0 };
	for (size_t i = 0; i < WATCHED; i++)
		keyboard.signals[i] = loop_signal_start(session->loop, watched_signals[i], on_signal, &keyboard);
	keyboard.poll = loop_poll_start(
		session->loop, session->term.ops->descriptor(session->term.state), on_key, &keyboard, &error);
	if (keyboard.poll != NULL)
		loop_run(session->loop, before_wait, &keyboard);
	loop_timer_stop(keyboard.next);
	loop_poll_stop(keyboard.poll);
	for (size_t i = 0; i < WATCHED; i++)
		loop_signal_stop(keyboard.signals[i]);
	if (keyboard.poll == NULL) {
		complain("the keyboard cannot be watched: %s", error.text);
		return EXIT_INTERNAL;
	}
	return keyboard.ended_by == 0 ? EXIT_DONE : 128 + keyboard.ended_by;
}

/* Standard input may be the log: then the keyboard is the terminal itself. */
static int terminal_descriptor(void)
{
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return STDIN_FILENO;
	return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

static bool wants_screen(const struct settings *settings)
{
	const char *type = getenv("TERM");
	return !settings_flag(settings, SETTING_PLAIN) && !settings_flag(settings, SETTING_JSON) &&
		isatty(STDOUT_FILENO) && type != NULL && type[0] != '\0' && strcmp(type, "dumb") != 0;
}

static bool no_colour(void)
{
	const char *value = getenv("NO_COLOR");
	return value != NULL && value[0] != '\0';
}

static void farewell(const struct session *session)
{
	size_t waiting = 0;
	for (size_t i = 0; session->desk.desk != NULL && i < desk_count(session->desk.desk); i++)
		waiting += desk_at(session->desk.desk, i)->state == TICKET_PROPOSED;
	if (waiting > 0)
		printf("tocsin: %zu proposed ticket%s waiting: tocsin tickets list\n", waiting,
			waiting == 1 ? " is" : "s are");
}

static int show_screen(struct session *session, const struct term_options *options)
{
	struct term term;
	struct error error = { 0 };
	if (term_ncurses_create(&term, options, &error) != 0) {
		complain("%s", error.text);
		return EXIT_INTERNAL;
	}
	signal(SIGSEGV, on_crash);
	signal(SIGABRT, on_crash);
	signal(SIGBUS, on_crash);
	session_show(session, term);
	int exit_code = run_terminal(session);
	while (session->reopening && exit_code == EXIT_DONE) {
		int result = session_reopen(session, &error);
		exit_code = result == 0 ? run_terminal(session) : exit_for(result);
	}
	session_hide(session);
	if (error.code != 0)
		complain("%s", error.text);
	farewell(session);
	return exit_code == EXIT_DONE ? incident_exit(&session->incident) : exit_code;
}

static int run_screen(struct invocation *invocation)
{
	int descriptor = terminal_descriptor();
	if (descriptor < 0) {
		complain("no terminal to show the console on; --plain prints the analysis");
		return EXIT_USAGE;
	}
	struct term_options options = {
		.input = descriptor,
		.output = isatty(STDOUT_FILENO) ? STDOUT_FILENO : descriptor,
		.type = getenv("TERM"),
		.colours = !no_colour(),
		.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
	};
	struct session *session = calloc(1, sizeof *session);
	struct error error = { 0 };
	int exit_code = EXIT_INTERNAL;
	int result = session == NULL ? error_set(&error, ERROR_MEMORY, "out of memory")
				     : session_open(session, invocation, options.ascii, false, &error);
	if (result == 0)
		exit_code = show_screen(session, &options);
	else
		complain("%s", error.text);
	if (session != NULL)
		session_close(session);
	free(session);
	return result == 0 ? exit_code : exit_for(result);
}

int command_console(struct invocation *invocation)
{
	const char *script = settings_text(&invocation->settings, SETTING_SCRIPT);
	if (script != NULL)
		return script_run(invocation, script);
	return wants_screen(&invocation->settings) ? run_screen(invocation) : command_analyze(invocation);
}
