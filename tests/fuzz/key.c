/*
 * Keys: a name that is understood stands for one key, and that key's own name is understood as the same key.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "tocsin/base/utf8.h"
#include "tocsin/ui/key.h"

static void require_named(struct key key)
{
	char name[24];
	struct key again;
	const char *text = key_text(key, name);

	REQUIRE(text != NULL && strlen(text) < sizeof(name) && !fuzz_has_control(slice_of(text)));
	REQUIRE(key_parse(slice_of(text), &again) && key_equal(key, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_input(data, size);
	struct slice rest = text;
	struct key key;
	uint32_t character;
	bool valid;

	if (key_parse(text, &key))
		require_named(key);
	while (utf8_next(&rest, &character, &valid)) {
		char name[24];

		key_text(key_of_character(character, valid), name);
		REQUIRE(strlen(name) < sizeof(name));
	}
	return 0;
}
