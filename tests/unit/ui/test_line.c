/*
 * The line editor, driven by keys and without a terminal.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/readline.h>

#include "tocsin/base/error.h"
#include "tocsin/base/utf8.h"
#include "tocsin/ui/line.h"

static const char *const services[] = { "gateway", "inventory", "orders-db", "orders-api", "service:", "payment" };

/* Offers the services that begin with the word, and notes where the word began. */
static const char *complete(void *context, struct slice text, size_t start, struct slice word, size_t index)
{
	size_t *begin = context;
	*begin = start;
	assert_true(slice_equal(slice_first(slice_from(text, start), word.size), word));
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (slice_equal(slice_first(slice_of(services[i]), word.size), word) && index-- == 0)
			return services[i];
	}
	return NULL;
}

static size_t word_start;

static int setup(void **state)
{
	*state = line_create(false, complete, &word_start);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	line_destroy(*state);
	return 0;
}

static enum line_result press(struct line *line, const char *names)
{
	enum line_result result = LINE_EDITING;
	struct slice rest = slice_of(names), name;
	while (slice_next(&rest, ' ', &name)) {
		struct key key;
		assert_true(key_parse(name, &key));
		result = line_key(line, key);
	}
	return result;
}

static void type(struct line *line, const char *text)
{
	struct slice rest = slice_of(text);
	uint32_t character;
	bool valid;
	while (utf8_next(&rest, &character, &valid))
		assert_int_equal(line_key(line, key_of_character(character, false)), LINE_EDITING);
}

static const char *text(struct line *line)
{
	static char copy[1024];
	slice_copy(line_text(line), copy, sizeof(copy));
	return copy;
}

static void line_key__edits_like_emacs__from_a_table(void **state)
{
	static const struct {
		const char *typed, *keys, *text;
		size_t cursor;
	} rows[] = {
		{ "which requests", "", "which requests", 14 },
		{ "abc", "Left Left x", "axbc", 2 },
		{ "abc", "C-a x", "xabc", 1 },
		{ "abc", "Home C-e x", "abcx", 4 },
		{ "abc", "Home Right Delete", "ac", 1 },
		{ "abc", "Backspace", "ab", 2 },
		{ "one two", "C-a C-k", "", 0 },
		{ "one two", "C-w", "one ", 4 },
		{ "one two", "C-w C-y C-y", "one twotwo", 10 },
		{ "one two", "C-u", "", 0 },
		{ "one two", "M-b M-b x", "xone two", 1 },
		{ "one two", "C-a M-d", " two", 0 },
		{ "one two", "C-a M-f", "one two", 3 },
		{ "one two", "C-w C-_", "one two", 7 },
		{ "café", "Backspace", "caf", 3 },
		{ "aéb", "Left Left x", "axéb", 2 },
		{ "aéb", "Left", "aéb", 3 },
		{ "a😀b", "Left Backspace", "ab", 1 },
		{ "日本語", "C-a Right x", "日x本語", 4 },
		{ "abc", "PgUp F5 S-Tab C-s", "abc", 3 },
	};
	struct line *line = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		line_begin(line, NULL);
		type(line, rows[i].typed);
		press(line, rows[i].keys);
		if (strcmp(text(line), rows[i].text) != 0 || line_cursor(line) != rows[i].cursor)
			fail_msg("%s, then %s: \"%s\" at %zu", rows[i].typed, rows[i].keys, text(line),
				line_cursor(line));
	}
}

static void line_key__accepts_on_enter__and_begins_anew(void **state)
{
	struct line *line = *state;
	type(line, "why");
	assert_int_equal(press(line, "Enter"), LINE_ACCEPTED);
	assert_string_equal(text(line), "why");
	line_begin(line, NULL);
	assert_string_equal(text(line), "");
	line_begin(line, "level>=error ");
	type(line, "x");
	assert_string_equal(text(line), "level>=error x");
	assert_int_equal(press(line, "Enter"), LINE_ACCEPTED);
	type(line, "n");
	assert_string_equal(text(line), "n");
}

static void line_key__cancels__on_escape_and_control_c_and_g(void **state)
{
	static const char *const keys[] = { "Esc", "C-c", "C-g" };
	struct line *line = *state;
	for (size_t i = 0; i < 3; i++) {
		type(line, "half a thought");
		assert_int_equal(press(line, keys[i]), LINE_CANCELLED);
		assert_string_equal(text(line), "");
		type(line, "next");
		assert_string_equal(text(line), "next");
		press(line, "C-u");
	}
	assert_int_equal(press(line, "C-d"), LINE_CANCELLED);
}

