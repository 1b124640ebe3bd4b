/*
 * The real terminal, played by the other end of a pseudo-terminal: what it is sent, what it sends, and how it is left
 * behind.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "tocsin/ui/term.h"

struct stage {
	int master, slave;
	struct termios before;
	struct term term;
	struct grid grid;
	struct canvas canvas;
	char sent[262144]; /* what the terminal has received since the last `take` */
	size_t size;
};

static void drain(struct stage *stage)
{
	ssize_t size;
	stage->size = 0;
	while (stage->size < sizeof(stage->sent) - 1 &&
		(size = read(stage->master, stage->sent + stage->size, sizeof(stage->sent) - 1 - stage->size)) > 0)
		stage->size += (size_t)size;
	stage->sent[stage->size] = 0;
}

static void open_stage(struct stage *stage, const char *type, bool colours)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct error error = { 0 };
	assert_int_equal(openpty(&stage->master, &stage->slave, NULL, NULL, &size), 0);
	fcntl(stage->master, F_SETFL, O_NONBLOCK);
	assert_int_equal(tcgetattr(stage->slave, &stage->before), 0);
	const struct term_options options = {
		.input = stage->slave, .output = stage->slave, .type = type, .colours = colours
	};
	if (term_ncurses_create(&stage->term, &options, &error) != 0)
		fail_msg("%s", error.text);
	grid_init(&stage->grid);
	assert_int_equal(grid_resize(&stage->grid, 80, 24), 0);
	stage->canvas = canvas_of(&stage->grid, false);
}

static void present(struct stage *stage, int x, int y)
{
	stage->term.ops->present(stage->term.state, &stage->grid, x, y);
	drain(stage);
}

static int setup(void **state)
{
	static struct stage stage;
	open_stage(&stage, "xterm-256color", true);
	*state = &stage;
	return 0;
}

static void close_stage(struct stage *stage)
{
	if (stage->term.ops)
		stage->term.ops->destroy(stage->term.state);
	grid_release(&stage->grid);
	close(stage->master);
	close(stage->slave);
}

static int teardown(void **state)
{
	close_stage(*state);
	return 0;
}

static bool has(const struct stage *stage, const char *bytes)
{
	return strstr(stage->sent, bytes) != NULL;
}

static void present__enters_the_alternate_screen__and_asks_nothing(void **state)
{
	struct stage *stage = *state;
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_DEFAULT, "tocsin é日");
	present(stage, -1, -1);
	assert_true(has(stage, "\033[?1049h"));
	assert_true(has(stage, "tocsin é日"));
	static const char *const queries[] = { "\033[c", "\033[>c", "\033[6n", "\033[5n", "\033]10;?", "\033]11;?",
		"\033[?u", "\033P+q", "\033[18t" };
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		assert_false(has(stage, queries[i]));
	assert_false(has(stage, "\033[?1000h"));
	assert_int_equal(stage->term.ops->bytes_sent(stage->term.state), stage->size);
}

static void present__sends_nothing__when_nothing_changed(void **state)
{
	struct stage *stage = *state;
	canvas_string(&stage->canvas, 3, 3, 80, ROLE_LEVEL_ERROR, "pool exhausted");
	present(stage, 5, 5);
	assert_true(stage->size > 0);
	for (int i = 0; i < 3; i++) {
		present(stage, 5, 5);
		assert_int_equal(stage->size, 0);
	}
}

static void present__sends_a_few_bytes__for_one_cell(void **state)
{
	struct stage *stage = *state;
	for (int y = 0; y < 24; y++)
		canvas_format(&stage->canvas, 0, y, 80, ROLE_SERVICE, "row %d of many, with text across the screen", y);
	present(stage, -1, -1);
	uint64_t before = stage->term.ops->bytes_sent(stage->term.state);
	canvas_string(&stage->canvas, 40, 12, 1, ROLE_SERVICE, "#");
	present(stage, -1, -1);
	assert_true(has(stage, "#"));
	assert_in_range(stage->size, 1, 40);
	assert_int_equal(stage->term.ops->bytes_sent(stage->term.state) - before, stage->size);
	present(stage, 10, 20);
	assert_in_range(stage->size, 1, 40);
}

