/*
 * The pieces between masks are looked for from left to right, each as near as possible; the last one stands at the end.
 * Taking the nearest is enough: what a later mask stands for may begin later, never the other way round.
 */
#include "tocsin/mine/template.h"

#include <string.h>

#include "mine/scan.h"
#include "tocsin/base/utf8.h"
#include "tocsin/mine/signature.h"


/* A '?' of a signature may stand for a byte that cannot be shown. */
static size_t unshown_size(struct slice rest)
{
	struct slice behind = rest;
	uint32_t code_point;
	bool valid;

	if (!utf8_next(&behind, &code_point, &valid))
		return 0;
	return !valid || code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ? rest.size - behind.size : 0;
}

/* How many bytes of `rest` the piece is; SIZE_MAX when it does not begin there. */
static size_t piece_size(struct slice piece, struct slice rest)
{
	size_t at = 0, size;

	for (size_t i = 0; i < piece.size; i++) {
		if (at < rest.size && piece.data[i] == rest.data[at] && !scan_is_space(piece.data[i])) {
			at++;
		} else if (piece.data[i] == ' ' && at < rest.size && scan_is_space(rest.data[at])) {
			while (at < rest.size && scan_is_space(rest.data[at]))
				at++;
		} else if (piece.data[i] == '?' && (size = unshown_size(slice_from(rest, at))) > 0) {
			at += size;
		} else {
			return SIZE_MAX;
		}
	}
	return at;
}

/* Where in `rest` the piece begins; SIZE_MAX when nowhere. With `last` it has to end where `rest` does. */
static size_t find_piece(struct slice piece, struct slice rest, bool last, size_t *size)
{
	for (size_t begin = 0; begin <= rest.size; begin++) {
		*size = piece_size(piece, slice_from(rest, begin));
		if (*size != SIZE_MAX && (!last || begin + *size == rest.size))
			return begin;
	}
	return SIZE_MAX;
}

bool template_match(struct slice text, struct slice message, struct slice spans[TEMPLATE_MAXIMUM_MASKS], size_t *count)
{
	bool cut = text.size + SCAN_LONGEST_WORD + 3 > SIGNATURE_MAXIMUM;
	struct slice rest = slice_trim(message);
	size_t masks = 0, mask = slice_find(text, slice_of(TEMPLATE_MASK)), size;

	size = piece_size(slice_first(text, mask), rest);
	if (size == SIZE_MAX)
		return false;
	rest = slice_from(rest, size);
	while (mask != SIZE_MAX) {
		struct slice piece;
		size_t begin;

		text = slice_from(text, mask + strlen(TEMPLATE_MASK));
		mask = slice_find(text, slice_of(TEMPLATE_MASK));
		piece = slice_first(text, mask);
		begin = find_piece(piece, rest, mask == SIZE_MAX && !cut, &size);
		if (begin == SIZE_MAX)
			return false;
		if (spans != NULL && masks < TEMPLATE_MAXIMUM_MASKS)
			spans[masks] = slice_trim(slice_first(rest, begin));
		masks++;
		rest = slice_from(rest, begin + size);
	}
	if (count != NULL)
		*count = masks < TEMPLATE_MAXIMUM_MASKS ? masks : TEMPLATE_MAXIMUM_MASKS;
	return rest.size == 0 || cut;
}
