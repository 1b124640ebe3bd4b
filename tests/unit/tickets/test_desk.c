/* The desk: what a person did is on disk, is there after a restart, and is nobody else's to overwrite unseen. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/base/vector.h"
#include "tocsin/tickets/desk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
	char folder[64];
	char path[128];
	struct database *database;
	struct desk *desk;
	struct error error;
	int changes;      /* on_change without a failure */
	int failures;
	int64_t last;     /* ticket of the last on_change */
	struct error failure;
};

static void heard(void *context, int64_t ticket, const struct error *failure)
{
	struct place *place = context;

	place->last = ticket;
	if (failure == NULL) {
		place->changes++;
	} else {
		place->failures++;
		place->failure = *failure;
	}
}

static void sit_down(struct place *place, struct loop *loop)
{
	place->database = database_open(place->path, loop, &place->error);
	if (place->database == NULL)
		fail_msg("%s", place->error.text);
	place->desk = desk_create(place->database, "kim", &place->error);
	if (place->desk == NULL)
		fail_msg("%s", place->error.text);
	desk_watch(place->desk, heard, place);
}

static void get_up(struct place *place)
{
	desk_destroy(place->desk);
	database_close(place->database);
	place->desk = NULL;
	place->database = NULL;
}

static int place_setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->folder, sizeof(place->folder), "/tmp/tocsin-desk-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/t.db", place->folder);
	sit_down(place, NULL);
	*state = place;
	return 0;
}

