/*
 * What a person does and sees, without a terminal.
 */
#include "support/ui_screen.h"

#include <string.h>

#include "tocsin/base/error.h"

enum { BUDGET = 1000, TEXT_MAX = 1 << 20 };

int ui_screen_open(struct ui_screen *screen, int columns, int rows, bool ascii)
{
	*screen = (struct ui_screen){ .console = NULL };
	int result = ui_fixture_open(&screen->fixture);
	grid_init(&screen->grid);
	buffer_init(&screen->text, TEXT_MAX);
	screen->console = console_create(&(struct console_options){ .ascii = ascii });
	if (result != 0 || !screen->console)
		return ERROR_MEMORY;
	ui_screen_resize(screen, columns, rows);
	return 0;
}

void ui_screen_close(struct ui_screen *screen)
{
	console_destroy(screen->console);
	grid_release(&screen->grid);
	buffer_release(&screen->text);
	ui_fixture_close(&screen->fixture);
}

/* What workers do, until nothing is left to look at. */
void ui_screen_show(struct ui_screen *screen)
{
	struct look *look;
	do {
		while (console_update(screen->console, &screen->fixture.snapshot, BUDGET))
			;
		look = console_take_look(screen->console);
		if (look) {
			look_run(look, &screen->fixture.reader);
			console_finish_look(screen->console, look);
		}
	} while (look);
	console_paint(screen->console, &screen->grid);
}

void ui_screen_resize(struct ui_screen *screen, int columns, int rows)
{
	grid_resize(&screen->grid, columns, rows);
	console_key(screen->console, (struct key){ .code = KEY_CODE_RESIZE });
	ui_screen_show(screen);
}

static void type(struct ui_screen *screen, struct slice text)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char character = (unsigned char)text.data[i];
		console_key(screen->console, key_of_character(character == '_' ? ' ' : character, false));
	}
}

void ui_screen_keys(struct ui_screen *screen, const char *keys)
{
	struct slice rest = slice_of(keys), name;
	struct key key;
	while (slice_next(&rest, ' ', &name)) {
		if (name.size > 1 && name.data[0] == '=')
			type(screen, slice_from(name, 1));
		else if (key_parse(name, &key))
			console_key(screen->console, key);
		ui_screen_show(screen);
	}
}

const char *ui_screen_text(struct ui_screen *screen)
{
	buffer_clear(&screen->text);
	for (int y = 0; y < screen->grid.rows; y++) {
		grid_row_text(&screen->grid, y, &screen->text);
		buffer_append_byte(&screen->text, '\n');
	}
	return buffer_string(&screen->text);
}

const char *ui_screen_row(struct ui_screen *screen, int y)
{
	buffer_clear(&screen->text);
	grid_row_text(&screen->grid, y, &screen->text);
	return buffer_string(&screen->text);
}

bool ui_screen_has(struct ui_screen *screen, const char *text)
{
	return strstr(ui_screen_text(screen), text) != NULL;
}

int ui_screen_find(struct ui_screen *screen, const char *text)
{
	for (int y = 0; y < screen->grid.rows; y++) {
		if (strstr(ui_screen_row(screen, y), text))
			return y;
	}
	return -1;
}

struct intent ui_screen_intent(struct ui_screen *screen)
{
	struct intent intent = { .kind = INTENT_NONE };
	if (!console_next_intent(screen->console, &intent))
		intent.kind = INTENT_NONE;
	return intent;
}
