/*
 * What curses writes, on its way to the terminal. Curses gets a file in memory instead of the terminal; each frame is
 * taken out of it and sent with as few writes as the terminal allows. So bytes can be counted, and a terminal that
 * takes nothing (^S, a dead line) delays frames, never the loop.
 */
#ifndef TOCSIN_UI_TERM_OUTPUT_H
#define TOCSIN_UI_TERM_OUTPUT_H

#include "tocsin/base/buffer.h"

struct term_output {
	int catcher;  /* the file that curses writes to */
	int terminal; /* its own open description, non-blocking where the system lets us open it again */
	bool own;
	struct buffer waiting;
	size_t sent; /* of `waiting` */
	uint64_t total;
};

int term_output_init(struct term_output *output, int terminal);
void term_output_release(struct term_output *output);

void term_output_collect(struct term_output *output); /* takes what curses wrote since */
/* Sends what waits, for at most `milliseconds` when the terminal is slow; false while something is left. */
bool term_output_send(struct term_output *output, int milliseconds);

/* Appends the OSC 52 sequence that puts `text` on the clipboard, wrapped so that tmux passes it on. */
int term_output_clipboard(struct buffer *out, struct slice text, bool tmux);

#endif
