/*
 * Cells, and painting on them. One function writes a character into a cell, `put`; it keeps wide characters whole and
 * is reached only through a canvas, which has clipped by then.
 */
#include "tocsin/ui/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/error.h"
#include "tocsin/base/utf8.h"

enum { COLUMNS_MAX = 1000, ROWS_MAX = 500 };

static const struct cell blank = { .text = " ", .width = 1, .role = ROLE_DEFAULT, .ground = ROLE_DEFAULT };

void grid_init(struct grid *grid)
{
	*grid = (struct grid){ 0 };
}

void grid_release(struct grid *grid)
{
	free(grid->cells);
	grid_init(grid);
}

int grid_resize(struct grid *grid, int columns, int rows)
{
	if (columns < 1 || rows < 1)
		return ERROR_INPUT;
	if (columns > COLUMNS_MAX || rows > ROWS_MAX)
		return ERROR_FULL;
	if (columns != grid->columns || rows != grid->rows) {
		struct cell *cells = calloc((size_t)columns * (size_t)rows, sizeof(*cells));
		if (!cells)
			return ERROR_MEMORY;
		free(grid->cells);
		*grid = (struct grid){ columns, rows, cells };
	}
	grid_clear(grid);
	return 0;
}

void grid_clear(struct grid *grid)
{
	size_t count = (size_t)grid->columns * (size_t)grid->rows;
	for (size_t i = 0; i < count; i++)
		grid->cells[i] = blank;
}

struct cell *grid_cell(const struct grid *grid, int x, int y)
{
	if (x < 0 || y < 0 || x >= grid->columns || y >= grid->rows)
		return NULL;
	return &grid->cells[(size_t)y * (size_t)grid->columns + (size_t)x];
}

int grid_row_text(const struct grid *grid, int y, struct buffer *out)
{
	int end = grid->columns;
	while (end > 0 && y >= 0 && y < grid->rows && strcmp(grid_cell(grid, end - 1, y)->text, " ") == 0)
		end--;
	for (int x = 0; x < end; x++) {
		const struct cell *cell = grid_cell(grid, x, y);
		if (cell)
			buffer_append_string(out, cell->text);
	}
	return out->failed;
}

static char cell_letter(const struct cell *cell)
{
	return role_letter((enum role)(cell->ground != ROLE_DEFAULT ? cell->ground : cell->role));
}

int grid_row_roles(const struct grid *grid, int y, struct buffer *out)
{
	int end = grid->columns;
	while (end > 0 && y >= 0 && y < grid->rows && cell_letter(grid_cell(grid, end - 1, y)) == ' ')
		end--;
	for (int x = 0; x < end; x++) {
		const struct cell *cell = grid_cell(grid, x, y);
		if (cell)
			buffer_append_byte(out, cell_letter(cell));
	}
	return out->failed;
}

struct canvas canvas_of(struct grid *grid, bool ascii)
{
	return (struct canvas){ grid, { 0, 0, grid->columns, grid->rows }, ascii };
}

struct canvas canvas_part(const struct canvas *canvas, struct rectangle part)
{
	int left = part.x < 0 ? 0 : part.x, top = part.y < 0 ? 0 : part.y;
	int right = part.x + part.width, bottom = part.y + part.height;
	if (right > canvas->area.width)
		right = canvas->area.width;
	if (bottom > canvas->area.height)
		bottom = canvas->area.height;
	struct canvas result = *canvas;
	result.area.x += left;
	result.area.y += top;
	result.area.width = right > left ? right - left : 0;
	result.area.height = bottom > top ? bottom - top : 0;
	return result;
}

/* The part of `width` columns from x that lies on the canvas; 0 when the row or all of it lies outside. Moves x to its
 * first column. */
static int clip(const struct canvas *canvas, int *x, int y, int width)
{
	if (y < 0 || y >= canvas->area.height || *x >= canvas->area.width)
		return 0;
	if (*x < 0) {
		width += *x;
		*x = 0;
	}
	if (width > canvas->area.width - *x)
		width = canvas->area.width - *x;
	return width > 0 ? width : 0;
}

static struct cell *cell_at(const struct canvas *canvas, int x, int y)
{
	return grid_cell(canvas->grid, canvas->area.x + x, canvas->area.y + y);
}

/* Before one half of a wide character is overwritten, the other half becomes a blank. */
static void break_wide(struct grid *grid, int x, int y)
{
	struct cell *cell = grid_cell(grid, x, y);
	struct cell *other = cell->width == 2 ? grid_cell(grid, x + 1, y)
		: cell->width == 0            ? grid_cell(grid, x - 1, y)
					      : NULL;
	if (other) {
		memcpy(other->text, blank.text, sizeof(other->text));
		other->width = 1;
	}
}

/* Writes one character of `width` 1 or 2 at a place on the canvas. Marks that do not fit in a cell are left away. */
static void put(const struct canvas *canvas, int x, int y, int width, enum role role, struct slice text)
{
	for (int i = 0; i < width; i++) {
		break_wide(canvas->grid, canvas->area.x + x + i, canvas->area.y + y);
		struct cell *cell = cell_at(canvas, x + i, y);
		memset(cell->text, 0, sizeof(cell->text));
		if (i == 0)
			slice_copy(text, cell->text, sizeof(cell->text));
		cell->width = (uint8_t)(i == 0 ? width : 0);
		cell->role = (uint8_t)role;
	}
}

static struct slice glyph_ascii(struct slice text)
{
	for (int i = 0; i < GLYPH_COUNT; i++) {
		if (slice_is(text, glyph_text((enum glyph)i, false)))
			return slice_of(glyph_text((enum glyph)i, true));
	}
	return (struct slice){ NULL, 0 };
}

