#include "ingest/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 200  /* milliseconds for a child to end by itself */
#define COMPLAINT 160 /* bytes kept of a line of its standard error */

struct child {
	pid_t pid;   /* and its group */
	int process; /* a descriptor that is readable once it has ended; -1 where the system has none */
	int output;
	int complaints;
	int input; /* our end of its standard input, -1 for none */
	int code; /* how it ended: CLD_EXITED, ... */
	int status;
	char line[COMPLAINT]; /* of standard error, as it comes */
	size_t line_size;
	char last[COMPLAINT]; /* the last whole one */
	size_t last_size;
};

/* --- starting --------------------------------------------------------------------------------------------------- */

/* A pipe whose ends lie above the three standard descriptors, so that placing one never closes another. */
static int open_pipe(int ends[2])
{
	int low[2];

	if (pipe2(low, O_CLOEXEC) != 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		ends[i] = low[i] > STDERR_FILENO ? low[i] : fcntl(low[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		if (ends[i] != low[i])
			close(low[i]);
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return ends[0] >= 0 && ends[1] >= 0 ? 0 : -1;
}

static void close_pipe(int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

static int spawn(pid_t *pid, const char *const *arguments, int input, int output, int complaints)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int result;

	posix_spawn_file_actions_init(&actions);
	if (input >= 0)
		posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	else
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	sigaddset(&signals, SIGPIPE);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGQUIT);
	sigaddset(&signals, SIGTSTP);
	sigaddset(&signals, SIGCHLD);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	result = posix_spawnp(
		pid, arguments[0], &actions, &attributes, (char *const *)(uintptr_t)arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

/* 0 or an errno. */
static int start(struct child *child, const char *const *arguments, int input)
{
	int pipes[3][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
	bool piped = input == CHILD_PIPE;
	int result = 0;

	if (open_pipe(pipes[1]) != 0 || open_pipe(pipes[2]) != 0 || (piped && open_pipe(pipes[0]) != 0))
		result = errno;
	if (result == 0 && piped)
		fcntl(pipes[0][0], F_SETFL, 0); /* the child's end is as a child expects it */
	if (result == 0)
		result = spawn(&child->pid, arguments, piped ? pipes[0][0] : input, pipes[1][1],
			pipes[input == CHILD_MERGED ? 1 : 2][1]);
	if (result != 0) {
		for (int i = 0; i < 3; i++)
			close_pipe(pipes[i]);
		return result;
	}
	if (piped)
		close(pipes[0][0]);
	close(pipes[1][1]);
	close(pipes[2][1]);
	child->input = pipes[0][1];
	child->output = pipes[1][0];
	child->complaints = pipes[2][0];
	return 0;
}

struct child *child_create(const char *const *arguments, int input, struct error *error)
{
	struct child *child = calloc(1, sizeof(*child));
	int result = child != NULL ? start(child, arguments, input) : ENOMEM;

	if (result != 0) {
		free(child);
		error_set(error, ERROR_SYSTEM, "%s: %s", arguments[0],
			result == ENOENT ? "there is no such program here" : strerrordesc_np(result));
		return NULL;
	}
	child->process = pidfd_open(child->pid, 0);
	return child;
}

/* --- ending ----------------------------------------------------------------------------------------------------- */

/* Waits a while for its end. True when it is over and its status is known; it stays a zombie, which holds the name of
   its group, until child_destroy. */
static bool await(struct child *child, int milliseconds)
{
	struct pollfd process = { .fd = child->process, .events = POLLIN };
	siginfo_t info = { 0 };
	int result;

	if (child->process >= 0)
		poll(&process, 1, milliseconds);
	do
		result = waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT | WNOHANG);
	while (result != 0 && errno == EINTR);
	if (result == 0 && info.si_pid == 0)
		return false;
	child->code = info.si_code;
	child->status = info.si_status;
	return true;
}

void child_destroy(struct child *child)
{
	if (child == NULL)
		return;
	kill(-child->pid, SIGTERM);
	await(child, PATIENCE);
	kill(-child->pid, SIGKILL); /* also those of the group who outlive their leader */
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (child->process >= 0)
		close(child->process);
	if (child->input >= 0)
		close(child->input);
	if (child->complaints >= 0)
		close(child->complaints);
	close(child->output);
	free(child);
}

/* --- what it says ----------------------------------------------------------------------------------------------- */

int child_output(const struct child *child)
{
	return child->output;
}

size_t child_waits(const struct child *child, struct pollfd waits[2])
{
	waits[0] = (struct pollfd){ .fd = child->output, .events = POLLIN };
	if (child->complaints < 0)
		return 1;
	waits[1] = (struct pollfd){ .fd = child->complaints, .events = POLLIN };
	return 2;
}

static void end_line(struct child *child)
{
	if (child->line_size == 0)
		return;
	memcpy(child->last, child->line, child->line_size);
	child->last_size = child->line_size;
	child->line_size = 0;
}

void child_take_complaints(struct child *child)
{
	char bytes[4096];
	ssize_t got;

	while (child->complaints >= 0 && (got = read(child->complaints, bytes, sizeof(bytes))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return;
		for (ssize_t i = 0; i < got; i++)
			if (bytes[i] == '\n')
				end_line(child);
			else if (child->line_size < COMPLAINT && bytes[i] != '\r')
				child->line[child->line_size++] = bytes[i];
	}
	if (child->complaints >= 0)
		close(child->complaints);
	child->complaints = -1;
}

bool child_verdict(struct child *child, int *status, struct error *sentence)
{
	const char *signal_name;
	char end[64];

	if (!await(child, PATIENCE)) {
		error_set(sentence, ERROR_STATE, "it closed its output before its end");
		return false;
	}
	child_take_complaints(child);
	end_line(child);
	*status = child->status;
	snprintf(end, sizeof(end), "ended with exit status %d", child->status);
	if (child->code != CLD_EXITED) {
		*status += 128; /* as a shell counts */
		signal_name = sigabbrev_np(child->status);
		snprintf(end, sizeof(end), "ended by signal %s", signal_name != NULL ? signal_name : "?");
	}
	error_set(sentence, ERROR_STATE, "%s%s%.*s", end, child->last_size > 0 ? ": " : "", (int)child->last_size,
		child->last);
	return true;
}
