/*
 * One record whole: what was understood of it, its extra fields, and its bytes as they were, made safe to show.
 */
#include <stdio.h>

#include "tocsin/mine/parameter.h"
#include "ui/overlay.h"
#include "ui/templates_count.h"
#include "ui/view_tail.h"

enum { RAW_MAX = 65536 /* bytes shown */ };

static void title(const struct state *state, struct buffer *out)
{
	char count[28];
	buffer_append_format(out, "record %s", count_format(state->overlay_record + 1, count));
}

static void footer(const struct state *state, struct buffer *out)
{
	(void)state;
	buffer_append_string(out, "n p next, previous · 1-9 all lines with it · y copies · Esc closes");
}

/* A phrase of a filter ends at a quote. */
static bool is_pivot(const struct parameter *parameter)
{
	return parameter_is_entity(parameter) && slice_find_byte(parameter->text, '"') == SIZE_MAX &&
		slice_find_byte(parameter->text, '\\') == SIZE_MAX;
}

static void write_place(const struct state *state, const struct record *record, struct sheet *sheet)
{
	const struct snapshot *snapshot = state->snapshot;
	char shown[40], utc[40];
	struct slice source = store_source_name(snapshot->store, record->source);
	if (record->time == TIMESTAMP_NONE)
		sheet_pair_string(sheet, "time", ROLE_DEFAULT, "none that could be read");
	else
		sheet_pair_format(sheet, "time", ROLE_DEFAULT, "%s %s   (%s)",
			timestamp_format(record->time, TIMESTAMP_DATE_TIME, &snapshot->zone, shown),
			zone_name(&snapshot->zone), timestamp_format(record->time, TIMESTAMP_RFC3339, NULL, utc));
	sheet_pair_string(
		sheet, "level", role_of_level((enum level)record->level), level_name((enum level)record->level));
	sheet_pair(sheet, "service", ROLE_SERVICE, store_service_name(snapshot->store, record->service));
	sheet_pair_format(sheet, "source", ROLE_DEFAULT, "%.*s:%llu", (int)slice_first(source, 1024).size,
		source.data ? source.data : "", (unsigned long long)record->line);
	const struct store_templates *templates = templates_table(state);
	uint32_t template = store_templates_of(templates, record->template);
	sheet_pair(sheet, "template", ROLE_DEFAULT, store_templates_text(snapshot->store, templates, template));
	uint64_t first = store_template_first(snapshot->store, template);
	sheet_pair_format(sheet, "", ROLE_DIM, "template:%u, %s", (unsigned)template,
		first == record->id ? "seen here for the first time" : "seen before: this is not the first");
	if (record->flags & RECORD_UNPARSED)
		sheet_pair_string(
			sheet, "unparsed", ROLE_ESCAPED, "the format did not fit: the whole line is the message");
	if (record->flags & RECORD_LATE)
		sheet_pair_string(sheet, "late", ROLE_DEFAULT, "it came after records of a later time");
}

/* The things that it names get a digit, which shows all lines that name them too. */
static void write_parameters(struct slice message, struct sheet *sheet)
{
	struct parameter found[PARAMETER_MAXIMUM];
	size_t count = parameter_find(message, found);
	int digit = 0;
	if (count > 0) {
		sheet_blank(sheet);
		sheet_heading(sheet, "parameters");
	}
	for (size_t i = 0; i < count; i++) {
		char label[24];
		const char *kind = parameter_kind_name(found[i].kind);
		if (is_pivot(&found[i]) && digit < 9)
			snprintf(label, sizeof label, "%d %s", ++digit, kind);
		else
			snprintf(label, sizeof label, "  %s", kind);
		sheet_pair_format(sheet, label, ROLE_DEFAULT, "%.*s%s%.*s%s%.*s", (int)found[i].text.size,
			found[i].text.data, found[i].unit.size > 0 ? " " : "", (int)found[i].unit.size,
			found[i].unit.size > 0 ? found[i].unit.data : "", found[i].name.size > 0 ? "   " : "",
			(int)found[i].name.size, found[i].name.size > 0 ? found[i].name.data : "");
	}
}

