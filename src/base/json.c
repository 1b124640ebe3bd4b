/*
 * The writer appends straight to the buffer: of the nesting it remembers only, for each depth, whether a comma is due.
 * A document too deep to remember fails the buffer, so the one check at the end sees it. Documents are read by cJSON.
 */
#include "tocsin/base/json.h"

#include "tocsin/base/error.h"
#include "tocsin/base/timestamp.h"
#include "tocsin/base/utf8.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAXIMUM_DEPTH 60

/* --- writing ---- */

void json_init(struct json *json, struct buffer *out)
{
	*json = (struct json){.out = out};
}

/* What goes before any value: a comma when one is due; after it, the next value of this depth needs one. */
static void before_value(struct json *json)
{
	uint64_t bit = UINT64_C(1) << json->depth;

	if (!json->after_key && (json->comma & bit) != 0)
		buffer_append_byte(json->out, ',');
	json->comma |= bit;
	json->after_key = false;
}

static void begin(struct json *json, char bracket)
{
	if (json->depth == MAXIMUM_DEPTH) {
		json->out->failed = ERROR_FULL;
		return;
	}
	before_value(json);
	buffer_append_byte(json->out, bracket);
	json->depth++;
	json->comma &= ~(UINT64_C(1) << json->depth);
}

static void end(struct json *json, char bracket)
{
	if (json->depth > 0)
		json->depth--;
	json->after_key = false;
	buffer_append_byte(json->out, bracket);
}

void json_begin_object(struct json *json)
{
	begin(json, '{');
}

void json_end_object(struct json *json)
{
	end(json, '}');
}

void json_begin_array(struct json *json)
{
	begin(json, '[');
}

void json_end_array(struct json *json)
{
	end(json, ']');
}

static void append_escape(struct buffer *out, uint32_t code_point)
{
	static const char names[] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\'};

	if (code_point < sizeof(names) && names[code_point] != '\0') {
		buffer_append_byte(out, '\\');
		buffer_append_byte(out, names[code_point]);
	} else {
		buffer_append_format(out, "\\u%04" PRIx32, code_point);
	}
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

static void append_quoted(struct buffer *out, struct slice text)
{
	buffer_append_byte(out, '"');
	while (text.size > 0) {
		size_t plain = 0;
		uint32_t code_point;
		bool valid;
		char bytes[4];

		while (plain < text.size && is_plain((unsigned char)text.data[plain]))
			plain++;
		buffer_append_slice(out, slice_first(text, plain));
		text = slice_from(text, plain);
		if (!utf8_next(&text, &code_point, &valid))
			break;
		/* DEL and C1 are legal in JSON, but a terminal obeys some of them. */
		if (code_point < 0x20 || code_point == '"' || code_point == '\\' ||
			(code_point >= 0x7F && code_point < 0xA0))
			append_escape(out, code_point);
		else
			buffer_append(out, bytes, utf8_encode(code_point, bytes));
	}
	buffer_append_byte(out, '"');
}

void json_key(struct json *json, const char *key)
{
	before_value(json);
	append_quoted(json->out, slice_of(key));
	buffer_append_byte(json->out, ':');
	json->after_key = true;
}

void json_string(struct json *json, struct slice text)
{
	before_value(json);
	append_quoted(json->out, text);
}

void json_u64(struct json *json, uint64_t value)
{
	before_value(json);
	buffer_append_format(json->out, "%" PRIu64, value);
}

void json_i64(struct json *json, int64_t value)
{
	before_value(json);
	buffer_append_format(json->out, "%" PRId64, value);
}

void json_double(struct json *json, double value)
{
	char digits[40];

	if (!isfinite(value)) {
		json_null(json);
		return;
	}
	before_value(json);
	snprintf(digits, sizeof(digits), "%.6g", value);
	/* Whatever the locale writes for the decimal point, of one byte or several, becomes one '.'. */
	for (const char *at = digits; *at != '\0'; at++) {
		if (strchr("0123456789+-e", *at) != NULL)
			buffer_append_byte(json->out, *at);
		else if (strchr("0123456789", at[1]) != NULL)
			buffer_append_byte(json->out, '.');
	}
}

void json_bool(struct json *json, bool value)
{
	before_value(json);
	buffer_append_string(json->out, value ? "true" : "false");
}

void json_null(struct json *json)
{
	before_value(json);
	buffer_append_string(json->out, "null");
}

void json_time(struct json *json, int64_t time)
{
	char text[40];

	if (time == TIMESTAMP_NONE)
		json_null(json);
	else
		json_string(json, slice_of(timestamp_format(time, TIMESTAMP_RFC3339, NULL, text)));
}

void json_raw(struct json *json, struct slice value)
{
	before_value(json);
	buffer_append_slice(json->out, value);
}

void json_field_string(struct json *json, const char *key, struct slice text)
{
	json_key(json, key);
	json_string(json, text);
}

void json_field_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	if (text == NULL)
		json_null(json);
	else
		json_string(json, slice_of(text));
}

