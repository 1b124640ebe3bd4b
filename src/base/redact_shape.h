/*
 * Secrets that are known by their own shape. Each function is asked with a word of the text and gives the secret that
 * begins in it or right behind it; the bytes before the secret are kept.
 */
#ifndef TOCSIN_BASE_REDACT_SHAPE_H
#define TOCSIN_BASE_REDACT_SHAPE_H

#include "base/redact_value.h"

bool shape_private_key(struct slice text, struct span word, struct span *secret);
bool shape_vendor_key(struct slice text, struct span word, struct span *secret);
bool shape_webhook(struct slice text, struct span word, struct span *secret);
bool shape_url_password(struct slice text, struct span word, struct span *secret);
bool shape_email(struct slice text, struct span word, struct span *secret);
bool shape_card(struct slice text, struct span word, struct span *secret);

#endif
