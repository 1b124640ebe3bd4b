/*
 * From what curses reads to keys.
 */
#ifndef TOCSIN_UI_TERM_KEYS_H
#define TOCSIN_UI_TERM_KEYS_H

#include "tocsin/ui/key.h"

void term_keys_define(void); /* the sequences that terminals send whatever their terminfo says */
/* `pad` is a curses window made for input: a pad, so that reading never refreshes. False when nothing waits. */
bool term_keys_read(void *pad, struct key *key);

#endif
