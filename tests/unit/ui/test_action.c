/*
 * The table of actions: sound, and found by name and key.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/ui/action.h"

static struct key named(const char *name)
{
	struct key key;
	assert_true(key_parse(slice_of(name), &key));
	return key;
}

static void action_row__is_complete__for_every_action(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);
		assert_true(strlen(row->name) > 0 && !strchr(row->name, ' '));
		assert_true(strlen(row->help) > 0 && strlen(row->help) <= 100);
		assert_true(strlen(action_scope_title(row->scope)) > 0);
		assert_int_equal(action_find(slice_of(row->name)), i);
	}
	assert_string_equal(action_row(ACTION_NONE)->name, "");
}

static void action_for_key__finds_each_default_key__in_its_scope(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);
		struct slice rest = slice_of(row->keys), name;
		while (slice_next(&rest, ' ', &name)) {
			struct key key;
			assert_true(key_parse(name, &key));
			/* A failure here is one key with two meanings. */
			assert_int_equal(action_for_key(row->scope, key), i);
		}
	}
}

static void action_for_key__prefers_the_focused_pane__then_global_then_replay(void **state)
{
	(void)state;
	assert_int_equal(action_for_key(SCOPE_TICKETS, named("a")), ACTION_APPROVE);
	assert_int_equal(action_for_key(SCOPE_TAIL, named("a")), ACTION_NONE);
	assert_int_equal(action_for_key(SCOPE_TICKETS, named("j")), ACTION_DOWN);
	assert_int_equal(action_for_key(SCOPE_TAIL, named("p")), ACTION_PAUSE);
	assert_int_equal(action_for_key(SCOPE_SERVICES, named("]")), ACTION_FASTER);
	assert_int_equal(action_for_key(SCOPE_TAIL, named("M-j")), ACTION_NONE);
}

static void action_for_key__never_approves__on_enter_or_space(void **state)
{
	(void)state;
	assert_int_not_equal(action_for_key(SCOPE_TICKETS, named("Enter")), ACTION_APPROVE);
	assert_int_not_equal(action_for_key(SCOPE_TICKETS, named("Space")), ACTION_APPROVE);
}

static void action_for_key__leaves_flow_control_alone__everywhere(void **state)
{
	(void)state;
	for (int scope = 0; scope < SCOPE_COUNT; scope++) {
		assert_int_equal(action_for_key((enum action_scope)scope, named("C-s")), ACTION_NONE);
		assert_int_equal(action_for_key((enum action_scope)scope, named("C-q")), ACTION_NONE);
	}
}

static void action_find__takes_a_unique_beginning__and_nothing_vaguer(void **state)
{
	(void)state;
	assert_int_equal(action_find(slice_of("susp")), ACTION_SUSPEND);
	assert_int_equal(action_find(slice_of("search")), ACTION_SEARCH);
	assert_int_equal(action_find(slice_of("search-n")), ACTION_SEARCH_NEXT);
	assert_int_equal(action_find(slice_of("s")), ACTION_NONE);
	assert_int_equal(action_find(slice_of("")), ACTION_NONE);
	assert_int_equal(action_find(slice_of("suspend-now")), ACTION_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(action_row__is_complete__for_every_action),
		cmocka_unit_test(action_for_key__finds_each_default_key__in_its_scope),
		cmocka_unit_test(action_for_key__prefers_the_focused_pane__then_global_then_replay),
		cmocka_unit_test(action_for_key__never_approves__on_enter_or_space),
		cmocka_unit_test(action_for_key__leaves_flow_control_alone__everywhere),
		cmocka_unit_test(action_find__takes_a_unique_beginning__and_nothing_vaguer),
	};
	return cmocka_run_group_tests_name("ui/action", tests, NULL, NULL);
}