static int place_teardown(void **state)
{
	struct place *place = *state;
	char command[100];

	get_up(place);
	snprintf(command, sizeof(command), "rm -rf '%s'", place->folder);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

static struct ticket proposal(const char *service, uint64_t count)
{
	struct ticket ticket = { .count = count, .first = 1000, .last = 1000 + (int64_t)count, .ready = 1004 };

	snprintf(ticket.title, sizeof(ticket.title), "%s: pool exhausted", service);
	snprintf(ticket.severity, sizeof(ticket.severity), "critical");
	snprintf(ticket.service, sizeof(ticket.service), "%s", service);
	snprintf(ticket.template, sizeof(ticket.template), "pool <*> exhausted");
	snprintf(ticket.source, sizeof(ticket.source), "orders.csv");
	snprintf(ticket.cause, sizeof(ticket.cause), "connections are not given back [E3]");
	snprintf(ticket.steps, sizeof(ticket.steps), "look\nrestart");
	snprintf(ticket.evidence, sizeof(ticket.evidence), "E3 orders.csv:120 it's \"quoted\", 100 %% \xc3\xa9");
	snprintf(ticket.assignee, sizeof(ticket.assignee), "dana");
	snprintf(ticket.assignee_reason, sizeof(ticket.assignee_reason), "owns orders-*");
	return ticket;
}

static int64_t propose(struct place *place, const char *service, uint64_t count)
{
	struct ticket ticket = proposal(service, count);
	int64_t id = -1;

	if (desk_propose(place->desk, &ticket, 5000, &id, &place->error) != 0)
		fail_msg("%s", place->error.text);
	return id;
}

static int act(struct place *place, int64_t id, enum ticket_action action, const char *text)
{
	memset(&place->error, 0, sizeof(place->error));
	return desk_act(place->desk, id, action, slice_of(text), 6000, &place->error);
}

static enum ticket_state state_of(const struct place *place, int64_t id)
{
	assert_non_null(desk_find(place->desk, id));
	return desk_find(place->desk, id)->state;
}

static size_t journal(struct place *place, int64_t id, size_t maximum, struct desk_event *out)
{
	struct vector events;
	size_t count;

	vector_init(&events, sizeof(struct desk_event), 1000);
	assert_int_equal(desk_journal(place->desk, id, maximum, &events, &place->error), 0);
	count = events.count;
	if (out != NULL && count > 0)
		memcpy(out, events.items, count * sizeof(*out));
	vector_release(&events);
	return count;
}

static void desk_propose__stores_every_field__and_a_restart_finds_it(void **state)
{
	struct place *place = *state;
	struct ticket expected = proposal("orders-db", 5), found;
	int64_t id = propose(place, "orders-db", 5);

	assert_int_equal(id, 1);
	assert_int_equal(place->changes, 1);
	assert_int_equal(place->last, 1);
	found = *desk_find(place->desk, id);
	ticket_fingerprint(&expected);
	expected.id = 1;
	expected.created = expected.changed = 5000;
	assert_memory_equal(&found, &expected, sizeof(found));
	get_up(place);
	sit_down(place, NULL);
	assert_int_equal(desk_count(place->desk), 1);
	assert_memory_equal(desk_at(place->desk, 0), &expected, sizeof(found));
	assert_ptr_equal(desk_find_open(place->desk, expected.fingerprint), desk_at(place->desk, 0));
	assert_null(desk_find(place->desk, 2));
}

static void desk_propose__extends__when_the_same_trouble_is_open(void **state)
{
	struct place *place = *state;
	int64_t id = propose(place, "orders-db", 5);
	const struct ticket *ticket;

	assert_int_equal(propose(place, "cart-db", 5), 2); /* another service is another trouble */
	assert_int_equal(act(place, id, TICKET_APPROVE, ""), 0);
	assert_int_equal(desk_edit(place->desk, id, slice_of("title"), slice_of("Mine"), 6000, NULL), 0);
	assert_int_equal(propose(place, "orders-db", 9), id);
	assert_int_equal(desk_count(place->desk), 2);
	ticket = desk_find(place->desk, id);
	assert_int_equal(ticket->count, 9);
	assert_int_equal(ticket->last, 1009);
	assert_string_equal(ticket->title, "Mine"); /* words of a person stay */
	assert_int_equal(ticket->state, TICKET_APPROVED);
	assert_int_equal(propose(place, "orders-db", 6), id); /* an older look, say of a replay */
	assert_int_equal(desk_find(place->desk, id)->count, 9);
	assert_int_equal(desk_find(place->desk, id)->last, 1009);
}

static void desk_propose__does_nothing__when_it_says_the_same(void **state)
{
	struct place *place = *state;
	int64_t id = propose(place, "orders-db", 5);

	assert_int_equal(propose(place, "orders-db", 5), id);
	assert_int_equal(propose(place, "orders-db", 3), id);
	assert_int_equal(place->changes, 1);
	assert_int_equal(journal(place, 0, 100, NULL), 1);
}

static void desk_propose__asks_again__when_what_was_rejected_has_grown_tenfold(void **state)
{
	struct place *place = *state;
	int64_t id = propose(place, "orders-db", 5);

	assert_int_equal(act(place, id, TICKET_REJECT, "known noise"), 0);
	assert_int_equal(propose(place, "orders-db", 5), id);
	assert_int_equal(propose(place, "orders-db", 49), id);
	assert_int_equal(desk_count(place->desk), 1);
	assert_int_equal(state_of(place, id), TICKET_REJECTED);
	assert_int_equal(desk_find(place->desk, id)->count, 5);
	assert_int_equal(propose(place, "orders-db", 50), 2);
	assert_int_equal(state_of(place, 2), TICKET_PROPOSED);
	assert_int_equal(propose(place, "orders-db", 600), 2); /* the open one counts, not the rejected one */
	assert_int_equal(desk_find(place->desk, 2)->count, 600);
	assert_int_equal(desk_count(place->desk), 2);
}

static void desk_propose__is_new__when_resolved_trouble_comes_back(void **state)
{
	struct place *place = *state;
	int64_t id = propose(place, "orders-db", 50);

	assert_int_equal(act(place, id, TICKET_APPROVE, ""), 0);
	assert_int_equal(act(place, id, TICKET_ASSIGN, "dana"), 0);
	assert_int_equal(act(place, id, TICKET_RESOLVE, ""), 0);
	assert_int_equal(propose(place, "orders-db", 50), id); /* the same log read again */
	assert_int_equal(desk_count(place->desk), 1);
	assert_int_equal(propose(place, "orders-db", 51), 2); /* it has happened since */
}

static void desk_propose__stores_clean_text__or_says_what_is_missing(void **state)
{
	struct place *place = *state;
	struct ticket ticket = proposal("a\x1b[31m", 5);
	int64_t id;

	snprintf(ticket.evidence, sizeof(ticket.evidence), "E1 \xff\x1b]0;x\a\nE2");
	assert_int_equal(desk_propose(place->desk, &ticket, 1, &id, &place->error), 0);
	assert_string_equal(desk_find(place->desk, id)->service, "a [31m");
	assert_string_equal(desk_find(place->desk, id)->evidence, "E1 ? ]0;x \nE2");
	ticket.title[0] = '\0';
	assert_int_equal(desk_propose(place->desk, &ticket, 1, &id, &place->error), ERROR_INPUT);
	ticket = proposal("b", 5);
	snprintf(ticket.severity, sizeof(ticket.severity), "dreadful");
	assert_int_equal(desk_propose(place->desk, &ticket, 1, &id, &place->error), ERROR_INPUT);
	assert_int_equal(desk_count(place->desk), 1);
}

static void desk_act__is_journalled_and_there_after_a_restart(void **state)
{
	static const struct {
		enum ticket_action action;
		const char *text;
		const char *detail;
		enum ticket_state to;
	} steps[] = {
		{ TICKET_APPROVE, "", "", TICKET_APPROVED },
		{ TICKET_ASSIGN, "lee", "lee", TICKET_ASSIGNED },
		{ TICKET_ACK, "", "", TICKET_ACKNOWLEDGED },
		{ TICKET_RESOLVE, "", "", TICKET_RESOLVED },
		{ TICKET_REOPEN, "", "", TICKET_APPROVED },
		{ TICKET_REJECT, "a test\nof ours", "a test of ours", TICKET_REJECTED },
	};
	struct place *place = *state;
	struct desk_event events[10];
	int64_t id = propose(place, "orders-db", 5);
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_int_equal(act(place, id, steps[i].action, steps[i].text), 0);
		assert_int_equal(state_of(place, id), steps[i].to);
		assert_int_equal(place->changes, 2 + i);
		get_up(place);
		sit_down(place, NULL);
		assert_int_equal(state_of(place, id), steps[i].to);
		assert_int_equal(desk_find(place->desk, id)->changed, 6000);
	}
	assert_int_equal(journal(place, id, 10, events), 7);
	assert_string_equal(events[0].action, "propose");
	assert_int_equal(events[0].time, 5000);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_string_equal(events[i + 1].action, ticket_action_name(steps[i].action));
		assert_string_equal(events[i + 1].detail, steps[i].detail);
		assert_string_equal(events[i + 1].actor, "kim");
		assert_int_equal(events[i + 1].ticket, id);
		assert_int_equal(events[i + 1].time, 6000);
	}
}

