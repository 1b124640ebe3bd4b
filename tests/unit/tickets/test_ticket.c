/* The life of a ticket: every action in every state, the fields a person may set, and the fingerprint. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/tickets/ticket.h"

#include <stdio.h>
#include <string.h>

#define NO TICKET_STATE_COUNT /* refused */

static struct ticket sample(enum ticket_state state)
{
	struct ticket ticket = { .id = 7, .state = state, .title = "Pool is empty", .severity = "high",
				 .service = "orders-db", .template = "pool <*> exhausted", .assignee = "dana",
				 .assignee_reason = "owns orders-*", .count = 5 };

	if (state != TICKET_PROPOSED && state != TICKET_REJECTED)
		ticket.approved = 50;
	return ticket;
}

static void ticket_apply__leads_where_the_table_says__in_every_state(void **state)
{
	static const struct {
		enum ticket_action action;
		const char *text;
		enum ticket_state to[TICKET_STATE_COUNT]; /* by state, from proposed to rejected */
	} rows[] = {
		{ TICKET_APPROVE, "", { TICKET_APPROVED, NO, NO, NO, NO, NO } },
		{ TICKET_ASSIGN, "lee",
		  { TICKET_PROPOSED, TICKET_ASSIGNED, TICKET_ASSIGNED, TICKET_ASSIGNED, NO, NO } },
		{ TICKET_ACK, "", { NO, NO, TICKET_ACKNOWLEDGED, NO, NO, NO } },
		{ TICKET_RESOLVE, "", { NO, NO, TICKET_RESOLVED, TICKET_RESOLVED, NO, NO } },
		{ TICKET_REJECT, "known noise",
		  { TICKET_REJECTED, TICKET_REJECTED, TICKET_REJECTED, TICKET_REJECTED, NO, NO } },
		{ TICKET_REOPEN, "", { NO, NO, NO, NO, TICKET_APPROVED, TICKET_PROPOSED } },
	};
	size_t i;
	int from;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (from = 0; from < TICKET_STATE_COUNT; from++) {
			struct ticket before = sample((enum ticket_state)from), ticket = before;
			struct error error = { 0 };
			int result = ticket_apply(&ticket, rows[i].action, slice_of(rows[i].text), 99, &error);

			assert_int_equal(ticket_action_allowed(rows[i].action, before.state), rows[i].to[from] != NO);
			if (rows[i].to[from] != NO) {
				assert_int_equal(result, 0);
				assert_int_equal(ticket.state, rows[i].to[from]);
				assert_int_equal(ticket.changed, 99);
				continue;
			}
			assert_int_equal(result, ERROR_STATE);
			assert_memory_equal(&ticket, &before, sizeof(ticket));
			assert_non_null(strstr(error.text, "T-7"));
			assert_non_null(strstr(error.text, ticket_state_name(before.state)));
			assert_non_null(strstr(error.text, "undo"));
		}
	}
}

static void ticket_apply__says_what_would_be_allowed__when_it_refuses(void **state)
{
	struct ticket ticket = sample(TICKET_RESOLVED);
	struct error error = { 0 };

	(void)state;
	ticket_apply(&ticket, TICKET_ACK, slice_of(""), 1, &error);
	assert_string_equal(error.text, "T-7 is resolved, so ack is not possible; what is: reopen, undo");
}

static void ticket_apply__wants_a_name_and_a_reason(void **state)
{
	static const struct {
		enum ticket_action action;
		const char *text;
	} cases[] = {
		{ TICKET_ASSIGN, "" },	  { TICKET_ASSIGN, "  " },	{ TICKET_ASSIGN, "a\033[31mb" },
		{ TICKET_ASSIGN, "\xff" }, { TICKET_ASSIGN, "two\nlines" }, { TICKET_REJECT, " \n " },
		{ TICKET_REJECT, "\xc2\x9b" "2J" },
	};
	char longest[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ticket before = sample(TICKET_APPROVED), ticket = before;
		struct error error = { 0 };

		assert_int_equal(ticket_apply(&ticket, cases[i].action, slice_of(cases[i].text), 1, &error),
				 ERROR_INPUT);
		assert_memory_equal(&ticket, &before, sizeof(ticket));
		assert_true(error.text[0] != '\0');
	}
	memset(longest, 'x', sizeof(longest));
	for (i = 0; i < 2; i++) {
		struct ticket ticket = sample(TICKET_APPROVED);
		size_t room = i == 0 ? sizeof(ticket.assignee) : sizeof(ticket.reason);
		enum ticket_action action = i == 0 ? TICKET_ASSIGN : TICKET_REJECT;

		assert_int_equal(ticket_apply(&ticket, action, (struct slice){ longest, room }, 1, NULL), ERROR_INPUT);
		assert_int_equal(ticket_apply(&ticket, action, (struct slice){ longest, room - 1 }, 1, NULL), 0);
	}
}