/* NULL while it is being fetched. */
static const struct store_text *whole_of(const struct snapshot *snapshot, uint64_t id)
{
	return snapshot->whole ? snapshot->whole(snapshot->text_context, id) : NULL;
}

static void write_text(const struct store_text *text, struct sheet *sheet)
{
	char name[80];
	sheet_heading(sheet, "message");
	sheet_text(sheet, ROLE_DEFAULT, slice_first(text->message, RAW_MAX));
	write_parameters(text->message, sheet);
	if (text->field_count > 0) {
		sheet_blank(sheet);
		sheet_heading(sheet, "fields");
	}
	for (size_t i = 0; i < text->field_count && i < STORE_MAXIMUM_FIELDS; i++) {
		slice_copy(text->fields[i].name, name, sizeof(name));
		sheet_pair(sheet, name, ROLE_DEFAULT, slice_first(text->fields[i].value, RAW_MAX));
	}
	sheet_blank(sheet);
	sheet_heading(sheet, "as it was logged");
	sheet_text(sheet, ROLE_DEFAULT, slice_first(text->raw, RAW_MAX));
	if (text->raw.size > RAW_MAX)
		sheet_string(sheet, ROLE_DIM, "… the rest is too long to show");
}

static void content(const struct state *state, struct sheet *sheet)
{
	const struct snapshot *snapshot = state->snapshot;
	struct record record;
	if (state->overlay_record >= snapshot->horizon.records) {
		sheet_string(sheet, ROLE_DIM, "This record lies beyond what may be seen now.");
		return;
	}
	store_record(snapshot->store, state->overlay_record, &record);
	write_place(state, &record, sheet);
	const struct store_text *text = whole_of(snapshot, record.id);
	sheet_blank(sheet);
	if (!text)
		sheet_string(sheet, ROLE_DIM, "…");
	else
		write_text(text, sheet);
}

/* The neighbour in what the tail shows; the tail goes along. */
static void neighbour(struct state *state, int direction)
{
	uint64_t index = selection_index(&state->selection, state->overlay_record),
		 count = selection_count(&state->selection);
	if ((direction < 0 && index == 0) || (direction > 0 && index + 1 >= count))
		return;
	state->overlay_record = selection_id(&state->selection, direction < 0 ? index - 1 : index + 1);
	state->overlay_top = 0;
	state_move_to_record(state, state->overlay_record);
}

/* All lines that name what the digit stands for, whatever was filtered. */
static void pivot(struct state *state, int digit)
{
	const struct snapshot *snapshot = state->snapshot;
	struct parameter found[PARAMETER_MAXIMUM];
	struct error error = { 0 };
	struct buffer filter;
	const struct store_text *text = whole_of(snapshot, state->overlay_record);
	if (!text)
		return;
	size_t count = parameter_find(text->message, found), at = 0;
	while (at < count && (digit -= is_pivot(&found[at])) > 0)
		at++;
	if (at == count)
		return;
	buffer_init(&filter, 4096);
	buffer_append_format(&filter, "\"%.*s\"", (int)found[at].text.size, found[at].text.data);
	if (filter.failed != 0 || state_set_filter(state, buffer_slice(&filter), &error) != 0)
		state_message(state, true, "%s", error.text[0] ? error.text : "the text is too long for a filter");
	else
		state_show_record(state, state->overlay_record);
	buffer_release(&filter);
	overlay_close(state);
}

static bool key(struct state *state, struct key pressed)
{
	if (pressed.alt)
		return false;
	if (pressed.code >= '1' && pressed.code <= '9' && state->overlay_record < state->snapshot->horizon.records) {
		pivot(state, (int)(pressed.code - '0'));
		return true;
	}
	switch (pressed.code) {
	case 'y':
		tail_copy(state, state->overlay_record);
		return true;
	case 'n':
		neighbour(state, 1);
		return true;
	case 'p':
		neighbour(state, -1);
		return true;
	default:
		return false;
	}
}

const struct overlay_row overlay_record = { .title = title, .content = content, .footer = footer, .key = key };