static void desk_act__refuses_with_a_sentence__and_changes_nothing(void **state)
{
	struct place *place = *state;
	int64_t id = propose(place, "orders-db", 5);
	char longest[2000];

	assert_int_equal(act(place, id, TICKET_ACK, ""), ERROR_STATE);
	assert_non_null(strstr(place->error.text, "T-1 is proposed"));
	assert_int_equal(act(place, id, TICKET_REJECT, ""), ERROR_INPUT);
	assert_int_equal(act(place, 77, TICKET_APPROVE, ""), ERROR_ABSENT);
	assert_string_equal(place->error.text, "there is no ticket T-77");
	assert_int_equal(act(place, id, TICKET_UNDO, ""), ERROR_STATE);
	assert_non_null(strstr(place->error.text, "nothing to undo"));
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(desk_act(place->desk, id, TICKET_REJECT, (struct slice){ longest, sizeof(longest) }, 1, NULL),
			 ERROR_INPUT);
	assert_int_equal(desk_act(place->desk, id, TICKET_REJECT, (struct slice){ "no\0more", 7 }, 1, NULL),
			 ERROR_INPUT);
	assert_int_equal(state_of(place, id), TICKET_PROPOSED);
	assert_int_equal(journal(place, 0, 100, NULL), 1);
}

