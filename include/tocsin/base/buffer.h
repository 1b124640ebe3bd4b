/*
 * A growing string of bytes that knows its maximum when it is born.
 *
 * A buffer is always terminated (data[size] == 0) once something was appended; `buffer_string` is safe at any time.
 * Failure is sticky: after an append that did not fit or could not allocate, every further append is refused with the
 * same code, so a writer of many pieces checks once, at the end, with `buffer.failed`.
 */
#ifndef TOCSIN_BASE_BUFFER_H
#define TOCSIN_BASE_BUFFER_H

#include "tocsin/base/slice.h"

struct buffer {
	char *data;
	size_t size;
	size_t capacity;
	size_t maximum; /* most bytes it may ever hold, without the terminator */
	int failed;     /* 0, ERROR_FULL or ERROR_MEMORY */
};

void buffer_init(struct buffer *buffer, size_t maximum); /* allocates nothing */
void buffer_release(struct buffer *buffer);              /* frees; the buffer is as after init */
void buffer_clear(struct buffer *buffer);                /* empties, keeps memory, forgets a failure */
char *buffer_detach(struct buffer *buffer); /* the terminated bytes, now the caller's to free(); NULL on failure */

int buffer_append(struct buffer *buffer, const void *bytes, size_t size);
int buffer_append_slice(struct buffer *buffer, struct slice slice);
int buffer_append_string(struct buffer *buffer, const char *string);
int buffer_append_byte(struct buffer *buffer, char byte);
int buffer_append_repeat(struct buffer *buffer, char byte, size_t count);
int buffer_append_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Cuts back to the first `size` bytes; never grows. */
void buffer_truncate(struct buffer *buffer, size_t size);

struct slice buffer_slice(const struct buffer *buffer); /* borrowed until the next append */
const char *buffer_string(const struct buffer *buffer); /* terminated, "" when empty; borrowed until the next append */

#endif
