/*
 * What went wrong, as a code to act on and a sentence to show.
 *
 * Every function that can fail returns an int: 0 for success, else one of the negative codes below. Where a person
 * needs to know more than the code, the function also takes a `struct error *` and writes one sentence into it that
 * names the place (file, line, key). Passing NULL is allowed. On success the error is left untouched.
 * Nothing below `app` prints or exits.
 */
#ifndef TOCSIN_BASE_ERROR_H
#define TOCSIN_BASE_ERROR_H

enum error_code {
	ERROR_NONE = 0,
	ERROR_MEMORY = -1, /* an allocation failed */
	ERROR_FULL = -2,   /* a bounded thing reached its maximum */
	ERROR_INPUT = -3,  /* what came from outside is malformed */
	ERROR_SYSTEM = -4, /* the operating system or a library refused */
	ERROR_ABSENT = -5, /* the thing asked for does not exist */
	ERROR_STATE = -6,  /* not allowed in the present state */
};

/* Zero-initialised means no error. `text` is always terminated and never holds control characters or secrets. */
struct error {
	enum error_code code;
	char text[480];
};

/* Writes code and sentence (truncated to fit; control characters become '?') and returns `code`, so that a failure is
   one `return`. `error` may be NULL. */
int error_set(struct error *error, enum error_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A plain word for a code: "out of memory", "malformed input", ... */
const char *error_name(enum error_code code);

#endif
