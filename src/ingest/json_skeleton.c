#include "ingest/json_skeleton.h"

#include <string.h>

#include "ingest/json_scan.h"

#define PATIENCE 64 /* misses in a row, from which on not every line is learned from */
#define SELDOM 64

/* --- reading ------------------------------------------------------------------------------------------------------ */

static inline bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && is_digit(*at))
		at++;
	return at;
}

/* A number as most are written, or true or false; NULL for anything else. */
static const char *skip_scalar(const char *at, const char *end)
{
	const char *digits = at + (at < end && *at == '-');
	const char *behind = skip_digits(digits, end);

	if (end - at >= 5 && (memcmp(at, "true", 4) == 0 || memcmp(at, "false", 5) == 0))
		return at + (*at == 't' ? 4 : 5);
	if (behind == digits || (*digits == '0' && behind - digits > 1))
		return NULL;
	if (behind < end && *behind == '.') {
		digits = behind + 1;
		behind = skip_digits(digits, end);
		if (behind == digits)
			return NULL;
	}
	return behind < end && (*behind | 0x20) == 'e' ? NULL : behind;
}

static inline const char *skip_value(bool is_string, const char *at, const char *end)
{
	const char *behind = is_string ? json_find_special(at, end) : skip_scalar(at, end);

	return behind == NULL || behind >= end || (is_string && *behind != '"') ? NULL : behind;
}

static bool fits(const struct json_skeleton *skeleton, struct slice line, struct slice values[MEMBER_FIELD + 1])
{
	const char *at = line.data, *end = line.data + line.size;
	const char *text = skeleton->text;
	size_t rest = skeleton->size;

	for (size_t i = 0; i < skeleton->count; i++) {
		size_t size = skeleton->members[i].size;
		const char *behind;

		if ((size_t)(end - at) < size || memcmp(at, text, size) != 0)
			return false;
		at += size;
		text += size;
		rest -= size;
		behind = skip_value(skeleton->members[i].is_string, at, end);
		if (behind == NULL)
			return false;
		values[skeleton->members[i].role] = (struct slice){ at, (size_t)(behind - at) };
		at = behind;
	}
	return (size_t)(end - at) == rest && memcmp(at, text, rest) == 0;
}

/* --- learning ----------------------------------------------------------------------------------------------------- */

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* Of a member: where its value begins, behind the quote of a string. NULL when it is none that a skeleton has. */
static const char *find_value(const char *at, const char *end, struct slice *name, bool *is_string)
{
	const char *behind;

	at = skip_space(at, end);
	if (at >= end || *at != '"')
		return NULL;
	behind = json_find_special(at + 1, end);
	if (behind >= end || *behind != '"')
		return NULL;
	*name = (struct slice){ at + 1, (size_t)(behind - at) - 1 };
	at = skip_space(behind + 1, end);
	if (at >= end || *at != ':')
		return NULL;
	at = skip_space(at + 1, end);
	*is_string = at < end && *at == '"';
	return at + *is_string;
}

/* Where two members mean the same, the better known one counts, or the first. */
struct ranking {
	uint8_t ranks[MEMBER_FIELD];
	size_t members[MEMBER_FIELD]; /* + 1 */
};

static void rank(struct json_skeleton *skeleton, struct ranking *ranking, struct slice name)
{
	struct member_meaning meaning = member_meaning(name);
	size_t member = skeleton->count;

	skeleton->members[member].role = MEMBER_FIELD;
	if (meaning.role == MEMBER_FIELD ||
		(ranking->members[meaning.role] != 0 && meaning.rank >= ranking->ranks[meaning.role]))
		return;
	if (ranking->members[meaning.role] != 0)
		skeleton->members[ranking->members[meaning.role] - 1].role = MEMBER_FIELD;
	ranking->ranks[meaning.role] = meaning.rank;
	ranking->members[meaning.role] = member + 1;
	skeleton->members[member].role = meaning.role;
}

static bool put_text(struct json_skeleton *skeleton, const char *from, const char *to)
{
	size_t size = (size_t)(to - from);

	if (size > sizeof(skeleton->text) - skeleton->size)
		return false;
	memcpy(skeleton->text + skeleton->size, from, size);
	skeleton->size += size;
	return true;
}

/* Says every role, and none in a way that needs more than its text: a unit of systemd loses its ending. */
static bool is_worth_it(const struct json_skeleton *skeleton, const struct ranking *ranking)
{
	for (size_t role = 0; role < MEMBER_FIELD; role++)
		if (ranking->members[role] == 0)
			return false;
	return memmem(skeleton->text, skeleton->size, "_SYSTEMD_UNIT", 13) == NULL;
}

static bool learn(struct json_skeleton *skeleton, struct slice line)
{
	struct ranking ranking = { 0 };
	const char *at = line.data, *end = line.data + line.size, *before = at;

	skeleton->count = skeleton->size = 0;
	if (at >= end || *at != '{')
		return false;
	for (;;) {
		struct slice name;
		bool is_string;
		const char *value = find_value(at + 1, end, &name, &is_string);
		const char *behind = value != NULL ? skip_value(is_string, value, end) : NULL;

		if (behind == NULL || skeleton->count == JSON_SKELETON_MEMBERS || !put_text(skeleton, before, value))
			return false;
		rank(skeleton, &ranking, name);
		skeleton->members[skeleton->count].size = (uint16_t)(value - before);
		skeleton->members[skeleton->count++].is_string = is_string;
		before = behind;
		at = skip_space(behind + is_string, end);
		if (at >= end || *at != ',')
			break;
	}
	return at < end && *at == '}' && put_text(skeleton, before, end) && skip_space(at + 1, end) == end &&
		is_worth_it(skeleton, &ranking);
}

bool json_skeleton_read(struct json_skeletons *skeletons, struct slice line, struct slice values[MEMBER_FIELD])
{
	struct slice found[MEMBER_FIELD + 1];
	struct json_skeleton *place = &skeletons->known[skeletons->next];

	for (size_t i = 0, way = skeletons->recent; i < JSON_SKELETONS; i++, way = (way + 1) % JSON_SKELETONS) {
		if (skeletons->known[way].count == 0 || !fits(&skeletons->known[way], line, found))
			continue;
		memcpy(values, found, MEMBER_FIELD * sizeof(*values));
		skeletons->recent = way;
		skeletons->misses = 0;
		return true;
	}
	if (skeletons->misses++ > PATIENCE && skeletons->misses % SELDOM != 0)
		return false;
	if (learn(place, line)) {
		skeletons->recent = skeletons->next;
		skeletons->next = (skeletons->next + 1) % JSON_SKELETONS;
	} else {
		place->count = 0;
	}
	return false;
}
