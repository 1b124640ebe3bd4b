/*
 * The frame of overlays, their scrolling, and the sheet that they write on.
 */
#include "ui/overlay.h"

#include <stdarg.h>
#include <stdio.h>

enum {
	LABEL_CELLS = 13,  /* of the column of labels, with its space */
	LINES_MAX = 20000, /* of one overlay */
	TEXT_MAX = 4096,
	READABLE = 110 /* columns; longer lines are hard to read */
};

static const struct overlay_row *const rows[] = {
	[OVERLAY_HELP] = &overlay_help,
	[OVERLAY_RECORD] = &overlay_record,
	[OVERLAY_TICKET] = &overlay_ticket,
	[OVERLAY_SOURCES] = &overlay_sources,
	[OVERLAY_EVIDENCE] = &overlay_evidence,
	[OVERLAY_TEMPLATES] = &overlay_templates,
	[OVERLAY_FINDINGS] = &overlay_findings,
};

/* --- the sheet ------------------------------------------------------------------------------------------------- */

bool sheet_shows(const struct sheet *sheet)
{
	return sheet->canvas && sheet->line >= sheet->top && sheet->line - sheet->top < sheet->canvas->area.height;
}

struct sheet_part {
	struct sheet *sheet;
	int indent;
	enum role role;
};

static void write_part(void *context, int line, struct slice part)
{
	struct sheet_part *writing = context;
	struct sheet *sheet = writing->sheet;
	(void)line;
	if (sheet_shows(sheet))
		canvas_text(sheet->canvas, writing->indent, sheet->line - sheet->top, sheet->width - writing->indent,
			writing->role, part);
	if (sheet->line < LINES_MAX)
		sheet->line++;
}

static void write_wrapped(struct sheet *sheet, int indent, enum role role, struct slice text)
{
	struct sheet_part writing = { sheet, indent, role };
	int width = sheet->width - indent;
	text_wrap(text, width > 8 ? width : 8, write_part, &writing);
}

void sheet_blank(struct sheet *sheet)
{
	sheet->line++;
}

void sheet_line(struct sheet *sheet, enum role role, struct slice text, bool selected)
{
	int y = sheet->line - sheet->top;
	if (sheet_shows(sheet)) {
		canvas_text(sheet->canvas, 0, y, sheet->width, role, text);
		if (selected)
			canvas_ground(sheet->canvas, 0, y, sheet->canvas->area.width, ROLE_SELECTION);
	}
	if (sheet->line < LINES_MAX)
		sheet->line++;
}

void sheet_heading(struct sheet *sheet, const char *text)
{
	write_wrapped(sheet, 0, ROLE_STRONG, slice_of(text));
}

void sheet_text(struct sheet *sheet, enum role role, struct slice text)
{
	write_wrapped(sheet, 0, role, text);
}

void sheet_string(struct sheet *sheet, enum role role, const char *text)
{
	sheet_text(sheet, role, slice_of(text));
}

void sheet_pair(struct sheet *sheet, const char *label, enum role role, struct slice text)
{
	int line = sheet->line;
	write_wrapped(sheet, 0, ROLE_LABEL, slice_of(label));
	sheet->line = line;
	write_wrapped(sheet, sheet->label, role, text.size > 0 ? text : slice_of("-"));
	if (sheet->line == line)
		sheet->line++;
}

void sheet_pair_string(struct sheet *sheet, const char *label, enum role role, const char *text)
{
	sheet_pair(sheet, label, role, slice_of(text));
}

void sheet_pair_format(struct sheet *sheet, const char *label, enum role role, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	sheet_pair_string(sheet, label, role, text);
}

/* --- the frame ------------------------------------------------------------------------------------------------- */

/* Between status and prompt; on wide screens no wider than is well read. */
static struct rectangle frame_of(const struct layout *layout)
{
	struct rectangle frame = { 0, layout->status.height, layout->status.width,
		layout->prompt.y - layout->status.height };
	if (frame.width > READABLE + 10) {
		frame.x = (frame.width - READABLE - 4) / 2;
		frame.width = READABLE + 4;
	}
	return frame;
}

static int content_rows(struct rectangle frame)
{
	return frame.height > 3 ? frame.height - 2 : 1;
}

static struct sheet sheet_on(const struct canvas *canvas, struct rectangle frame, int top)
{
	return (struct sheet){ .canvas = canvas, .width = frame.width - 4, .top = top, .label = LABEL_CELLS };
}

