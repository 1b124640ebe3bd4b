/*
 * The roster: a list of globs with an owner each, read from top to bottom, and the people behind the short names.
 */
#include "tocsin/tickets/roster.h"

#include "tocsin/base/utf8.h"
#include "tocsin/base/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROSTER_MAXIMUM 1000 /* most owner lines, and most people */

struct owner {
	char pattern[80];
	char name[80];
};

struct person {
	char name[80];
	char description[200]; /* "" for an owner whom [people] does not list */
};

struct roster {
	struct vector owners; /* struct owner, in the order of the file */
	struct vector people; /* struct person, in order of first appearance */
	char oncall[80];
};

struct roster *roster_create(void)
{
	struct roster *roster = calloc(1, sizeof(*roster));

	if (roster == NULL)
		return NULL;
	vector_init(&roster->owners, sizeof(struct owner), ROSTER_MAXIMUM);
	vector_init(&roster->people, sizeof(struct person), ROSTER_MAXIMUM);
	return roster;
}

void roster_destroy(struct roster *roster)
{
	if (roster == NULL)
		return;
	vector_release(&roster->owners);
	vector_release(&roster->people);
	free(roster);
}

/* Everything of a roster may stand on a screen and in a ticket, so it is plain text that fits. */
static int check(const char *what, struct slice text, size_t capacity, struct error *error)
{
	struct slice rest = text;
	uint32_t code_point;
	bool valid;

	if (text.size == 0)
		return error_set(error, ERROR_INPUT, "roster: %s is empty", what);
	if (text.size >= capacity)
		return error_set(error, ERROR_INPUT, "roster: %s is longer than %zu bytes", what, capacity - 1);
	while (utf8_next(&rest, &code_point, &valid)) {
		if (!valid || code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0))
			return error_set(error, ERROR_INPUT, "roster: %s holds a byte that is no text", what);
	}
	return 0;
}

static struct person *find_person(const struct roster *roster, struct slice name)
{
	size_t i;

	for (i = 0; i < roster->people.count; i++) {
		struct person *person = vector_at(&roster->people, i);

		if (slice_is(name, person->name))
			return person;
	}
	return NULL;
}

static int put_person(struct roster *roster, struct slice name, struct slice description, struct error *error)
{
	struct person *person = find_person(roster, name);

	if (person == NULL) {
		person = vector_push(&roster->people);
		if (person == NULL)
			return error_set(error, ERROR_FULL, "roster: more than %d people", ROSTER_MAXIMUM);
		slice_copy(name, person->name, sizeof(person->name));
	} else if (description.size > 0 && person->description[0] != '\0') {
		return error_set(error, ERROR_INPUT, "roster: [people] lists %s twice", person->name);
	}
	if (description.size > 0)
		slice_copy(description, person->description, sizeof(person->description));
	return 0;
}

static int put_owner(struct roster *roster, struct slice pattern, struct slice name, struct error *error)
{
	struct owner *owner;
	int result = check("a service of [owners]", pattern, sizeof(owner->pattern), error);

	if (result == 0)
		result = check("an owner", name, sizeof(owner->name), error);
	/* "oncall" is a role, not somebody's name. */
	if (result == 0 && !slice_is(name, "oncall"))
		result = put_person(roster, name, (struct slice){ NULL, 0 }, error);
	if (result != 0)
		return result;
	owner = vector_push(&roster->owners);
	if (owner == NULL)
		return error_set(error, ERROR_FULL, "roster: more than %d lines of [owners]", ROSTER_MAXIMUM);
	slice_copy(pattern, owner->pattern, sizeof(owner->pattern));
	slice_copy(name, owner->name, sizeof(owner->name));
	return 0;
}

int roster_set(struct roster *roster, struct slice section, struct slice name, struct slice value, struct error *error)
{
	int result;

	name = slice_trim(name);
	value = slice_trim(value);
	if (slice_is(section, "owners"))
		return put_owner(roster, name, value, error);
	if (slice_is(section, "people")) {
		result = check("a name of [people]", name, sizeof(((struct person *)NULL)->name), error);
		if (result == 0)
			result = check("the description of a person", value,
				       sizeof(((struct person *)NULL)->description), error);
		return result != 0 ? result : put_person(roster, name, value, error);
	}
	if (slice_is(section, "oncall") && slice_is(name, "name")) {
		result = check("the name in [oncall]", value, sizeof(roster->oncall), error);
		if (result == 0)
			result = put_person(roster, value, (struct slice){ NULL, 0 }, error);
		if (result == 0)
			slice_copy(value, roster->oncall, sizeof(roster->oncall));
		return result;
	}
	if (slice_is(section, "oncall"))
		return error_set(error, ERROR_INPUT, "roster: [oncall] has only the key \"name\"");
	return error_set(error, ERROR_INPUT, "roster: a section is one of [owners], [people], [oncall]");
}

/* '*' is any run of characters, '?' any one byte, ASCII case does not matter. Only the last star is ever tried
   again, so the time is at most the product of both sizes. */
static bool fits(const char *pattern, struct slice text)
{
	size_t star = SIZE_MAX, mark = 0, p = 0, t = 0;

	while (t < text.size) {
		if (pattern[p] == '*') {
			star = p++;
			mark = t;
		} else if (pattern[p] != '\0' &&
			   (pattern[p] == '?' || slice_equal_nocase((struct slice){ &pattern[p], 1 },
								    (struct slice){ &text.data[t], 1 }))) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (pattern[p] == '*')
		p++;
	return pattern[p] == '\0';
}

static const struct owner *find_owner(const struct roster *roster, struct slice service)
{
	size_t i;

	for (i = 0; i < roster->owners.count; i++) {
		const struct owner *owner = vector_at(&roster->owners, i);

		if (fits(owner->pattern, service))
			return owner;
	}
	return NULL;
}

/* A service's name comes out of a log: it is cut and made safe before it stands in a sentence. */
static void shown(struct slice service, char out[100])
{
	struct buffer text;

	buffer_init(&text, 400);
	utf8_append_shown(&text, service.size == 0 ? slice_of("a service without a name") : service, 40);
	slice_copy(buffer_slice(&text), out, 100);
	buffer_release(&text);
}

void roster_owner(const struct roster *roster, struct slice service, char name[80], char reason[160])
{
	const struct owner *owner = find_owner(roster, service);
	bool role = owner == NULL || strcmp(owner->name, "oncall") == 0;
	char text[100];

	shown(service, text);
	snprintf(name, 80, "%s", role && (owner == NULL || roster->oncall[0] != '\0') ? roster->oncall : owner->name);
	if (roster->owners.count == 0 && roster->oncall[0] == '\0')
		snprintf(reason, 160, "there is no roster");
	else if (owner == NULL)
		snprintf(reason, 160, "%snobody owns %s", name[0] == '\0' ? "" : "on call: ", text);
	else if (strcmp(owner->pattern, "*") == 0)
		snprintf(reason, 160, "default owner%s: nobody owns %s", role ? ", on call" : "", text);
	else
		snprintf(reason, 160, "%s %s", role ? "on call for" : "owns", owner->pattern);
}

size_t roster_person_count(const struct roster *roster)
{
	return roster->people.count;
}

const char *roster_person(const struct roster *roster, size_t index)
{
	const struct person *person = vector_at(&roster->people, index);

	return person->name;
}

struct slice roster_describe(const struct roster *roster, struct slice name)
{
	const struct person *person = find_person(roster, name);

	return person == NULL || person->description[0] == '\0' ? name : slice_of(person->description);
}
