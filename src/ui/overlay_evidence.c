/*
 * A piece of evidence: what it says, where it stands, and the way there.
 */
#include "ui/overlay.h"

static const struct evidence *evidence_of(const struct state *state)
{
	const struct evidence_book *book = state->snapshot->evidence;
	return book ? evidence_find(book, state->overlay_evidence) : NULL;
}

static void title(const struct state *state, struct buffer *out)
{
	buffer_append_format(out, "evidence E%u", state->overlay_evidence);
}

static void footer(const struct state *state, struct buffer *out)
{
	const struct evidence *evidence = evidence_of(state);
	if (evidence && evidence->kind == EVIDENCE_COUNT)
		buffer_append_string(out, "Enter shows what was counted · Esc closes");
	else
		buffer_append_string(out, "Enter goes to this line · Esc closes");
}

static void write_line(const struct snapshot *snapshot, const struct evidence *evidence, struct sheet *sheet)
{
	char time[40];
	struct slice source = slice_first(evidence->source, 1024);
	sheet_pair_format(sheet, "time", ROLE_DEFAULT, "%s %s",
		timestamp_format(evidence->time, TIMESTAMP_MILLIS, &snapshot->zone, time), zone_name(&snapshot->zone));
	sheet_pair_string(
		sheet, "level", role_of_level((enum level)evidence->level), level_name((enum level)evidence->level));
	sheet_pair(sheet, "service", ROLE_SERVICE, store_service_name(snapshot->store, evidence->service));
	sheet_pair_format(sheet, "line", ROLE_DEFAULT, "%.*s:%llu", (int)source.size, source.data ? source.data : "",
		(unsigned long long)evidence->line);
	sheet_blank(sheet);
	sheet_text(sheet, ROLE_DEFAULT, evidence->text);
	sheet_blank(sheet);
	sheet_string(sheet, ROLE_DIM, "As it was read when the analyst cited it.");
}

static void write_count(const struct snapshot *snapshot, const struct evidence *evidence, struct sheet *sheet)
{
	char from[40], to[40], count[28];
	sheet_text(sheet, ROLE_DEFAULT, evidence->text);
	sheet_blank(sheet);
	sheet_pair_string(sheet, "count", ROLE_STRONG, count_format(evidence->count, count));
	sheet_pair(sheet, "filter", ROLE_DEFAULT, evidence->filter);
	sheet_pair_format(sheet, "between", ROLE_DEFAULT, "%s and %s %s",
		timestamp_format(evidence->window.from, TIMESTAMP_CLOCK, &snapshot->zone, from),
		timestamp_format(evidence->window.to, TIMESTAMP_CLOCK, &snapshot->zone, to),
		zone_name(&snapshot->zone));
}

static void content(const struct state *state, struct sheet *sheet)
{
	const struct evidence *evidence = evidence_of(state);
	if (!evidence)
		sheet_string(sheet, ROLE_DIM, "There is no such evidence.");
	else if (evidence->kind == EVIDENCE_LINE)
		write_line(state->snapshot, evidence, sheet);
	else
		write_count(state->snapshot, evidence, sheet);
}

static void go_there(struct state *state)
{
	const struct evidence *evidence = evidence_of(state);
	overlay_close(state);
	if (evidence)
		state_show_evidence(state, evidence);
}

static bool key(struct state *state, struct key pressed)
{
	if (pressed.code != KEY_CODE_ENTER)
		return false;
	go_there(state);
	return true;
}

const struct overlay_row overlay_evidence = { .title = title, .content = content, .footer = footer, .key = key };
