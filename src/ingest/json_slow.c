/*
 * The way of an odd line: through cJSON, with the same names and values in the same order.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ingest/json_scan.h"
#include "tocsin/base/json.h"

struct slow {
	char *out;
	char *end;
	struct members *members;
};

/* Copies, since the document does not outlive the call. */
static bool keep(struct slow *slow, struct slice text, struct slice *kept)
{
	if ((size_t)(slow->end - slow->out) < text.size)
		return false;
	if (text.size > 0)
		memcpy(slow->out, text.data, text.size);
	*kept = (struct slice){ slow->out, text.size };
	slow->out += text.size;
	return true;
}

static bool keep_number(struct slow *slow, const struct json_value *value, struct slice *kept)
{
	char text[40];
	double number = 0;
	int size;

	json_value_number(value, &number);
	if (number == floor(number) && fabs(number) < 1e15)
		size = snprintf(text, sizeof(text), "%lld", (long long)number);
	else
		size = snprintf(text, sizeof(text), "%.17g", number);
	return keep(slow, (struct slice){ text, (size_t)size }, kept);
}

/* The journal writes a message that is not UTF-8 as an array of its bytes. */
static bool keep_bytes(struct slow *slow, const struct json_value *array, struct slice *kept)
{
	const struct json_value *element = json_first(array);
	char *start = slow->out;

	for (; element != NULL; element = json_next(element)) {
		struct slice byte;
		double number;
		char value;

		if (!json_value_number(element, &number) || number < 0 || number > 255)
			return false;
		value = (char)(unsigned char)number;
		if (!keep(slow, (struct slice){ &value, 1 }, &byte))
			return false;
	}
	*kept = (struct slice){ start, (size_t)(slow->out - start) };
	return true;
}

static bool keep_value(struct slow *slow, const struct json_value *value, struct slice *kept)
{
	switch (json_value_kind(value)) {
	case JSON_STRING:
		return keep(slow, json_value_string(value), kept);
	case JSON_NUMBER:
		return keep_number(slow, value, kept);
	case JSON_BOOL:
		return keep(slow, slice_of(json_value_is_true(value) ? "true" : "false"), kept);
	case JSON_ARRAY:
		return slice_is(json_value_key(value), "MESSAGE") && keep_bytes(slow, value, kept);
	default:
		return false;
	}
}

static void add(struct slow *slow, const struct json_value *outer, const struct json_value *member)
{
	struct slice name, part, value;

	if (!keep_value(slow, member, &value))
		return;
	name = (struct slice){ slow->out, 0 };
	if (outer != NULL && (!keep(slow, json_value_key(outer), &part) || !keep(slow, slice_of("."), &part)))
		return;
	if (!keep(slow, json_value_key(member), &part))
		return;
	name.size = (size_t)(slow->out - name.data);
	members_add(slow->members, member_meaning(name), name, value);
}

enum json_result json_scan_slowly(struct slice text, struct scratch *scratch, struct members *members)
{
	struct slow slow = { .members = members };
	struct json_document *document = json_parse(text);
	size_t room =
		8 * text.size + 64; /* what does not fit is left out: nobody names a hundred inner members alike */

	if (document == NULL || json_value_kind(json_root(document)) != JSON_OBJECT) {
		json_document_free(document);
		return JSON_BROKEN;
	}
	slow.out = scratch_room(scratch, room);
	if (slow.out == NULL) {
		json_document_free(document);
		return JSON_BROKEN;
	}
	slow.end = slow.out + room;
	for (const struct json_value *member = json_first(json_root(document)); member != NULL;
		member = json_next(member)) {
		if (json_value_kind(member) != JSON_OBJECT) {
			add(&slow, NULL, member);
			continue;
		}
		for (const struct json_value *inner = json_first(member); inner != NULL; inner = json_next(inner))
			add(&slow, member, inner);
	}
	json_document_free(document);
	return JSON_SCANNED;
}