struct piece {
	struct utf8_shown shown;
	bool ascii; /* every byte is a cell of its own: an escape, or a stand-in */
};

/* The next thing to paint; on an ASCII canvas what is not ASCII is replaced, cell for cell. */
static bool next_piece(const struct canvas *canvas, struct slice *rest, struct piece *piece)
{
	struct utf8_shown *shown = &piece->shown;
	if (rest->size > 0 && rest->data[0] == '\n') {
		const char *text = glyph_text(GLYPH_RETURN, canvas->ascii);
		*shown = (struct utf8_shown){ .width = 1, .escaped = true };
		shown->size = slice_copy(slice_of(text), shown->bytes, sizeof(shown->bytes));
		*rest = slice_from(*rest, 1);
		piece->ascii = canvas->ascii;
		return true;
	}
	if (!utf8_next_shown(rest, shown))
		return false;
	piece->ascii = shown->escaped && shown->size == (size_t)shown->width;
	if (canvas->ascii && !piece->ascii && (shown->size > 1 || (unsigned char)shown->bytes[0] >= 0x80)) {
		struct slice stand_in = glyph_ascii((struct slice){ shown->bytes, shown->size });
		if (stand_in.size == 0)
			stand_in = slice_first(slice_of("??"), (size_t)shown->width);
		shown->size = slice_copy(stand_in, shown->bytes, sizeof(shown->bytes));
		shown->width = (int)shown->size;
		piece->ascii = true;
	}
	return true;
}

static void put_piece(const struct canvas *canvas, int x, int y, enum role role, const struct piece *piece)
{
	const struct utf8_shown *shown = &piece->shown;
	enum role painted = shown->escaped ? ROLE_ESCAPED : role;
	if (!piece->ascii) {
		put(canvas, x, y, shown->width, painted, (struct slice){ shown->bytes, shown->size });
		return;
	}
	for (int i = 0; i < shown->width; i++)
		put(canvas, x + i, y, 1, painted, (struct slice){ shown->bytes + i, 1 });
}

/* Cells of `text`, counted no further than just past `limit`. */
static int measure(const struct canvas *canvas, struct slice text, int limit)
{
	struct piece piece;
	int width = 0;
	while (width <= limit && next_piece(canvas, &text, &piece))
		width += piece.shown.width;
	return width;
}

int canvas_text(const struct canvas *canvas, int x, int y, int width, enum role role, struct slice text)
{
	width = clip(canvas, &x, y, width);
	if (width == 0)
		return 0;
	bool cut = measure(canvas, text, width) > width;
	int room = cut ? width - 1 : width, used = 0;
	struct piece piece;
	while (used < room && next_piece(canvas, &text, &piece) && used + piece.shown.width <= room) {
		put_piece(canvas, x + used, y, role, &piece);
		used += piece.shown.width;
	}
	if (cut) {
		put(canvas, x + used, y, 1, role, slice_of(glyph_text(GLYPH_ELLIPSIS, canvas->ascii)));
		used++;
	}
	return used;
}

int canvas_string(const struct canvas *canvas, int x, int y, int width, enum role role, const char *string)
{
	return canvas_text(canvas, x, y, width, role, slice_of(string));
}

int canvas_right(const struct canvas *canvas, int x, int y, int width, enum role role, const char *string)
{
	width = clip(canvas, &x, y, width);
	int used = measure(canvas, slice_of(string), width);
	int shift = used < width ? width - used : 0;
	return canvas_text(canvas, x + shift, y, width - shift, role, slice_of(string));
}

int canvas_format(const struct canvas *canvas, int x, int y, int width, enum role role, const char *format, ...)
{
	char text[COLUMNS_MAX * 4 + 1];
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return size < 0 ? 0 : canvas_string(canvas, x, y, width, role, text);
}

void canvas_fill(const struct canvas *canvas, int x, int y, int width, enum role role, enum glyph glyph)
{
	width = clip(canvas, &x, y, width);
	for (int i = 0; i < width; i++) {
		canvas_glyph(canvas, x + i, y, role, glyph);
		cell_at(canvas, x + i, y)->ground = ROLE_DEFAULT;
	}
}

void canvas_glyph(const struct canvas *canvas, int x, int y, enum role role, enum glyph glyph)
{
	if (clip(canvas, &x, y, 1) == 1)
		put(canvas, x, y, 1, role, slice_of(glyph_text(glyph, canvas->ascii)));
}

void canvas_vertical(const struct canvas *canvas, int x, int y, int height, enum role role)
{
	for (int i = 0; i < height; i++)
		canvas_glyph(canvas, x, y + i, role, GLYPH_VERTICAL);
}

void canvas_ground(const struct canvas *canvas, int x, int y, int width, enum role ground)
{
	width = clip(canvas, &x, y, width);
	for (int i = 0; i < width; i++)
		cell_at(canvas, x + i, y)->ground = (uint8_t)ground;
}

void canvas_role(const struct canvas *canvas, int x, int y, int width, enum role role)
{
	width = clip(canvas, &x, y, width);
	for (int i = 0; i < width; i++)
		cell_at(canvas, x + i, y)->role = (uint8_t)role;
}

void canvas_bar(const struct canvas *canvas, int x, int y, int height, int eighths, enum role role)
{
	static const char *const bars[9] = { "", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const ascii_bars[9] = { "", ".", ".", ".", ":", ":", ":", ":", "#" };
	for (int row = y + height - 1; row >= y && eighths > 0; row--, eighths -= 8) {
		int column = x, part = eighths < 8 ? eighths : 8;
		if (clip(canvas, &column, row, 1) == 1)
			put(canvas, column, row, 1, role, slice_of((canvas->ascii ? ascii_bars : bars)[part]));
	}
}
