/*
 * Properties of code points that decide how they are shown. Made from Unicode 14, with blocks whose free places are
 * reserved for wide characters counted as wide.
 */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

bool unicode_is_control(uint32_t code_point); /* C0, DEL, C1 */

/* Invisible or able to change how its neighbours are shown: bidi controls, zero-width characters, line separators,
   tags, fillers, supplementary variation selectors, noncharacters. */
bool unicode_is_format(uint32_t code_point);

bool unicode_is_combining(uint32_t code_point); /* takes no cell of its own: marks and trailing Hangul letters */
bool unicode_is_wide(uint32_t code_point);      /* two cells: East Asian wide and full width, emoji */

#endif
