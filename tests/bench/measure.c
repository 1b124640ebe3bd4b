/*
 * What a person waits for and a line carries, measured from outside:
 *
 *   measure run CMD...
 *       wall ms, CPU ms and peak resident kB of a command; its output is thrown away
 *   measure screen TEXT CMD...
 *       in a terminal of 200x50: ms from exec to the first kB, to the first pause after it (a frame is complete), to
 *       TEXT, and to the last byte before silence; bytes until then
 *   measure follow FILE N CMD...
 *       in such a terminal: bytes in 2 s of silence; then N times one line is appended to FILE: median and largest
 *       number of bytes that each costs
 *   measure visible FILE N CMD...
 *       N times, every 100 ms, one line is appended to FILE: median and largest ms until it stands on the screen
 *   measure flood FILE RATE SECONDS CMD...
 *       RATE lines a second are appended to FILE for so long: bytes sent a second
 *
 * Each prints its numbers on one line. A terminal's program is ended with SIGTERM.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FRAME_PAUSE 8  /* ms without a byte end a frame */
#define SILENCE 700    /* ms without a byte: everything has been shown */
#define IDLE 2000      /* ms */
#define PATIENCE 60000 /* ms until a measurement is given up */
#define FIRST 1024     /* bytes */
#define MAXIMUM_LINES 200
#define SAMPLE_END 1747515127 /* 2025-05-17T20:52:07Z */

