/*
 * What the ways of finding share.
 */
#ifndef BASE_FIND_H
#define BASE_FIND_H

#include "tocsin/base/find.h"

/* Does the text stand right there? `size` bytes are there. */
static inline bool find_is_at(const struct find *find, const char *bytes)
{
	for (size_t i = 0; i < find->size; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if ((byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte) != find->text[i])
			return false;
	}
	return true;
}

/* Both with start + size <= bytes.size. */
size_t find_avx2(const struct find *find, struct slice bytes, size_t start);

#endif
