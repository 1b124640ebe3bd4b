/*
 * What the fuzz targets share: a check that ends the run, and taking bytes off an input.
 *
 * A target is `LLVMFuzzerTestOneInput` alone: libFuzzer drives it, or replay.c runs files through it where there is no
 * libFuzzer.
 */
#ifndef TOCSIN_TESTS_FUZZ_FUZZ_H
#define TOCSIN_TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "tocsin/base/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline _Noreturn void fuzz_violated(const char *property, const char *file, int line)
{
	fprintf(stderr, "%s:%d: violated: %s\n", file, line, property);
	abort();
}

#define REQUIRE(property) ((property) ? (void)0 : fuzz_violated(#property, __FILE__, __LINE__))

static inline struct slice fuzz_input(const uint8_t *data, size_t size)
{
	return (struct slice){ (const char *)data, size };
}

/* The next byte as a number, 0 when there is none left. */
static inline unsigned fuzz_byte(struct slice *input)
{
	unsigned value;

	if (input->size == 0)
		return 0;
	value = (unsigned char)input->data[0];
	*input = slice_from(*input, 1);
	return value;
}

/* The next `size` bytes, or what is left. */
static inline struct slice fuzz_bytes(struct slice *input, size_t size)
{
	struct slice taken = slice_first(*input, size);

	*input = slice_from(*input, taken.size);
	return taken;
}

/* Text that may go to a terminal or into JSON: no control characters of ASCII. */
static inline bool fuzz_has_control(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
			return true;
	return false;
}

#endif
