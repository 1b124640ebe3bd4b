/*
 * Key names: a table for the named keys, arithmetic for the rest.
 */
#include "tocsin/ui/key.h"

#include <stdio.h>

#include "tocsin/base/utf8.h"

static const struct {
	uint32_t code;
	const char *name;
} key_names[] = {
	{ KEY_CODE_UP, "Up" },
	{ KEY_CODE_DOWN, "Down" },
	{ KEY_CODE_LEFT, "Left" },
	{ KEY_CODE_RIGHT, "Right" },
	{ KEY_CODE_PAGE_UP, "PgUp" },
	{ KEY_CODE_PAGE_DOWN, "PgDn" },
	{ KEY_CODE_HOME, "Home" },
	{ KEY_CODE_END, "End" },
	{ KEY_CODE_INSERT, "Insert" },
	{ KEY_CODE_DELETE, "Delete" },
	{ KEY_CODE_BACKSPACE, "Backspace" },
	{ KEY_CODE_TAB, "Tab" },
	{ KEY_CODE_SHIFT_TAB, "S-Tab" },
	{ KEY_CODE_ENTER, "Enter" },
	{ KEY_CODE_ESCAPE, "Esc" },
	{ KEY_CODE_SHIFT_LEFT, "S-Left" },
	{ KEY_CODE_SHIFT_RIGHT, "S-Right" },
	{ KEY_CODE_F1, "F1" },
	{ KEY_CODE_F2, "F2" },
	{ KEY_CODE_F3, "F3" },
	{ KEY_CODE_F4, "F4" },
	{ KEY_CODE_F5, "F5" },
	{ KEY_CODE_F6, "F6" },
	{ KEY_CODE_F7, "F7" },
	{ KEY_CODE_F8, "F8" },
	{ KEY_CODE_F9, "F9" },
	{ KEY_CODE_F10, "F10" },
	{ KEY_CODE_F11, "F11" },
	{ KEY_CODE_F12, "F12" },
	{ KEY_CODE_RESIZE, "Resize" },
	{ KEY_CODE_MOUSE_PRESS, "MousePress" },
	{ KEY_CODE_WHEEL_UP, "WheelUp" },
	{ KEY_CODE_WHEEL_DOWN, "WheelDown" },
	{ ' ', "Space" },
};

/* Control characters that have a key of their own are that key. */
static uint32_t control_code(uint32_t character)
{
	switch (character) {
	case '\t':
		return KEY_CODE_TAB;
	case '\r':
	case '\n':
		return KEY_CODE_ENTER;
	case '\b':
	case 0x7f:
		return KEY_CODE_BACKSPACE;
	case 0x1b:
		return KEY_CODE_ESCAPE;
	default:
		return character;
	}
}

struct key key_of_character(uint32_t character, bool alt)
{
	return (struct key){ .code = control_code(character), .alt = alt };
}

/* C-a to C-z in either case, and C-[ C-\ C-] C-^ C-_. */
static bool parse_control(struct slice rest, uint32_t *code)
{
	if (rest.size != 1)
		return false;
	unsigned char character = (unsigned char)rest.data[0];
	if (character >= 'a' && character <= 'z')
		character = (unsigned char)(character - 'a' + 'A');
	if (character < 'A' || character > '_')
		return false;
	*code = control_code(character & 0x1fU);
	return true;
}

static bool parse_code(struct slice name, uint32_t *code)
{
	for (size_t i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++) {
		if (slice_equal_nocase(name, slice_of(key_names[i].name))) {
			*code = key_names[i].code;
			return true;
		}
	}
	if (slice_starts(name, "C-"))
		return parse_control(slice_from(name, 2), code);
	struct slice rest = name;
	bool valid;
	return utf8_next(&rest, code, &valid) && valid && rest.size == 0 && *code > ' ' && *code != 0x7f;
}

bool key_parse(struct slice name, struct key *key)
{
	bool alt = slice_starts(name, "M-");
	uint32_t code;
	if (!parse_code(alt ? slice_from(name, 2) : name, &code))
		return false;
	*key = (struct key){ .code = code, .alt = alt };
	return true;
}

const char *key_text(struct key key, char out[24])
{
	const char *prefix = key.alt ? "M-" : "";
	for (size_t i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++) {
		if (key_names[i].code == key.code) {
			snprintf(out, 24, "%s%s", prefix, key_names[i].name);
			return out;
		}
	}
	if (key.code > 0 && key.code < ' ') {
		char character = (char)(key.code <= 26 ? key.code + 'a' - 1 : key.code + '@');
		snprintf(out, 24, "%sC-%c", prefix, character);
	} else if (key.code > ' ' && key.code < KEY_NAMED) {
		char bytes[4];
		size_t size = utf8_encode(key.code, bytes);
		snprintf(out, 24, "%s%.*s", prefix, (int)size, bytes);
	} else {
		snprintf(out, 24, "none");
	}
	return out;
}

bool key_equal(struct key a, struct key b)
{
	return a.code == b.code && a.alt == b.alt;
}
