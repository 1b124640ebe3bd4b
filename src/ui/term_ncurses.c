/*
 * A grid on a real terminal. Curses knows sequences and finds the cheapest way from one screen to the next; it draws
 * into memory (term_output), and the modes of the terminal, its signals and its size are looked after here. So a frame
 * is one write, counted, and nothing is ever asked of the terminal.
 */
#include "tocsin/ui/term.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <ncurses.h>

#include "tocsin/base/utf8.h"
#include "ui/term_keys.h"
#include "ui/term_look.h"
#include "ui/term_modes.h"
#include "ui/term_output.h"

enum { FRAME_WAIT = 20, LEAVE_WAIT = 500, COLUMNS_MAX = 1000, ROWS_MAX = 500 };

struct curses {
	struct term_options options;
	bool tmux, dumb;
	SCREEN *screen;
	FILE *in, *out;
	WINDOW *pad;
	struct term_output output;
	struct term_looks looks;
	struct grid shown; /* what curses has been given */
	int cursor_x, cursor_y;
	bool everything, behind, away;
	int columns, rows;
};

static void measure(const struct curses *curses, int *columns, int *rows)
{
	struct winsize size;
	*columns = 80;
	*rows = 24;
	if (ioctl(curses->options.output, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
		*columns = size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
		*rows = size.ws_row < ROWS_MAX ? size.ws_row : ROWS_MAX;
	}
}

static void curses_size(void *state, int *columns, int *rows)
{
	measure(state, columns, rows);
}

/* Decodes a cell. A character whose width the C library sees differently would shift the row, so a stand-in takes its
 * cells. */
static void decode(const struct cell *cell, wchar_t out[CCHARW_MAX + 1])
{
	struct slice rest = slice_of(cell->text);
	uint32_t character;
	bool valid;
	size_t count = 0;
	while (count < CCHARW_MAX && utf8_next(&rest, &character, &valid)) {
		if (count > 0 && wcwidth((wchar_t)character) != 0)
			continue;
		out[count++] = (wchar_t)character;
	}
	if (count == 0 || wcwidth(out[0]) != cell->width) {
		out[0] = L'?';
		count = 1;
	}
	out[count] = 0;
}

static void write_cell(struct curses *curses, const struct cell *cell, int x, int y)
{
	const struct term_look *look = term_looks_of(&curses->looks, (enum role)cell->role, (enum role)cell->ground);
	wchar_t text[CCHARW_MAX + 1];
	cchar_t character;
	decode(cell, text);
	/* A blank under the stand-in of a wide character first, for it fills one cell only. */
	if (cell->width == 2 && text[0] == L'?') {
		setcchar(&character, L" ", look->attributes, look->pair, NULL);
		mvwadd_wch(stdscr, y, x + 1, &character);
	}
	setcchar(&character, text, look->attributes, look->pair, NULL);
	mvwadd_wch(stdscr, y, x, &character);
}

static bool cell_differs(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof(*a)) != 0;
}

/* Gives curses the cells that changed; true when there were any. */
static bool write_cells(struct curses *curses, const struct grid *grid)
{
	bool changed = false;
	for (int y = 0; y < grid->rows; y++) {
		for (int x = 0; x < grid->columns; x++) {
			const struct cell *cell = grid_cell(grid, x, y);
			const struct cell *before = grid_cell(&curses->shown, x, y);
			bool half = cell->width == 2 && x + 1 < grid->columns;
			bool differs = cell_differs(cell, before) || (half && cell_differs(cell + 1, before + 1));
			if (cell->width == 0 || !(differs || curses->everything))
				continue;
			write_cell(curses, cell, x, y);
			changed = true;
		}
	}
	return changed;
}

static bool fit(struct curses *curses, const struct grid *grid)
{
	if (curses->shown.columns == grid->columns && curses->shown.rows == grid->rows)
		return true;
	if (resizeterm(grid->rows, grid->columns) == ERR || grid_resize(&curses->shown, grid->columns, grid->rows) != 0)
		return false;
	curses->everything = true;
	return true;
}

static void place_cursor(struct curses *curses, const struct grid *grid, int x, int y)
{
	bool visible = x >= 0 && y >= 0 && x < grid->columns && y < grid->rows;
	curs_set(visible);
	leaveok(stdscr, !visible);
	if (visible)
		wmove(stdscr, y, x);
	curses->cursor_x = x;
	curses->cursor_y = y;
}

