/* The roster: who gets a ticket, and the reason that the ticket gives for it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/tickets/roster.h"

#include <stdio.h>
#include <string.h>

/* "section|name|value" lines, as a configuration reader would hand them over. */
static struct roster *read_roster(const char *text)
{
	struct roster *roster = roster_create();
	struct slice rest = slice_of(text), line, section, name;
	struct error error = { 0 };

	assert_non_null(roster);
	while (slice_next(&rest, ';', &line)) {
		assert_true(slice_next(&line, '|', &section));
		assert_true(slice_next(&line, '|', &name));
		if (roster_set(roster, section, name, line, &error) != 0)
			fail_msg("%s", error.text);
	}
	return roster;
}

static const char sample[] = "owners|orders-db|dana;owners|payment*|lee;owners|*-cache|oncall;owners|?x|kim;"
			     "owners|*|oncall;people|dana|Dana Reyes, dana@example.org;oncall|name|lee";

static void check_owner(const char *text, const char *service, const char *name, const char *reason)
{
	struct roster *roster = read_roster(text);
	char found[80], why[160];

	roster_owner(roster, slice_of(service), found, why);
	assert_string_equal(found, name);
	assert_string_equal(why, reason);
	roster_destroy(roster);
}

static void roster_owner__is_the_first_line_that_fits(void **state)
{
	static const struct {
		const char *service, *name, *reason;
	} cases[] = {
		{ "orders-db", "dana", "owns orders-db" },
		{ "Orders-DB", "dana", "owns orders-db" },
		{ "orders-db-2", "lee", "default owner, on call: nobody owns orders-db-2" },
		{ "payment", "lee", "owns payment*" },
		{ "payment-service", "lee", "owns payment*" },
		{ "payment-cache", "lee", "owns payment*" }, /* before *-cache */
		{ "user-cache", "lee", "on call for *-cache" },
		{ "ax", "kim", "owns ?x" },
		{ "x", "lee", "default owner, on call: nobody owns x" },
		{ "billing", "lee", "default owner, on call: nobody owns billing" },
		{ "", "lee", "default owner, on call: nobody owns a service without a name" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_owner(sample, cases[i].service, cases[i].name, cases[i].reason);
}

static void roster_owner__says_so__when_nobody_is_meant(void **state)
{
	(void)state;
	check_owner("", "billing", "", "there is no roster");
	check_owner("owners|a|dana", "billing", "", "nobody owns billing");
	check_owner("owners|a|dana;oncall|name|lee", "billing", "lee", "on call: nobody owns billing");
	check_owner("oncall|name|lee", "billing", "lee", "on call: nobody owns billing");
	check_owner("owners|*|dana", "billing", "dana", "default owner: nobody owns billing");
	/* Without [oncall] the word is all that is known. */
	check_owner("owners|*|oncall", "billing", "oncall", "default owner, on call: nobody owns billing");
}

static void roster_owner__is_safe__when_the_service_is_hostile(void **state)
{
	struct roster *roster = read_roster("owners|a|dana");
	char service[600], name[80], reason[160];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(service); i++)
		service[i] = (char)(i * 7 + 27);
	roster_owner(roster, (struct slice){ service, sizeof(service) }, name, reason);
	assert_string_equal(name, "");
	for (i = 0; reason[i] != '\0'; i++)
		assert_true((unsigned char)reason[i] >= 0x20 && reason[i] != 0x7f);
	roster_destroy(roster);
}

static void roster_owner__answers_at_once__when_the_glob_is_all_stars(void **state)
{
	struct roster *roster = read_roster("owners|*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b|dana");
	char service[4000], name[80], reason[160];

	(void)state;
	memset(service, 'a', sizeof(service));
	roster_owner(roster, (struct slice){ service, sizeof(service) }, name, reason);
	assert_string_equal(name, "");
	roster_destroy(roster);
}

static void roster_person__lists_everybody_once(void **state)
{
	struct roster *roster = read_roster(sample);

	(void)state;
	assert_int_equal(roster_person_count(roster), 3);
	assert_string_equal(roster_person(roster, 0), "dana");
	assert_string_equal(roster_person(roster, 1), "lee");
	assert_string_equal(roster_person(roster, 2), "kim");
	assert_true(slice_is(roster_describe(roster, slice_of("dana")), "Dana Reyes, dana@example.org"));
	assert_true(slice_is(roster_describe(roster, slice_of("lee")), "lee"));
	assert_true(slice_is(roster_describe(roster, slice_of("sam")), "sam"));
	assert_true(slice_is(roster_describe(roster, slice_of("")), ""));
	roster_destroy(roster);
}

static void roster_set__names_what_is_wrong(void **state)
{
	static const struct {
		const char *section, *name, *value, *says;
	} cases[] = {
		{ "owner", "a", "b", "[owners], [people], [oncall]" },
		{ "owners", "a", "  ", "an owner is empty" },
		{ "owners", "", "dana", "a service of [owners] is empty" },
		{ "owners", "a\x1b", "dana", "no text" },
		{ "owners", "a", "da\xffna", "no text" },
		{ "people", "dana", "", "description of a person is empty" },
		{ "people", "lee", "Lee Two", "lists lee twice" },
		{ "oncall", "who", "lee", "only the key \"name\"" },
		{ "oncall", "name", "", "the name in [oncall] is empty" },
	};
	struct roster *roster = read_roster("people|lee|Lee One");
	char longest[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error error = { 0 };

		assert_int_equal(roster_set(roster, slice_of(cases[i].section), slice_of(cases[i].name),
					    slice_of(cases[i].value), &error), ERROR_INPUT);
		assert_non_null(strstr(error.text, cases[i].says));
	}
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(roster_set(roster, slice_of("owners"), (struct slice){ longest, 80 }, slice_of("a"), NULL),
			 ERROR_INPUT);
	assert_int_equal(roster_set(roster, slice_of("owners"), (struct slice){ longest, 79 }, slice_of("a"), NULL), 0);
	assert_true(slice_is(roster_describe(roster, slice_of("lee")), "Lee One"));
	roster_destroy(roster);
}

static void roster_set__stops__at_its_maximum(void **state)
{
	struct roster *roster = roster_create();
	struct error error = { 0 };
	char name[20];
	int i, good = 0;

	(void)state;
	for (i = 0; i < 1100; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		good += roster_set(roster, slice_of("owners"), slice_of(name), slice_of("dana"), &error) == 0;
	}
	assert_int_equal(good, 1000);
	assert_int_equal(error.code, ERROR_FULL);
	roster_destroy(roster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roster_owner__is_the_first_line_that_fits),
		cmocka_unit_test(roster_owner__says_so__when_nobody_is_meant),
		cmocka_unit_test(roster_owner__is_safe__when_the_service_is_hostile),
		cmocka_unit_test(roster_owner__answers_at_once__when_the_glob_is_all_stars),
		cmocka_unit_test(roster_person__lists_everybody_once),
		cmocka_unit_test(roster_set__names_what_is_wrong),
		cmocka_unit_test(roster_set__stops__at_its_maximum),
	};

	return cmocka_run_group_tests_name("tickets/roster", tests, NULL, NULL);
}
