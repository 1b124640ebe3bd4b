#include "ui/term_keys.h"

#include <ncurses.h>
#include <wchar.h>

static const struct {
	const char *sequence;
	int curses;
} sequences[] = {
	{ "\033[A", KEY_UP },
	{ "\033[B", KEY_DOWN },
	{ "\033[C", KEY_RIGHT },
	{ "\033[D", KEY_LEFT },
	{ "\033OA", KEY_UP },
	{ "\033OB", KEY_DOWN },
	{ "\033OC", KEY_RIGHT },
	{ "\033OD", KEY_LEFT },
	{ "\033[H", KEY_HOME },
	{ "\033[F", KEY_END },
	{ "\033OH", KEY_HOME },
	{ "\033OF", KEY_END },
	{ "\033[1~", KEY_HOME },
	{ "\033[4~", KEY_END },
	{ "\033[2~", KEY_IC },
	{ "\033[3~", KEY_DC },
	{ "\033[5~", KEY_PPAGE },
	{ "\033[6~", KEY_NPAGE },
	{ "\033[Z", KEY_BTAB },
	{ "\033OP", KEY_F(1) },
	{ "\033OQ", KEY_F(2) },
	{ "\033OR", KEY_F(3) },
	{ "\033OS", KEY_F(4) },
	{ "\033[15~", KEY_F(5) },
};

static const struct {
	int curses;
	uint32_t code;
} codes[] = {
	{ KEY_UP, KEY_CODE_UP },
	{ KEY_DOWN, KEY_CODE_DOWN },
	{ KEY_LEFT, KEY_CODE_LEFT },
	{ KEY_RIGHT, KEY_CODE_RIGHT },
	{ KEY_PPAGE, KEY_CODE_PAGE_UP },
	{ KEY_NPAGE, KEY_CODE_PAGE_DOWN },
	{ KEY_HOME, KEY_CODE_HOME },
	{ KEY_END, KEY_CODE_END },
	{ KEY_IC, KEY_CODE_INSERT },
	{ KEY_DC, KEY_CODE_DELETE },
	{ KEY_BACKSPACE, KEY_CODE_BACKSPACE },
	{ KEY_BTAB, KEY_CODE_SHIFT_TAB },
	{ KEY_ENTER, KEY_CODE_ENTER },
	{ KEY_SLEFT, KEY_CODE_SHIFT_LEFT },
	{ KEY_SRIGHT, KEY_CODE_SHIFT_RIGHT },
};

void term_keys_define(void)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (key_defined(sequences[i].sequence) == 0)
			define_key(sequences[i].sequence, sequences[i].curses);
	}
}

static bool mouse_key(struct key *key)
{
	MEVENT event;
	if (getmouse(&event) != OK)
		return false;
	key->x = event.x;
	key->y = event.y;
	if (event.bstate & BUTTON4_PRESSED)
		key->code = KEY_CODE_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		key->code = KEY_CODE_WHEEL_DOWN;
	else if (event.bstate & BUTTON1_PRESSED)
		key->code = KEY_CODE_MOUSE_PRESS;
	return key->code != KEY_CODE_NONE;
}

static bool curses_key(int code, struct key *key)
{
	if (code == KEY_MOUSE)
		return mouse_key(key);
	if (code >= KEY_F(1) && code <= KEY_F(12)) {
		key->code = KEY_CODE_F1 + (uint32_t)(code - KEY_F(1));
		return true;
	}
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].curses == code) {
			key->code = codes[i].code;
			return true;
		}
	}
	return false;
}

/* Drops the rest of a control sequence that nothing knows, lest its letters act as keys. */
static void drop_sequence(WINDOW *window)
{
	wint_t character;
	while (wget_wch(window, &character) == OK && (character < '@' || character > '~'))
		continue;
}

/* After an escape that curses could not make a key of: Alt with what came in the same breath, or Esc alone. */
static bool escape_key(WINDOW *window, struct key *key)
{
	wint_t character, next;
	int kind = wget_wch(window, &character);
	if (kind == ERR) {
		*key = (struct key){ .code = KEY_CODE_ESCAPE };
		return true;
	}
	if (kind == KEY_CODE_YES) {
		key->alt = true;
		return curses_key((int)character, key);
	}
	if ((character == '[' || character == 'O') && wget_wch(window, &next) != ERR) {
		if (character == '[' && (next < '@' || next > '~'))
			drop_sequence(window);
		return false;
	}
	*key = key_of_character((uint32_t)character, true);
	return true;
}

bool term_keys_read(void *pad, struct key *key)
{
	wint_t character;
	int kind;
	while ((kind = wget_wch(pad, &character)) != ERR) {
		bool known;
		*key = (struct key){ 0 };
		if (kind == KEY_CODE_YES) {
			known = curses_key((int)character, key);
		} else if (character == 0x1b) {
			known = escape_key(pad, key);
		} else {
			*key = key_of_character((uint32_t)character, false);
			known = character != 0;
		}
		if (known)
			return true;
	}
	return false;
}