static void present__scrolls_the_terminal__when_rows_move_up(void **state)
{
	struct stage *stage = *state;
	for (int step = 0; step < 2; step++) {
		grid_clear(&stage->grid);
		for (int y = 0; y < 24; y++) {
			unsigned int number = (unsigned int)(y + step) * 2654435761U;
			canvas_format(&stage->canvas, 0, y, 80, ROLE_DEFAULT,
				"%u POST /checkout 502 upstream=payment in %u ms, session %u", number, number >> 7,
				number >> 3);
		}
		present(stage, -1, -1);
	}
	assert_in_range(stage->size, 1, 200);
}

static void present__keeps_raw_log_bytes__from_the_terminal(void **state)
{
	struct stage *stage = *state;
	canvas_text(&stage->canvas, 0, 0, 80, ROLE_DEFAULT,
		(struct slice){ "\033]0;owned\a\033[2J\x9b"
				"5n",
			15 });
	present(stage, -1, -1);
	assert_false(has(stage, "\033]0;"));
	assert_false(has(stage, "\a"));
	assert_false(has(stage, "\x9b"));
	assert_true(has(stage, "^["));
	assert_true(has(stage, "]0;owned"));
}

static void present__draws_wide_characters__over_and_back(void **state)
{
	struct stage *stage = *state;
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_DEFAULT, "日本語 log");
	present(stage, -1, -1);
	canvas_string(&stage->canvas, 1, 0, 2, ROLE_DEFAULT, "xy");
	present(stage, -1, -1);
	assert_true(has(stage, "xy"));
	present(stage, -1, -1);
	assert_int_equal(stage->size, 0);
}

static void present__uses_theme_colours__only_where_allowed(void **state)
{
	struct stage *stage = *state;
	struct theme theme;
	theme_init(&theme);
	theme_set(&theme, slice_of("roles"), slice_of("level.error"), slice_of("203"), NULL);
	theme_set(&theme, slice_of("roles"), slice_of("selection"), slice_of("on 236"), NULL);
	theme_finish(&theme);
	stage->term.ops->set_theme(stage->term.state, &theme);
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_LEVEL_ERROR, "E");
	present(stage, -1, -1);
	assert_true(has(stage, "38;5;203m"));
	canvas_ground(&stage->canvas, 0, 0, 1, ROLE_SELECTION);
	present(stage, -1, -1);
	assert_true(has(stage, "48;5;236m"));
	close_stage(stage);

	open_stage(stage, "xterm-256color", false);
	stage->term.ops->set_theme(stage->term.state, &theme);
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_LEVEL_ERROR, "E");
	present(stage, -1, -1);
	assert_false(has(stage, "38;5;"));
	assert_false(has(stage, "[3"));
	assert_true(has(stage, "1mE"));
	close_stage(stage);

	open_stage(stage, "linux", true);
	stage->term.ops->set_theme(stage->term.state, &theme);
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_LEVEL_ERROR, "E");
	present(stage, -1, -1);
	assert_true(has(stage, "\033[31m"));
	canvas_ground(&stage->canvas, 0, 0, 1, ROLE_SELECTION);
	present(stage, -1, -1);
	assert_true(has(stage, "7m"));
}

static void set_theme__with_a_page__lays_text_on_it__and_grounds_between(void **state)
{
	struct stage *stage = *state;
	struct theme theme;
	theme_init(&theme);
	theme_set(&theme, slice_of("roles"), slice_of("default"), slice_of("16 on 231"), NULL);
	theme_set(&theme, slice_of("roles"), slice_of("level.error"), slice_of("124"), NULL);
	theme_set(&theme, slice_of("roles"), slice_of("level.fatal"), slice_of("231 on 125"), NULL);
	theme_set(&theme, slice_of("roles"), slice_of("selection"), slice_of("16 on 195"), NULL);
	theme_finish(&theme);
	stage->term.ops->set_theme(stage->term.state, &theme);
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_LEVEL_ERROR, "E");
	present(stage, -1, -1);
	assert_true(has(stage, "38;5;124m"));
	assert_true(has(stage, "48;5;231m"));
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_LEVEL_FATAL, "F");
	canvas_string(&stage->canvas, 1, 0, 80, ROLE_LEVEL_ERROR, "E");
	canvas_ground(&stage->canvas, 0, 0, 2, ROLE_SELECTION);
	present(stage, -1, -1);
	assert_true(has(stage, "48;5;125m"));
	assert_true(has(stage, "48;5;195m"));
	assert_false(has(stage, "48;5;231m"));
	close_stage(stage);

	/* Eight colours have no such page: the terminal's is kept. */
	open_stage(stage, "linux", true);
	stage->term.ops->set_theme(stage->term.state, &theme);
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_DEFAULT, "d");
	canvas_string(&stage->canvas, 1, 0, 80, ROLE_LEVEL_ERROR, "E");
	present(stage, -1, -1);
	assert_true(has(stage, "\033[31m"));
	assert_false(has(stage, "[47m"));
	assert_false(has(stage, "[30m"));
}

