#include "mine/parameter_inside.h"

#include <string.h>

static const struct unit_row {
	const char *name;
	enum parameter_kind kind;
	unsigned places;
	double factor;
} units[] = {
	/* One letter means one thing only in its own case. */
	{"s", PARAMETER_DURATION, UNIT_ATTACHED | UNIT_APART, 1},
	{"m", PARAMETER_DURATION, UNIT_ATTACHED, 60},
	{"h", PARAMETER_DURATION, UNIT_ATTACHED, 3600},
	{"d", PARAMETER_DURATION, UNIT_ATTACHED, 86400},
	{"B", PARAMETER_SIZE, UNIT_ATTACHED | UNIT_APART, 1},
	{"K", PARAMETER_SIZE, UNIT_ATTACHED, 1024},
	{"M", PARAMETER_SIZE, UNIT_ATTACHED, 1048576},
	{"G", PARAMETER_SIZE, UNIT_ATTACHED, 1073741824},
	{"T", PARAMETER_SIZE, UNIT_ATTACHED, 1099511627776},
#define EVERYWHERE (UNIT_ATTACHED | UNIT_APART | UNIT_KEY)
	{"ns", PARAMETER_DURATION, EVERYWHERE, 1e-9},
	{"nanos", PARAMETER_DURATION, EVERYWHERE, 1e-9},
	{"nanoseconds", PARAMETER_DURATION, EVERYWHERE, 1e-9},
	{"us", PARAMETER_DURATION, EVERYWHERE, 1e-6},
	{"\xc2\xb5s", PARAMETER_DURATION, EVERYWHERE, 1e-6},
	{"\xce\xbcs", PARAMETER_DURATION, EVERYWHERE, 1e-6},
	{"usec", PARAMETER_DURATION, EVERYWHERE, 1e-6},
	{"usecs", PARAMETER_DURATION, EVERYWHERE, 1e-6},
	{"micros", PARAMETER_DURATION, EVERYWHERE, 1e-6},
	{"microseconds", PARAMETER_DURATION, EVERYWHERE, 1e-6},
	{"ms", PARAMETER_DURATION, EVERYWHERE, 1e-3},
	{"msec", PARAMETER_DURATION, EVERYWHERE, 1e-3},
	{"msecs", PARAMETER_DURATION, EVERYWHERE, 1e-3},
	{"millis", PARAMETER_DURATION, EVERYWHERE, 1e-3},
	{"millisecond", PARAMETER_DURATION, EVERYWHERE, 1e-3},
	{"milliseconds", PARAMETER_DURATION, EVERYWHERE, 1e-3},
	{"sec", PARAMETER_DURATION, EVERYWHERE, 1},
	{"secs", PARAMETER_DURATION, EVERYWHERE, 1},
	{"second", PARAMETER_DURATION, EVERYWHERE, 1},
	{"seconds", PARAMETER_DURATION, EVERYWHERE, 1},
	{"min", PARAMETER_DURATION, UNIT_ATTACHED | UNIT_APART, 60}, /* a key that ends in min is a minimum */
	{"mins", PARAMETER_DURATION, EVERYWHERE, 60},
	{"minute", PARAMETER_DURATION, EVERYWHERE, 60},
	{"minutes", PARAMETER_DURATION, EVERYWHERE, 60},
	{"hr", PARAMETER_DURATION, EVERYWHERE, 3600},
	{"hrs", PARAMETER_DURATION, EVERYWHERE, 3600},
	{"hour", PARAMETER_DURATION, EVERYWHERE, 3600},
	{"hours", PARAMETER_DURATION, EVERYWHERE, 3600},
	{"day", PARAMETER_DURATION, EVERYWHERE, 86400},
	{"days", PARAMETER_DURATION, EVERYWHERE, 86400},
	{"byte", PARAMETER_SIZE, EVERYWHERE, 1},
	{"bytes", PARAMETER_SIZE, EVERYWHERE, 1},
	{"kb", PARAMETER_SIZE, EVERYWHERE, 1024},
	{"kib", PARAMETER_SIZE, EVERYWHERE, 1024},
	{"mb", PARAMETER_SIZE, EVERYWHERE, 1048576},
	{"mib", PARAMETER_SIZE, EVERYWHERE, 1048576},
	{"gb", PARAMETER_SIZE, EVERYWHERE, 1073741824},
	{"gib", PARAMETER_SIZE, EVERYWHERE, 1073741824},
	{"tb", PARAMETER_SIZE, EVERYWHERE, 1099511627776},
	{"tib", PARAMETER_SIZE, EVERYWHERE, 1099511627776},
	{"%", PARAMETER_NUMBER, UNIT_ATTACHED | UNIT_APART, 1},
};

