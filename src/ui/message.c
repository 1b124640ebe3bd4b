/*
 * What happened, in the rows above the prompt until the next key; a fault in a filter takes three of them.
 */
#include "ui/screen.h"

void message_paint(const struct state *state, const struct canvas *canvas)
{
	struct slice text = slice_of(state->message), line;
	int lines = 0, width = canvas->area.width;
	while (slice_next(&text, '\n', &line))
		lines++;
	int y = state->layout.prompt.y - lines;
	enum role role = state->message_is_error ? ROLE_MESSAGE_ERROR : ROLE_MESSAGE;
	text = slice_of(state->message);
	for (; slice_next(&text, '\n', &line); y++) {
		canvas_fill(canvas, 0, y, width, ROLE_DEFAULT, GLYPH_SPACE);
		canvas_text(canvas, 1, y, width - 2, role, line);
	}
}