static bool flush(struct curses *curses, int milliseconds)
{
	term_output_collect(&curses->output);
	if (curses->output.waiting.failed) {
		buffer_clear(&curses->output.waiting);
		curses->output.sent = 0;
		curses->everything = true;
	}
	return term_output_send(&curses->output, milliseconds);
}

static void curses_present(void *state, const struct grid *grid, int cursor_x, int cursor_y)
{
	struct curses *curses = state;
	if (curses->away)
		return;
	curses->behind = !flush(curses, FRAME_WAIT) || !fit(curses, grid);
	if (curses->behind)
		return;
	bool moved = cursor_x != curses->cursor_x || cursor_y != curses->cursor_y;
	if (curses->everything)
		clearok(stdscr, TRUE);
	if (!write_cells(curses, grid) && !moved)
		return;
	place_cursor(curses, grid, cursor_x, cursor_y);
	memcpy(curses->shown.cells, grid->cells, (size_t)grid->columns * (size_t)grid->rows * sizeof(*grid->cells));
	curses->everything = false;
	wnoutrefresh(stdscr);
	doupdate();
	curses->behind = !flush(curses, FRAME_WAIT);
}

static bool curses_behind(void *state)
{
	const struct curses *curses = state;
	return curses->behind;
}

static bool curses_read_key(void *state, struct key *key)
{
	struct curses *curses = state;
	int columns, rows;
	if (curses->away)
		return false;
	measure(curses, &columns, &rows);
	if (columns != curses->columns || rows != curses->rows) {
		curses->columns = columns;
		curses->rows = rows;
		*key = (struct key){ .code = KEY_CODE_RESIZE };
		return true;
	}
	return term_keys_read(curses->pad, key);
}

static int curses_descriptor(void *state)
{
	const struct curses *curses = state;
	return curses->options.input;
}

static void curses_set_theme(void *state, const struct theme *theme)
{
	struct curses *curses = state;
	term_looks_theme(&curses->looks, theme);
	curses->everything = true;
}

static void curses_set_mouse(void *state, bool on)
{
	struct curses *curses = state;
	mouseinterval(0);
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
	flush(curses, FRAME_WAIT);
}

static void curses_repaint(void *state)
{
	struct curses *curses = state;
	curses->everything = true;
}

static void curses_suspend(void *state)
{
	struct curses *curses = state;
	if (curses->away)
		return;
	endwin();
	flush(curses, LEAVE_WAIT);
	term_modes_give_back();
	curses->away = true;
}

static void curses_resume(void *state)
{
	struct curses *curses = state;
	if (!curses->away)
		return;
	term_modes_take();
	curses->away = false;
	curses->everything = true;
}

static void curses_bell(void *state)
{
	struct curses *curses = state;
	if (curses->away)
		return;
	beep();
	flush(curses, FRAME_WAIT);
}

static bool curses_copy(void *state, struct slice text)
{
	struct curses *curses = state;
	if (curses->away || curses->dumb || text.size > TERM_COPY_MAX)
		return false;
	term_output_collect(&curses->output);
	int code = term_output_clipboard(&curses->output.waiting, text, curses->tmux);
	flush(curses, FRAME_WAIT);
	return code == 0;
}

static uint64_t curses_bytes_sent(void *state)
{
	const struct curses *curses = state;
	return curses->output.total;
}

/* Also for one that was half made. */
static void curses_destroy(void *state)
{
	struct curses *curses = state;
	if (curses->screen) {
		if (!curses->away) {
			mousemask(0, NULL);
			curses_suspend(curses);
		}
		if (curses->pad)
			delwin(curses->pad);
		delscreen(curses->screen);
	}
	if (curses->in)
		fclose(curses->in);
	if (curses->out)
		fclose(curses->out);
	term_output_release(&curses->output);
	grid_release(&curses->shown);
	free(curses);
}

static const struct term_ops curses_ops = {
	.size = curses_size,
	.present = curses_present,
	.behind = curses_behind,
	.read_key = curses_read_key,
	.descriptor = curses_descriptor,
	.set_theme = curses_set_theme,
	.set_mouse = curses_set_mouse,
	.repaint = curses_repaint,
	.suspend = curses_suspend,
	.resume = curses_resume,
	.bell = curses_bell,
	.copy = curses_copy,
	.bytes_sent = curses_bytes_sent,
	.destroy = curses_destroy,
};