int overlay_rows(const struct state *state)
{
	return content_rows(frame_of(&state->layout));
}

static int line_count(const struct state *state, struct rectangle frame)
{
	struct sheet sheet = sheet_on(NULL, frame, 0);
	rows[state->overlay]->content(state, &sheet);
	return sheet.line;
}

/* The rule at the top with the title, the one at the bottom with what keys do. */
static void paint_rule(const struct canvas *canvas, int y, enum role role, struct slice text)
{
	int width = canvas->area.width;
	canvas_fill(canvas, 0, y, width, ROLE_BORDER_FOCUS, GLYPH_HORIZONTAL);
	canvas_fill(canvas, 1, y, 1, role, GLYPH_SPACE);
	int used = canvas_text(canvas, 2, y, width - 4, role, text);
	canvas_fill(canvas, 2 + used, y, 1, role, GLYPH_SPACE);
}

void overlay_paint(const struct state *state, const struct canvas *screen)
{
	if (state->overlay == OVERLAY_NONE)
		return;
	const struct overlay_row *row = rows[state->overlay];
	struct rectangle frame = frame_of(&state->layout);
	struct canvas canvas = canvas_part(screen, frame);
	struct buffer text;
	buffer_init(&text, TEXT_MAX);
	for (int y = 0; y < canvas.area.height; y++) {
		canvas_fill(&canvas, 0, y, canvas.area.width, ROLE_FORM, GLYPH_SPACE);
		canvas_ground(&canvas, 0, y, canvas.area.width, ROLE_FORM);
	}
	if (frame.x > 0) {
		canvas_vertical(&canvas, 0, 0, canvas.area.height, ROLE_BORDER_FOCUS);
		canvas_vertical(&canvas, canvas.area.width - 1, 0, canvas.area.height, ROLE_BORDER_FOCUS);
	}
	row->title(state, &text);
	paint_rule(&canvas, 0, ROLE_TITLE_FOCUS, buffer_slice(&text));
	buffer_clear(&text);
	int lines = line_count(state, frame), shown = content_rows(frame);
	row->footer(state, &text);
	if (lines > shown)
		buffer_append_format(&text, " · lines %d – %d of %d", state->overlay_top + 1,
			state->overlay_top + shown < lines ? state->overlay_top + shown : lines, lines);
	paint_rule(&canvas, canvas.area.height - 1, ROLE_HINT_KEY, buffer_slice(&text));
	buffer_release(&text);
	struct canvas inside = canvas_part(&canvas, (struct rectangle){ 2, 1, frame.width - 4, shown });
	struct sheet sheet = sheet_on(&inside, frame, state->overlay_top);
	row->content(state, &sheet);
}

void overlay_open(struct state *state, enum overlay overlay)
{
	state->overlay = overlay;
	state->overlay_top = 0;
}

void overlay_close(struct state *state)
{
	state->overlay = OVERLAY_NONE;
	state->overlay_top = 0;
	state->tickets.armed = false;
}

static void scroll(struct state *state, enum action action)
{
	struct rectangle frame = frame_of(&state->layout);
	int shown = content_rows(frame), last = line_count(state, frame) - shown, top = state->overlay_top;
	switch (action) {
	case ACTION_UP:
		top--;
		break;
	case ACTION_DOWN:
		top++;
		break;
	case ACTION_HALF_UP:
		top -= shown / 2;
		break;
	case ACTION_HALF_DOWN:
		top += shown / 2;
		break;
	case ACTION_PAGE_UP:
		top -= shown;
		break;
	case ACTION_PAGE_DOWN:
		top += shown;
		break;
	case ACTION_TOP:
		top = 0;
		break;
	case ACTION_BOTTOM:
		top = last;
		break;
	default:
		break;
	}
	top = top > last ? last : top;
	state->overlay_top = top < 0 ? 0 : top;
}

void overlay_key(struct state *state, struct key key)
{
	const struct overlay_row *row = rows[state->overlay];
	if (row->key && row->key(state, key))
		return;
	enum action action = action_for_key(SCOPE_GLOBAL, key);
	if (key.code == KEY_CODE_WHEEL_UP || key.code == KEY_CODE_WHEEL_DOWN)
		action = key.code == KEY_CODE_WHEEL_UP ? ACTION_UP : ACTION_DOWN;
	if (action == ACTION_BACK || action == ACTION_QUIT || (action == ACTION_HELP && state->overlay == OVERLAY_HELP))
		overlay_close(state);
	else
		scroll(state, action);
}
