/*
 * A terminal to show a grid on: ncurses for people, memory for tests. It only copies cells; it decides nothing.
 */
#ifndef TOCSIN_UI_TERM_H
#define TOCSIN_UI_TERM_H

#include "tocsin/base/error.h"
#include "tocsin/ui/grid.h"
#include "tocsin/ui/key.h"
#include "tocsin/ui/theme.h"

/* Bytes of text that can be copied: as base64 they are 74,994, which terminals still take. */
#define TERM_COPY_MAX 56244

struct term {
	const struct term_ops *ops;
	void *state;
};

struct term_ops {
	void (*size)(void *state, int *columns, int *rows);
	/* Copies what differs from the last present and flushes once. A cursor outside the grid is hidden. Nothing is
	   sent when nothing changed. Never blocks for long: while the terminal takes nothing (^S, a slow line) frames
	   are left out, and `behind` is true until one went through. */
	void (*present)(void *state, const struct grid *grid, int cursor_x, int cursor_y);
	bool (*behind)(void *state);                    /* present again soon, even if nothing changed */
	bool (*read_key)(void *state, struct key *key); /* false when no key is waiting; never blocks; notices a new
							   size, so call it on SIGWINCH */
	int (*descriptor)(void *state);                 /* readable when a key may be waiting, or -1 */
	void (*set_theme)(void *state, const struct theme *theme);
	void (*set_mouse)(void *state, bool on);
	void (*repaint)(void *state); /* the next present sends everything */
	void (*suspend)(void *state); /* the terminal as it was before; SIGTSTP is sent by app */
	void (*resume)(void *state);  /* back, and repaint */
	void (*bell)(void *state);
	bool (*copy)(void *state, struct slice text); /* OSC 52 to the clipboard; false when too long or dumb */
	uint64_t (*bytes_sent)(void *state);          /* so far, where known */
	void (*destroy)(void *state);                 /* restores the terminal */
};

struct term_options {
	int input, output; /* descriptors of the terminal (0 and 1, or both /dev/tty) */
	const char *type;  /* TERM */
	bool colours;      /* false: NO_COLOR or --theme mono */
	bool ascii;
};

/* Takes over the terminal, with signals left to the caller (C-c and C-z are keys; C-s and C-q stay the terminal's).
 * Call setlocale before. Alternate screen, ESCDELAY 25, no queries. An unknown TERM falls back to its part before '-',
 * then vt100; fails with a sentence when none is known. */
int term_ncurses_create(struct term *term, const struct term_options *options, struct error *error);
/* Restores a terminal from a signal handler or before abort: async-signal-safe, may be called twice. */
void term_ncurses_emergency(void);

/* A screen in memory of fixed size; keys come from `term_memory_push` (1,024 may wait, more are dropped). */
int term_memory_create(struct term *term, int columns, int rows);
void term_memory_push(struct term *term, struct key key);
void term_memory_resize(struct term *term, int columns, int rows); /* also pushes KEY_CODE_RESIZE */
const struct grid *term_memory_grid(const struct term *term);      /* what was presented last */
/* Appends the screen: each row's text; with `roles`, each row followed by its role letters. */
int term_memory_dump(const struct term *term, bool roles, struct buffer *out);

#endif