static void send(struct stage *stage, const char *bytes, size_t size)
{
	assert_int_equal(write(stage->master, bytes, size), size);
	struct pollfd poller = { .fd = stage->term.ops->descriptor(stage->term.state), .events = POLLIN };
	assert_int_equal(poll(&poller, 1, 2000), 1);
}

static void read_key__decodes__what_terminals_send(void **state)
{
	static const struct {
		const char *bytes, *keys;
	} rows[] = {
		{ "a", "a" },
		{ "é日", "é 日" },
		{ "\033[A\033OA", "Up Up" },
		{ "\033[5~\033[6~", "PgUp PgDn" },
		{ "\033[1~\033[F", "Home End" },
		{ "\t\033[Z", "Tab S-Tab" },
		{ "\r\n", "Enter Enter" },
		{ "\177\b", "Backspace Backspace" },
		{ "\003\032\014", "C-c C-z C-l" },
		{ "\033OP\033[15~", "F1 F5" },
		{ "\033x", "M-x" },
		{ "\033\r", "M-Enter" },
		{ "\033", "Esc" },
		{ "\033[1;9Qj", "j" },
		{ "\033[99;99~k", "k" },
		{ "\033Oxq", "q" },
		{ "gG", "g G" },
	};
	struct stage *stage = *state;
	struct key key;
	assert_false(stage->term.ops->read_key(stage->term.state, &key));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char keys[128] = "", name[24];
		size_t used = 0;
		send(stage, rows[i].bytes, strlen(rows[i].bytes));
		while (stage->term.ops->read_key(stage->term.state, &key))
			used += (size_t)snprintf(
				keys + used, sizeof(keys) - used, "%s%s", used ? " " : "", key_text(key, name));
		assert_string_equal(keys, rows[i].keys);
	}
}

static void read_key__tells_of_a_new_size__once(void **state)
{
	struct stage *stage = *state;
	struct winsize size = { .ws_row = 40, .ws_col = 120 };
	struct key key;
	int columns, rows;
	present(stage, -1, -1);
	assert_int_equal(ioctl(stage->master, TIOCSWINSZ, &size), 0);
	assert_true(stage->term.ops->read_key(stage->term.state, &key));
	assert_int_equal(key.code, KEY_CODE_RESIZE);
	assert_false(stage->term.ops->read_key(stage->term.state, &key));
	stage->term.ops->size(stage->term.state, &columns, &rows);
	assert_int_equal(columns, 120);
	assert_int_equal(rows, 40);
	grid_resize(&stage->grid, 120, 40);
	canvas_string(
		&(struct canvas){ &stage->grid, { 0, 0, 120, 40 }, false }, 110, 39, 10, ROLE_DEFAULT, "far corner");
	present(stage, -1, -1);
	assert_true(has(stage, "far corne")); /* the last cell comes by a detour, lest the screen scroll */
	for (int width = 1; width < 200; width += 37) {
		grid_resize(&stage->grid, width, 2);
		present(stage, 0, 0);
	}
}

static void assert_restored(struct stage *stage)
{
	struct termios now;
	assert_true(has(stage, "\033[?1049l"));
	assert_int_equal(tcgetattr(stage->slave, &now), 0);
	assert_int_equal(now.c_lflag, stage->before.c_lflag);
	assert_int_equal(now.c_iflag, stage->before.c_iflag);
	assert_int_equal(now.c_oflag, stage->before.c_oflag);
}

