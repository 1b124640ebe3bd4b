/*
 * manual: the manual page, its lists made from the same tables that the program reads. docs/tocsin.1 is its output; a
 * lint test compares them.
 */
#include "app/command.h"
#include "tocsin/context/context.h"
#include "tocsin/ingest/format.h"
#include "tocsin/ui/action.h"

#include <string.h>

/* Roff takes a line that begins with a dot or an apostrophe for a request, and a backslash for an escape. */
static void roff(struct buffer *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (p == text && (*p == '.' || *p == '\''))
			buffer_append_string(out, "\\&");
		if (*p == '\\')
			buffer_append_string(out, "\\e");
		else if (*p == '-')
			buffer_append_string(out, "\\-");
		else
			buffer_append_byte(out, *p);
	}
}

static void item(struct buffer *out, const char *left, const char *argument, const char *help)
{
	buffer_append_string(out, ".TP\n.B ");
	roff(out, left);
	if (argument[0] != '\0') {
		buffer_append_string(out, " \\fI");
		roff(out, argument);
		buffer_append_string(out, "\\fR");
	}
	buffer_append_byte(out, '\n');
	roff(out, help);
	buffer_append_byte(out, '\n');
}

static const char introduction[] = ".TH TOCSIN 1 \"\" tocsin \"User Commands\"\n"
				   ".SH NAME\ntocsin \\- logs on a screen for the engineer on call\n"
				   ".SH SYNOPSIS\n.B tocsin\n[\\fIoption\\fR...] [\\fISOURCE\\fR...]\n.br\n.B "
				   "tocsin\n\\fIcommand\\fR [\\fIoption\\fR...] ...\n"
				   ".SH DESCRIPTION\n"
				   "Point it at logs, live or saved. It shows the tail, every service with its errors, "
				   "and a timeline; finds what broke first; reasons\n"
				   "about it step by step, each step with the lines it stands on; answers questions in "
				   "plain words; and drafts tickets that you\n"
				   "edit, approve and assign. It needs no model and no network.\n.PP\n"
				   "A \\fISOURCE\\fR is a file, a folder, a glob, an archive, \\- for standard input, "
				   "exec:COMMAND, journal:[UNIT], journal:PATH[:UNIT],\n"
				   "ssh:HOST:PATH, docker:NAME or kubectl:[NAMESPACE:]SELECTOR. Several are merged by "
				   "time. Without a terminal the console prints what\n"
				   ".B analyze\nprints.\n";

static const char filters[] =
	".SH FILTERS\n"
	"The same grammar at \\-f, in\n.BR search ,\nat the prompt behind & and in answers:\n"
	".TP\n.B word \\fR\"a phrase\" /regex/\nin the message, in any case\n"
	".TP\n.B service:\\fIa,b*\\fR source:\\fIglob\\fR field.\\fIname\\fR=\\fIvalue\\fR\nglobs allowed\n"
	".TP\n.B level>=error \\fRlevel:warn,error\nby severity\n"
	".TP\n.B since:\\fI20:41\\fR until:\\fI20:45:30\\fR since:\\fI10m\\fR\nin time; a span counts back from the "
	"newest record\n"
	".TP\n.B template:\\fI12\\fR id:\\fI100..200\\fR line:\\fI42\\fR\nby number\n"
	".TP\n.B \\-x \\fR(a | b)\nnot, or; what stands side by side must all hold\n";

static const char files[] = ".SH FILES\n"
			    ".TP\n.I $XDG_CONFIG_HOME/tocsin/tocsin.conf\nsettings by the names above, as \\fIname\\fR "
			    "= \\fIvalue\\fR; limits of the detectors below [detect]\n"
			    ".TP\n.I $XDG_CONFIG_HOME/tocsin/roster.conf\nwho owns what: [owners] \\fIservice\\fR = "
			    "\\fIperson\\fR, [people], [oncall]\n"
			    ".TP\n.I $XDG_STATE_HOME/tocsin/tocsin.db\ntickets and their journal\n"
			    ".SH EXIT STATUS\n0 done (finding a problem is no error), 1 internal failure (database, "
			    "disk), 2 usage or configuration, 3 a source could not be\n"
			    "read (the others were), 4 the provider failed and the built\\-in analyst answered.\n";

