/*
 * The text of a template: words that are the same in all of its messages, "<*>" for what is not.
 *
 * A "<*>" stands for any bytes, also for several words ("delete <*>" is a list of any length) or for none ("(<*>)"
 * where a name may be missing). White space in the text stands for one or more white space bytes in the message, and
 * none counts at the message's ends.
 */
#ifndef TOCSIN_MINE_TEMPLATE_H
#define TOCSIN_MINE_TEMPLATE_H

#include "tocsin/base/slice.h"

#define TEMPLATE_MASK "<*>"
#define TEMPLATE_MAXIMUM_MASKS 256

/* Does the message belong to the template? If so spans[i] is what the i-th "<*>" stands for, borrowed from `message`
 * and trimmed, and *count how many there are; both may be NULL. The shortest text that fits is taken from left to
 * right. Only the head of a message has to fit when the text was cut at SIGNATURE_MAXIMUM (signature.h). */
bool template_match(
	struct slice text, struct slice message, struct slice spans[TEMPLATE_MAXIMUM_MASKS], size_t *count);

#endif
