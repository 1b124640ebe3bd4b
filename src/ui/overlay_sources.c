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

static void write_ledger(struct sheet *sheet, const struct ledger *ledger)
{
	char records[28], lines[28], unparsed[28], joined[28], late[28], truncated[28], lost[28];
	sheet_pair_format(sheet, "  records", ROLE_DEFAULT, "%s of %s lines, %s joined to the record before",
		count_format(ledger->records, records), count_format(ledger->lines, lines),
		count_format(ledger->joined, joined));
	sheet_pair_format(sheet, "  loss", ledger->lost > 0 ? ROLE_LEVEL_ERROR : ROLE_DEFAULT,
		"%s unparsed, %s late, %s cut, %s lost", count_format(ledger->unparsed, unparsed),
		count_format(ledger->late, late), count_format(ledger->truncated, truncated),
		count_format(ledger->lost, lost));
}

static void content(const struct state *state, struct sheet *sheet)
{
	const struct snapshot *snapshot = state->snapshot;
	if (snapshot->source_count == 0)
		sheet_string(sheet, ROLE_DIM, "None is open: :open SOURCE");
	for (size_t i = 0; i < snapshot->source_count; i++) {
		const struct snapshot_source *source = &snapshot->sources[i];
		char read[28], size[28];
		bool bad = strcmp(source->state, "failed") == 0 || strcmp(source->state, "gone") == 0;
		if (i > 0)
			sheet_blank(sheet);
		sheet_heading(sheet, source->name);
		sheet_pair_format(sheet, "  state", bad ? ROLE_LEVEL_ERROR : ROLE_DEFAULT, "%s, %s of %s bytes read",
			source->state, count_format(source->read, read), count_format(source->size, size));
		sheet_pair_string(sheet, "  format", ROLE_DEFAULT, source->format);
		write_ledger(sheet, &source->ledger);
		if (source->notice[0] != '\0')
			sheet_pair_string(sheet, "  notice", ROLE_DEFAULT, source->notice);
	}
	sheet_blank(sheet);
	sheet_heading(sheet, "all together");
	write_ledger(sheet, &snapshot->loss);
}

const struct overlay_row overlay_sources = { .title = title, .content = content, .footer = footer };
