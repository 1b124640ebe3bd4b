#include "analyst/breaker.h"

#include "tocsin/base/json.h"

/* The same for the same arguments in any order, written in any way; a limit does not count. */
static uint64_t hash_of(struct slice name, struct slice arguments)
{
	struct json_document *document = json_parse(slice_trim(arguments));
	uint64_t hash = slice_hash(name, 1);

	if (document == NULL)
		return hash ^ slice_hash(slice_trim(arguments), 2);
	for (const struct json_value *member = json_first(json_root(document)); member != NULL;
		member = json_next(member)) {
		struct slice key = json_value_key(member);
		struct buffer value;

		if (slice_is(key, "limit"))
			continue;
		buffer_init(&value, 65536);
		json_value_append(&value, member);
		hash += slice_hash(buffer_slice(&value), slice_hash(key, 3)); /* a sum: order does not matter */
		buffer_release(&value);
	}
	json_document_free(document);
	return hash;
}

bool breaker_note(struct breaker *breaker, struct slice name, struct slice arguments)
{
	uint64_t hash = hash_of(name, arguments);

	for (size_t i = 0; i < breaker->count; i++)
		if (breaker->seen[i] == hash) {
			breaker->repeats++;
			return true;
		}
	if (breaker->count < BREAKER_SEEN)
		breaker->seen[breaker->count++] = hash;
	return false;
}

/* Two calls that alternate are two repeats as soon as each came twice. */
bool breaker_tripped(const struct breaker *breaker)
{
	return breaker->repeats >= BREAKER_REPEATS || breaker->count == BREAKER_SEEN;
}
