#include "ingest/framing.h"

#include "ingest/format_table.h"

void framer_init(struct framer *framer, bool is_csv, uint64_t position, uint64_t line, frame_fn on_frame, void *context)
{
	*framer = (struct framer){
		.is_csv = is_csv,
		.position = position,
		.line = line,
		.on_frame = on_frame,
		.context = context,
	};
	buffer_init(&framer->carry, RECORD_MAXIMUM);
}

void framer_release(struct framer *framer)
{
	csv_destroy(framer->csv);
	framer->csv = NULL;
	buffer_release(&framer->carry);
}

static uint64_t count_newlines(struct slice bytes)
{
	uint64_t count = 0;
	size_t at;

	while ((at = slice_find_byte(bytes, '\n')) != SIZE_MAX) {
		count++;
		bytes = slice_from(bytes, at + 1);
	}
	return count;
}

static void give(struct framer *framer, struct frame *frame)
{
	if (frame->raw.size > RECORD_MAXIMUM) {
		frame->raw = slice_first(frame->raw, RECORD_MAXIMUM);
		frame->truncated = true;
	}
	framer->on_frame(framer->context, frame);
}

static void on_row(void *context, const struct csv_row *row)
{
	struct framer *framer = context;
	struct frame frame = { .raw = row->raw, .offset = row->offset, .line = row->line, .row = row };

	/* the splitter cuts an overlong line by itself */
	frame.truncated = row->malformed && row->raw.size >= RECORD_MAXIMUM;
	give(framer, &frame);
}

static int feed_csv(struct framer *framer, struct slice bytes)
{
	if (framer->csv == NULL) {
		framer->csv = csv_create(RECORD_MAXIMUM, framer->position, framer->line, on_row, framer);
		if (framer->csv == NULL)
			return ERROR_MEMORY;
	}
	framer->position += bytes.size;
	framer->line += count_newlines(bytes);
	return csv_feed(framer->csv, bytes);
}

static void give_line(struct framer *framer, struct slice raw, uint64_t offset, bool truncated)
{
	struct frame frame = { .raw = raw, .offset = offset, .line = framer->line, .truncated = truncated };

	if (!truncated && raw.size > 0 && raw.data[raw.size - 1] == '\r')
		frame.raw.size--;
	give(framer, &frame);
}

static int carry(struct framer *framer, struct slice bytes)
{
	size_t room = framer->carry.maximum - framer->carry.size;

	if (bytes.size > room) {
		bytes = slice_first(bytes, room);
		framer->overlong = true;
	}
	return buffer_append_slice(&framer->carry, bytes);
}

static void give_carry(struct framer *framer)
{
	give_line(framer, buffer_slice(&framer->carry), framer->carry_offset, framer->overlong);
	buffer_clear(&framer->carry);
	framer->overlong = false;
}

static int feed_lines(struct framer *framer, struct slice bytes)
{
	int result = 0;

	while (result == 0 && bytes.size > 0) {
		size_t end = slice_find_byte(bytes, '\n');
		struct slice piece = slice_first(bytes, end);

		if (framer->carry.size > 0 || end == SIZE_MAX) {
			if (framer->carry.size == 0)
				framer->carry_offset = framer->position;
			result = carry(framer, piece);
			if (result == 0 && end != SIZE_MAX)
				give_carry(framer);
		} else {
			give_line(framer, piece, framer->position, false);
		}
		framer->position += piece.size;
		bytes = slice_from(bytes, piece.size);
		if (end != SIZE_MAX) {
			framer->position++;
			framer->line++;
			bytes = slice_from(bytes, 1);
		}
	}
	return result;
}

int framer_feed(struct framer *framer, struct slice bytes)
{
	return framer->is_csv ? feed_csv(framer, bytes) : feed_lines(framer, bytes);
}

bool framer_is_pending(const struct framer *framer)
{
	if (framer->is_csv)
		return framer->csv != NULL && csv_pending_offset(framer->csv) < framer->position;
	return framer->carry.size > 0;
}

int framer_finish(struct framer *framer)
{
	int result = 0;

	if (framer->csv != NULL) {
		result = csv_finish(framer->csv);
		csv_destroy(framer->csv);
		framer->csv = NULL;
	}
	if (framer->carry.size > 0)
		give_carry(framer);
	return result;
}
