/*
 * Nothing here sleeps or measures time: what is asserted is order and number, and that destroying leaves nothing behind
 * (the sanitizer sees to that).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tocsin/io/loop.h"

struct scene {
	struct loop *loop;
	struct loop_timer *timer;
	struct loop_poll *poll;
	struct loop_signal *signal;
	int pipe[2];
	char order[64]; /* one letter for each thing that happened */
	int count;
};

static void note(struct scene *scene, char letter)
{
	size_t size = strlen(scene->order);

	assert_true(size + 1 < sizeof(scene->order));
	scene->order[size] = letter;
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	if (scene == NULL || pipe(scene->pipe) != 0)
		return -1;
	scene->loop = loop_create(NULL);
	*state = scene;
	return scene->loop == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	loop_timer_stop(scene->timer);
	loop_poll_stop(scene->poll);
	loop_signal_stop(scene->signal);
	loop_destroy(scene->loop);
	close(scene->pipe[0]);
	close(scene->pipe[1]);
	free(scene);
	return 0;
}

/* --- turning ---- */

static void loop__returns__when_nothing_is_left(void **state)
{
	struct scene *scene = *state;

	loop_run(scene->loop, NULL, NULL);
	assert_false(loop_turn(scene->loop, true));
	assert_false(loop_turn(scene->loop, false));
	loop_destroy(NULL);
}

struct letter_timer {
	struct scene *scene;
	struct loop_timer *timer;
	char letter;
};

static void on_letter(void *context)
{
	struct letter_timer *letter = context;

	note(letter->scene, letter->letter);
	loop_timer_stop(letter->timer);
}

static void loop__fires_timers_in_order_of_time__when_run(void **state)
{
	struct scene *scene = *state;
	struct letter_timer letters[] = {{scene, NULL, 'c'}, {scene, NULL, 'a'}, {scene, NULL, 'b'}};
	uint64_t delays[] = {5, 0, 2};
	int64_t begin = loop_now(scene->loop);

	for (size_t i = 0; i < 3; i++) {
		letters[i].timer = loop_timer_start(scene->loop, delays[i], 0, on_letter, &letters[i]);
		assert_non_null(letters[i].timer);
	}
	loop_run(scene->loop, NULL, NULL);
	assert_string_equal(scene->order, "abc");
	assert_true(loop_now(scene->loop) - begin >= 5000000);
}

static void on_repeat(void *context)
{
	struct scene *scene = context;

	if (++scene->count < 3)
		return;
	loop_timer_stop(scene->timer);
	scene->timer = NULL;
}

static void loop__repeats_a_timer__until_it_stops_itself(void **state)
{
	struct scene *scene = *state;

	scene->timer = loop_timer_start(scene->loop, 0, 1, on_repeat, scene);
	loop_run(scene->loop, NULL, NULL);
	assert_int_equal(scene->count, 3);
}

static void on_never(void *context)
{
	(void)context;
	fail_msg("a stopped handle was called");
}

static void loop__calls_nothing__when_handles_were_stopped(void **state)
{
	struct scene *scene = *state;

	loop_timer_stop(loop_timer_start(scene->loop, 0, 1, on_never, NULL));
	assert_int_equal(write(scene->pipe[1], "x", 1), 1);
	loop_poll_stop(loop_poll_start(scene->loop, scene->pipe[0], on_never, NULL, NULL));
	loop_timer_stop(NULL);
	loop_poll_stop(NULL);
	loop_signal_stop(NULL);
	loop_run(scene->loop, NULL, NULL);
}

static void on_stop(void *context)
{
	struct scene *scene = context;

	note(scene, 't');
	if (strlen(scene->order) >= 6)
		loop_stop(scene->loop);
}

static void on_draw(void *context)
{
	note(context, 'd');
}

static void loop__draws_before_it_waits__when_something_happened(void **state)
{
	struct scene *scene = *state;

	scene->timer = loop_timer_start(scene->loop, 2, 1, on_stop, scene);
	loop_run(scene->loop, on_draw, scene);
	/* What happened is drawn before the next thing can happen, and the last thing too. */
	for (const char *at = scene->order; *at != '\0'; at++)
		assert_true(*at == 'd' || at[1] == 'd');
	memset(scene->order, 0, sizeof(scene->order));
	loop_turn(scene->loop, true);
	assert_null(strchr(scene->order, 'd'));
}