void json_field_u64(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_u64(json, value);
}

void json_field_double(struct json *json, const char *key, double value)
{
	json_key(json, key);
	json_double(json, value);
}

void json_field_time(struct json *json, const char *key, int64_t time)
{
	json_key(json, key);
	json_time(json, time);
}

/* --- reading ---- */

struct json_document {
	cJSON *root;
};

/* cJSON follows 1000 levels by recursion; what tocsin writes has at most 60. */
static bool is_too_deep(struct slice text)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.size; i++) {
		char byte = text.data[i];

		if (quoted && byte == '\\')
			i++;
		else if (byte == '"')
			quoted = !quoted;
		else if (!quoted && (byte == '{' || byte == '['))
			depth++;
		else if (!quoted && depth > 0 && (byte == '}' || byte == ']'))
			depth--;
		if (depth > MAXIMUM_DEPTH)
			return true;
	}
	return false;
}

struct json_document *json_parse(struct slice text)
{
	struct json_document *document;
	const char *rest = NULL;
	size_t read;

	if (text.size == 0 || is_too_deep(text))
		return NULL;
	document = calloc(1, sizeof(*document));
	if (document == NULL)
		return NULL;
	document->root = cJSON_ParseWithLengthOpts(text.data, text.size, &rest, false);
	read = document->root != NULL ? (size_t)(rest - text.data) : 0;
	if (document->root == NULL || slice_trim(slice_from(text, read)).size > 0) {
		json_document_free(document);
		return NULL;
	}
	return document;
}

void json_document_free(struct json_document *document)
{
	if (document == NULL)
		return;
	cJSON_Delete(document->root);
	free(document);
}

/* A json_value is a cJSON node under another name, so that only this file knows cJSON. */
static const cJSON *node_of(const struct json_value *value)
{
	return (const cJSON *)(const void *)value;
}

static const struct json_value *value_of(const cJSON *node)
{
	return (const struct json_value *)(const void *)node;
}

const struct json_value *json_root(const struct json_document *document)
{
	return value_of(document->root);
}

const struct json_value *json_member(const struct json_value *object, const char *key)
{
	if (!cJSON_IsObject(node_of(object)))
		return NULL;
	return value_of(cJSON_GetObjectItemCaseSensitive(node_of(object), key));
}

const struct json_value *json_element(const struct json_value *array, size_t index)
{
	if (!cJSON_IsArray(node_of(array)) || index > INT32_MAX)
		return NULL;
	return value_of(cJSON_GetArrayItem(node_of(array), (int)index));
}

const struct json_value *json_first(const struct json_value *container)
{
	const cJSON *node = node_of(container);

	return cJSON_IsObject(node) || cJSON_IsArray(node) ? value_of(node->child) : NULL;
}

const struct json_value *json_next(const struct json_value *value)
{
	return value_of(node_of(value)->next);
}

struct slice json_value_key(const struct json_value *member)
{
	return slice_of(node_of(member)->string);
}

enum json_kind json_value_kind(const struct json_value *value)
{
	const cJSON *node = node_of(value);

	if (cJSON_IsBool(node))
		return JSON_BOOL;
	if (cJSON_IsNumber(node))
		return JSON_NUMBER;
	if (cJSON_IsString(node))
		return JSON_STRING;
	if (cJSON_IsArray(node))
		return JSON_ARRAY;
	return cJSON_IsObject(node) ? JSON_OBJECT : JSON_NULL;
}

bool json_value_is_true(const struct json_value *value)
{
	return cJSON_IsTrue(node_of(value));
}

struct slice json_value_string(const struct json_value *value)
{
	return slice_of(cJSON_IsString(node_of(value)) ? node_of(value)->valuestring : NULL);
}

bool json_value_number(const struct json_value *value, double *number)
{
	if (!cJSON_IsNumber(node_of(value)))
		return false;
	*number = node_of(value)->valuedouble;
	return true;
}

int json_value_append(struct buffer *out, const struct json_value *value)
{
	char *text = cJSON_PrintUnformatted(node_of(value));

	if (text == NULL)
		return ERROR_MEMORY;
	buffer_append_string(out, text);
	cJSON_free(text);
	return out->failed;
}
