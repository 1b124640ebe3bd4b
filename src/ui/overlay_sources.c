/*
 * Where the records come from: state, format, and what became of the bytes of each source.
 */
#include <string.h>

#include "ui/overlay.h"

static void title(const struct state *state, struct buffer *out)
{
	buffer_append_format(out, "sources · %zu", state->snapshot->source_count);
}

static void footer(const struct state *state, struct buffer *out)
{
	(void)state;
	buffer_append_string(out, ":open SOURCE · :close SOURCE · Esc closes");
}

static void write_records(struct sheet *sheet, const struct ledger *ledger)
{
	char records[28], lines[28], joined[28];
	sheet_pair_format(sheet, "  records", ROLE_DEFAULT, "%s of %s lines, %s joined to the record before",
		count_format(ledger->records, records), count_format(ledger->lines, lines),
		count_format(ledger->joined, joined));
}

static void write_loss(struct sheet *sheet, const struct ledger *ledger)
{
	char unparsed[28], late[28], truncated[28], lost[28];
	sheet_pair_format(sheet, "  loss", ledger->lost > 0 ? ROLE_LEVEL_ERROR : ROLE_DEFAULT,
		"%s unparsed, %s late, %s cut, %s lost", count_format(ledger->unparsed, unparsed),
		count_format(ledger->late, late), count_format(ledger->truncated, truncated),
		count_format(ledger->lost, lost));
}

/* In a replay what a source holds altogether lies in the future, so it is left out. */
static void write_source(const struct snapshot *snapshot, const struct snapshot_source *source, struct sheet *sheet)
{
	char read[28], size[28];
	bool bad = strcmp(source->state, "failed") == 0 || strcmp(source->state, "gone") == 0;
	enum role role = bad ? ROLE_LEVEL_ERROR : ROLE_DEFAULT;
	sheet_heading(sheet, source->name);
	if (source->beside)
		sheet_pair_format(sheet, "  state", role, "%s: %s kept, %s left out", source->state,
			count_format(source->ledger.records, read), count_format(source->ledger.unparsed, size));
	else if (snapshot->replaying)
		sheet_pair_string(sheet, "  state", role, source->state);
	else
		sheet_pair_format(sheet, "  state", role, "%s, %s of %s bytes read", source->state,
			count_format(source->read, read), count_format(source->size, size));
	sheet_pair_string(sheet, "  format", ROLE_DEFAULT, source->format);
	if (!snapshot->replaying && !source->beside) {
		write_records(sheet, &source->ledger);
		write_loss(sheet, &source->ledger);
	}
	if (source->notice[0] != '\0')
		sheet_pair_string(sheet, "  notice", ROLE_DEFAULT, source->notice);
}

static void write_all(const struct snapshot *snapshot, struct sheet *sheet)
{
	char shown[28], time[40];
	sheet_heading(sheet, "all together");
	if (snapshot->replaying)
		sheet_pair_format(sheet, "  records", ROLE_DEFAULT, "%s up to %s",
			count_format(snapshot->horizon.records, shown),
			timestamp_format(snapshot->horizon.time, TIMESTAMP_CLOCK, &snapshot->zone, time));
	else
		write_records(sheet, &snapshot->loss);
	write_loss(sheet, &snapshot->loss);
}

static void content(const struct state *state, struct sheet *sheet)
{
	const struct snapshot *snapshot = state->snapshot;
	if (snapshot->source_count == 0)
		sheet_string(sheet, ROLE_DIM, "None is open: :open SOURCE");
	for (size_t i = 0; i < snapshot->source_count; i++) {
		if (i > 0)
			sheet_blank(sheet);
		write_source(snapshot, &snapshot->sources[i], sheet);
	}
	sheet_blank(sheet);
	write_all(snapshot, sheet);
}

const struct overlay_row overlay_sources = { .title = title, .content = content, .footer = footer };
