/*
 * The command line, read by the table of settings: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, "--" ends the
 * options. Options may stand anywhere.
 */
#include "app/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool takes_value(const struct setting_row *row)
{
	return row->argument[0] != '\0' && row->argument[0] != '[';
}

static size_t shared_beginning(const char *a, const char *b)
{
	size_t n = 0;
	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

static int unknown_option(const char *option, struct error *error)
{
	const char *best = NULL;
	size_t best_size = 2; /* fewer shared letters are no hint */
	const char *name = option + strspn(option, "-");
	for (int i = 0; i < SETTING_COUNT; i++) {
		const struct setting_row *row = setting_row((enum setting)i);
		size_t size = row->argument == NULL ? 0 : shared_beginning(row->name, name);
		if (size > best_size) {
			best = row->name;
			best_size = size;
		}
	}
	if (best != NULL)
		return error_set(error, ERROR_INPUT, "unknown option %s: did you mean --%s? `tocsin --help` lists all",
			option, best);
	return error_set(error, ERROR_INPUT, "unknown option %s; `tocsin --help` lists all", option);
}

static enum setting setting_for_letter(char letter)
{
	for (int i = 0; i < SETTING_COUNT; i++)
		if (setting_row((enum setting)i)->short_name == letter)
			return (enum setting)i;
	return SETTING_COUNT;
}

/* One option at argv[*index]; moves *index over a value that stands apart. */
static int parse_option(struct invocation *invocation, char **argv, int argc, int *index, struct error *error)
{
	const char *option = argv[*index];
	enum setting setting;
	const char *value = NULL;

	if (option[1] == '-') {
		const char *equals = strchr(option, '=');
		size_t size = equals == NULL ? strlen(option + 2) : (size_t)(equals - option - 2);
		setting = setting_find((struct slice){ option + 2, size });
		value = equals == NULL ? NULL : equals + 1;
	} else {
		setting = setting_for_letter(option[1]);
		value = option[2] == '\0' ? NULL : option + 2;
	}
	if (setting == SETTING_COUNT || setting_row(setting)->argument == NULL)
		return unknown_option(option, error);

	const struct setting_row *row = setting_row(setting);
	if (takes_value(row) && value == NULL) {
		if (*index + 1 >= argc)
			return error_set(
				error, ERROR_INPUT, "--%s needs a value: --%s %s", row->name, row->name, row->argument);
		value = argv[++*index];
	}
	if (value == NULL)
		value = row->kind == SETTING_SPEED ? "1" : "yes";
	return settings_put(&invocation->settings, LAYER_FLAG, setting, slice_of(value), error);
}

static bool is_any(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

int invocation_parse(struct invocation *invocation, int argc, char **argv, struct error *error)
{
	memset(invocation, 0, sizeof *invocation);
	arena_init(&invocation->texts, 1 << 24);
	int result = settings_init(&invocation->settings);
	invocation->words = calloc((size_t)argc + 1, sizeof *invocation->words);
	if (result != 0 || invocation->words == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");

	bool options = true;
	bool first = true;
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		if (options && strcmp(word, "--") == 0) {
			options = false;
			first = false; /* what follows are sources, even one called "stats" */
		} else if (options && is_any(word, "--help", "-h")) {
			invocation->help = true;
		} else if (options && is_any(word, "--version", "-V")) {
			invocation->version = true;
		} else if (options && word[0] == '-' && word[1] != '\0') {
			result = parse_option(invocation, argv, argc, &i, error);
			if (result != 0)
				return result;
		} else if (first && word[0] != '\0' && command_find(word) != NULL) {
			invocation->command = command_find(word);
			first = false;
		} else {
			invocation->words[invocation->word_count++] = word;
			first = false;
		}
	}
	if (invocation->command == NULL)
		invocation->command = command_find("");
	return 0;
}

int invocation_add_word(struct invocation *invocation, struct slice word)
{
	char *copy = arena_string(&invocation->texts, word);
	const char **words = realloc(invocation->words, sizeof *words * (size_t)(invocation->word_count + 2));
	if (words != NULL)
		invocation->words = words;
	if (words == NULL || copy == NULL)
		return ERROR_MEMORY;
	words[invocation->word_count++] = copy;
	words[invocation->word_count] = NULL;
	return 0;
}

void invocation_release(struct invocation *invocation)
{
	settings_release(&invocation->settings);
	free(invocation->words);
	arena_release(&invocation->texts);
	log_close(invocation->log);
	memset(invocation, 0, sizeof *invocation);
}

static void help_commands(struct buffer *out)
{
	for (size_t i = 0; command_at(i) != NULL; i++) {
		const struct command *row = command_at(i);
		char left[128];
		snprintf(
			left, sizeof left, "tocsin%s%s %s", row->name[0] == '\0' ? "" : " ", row->name, row->arguments);
		if (strlen(left) <= 38)
			buffer_append_format(out, "  %-38s  %s\n", left, row->summary);
		else
			buffer_append_format(out, "  %s\n  %-38s  %s\n", left, "", row->summary);
	}
}

static void help_options(struct buffer *out)
{
	for (int i = 0; i < SETTING_COUNT; i++) {
		const struct setting_row *row = setting_row((enum setting)i);
		if (row->argument == NULL)
			continue;
		char left[64];
		char letter[8] = "    ";
		if (row->short_name != 0)
			snprintf(letter, sizeof letter, "-%c, ", row->short_name);
		snprintf(
			left, sizeof left, "%s--%s%s%s", letter, row->name, takes_value(row) ? " " : "", row->argument);
		buffer_append_format(out, "  %-26s  %s\n", left, row->help);
	}
	buffer_append_string(
		out, "  -h, --help                  this text\n  -V, --version               the version\n");
}

int invocation_help(struct buffer *out, const struct command *command)
{
	if (command != NULL && command->name[0] != '\0')
		buffer_append_format(
			out, "usage: tocsin %s %s\n%s\n", command->name, command->arguments, command->summary);
	else {
		buffer_append_string(out, "tocsin: logs on a screen for the engineer on call\n\nusage:\n");
		help_commands(out);
	}
	buffer_append_string(out, "\noptions:\n");
	help_options(out);
	buffer_append_string(out,
		"\nA SOURCE is a file, a folder, a glob, an archive, - for standard input, or one of\n"
		"  exec:COMMAND  journal:[UNIT]  journal:PATH[:UNIT]  ssh:HOST:PATH  docker:NAME  "
		"kubectl:[NAMESPACE:]SELECTOR\n"
		"Several are merged by time.\n"
		"exit: 0 done, 1 internal failure, 2 usage or configuration, 3 a source could not be read, 4 the "
		"provider failed\n"
		"In the console ? lists the keys. The manual: man tocsin\n");
	return out->failed;
}
