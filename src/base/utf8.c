/*
 * UTF-8 decoding and making bytes fit to show. Bytes from logs are hostile: whatever is not plainly a visible character
 * is spelled out, so that no terminal acts on it and no reader is misled by it.
 */
#include "tocsin/base/utf8.h"

#include <stdio.h>
#include <string.h>

#include "base/unicode.h"

#define REPLACEMENT 0xFFFDU
#define MOST_MARKS 3

/* Bytes and smallest code point of the sequence that `lead` begins; 0 bytes for none. */
static size_t sequence_size(unsigned char lead, uint32_t *smallest)
{
	if (lead >= 0xC2 && lead <= 0xDF) {
		*smallest = 0x80;
		return 2;
	}
	if (lead >= 0xE0 && lead <= 0xEF) {
		*smallest = 0x800;
		return 3;
	}
	if (lead >= 0xF0 && lead <= 0xF4) {
		*smallest = 0x10000;
		return 4;
	}
	return 0;
}

static size_t decode(struct slice text, uint32_t *code_point)
{
	const unsigned char *at = (const unsigned char *)text.data;
	uint32_t value, smallest = 0;
	size_t size;

	if (at[0] < 0x80) {
		*code_point = at[0];
		return 1;
	}
	size = sequence_size(at[0], &smallest);
	if (size == 0 || size > text.size)
		return 0;
	value = at[0] & (0x7FU >> size);
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3FU);
	}
	if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*code_point = value;
	return size;
}

bool utf8_next(struct slice *rest, uint32_t *code_point, bool *valid)
{
	size_t size;

	if (rest->size == 0)
		return false;
	size = decode(*rest, code_point);
	*valid = size > 0;
	if (size == 0) {
		*code_point = REPLACEMENT;
		size = 1;
	}
	rest->data += size;
	rest->size -= size;
	return true;
}

size_t utf8_encode(uint32_t code_point, char out[4])
{
	if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
		code_point = REPLACEMENT;
	if (code_point < 0x80) {
		out[0] = (char)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		out[0] = (char)(0xC0 | code_point >> 6);
		out[1] = (char)(0x80 | (code_point & 0x3F));
		return 2;
	}
	if (code_point < 0x10000) {
		out[0] = (char)(0xE0 | code_point >> 12);
		out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code_point & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code_point >> 18);
	out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code_point & 0x3F));
	return 4;
}

int utf8_width(uint32_t code_point)
{
	if (code_point < 0x300)
		return 1;
	if (unicode_is_combining(code_point) || unicode_is_format(code_point))
		return 0;
	return unicode_is_wide(code_point) ? 2 : 1;
}

/* An escape is plain ASCII, so its width is its size. */
static void set_escape(struct utf8_shown *shown, int size)
{
	shown->size = (size_t)size;
	shown->width = size;
	shown->escaped = true;
}

static void show_ascii(struct utf8_shown *shown, char byte)
{
	bool is_plain = byte >= ' ' && byte <= '~';

	if (is_plain || byte == '\t') {
		shown->bytes[0] = is_plain ? byte : ' ';
		shown->bytes[1] = '\0';
		shown->size = 1;
		shown->width = 1;
		shown->escaped = false;
		return;
	}
	shown->bytes[0] = '^';
	shown->bytes[1] = (char)(byte ^ 0x40);
	shown->bytes[2] = '\0';
	set_escape(shown, 2);
}

/* Adds the combining marks at the front of `*rest` to a base character, as many as are allowed. */
static void take_marks(struct slice *rest, struct utf8_shown *shown)
{
	for (int marks = 0; marks < MOST_MARKS && rest->size > 0 && (unsigned char)rest->data[0] >= 0x80; marks++) {
		uint32_t code_point;
		size_t size = decode(*rest, &code_point);

		if (size == 0 || !unicode_is_combining(code_point) || unicode_is_format(code_point))
			break;
		memcpy(shown->bytes + shown->size, rest->data, size);
		shown->size += size;
		*rest = slice_from(*rest, size);
	}
	shown->bytes[shown->size] = '\0';
}

bool utf8_next_shown(struct slice *rest, struct utf8_shown *shown)
{
	unsigned char first;
	uint32_t code_point;
	bool valid;

	if (rest->size == 0)
		return false;
	first = (unsigned char)rest->data[0];
	if (first < 0x80) {
		show_ascii(shown, rest->data[0]);
		*rest = slice_from(*rest, 1);
		if (first >= ' ' && first <= '~')
			take_marks(rest, shown);
		return true;
	}
	if (!utf8_next(rest, &code_point, &valid) || !valid) {
		set_escape(shown, snprintf(shown->bytes, sizeof(shown->bytes), "\\x%02X", (unsigned)first));
		return true;
	}
	/* A mark is shown only upon its base: alone it would alter whatever the terminal holds in the cell before. */
	if (unicode_is_control(code_point) || unicode_is_format(code_point) || unicode_is_combining(code_point)) {
		set_escape(shown, snprintf(shown->bytes, sizeof(shown->bytes), "<U+%04X>", (unsigned)code_point));
		return true;
	}
	shown->size = utf8_encode(code_point, shown->bytes);
	shown->width = utf8_width(code_point);
	shown->escaped = false;
	take_marks(rest, shown);
	return true;
}

size_t utf8_shown_width(struct slice text)
{
	struct utf8_shown shown;
	size_t width = 0;

	while (utf8_next_shown(&text, &shown))
		width += (size_t)shown.width;
	return width;
}

int utf8_append_shown(struct buffer *out, struct slice text, size_t cells)
{
	size_t cut = out->size, width = 0;
	struct utf8_shown shown;

	while (utf8_next_shown(&text, &shown)) {
		if ((size_t)shown.width > cells - width) {
			buffer_truncate(out, cut);
			return cells > 0 ? buffer_append_string(out, "\u2026") : out->failed;
		}
		if (buffer_append(out, shown.bytes, shown.size) != 0)
			return out->failed;
		width += (size_t)shown.width;
		if (width < cells)
			cut = out->size;
	}
	return out->failed;
}
