#include "app/script.h"

#include "app/session.h"
#include "tocsin/base/utf8.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_TURNS 1000000 /* a script that never comes to rest is a bug to be seen, not a hang */

struct script {
	struct session session;
	struct term term;
	struct buffer out;
	struct error error;
};

static int until_idle(struct script *script)
{
	for (int i = 0; i < IDLE_TURNS; i++) {
		session_turn(&script->session);
		if (script->session.reopening && session_reopen(&script->session, &script->error) != 0)
			return script->error.code;
		if (session_idle(&script->session) || script->session.quitting)
			return 0;
		loop_turn(script->session.loop, !script->session.more && loop_work_pending(script->session.loop) > 0);
	}
	return error_set(&script->error, ERROR_STATE, "it does not come to rest");
}

/* The screen shows what a key has brought: its texts have come, filter and search are done. */
static void feed(struct script *script)
{
	struct key key;
	while (script->term.ops->read_key(script->term.state, &key))
		session_key(&script->session, key);
	session_turn(&script->session);
	while (script->session.reads > 0) {
		loop_turn(script->session.loop, true);
		session_turn(&script->session);
	}
}

static int parse_size(struct script *script, struct slice rest, int *columns, int *rows)
{
	struct slice left, right = rest;
	uint64_t width, height;
	if (!slice_next(&right, 'x', &left) || !slice_to_u64(left, &width) || !slice_to_u64(right, &height) ||
		width > 1000 || height > 500)
		return error_set(&script->error, ERROR_INPUT, "a size is meant, as in 120x40");
	*columns = (int)width;
	*rows = (int)height;
	return 0;
}

static int run_size(struct script *script, struct slice rest)
{
	int columns = 0, rows = 0;
	int result = parse_size(script, rest, &columns, &rows);
	if (result != 0)
		return result;
	term_memory_resize(&script->term, columns, rows);
	feed(script);
	return 0;
}

static int run_keys(struct script *script, struct slice rest)
{
	struct slice name;
	while (slice_next(&rest, ' ', &name)) {
		struct key key;
		if (name.size == 0)
			continue;
		if (!key_parse(name, &key))
			return error_set(
				&script->error, ERROR_INPUT, "there is no key \"%.*s\"", (int)name.size, name.data);
		term_memory_push(&script->term, key);
		feed(script);
	}
	return 0;
}

static int run_type(struct script *script, struct slice rest)
{
	uint32_t character;
	bool valid;
	while (utf8_next(&rest, &character, &valid)) {
		term_memory_push(&script->term, (struct key){ .code = character });
		feed(script);
	}
	return 0;
}

static int run_tick(struct script *script, struct slice rest)
{
	uint64_t milliseconds;
	if (!slice_to_u64(rest, &milliseconds) || milliseconds > UINT64_C(1000) * 86400 * 30)
		return error_set(&script->error, ERROR_INPUT, "a number of ms is meant");
	script->session.fake_time += (int64_t)milliseconds * 1000000;
	session_turn(&script->session);
	return 0;
}

static int run_idle(struct script *script, struct slice rest)
{
	(void)rest;
	session_index_read(&script->session); /* what was appended meanwhile: no timer looks for it here */
	return until_idle(script);
}

static void describe_colour(struct buffer *out, const char *before, int colour, bool rgb)
{
	if (colour != THEME_COLOUR_DEFAULT)
		buffer_append_format(out, rgb ? "%s#%06x" : "%s%d", before, (unsigned)colour);
}

/* What the theme makes of each role that is on the screen: the same cells, in colour or without. */
static void dump_styles(struct script *script, const struct grid *grid)
{
	bool used[ROLE_COUNT] = { false };
	for (int i = 0; i < grid->columns * grid->rows; i++) {
		used[grid->cells[i].role] = true;
		used[grid->cells[i].ground] = true;
	}
	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct style *style = &script->session.theme.styles[role];
		if (!used[role])
			continue;
		buffer_append_format(&script->out, "%c %s:", role_letter((enum role)role), role_name((enum role)role));
		describe_colour(&script->out, " ", style->foreground, style->foreground_rgb);
		describe_colour(&script->out, " on ", style->background, style->background_rgb);
		buffer_append_format(&script->out, "%s%s%s%s\n", style->bold ? " bold" : "", style->dim ? " dim" : "",
			style->underline ? " underline" : "", style->reverse ? " reverse" : "");
	}
}

static int run_dump(struct script *script, struct slice rest)
{
	const struct grid *grid = term_memory_grid(&script->term);
	buffer_append_format(&script->out, "== %dx%d ==\n", grid->columns, grid->rows);
	int result = term_memory_dump(&script->term, slice_is(rest, "roles"), &script->out);
	if (slice_is(rest, "roles"))
		dump_styles(script, grid);
	return result;
}

static const struct {
	const char *name;
	int (*run)(struct script *script, struct slice rest);
} verbs[] = {
	{ "size", run_size },
	{ "resize", run_size },
	{ "keys", run_keys },
	{ "type", run_type },
	{ "tick", run_tick },
	{ "idle", run_idle },
	{ "dump", run_dump },
};

static int run_line(struct script *script, struct slice line)
{
	size_t space = slice_find_byte(line, ' ');
	struct slice verb = space == SIZE_MAX ? line : slice_first(line, space);
	struct slice rest = space == SIZE_MAX ? (struct slice){ NULL, 0 } : slice_from(line, space + 1);
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (slice_is(verb, verbs[i].name))
			return verbs[i].run(script, rest);
	return error_set(&script->error, ERROR_INPUT, "unknown: size, keys, type, tick, idle or dump is meant");
}

static int run_file(struct script *script, FILE *file, const char *path)
{
	char line[4096];
	int number = 0;
	int result = 0;
	while (result == 0 && !script->session.quitting && fgets(line, sizeof line, file) != NULL) {
		struct slice text = slice_of(line);
		number++;
		if (slice_ends(text, "\n"))
			text = slice_first(text, text.size - 1);
		if (text.size == 0 || text.data[0] == '#')
			continue;
		result = run_line(script, text);
	}
	if (result != 0)
		complain("%s:%d: %s", path, number,
			script->error.text[0] != '\0' ? script->error.text : error_name((enum error_code)result));
	return result;
}

static int open_session(struct script *script, struct invocation *invocation)
{
	bool ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	int result = session_open(&script->session, invocation, ascii, true, &script->error);
	if (result == 0)
		result = term_memory_create(&script->term, 80, 24);
	if (result == 0)
		session_show(&script->session, script->term);
	else
		complain("%s", script->error.text);
	return result;
}

int script_run(struct invocation *invocation, const char *path)
{
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		complain("%s: %s", path, strerror(errno));
		return EXIT_USAGE;
	}
	struct script *script = calloc(1, sizeof *script);
	int exit_code = EXIT_INTERNAL;
	if (script != NULL) {
		buffer_init(&script->out, (size_t)1 << 28);
		exit_code = EXIT_USAGE;
		if (open_session(script, invocation) == 0) {
			int result = until_idle(script);
			if (result != 0)
				complain("%s: %s", path, script->error.text);
			else
				result = run_file(script, file, path);
			int printed = print_out(&script->out);
			exit_code = result != 0        ? EXIT_USAGE
				: printed != EXIT_DONE ? printed
						       : incident_exit(&script->session.incident);
		}
		session_close(&script->session);
		buffer_release(&script->out);
		free(script);
	}
	fclose(file);
	return exit_code;
}
