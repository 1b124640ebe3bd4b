/*
 * A screen in memory: cells of text, each with a role (what it means) and a ground (what it lies on). No colours here,
 * no terminal.
 *
 * Views paint on a canvas, a rectangle of a grid that clips; nothing outside it can be touched. All text that is
 * painted goes through `canvas_text`, which makes hostile bytes safe: no control character ever gets into a cell.
 */
#ifndef TOCSIN_UI_GRID_H
#define TOCSIN_UI_GRID_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/slice.h"
#include "tocsin/ui/role.h"

struct cell {
	char text[13];  /* UTF-8, zero padded; empty for the right half of a wide character */
	uint8_t width;  /* 1, 2; 0 for the right half */
	uint8_t role;   /* enum role: foreground and attributes */
	uint8_t ground; /* enum role: background, ROLE_DEFAULT for none */
};

struct grid {
	int columns, rows;
	struct cell *cells;
};

struct rectangle {
	int x, y, width, height;
};

void grid_init(struct grid *grid);
void grid_release(struct grid *grid);
int grid_resize(struct grid *grid, int columns, int rows); /* clears; at most 1,000 x 500 */
void grid_clear(struct grid *grid);                        /* every cell a blank of ROLE_DEFAULT */
struct cell *grid_cell(const struct grid *grid, int x, int y);
/* The characters of a row without trailing blanks, and its roles as letters (see role.h), for goldens. */
int grid_row_text(const struct grid *grid, int y, struct buffer *out);
int grid_row_roles(
	const struct grid *grid, int y, struct buffer *out); /* where there is a ground, the ground's letter */

struct canvas {
	struct grid *grid;
	struct rectangle area;
	bool ascii; /* draw with ASCII only: '-' for lines, '#' for bars; in text glyphs take their ASCII form, other
		       non-ASCII is '?' */
};

struct canvas canvas_of(struct grid *grid, bool ascii);                        /* the whole grid */
struct canvas canvas_part(const struct canvas *canvas, struct rectangle part); /* relative, clipped */

/* Each starts at column x of row y of the canvas and stays within it. Text functions return the cells used; text that
   does not fit in `width` (or the canvas) ends in an ellipsis. Escaped bytes get ROLE_ESCAPED. Newlines in `text` show
   as "⏎" in ROLE_ESCAPED. Text keeps the ground that is there; canvas_fill takes it away. */
int canvas_text(const struct canvas *canvas, int x, int y, int width, enum role role, struct slice text);
int canvas_string(const struct canvas *canvas, int x, int y, int width, enum role role, const char *string);
int canvas_right(const struct canvas *canvas, int x, int y, int width, enum role role,
	const char *string); /* right-aligned in width */
int canvas_format(const struct canvas *canvas, int x, int y, int width, enum role role, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
void canvas_fill(const struct canvas *canvas, int x, int y, int width, enum role role, enum glyph glyph);
void canvas_glyph(const struct canvas *canvas, int x, int y, enum role role, enum glyph glyph);
void canvas_vertical(const struct canvas *canvas, int x, int y, int height, enum role role);
/* Lays a ground under cells that are there already. */
void canvas_ground(const struct canvas *canvas, int x, int y, int width, enum role ground);
/* Gives cells that are there already another role. */
void canvas_role(const struct canvas *canvas, int x, int y, int width, enum role role);

/* A column of a histogram: `eighths` of a cell from the bottom of `height` rows at (x, y + height - 1) up. In ASCII a
 * filled cell is '#', a started one '.' to ':'. */
void canvas_bar(const struct canvas *canvas, int x, int y, int height, int eighths, enum role role);

/* Lines of `text` wrapped at `width` cells at spaces (hard where a word is too long). Calls `each` for every line with
   its slice; returns the number of lines. `each` may be NULL to only count. Newlines in the text break lines. */
int text_wrap(struct slice text, int width, void (*each)(void *context, int line, struct slice part), void *context);

#endif
