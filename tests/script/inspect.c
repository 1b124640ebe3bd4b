/*
 * Looks at output for the script tests, because no shell can read JSON or tell a raw control byte from a part of a
 * letter. It prints faults, or values, and nothing else.
 *
 *   inspect members PATH=NAME:TYPE,...
 *       every line is one JSON object, and what PATH leads to has exactly these members of these types: n number,
 *       s string, t time, o object, a array, b boolean, 0 null; several letters mean any of them. PATH is empty for the
 *       line itself; several arguments are several demands
 *   inspect get PATH
 *       the value at PATH of every line, one a line: strings as they are, anything else as JSON
 *   inspect shown
 *       valid UTF-8, no control characters but newlines, nothing that changes direction or hides
 *
 * A PATH is names and indexes with dots between them; * stands for every element of an array.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/buffer.h"
#include "tocsin/base/timestamp.h"
#include "tocsin/base/utf8.h"

#define MAXIMUM_INPUT ((size_t)1 << 26)

typedef void (*visit_fn)(const void *context, size_t line, const cJSON *value);

/* Calls `visit` with everything that `path` leads to; with NULL where it leads nowhere. */
static void walk(const cJSON *value, struct slice path, size_t line, visit_fn visit, const void *context)
{
	struct slice part;
	const cJSON *element;
	char name[128];
	uint64_t index;

	if (value == NULL || !slice_next(&path, '.', &part)) {
		visit(context, line, value);
	} else if (slice_is(part, "*")) {
		cJSON_ArrayForEach(element, value) walk(element, path, line, visit, context);
	} else if (slice_to_u64(part, &index)) {
		walk(cJSON_GetArrayItem(value, (int)index), path, line, visit, context);
	} else {
		slice_copy(part, name, sizeof(name));
		walk(cJSON_GetObjectItemCaseSensitive(value, name), path, line, visit, context);
	}
}

/* --- members --------------------------------------------------------------------------------------------------- */

static bool is_type(const cJSON *value, char type)
{
	int64_t time;

	switch (type) {
	case 'n':
		return cJSON_IsNumber(value);
	case 's':
		return cJSON_IsString(value);
	case 't':
		return cJSON_IsString(value) && strchr(value->valuestring, 'Z') != NULL &&
			timestamp_parse(slice_of(value->valuestring), NULL, &time);
	case 'o':
		return cJSON_IsObject(value);
	case 'a':
		return cJSON_IsArray(value);
	case 'b':
		return cJSON_IsBool(value);
	default:
		return type == '0' && cJSON_IsNull(value);
	}
}

static bool is_of(const cJSON *value, struct slice types)
{
	for (size_t i = 0; i < types.size; i++)
		if (is_type(value, types.data[i]))
			return true;
	return false;
}

/* "NAME:TYPE" apart. */
static struct slice split_type(struct slice *member)
{
	size_t colon = slice_find_byte(*member, ':');
	struct slice types = colon == SIZE_MAX ? (struct slice){ NULL, 0 } : slice_from(*member, colon + 1);

	*member = slice_first(*member, colon);
	return types;
}

static bool is_listed(struct slice members, const char *name)
{
	struct slice member;

	while (slice_next(&members, ',', &member)) {
		split_type(&member);
		if (slice_is(member, name))
			return true;
	}
	return false;
}

static void check_members(const void *context, size_t line, const cJSON *object)
{
	struct slice demand = slice_of(context);
	size_t equals = slice_find_byte(demand, '=');
	struct slice path = slice_first(demand, equals);
	struct slice members = slice_from(demand, equals + 1);
	struct slice rest = members;
	struct slice member;
	const cJSON *item;

	if (!cJSON_IsObject(object)) {
		printf("line %zu: \"%.*s\" is no object\n", line, (int)path.size, path.data);
		return;
	}
	while (slice_next(&rest, ',', &member)) {
		struct slice types = split_type(&member);
		char name[128];

		slice_copy(member, name, sizeof(name));
		item = cJSON_GetObjectItemCaseSensitive(object, name);
		if (item == NULL)
			printf("line %zu: \"%.*s\" has no \"%s\"\n", line, (int)path.size, path.data, name);
		else if (!is_of(item, types))
			printf("line %zu: \"%.*s\": \"%s\" is not of type %.*s\n", line, (int)path.size, path.data,
				name, (int)types.size, types.data);
	}
	cJSON_ArrayForEach(item, object) if (!is_listed(members, item->string))
		printf("line %zu: \"%.*s\" has an unexpected \"%s\"\n", line, (int)path.size, path.data, item->string);
}

/* --- get ------------------------------------------------------------------------------------------------------- */

static void print_value(const void *context, size_t line, const cJSON *value)
{
	char *text;

	(void)context;
	if (value == NULL) {
		printf("line %zu: absent\n", line);
	} else if (cJSON_IsString(value)) {
		puts(value->valuestring);
	} else {
		text = cJSON_PrintUnformatted(value);
		puts(text == NULL ? "out of memory" : text);
		cJSON_free(text);
	}
}

/* --- shown ----------------------------------------------------------------------------------------------------- */

static bool is_hidden(uint32_t c)
{
	return (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0) || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
		(c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static void check_shown(struct slice text)
{
	uint32_t code_point;
	size_t line = 1;
	bool valid;

	while (utf8_next(&text, &code_point, &valid)) {
		if (!valid)
			printf("line %zu: a byte that is no UTF-8\n", line);
		else if (is_hidden(code_point))
			printf("line %zu: U+%04X\n", line, (unsigned)code_point);
		line += code_point == '\n';
	}
}

static void each_line(struct slice text, int count, char **arguments, bool print)
{
	struct slice line;

	for (size_t number = 1; slice_next(&text, '\n', &line); number++) {
		const char *end = NULL;
		cJSON *value = cJSON_ParseWithLengthOpts(line.data, line.size, &end, false);

		if (!cJSON_IsObject(value) || end != line.data + line.size)
			printf("line %zu: not one JSON object: %.*s\n", number,
				(int)(line.size < 200 ? line.size : 200), line.data);
		else if (print)
			walk(value, slice_of(arguments[0]), number, print_value, NULL);
		else
			for (int i = 0; i < count; i++)
				walk(value, slice_first(slice_of(arguments[i]), strcspn(arguments[i], "=")), number,
					check_members, arguments[i]);
		cJSON_Delete(value);
	}
}

static int read_input(struct buffer *input)
{
	char block[65536];
	size_t size;

	buffer_init(input, MAXIMUM_INPUT);
	while ((size = fread(block, 1, sizeof(block), stdin)) > 0)
		buffer_append(input, block, size);
	return input->failed;
}

int main(int argc, char **argv)
{
	struct buffer input;
	int result = 0;

	if (argc < 2 || read_input(&input) != 0)
		return 2;
	if (strcmp(argv[1], "shown") == 0)
		check_shown(buffer_slice(&input));
	else if (argc > 2 && strcmp(argv[1], "members") == 0)
		each_line(buffer_slice(&input), argc - 2, argv + 2, false);
	else if (argc == 3 && strcmp(argv[1], "get") == 0)
		each_line(buffer_slice(&input), 1, argv + 2, true);
	else
		result = 2;
	buffer_release(&input);
	return result;
}
