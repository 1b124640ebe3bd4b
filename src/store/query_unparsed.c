#include "tocsin/store/query.h"

uint64_t query_unparsed(const struct store *store, uint64_t from, uint64_t to)
{
	uint64_t unparsed = 0;

	for (uint64_t id = from; id < to; id++) {
		struct record record;

		store_record(store, id, &record);
		unparsed += (record.flags & RECORD_UNPARSED) != 0;
	}
	return unparsed;
}
