#include "app/command.h"

#include "tocsin/base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command commands[] = {
	{ "", "[SOURCE...]", "the console on these logs (without a terminal: the same as analyze)", command_console },
	{ "analyze", "[SOURCE...]", "reason about the log step by step, then report", command_analyze },
	{ "ask", "QUESTION [SOURCE...]", "answer one question about the log", command_ask },
	{ "stats", "[SOURCE...]", "counts of records, levels and services, and what was lost", command_stats },
	{ "templates", "[SOURCE...]", "the kinds of messages, by how often they occur", command_templates },
	{ "anomalies", "[SOURCE...]", "what the detectors found", command_anomalies },
	{ "timeline", "[SOURCE...]", "counts per level and service in equal spans of time", command_timeline },
	{ "search", "EXPR [SOURCE...]", "records that match a filter", command_search },
	{ "train", "[SOURCE...]", "learn what is usual from logs believed normal, into -o FILE", command_train },
	{ "score", "[SOURCE...]", "how important each record is, or with --sessions each session", command_score },
	{ "tickets", "list|show|edit|approve|reject|assign|ack|resolve|reopen|undo|export ...", "tickets on the desk",
		command_tickets },
	{ "formats", "", "the log formats that are recognised; with --try FILE, how it is read", command_formats },
	{ "themes", "", "the themes that are found", command_themes },
	{ "config", "", "every setting with its value and where that came from", command_config },
	{ "doctor", "", "is everything there that is configured: the model's provider, its key, its model", command_doctor },
	{ "manual", "", "the manual page, as roff", command_manual },
};

const struct command *command_at(size_t index)
{
	return index < sizeof commands / sizeof commands[0] ? &commands[index] : NULL;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

void complain(const char *format, ...)
{
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);

	struct buffer out;
	buffer_init(&out, 8 * sizeof text);
	buffer_append_string(&out, "tocsin: ");
	utf8_append_shown(&out, slice_of(text), SIZE_MAX);
	buffer_append_byte(&out, '\n');
	fwrite(buffer_string(&out), 1, out.size, stderr);
	buffer_release(&out);
}

void append_column(struct buffer *out, struct slice text, size_t cells)
{
	size_t width = utf8_shown_width(text);
	utf8_append_shown(out, text, SIZE_MAX);
	buffer_append_repeat(out, ' ', width < cells ? cells - width : 0);
}

int print_out(const struct buffer *out)
{
	if (out->failed != 0) {
		complain("the output is too long: out of memory");
		return EXIT_INTERNAL;
	}
	size_t done = 0;
	while (done < out->size) {
		ssize_t written = write(STDOUT_FILENO, out->data + done, out->size - done);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && errno == EPIPE)
			return EXIT_CLOSED;
		if (written < 0) {
			complain("standard output: %s", strerror(errno));
			return EXIT_INTERNAL;
		}
		done += (size_t)written;
	}
	return EXIT_DONE;
}