static void desk_edit__writes_old_and_new_into_the_journal(void **state)
{
	struct place *place = *state;
	struct desk_event events[10];
	int64_t id = propose(place, "orders-db", 5);
	char wide[600];

	assert_int_equal(desk_edit(place->desk, id, slice_of("severity"), slice_of("LOW"), 1, NULL), 0);
	memset(wide, 'x', sizeof(wide));
	assert_int_equal(desk_edit(place->desk, id, slice_of("cause"), (struct slice){ wide, 599 }, 1, NULL), 0);
	assert_int_equal(desk_edit(place->desk, id, slice_of("cause"), slice_of("one\ntwo"), 1, NULL), 0);
	assert_string_equal(desk_find(place->desk, id)->cause, "one\ntwo");
	assert_int_equal(desk_edit(place->desk, id, slice_of("colour"), slice_of("red"), 1, NULL), ERROR_INPUT);
	assert_int_equal(journal(place, id, 10, events), 4);
	assert_string_equal(events[1].detail, "severity: critical -> low");
	assert_non_null(strstr(events[3].detail, "xxx -> one two")); /* cut, but both are there, on one line */
	assert_int_equal(act(place, id, TICKET_REJECT, "no"), 0);
	assert_int_equal(desk_edit(place->desk, id, slice_of("title"), slice_of("x"), 1, &place->error), ERROR_STATE);
	assert_non_null(strstr(place->error.text, "reopen"));
}

static void desk_undo__goes_back_one_change_each_time(void **state)
{
	struct place *place = *state;
	struct desk_event events[20];
	int64_t id = propose(place, "orders-db", 5);
	struct ticket proposed = *desk_find(place->desk, id);
	size_t count;

	assert_int_equal(act(place, id, TICKET_APPROVE, ""), 0);
	assert_int_equal(desk_edit(place->desk, id, slice_of("title"), slice_of("Mine"), 6000, NULL), 0);
	assert_int_equal(act(place, id, TICKET_ASSIGN, "lee"), 0);
	assert_int_equal(propose(place, "orders-db", 8), id); /* counting on is not taken back */

	assert_int_equal(act(place, id, TICKET_UNDO, ""), 0);
	assert_int_equal(state_of(place, id), TICKET_APPROVED);
	assert_string_equal(desk_find(place->desk, id)->assignee, "dana");
	assert_string_equal(desk_find(place->desk, id)->assignee_reason, "owns orders-*");
	assert_string_equal(desk_find(place->desk, id)->title, "Mine");
	assert_int_equal(desk_find(place->desk, id)->count, 8);

	assert_int_equal(act(place, id, TICKET_REJECT, "no"), 0); /* a new change after an undo */
	assert_int_equal(act(place, id, TICKET_UNDO, ""), 0);
	assert_int_equal(state_of(place, id), TICKET_APPROVED);
	assert_string_equal(desk_find(place->desk, id)->reason, "");
	assert_int_equal(act(place, id, TICKET_UNDO, ""), 0);
	assert_string_equal(desk_find(place->desk, id)->title, proposed.title);
	assert_int_equal(act(place, id, TICKET_UNDO, ""), 0);
	assert_int_equal(state_of(place, id), TICKET_PROPOSED);
	assert_int_equal(desk_find(place->desk, id)->approved, 0);
	assert_int_equal(act(place, id, TICKET_UNDO, ""), ERROR_STATE);

	count = journal(place, id, 20, events);
	assert_int_equal(count, 10); /* nothing has been forgotten */
	assert_string_equal(events[5].action, "undo");
	assert_string_equal(events[5].detail, "assign");
	assert_string_equal(events[9].detail, "approve");
}

static void desk_journal__gives_the_newest__oldest_first(void **state)
{
	struct place *place = *state;
	struct desk_event events[10];

	propose(place, "a", 5);
	propose(place, "b", 5);
	assert_int_equal(act(place, 1, TICKET_APPROVE, ""), 0);
	assert_int_equal(act(place, 1, TICKET_ASSIGN, "lee"), 0);
	assert_int_equal(journal(place, 0, 3, events), 3);
	assert_int_equal(events[0].ticket, 2);
	assert_string_equal(events[1].action, "approve");
	assert_string_equal(events[2].action, "assign");
	assert_int_equal(journal(place, 2, 3, events), 1);
	assert_int_equal(journal(place, 3, 3, events), 0);
}