static void create__takes_keys_raw__but_leaves_flow_control(void **state)
{
	struct stage *stage = *state;
	struct termios now;
	assert_int_equal(tcgetattr(stage->slave, &now), 0);
	assert_int_equal(now.c_lflag & (tcflag_t)(ICANON | ISIG | ECHO), 0);
	assert_int_equal(now.c_iflag & (tcflag_t)IXON, stage->before.c_iflag & (tcflag_t)IXON);
	struct sigaction action;
	static const int signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], NULL, &action);
		assert_true(action.sa_handler == SIG_DFL);
	}
}

static void suspend__gives_the_terminal_back__and_resume_paints_all(void **state)
{
	struct stage *stage = *state;
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_DEFAULT, "still here");
	present(stage, -1, -1);
	stage->term.ops->suspend(stage->term.state);
	drain(stage);
	assert_restored(stage);
	present(stage, -1, -1);
	assert_int_equal(stage->size, 0);
	stage->term.ops->resume(stage->term.state);
	present(stage, -1, -1);
	assert_true(has(stage, "\033[?1049h"));
	assert_true(has(stage, "still here"));
	stage->term.ops->repaint(stage->term.state);
	present(stage, -1, -1);
	assert_true(has(stage, "still here"));
}

static void destroy__restores__the_terminal(void **state)
{
	struct stage *stage = *state;
	present(stage, 1, 1);
	stage->term.ops->set_mouse(stage->term.state, true);
	drain(stage);
	assert_true(has(stage, "\033[?1000h") || has(stage, "\033[?1006;1000h"));
	stage->term.ops->destroy(stage->term.state);
	stage->term.ops = NULL;
	drain(stage);
	assert_restored(stage);
	assert_true(strstr(stage->sent, "1000l") != NULL);
	drain(stage);
	term_ncurses_emergency();
	drain(stage);
	assert_int_equal(stage->size, 0);
}

static void emergency__restores__and_may_be_called_twice(void **state)
{
	struct stage *stage = *state;
	present(stage, -1, -1);
	term_ncurses_emergency();
	drain(stage);
	assert_restored(stage);
	assert_true(has(stage, "\033[?1000l"));
	assert_true(has(stage, "\033[?12l\033[?25h"));
	assert_false(has(stage, "$<"));
	term_ncurses_emergency();
	drain(stage);
	assert_int_equal(stage->size, 0);
}

static void copy__sends_osc_52__bounded_and_wrapped_for_tmux(void **state)
{
	struct stage *stage = *state;
	static char text[TERM_COPY_MAX + 1];
	memset(text, 'x', sizeof(text));
	assert_true(stage->term.ops->copy(stage->term.state, slice_of("T-7 é")));
	drain(stage);
	assert_string_equal(strstr(stage->sent, "\033]52"), "\033]52;c;VC03IMOp\a");
	assert_false(stage->term.ops->copy(stage->term.state, (struct slice){ text, sizeof(text) }));
	close_stage(stage);
	open_stage(stage, "screen-256color", true);
	assert_true(stage->term.ops->copy(stage->term.state, slice_of("ab")));
	drain(stage);
	assert_string_equal(strstr(stage->sent, "\033Ptmux"), "\033Ptmux;\033\033]52;c;YWI=\a\033\\");
}

static void bell__rings(void **state)
{
	struct stage *stage = *state;
	present(stage, -1, -1);
	stage->term.ops->bell(stage->term.state);
	drain(stage);
	assert_string_equal(stage->sent, "\a");
}

/* The other end stops reading: frames are left out, the loop goes on, and the last frame arrives when it reads again.
 */
static void present__does_not_hang__when_the_terminal_takes_nothing(void **state)
{
	struct stage *stage = *state;
	int frames = 0;
	do {
		for (int y = 0; y < 24; y++)
			canvas_format(
				&stage->canvas, 0, y, 80, (enum role)(y % 3), "%d %060d", frames * 7919 + y, frames);
		stage->term.ops->present(stage->term.state, &stage->grid, -1, -1);
	} while (!stage->term.ops->behind(stage->term.state) && ++frames < 1000);
	assert_true(stage->term.ops->behind(stage->term.state));
	canvas_string(&stage->canvas, 0, 0, 80, ROLE_DEFAULT, "the last frame");
	stage->term.ops->present(stage->term.state, &stage->grid, -1, -1);
	assert_true(stage->term.ops->behind(stage->term.state));
	bool seen = false;
	for (int i = 0; i < 100 && stage->term.ops->behind(stage->term.state); i++) {
		present(stage, -1, -1);
		seen |= has(stage, "the last frame");
	}
	present(stage, -1, -1);
	seen |= has(stage, "the last frame");
	assert_false(stage->term.ops->behind(stage->term.state));
	assert_true(seen);
}

