/*
 * What happened, in the rows above the prompt until the next key. A sentence is wrapped; a fault in a filter is three
 * lines, the text, a caret below the fault and a sentence, of which the first two are shifted together.
 */
#include "ui/screen.h"

#include "tocsin/base/utf8.h"

enum { ROWS_MAX = 6, CARET_MARGIN = 12 /* cells shown behind the caret */ };

struct pen {
	const struct canvas *canvas;
	enum role role;
	int y;
};

static void paint_row(struct pen *pen, struct slice text)
{
	int width = pen->canvas->area.width;
	canvas_fill(pen->canvas, 0, pen->y, width, ROLE_DEFAULT, GLYPH_SPACE);
	canvas_text(pen->canvas, 1, pen->y, width - 2, pen->role, text);
	pen->y++;
}

static void paint_part(void *context, int line, struct slice part)
{
	(void)line;
	paint_row(context, part);
}

/* The column of the caret of "text\n   ^\nsentence"; -1 when the message is none of these. */
static int caret_of(struct slice message)
{
	struct slice line;
	bool second = slice_next(&message, '\n', &line) && slice_next(&message, '\n', &line);
	return second && slice_is(slice_trim(line), "^") ? (int)line.size - 1 : -1;
}

static void paint_fault(struct pen *pen, struct slice text, int caret)
{
	int room = pen->canvas->area.width - 2, skipped = caret > room - CARET_MARGIN ? caret - room + CARET_MARGIN : 0;
	struct slice rest = text_skip_cells(text, skipped);
	caret -= (int)utf8_shown_width(slice_first(text, text.size - rest.size));
	paint_row(pen, rest);
	if (rest.size < text.size)
		canvas_glyph(pen->canvas, 1, pen->y - 1, ROLE_DIM, GLYPH_ELLIPSIS);
	canvas_fill(pen->canvas, 0, pen->y, room + 2, ROLE_DEFAULT, GLYPH_SPACE);
	canvas_string(pen->canvas, 1 + caret, pen->y++, 1, pen->role, "^");
}

void message_paint(const struct state *state, const struct canvas *canvas)
{
	struct slice text = slice_of(state->message), line, ignored;
	int width = canvas->area.width - 2, caret = caret_of(text), rows = 0;
	struct pen pen = { canvas, state->message_is_error ? ROLE_MESSAGE_ERROR : ROLE_MESSAGE, 0 };
	if (caret >= 0) {
		slice_next(&text, '\n', &line);
		slice_next(&text, '\n', &ignored);
		rows = 2;
	}
	rows += text_wrap(text, width, NULL, NULL);
	rows = rows > ROWS_MAX ? ROWS_MAX : rows;
	pen.y = state->layout.prompt.y - rows;
	struct canvas above = canvas_part(canvas, (struct rectangle){ 0, 0, width + 2, state->layout.prompt.y });
	pen.canvas = &above;
	if (caret >= 0)
		paint_fault(&pen, line, caret);
	text_wrap(text, width, paint_part, &pen);
}
