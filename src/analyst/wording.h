/*
 * Words of code and of messages, made comparable: "TSOClient.casRetry", "cas_retry" and "CAS retries" share "cas" and
 * "retry".
 */
#ifndef ANALYST_WORDING_H
#define ANALYST_WORDING_H

#include "tocsin/base/intern.h"

#define WORD_BYTES 24

/* Takes the next word off the front: letters only, cut where the case changes as in names, in small letters, without a
   common ending. Words of one letter and those that every text has are left out. False at the end. */
bool wording_next(struct slice *rest, char word[WORD_BYTES], size_t *size);

/* Puts all words of a text into a table; what does not fit is left out. */
void wording_add(struct intern *words, struct slice text);

#endif
