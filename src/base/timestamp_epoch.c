#include "tocsin/base/timestamp.h"

#include <math.h>

/* Nanoseconds in the unit that a number of this size must be in: 1e11 seconds are the year 5138, 1e11 ms are 1973. */
static int64_t unit_of(uint64_t number)
{
	if (number < UINT64_C(100000000000))
		return TIMESTAMP_SECOND;
	if (number < UINT64_C(100000000000000))
		return 1000000;
	return number < UINT64_C(100000000000000000) ? 1000 : 1;
}

static bool from_double(struct slice text, int64_t *time)
{
	double number;
	double unit;

	if (!slice_to_double(text, &number) || number < 0)
		return false;
	unit = number < 1e18 ? (double)unit_of((uint64_t)number) : 1;
	if (number * unit >= 9.2e18)
		return false;
	/* a double holds a present-day time to some 250 ns: what is beyond microseconds would be noise */
	*time = llround(number * unit / 1000) * 1000;
	return true;
}

bool timestamp_from_epoch(struct slice text, int64_t *time)
{
	size_t dot = slice_find_byte(text, '.');
	struct slice fraction = dot == SIZE_MAX ? (struct slice){ 0 } : slice_from(text, dot + 1);
	uint64_t whole;
	int64_t part = 0;
	int64_t unit;

	if (!slice_to_u64(slice_first(text, dot), &whole))
		return from_double(text, time);
	unit = unit_of(whole);
	for (size_t i = 0; i < fraction.size; i++)
		if (fraction.data[i] < '0' || fraction.data[i] > '9')
			return from_double(text, time);
	for (int64_t scale = unit / 10; fraction.size > 0 && scale > 0; scale /= 10) {
		part += (fraction.data[0] - '0') * scale;
		fraction = slice_from(fraction, 1);
	}
	return !__builtin_mul_overflow(whole, unit, time) && !__builtin_add_overflow(*time, part, time);
}
