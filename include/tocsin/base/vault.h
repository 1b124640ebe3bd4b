/*
 * Takes secrets and identities out of what leaves the machine, and puts them back into what is shown.
 *
 * Besides what base/redact finds (keys, tokens, passwords, private keys, e-mail, cards) these go: IP addresses but
 * loopback, host names with a known ending, UUIDs, values of `host=` that look like one, and the user's own patterns.
 * Each is replaced by "<kind-N>", the same for the same text as long as the vault lives, so that a reader can still
 * tell one host from another. A placeholder passes as it is, so text may go through any number of times. The text
 * may be JSON: a placeholder never needs an escape. Past its maximum (65,536 texts, 16 MiB) a vault replaces by
 * "<kind>", which cannot be put back. One thread at a time.
 */
#ifndef TOCSIN_BASE_VAULT_H
#define TOCSIN_BASE_VAULT_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/error.h"

struct vault;

struct vault *vault_create(void); /* NULL when out of memory */
void vault_destroy(struct vault *vault);
/* A regular expression of the user's: what it matches (or its group 1) goes as "<pattern-N>". ERROR_INPUT with a
 * sentence, ERROR_FULL past 64. */
int vault_add_pattern(struct vault *vault, struct slice pattern, struct error *error);

/* Appends `text` with everything replaced; returns how many were, or a negative code. `vault` is a struct vault: the
 * form that http_options wants. */
int vault_redact(void *vault, struct slice text, struct buffer *out);

/* Appends `text` with placeholders replaced by what they stand for. */
int vault_reveal(const struct vault *vault, struct slice text, struct buffer *out);

size_t vault_count(const struct vault *vault);
/* The n-th replacement: "<ip-1>" and its text, borrowed. */
struct slice vault_placeholder(const struct vault *vault, size_t index);
struct slice vault_secret(const struct vault *vault, size_t index);

/* The same as vault_reveal for text that comes in pieces: what may be the beginning of a placeholder is held back. */
struct unveil {
	const struct vault *vault; /* NULL: everything passes */
	char held[48];
	size_t size;
};
int unveil_feed(struct unveil *unveil, struct slice text, struct buffer *out);
int unveil_finish(struct unveil *unveil, struct buffer *out); /* what is held goes as it is */

#endif
