/*
 * A growing string of bytes. Memory doubles up to the maximum; one byte more is always kept for the terminator.
 */
#include "tocsin/base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/error.h"

#define SMALLEST_CAPACITY ((size_t)64)

void buffer_init(struct buffer *buffer, size_t maximum)
{
	/* No object is larger than half the address space, and sums with such a maximum cannot wrap. */
	*buffer = (struct buffer){.maximum = maximum < SIZE_MAX / 4 ? maximum : SIZE_MAX / 4};
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->data);
	buffer_init(buffer, buffer->maximum);
}

void buffer_clear(struct buffer *buffer)
{
	buffer->size = 0;
	buffer->failed = 0;
	if (buffer->data)
		buffer->data[0] = '\0';
}

/* Makes room for `size` more bytes and the terminator. */
static int reserve(struct buffer *buffer, size_t size)
{
	size_t needed, capacity;
	char *data;

	if (buffer->failed)
		return buffer->failed;
	if (size > buffer->maximum - buffer->size)
		return buffer->failed = ERROR_FULL;
	needed = buffer->size + size + 1;
	if (needed <= buffer->capacity)
		return 0;
	capacity = buffer->capacity < SMALLEST_CAPACITY ? SMALLEST_CAPACITY : buffer->capacity * 2;
	if (capacity > buffer->maximum + 1)
		capacity = buffer->maximum + 1;
	if (capacity < needed)
		capacity = needed;
	data = realloc(buffer->data, capacity);
	if (!data)
		return buffer->failed = ERROR_MEMORY;
	buffer->data = data;
	buffer->capacity = capacity;
	return 0;
}

char *buffer_detach(struct buffer *buffer)
{
	char *data;

	if (reserve(buffer, 0) != 0) {
		buffer_release(buffer);
		return NULL;
	}
	data = buffer->data;
	data[buffer->size] = '\0';
	buffer_init(buffer, buffer->maximum);
	return data;
}

int buffer_append(struct buffer *buffer, const void *bytes, size_t size)
{
	int result = reserve(buffer, size);

	if (result != 0)
		return result;
	if (size > 0)
		memcpy(buffer->data + buffer->size, bytes, size);
	buffer->size += size;
	buffer->data[buffer->size] = '\0';
	return 0;
}

int buffer_append_slice(struct buffer *buffer, struct slice slice)
{
	return buffer_append(buffer, slice.data, slice.size);
}

int buffer_append_string(struct buffer *buffer, const char *string)
{
	return buffer_append_slice(buffer, slice_of(string));
}

int buffer_append_byte(struct buffer *buffer, char byte)
{
	return buffer_append(buffer, &byte, 1);
}

int buffer_append_repeat(struct buffer *buffer, char byte, size_t count)
{
	int result = reserve(buffer, count);

	if (result != 0)
		return result;
	memset(buffer->data + buffer->size, byte, count);
	buffer->size += count;
	buffer->data[buffer->size] = '\0';
	return 0;
}

int buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	size_t room;
	int size, result;

	result = reserve(buffer, 0);
	if (result != 0)
		return result;
	room = buffer->capacity - buffer->size;
	va_start(arguments, format);
	size = vsnprintf(buffer->data + buffer->size, room, format, arguments);
	va_end(arguments);
	result = size < 0 ? (buffer->failed = ERROR_MEMORY) : reserve(buffer, (size_t)size);
	if (result != 0) {
		buffer->data[buffer->size] = '\0';
		return result;
	}
	if ((size_t)size >= room) {
		va_start(arguments, format);
		vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, arguments);
		va_end(arguments);
	}
	buffer->size += (size_t)size;
	return 0;
}

void buffer_truncate(struct buffer *buffer, size_t size)
{
	if (size >= buffer->size)
		return;
	buffer->size = size;
	buffer->data[size] = '\0';
}

struct slice buffer_slice(const struct buffer *buffer)
{
	return (struct slice){buffer->data, buffer->size};
}

const char *buffer_string(const struct buffer *buffer)
{
	return buffer->data ? buffer->data : "";
}