static void line_history__goes_up_and_down__and_keeps_duplicates_once(void **state)
{
	struct line *line = *state;
	line_history_add(line, slice_of("first"));
	line_history_add(line, slice_of("second"));
	line_history_add(line, slice_of("second"));
	line_history_add(line, slice_of(""));
	line_begin(line, NULL);
	type(line, "draft");
	press(line, "Up");
	assert_string_equal(text(line), "second");
	press(line, "Up");
	assert_string_equal(text(line), "first");
	press(line, "Up");
	assert_string_equal(text(line), "first");
	press(line, "Down Down");
	assert_string_equal(text(line), "draft");
}

static void line_history__is_as_it_was__after_an_edited_line_was_left(void **state)
{
	struct line *line = *state;
	line_history_add(line, slice_of("first"));
	line_history_add(line, slice_of("second"));
	static const char *const ways[] = { "Esc", "Enter" };
	for (size_t i = 0; i < 2; i++) {
		line_begin(line, NULL);
		press(line, "Up x Up y");
		assert_string_equal(text(line), "firsty");
		press(line, ways[i]);
		line_begin(line, NULL);
		press(line, "Up");
		assert_string_equal(text(line), "second");
		press(line, "Up");
		assert_string_equal(text(line), "first");
	}
}

static void line_key__searches_history__and_escape_keeps_what_was_found(void **state)
{
	struct line *line = *state;
	line_history_add(line, slice_of("show timeouts"));
	line_history_add(line, slice_of("which service failed first"));
	line_begin(line, NULL);
	press(line, "C-r t i m");
	assert_string_equal(text(line), "show timeouts");
	assert_int_equal(press(line, "Esc"), LINE_EDITING);
	assert_string_equal(text(line), "show timeouts");
	press(line, "C-e x");
	assert_string_equal(text(line), "show timeoutsx");
	line_begin(line, NULL);
	assert_int_equal(press(line, "C-r t i m C-c"), LINE_CANCELLED);
	type(line, "z");
	assert_string_equal(text(line), "z");
}

