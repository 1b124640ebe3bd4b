/*
 * A ring of slots; what falls out of it is subtracted from the total.
 */
#include "detect/meter.h"

#include "detect/detector.h"

#include <string.h>

uint32_t meter_add(struct meter *meter, int64_t time, int64_t slot_length)
{
	int64_t slot = detect_step(time, slot_length > 0 ? slot_length : 1);
	int64_t ahead = detect_span(slot, meter->slot);

	if (ahead >= METER_SLOTS || ahead <= -METER_SLOTS) {
		memset(meter->slots, 0, sizeof(meter->slots));
		meter->total = 0;
		meter->slot = slot;
	}
	while (meter->slot < slot) {
		meter->slot++;
		uint32_t *reused = &meter->slots[(uint64_t)meter->slot % METER_SLOTS];
		meter->total -= *reused;
		*reused = 0;
	}
	meter->slots[(uint64_t)slot % METER_SLOTS]++;
	return ++meter->total;
}
