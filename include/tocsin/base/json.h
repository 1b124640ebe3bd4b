/*
 * Writing JSON, one value after the other, straight into a buffer; and reading a document through cJSON.
 *
 * The writer puts commas by itself. Strings are valid UTF-8 whatever the bytes were: an invalid byte becomes U+FFFD,
 * control characters are escaped, so that no output line can hold a raw newline or escape. The text is complete when
 * every begin had its end; failure is the buffer's (sticky).
 */
#ifndef TOCSIN_BASE_JSON_H
#define TOCSIN_BASE_JSON_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/slice.h"

struct json {
	struct buffer *out; /* borrowed */
	uint64_t comma;     /* one bit a depth: a comma is due */
	unsigned depth;     /* at most 60 */
	bool after_key;
};

void json_init(struct json *json, struct buffer *out);

void json_begin_object(struct json *json);
void json_end_object(struct json *json);
void json_begin_array(struct json *json);
void json_end_array(struct json *json);
void json_key(struct json *json, const char *key);

void json_string(struct json *json, struct slice text);
void json_u64(struct json *json, uint64_t value);
void json_i64(struct json *json, int64_t value);
void json_double(struct json *json, double value); /* at most 6 significant digits; null for NaN and infinities */
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
void json_time(struct json *json, int64_t time); /* RFC 3339 UTC, or null for TIMESTAMP_NONE */
void json_raw(struct json *json, struct slice value); /* a value that is JSON already: as it is */

/* key and value in one call, the common case */
void json_field_string(struct json *json, const char *key, struct slice text);
void json_field_text(struct json *json, const char *key, const char *text); /* NULL gives null */
void json_field_u64(struct json *json, const char *key, uint64_t value);
void json_field_double(struct json *json, const char *key, double value);
void json_field_time(struct json *json, const char *key, int64_t time);

/* Reading: whole small documents (what tocsin stored itself). */
struct json_document;
struct json_value; /* borrowed from its document */

struct json_document *json_parse(struct slice text); /* NULL when malformed, deeper than 60, or out of memory */
void json_document_free(struct json_document *document);
const struct json_value *json_root(const struct json_document *document);
const struct json_value *json_member(
	const struct json_value *object, const char *key); /* NULL when absent or not an object */
const struct json_value *json_element(const struct json_value *array, size_t index); /* NULL past the end */
/* Walks the members of an object or the elements of an array, in order; NULL at the end. */
const struct json_value *json_first(const struct json_value *container);
const struct json_value *json_next(const struct json_value *value);
struct slice json_value_key(const struct json_value *member); /* empty for what is no member */

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
enum json_kind json_value_kind(const struct json_value *value);
bool json_value_is_true(const struct json_value *value);
struct slice json_value_string(const struct json_value *value); /* empty unless a string; ends at its first \u0000 */
bool json_value_number(const struct json_value *value, double *number);
/* Writes a value read as JSON again, without white space; ERROR_MEMORY, or the buffer's failure. */
int json_value_append(struct buffer *out, const struct json_value *value);

#endif