static void present__waits_out_flow_control__without_hanging(void **state)
{
	struct stage *stage = *state;
	bool seen = false;
	assert_true(stage->before.c_iflag & IXON);
	assert_int_equal(write(stage->master, "\023", 1), 1);
	for (int i = 0; i < 1000 && !stage->term.ops->behind(stage->term.state); i++) {
		canvas_format(&stage->canvas, 0, 0, 80, ROLE_DEFAULT, "frame %d", i);
		present(stage, -1, -1);
	}
	assert_true(stage->term.ops->behind(stage->term.state));
	canvas_string(&stage->canvas, 0, 1, 80, ROLE_DEFAULT, "after the stop");
	assert_int_equal(write(stage->master, "\021", 1), 1);
	for (int i = 0; i < 1000 && !seen; i++) {
		present(stage, -1, -1);
		seen = has(stage, "after the stop");
	}
	assert_true(seen);
}

static void create__falls_back__for_a_type_it_does_not_know(void **state)
{
	static const char *const types[] = { "xterm-nonsense-of-mine", "screen.unheard-of", "quite-unknown", "" };
	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		static struct stage stage;
		open_stage(&stage, types[i], true);
		canvas_string(&stage.canvas, 0, 0, 80, ROLE_DEFAULT, "works");
		present(&stage, -1, -1);
		assert_true(has(&stage, "works"));
		close_stage(&stage);
	}
}

static void create__fails_with_a_sentence__without_a_terminal(void **state)
{
	(void)state;
	int pipes[2];
	struct term term;
	struct error error = { 0 };
	assert_int_equal(pipe(pipes), 0);
	const struct term_options options = { .input = pipes[0], .output = pipes[1], .type = "xterm" };
	assert_int_equal(term_ncurses_create(&term, &options, &error), ERROR_SYSTEM);
	assert_non_null(strstr(error.text, "terminal"));
	close(pipes[0]);
	close(pipes[1]);
	int master, slave;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	const struct term_options dumb = { .input = slave, .output = slave, .type = "dumb" };
	assert_int_equal(term_ncurses_create(&term, &dumb, &error), ERROR_INPUT);
	assert_non_null(strstr(error.text, "dumb"));
	close(master);
	close(slave);
}

/* Curses keeps what it knew before its first screen; a program has one such, this one makes many. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:new_prescr";
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(present__enters_the_alternate_screen__and_asks_nothing),
		TEST(present__sends_nothing__when_nothing_changed),
		TEST(present__sends_a_few_bytes__for_one_cell),
		TEST(present__scrolls_the_terminal__when_rows_move_up),
		TEST(present__keeps_raw_log_bytes__from_the_terminal),
		TEST(present__draws_wide_characters__over_and_back),
		TEST(present__uses_theme_colours__only_where_allowed),
		TEST(set_theme__with_a_page__lays_text_on_it__and_grounds_between),
		TEST(read_key__decodes__what_terminals_send),
		TEST(read_key__tells_of_a_new_size__once),
		TEST(create__takes_keys_raw__but_leaves_flow_control),
		TEST(suspend__gives_the_terminal_back__and_resume_paints_all),
		TEST(destroy__restores__the_terminal),
		TEST(emergency__restores__and_may_be_called_twice),
		TEST(copy__sends_osc_52__bounded_and_wrapped_for_tmux),
		TEST(bell__rings),
		TEST(present__does_not_hang__when_the_terminal_takes_nothing),
		TEST(present__waits_out_flow_control__without_hanging),
		cmocka_unit_test(create__falls_back__for_a_type_it_does_not_know),
		cmocka_unit_test(create__fails_with_a_sentence__without_a_terminal),
	};
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_ALL, "");
	return cmocka_run_group_tests_name("ui/term_ncurses", tests, NULL, NULL);
}
