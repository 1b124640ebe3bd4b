/*
 * How many within the last sixty slots of time: a rate in constant memory.
 */
#ifndef DETECT_METER_H
#define DETECT_METER_H

#include <stdint.h>

#define METER_SLOTS 60

/* Zero-initialised is empty. */
struct meter {
	uint32_t slots[METER_SLOTS];
	uint32_t total;
	int64_t slot; /* the newest */
};

/* Counts one at `time`; returns how many the slots that end with the newest hold. One older than all slots begins anew.
 */
uint32_t meter_add(struct meter *meter, int64_t time, int64_t slot_length);

#endif
