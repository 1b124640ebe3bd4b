/*
 * JSON: whatever is written is read again by cJSON, holds no control byte, and gives back the text it was given.
 *
 * Input: one operation a byte, with what it takes behind it. The whole input is also read as a document of its own.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"

#define MAXIMUM_DEPTH 64

struct writing {
	struct json json;
	struct buffer out;
	bool in_object[MAXIMUM_DEPTH];
	size_t depth;
};

static void write_value(struct writing *writing, struct slice *input, unsigned operation)
{
	int64_t number = 0;
	double real;

	switch (operation % 7) {
	case 0:
		json_string(&writing->json, fuzz_bytes(input, fuzz_byte(input)));
		return;
	case 1:
		json_bool(&writing->json, (fuzz_byte(input) & 1) != 0);
		return;
	case 2:
		json_null(&writing->json);
		return;
	default:
		break;
	}
	struct slice bytes = fuzz_bytes(input, sizeof(number));
	memcpy(&number, bytes.data == NULL ? "" : bytes.data, bytes.size);
	memcpy(&real, &number, sizeof(real));
	switch (operation % 7) {
	case 3:
		json_u64(&writing->json, (uint64_t)number);
		return;
	case 4:
		json_i64(&writing->json, number);
		return;
	case 5:
		json_double(&writing->json, real);
		return;
	default:
		json_time(&writing->json, number);
	}
}

static void close_one(struct writing *writing)
{
	writing->depth--;
	if (writing->in_object[writing->depth])
		json_end_object(&writing->json);
	else
		json_end_array(&writing->json);
}

static void write_one(struct writing *writing, struct slice *input)
{
	unsigned operation = fuzz_byte(input);

	if (operation < 24 && writing->depth > 1) {
		close_one(writing);
		return;
	}
	if (writing->in_object[writing->depth - 1]) {
		char key[16];

		slice_copy(fuzz_bytes(input, fuzz_byte(input) % sizeof(key)), key, sizeof(key));
		json_key(&writing->json, key);
	}
	if (operation < 96 && writing->depth < MAXIMUM_DEPTH) {
		bool is_object = (operation & 1) != 0;

		writing->in_object[writing->depth++] = is_object;
		if (is_object)
			json_begin_object(&writing->json);
		else
			json_begin_array(&writing->json);
		return;
	}
	write_value(writing, input, operation);
}

static void require_readable(struct slice text)
{
	struct json_document *document = json_parse(text);
	struct slice rest = text;
	uint32_t code_point;
	bool valid;

	REQUIRE(document != NULL);
	json_document_free(document);
	while (utf8_next(&rest, &code_point, &valid))
		REQUIRE(valid && code_point >= 0x20 && !(code_point >= 0x7F && code_point < 0xA0));
}

static bool is_plain(struct slice text)
{
	uint32_t code_point;
	bool valid;

	while (utf8_next(&text, &code_point, &valid))
		if (!valid || code_point == 0)
			return false;
	return true;
}

/* Text that is UTF-8 comes back as it was. */
static void round_trip(struct slice text)
{
	struct buffer out;
	struct json json;
	struct json_document *document;
	struct slice back;

	buffer_init(&out, 8 * text.size + 64);
	json_init(&json, &out);
	json_begin_object(&json);
	json_field_string(&json, "text", text);
	json_end_object(&json);
	REQUIRE(out.failed == 0);
	document = json_parse(buffer_slice(&out));
	REQUIRE(document != NULL);
	back = json_value_string(json_member(json_root(document), "text"));
	REQUIRE(!is_plain(text) || slice_equal(back, text));
	json_document_free(document);
	buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = fuzz_input(data, size);
	struct writing writing = { .depth = 1 };

	json_document_free(json_parse(input));
	round_trip(input);
	buffer_init(&writing.out, (size_t)1 << 24);
	json_init(&writing.json, &writing.out);
	json_begin_array(&writing.json);
	while (input.size > 0)
		write_one(&writing, &input);
	while (writing.depth > 0)
		close_one(&writing);
	if (writing.out.failed == 0)
		require_readable(buffer_slice(&writing.out));
	buffer_release(&writing.out);
	return 0;
}
