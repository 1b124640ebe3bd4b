/*
 * The modes of the terminal: as they were, as tocsin needs them, and back, from a signal handler too. A process has one
 * terminal, and a handler gets no argument; so what it needs is kept in one place here (term_ncurses_emergency, in
 * term.h, uses it).
 */
#ifndef TOCSIN_UI_TERM_MODES_H
#define TOCSIN_UI_TERM_MODES_H

#include <stdbool.h>

int term_modes_note(int terminal); /* remembers how it is now; ERROR_SYSTEM when it is no terminal */
void term_modes_prepare(void);     /* notes what leaves full screen; after newterm */
void term_modes_take(void);
void term_modes_give_back(void);
bool term_modes_taken(void);

#endif
