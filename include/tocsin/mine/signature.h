/*
 * The signature of a message: its constant part, variables masked as "<*>". It stands for the template.
 *
 * A token is a variable when it holds a digit, or is a quoted text, a path with three or more parts, a mail address, an
 * identifier in hexadecimal, or longer than 100 bytes. Tokens end at white space and at  " ' ( ) [ ] { } : , ; = |
 * which stay; a quote opens only where no token stands right before it ("can't" holds none), and a quote behind a
 * backslash is part of its token. A quoted text that begins with a word in capitals (GET, SELECT) keeps it: "GET <*>".
 * Runs of white space become one space, none at either end; masked neighbours with nothing but one delimiter between
 * them stay separate, so "<*>.<*>" never appears and "a=1,b=2" is "a=<*>,b=<*>".
 * Pure: the same message gives the same signature everywhere, and a signature's signature is itself.
 */
#ifndef TOCSIN_MINE_SIGNATURE_H
#define TOCSIN_MINE_SIGNATURE_H

#include "tocsin/base/slice.h"

#define SIGNATURE_MAXIMUM 512 /* bytes; the rest of a longer message does not count */

/* Writes the signature of `message` (invalid bytes and control characters become '?') and returns its size. */
size_t signature_make(struct slice message, char out[SIGNATURE_MAXIMUM]);

/* Does `message` belong to the template `signature`? */
bool signature_matches(struct slice signature, struct slice message);

#endif
