/*
 * Takes secrets out of text before it is written anywhere that outlives the screen: tocsin's own log, errors, tickets
 * that leave the machine. Rules: authorization headers, bearer tokens, `key|token|secret|password=...`, vendor key
 * shapes (sk-..., xox?-..., ghp_..., AKIA...), user:password@ in URLs, private key blocks, e-mail addresses, card
 * numbers (Luhn). A secret is replaced by "<kind>" such as "<token>"; everything else passes byte for byte.
 */
#ifndef TOCSIN_BASE_REDACT_H
#define TOCSIN_BASE_REDACT_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/slice.h"

/* Appends `text` with secrets replaced. Returns how many were, or a negative error code. */
int redact_append(struct buffer *out, struct slice text);

#endif
