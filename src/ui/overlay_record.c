/*
 * One record whole: what was understood of it, its extra fields, and its bytes as they were, made safe to show.
 */
#include <stdio.h>

#include "ui/overlay.h"
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
	buffer_append_string(out, "j k scroll · n p next and previous · y copies · Esc closes");
}

static void write_place(const struct snapshot *snapshot, const struct record *record, struct sheet *sheet)
{
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
	sheet_pair(sheet, "template", ROLE_DEFAULT, store_template_text(snapshot->store, record->template));
	uint64_t first = store_template_first(snapshot->store, record->template);
	sheet_pair_format(sheet, "", ROLE_DIM, "template:%u, %s", (unsigned)record->template,
		first == record->id ? "seen here for the first time" : "seen before: this is not the first");
	if (record->flags & RECORD_UNPARSED)
		sheet_pair_string(
			sheet, "unparsed", ROLE_ESCAPED, "the format did not fit: the whole line is the message");
	if (record->flags & RECORD_LATE)
		sheet_pair_string(sheet, "late", ROLE_DEFAULT, "it came after records of a later time");
}

static void write_text(const struct store_text *text, struct sheet *sheet)
{
	char name[80];
	sheet_blank(sheet);
	sheet_heading(sheet, "message");
	sheet_text(sheet, ROLE_DEFAULT, slice_first(text->message, RAW_MAX));
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
	struct store_text text;
	if (state->overlay_record >= snapshot->horizon.records) {
		sheet_string(sheet, ROLE_DIM, "This record lies beyond what may be seen now.");
		return;
	}
	store_record(snapshot->store, state->overlay_record, &record);
	write_place(snapshot, &record, sheet);
	if (!snapshot->reader || snapshot->reader->read(snapshot->reader->context, &record, &text) != 0)
		sheet_string(sheet, ROLE_DIM, "Its text cannot be read now.");
	else
		write_text(&text, sheet);
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

static bool key(struct state *state, struct key pressed)
{
	if (pressed.alt)
		return false;
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