static void two_desks__do_not_overwrite_each_other__unseen(void **state)
{
	struct place *kim = *state, lee = { 0 };
	int64_t id = propose(kim, "orders-db", 5);

	memcpy(lee.path, kim->path, sizeof(lee.path));
	lee.database = database_open(lee.path, NULL, &lee.error);
	assert_non_null(lee.database);
	lee.desk = desk_create(lee.database, "lee", &lee.error);
	assert_non_null(lee.desk);
	desk_watch(lee.desk, heard, &lee);
	assert_int_equal(desk_count(lee.desk), 1);

	assert_int_equal(desk_edit(kim->desk, id, slice_of("severity"), slice_of("low"), 1, NULL), 0);
	assert_int_equal(act(&lee, id, TICKET_APPROVE, ""), ERROR_STATE); /* would approve what lee has not seen */
	assert_string_equal(lee.error.text,
			    "kim has changed T-1 meanwhile (edit: severity: critical -> low): look at it again");
	assert_int_equal(lee.failures, 1);
	assert_string_equal(lee.failure.text, lee.error.text);
	assert_int_equal(lee.changes, 1); /* and now it is seen */
	assert_string_equal(desk_find(lee.desk, id)->severity, "low");
	assert_int_equal(act(&lee, id, TICKET_APPROVE, ""), 0);

	assert_int_equal(act(kim, id, TICKET_UNDO, ""), ERROR_STATE); /* would undo what lee did */
	assert_int_equal(state_of(kim, id), TICKET_APPROVED);
	assert_int_equal(propose(&lee, "orders-db", 9), id); /* counting on hinders nobody */
	assert_int_equal(act(kim, id, TICKET_ASSIGN, "dana"), 0);
	assert_int_equal(desk_find(kim->desk, id)->count, 9);

	assert_int_equal(propose(kim, "cart-db", 5), 2);
	assert_null(desk_find(lee.desk, 2));
	assert_int_equal(desk_refresh(lee.desk, &lee.error), 0);
	assert_int_equal(lee.last, 2);
	assert_int_equal(state_of(&lee, id), TICKET_ASSIGNED);
	assert_int_equal(propose(&lee, "cart-db", 5), 2);
	get_up(&lee);
}

static void two_desks__make_one_ticket__when_both_propose_the_same(void **state)
{
	struct place *kim = *state, lee = { 0 };

	memcpy(lee.path, kim->path, sizeof(lee.path));
	sit_down(&lee, NULL);
	assert_int_equal(propose(kim, "orders-db", 5), 1);
	assert_int_equal(propose(&lee, "orders-db", 7), 1); /* not known to lee's desk until now */
	assert_int_equal(desk_count(lee.desk), 1);
	assert_int_equal(desk_find(lee.desk, 1)->count, 7);
	get_up(&lee);
}

static int run_limit(struct database *database, void *context, struct error *error)
{
	struct statement *statement = database_prepare(database, context, error);

	if (statement == NULL)
		return ERROR_SYSTEM;
	return statement_step(statement, error) < 0 ? ERROR_SYSTEM : 0;
}

static void desk__says_the_disk_is_full__and_shows_what_is_kept(void **state)
{
	static char limit[] = "PRAGMA max_page_count = 1"; /* SQLite takes it as "not one page more" */
	struct place *place = *state;
	int64_t id = propose(place, "orders-db", 5);
	struct ticket before = *desk_find(place->desk, id), ticket;
	int i, result = 0;

	assert_int_equal(database_submit(place->database, run_limit, NULL, limit), 0);
	for (i = 0; i < 200 && result == 0; i++) {
		char service[20];

		snprintf(service, sizeof(service), "s%d", i);
		ticket = proposal(service, 5);
		result = desk_propose(place->desk, &ticket, 1, NULL, &place->error);
	}
	assert_int_equal(result, ERROR_SYSTEM);
	assert_non_null(strstr(place->error.text, "the disk is full"));
	assert_int_equal(place->failures, 1);
	assert_string_equal(place->failure.text, place->error.text);
	assert_int_equal(desk_count(place->desk), i); /* the last one is not there */
	assert_memory_equal(desk_find(place->desk, id), &before, sizeof(before));
	get_up(place);
	sit_down(place, NULL);
	assert_int_equal(desk_count(place->desk), i);
}

