/*
 * The screen in memory.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/ui/term.h"

static void present__keeps_a_copy__that_dump_shows(void **state)
{
	(void)state;
	struct term term;
	struct grid grid;
	struct buffer out;
	grid_init(&grid);
	buffer_init(&out, 4096);
	assert_int_equal(term_memory_create(&term, 10, 2), 0);
	assert_int_equal(grid_resize(&grid, 10, 2), 0);
	struct canvas canvas = canvas_of(&grid, false);
	canvas_string(&canvas, 0, 0, 10, ROLE_LEVEL_ERROR, "pool");
	term.ops->present(term.state, &grid, -1, -1);
	grid_clear(&grid);
	assert_int_equal(term_memory_dump(&term, false, &out), 0);
	assert_string_equal(buffer_string(&out), "pool\n\n");
	buffer_clear(&out);
	assert_int_equal(term_memory_dump(&term, true, &out), 0);
	assert_string_equal(buffer_string(&out), "pool\neeee\n\n\n");
	buffer_release(&out);
	grid_release(&grid);
	term.ops->destroy(term.state);
}

static void read_key__gives_pushed_keys__in_order_and_bounded(void **state)
{
	(void)state;
	struct term term;
	struct key key;
	int columns, rows;
	assert_int_equal(term_memory_create(&term, 80, 24), 0);
	assert_false(term.ops->read_key(term.state, &key));
	term_memory_push(&term, (struct key){ .code = 'a' });
	term_memory_resize(&term, 120, 40);
	term.ops->size(term.state, &columns, &rows);
	assert_int_equal(columns, 120);
	assert_int_equal(rows, 40);
	assert_true(term.ops->read_key(term.state, &key));
	assert_int_equal(key.code, 'a');
	assert_true(term.ops->read_key(term.state, &key));
	assert_int_equal(key.code, KEY_CODE_RESIZE);
	for (int i = 0; i < 2000; i++)
		term_memory_push(&term, (struct key){ .code = 'b' });
	int count = 0;
	while (term.ops->read_key(term.state, &key))
		count++;
	assert_int_equal(count, 1024);
	term.ops->destroy(term.state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(present__keeps_a_copy__that_dump_shows),
		cmocka_unit_test(read_key__gives_pushed_keys__in_order_and_bounded),
	};
	return cmocka_run_group_tests_name("ui/term_memory", tests, NULL, NULL);
}