static void commands(struct buffer *out)
{
	buffer_append_string(out, ".SH COMMANDS\n");
	for (size_t i = 0; command_at(i) != NULL; i++)
		item(out, command_at(i)->name[0] == '\0' ? "(none)" : command_at(i)->name, command_at(i)->arguments,
			command_at(i)->summary);
}

static void options(struct buffer *out)
{
	buffer_append_string(out, ".SH OPTIONS\nFlags win over the environment, that over the configuration file.\n");
	for (int i = 0; i < SETTING_COUNT; i++) {
		const struct setting_row *row = setting_row((enum setting)i);
		struct buffer name;
		if (row->argument == NULL)
			continue;
		buffer_init(&name, 256);
		if (row->short_name != 0)
			buffer_append_format(&name, "-%c, ", row->short_name);
		buffer_append_format(&name, "--%s%s", row->name, row->argument[0] == '[' ? row->argument : "");
		item(out, buffer_string(&name), row->argument[0] == '[' ? "" : row->argument, row->help);
		buffer_release(&name);
	}
	item(out, "-h, --help", "", "options and commands");
	item(out, "-V, --version", "", "the version");
	buffer_append_string(out, ".SH ENVIRONMENT\n");
	for (int i = 0; i < SETTING_COUNT; i++)
		if (setting_row((enum setting)i)->environment != NULL)
			item(out, setting_row((enum setting)i)->environment, "", setting_row((enum setting)i)->help);
	item(out, "NO_COLOR", "", "no colours; levels are told apart by their letters and by bold and reverse");
	buffer_append_string(out, ".SH CONFIGURATION\nEvery setting above, and these:\n");
	for (int i = 0; i < SETTING_COUNT; i++) {
		const struct setting_row *row = setting_row((enum setting)i);
		if (row->argument == NULL)
			item(out, row->name, row->fallback == NULL ? "" : row->fallback, row->help);
	}
}

static void formats(struct buffer *out)
{
	buffer_append_string(
		out, ".SH FORMATS\nDetected once from the beginning of each source; \\-\\-format names one.\n");
	for (size_t i = 0; format_at(i) != NULL; i++)
		item(out, format_name(format_at(i)), "", format_summary(format_at(i)));
}

static void beside_the_log(struct buffer *out)
{
	buffer_append_string(out,
		".SH METRICS, TRACES, CHANGES\nWhat is known beside the log. A row that cannot be read is left out, counted, "
		"and the first such is named.\n");
	for (int kind = CONTEXT_NONE + 1; kind < CONTEXT_KIND_COUNT; kind++)
		item(out, context_kind_name((enum context_kind)kind), "",
			context_kind_format((enum context_kind)kind));
}

static void keys(struct buffer *out)
{
	buffer_append_string(out, ".SH KEYS AND CONSOLE COMMANDS\nEach may be typed by its name behind a colon.\n");
	for (int scope = 0; scope < SCOPE_COUNT; scope++) {
		buffer_append_format(out, ".SS %s\n", action_scope_title((enum action_scope)scope));
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
			const struct action_row *row = action_row((enum action)i);
			struct buffer name;
			if (row->scope != (enum action_scope)scope)
				continue;
			buffer_init(&name, 256);
			buffer_append_format(&name, "%s%s:%s", row->keys, row->keys[0] == '\0' ? "" : "  ", row->name);
			item(out, buffer_string(&name), row->argument, row->help);
			buffer_release(&name);
		}
	}
}

int command_manual(struct invocation *invocation)
{
	(void)invocation;
	struct buffer out;
	buffer_init(&out, 1 << 20);
	buffer_append_string(&out, introduction);
	commands(&out);
	options(&out);
	buffer_append_string(&out, filters);
	formats(&out);
	beside_the_log(&out);
	keys(&out);
	buffer_append_string(&out, files);
	int exit_code = print_out(&out);
	buffer_release(&out);
	return exit_code;
}