struct terminal {
	int descriptor;
	pid_t child;
	double started;
	char tail[8192]; /* the newest output, to look for a text in */
	size_t tail_size;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void run_command(char **command)
{
	execvp(command[0], command);
	fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
	_exit(127);
}

static int open_terminal(struct terminal *terminal, char **command)
{
	struct winsize size = { .ws_row = 50, .ws_col = 200 };

	memset(terminal, 0, sizeof(*terminal));
	terminal->started = now();
	terminal->child = forkpty(&terminal->descriptor, NULL, NULL, &size);
	if (terminal->child == 0) {
		setenv("TERM", "xterm-256color", 1);
		run_command(command);
	}
	return terminal->child < 0 ? -1 : 0;
}

static void close_terminal(struct terminal *terminal)
{
	char bytes[4096];

	kill(terminal->child, SIGTERM);
	while (read(terminal->descriptor, bytes, sizeof(bytes)) > 0)
		continue;
	close(terminal->descriptor);
	waitpid(terminal->child, NULL, 0);
}

static void remember(struct terminal *terminal, const char *bytes, size_t size)
{
	size_t half = sizeof(terminal->tail) / 2;

	if (terminal->tail_size + size > sizeof(terminal->tail)) {
		memmove(terminal->tail, terminal->tail + terminal->tail_size - half, half);
		terminal->tail_size = half;
	}
	memcpy(terminal->tail + terminal->tail_size, bytes, size);
	terminal->tail_size += size;
}

/* Waits at most `patience` ms for output. Returns its bytes, 0 for silence, -1 at the end. */
static int listen_for(struct terminal *terminal, int patience)
{
	struct pollfd poll_for = { .fd = terminal->descriptor, .events = POLLIN };
	char bytes[4096];
	ssize_t size;

	if (poll(&poll_for, 1, patience) <= 0)
		return 0;
	size = read(terminal->descriptor, bytes, sizeof(bytes));
	if (size <= 0)
		return -1;
	remember(terminal, bytes, (size_t)size);
	return (int)size;
}

/* All bytes until `pause` ms of silence. */
static long count_until_silence(struct terminal *terminal, int pause)
{
	long bytes = 0;
	double begun = now();
	int size;

	while ((size = listen_for(terminal, pause)) > 0 && now() - begun < PATIENCE)
		bytes += size;
	return size < 0 ? -1 : bytes;
}

static int measure_screen(const char *text, char **command)
{
	struct terminal terminal;
	double first = 0, frame = 0, seen = 0, last = 0;
	long bytes = 0;
	int size = 0;

	if (open_terminal(&terminal, command) != 0)
		return 1;
	while (now() - terminal.started < PATIENCE) {
		size = listen_for(&terminal, first > 0 && frame <= 0 ? FRAME_PAUSE : SILENCE);
		if (size < 0 || (size == 0 && (frame > 0 || bytes == 0)))
			break;
		if (size == 0) {
			frame = last;
			continue;
		}
		last = now() - terminal.started;
		bytes += size;
		if (bytes >= FIRST && first <= 0)
			first = last;
		if (seen <= 0 && memmem(terminal.tail, terminal.tail_size, text, strlen(text)) != NULL)
			seen = last;
	}
	close_terminal(&terminal);
	printf("%.1f %.1f %.1f %.1f %ld\n", first, frame, seen, last, bytes);
	return size < 0 || first <= 0 || seen <= 0;
}

static int by_value(const void *a, const void *b)
{
	long left = *(const long *)a, right = *(const long *)b;

	return left < right ? -1 : left > right;
}

/* One line more behind the sample, a second later each: a time far away would change the whole timeline. */
static int append_line(const char *path, int number)
{
	FILE *file = fopen(path, "a");
	time_t time = SAMPLE_END + number;
	struct tm parts;
	char text[32];

	if (file == NULL)
		return -1;
	gmtime_r(&time, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	fprintf(file, "%s,gateway,INFO,GET /orders/%d 200 in 41 ms\n", text, 80000 + number);
	return fclose(file);
}

static int measure_follow(const char *path, int count, char **command)
{
	struct terminal terminal;
	static long costs[MAXIMUM_LINES];
	long idle = 0;
	int size = 0;
	int failed = 0;
	double begun;

	if (open_terminal(&terminal, command) != 0)
		return 1;
	failed = count_until_silence(&terminal, 2 * SILENCE) <= 0;
	begun = now();
	while (now() - begun < IDLE && (size = listen_for(&terminal, IDLE - (int)(now() - begun))) >= 0)
		idle += size;
	for (int i = 0; i < count && failed == 0; i++) {
		failed = append_line(path, i);
		costs[i] = count_until_silence(&terminal, SILENCE);
		failed |= costs[i] < 0;
	}
	close_terminal(&terminal);
	qsort(costs, (size_t)count, sizeof(costs[0]), by_value);
	printf("%ld %ld %ld\n", idle, costs[count / 2], costs[count - 1]);
	return failed;
}

/* --- live lines ---- */

#define MARK 12 /* bytes */

/* A text of which no byte is what the last two had in its place: a terminal is sent what differs from what it shows. */
static void make_mark(char mark[MARK + 1], int number)
{
	for (int i = 0; i < MARK; i++)
		mark[i] = (char)('A' + (number % 3) * 8 + rand() % 8);
	mark[MARK] = '\0';
}

static int append_marked(const char *path, int number, const char *mark)
{
	FILE *file = fopen(path, "a");
	time_t time = SAMPLE_END + number / 10;
	struct tm parts;
	char text[32];

	if (file == NULL)
		return -1;
	gmtime_r(&time, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	fprintf(file, "%s.%d00,gateway,INFO,%s GET /orders/%d\n", text, number % 10, mark, 80000 + number);
	return fclose(file);
}

/* ms until the mark is there, or -1. */
static double wait_for_mark(struct terminal *terminal, const char *mark)
{
	double begun = now();

	while (now() - begun < 2000) {
		int size = listen_for(terminal, 2000);

		if (size < 0)
			return -1;
		if (size > 0 && memmem(terminal->tail, terminal->tail_size, mark, MARK) != NULL)
			return now() - begun;
	}
	return -1;
}

static int measure_visible(const char *path, int count, char **command)
{
	struct terminal terminal;
	static long times[MAXIMUM_LINES]; /* us */
	int failed = open_terminal(&terminal, command);

	if (failed != 0)
		return 1;
	failed = count_until_silence(&terminal, 2 * SILENCE) <= 0;
	for (int i = 0; i < count && failed == 0; i++) {
		char mark[MARK + 1];
		double begun = now(), spent;

		make_mark(mark, i);
		failed = append_marked(path, i, mark);
		spent = wait_for_mark(&terminal, mark);
		failed |= spent < 0;
		times[i] = (long)(spent * 1000);
		while (now() - begun < 100)
			listen_for(&terminal, (int)(100 - (now() - begun)));
	}
	close_terminal(&terminal);
	qsort(times, (size_t)count, sizeof(times[0]), by_value);
	printf("%.1f %.1f\n", (double)times[count / 2] / 1000, (double)times[count - 1] / 1000);
	return failed;
}

static int measure_flood(const char *path, int rate, int seconds, char **command)
{
	struct terminal terminal;
	long bytes = 0, written = 0;
	double begun;

	if (open_terminal(&terminal, command) != 0)
		return 1;
	count_until_silence(&terminal, 2 * SILENCE);
	begun = now();
	while (now() - begun < seconds * 1000.0) {
		int size = listen_for(&terminal, 5);

		if (size < 0)
			return 1;
		bytes += size;
		for (; written < (long)((now() - begun) * rate / 1000); written++)
			if (append_marked(path, (int)(written * 10 / rate), "flood") != 0)
				return 1;
	}
	close_terminal(&terminal);
	printf("%.0f\n", (double)bytes / seconds);
	return 0;
}

static int measure_run(char **command)
{
	double started = now();
	struct rusage usage;
	int status;
	pid_t child = fork();

	if (child == 0) {
		int nowhere = open("/dev/null", O_RDWR);

		dup2(nowhere, STDIN_FILENO);
		dup2(nowhere, STDOUT_FILENO);
		run_command(command);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 1;
	printf("%.0f %.0f %ld\n", now() - started,
		(double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
			(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3,
		usage.ru_maxrss);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	long count = argc > 3 ? strtol(argv[3], NULL, 10) : 0;

	signal(SIGPIPE, SIG_IGN);
	if (argc > 2 && strcmp(mode, "run") == 0)
		return measure_run(argv + 2);
	if (argc > 3 && strcmp(mode, "screen") == 0)
		return measure_screen(argv[2], argv + 3);
	if (argc > 4 && strcmp(mode, "follow") == 0 && count > 0 && count <= MAXIMUM_LINES)
		return measure_follow(argv[2], (int)count, argv + 4);
	if (argc > 4 && strcmp(mode, "visible") == 0 && count > 0 && count <= MAXIMUM_LINES)
		return measure_visible(argv[2], (int)count, argv + 4);
	if (argc > 5 && strcmp(mode, "flood") == 0 && count > 0)
		return measure_flood(argv[2], (int)count, (int)strtol(argv[4], NULL, 10), argv + 5);
	fputs("usage: measure run CMD... | screen TEXT CMD... | follow FILE N CMD... | visible FILE N CMD... | flood FILE RATE SECONDS CMD...\n", stderr);
	return 2;
}