static void ticket_apply__says_who_chose__when_assigning(void **state)
{
	struct ticket ticket = sample(TICKET_APPROVED);
	struct error error = { 0 };

	(void)state;
	assert_int_equal(ticket_apply(&ticket, TICKET_ASSIGN, slice_of(" dana "), 1, &error), 0);
	assert_string_equal(ticket.assignee, "dana");
	assert_string_equal(ticket.assignee_reason, "owns orders-*"); /* the suggestion was taken */
	assert_int_equal(ticket_apply(&ticket, TICKET_ASSIGN, slice_of("dana"), 1, &error), ERROR_STATE);
	assert_int_equal(ticket_apply(&ticket, TICKET_ASSIGN, slice_of("lee"), 1, &error), 0);
	assert_string_equal(ticket.assignee, "lee");
	assert_string_equal(ticket.assignee_reason, "chosen by hand");
}

static void ticket_apply__reopens_to_approved__when_it_was_ever_approved(void **state)
{
	struct ticket ticket = sample(TICKET_PROPOSED);

	(void)state;
	assert_int_equal(ticket_apply(&ticket, TICKET_APPROVE, slice_of(""), 10, NULL), 0);
	assert_int_equal(ticket_apply(&ticket, TICKET_REJECT, slice_of("no"), 11, NULL), 0);
	assert_string_equal(ticket.reason, "no");
	assert_int_equal(ticket_apply(&ticket, TICKET_REOPEN, slice_of(""), 12, NULL), 0);
	assert_int_equal(ticket.state, TICKET_APPROVED);
	assert_string_equal(ticket.reason, "");
}

static void ticket_names__are_read_back__as_they_are_written(void **state)
{
	enum ticket_state found_state;
	enum ticket_action found_action;
	int i;

	(void)state;
	for (i = 0; i < TICKET_STATE_COUNT; i++) {
		assert_true(ticket_state_parse(slice_of(ticket_state_name((enum ticket_state)i)), &found_state));
		assert_int_equal(found_state, i);
		assert_int_equal(ticket_state_is_open(found_state), i != TICKET_RESOLVED && i != TICKET_REJECTED);
	}
	for (i = 0; i < TICKET_ACTION_COUNT; i++) {
		assert_true(ticket_action_parse(slice_of(ticket_action_name((enum ticket_action)i)), &found_action));
		assert_int_equal(found_action, i);
	}
	assert_true(ticket_state_parse(slice_of("Resolved"), &found_state));
	assert_false(ticket_state_parse(slice_of("resolve"), &found_state));
	assert_false(ticket_action_parse(slice_of(""), &found_action));
	assert_false(ticket_state_is_open((enum ticket_state)-1));
}