static void child_works_and_dies(const char *path)
{
	struct place place = { 0 };
	int64_t id;

	snprintf(place.path, sizeof(place.path), "%s", path);
	sit_down(&place, NULL);
	id = propose(&place, "orders-db", 5);
	if (act(&place, id, TICKET_APPROVE, "") == 0 && act(&place, id, TICKET_ASSIGN, "dana") == 0)
		raise(SIGKILL);
	_exit(1);
}

static void desk__has_lost_nothing__when_the_process_is_killed(void **state)
{
	struct place *place = *state;
	struct desk_event events[5];
	pid_t pid;
	int status;

	get_up(place);
	pid = fork();
	if (pid == 0)
		child_works_and_dies(place->path);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	sit_down(place, NULL);
	assert_int_equal(state_of(place, 1), TICKET_ASSIGNED);
	assert_string_equal(desk_find(place->desk, 1)->assignee, "dana");
	assert_int_equal(journal(place, 1, 5, events), 3);
}

static void desk__tells_of_each_change_on_the_loop__in_order(void **state)
{
	struct place *place = *state;
	struct ticket ticket = proposal("orders-db", 5);
	struct loop *loop;
	int64_t id = -1;

	get_up(place);
	loop = loop_create(&place->error);
	assert_non_null(loop);
	sit_down(place, loop);
	assert_int_equal(desk_propose(place->desk, &ticket, 1, &id, &place->error), 0);
	assert_int_equal(id, 0); /* not known yet */
	assert_int_equal(desk_count(place->desk), 0);
	while (database_pending(place->database) > 0)
		loop_turn(loop, true);
	assert_int_equal(desk_count(place->desk), 1);
	/* The second is allowed only by the first, which is still on its way. */
	assert_int_equal(act(place, 1, TICKET_APPROVE, ""), 0);
	assert_int_equal(act(place, 1, TICKET_ASSIGN, "dana"), 0);
	assert_int_equal(act(place, 1, TICKET_REOPEN, ""), 0); /* found to be wrong when it is its turn */
	assert_int_equal(state_of(place, 1), TICKET_PROPOSED);
	while (database_pending(place->database) > 0)
		loop_turn(loop, true);
	assert_int_equal(state_of(place, 1), TICKET_ASSIGNED);
	assert_int_equal(place->failures, 1);
	assert_int_equal(place->failure.code, ERROR_STATE);
	assert_int_equal(act(place, 1, TICKET_APPROVE, ""), ERROR_STATE); /* seen at once */
	/* What is on its way when the desk goes is still made. */
	assert_int_equal(act(place, 1, TICKET_ACK, ""), 0);
	desk_destroy(place->desk);
	while (database_pending(place->database) > 0)
		loop_turn(loop, true);
	database_close(place->database);
	loop_destroy(loop);
	sit_down(place, NULL);
	assert_int_equal(state_of(place, 1), TICKET_ACKNOWLEDGED);
}

#define AT_PLACE(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_PLACE(desk_propose__stores_every_field__and_a_restart_finds_it),
		AT_PLACE(desk_propose__extends__when_the_same_trouble_is_open),
		AT_PLACE(desk_propose__does_nothing__when_it_says_the_same),
		AT_PLACE(desk_propose__asks_again__when_what_was_rejected_has_grown_tenfold),
		AT_PLACE(desk_propose__is_new__when_resolved_trouble_comes_back),
		AT_PLACE(desk_propose__stores_clean_text__or_says_what_is_missing),
		AT_PLACE(desk_act__is_journalled_and_there_after_a_restart),
		AT_PLACE(desk_act__refuses_with_a_sentence__and_changes_nothing),
		AT_PLACE(desk_edit__writes_old_and_new_into_the_journal),
		AT_PLACE(desk_undo__goes_back_one_change_each_time),
		AT_PLACE(desk_journal__gives_the_newest__oldest_first),
		AT_PLACE(two_desks__do_not_overwrite_each_other__unseen),
		AT_PLACE(two_desks__make_one_ticket__when_both_propose_the_same),
		AT_PLACE(desk__says_the_disk_is_full__and_shows_what_is_kept),
		AT_PLACE(desk__has_lost_nothing__when_the_process_is_killed),
		AT_PLACE(desk__tells_of_each_change_on_the_loop__in_order),
	};

	return cmocka_run_group_tests_name("tickets/desk", tests, NULL, NULL);
}