/* Curses takes signals as it starts; they are put back, for they belong to the program. */
static SCREEN *start_screen(const char *type, FILE *out, FILE *in)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	struct sigaction before[sizeof(signals) / sizeof(signals[0])];
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], NULL, &before[i]);
	SCREEN *screen = newterm(type, out, in);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &before[i], NULL);
	return screen;
}

/* The terminal by its name, then by ever shorter beginnings of it, then as a vt100. */
static SCREEN *find_screen(const char *type, FILE *out, FILE *in)
{
	char name[64];
	size_t size = slice_copy(slice_of(type), name, sizeof(name));
	while (size > 0) {
		SCREEN *screen = start_screen(name, out, in);
		if (screen)
			return screen;
		while (size > 0 && name[size - 1] != '-' && name[size - 1] != '.')
			size--;
		if (size > 0)
			name[--size] = 0;
	}
	return start_screen("vt100", out, in);
}

static FILE *reopen(int descriptor, const char *mode)
{
	int copy = dup(descriptor);
	FILE *stream = copy >= 0 ? fdopen(copy, mode) : NULL;
	if (!stream && copy >= 0)
		close(copy);
	return stream;
}

static int open_screen(struct curses *curses, struct error *error)
{
	int terminal = curses->options.output;
	if (term_modes_note(terminal) != 0)
		return error_set(error, ERROR_SYSTEM, "the output is not a terminal");
	if (term_output_init(&curses->output, terminal) != 0)
		return error_set(error, ERROR_SYSTEM, "the screen's file in memory: %s", strerror(errno));
	curses->in = reopen(curses->options.input, "r");
	curses->out = reopen(curses->output.catcher, "w");
	if (!curses->in || !curses->out)
		return error_set(error, ERROR_SYSTEM, "the terminal cannot be opened: %s", strerror(errno));
	measure(curses, &curses->columns, &curses->rows);
	if (!curses->dumb)
		curses->screen = find_screen(curses->options.type, curses->out, curses->in);
	if (!curses->screen && !curses->dumb)
		return error_set(error, ERROR_INPUT,
			"the terminal \"%s\" is not known here, nor is vt100: set TERM, or use --plain",
			curses->options.type);
	const char *move = curses->dumb ? NULL : tigetstr("cup");
	if (!move || move == (const char *)-1)
		return error_set(error, ERROR_INPUT, "the terminal \"%s\" cannot place its cursor: use --plain",
			curses->options.type);
	if (resizeterm(curses->rows, curses->columns) == ERR ||
		grid_resize(&curses->shown, curses->columns, curses->rows) != 0)
		return error_set(
			error, ERROR_MEMORY, "out of memory for a screen of %d x %d", curses->columns, curses->rows);
	return 0;
}

static int set_up(struct curses *curses, struct error *error)
{
	if (get_escdelay() == 1000)
		set_escdelay(25); /* unless the environment's ESCDELAY says otherwise, for slow lines */
	raw();
	noecho();
	typeahead(-1);
	curses->pad = newpad(1, 1);
	if (!curses->pad)
		return error_set(error, ERROR_MEMORY, "out of memory for the keyboard");
	keypad(curses->pad, TRUE);
	nodelay(curses->pad, TRUE);
	idlok(stdscr, TRUE);
	term_keys_define();
	term_looks_init(&curses->looks, curses->options.colours);
	term_modes_prepare();
	term_modes_take();
	return 0;
}

int term_ncurses_create(struct term *term, const struct term_options *options, struct error *error)
{
	const char *type = options->type && options->type[0] ? options->type : "vt100";
	struct curses *curses = calloc(1, sizeof(*curses));
	if (!curses)
		return error_set(error, ERROR_MEMORY, "out of memory for the terminal");
	curses->options = *options;
	curses->options.type = type;
	curses->tmux = slice_starts(slice_of(type), "tmux") || slice_starts(slice_of(type), "screen");
	curses->dumb = slice_starts(slice_of(type), "dumb");
	curses->output = (struct term_output){ .catcher = -1, .terminal = -1 };
	curses->cursor_x = curses->cursor_y = -2;
	curses->everything = true;
	grid_init(&curses->shown);
	int code = open_screen(curses, error);
	if (code == 0)
		code = set_up(curses, error);
	if (code != 0) {
		curses->away = !term_modes_taken();
		curses_destroy(curses);
		return code;
	}
	*term = (struct term){ &curses_ops, curses };
	return 0;
}
