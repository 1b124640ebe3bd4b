/*
 * tickets: the desk from the command line. One row of a table is one verb.
 */
#include "app/command.h"
#include "app/desk.h"
#include "tocsin/analyst/report.h"
#include "tocsin/base/utf8.h"
#include "tocsin/base/vector.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define JOURNAL_MAXIMUM 200

struct verb {
	const char *name;
	const char *arguments;
	int words; /* needed behind the verb */
	int (*run)(struct desk *desk, const struct invocation *invocation, struct buffer *out, struct error *error);
};

static int ticket_of(
	struct desk *desk, const struct invocation *invocation, const struct ticket **ticket, struct error *error)
{
	struct slice word = slice_of(invocation->words[1]);
	uint64_t id;
	if (slice_starts(word, "T-") || slice_starts(word, "t-"))
		word = slice_from(word, 2);
	if (!slice_to_u64(word, &id) || id > INT64_MAX)
		return error_set(error, ERROR_INPUT, "\"%s\" is no ticket: T-7 or 7 is meant", invocation->words[1]);
	*ticket = desk_find(desk, (int64_t)id);
	if (*ticket == NULL)
		return error_set(error, ERROR_INPUT, "there is no ticket T-%llu; `tocsin tickets list` shows them",
			(unsigned long long)id);
	return 0;
}

static void row_text(const struct ticket *ticket, struct buffer *out)
{
	char id[24];
	snprintf(id, sizeof id, "T-%lld", (long long)ticket->id);
	buffer_append_format(out, "%-6s %-12s %-8s x %-6llu ", id, ticket_state_name(ticket->state), ticket->severity,
		(unsigned long long)ticket->count);
	append_column(out, slice_of(ticket->assignee[0] == '\0' ? "-" : ticket->assignee), 20);
	buffer_append_byte(out, ' ');
	utf8_append_shown(out, slice_of(ticket->title), 100);
	buffer_append_byte(out, '\n');
}

static int run_list(struct desk *desk, const struct invocation *invocation, struct buffer *out, struct error *error)
{
	(void)error;
	for (size_t i = 0; i < desk_count(desk); i++) {
		if (settings_flag(&invocation->settings, SETTING_JSON)) {
			struct json json;
			json_init(&json, out);
			report_json_ticket(&json, desk_at(desk, i));
			buffer_append_byte(out, '\n');
		} else {
			row_text(desk_at(desk, i), out);
		}
	}
	return 0;
}

static void block(struct buffer *out, const char *label, const char *text)
{
	struct slice rest = slice_of(text);
	struct slice part;
	bool first = true;
	while (slice_next(&rest, '\n', &part)) {
		buffer_append_format(out, "%-10s ", first ? label : "");
		utf8_append_shown(out, part, SIZE_MAX);
		buffer_append_byte(out, '\n');
		first = false;
	}
}

static int append_journal(struct desk *desk, int64_t id, struct buffer *out, struct error *error)
{
	struct vector events;
	vector_init(&events, sizeof(struct desk_event), JOURNAL_MAXIMUM);
	int result = desk_journal(desk, id, JOURNAL_MAXIMUM, &events, error);
	for (size_t i = 0; result == 0 && i < events.count; i++) {
		const struct desk_event *event = vector_at(&events, i);
		char time[40];
		buffer_append_format(out, "%-10s %s ", i == 0 ? "journal" : "",
			timestamp_format(event->time, TIMESTAMP_RFC3339, NULL, time));
		utf8_append_shown(out, slice_of(event->actor), SIZE_MAX);
		buffer_append_format(out, " %s ", event->action);
		utf8_append_shown(out, slice_of(event->detail), SIZE_MAX);
		buffer_append_byte(out, '\n');
	}
	vector_release(&events);
	return result;
}

static int show(struct desk *desk, const struct ticket *ticket, struct buffer *out, struct error *error)
{
	char first[40], last[40];
	row_text(ticket, out);
	block(out, "service", ticket->service);
	block(out, "template", ticket->template);
	buffer_append_format(out, "%-10s %s to %s\n", "seen",
		timestamp_format(ticket->first, TIMESTAMP_RFC3339, NULL, first),
		timestamp_format(ticket->last, TIMESTAMP_RFC3339, NULL, last));
	block(out, "source", ticket->source);
	block(out, "cause", ticket->cause);
	block(out, "steps", ticket->steps);
	block(out, "evidence", ticket->evidence);
	block(out, "why", ticket->assignee_reason);
	block(out, "reason", ticket->reason);
	return append_journal(desk, ticket->id, out, error);
}

static int run_show(struct desk *desk, const struct invocation *invocation, struct buffer *out, struct error *error)
{
	const struct ticket *ticket;
	int result = ticket_of(desk, invocation, &ticket, error);
	if (result != 0)
		return result;
	if (!settings_flag(&invocation->settings, SETTING_JSON))
		return show(desk, ticket, out, error);
	struct json json;
	json_init(&json, out);
	report_json_ticket(&json, ticket);
	buffer_append_byte(out, '\n');
	return 0;
}

