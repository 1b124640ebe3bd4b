/*
 * The writer is held against two judges: exact texts, and cJSON reading back what was written.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <string.h>

#include "tocsin/base/error.h"
#include "tocsin/base/json.h"
#include "tocsin/base/timestamp.h"
#include "tocsin/base/utf8.h"

#define LARGE 1000000
#define BRACKETS "[[[[[[[[[[[[[[[[[[[[[[[[["

static void json__puts_commas__when_values_follow_each_other(void **state)
{
	struct buffer out;
	struct json json;

	(void)state;
	buffer_init(&out, LARGE);
	json_init(&json, &out);
	json_begin_object(&json);
	json_field_text(&json, "a", "x");
	json_field_text(&json, "b", NULL);
	json_key(&json, "list");
	json_begin_array(&json);
	json_u64(&json, UINT64_MAX);
	json_i64(&json, INT64_MIN);
	json_begin_object(&json);
	json_end_object(&json);
	json_begin_array(&json);
	json_end_array(&json);
	json_bool(&json, true);
	json_bool(&json, false);
	json_null(&json);
	json_end_array(&json);
	json_key(&json, "o");
	json_begin_object(&json);
	json_field_u64(&json, "n", 7);
	json_end_object(&json);
	json_field_double(&json, "d", 0.5);
	json_field_time(&json, "t", TIMESTAMP_SECOND);
	json_field_time(&json, "none", TIMESTAMP_NONE);
	json_field_string(&json, "s", slice_of("y"));
	json_end_object(&json);
	assert_int_equal(out.failed, 0);
	assert_string_equal(buffer_string(&out),
		"{\"a\":\"x\",\"b\":null,\"list\":[18446744073709551615,-9223372036854775808,{},[],"
		"true,false,null],\"o\":{\"n\":7},\"d\":0.5,\"t\":\"1970-01-01T00:00:01Z\","
		"\"none\":null,\"s\":\"y\"}");
	buffer_release(&out);
}

static void json__writes_safe_utf8__when_text_is_hostile(void **state)
{
	static const struct {
		struct slice text;
		const char *expected;
	} examples[] = {
		{{"", 0}, "\"\""},
		{{NULL, 0}, "\"\""},
		{{"say \"hi\" \\ /", 12}, "\"say \\\"hi\\\" \\\\ /\""},
		{{"a\nb\tc\r\b\f", 8}, "\"a\\nb\\tc\\r\\b\\f\""},
		{{"\0\x01\x1B[31m\x7F", 8}, "\"\\u0000\\u0001\\u001b[31m\\u007f\""},
		{{"caf\xC3\xA9 \xF0\x9F\x94\xA5", 10}, "\"caf\xC3\xA9 \xF0\x9F\x94\xA5\""},
		{{"\xC2\x9B", 2}, "\"\\u009b\""},
		{{"a\xFF", 2}, "\"a\xEF\xBF\xBD\""},
		{{"\xC3", 1}, "\"\xEF\xBF\xBD\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct buffer out;
		struct json json;

		buffer_init(&out, LARGE);
		json_init(&json, &out);
		json_string(&json, examples[i].text);
		assert_string_equal(buffer_string(&out), examples[i].expected);
		buffer_release(&out);
	}
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void json__is_read_back_by_cjson__when_bytes_are_random(void **state)
{
	uint32_t seed = 2463534242u;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char bytes[40];
		size_t size = next_random(&seed) % sizeof(bytes);
		struct buffer out, expected;
		struct json json;
		struct slice rest = {bytes, size};
		struct json_document *document;
		uint32_t code_point;
		bool valid;
		char encoded[4];

		for (size_t i = 0; i < size; i++)
			bytes[i] = (char)(1 + next_random(&seed) % 255);
		buffer_init(&out, LARGE);
		buffer_init(&expected, LARGE);
		while (utf8_next(&rest, &code_point, &valid))
			buffer_append(&expected, encoded, utf8_encode(code_point, encoded));
		json_init(&json, &out);
		json_begin_array(&json);
		json_string(&json, (struct slice){bytes, size});
		json_end_array(&json);
		for (size_t i = 0; i < out.size; i++)
			assert_true((unsigned char)out.data[i] >= 0x20 && out.data[i] != 0x7F);
		document = json_parse(buffer_slice(&out));
		assert_non_null(document);
		assert_true(
			slice_equal(json_value_string(json_element(json_root(document), 0)), buffer_slice(&expected)));
		json_document_free(document);
		buffer_release(&out);
		buffer_release(&expected);
	}
}

static void assert_double(double value, const char *expected)
{
	struct buffer out;
	struct json json;

	buffer_init(&out, LARGE);
	json_init(&json, &out);
	json_double(&json, value);
	assert_string_equal(buffer_string(&out), expected);
	buffer_release(&out);
}

static void json__writes_numbers_json_knows__when_doubles_are_odd(void **state)
{
	(void)state;
	assert_double(0, "0");
	assert_double(1.0 / 3, "0.333333");
	assert_double(-1234567, "-1.23457e+06");
	assert_double(1e-9, "1e-09");
	assert_double(DBL_MAX, "1.79769e+308");
	assert_double((double)NAN, "null");
	assert_double((double)INFINITY, "null");
	assert_double(-(double)INFINITY, "null");
}

static void json__fails_the_buffer__when_nesting_is_too_deep_or_text_too_long(void **state)
{
	struct buffer out;
	struct json json;

	(void)state;
	buffer_init(&out, LARGE);
	json_init(&json, &out);
	for (int i = 0; i < 60; i++)
		json_begin_array(&json);
	assert_int_equal(out.failed, 0);
	json_begin_array(&json);
	assert_int_equal(out.failed, ERROR_FULL);
	buffer_release(&out);

	buffer_init(&out, 10);
	json_init(&json, &out);
	json_string(&json, slice_of("more than ten bytes"));
	assert_int_equal(out.failed, ERROR_FULL);
	buffer_release(&out);
}

static void json__reads_members_and_elements__when_the_document_is_sound(void **state)
{
	struct json_document *document =
		json_parse(slice_of(" {\"name\":\"caf\\u00e9\",\"Name\":1,\"n\":-2.5e1,\"l\":[1,\"two\",{\"three\":3}],"
				    "\"z\":null} \n"));
	const struct json_value *root, *list;
	double number = 0;

	(void)state;
	assert_non_null(document);
	root = json_root(document);
	assert_true(slice_is(json_value_string(json_member(root, "name")), "caf\xC3\xA9"));
	assert_true(json_value_number(json_member(root, "n"), &number));
	assert_true(number < -24.9 && number > -25.1);
	list = json_member(root, "l");
	assert_true(slice_is(json_value_string(json_element(list, 1)), "two"));
	assert_true(json_value_number(json_member(json_element(list, 2), "three"), &number));
	assert_null(json_element(list, 3));
	assert_null(json_element(root, 0));
	assert_null(json_element(NULL, 0));
	assert_null(json_member(root, "absent"));
	assert_null(json_member(list, "name"));
	assert_null(json_member(NULL, "name"));
	assert_int_equal(json_value_string(json_member(root, "n")).size, 0);
	assert_int_equal(json_value_string(json_member(root, "z")).size, 0);
	assert_false(json_value_number(json_member(root, "name"), &number));
	json_document_free(document);
	json_document_free(NULL);
}

static void json__walks_members_and_elements__when_asked_one_by_one(void **state)
{
	static const struct {
		const char *key;
		enum json_kind kind;
	} expected[] = {
		{ "a", JSON_STRING },
		{ "b", JSON_NUMBER },
		{ "c", JSON_BOOL },
		{ "d", JSON_NULL },
		{ "e", JSON_ARRAY },
		{ "f", JSON_OBJECT },
	};
	struct json_document *document =
		json_parse(slice_of("{\"a\":\"\",\"b\":1,\"c\":true,\"d\":null,\"e\":[7,8],\"f\":{}}"));
	const struct json_value *member = json_first(json_root(document));
	double number;

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++, member = json_next(member)) {
		assert_true(slice_is(json_value_key(member), expected[i].key));
		assert_int_equal(json_value_kind(member), expected[i].kind);
		assert_int_equal(json_value_is_true(member), expected[i].kind == JSON_BOOL);
	}
	assert_null(member);
	assert_null(json_first(json_member(json_root(document), "f")));
	assert_null(json_first(json_member(json_root(document), "a")));
	member = json_next(json_first(json_member(json_root(document), "e")));
	assert_true(json_value_number(member, &number) && number > 7.5);
	assert_null(json_next(member));
	json_document_free(document);
}

static void json__refuses__when_the_document_is_malformed_or_deep(void **state)
{
	static const char *const wrong[] = {
		"", " ", "{", "[1,]", "{\"a\":1} x", "[1]]", "{\"a\" 1}", "\"open", "nul", "{a:1}"};
	char deep[130];
	struct json_document *document;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(json_parse(slice_of(wrong[i])));
	memset(deep, '[', 61);
	memset(deep + 61, ']', 61);
	assert_null(json_parse((struct slice){deep, 122}));
	document = json_parse((struct slice){deep + 1, 120});
	assert_non_null(document);
	json_document_free(document);
	document = json_parse(slice_of("\"\\\"" BRACKETS BRACKETS BRACKETS "\""));
	assert_non_null(document);
	json_document_free(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json__puts_commas__when_values_follow_each_other),
		cmocka_unit_test(json__writes_safe_utf8__when_text_is_hostile),
		cmocka_unit_test(json__is_read_back_by_cjson__when_bytes_are_random),
		cmocka_unit_test(json__writes_numbers_json_knows__when_doubles_are_odd),
		cmocka_unit_test(json__fails_the_buffer__when_nesting_is_too_deep_or_text_too_long),
		cmocka_unit_test(json__reads_members_and_elements__when_the_document_is_sound),
		cmocka_unit_test(json__walks_members_and_elements__when_asked_one_by_one),
		cmocka_unit_test(json__refuses__when_the_document_is_malformed_or_deep),
	};

	return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