static const struct unit_row *find_unit(struct slice word, enum unit_place place)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct slice name = slice_of(units[i].name);

		if ((units[i].places & (unsigned)place) &&
			(name.size > 1 ? slice_equal_nocase(word, name) : slice_equal(word, name)))
			return &units[i];
	}
	return NULL;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* How many bytes at the front are a decimal number. */
static size_t number_size(struct slice text)
{
	size_t at = text.size > 0 && (text.data[0] == '-' || text.data[0] == '+'), digits = 0;

	for (; at < text.size && is_digit(text.data[at]); at++)
		digits++;
	if (at + 1 < text.size && text.data[at] == '.' && is_digit(text.data[at + 1]))
		for (at++; at < text.size && is_digit(text.data[at]); at++)
			digits++;
	if (digits == 0)
		return 0;
	if (at < text.size && (text.data[at] | 32) == 'e') {
		size_t exponent = at + 1;

		exponent += exponent < text.size && (text.data[exponent] == '-' || text.data[exponent] == '+');
		if (exponent < text.size && is_digit(text.data[exponent])) {
			while (exponent < text.size && is_digit(text.data[exponent]))
				exponent++;
			at = exponent;
		}
	}
	return at;
}

static size_t unit_size(struct slice text)
{
	size_t size = 0;

	while (size < text.size && !is_digit(text.data[size]))
		size++;
	return size;
}

bool measure_of(struct slice word, struct measure *measure)
{
	struct slice rest = word;
	double number;
	size_t size = number_size(rest);

	*measure = (struct measure){.kind = PARAMETER_NUMBER};
	if (size == 0 || !slice_to_double(slice_first(rest, size), &number))
		return false;
	rest = slice_from(rest, size);
	if (rest.size == 0) {
		measure->value = number;
		return true;
	}
	measure->unit = rest;
	for (;;) { /* 1m30.5s */
		const struct unit_row *unit = find_unit(slice_first(rest, unit_size(rest)), UNIT_ATTACHED);

		if (unit == NULL || (measure->value != 0 && unit->kind != measure->kind))
			return false;
		measure->kind = unit->kind;
		measure->value += number * unit->factor;
		rest = slice_from(rest, unit_size(rest));
		if (rest.size == 0)
			return true;
		size = number_size(rest);
		if (unit->kind != PARAMETER_DURATION || size == 0 || size == rest.size ||
			!slice_to_double(slice_first(rest, size), &number))
			return false;
		rest = slice_from(rest, size);
		measure->unit = (struct slice){0};
	}
}

bool measure_apply(struct measure *measure, struct slice word, enum unit_place place)
{
	const struct unit_row *unit;

	if (measure->kind != PARAMETER_NUMBER || measure->unit.size > 0)
		return false;
	unit = find_unit(word, place);
	if (unit == NULL)
		return false;
	measure->kind = unit->kind;
	measure->unit = word;
	measure->value *= unit->factor;
	return true;
}

bool measure_apply_key(struct measure *measure, struct slice key)
{
	size_t begin = key.size;

	while (begin > 0 && memchr("_.-", key.data[begin - 1], 3) == NULL)
		begin--;
	if (measure_apply(measure, slice_from(key, begin), UNIT_KEY))
		return true;
	for (begin = key.size; begin > 0; begin--) { /* the last word of camel case, or its last capitals */
		char first = key.data[begin - 1];

		if (first >= 'A' && first <= 'Z' && measure_apply(measure, slice_from(key, begin - 1), UNIT_KEY))
			return true;
	}
	return false;
}
