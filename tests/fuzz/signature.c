/*
 * Signatures: bounded, fit to print, their own signature, and the template of the message they came from.
 */
#include "fuzz/fuzz.h"
#include "tocsin/mine/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice message = fuzz_input(data, size);
	char first[SIGNATURE_MAXIMUM];
	char second[SIGNATURE_MAXIMUM];
	struct slice signature = { first, signature_make(message, first) };
	struct slice again = { second, 0 };

	REQUIRE(signature.size <= SIGNATURE_MAXIMUM);
	REQUIRE(!fuzz_has_control(signature));
	REQUIRE(slice_trim(signature).size == signature.size);
	if (slice_find(message, slice_of("<*>")) == SIZE_MAX)
		REQUIRE(slice_find(signature, slice_of("<*>.<*>")) == SIZE_MAX);
	again.size = signature_make(signature, second);
	REQUIRE(slice_equal(signature, again));
	REQUIRE(signature_matches(signature, message));
	REQUIRE(signature_matches(signature, signature));
	return 0;
}
