/*
 * A console on the fixture's incident and a screen in memory: keys go in by name, rows come out as text.
 */
#ifndef TESTS_SUPPORT_UI_SCREEN_H
#define TESTS_SUPPORT_UI_SCREEN_H

#include "support/ui_fixture.h"
#include "tocsin/ui/console.h"

struct ui_screen {
	struct ui_fixture fixture;
	struct console *console;
	struct grid grid;
	struct buffer text;
};

int ui_screen_open(struct ui_screen *screen, int columns, int rows, bool ascii);
void ui_screen_close(struct ui_screen *screen);
/* Update until nothing is left to do, and paint. */
void ui_screen_show(struct ui_screen *screen);
void ui_screen_resize(struct ui_screen *screen, int columns, int rows);
/* Names of keys, space separated, shown after each; "=word_word" types the characters of "word word". */
void ui_screen_keys(struct ui_screen *screen, const char *keys);
/* The whole screen as lines; borrowed until the next call. */
const char *ui_screen_text(struct ui_screen *screen);
const char *ui_screen_row(struct ui_screen *screen, int y);
bool ui_screen_has(struct ui_screen *screen, const char *text);
/* The row that holds `text`, or -1. */
int ui_screen_find(struct ui_screen *screen, const char *text);
/* The next intent; its kind is INTENT_NONE when there is none. */
struct intent ui_screen_intent(struct ui_screen *screen);

#endif
