/*
 * Keys as values and as names: one table for the terminal, the key map, scripts and help.
 *
 * A key is a Unicode character, a control character (C-a), or one of the named keys below; Alt is a flag. Names: "a",
 * "G", "C-l", "Tab", "S-Tab", "Enter", "Esc", "Space", "Up", "PgDn", "F2", "M-x". What a terminal cannot tell apart is
 * one key: C-i is Tab, C-m and C-j are Enter, C-h is Backspace, C-[ is Esc.
 */
#ifndef TOCSIN_UI_KEY_H
#define TOCSIN_UI_KEY_H

#include "tocsin/base/slice.h"

enum key_code {
	KEY_CODE_NONE = 0,
	KEY_NAMED = 0x110000, /* above every character */
	KEY_CODE_UP,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_INSERT,
	KEY_CODE_DELETE,
	KEY_CODE_BACKSPACE,
	KEY_CODE_TAB,
	KEY_CODE_SHIFT_TAB,
	KEY_CODE_ENTER,
	KEY_CODE_ESCAPE,
	KEY_CODE_SHIFT_LEFT,
	KEY_CODE_SHIFT_RIGHT,
	KEY_CODE_F1,
	KEY_CODE_F2,
	KEY_CODE_F3,
	KEY_CODE_F4,
	KEY_CODE_F5,
	KEY_CODE_F6,
	KEY_CODE_F7,
	KEY_CODE_F8,
	KEY_CODE_F9,
	KEY_CODE_F10,
	KEY_CODE_F11,
	KEY_CODE_F12,
	KEY_CODE_RESIZE, /* the terminal has another size */
	KEY_CODE_MOUSE_PRESS,
	KEY_CODE_WHEEL_UP,
	KEY_CODE_WHEEL_DOWN
};

struct key {
	uint32_t code; /* a character, 1..31 for C-a.., or enum key_code */
	bool alt;
	int x, y; /* mouse only */
};

bool key_parse(struct slice name, struct key *key);
struct key key_of_character(
	uint32_t character, bool alt);              /* a character as a terminal sends it: 9 is Tab, 127 Backspace */
const char *key_text(struct key key, char out[24]); /* its name; (curses owns the word key_name) */
bool key_equal(struct key a, struct key b);

#endif
