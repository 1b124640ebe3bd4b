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
	buffer_append_string(out, "j k scroll · Esc closes");
}

static void write_action(struct sheet *sheet, const struct action_row *row)
{
	char text[320];
	snprintf(text, sizeof(text), "%s  (:%s%s%s)", row->help, row->name, row->argument[0] != '\0' ? " " : "",
		row->argument);
	sheet_pair_string(sheet, row->keys, ROLE_DEFAULT, text);
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
}

const struct overlay_row overlay_help = { .title = title, .content = content, .footer = footer };
