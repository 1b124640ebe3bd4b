/*
 * Showing bytes: whatever goes in, what comes out is valid UTF-8 without a control, bidi or invisible character, as
 * wide as was said, and no wider than was allowed.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "tocsin/base/utf8.h"

static bool is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
		(c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
		(c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

/* Cells of text that is fit to show, by the plain sum. */
static size_t require_fit(struct slice text)
{
	size_t width = 0;
	uint32_t code_point;
	bool valid;

	while (utf8_next(&text, &code_point, &valid)) {
		REQUIRE(valid && !is_hidden(code_point));
		REQUIRE(utf8_width(code_point) >= 0 && utf8_width(code_point) <= 2);
		width += (size_t)utf8_width(code_point);
	}
	return width;
}

static void require_decoded(struct slice text)
{
	struct slice rest = text;
	uint32_t code_point;
	bool valid;
	char bytes[4];

	while (rest.size > 0) {
		struct slice before = rest;
		struct slice taken;

		REQUIRE(utf8_next(&rest, &code_point, &valid));
		REQUIRE(rest.size < before.size && code_point <= 0x10FFFF &&
			!(code_point >= 0xD800 && code_point < 0xE000));
		taken = slice_first(before, before.size - rest.size);
		if (valid)
			REQUIRE(slice_equal(taken, (struct slice){ bytes, utf8_encode(code_point, bytes) }));
		else
			REQUIRE(taken.size == 1 && code_point == 0xFFFD);
	}
	REQUIRE(!utf8_next(&rest, &code_point, &valid));
}

static size_t require_shown(struct slice text)
{
	struct utf8_shown shown;
	size_t width = 0;

	while (text.size > 0) {
		size_t before = text.size;

		REQUIRE(utf8_next_shown(&text, &shown) && text.size < before);
		REQUIRE(shown.size > 0 && shown.size < sizeof(shown.bytes) && strlen(shown.bytes) == shown.size);
		REQUIRE(shown.width >= 1);
		REQUIRE(require_fit((struct slice){ shown.bytes, shown.size }) == (size_t)shown.width);
		width += (size_t)shown.width;
	}
	return width;
}

static void require_cut(struct slice text, size_t cells, size_t width)
{
	struct buffer out;
	size_t cut;

	buffer_init(&out, 32 * text.size + 16);
	REQUIRE(utf8_append_shown(&out, text, cells) == 0);
	cut = require_fit(buffer_slice(&out));
	REQUIRE(cut <= cells);
	if (width <= cells)
		REQUIRE(cut == width);
	else
		REQUIRE(cells == 0 || slice_ends(buffer_slice(&out), "\xE2\x80\xA6"));
	buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_input(data, size);
	size_t cells = fuzz_byte(&text);
	size_t width;

	require_decoded(text);
	width = require_shown(text);
	REQUIRE(utf8_shown_width(text) == width);
	require_cut(text, SIZE_MAX, width);
	require_cut(text, cells, width);
	require_cut(text, width, width);
	return 0;
}