static int run_edit(struct desk *desk, const struct invocation *invocation, struct buffer *out, struct error *error)
{
	const struct ticket *ticket;
	int result = ticket_of(desk, invocation, &ticket, error);
	if (result == 0)
		result = desk_edit(desk, ticket->id, slice_of(invocation->words[2]), slice_of(invocation->words[3]),
			wall_clock(), error);
	if (result == 0 && ticket_of(desk, invocation, &ticket, error) == 0)
		row_text(ticket, out);
	return result;
}

/* Approving takes two deliberate steps here too: the preview, then `yes` (or --yes where nobody can be asked). */
static bool approval_given(struct desk *desk, const struct ticket *ticket, const struct invocation *invocation)
{
	if (settings_flag(&invocation->settings, SETTING_YES))
		return true;
	struct buffer preview;
	struct error ignored = { 0 };
	char answer[16] = "";
	buffer_init(&preview, 1 << 16);
	show(desk, ticket, &preview, &ignored);
	fwrite(buffer_string(&preview), 1, preview.size, stderr);
	buffer_release(&preview);
	if (!isatty(STDIN_FILENO)) {
		complain("not approved: nobody can be asked here; look at it, then say --yes");
		return false;
	}
	fprintf(stderr, "approve T-%lld? Type yes: ", (long long)ticket->id);
	return fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "yes\n") == 0;
}

static int run_action(struct desk *desk, const struct invocation *invocation, struct buffer *out, struct error *error)
{
	const struct ticket *ticket;
	enum ticket_action action;
	int result = ticket_of(desk, invocation, &ticket, error);
	if (result != 0)
		return result;
	ticket_action_parse(slice_of(invocation->words[0]), &action);
	if (action == TICKET_APPROVE && !approval_given(desk, ticket, invocation))
		return error_set(error, ERROR_STATE, "T-%lld was not approved", (long long)ticket->id);
	const char *text = invocation->word_count > 2 ? invocation->words[2] : "";
	result = desk_act(desk, ticket->id, action, slice_of(text), wall_clock(), error);
	if (result == 0 && ticket_of(desk, invocation, &ticket, error) == 0)
		row_text(ticket, out);
	return result;
}

static int run_export(struct desk *desk, const struct invocation *invocation, struct buffer *out, struct error *error)
{
	int result = 0;
	if (settings_flag(&invocation->settings, SETTING_JSON))
		return run_list(desk, invocation, out, error);
	for (size_t i = 0; result == 0 && i < desk_count(desk); i++) {
		if (i > 0)
			buffer_append_byte(out, '\n');
		result = show(desk, desk_at(desk, i), out, error);
	}
	return result;
}

static const struct verb verbs[] = {
	{ "list", "", 0, run_list },
	{ "show", "ID", 1, run_show },
	{ "edit", "ID FIELD VALUE", 3, run_edit },
	{ "approve", "ID", 1, run_action },
	{ "assign", "ID PERSON", 2, run_action },
	{ "ack", "ID", 1, run_action },
	{ "resolve", "ID", 1, run_action },
	{ "reject", "ID REASON", 2, run_action },
	{ "reopen", "ID", 1, run_action },
	{ "undo", "ID", 1, run_action },
	{ "export", "", 0, run_export },
};

static const struct verb *verb_of(const struct invocation *invocation)
{
	const char *name = invocation->word_count == 0 ? "list" : invocation->words[0];
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(verbs[i].name, name) != 0)
			continue;
		if (invocation->word_count - 1 >= verbs[i].words || verbs[i].words == 0)
			return &verbs[i];
		complain("usage: tocsin tickets %s %s", verbs[i].name, verbs[i].arguments);
		return NULL;
	}
	complain("there is no `tickets %s`; one of list show edit approve assign ack resolve reject reopen undo export",
		name);
	return NULL;
}

int command_tickets(struct invocation *invocation)
{
	const struct verb *verb = verb_of(invocation);
	if (verb == NULL)
		return EXIT_USAGE;
	struct app_desk desk;
	struct error error = { 0 };
	struct buffer out;
	buffer_init(&out, 1 << 28);
	int result = app_desk_open(&desk, &invocation->settings, NULL, NULL, &error);
	if (result == 0 && desk.desk == NULL)
		result = error_set(&error, ERROR_INPUT, "--db none keeps no tickets");
	if (result == 0)
		result = verb->run(desk.desk, invocation, &out, &error);
	if (result != 0)
		complain("%s", error.text);
	int printed = print_out(&out);
	app_desk_close(&desk);
	buffer_release(&out);
	if (result == 0)
		return printed;
	return result == ERROR_INPUT || result == ERROR_STATE || result == ERROR_ABSENT ? EXIT_USAGE : EXIT_INTERNAL;
}
