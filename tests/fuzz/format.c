/*
 * Formats: any beginning gives a parser or a sentence, and any text a row whose every byte can be read.
 *
 * Input: a byte for the format wanted (0: detect), a byte of flags, a byte for how many bytes are the sample, the text.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "tocsin/ingest/format.h"

static const struct format *wanted_format(unsigned number)
{
	return number == 0 ? NULL : format_at(number - 1);
}

/* Reads all bytes, so that a slice into nowhere is seen. */
static uint64_t touch(struct slice slice)
{
	return slice.size == 0 ? 0 : slice_hash(slice, 1);
}

static uint64_t require_sound(const struct row *row, struct slice raw)
{
	uint64_t hash = touch(row->service) ^ (touch(row->message) * 3) ^ (uint64_t)row->time ^ (uint64_t)row->level ^
		row->flags;

	REQUIRE((unsigned)row->level < LEVEL_COUNT);
	REQUIRE(row->field_count <= STORE_MAXIMUM_FIELDS);
	REQUIRE((row->flags & ~(unsigned)RECORD_UNPARSED) == 0);
	REQUIRE(row->service.size + row->message.size <= 2 * raw.size + 2);
	if ((row->flags & RECORD_UNPARSED) != 0)
		REQUIRE(row->field_count == 0 && row->message.size <= raw.size);
	for (size_t i = 0; i < row->field_count; i++)
		hash = hash * 31 + touch(row->fields[i].name) + touch(row->fields[i].value);
	return hash;
}

static void parse_both(struct parser *parser, struct parser *copy, struct slice raw)
{
	struct row row;
	uint64_t hash;

	memset(&row, 0xA5, sizeof(row));
	parser_parse(parser, raw, &row);
	hash = require_sound(&row, raw);
	memset(&row, 0x5A, sizeof(row));
	parser_parse(copy, raw, &row);
	REQUIRE(require_sound(&row, raw) == hash);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_input(data, size);
	const struct format *wanted = wanted_format(fuzz_byte(&text) % 64);
	unsigned flags = fuzz_byte(&text);
	size_t sample_size = (size_t)fuzz_byte(&text) * 8;
	bool whole = (flags & 1) != 0;
	struct zone zone = { .offset_seconds = (int)(flags >> 1) * 600 - 36000 };
	struct slice sample = slice_first(text, whole ? FORMAT_SAMPLE_BYTES : sample_size);
	struct error error = { 0 };
	struct parser *parser = parser_create(sample, whole, wanted, NULL, &zone, &error);
	struct parser *copy;
	struct slice line;

	if (parser == NULL) {
		REQUIRE(error.code != 0 && error.text[0] != '\0' && !fuzz_has_control(slice_of(error.text)));
		return 0;
	}
	REQUIRE(wanted == NULL || parser_format(parser) == wanted);
	REQUIRE(parser_header_bytes(parser) <= sample.size && parser_header_lines(parser) <= sample.size);
	REQUIRE(!fuzz_has_control(slice_of(parser_notice(parser))));
	copy = parser_copy(parser);
	REQUIRE(copy != NULL && parser_format(copy) == parser_format(parser));
	parse_both(parser, copy, text);
	while (slice_next(&text, '\n', &line))
		parse_both(parser, copy, line);
	parser_destroy(parser);
	parse_both(copy, copy, sample);
	parser_destroy(copy);
	return 0;
}
