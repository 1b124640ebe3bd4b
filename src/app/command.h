/*
 * The subcommands: one row each, one file each in src/app/command/. Parser, --help and the manual read the table.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "app/settings.h"
#include "tocsin/base/arena.h"
#include "tocsin/telemetry/log.h"

/* What the exit codes of design.md mean. */
enum exit_code { EXIT_DONE = 0, EXIT_INTERNAL = 1, EXIT_USAGE = 2, EXIT_SOURCE = 3, EXIT_PROVIDER = 4 };

/* What a command gets: settings in force, the words that are not options, tocsin's own log (may be NULL). */
struct invocation {
	struct settings settings;
	const struct command *command;
	const char **words; /* behind the command's name */
	int word_count;
	struct arena texts; /* of words that were added */
	bool help, version; /* asked for by a flag */
	struct log *log;
};

struct command {
	const char *name;      /* "" for the console, that is what runs without one */
	const char *arguments; /* "QUESTION SOURCE..." */
	const char *summary;
	int (*run)(struct invocation *invocation); /* an exit code */
};

const struct command *command_at(size_t index); /* NULL past the end */
const struct command *command_find(const char *name);

int command_console(struct invocation *invocation);
int command_analyze(struct invocation *invocation);
int command_ask(struct invocation *invocation);
int command_stats(struct invocation *invocation);
int command_templates(struct invocation *invocation);
int command_anomalies(struct invocation *invocation);
int command_timeline(struct invocation *invocation);
int command_search(struct invocation *invocation);
int command_train(struct invocation *invocation);
int command_score(struct invocation *invocation);
int command_tickets(struct invocation *invocation);
int command_formats(struct invocation *invocation);
int command_themes(struct invocation *invocation);
int command_config(struct invocation *invocation);
int command_doctor(struct invocation *invocation);
int command_manual(struct invocation *invocation);

/* Parses the command line into an invocation: settings flags, the command, its words. On failure the sentence says what
   is wrong and what was meant. `words` point into argv. */
int invocation_parse(struct invocation *invocation, int argc, char **argv, struct error *error);
int invocation_add_word(struct invocation *invocation, struct slice word); /* copied; ERROR_MEMORY */
void invocation_release(struct invocation *invocation);

/* The text of --help, from the tables; with a command, of that command. */
int invocation_help(struct buffer *out, const struct command *command);

/* Writes "tocsin: " and the sentence to stderr, made safe to show. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Appends text made safe to show, and spaces up to `cells`. */
void append_column(struct buffer *out, struct slice text, size_t cells);
#define EXIT_CLOSED (-1) /* whoever read the output has gone: stop; main leaves with EXIT_DONE */
/* Writes the whole buffer to stdout. Returns EXIT_DONE, EXIT_CLOSED, or EXIT_INTERNAL with a complaint. */
int print_out(const struct buffer *out);

#endif
