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
	buffer_init(&framer->held.copy, RECORD_MAXIMUM);
}

void framer_set_joins(struct framer *framer, frame_joins_fn joins)
{
	framer->joins = joins;
}

void framer_set_rows(struct framer *framer, csv_rows_fn on_rows)
{
	framer->on_rows = on_rows;
}

void framer_release(struct framer *framer)
{
	csv_destroy(framer->csv);
	framer->csv = NULL;
	buffer_release(&framer->carry);
	buffer_release(&framer->held.copy);
	framer->held.is_open = false;
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
	struct frame frame = { .raw = row->raw, .offset = row->offset, .line = row->line, .row = row,
		.several = row->several };

	/* the splitter cuts an overlong line by itself */
	frame.truncated = row->malformed && row->raw.size >= RECORD_MAXIMUM;
	give(framer, &frame);
}

static void on_rows(void *context, const struct csv_row *rows, size_t count)
{
	struct framer *framer = context;

	framer->on_rows(framer->context, rows, count);
}

static int feed_csv(struct framer *framer, struct slice bytes)
{
	int result;

	if (framer->csv == NULL) {
		framer->csv = csv_create(RECORD_MAXIMUM, framer->position, framer->line, on_row, framer);
		if (framer->csv == NULL)
			return ERROR_MEMORY;
		if (framer->on_rows != NULL)
			csv_give_batches(framer->csv, on_rows);
	}
	framer->position += bytes.size;
	result = csv_feed(framer->csv, bytes);
	framer->line = csv_pending_line(framer->csv);
	if (bytes.size > 0)
		framer->is_cut = bytes.data[bytes.size - 1] != '\n' && bytes.data[bytes.size - 1] != '\r';
	return result;
}

/* What follows stands on the line that was cut. */
static int finish_csv(struct framer *framer)
{
	bool is_pending = framer_is_pending(framer);
	int result = csv_finish(framer->csv);

	framer->line = csv_pending_line(framer->csv) - (is_pending && framer->is_cut);
	csv_destroy(framer->csv);
	framer->csv = NULL;
	return result;
}

/* --- records of several lines ----------------------------------------------------------------------------------- */

static void give_held(struct framer *framer)
{
	struct held *held = &framer->held;
	struct frame frame = { .raw = held->raw, .offset = held->offset, .line = held->line,
		.several = held->lines > 1 };

	if (!held->is_open)
		return;
	held->is_open = false;
	/* an empty line belongs to a record only where more of it follows */
	while (held->lines > 1 && frame.raw.size > held->first_size &&
		(frame.raw.data[frame.raw.size - 1] == '\n' || frame.raw.data[frame.raw.size - 1] == '\r'))
		frame.raw.size--;
	give(framer, &frame);
	buffer_clear(&held->copy);
}

/* What is held must outlive the bytes that it stands in. */
static int keep_held(struct framer *framer)
{
	struct held *held = &framer->held;
	int result;

	if (!held->is_open || held->raw.data == held->copy.data)
		return 0;
	buffer_clear(&held->copy);
	result = buffer_append_slice(&held->copy, held->raw);
	if (result != 0)
		give_held(framer);
	else
		held->raw = buffer_slice(&held->copy);
	return result;
}

/* Does the line, which stands at `offset`, belong to what is held? */
static bool belongs(const struct framer *framer, struct slice line, uint64_t offset)
{
	const struct held *held = &framer->held;

	return held->is_open && held->lines < RECORD_MAXIMUM_LINES &&
		offset - held->offset + line.size <= RECORD_MAXIMUM &&
		framer->joins(framer->context, slice_first(held->raw, held->first_size),
			slice_from(held->raw, held->previous_start), line);
}

static int extend(struct framer *framer, struct slice line, uint64_t offset)
{
	struct held *held = &framer->held;
	size_t start = (size_t)(offset - held->offset);
	int result = 0;

	if (held->raw.data != held->copy.data && held->raw.data + start == line.data) {
		held->raw.size = start + line.size;
	} else {
		result = keep_held(framer);
		if (result == 0)
			result = buffer_append_string(&held->copy, start - held->raw.size == 2 ? "\r\n" : "\n");
		if (result == 0)
			result = buffer_append_slice(&held->copy, line);
		held->raw = buffer_slice(&held->copy);
	}
	held->previous_start = start;
	held->lines++;
	return result;
}

/* A complete line. `is_carried`: it stands in memory that is used again at once. */
static int take_line(struct framer *framer, struct slice raw, uint64_t offset, bool truncated, bool is_carried)
{
	struct frame frame = { .raw = raw, .offset = offset, .line = framer->line, .truncated = truncated };
	struct held *held = &framer->held;

	if (!truncated && raw.size > 0 && raw.data[raw.size - 1] == '\r')
		frame.raw.size--;
	if (framer->joins == NULL) {
		give(framer, &frame);
		return 0;
	}
	if (!truncated && belongs(framer, frame.raw, offset))
		return extend(framer, frame.raw, offset);
	give_held(framer);
	if (truncated || frame.raw.size == 0) {
		give(framer, &frame);
		return 0;
	}
	held->is_open = true;
	held->raw = frame.raw;
	held->first_size = frame.raw.size;
	held->previous_start = 0;
	held->lines = 1;
	held->offset = offset;
	held->line = framer->line;
	return is_carried ? keep_held(framer) : 0;
}

size_t framer_held_lines(const struct framer *framer)
{
	return framer->held.is_open ? framer->held.lines : 0;
}

void framer_release_held(struct framer *framer)
{
	if (framer->carry.size == 0 || !belongs(framer, buffer_slice(&framer->carry), framer->carry_offset))
		give_held(framer);
}

/* --- lines ------------------------------------------------------------------------------------------------------ */

static int carry(struct framer *framer, struct slice bytes)
{
	size_t room = framer->carry.maximum - framer->carry.size;

	if (bytes.size > room) {
		bytes = slice_first(bytes, room);
		framer->overlong = true;
	}
	return buffer_append_slice(&framer->carry, bytes);
}

static int take_carry(struct framer *framer)
{
	int result = take_line(framer, buffer_slice(&framer->carry), framer->carry_offset, framer->overlong, true);

	buffer_clear(&framer->carry);
	framer->overlong = false;
	return result;
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
				result = take_carry(framer);
		} else {
			result = take_line(framer, piece, framer->position, false, false);
		}
		framer->position += piece.size;
		bytes = slice_from(bytes, piece.size);
		if (end != SIZE_MAX) {
			framer->position++;
			framer->line++;
			bytes = slice_from(bytes, 1);
		}
	}
	if (result == 0)
		result = keep_held(framer);
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

bool framer_is_between(const struct framer *framer)
{
	return !framer_is_pending(framer) && (framer->csv == NULL || !csv_is_skipping(framer->csv));
}

bool framer_in_line(const struct framer *framer)
{
	return framer_is_pending(framer) && (!framer->is_csv || framer->is_cut);
}

int framer_finish(struct framer *framer)
{
	int result = 0;

	if (framer->csv != NULL)
		result = finish_csv(framer);
	if (framer->carry.size > 0) {
		int taken = take_carry(framer);

		result = result != 0 ? result : taken;
	}
	give_held(framer);
	return result;
}
