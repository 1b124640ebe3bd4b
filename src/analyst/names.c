/*
 * Matching of names. A name has parts ("payment-service": payment, service); generic parts never identify a service.
 */
#include "analyst/names.h"

#include <string.h>

#define NAME_BYTES 64

static const char *const generic[] = { "service", "services", "svc", "server", "api", "app", "the", "srv", "prod",
	"dev", "test", "main", "core", "log", "logs", "error", "errors", "data", "system", "worker", "manager", "my",
	"new" };

static bool is_generic(struct slice part)
{
	for (size_t i = 0; i < sizeof(generic) / sizeof(generic[0]); i++)
		if (slice_equal_nocase(part, slice_of(generic[i])))
			return true;
	return false;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
		(unsigned char)c >= 0x80;
}

bool names_next_word(struct slice *rest, struct slice *word)
{
	size_t start = 0, end;

	while (start < rest->size && !is_word_byte(rest->data[start]))
		start++;
	for (end = start; end < rest->size; end++)
		if (!is_word_byte(rest->data[end]) && rest->data[end] != '-' && rest->data[end] != '.')
			break;
	*word = (struct slice){ rest->data + start, end - start };
	*rest = slice_from(*rest, end);
	while (word->size && !is_word_byte(word->data[word->size - 1]))
		word->size--;
	return word->size > 0;
}

size_t names_find_word(struct slice text, struct slice word)
{
	size_t start = 0;

	if (word.size == 0)
		return SIZE_MAX;
	while (start < text.size) {
		size_t at = slice_find_nocase(slice_from(text, start), word);

		if (at == SIZE_MAX)
			return SIZE_MAX;
		at += start;
		if (at == 0 || !is_word_byte(text.data[at - 1]) || !is_word_byte(word.data[0]))
			return at;
		start = at + 1;
	}
	return SIZE_MAX;
}

/* The name without one generic ending: "payment-service" gives "payment"; "service" stays. */
static struct slice stem(struct slice name)
{
	for (size_t i = name.size; i-- > 1;) {
		char c = name.data[i];

		if (c != '-' && c != '_' && c != '.')
			continue;
		return is_generic(slice_from(name, i + 1)) ? slice_first(name, i) : name;
	}
	return name;
}

static bool next_part(struct slice *rest, struct slice *part)
{
	size_t start = 0, end;

	while (start < rest->size && !is_word_byte(rest->data[start]))
		start++;
	end = start;
	while (end < rest->size && is_word_byte(rest->data[end]) && rest->data[end] != '_')
		end++;
	if (end == start && start < rest->size)
		end++;
	*part = (struct slice){ rest->data + start, end - start };
	*rest = slice_from(*rest, end);
	return part->size > 0;
}

static bool has_part(struct slice name, struct slice word)
{
	struct slice part;

	if (word.size < 2 || is_generic(word))
		return false;
	while (next_part(&name, &part))
		if (slice_equal_nocase(part, word))
			return true;
	return false;
}

/* Equal when '-', '_', '.', ' ' count as one another. */
static bool same_name(struct slice a, struct slice b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++) {
		bool gap_a = memchr("-_. ", a.data[i], 4) != NULL, gap_b = memchr("-_. ", b.data[i], 4) != NULL;

		if (gap_a != gap_b ||
			(!gap_a &&
				!slice_equal_nocase((struct slice){ a.data + i, 1 }, (struct slice){ b.data + i, 1 })))
			return false;
	}
	return true;
}

enum match { MATCH_NONE, MATCH_PART, MATCH_STEM, MATCH_WHOLE };

static enum match match_name(struct slice name, struct slice word)
{
	struct slice singular = word.size > 3 && (word.data[word.size - 1] == 's' || word.data[word.size - 1] == 'S')
		? slice_first(word, word.size - 1)
		: word;

	if (same_name(name, word))
		return MATCH_WHOLE;
	if (is_generic(word))
		return MATCH_NONE;
	if (same_name(stem(name), stem(word)) || same_name(name, singular) || same_name(stem(name), stem(singular)))
		return MATCH_STEM;
	if (has_part(name, word) || has_part(name, singular))
		return MATCH_PART;
	if (slice_equal_nocase(word, slice_of("database")) && has_part(name, slice_of("db")))
		return MATCH_PART;
	return MATCH_NONE;
}

size_t names_match(const struct scene *scene, struct slice word, uint32_t services[NAMES_MAXIMUM])
{
	enum match best = MATCH_PART;
	size_t count = 0;

	for (uint32_t service = 0; word.size && service < store_service_count(scene->store); service++) {
		enum match match = match_name(store_service_name(scene->store, service), word);

		if (match < best || !scene_knows(scene, service))
			continue;
		if (match > best)
			count = 0;
		best = match;
		if (count < NAMES_MAXIMUM)
			services[count++] = service;
	}
	return count;
}

bool names_mentioned(const struct scene *scene, struct slice text, uint32_t service)
{
	struct slice name = store_service_name(scene->store, service), part;

	if (names_find_word(text, name) != SIZE_MAX)
		return true;
	if (!is_generic(stem(name)) && stem(name).size > 2 && names_find_word(text, stem(name)) != SIZE_MAX)
		return true;
	while (next_part(&name, &part)) {
		uint32_t services[NAMES_MAXIMUM];
		size_t at = part.size > 1 && !is_generic(part) ? names_find_word(text, part) : SIZE_MAX;

		if (at == SIZE_MAX || (at + part.size < text.size && is_word_byte(text.data[at + part.size])))
			continue;
		if (names_match(scene, part, services) == 1 && services[0] == service)
			return true;
	}
	return false;
}

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Edit distance, one row at a time; both sides are at most NAME_BYTES. */
static unsigned distance(struct slice a, struct slice b)
{
	unsigned row[NAME_BYTES + 1];

	a = slice_first(a, NAME_BYTES);
	b = slice_first(b, NAME_BYTES);
	for (unsigned j = 0; j <= b.size; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.size; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.size; j++) {
			unsigned replaced = diagonal + (fold(a.data[i - 1]) != fold(b.data[j - 1]));
			unsigned shortest = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;

			diagonal = row[j];
			row[j] = replaced < shortest ? replaced : shortest;
		}
	}
	return row[b.size];
}

uint32_t names_nearest(const struct scene *scene, struct slice word)
{
	uint32_t nearest = STORE_NO_CODE;
	unsigned best = UINT32_MAX;

	for (uint32_t service = 0; service < store_service_count(scene->store); service++) {
		struct slice name = store_service_name(scene->store, service);
		unsigned whole = distance(name, word), short_form = distance(stem(name), stem(word));
		unsigned least = whole < short_form ? whole : short_form;

		if (least < best && least <= 1 + stem(word).size / 4 && scene_knows(scene, service)) {
			best = least;
			nearest = service;
		}
	}
	return nearest;
}

static struct slice first_word(struct slice name)
{
	size_t end = 0;

	while (end < name.size && name.data[end] != '-' && name.data[end] != '/' && name.data[end] != '.')
		end++;
	return slice_first(name, end);
}

struct slice service_family(const struct scene *scene, uint32_t service)
{
	struct slice name = store_service_name(scene->store, service), word = first_word(name);
	uint32_t known = store_service_count(scene->store), same = 0;

	for (uint32_t i = 0; i < known; i++)
		same += slice_equal_nocase(first_word(store_service_name(scene->store, i)), word);
	return same > 2 && same > known / 2 ? name : word;
}
