#include "tocsin/telemetry/log.h"

#include "tocsin/base/json.h"
#include "tocsin/base/redact.h"
#include "tocsin/base/timestamp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOG_MESSAGE_MAXIMUM 4096
#define LOG_LINE_MAXIMUM 32768

struct log {
	int descriptor;
	enum level least;
	char failure[160];
	char said[160];
	bool failed; /* said already: a full disk is one sentence, not one a line */
};

struct log *log_open(const char *path, enum level least, struct error *error)
{
	struct log *log = calloc(1, sizeof *log);
	if (log == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	log->descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	if (log->descriptor < 0) {
		error_set(error, ERROR_SYSTEM, "log file %s: %s", path, strerror(errno));
		free(log);
		return NULL;
	}
	log->least = least;
	return log;
}

void log_close(struct log *log)
{
	if (log == NULL)
		return;
	close(log->descriptor);
	free(log);
}

void log_set_level(struct log *log, enum level least)
{
	if (log != NULL)
		log->least = least;
}

static int64_t wall_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec;
}

/* One write() a line: with O_APPEND several tocsins may share a file without mixing their lines. */
static void write_line(struct log *log, const struct buffer *line)
{
	ssize_t written;
	do {
		written = write(log->descriptor, line->data, line->size);
	} while (written < 0 && errno == EINTR);
	if (written == (ssize_t)line->size || log->failed)
		return;
	log->failed = true;
	snprintf(log->failure, sizeof log->failure, "the log file cannot be written: %s",
		written < 0 ? strerror(errno) : "disk full");
}

void log_write(struct log *log, enum level level, const char *logger, const char *format, ...)
{
	if (log == NULL || level < log->least)
		return;
	char message[LOG_MESSAGE_MAXIMUM];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);

	struct buffer clean, line;
	struct json json;
	buffer_init(&clean, LOG_LINE_MAXIMUM);
	buffer_init(&line, LOG_LINE_MAXIMUM);
	redact_append(&clean, slice_of(message));
	json_init(&json, &line);
	json_begin_object(&json);
	json_field_time(&json, "timestamp", wall_now());
	json_field_text(&json, "level", level_name(level));
	json_field_text(&json, "logger", logger);
	json_field_string(&json, "message", buffer_slice(&clean));
	json_end_object(&json);
	buffer_append_byte(&line, '\n');
	if (line.failed == 0 && clean.failed == 0)
		write_line(log, &line);
	buffer_release(&clean);
	buffer_release(&line);
}

const char *log_failure(struct log *log)
{
	if (log == NULL || log->failure[0] == '\0')
		return NULL;
	snprintf(log->said, sizeof log->said, "%s", log->failure);
	log->failure[0] = '\0';
	return log->said;
}
