/*
 * CSV: the same rows however the bytes are cut, each where it says it stood.
 *
 * Input: a byte for the longest row, a byte for how many cuts, the sizes of the pieces, the text.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "tocsin/base/buffer.h"
#include "tocsin/base/csv.h"

struct reading {
	struct slice text;
	struct buffer rows;
	uint64_t end; /* of the last row */
	uint64_t line;
};

static uint64_t line_of(struct slice text, uint64_t offset)
{
	uint64_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text.data[i] == '\n' ||
			(text.data[i] == '\r' && (i + 1 == text.size || text.data[i + 1] != '\n'));
	return line;
}

static void on_row(void *context, const struct csv_row *row)
{
	struct reading *reading = context;

	REQUIRE(row->offset >= reading->end && row->line > reading->line);
	REQUIRE(row->raw.size > 0 && row->offset + row->raw.size <= reading->text.size);
	REQUIRE(memcmp(row->raw.data, reading->text.data + row->offset, row->raw.size) == 0);
	REQUIRE(row->line == line_of(reading->text, row->offset));
	REQUIRE(row->count <= CSV_MAXIMUM_FIELDS);
	REQUIRE(!row->malformed || (row->count == 0 && memchr(row->raw.data, '\n', row->raw.size) == NULL));
	reading->end = row->offset + row->raw.size;
	reading->line = row->line;
	buffer_append_format(&reading->rows, "%llu %llu %d", (unsigned long long)row->offset,
		(unsigned long long)row->raw.size, row->malformed);
	for (size_t i = 0; i < row->count; i++) {
		REQUIRE(row->fields[i].size <= row->raw.size);
		buffer_append_format(&reading->rows, " %zu:", row->fields[i].size);
		buffer_append_slice(&reading->rows, row->fields[i]);
	}
	buffer_append_byte(&reading->rows, '\n');
}

/* `cuts` are the sizes of the pieces, used round and round; none means all at once. */
static void read_pieces(struct reading *reading, struct slice text, size_t maximum, struct slice cuts)
{
	struct csv *csv;
	uint64_t fed = 0;
	uint64_t pending = 0;

	*reading = (struct reading){ .text = text };
	buffer_init(&reading->rows, (size_t)1 << 26);
	csv = csv_create(maximum, 0, 1, on_row, reading);
	REQUIRE(csv != NULL);
	for (size_t i = 0; fed < text.size; i++) {
		size_t size = cuts.size == 0 ? text.size : (size_t)1 + (unsigned char)cuts.data[i % cuts.size];
		struct slice piece = slice_first(slice_from(text, (size_t)fed), size);

		REQUIRE(csv_feed(csv, piece) == 0);
		fed += piece.size;
		REQUIRE(csv_pending_offset(csv) >= pending && csv_pending_offset(csv) <= fed);
		pending = csv_pending_offset(csv);
		REQUIRE(reading->end <= pending);
	}
	REQUIRE(csv_finish(csv) == 0);
	csv_destroy(csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_input(data, size);
	size_t maximum = 1 + (size_t)fuzz_byte(&text) * 16;
	struct slice cuts = fuzz_bytes(&text, fuzz_byte(&text) % 8);
	struct reading whole, bytes, pieces;

	read_pieces(&whole, text, maximum, (struct slice){ NULL, 0 });
	read_pieces(&bytes, text, maximum, (struct slice){ "\0", 1 });
	read_pieces(&pieces, text, maximum, cuts);
	REQUIRE(slice_equal(buffer_slice(&whole.rows), buffer_slice(&bytes.rows)));
	REQUIRE(slice_equal(buffer_slice(&whole.rows), buffer_slice(&pieces.rows)));
	buffer_release(&whole.rows);
	buffer_release(&bytes.rows);
	buffer_release(&pieces.rows);
	return 0;
}
