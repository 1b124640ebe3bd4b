/*
 * All keys and commands, out of the table of actions.
 */
#include <stdio.h>

#include "ui/overlay.h"

enum { KEYS_CELLS = 16 };

static void title(const struct state *state, struct buffer *out)
{
	(void)state;
	buffer_append_string(out, "keys and commands");
}

static void footer(const struct state *state, struct buffer *out)
{
	(void)state;
	buffer_append_string(out, "j k scroll · G how to read the screen · Esc closes");
}

static void write_action(struct sheet *sheet, const struct action_row *row)
{
	char text[320];
	snprintf(text, sizeof(text), "%s  (:%s%s%s)", row->help, row->name, row->argument[0] != '\0' ? " " : "",
		row->argument);
	sheet_pair_string(sheet, row->keys, ROLE_DEFAULT, text);
}

/* What stands on the screen without a word beside it. */
static const struct {
	const char *sign, *meaning;
} legend[] = {
	{ "T D I W E F ?", "TRACE DEBUG INFO WARN ERROR FATAL, and a level that is not known" },
	{ "84 W+", "timeline, upper bars: WARN and worse; the number is the most in one column" },
	{ "253", "timeline, lower bars: all records; the number is the most in one column" },
	{ "▲4  ▲1–2", "a finding raised there, findings 1 and 2: > goes to the next one" },
	{ "▲4+18", "finding 4 and 18 more that stand too near to be told apart" },
	{ "1 2 3", "services: who failed first, second, third" },
	{ "bars", "services: errors over time, each row against its own highest; WARN where no error is" },
	{ "16", "services, at the right: errors in the minute up to the time cursor" },
	{ "always noisy", "errors at the same rate as before the incident: no part of it" },
	{ "new", "tail: the first record of its kind" },
	{ "× 9", "tickets: how many records are behind it" },
	{ "[E4]", "analyst: evidence, a line or a count that can be read again: t E4 shows it" },
	{ "unparsed", "records whose line did not fit the format of their source: kept as text" },
};

static void write_legend(struct sheet *sheet)
{
	sheet_heading(sheet, "reading the screen");
	for (size_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++)
		sheet_pair_string(sheet, legend[i].sign, ROLE_DEFAULT, legend[i].meaning);
}

static void content(const struct state *state, struct sheet *sheet)
{
	(void)state;
	sheet->label = KEYS_CELLS;
	for (int scope = 0; scope < SCOPE_COUNT; scope++) {
		bool any = false;
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
			const struct action_row *row = action_row((enum action)i);
			if ((int)row->scope != scope)
				continue;
			if (!any && sheet->line > 0)
				sheet_blank(sheet);
			if (!any)
				sheet_heading(sheet, action_scope_title((enum action_scope)scope));
			any = true;
			write_action(sheet, row);
		}
	}
	sheet_blank(sheet);
	sheet_heading(sheet, "filters");
	sheet_string(sheet, ROLE_DEFAULT,
		"level>=error   service:a,b   timeout   \"a phrase\"   /regex/   since:10m   until:20:45   "
		"template:12\n"
		"-x is not x, a | b is or, a b is and, ( ) group");
	sheet_blank(sheet);
	sheet_string(sheet, ROLE_DIM, "The keys of the tail e E w W m ' work in every pane.");
	sheet_blank(sheet);
	write_legend(sheet);
}

const struct overlay_row overlay_help = { .title = title, .content = content, .footer = footer };
