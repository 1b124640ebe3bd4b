/*
 * Where the bytes stand that give a CSV its structure: line feeds, carriage returns, quotes and commas.
 *
 * One function per instruction set, all with the same result; the portable one says what that is.
 */
#ifndef BASE_CSV_SCAN_H
#define BASE_CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_SCAN_BYTES ((size_t)16384)       /* most that is looked at in one call: it stays in the first cache */
#define CSV_SCAN_MARKS (CSV_SCAN_BYTES + 64) /* places in `marks`: some may be written in vain */

/* Writes the positions in ascending order to `marks` and returns how many there are. */
typedef size_t (*csv_scan_fn)(const char *bytes, size_t size, uint32_t *marks);

size_t csv_scan_portable(const char *bytes, size_t size, uint32_t *marks);
size_t csv_scan_avx2(const char *bytes, size_t size, uint32_t *marks);

csv_scan_fn csv_scan_best(void); /* for this processor */

#endif
