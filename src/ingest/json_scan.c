/*
 * One pass over the bytes. A string without a backslash is a slice of the line; one with is unescaped into scratch,
 * which never takes more than the line is long.
 */
#include "ingest/json_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/utf8.h"

#define KNOWN_MEMBERS 48
#define KNOWN_NAME 32
#define DEPTH_MAXIMUM 60

struct known {
	char name[KNOWN_NAME];
	uint8_t size;
	struct member_meaning meaning;
};

struct json_scanner {
	struct known known[KNOWN_MEMBERS];
};

struct scan {
	struct json_scanner *scanner;
	const char *at;
	const char *end;
	char *out; /* where the next unescaped text goes */
	char *out_end;
	size_t index;
	struct members *members;
};

struct json_scanner *json_scanner_create(void)
{
	return calloc(1, sizeof(struct json_scanner));
}

void json_scanner_destroy(struct json_scanner *scanner)
{
	free(scanner);
}

static struct member_meaning meaning_of(struct scan *scan, struct slice name)
{
	size_t index = scan->index++;
	struct known *known;

	if (index >= KNOWN_MEMBERS || name.size > KNOWN_NAME)
		return member_meaning(name);
	known = &scan->scanner->known[index];
	if (known->size != name.size || known->size == 0 || memcmp(known->name, name.data, name.size) != 0) {
		known->meaning = member_meaning(name);
		known->size = (uint8_t)name.size;
		if (name.size > 0)
			memcpy(known->name, name.data, name.size);
	}
	return known->meaning;
}

static void skip_space(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || (*scan->at >= '\t' && *scan->at <= '\r')))
		scan->at++;
}

static inline bool take_byte(struct scan *scan, char byte)
{
	if (scan->at < scan->end && *scan->at != byte)
		skip_space(scan);
	if (scan->at >= scan->end || *scan->at != byte)
		return false;
	scan->at++;
	return true;
}

static bool take_hex(struct scan *scan, uint32_t *value)
{
	*value = 0;
	if (scan->end - scan->at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char digit = *scan->at++;

		*value <<= 4;
		if (digit >= '0' && digit <= '9')
			*value |= (uint32_t)(digit - '0');
		else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
			*value |= (uint32_t)((digit | 0x20) - 'a' + 10);
		else
			return false;
	}
	return true;
}

/* "u00e9" behind its backslash. What cannot be, half a pair and \u0000, is left to cJSON. */
static bool take_unicode(struct scan *scan)
{
	uint32_t code;
	uint32_t low;

	if (!take_hex(scan, &code) || code == 0 || (code >= 0xDC00 && code <= 0xDFFF))
		return false;
	if (code >= 0xD800 && code <= 0xDBFF) {
		if (scan->end - scan->at < 6 || scan->at[0] != '\\' || scan->at[1] != 'u')
			return false;
		scan->at += 2;
		if (!take_hex(scan, &low) || low < 0xDC00 || low > 0xDFFF)
			return false;
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	scan->out += utf8_encode(code, scan->out);
	return true;
}

static bool take_escape(struct scan *scan)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char bytes[] = "\"\\/\b\f\n\r\t";
	const char *found;
	char letter;

	if (scan->at >= scan->end)
		return false;
	letter = *scan->at++;
	if (letter == 'u')
		return take_unicode(scan);
	found = letter != '\0' ? strchr(letters, letter) : NULL;
	if (found == NULL)
		return false;
	*scan->out++ = bytes[found - letters];
	return true;
}

/* A string of which the quote was taken, from its first backslash at `scan->at` on. */
static bool take_escaped(struct scan *scan, const char *start, struct slice *text)
{
	char *begin = scan->out;
	size_t plain = (size_t)(scan->at - start);

	memcpy(scan->out, start, plain);
	scan->out += plain;
	while (scan->at < scan->end && *scan->at != '"') {
		if (*scan->at != '\\') {
			*scan->out++ = *scan->at++;
			continue;
		}
		scan->at++;
		if (!take_escape(scan))
			return false;
	}
	if (scan->at >= scan->end)
		return false;
	scan->at++;
	*text = (struct slice){ begin, (size_t)(scan->out - begin) };
	return true;
}

/* A bit set in each byte of `word` that equals `byte`, and perhaps in bytes behind the first such. */
static uint64_t equal_bytes(uint64_t word, unsigned char byte)
{
	uint64_t ones = UINT64_C(0x0101010101010101);

	word ^= ones * byte;
	return (word - ones) & ~word & (ones << 7);
}

const char *json_find_special(const char *at, const char *end)
{
#ifdef __SSE2__
	while (end - at >= 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i_u *)(const void *)at);
		__m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
						     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
			_mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
		unsigned mask = (unsigned)_mm_movemask_epi8(found);

		if (mask != 0)
			return at + __builtin_ctz(mask);
		at += 16;
	}
#endif
	while (end - at >= 8) {
		uint64_t word;
		uint64_t found;

		memcpy(&word, at, sizeof(word));
		word = le64toh(word);
		found = equal_bytes(word, '"') | equal_bytes(word, '\\') | equal_bytes(word, 0);
		if (found != 0)
			return at + __builtin_ctzll(found) / 8;
		at += 8;
	}
	while (at < end && *at != '"' && *at != '\\' && *at != '\0')
		at++;
	return at;
}

static bool take_string(struct scan *scan, bool may_escape, struct slice *text)
{
	const char *start;

	if (!take_byte(scan, '"'))
		return false;
	start = scan->at;
	scan->at = json_find_special(start, scan->end);
	if (scan->at >= scan->end || *scan->at == '\0')
		return false;
	if (*scan->at == '\\')
		return may_escape && take_escaped(scan, start, text);
	*text = (struct slice){ start, (size_t)(scan->at - start) };
	scan->at++;
	return true;
}