static void stop_at_once(void *context)
{
	struct scene *scene = context;

	note(scene, 's');
	loop_stop(scene->loop);
}

static void loop__stops__when_told_while_drawing(void **state)
{
	struct scene *scene = *state;

	scene->timer = loop_timer_start(scene->loop, 3600000, 0, on_never, scene);
	loop_run(scene->loop, stop_at_once, scene);
	assert_string_equal(scene->order, "s");
}

/* --- descriptors and signals ---- */

static void on_byte(void *context)
{
	struct scene *scene = context;
	char byte;
	ssize_t size = read(scene->pipe[0], &byte, 1);

	note(scene, size == 1 ? byte : size == 0 ? '.' : '!');
	if (size == 1)
		return;
	loop_poll_stop(scene->poll);
	scene->poll = NULL;
}

static void loop__tells_of_every_byte_and_the_end__when_a_descriptor_is_readable(void **state)
{
	struct scene *scene = *state;

	scene->poll = loop_poll_start(scene->loop, scene->pipe[0], on_byte, scene, NULL);
	assert_non_null(scene->poll);
	assert_true(loop_turn(scene->loop, false));
	assert_string_equal(scene->order, "");
	assert_int_equal(write(scene->pipe[1], "ab", 2), 2);
	assert_true(loop_turn(scene->loop, true));
	assert_true(loop_turn(scene->loop, true));
	assert_string_equal(scene->order, "ab");
	close(scene->pipe[1]);
	loop_run(scene->loop, NULL, NULL);
	assert_string_equal(scene->order, "ab.");
	scene->pipe[1] = dup(scene->pipe[0]);
}

static void loop__refuses_a_descriptor__when_it_cannot_be_watched(void **state)
{
	struct scene *scene = *state;
	struct error error = {0};

	assert_null(loop_poll_start(scene->loop, -1, on_never, NULL, &error));
	assert_int_equal(error.code, ERROR_SYSTEM);
	assert_non_null(strstr(error.text, "Descriptor -1 cannot be watched"));
}

static void on_chain(void *context)
{
	struct scene *scene = context;

	loop_timer_stop(scene->timer);
	scene->timer = NULL;
	if (scene->poll != NULL)
		scene->timer = loop_timer_start(scene->loop, 0, 0, on_chain, scene);
}

static void loop__still_reads__when_timers_start_one_another(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(write(scene->pipe[1], "x", 1), 1);
	close(scene->pipe[1]);
	scene->poll = loop_poll_start(scene->loop, scene->pipe[0], on_byte, scene, NULL);
	scene->timer = loop_timer_start(scene->loop, 0, 0, on_chain, scene);
	loop_run(scene->loop, NULL, NULL);
	assert_string_equal(scene->order, "x.");
	scene->pipe[1] = dup(scene->pipe[0]);
}

static void on_signal(void *context, int number)
{
	struct scene *scene = context;

	assert_int_equal(number, SIGUSR1);
	note(scene, 'u');
	loop_signal_stop(scene->signal);
	scene->signal = NULL;
}

static void loop__catches_a_signal__when_it_is_raised(void **state)
{
	struct scene *scene = *state;

	scene->signal = loop_signal_start(scene->loop, SIGUSR1, on_signal, scene);
	assert_non_null(scene->signal);
	assert_null(loop_signal_start(scene->loop, SIGKILL, on_signal, scene));
	raise(SIGUSR1);
	assert_string_equal(scene->order, "");
	loop_run(scene->loop, NULL, NULL);
	assert_string_equal(scene->order, "u");
}

#define SCENE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(loop__returns__when_nothing_is_left),
		SCENE_TEST(loop__fires_timers_in_order_of_time__when_run),
		SCENE_TEST(loop__repeats_a_timer__until_it_stops_itself),
		SCENE_TEST(loop__calls_nothing__when_handles_were_stopped),
		SCENE_TEST(loop__draws_before_it_waits__when_something_happened),
		SCENE_TEST(loop__stops__when_told_while_drawing),
		SCENE_TEST(loop__tells_of_every_byte_and_the_end__when_a_descriptor_is_readable),
		SCENE_TEST(loop__refuses_a_descriptor__when_it_cannot_be_watched),
		SCENE_TEST(loop__still_reads__when_timers_start_one_another),
		SCENE_TEST(loop__catches_a_signal__when_it_is_raised),
	};

	return cmocka_run_group_tests_name("io/loop", tests, NULL, NULL);
}