static void line_history__survives_a_restart__in_a_private_file(void **state)
{
	struct line *line = *state;
	char folder[] = "/tmp/tocsin-line-XXXXXX", path[64];
	struct stat status;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/history", folder);
	assert_int_equal(line_history_load(line, path), ERROR_ABSENT);
	line_history_add(line, slice_of("é first"));
	line_history_add(line, slice_of("second"));
	assert_int_equal(line_history_save(line, path), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	line_destroy(line);
	*state = line = line_create(false, NULL, NULL);
	assert_non_null(line);
	assert_int_equal(line_history_load(line, path), 0);
	line_begin(line, NULL);
	press(line, "Up Up");
	assert_string_equal(text(line), "é first");
	unlink(path);
	rmdir(folder);
	assert_int_equal(line_history_save(line, "/nowhere/at/all"), ERROR_ABSENT);
}

static void line_history__forgets_the_oldest__after_1000(void **state)
{
	struct line *line = *state;
	char entry[32];
	for (int i = 0; i < 1100; i++) {
		snprintf(entry, sizeof(entry), "entry %d", i);
		line_history_add(line, slice_of(entry));
	}
	line_begin(line, NULL);
	press(line, "M-<");
	assert_string_equal(text(line), "entry 100");
}

static void tab__completes__as_far_as_it_is_sure(void **state)
{
	struct line *line = *state;
	type(line, "errors in gat");
	press(line, "Tab");
	assert_string_equal(text(line), "errors in gateway ");
	assert_int_equal(word_start, 10);
	assert_int_equal(line_completion_count(line), 0);

	line_begin(line, NULL);
	type(line, "-level:o");
	press(line, "Tab");
	assert_string_equal(text(line), "-level:orders-");
	assert_int_equal(line_completion_count(line), 2);
	assert_string_equal(line_completion(line, 0), "orders-api");
	assert_string_equal(line_completion(line, 1), "orders-db");
	assert_string_equal(line_completion(line, 2), "");
	type(line, "d");
	assert_int_equal(line_completion_count(line), 0);
	press(line, "Tab");
	assert_string_equal(text(line), "-level:orders-db ");

	line_begin(line, NULL);
	type(line, "zzz");
	press(line, "Tab");
	assert_string_equal(text(line), "zzz");
	line_begin(line, NULL);
	type(line, "ser");
	press(line, "Tab");
	assert_string_equal(text(line), "service:");
}

static void tab__does_no_harm__without_a_callback(void **state)
{
	line_destroy(*state);
	struct line *line = *state = line_create(false, NULL, NULL);
	type(line, "/et");
	press(line, "Tab");
	assert_string_equal(text(line), "/et");
}

static void vi_mode__inserts_moves_and_cancels__by_escape(void **state)
{
	struct line *line = *state;
	char setting[] = "set editing-mode vi";
	rl_parse_and_bind(setting);
	line_begin(line, NULL);
	type(line, "one two");
	assert_false(line_in_vi_command_mode(line));
	assert_int_equal(press(line, "Esc"), LINE_EDITING);
	assert_true(line_in_vi_command_mode(line));
	press(line, "b d w");
	assert_string_equal(text(line), "one ");
	assert_int_equal(press(line, "d Esc"), LINE_EDITING);
	press(line, "0 i x");
	assert_string_equal(text(line), "xone ");
	press(line, "Left Delete");
	assert_string_equal(text(line), "one ");
	assert_int_equal(press(line, "Esc"), LINE_EDITING);
	assert_int_equal(press(line, "Esc"), LINE_CANCELLED);
	assert_string_equal(text(line), "");
	assert_false(line_in_vi_command_mode(line));
	type(line, "ok");
	press(line, "Esc");
	assert_int_equal(press(line, "Enter"), LINE_ACCEPTED);
	assert_string_equal(text(line), "ok");
}

static void line_key__stays_bounded__however_long_one_types(void **state)
{
	struct line *line = *state;
	for (int i = 0; i < 20000; i++)
		line_key(line, key_of_character('x', false));
	assert_int_equal(line_text(line).size, 16384);
	press(line, "Backspace");
	assert_int_equal(line_text(line).size, 16383);
	assert_int_equal(press(line, "Enter"), LINE_ACCEPTED);
	assert_int_equal(line_text(line).size, 16383);
}

static void line_key__survives__any_keys(void **state)
{
	struct line *line = *state;
	uint32_t seed = 7;
	line_history_add(line, slice_of("one two three"));
	for (int i = 0; i < 6000; i++) {
		seed = seed * 1664525U + 1013904223U;
		struct key key = { .code = seed >> 16 & 127, .alt = (seed >> 24 & 7) == 0 };
		if ((seed >> 27 & 3) == 0)
			key.code = KEY_NAMED + (seed >> 8 & 31);
		else if ((seed >> 27 & 7) == 1)
			key.code = 0x3b1 + (seed >> 8 & 15);
		line_key(line, key);
		assert_true(line_cursor(line) <= line_text(line).size);
	}
}

static void line_create__refuses__a_second_editor(void **state)
{
	(void)state;
	assert_null(line_create(false, NULL, NULL));
}

/* Readline loses a few bytes of its own when random keys break off its searches and quoted inserts. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:xmalloc\nleak:xrealloc";
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(line_key__edits_like_emacs__from_a_table),
		TEST(line_key__accepts_on_enter__and_begins_anew),
		TEST(line_key__cancels__on_escape_and_control_c_and_g),
		TEST(line_history__goes_up_and_down__and_keeps_duplicates_once),
		TEST(line_history__is_as_it_was__after_an_edited_line_was_left),
		TEST(line_key__searches_history__and_escape_keeps_what_was_found),
		TEST(line_history__survives_a_restart__in_a_private_file),
		TEST(line_history__forgets_the_oldest__after_1000),
		TEST(tab__completes__as_far_as_it_is_sure),
		TEST(tab__does_no_harm__without_a_callback),
		TEST(vi_mode__inserts_moves_and_cancels__by_escape),
		TEST(line_key__stays_bounded__however_long_one_types),
		TEST(line_key__survives__any_keys),
		TEST(line_create__refuses__a_second_editor),
	};
	/* Readline takes the locale of the environment when it begins. */
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_ALL, "");
	return cmocka_run_group_tests_name("ui/line", tests, NULL, NULL);
}