static size_t count_digits(struct scan *scan)
{
	const char *start = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return (size_t)(scan->at - start);
}

static bool take_number(struct scan *scan, struct slice *text)
{
	const char *start = scan->at;
	bool is_zero;

	if (*scan->at == '-')
		scan->at++;
	is_zero = scan->at < scan->end && *scan->at == '0';
	if ((is_zero ? count_digits(scan) != 1 : count_digits(scan) == 0))
		return false;
	if (scan->at < scan->end && *scan->at == '.') {
		scan->at++;
		if (count_digits(scan) == 0)
			return false;
	}
	if (scan->at < scan->end && (*scan->at | 0x20) == 'e') {
		scan->at++;
		if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
			scan->at++;
		if (count_digits(scan) == 0)
			return false;
	}
	*text = (struct slice){ start, (size_t)(scan->at - start) };
	return true;
}

static bool take_word(struct scan *scan, const char *word, struct slice *text)
{
	size_t size = strlen(word);

	if ((size_t)(scan->end - scan->at) < size || memcmp(scan->at, word, size) != 0)
		return false;
	*text = (struct slice){ scan->at, size };
	scan->at += size;
	return true;
}

/* A string, a number or a word. `data` stays NULL for null. */
static bool take_scalar(struct scan *scan, struct slice *value)
{
	struct slice ignored;

	*value = (struct slice){ 0 };
	switch (*scan->at) {
	case '"':
		return take_string(scan, true, value);
	case 't':
		return take_word(scan, "true", value);
	case 'f':
		return take_word(scan, "false", value);
	case 'n':
		return take_word(scan, "null", &ignored);
	default:
		return take_number(scan, value);
	}
}

/* "outer.inner", put together in scratch. What stands unread may still be unescaped there, so that much stays free. */
static bool join_names(struct scan *scan, struct slice outer, struct slice *inner)
{
	size_t size = outer.size + 1 + inner->size;

	if ((size_t)(scan->out_end - scan->out) < size + (size_t)(scan->end - scan->at))
		return false;
	if (outer.size > 0)
		memcpy(scan->out, outer.data, outer.size);
	scan->out[outer.size] = '.';
	if (inner->size > 0)
		memcpy(scan->out + outer.size + 1, inner->data, inner->size);
	*inner = (struct slice){ scan->out, size };
	scan->out += size;
	return true;
}

/* Checks a value that is left out. */
static bool skip_value(struct scan *scan, int depth)
{
	struct slice ignored;
	bool is_object;
	char closing;

	skip_space(scan);
	if (scan->at >= scan->end || depth > DEPTH_MAXIMUM)
		return false;
	if (*scan->at != '{' && *scan->at != '[')
		return take_scalar(scan, &ignored);
	is_object = *scan->at++ == '{';
	closing = is_object ? '}' : ']';
	if (take_byte(scan, closing))
		return true;
	do {
		if (is_object && (!take_string(scan, false, &ignored) || !take_byte(scan, ':')))
			return false;
		if (!skip_value(scan, depth + 1))
			return false;
	} while (take_byte(scan, ','));
	return take_byte(scan, closing);
}

static bool take_object(struct scan *scan, const struct slice *outer);

/* One member of an object, or of the object `outer` inside it. */
static bool take_member(struct scan *scan, const struct slice *outer)
{
	struct slice name;
	struct slice value;

	if (!take_string(scan, false, &name) || !take_byte(scan, ':'))
		return false;
	skip_space(scan);
	if (scan->at >= scan->end)
		return false;
	if (*scan->at == '[' && slice_is(name, "MESSAGE"))
		return false;
	if (*scan->at == '{' && outer == NULL)
		return take_object(scan, &name);
	if (*scan->at == '{' || *scan->at == '[')
		return skip_value(scan, 2);
	if (!take_scalar(scan, &value))
		return false;
	if (value.data == NULL)
		return true;
	if (outer != NULL && !join_names(scan, *outer, &name))
		return false;
	members_add(scan->members, meaning_of(scan, name), name, value);
	return true;
}

static bool take_object(struct scan *scan, const struct slice *outer)
{
	if (!take_byte(scan, '{'))
		return false;
	if (take_byte(scan, '}'))
		return true;
	do {
		if (!take_member(scan, outer))
			return false;
	} while (take_byte(scan, ','));
	return take_byte(scan, '}');
}

enum json_result json_scan(
	struct json_scanner *scanner, struct slice text, struct scratch *scratch, struct members *members)
{
	struct scan scan = { .scanner = scanner, .at = text.data, .end = text.data + text.size, .members = members };
	size_t room = 3 * text.size + 64;

	scan.out = scratch_room(scratch, room);
	if (scan.out == NULL)
		return JSON_ODD;
	scan.out_end = scan.out + room;
	if (!take_object(&scan, NULL))
		return JSON_ODD;
	skip_space(&scan);
	return scan.at == scan.end ? JSON_SCANNED : JSON_ODD;
}

size_t json_unescape(struct slice text, char *out)
{
	struct scan scan = { .at = text.data, .end = text.data + text.size, .out = out };

	while (scan.at < scan.end) {
		const char *start = scan.at;

		if (*scan.at++ == '\\' && take_escape(&scan))
			continue;
		scan.at = start + 1;
		*scan.out++ = *start;
	}
	return (size_t)(scan.out - out);
}
