/*
 * What the parts of generate-incident share: chance from a fixed seed.
 *
 * The order in which arguments are evaluated is the compiler's choice, so no call may hold two of these: draw first,
 * then use.
 */
#ifndef TOCSIN_SAMPLES_GENERATE_H
#define TOCSIN_SAMPLES_GENERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MILLISECOND INT64_C(1000) /* times are in microseconds */
#define SECOND INT64_C(1000000)

struct chance {
	uint64_t state;
};

static inline uint64_t next(struct chance *chance)
{
	uint64_t mixed = chance->state += UINT64_C(0x9E3779B97F4A7C15);

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return mixed ^ (mixed >> 31);
}

static inline int between(struct chance *chance, int low, int high)
{
	return low + (int)(next(chance) % (uint64_t)(high - low + 1));
}

static inline bool happens(struct chance *chance, int per_thousand)
{
	return between(chance, 0, 999) < per_thousand;
}

/* Mostly near `typical`, sometimes several times as much, as durations are. */
static inline int duration(struct chance *chance, int typical)
{
	int value = between(chance, typical / 2, typical + typical / 2);

	return happens(chance, 40) ? value * between(chance, 2, 5) : value;
}

#define ONE_OF(chance, list) ((list)[next(chance) % (sizeof(list) / sizeof((list)[0]))])

void generate_nova(void);	    /* prints samples/openstack/nova-compute.log */
void generate_load(uint64_t bytes); /* prints a CSV of at least so many bytes */
void generate_load_json(uint64_t bytes); /* lines of JSON instead */
void generate_load_nova(uint64_t bytes); /* lines as nova writes them */

#endif
