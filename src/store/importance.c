/*
 * A byte is 0 while nothing is known, else the importance in steps, plus 1.
 */
#include "tocsin/store/importance.h"

#include <stdlib.h>

#include "store/store_inside.h"

static _Atomic uint8_t *find(const struct store *store, uint64_t id)
{
	_Atomic uint8_t *bytes =
		atomic_load_explicit(&store->slots[store_segment_of(store, id)].importance, memory_order_acquire);

	return bytes == NULL ? NULL : bytes + store_position_of(store, id);
}

int store_put_importance(struct store *store, uint64_t id, double importance)
{
	double within = importance > 1 ? 1 : importance > 0 ? importance : 0;
	_Atomic uint8_t *byte;

	if (store->slots == NULL)
		return ERROR_STATE;
	byte = find(store, id);
	if (byte == NULL) {
		_Atomic uint8_t *bytes = calloc(store->shape.segment_records, sizeof(*bytes));

		if (bytes == NULL)
			return ERROR_MEMORY;
		atomic_store_explicit(
			&store->slots[store_segment_of(store, id)].importance, bytes, memory_order_release);
		byte = bytes + store_position_of(store, id);
	}
	atomic_store_explicit(byte, (uint8_t)(within * STORE_IMPORTANCE_STEPS + 0.5) + 1, memory_order_relaxed);
	return 0;
}

void store_forget_importance(struct store *store)
{
	for (uint64_t id = 0; store->slots != NULL && id < store_count(store); id += store->shape.segment_records) {
		_Atomic uint8_t *bytes = find(store, id);

		for (size_t i = 0; bytes != NULL && i < store->shape.segment_records; i++)
			atomic_store_explicit(&bytes[i], 0, memory_order_relaxed);
	}
}

bool store_importance(const struct store *store, uint64_t id, double *importance)
{
	const _Atomic uint8_t *byte = store->slots == NULL ? NULL : find(store, id);
	uint8_t value = byte == NULL ? 0 : atomic_load_explicit(byte, memory_order_relaxed);

	if (value == 0)
		return false;
	*importance = (double)(value - 1) / STORE_IMPORTANCE_STEPS;
	return true;
}