static void ticket_set__changes_only_what_a_person_may_write(void **state)
{
	static const struct {
		const char *field, *value;
		int result;
		const char *stored;
	} cases[] = {
		{ "title", "  New title ", 0, "New title" },
		{ "title", "", ERROR_INPUT, "Pool is empty" },
		{ "title", "two\nlines", ERROR_INPUT, "Pool is empty" },
		{ "title", "\x1b]0;gotcha\a", ERROR_INPUT, "Pool is empty" },
		{ "Severity", "CRITICAL", 0, "critical" },
		{ "severity", "urgent", ERROR_INPUT, "high" },
		{ "cause", "line one\nline two", 0, "line one\nline two" },
		{ "cause", "", 0, "" },
		{ "steps", "bad \xc3", ERROR_INPUT, "" },
		{ "assignee", "lee", 0, "lee" },
		{ "service", "other", ERROR_INPUT, "orders-db" },
		{ "fingerprint", "00", ERROR_INPUT, "" },
		{ "", "x", ERROR_INPUT, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ticket ticket = sample(TICKET_ASSIGNED);
		struct error error = { 0 };

		assert_int_equal(ticket_set(&ticket, slice_of(cases[i].field), slice_of(cases[i].value), &error),
				 cases[i].result);
		assert_true(slice_is(ticket_get(&ticket, cases[i].field), cases[i].stored));
		assert_int_equal(error.code, cases[i].result);
	}
}

static void ticket_set__names_the_fields__when_asked_for_another(void **state)
{
	struct ticket ticket = sample(TICKET_PROPOSED);
	struct error error = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(ticket_set(&ticket, slice_of("colour"), slice_of("red"), &error), ERROR_INPUT);
	for (i = 0; ticket_field_at(i) != NULL; i++)
		assert_non_null(strstr(error.text, ticket_field_at(i)));
	assert_int_equal(i, 5);
	assert_string_equal(ticket_field_at(0), "title");
}

static void ticket_set__keeps_somebody_on_it__when_it_is_assigned(void **state)
{
	struct ticket ticket = sample(TICKET_ASSIGNED), proposal = sample(TICKET_PROPOSED);

	(void)state;
	assert_int_equal(ticket_set(&ticket, slice_of("assignee"), slice_of(""), NULL), ERROR_INPUT);
	assert_string_equal(ticket.assignee, "dana");
	assert_int_equal(ticket_set(&proposal, slice_of("assignee"), slice_of(""), NULL), 0);
	assert_string_equal(proposal.assignee, "");
	assert_string_equal(proposal.assignee_reason, "");
}

static void ticket_fingerprint__is_the_same_for_ever(void **state)
{
	struct ticket a = sample(TICKET_PROPOSED), b = a;

	(void)state;
	ticket_fingerprint(&a);
	/* Stored in databases: if this line has to change, old tickets are lost sight of. */
	assert_string_equal(a.fingerprint, "3ba3717fc49b25d88c20b79a9e7b4648");
	b.state = TICKET_RESOLVED;
	b.count = 1000;
	snprintf(b.title, sizeof(b.title), "another title");
	ticket_fingerprint(&b);
	assert_string_equal(a.fingerprint, b.fingerprint);
}

static void ticket_fingerprint__differs__when_service_or_template_does(void **state)
{
	static const char *const pairs[][2] = {
		{ "a", "b" }, { "a", "c" }, { "b", "a" }, { "", "ab" }, { "ab", "" }, { "", "" }, { "a\nb", "" },
	};
	struct ticket tickets[sizeof(pairs) / sizeof(pairs[0])] = { 0 };
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		snprintf(tickets[i].service, sizeof(tickets[i].service), "%s", pairs[i][0]);
		snprintf(tickets[i].template, sizeof(tickets[i].template), "%s", pairs[i][1]);
		ticket_fingerprint(&tickets[i]);
		assert_int_equal(strlen(tickets[i].fingerprint), 32);
		for (j = 0; j < i; j++)
			assert_string_not_equal(tickets[i].fingerprint, tickets[j].fingerprint);
	}
}

static void ticket_clean__leaves_no_byte_that_could_act(void **state)
{
	struct ticket ticket = sample(TICKET_PROPOSED);
	struct slice rest;
	size_t i;

	(void)state;
	snprintf(ticket.title, sizeof(ticket.title), "a\x1b[2Jb\nc\xff\xc3\xa9\xc2\x85");
	snprintf(ticket.steps, sizeof(ticket.steps), "one\ntwo\r\n\tthree");
	for (i = 0; i < sizeof(ticket.evidence) - 1; i++)
		ticket.evidence[i] = (char)(i % 255 + 1);
	ticket.evidence[i] = '\0';
	memset(ticket.source, 0x80, sizeof(ticket.source)); /* not even terminated */
	ticket_clean(&ticket);
	assert_string_equal(ticket.title, "a [2Jb c?\xc3\xa9 ");
	assert_string_equal(ticket.steps, "one\ntwo \n three");
	assert_int_equal(strlen(ticket.source), sizeof(ticket.source) - 1);
	assert_int_equal(strspn(ticket.source, "?"), sizeof(ticket.source) - 1);
	for (rest = slice_of(ticket.evidence); rest.size > 0; rest = slice_from(rest, 1))
		assert_true(*rest.data == '\n' || (unsigned char)*rest.data >= 0x20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticket_apply__leads_where_the_table_says__in_every_state),
		cmocka_unit_test(ticket_apply__says_what_would_be_allowed__when_it_refuses),
		cmocka_unit_test(ticket_apply__wants_a_name_and_a_reason),
		cmocka_unit_test(ticket_apply__says_who_chose__when_assigning),
		cmocka_unit_test(ticket_apply__reopens_to_approved__when_it_was_ever_approved),
		cmocka_unit_test(ticket_names__are_read_back__as_they_are_written),
		cmocka_unit_test(ticket_set__changes_only_what_a_person_may_write),
		cmocka_unit_test(ticket_set__names_the_fields__when_asked_for_another),
		cmocka_unit_test(ticket_set__keeps_somebody_on_it__when_it_is_assigned),
		cmocka_unit_test(ticket_fingerprint__is_the_same_for_ever),
		cmocka_unit_test(ticket_fingerprint__differs__when_service_or_template_does),
		cmocka_unit_test(ticket_clean__leaves_no_byte_that_could_act),
	};

	return cmocka_run_group_tests_name("tickets/ticket", tests, NULL, NULL);
}
