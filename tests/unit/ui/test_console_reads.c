/*
 * A source that does not answer: the console, its loop and its keys go on; what was asked of that source is missing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <semaphore.h>
#include <stdlib.h>

#include "support/ui_screen.h"
#include "tocsin/io/loop.h"

struct dead {
	struct ui_screen screen;
	struct loop *loop;
	struct look *look;
	sem_t asked, released; /* the worker stands between the two */
	bool done;
};

/* What read(2) does on a dead mount. */
static int read_forever(void *context, const struct record *record, struct store_text *text)
{
	struct dead *dead = context;
	(void)record;
	sem_post(&dead->asked);
	sem_wait(&dead->released);
	sem_post(&dead->released);
	*text = (struct store_text){ .message = slice_of("too late: a retry") };
	return 0;
}

static void work(void *context)
{
	struct dead *dead = context;
	look_run(dead->look, &(struct store_reader){ .context = dead, .read = read_forever });
}

static void finish(void *context)
{
	struct dead *dead = context;
	console_finish_look(dead->screen.console, dead->look);
	dead->done = true;
}

static int open_dead(void **state)
{
	struct dead *dead = calloc(1, sizeof(*dead));
	*state = dead;
	sem_init(&dead->asked, 0, 0);
	sem_init(&dead->released, 0, 0);
	dead->loop = loop_create(NULL);
	return !dead->loop || ui_screen_open(&dead->screen, 80, 24, false) != 0;
}

static int close_dead(void **state)
{
	struct dead *dead = *state;
	loop_destroy(dead->loop);
	ui_screen_close(&dead->screen);
	sem_destroy(&dead->asked);
	sem_destroy(&dead->released);
	free(dead);
	return 0;
}

static void update(struct dead *dead)
{
	console_update(dead->screen.console, &dead->screen.fixture.snapshot, 1000000);
	console_paint(dead->screen.console, &dead->screen.grid);
}

static void filter__on_a_source_that_hangs__blocks_nothing(void **state)
{
	struct dead *dead = *state;
	struct console *console = dead->screen.console;
	assert_int_equal(console_set_filter(console, slice_of("\"a retry\""), NULL), 0);
	update(dead);
	dead->look = console_take_look(console);
	assert_non_null(dead->look);
	assert_int_equal(loop_work(dead->loop, work, finish, dead), 0);
	sem_wait(&dead->asked); /* it hangs now */
	loop_turn(dead->loop, false);
	assert_false(dead->done);
	assert_true(ui_screen_has(&dead->screen, "looking"));
	/* Keys are answered, another filter on columns is whole at once, and the look that hangs is forgotten. */
	console_key(console, (struct key){ .code = '?' });
	update(dead);
	assert_true(ui_screen_has(&dead->screen, "help"));
	console_key(console, (struct key){ .code = KEY_CODE_ESCAPE });
	assert_int_equal(console_set_filter(console, slice_of("level>=error"), NULL), 0);
	update(dead);
	assert_true(ui_screen_has(&dead->screen, "17 of 64"));
	assert_false(dead->done);
	sem_post(&dead->released);
	while (!dead->done)
		loop_turn(dead->loop, true);
	update(dead);
	assert_true(ui_screen_has(&dead->screen, "17 of 64"));
}

static void search__on_a_source_that_hangs__waits_alone(void **state)
{
	struct dead *dead = *state;
	struct console *console = dead->screen.console;
	const char *keys = "/max=50 wait";
	update(dead);
	for (const char *key = keys; *key; key++)
		console_key(console, (struct key){ .code = (uint32_t)*key });
	console_key(console, (struct key){ .code = KEY_CODE_ENTER });
	update(dead);
	dead->look = console_take_look(console);
	assert_non_null(dead->look);
	assert_int_equal(loop_work(dead->loop, work, finish, dead), 0);
	sem_wait(&dead->asked);
	console_key(console, (struct key){ .code = 'g' });
	update(dead);
	assert_true(ui_screen_has(&dead->screen, "20:39:00.000"));
	assert_true(ui_screen_has(&dead->screen, "searching"));
	assert_false(dead->done);
	sem_post(&dead->released);
	while (!dead->done)
		loop_turn(dead->loop, true);
	update(dead);
	assert_true(ui_screen_has(&dead->screen, "nothing matches"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(filter__on_a_source_that_hangs__blocks_nothing, open_dead, close_dead),
		cmocka_unit_test_setup_teardown(search__on_a_source_that_hangs__waits_alone, open_dead, close_dead),
	};
	return cmocka_run_group_tests_name("console_reads", tests, NULL, NULL);
}
