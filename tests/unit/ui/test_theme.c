/*
 * Reading themes, colours on lesser terminals, and a look at every theme that ships.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <glob.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/ui/theme.h"

static int set(struct theme *theme, const char *section, const char *name, const char *value, struct error *error)
{
	return theme_set(theme, slice_of(section), slice_of(name), slice_of(value), error);
}

static void theme_set__reads_colours_and_attributes__in_any_order(void **state)
{
	(void)state;
	struct theme theme;
	theme_init(&theme);
	assert_int_equal(set(&theme, "palette", "red", "203", NULL), 0);
	assert_int_equal(set(&theme, "palette", "paper", "#FdF6e3", NULL), 0);
	assert_int_equal(set(&theme, "roles", "level.error", " bold  red on paper underline ", NULL), 0);
	struct style style = theme.styles[ROLE_LEVEL_ERROR];
	assert_int_equal(style.foreground, 203);
	assert_false(style.foreground_rgb);
	assert_int_equal(style.background, 0xfdf6e3);
	assert_true(style.background_rgb && style.bold && style.underline && style.set);
	assert_false(style.dim || style.reverse);
	assert_int_equal(set(&theme, "roles", "level.error", "on 17", NULL), 0);
	style = theme.styles[ROLE_LEVEL_ERROR];
	assert_int_equal(style.foreground, THEME_COLOUR_DEFAULT);
	assert_int_equal(style.background, 17);
	assert_false(style.bold);
}

static void theme_set__names_what_is_wrong__in_a_sentence(void **state)
{
	static const struct {
		const char *section, *name, *value, *named;
	} rows[] = {
		{ "roles", "level.eror", "red", "level.eror" },
		{ "roles", "level.error", "crimson", "crimson" },
		{ "roles", "level.error", "1 2", "on 2" },
		{ "roles", "level.error", "1 on", "level.error" },
		{ "roles", "level.error", "on bold 3", "bold" },
		{ "roles", "level.error", "256", "256" },
		{ "roles", "level.error", "#12345", "#12345" },
		{ "roles", "level.error", "#12345g", "#12345g" },
		{ "palette", "bold", "3", "bold" },
		{ "palette", "7up", "3", "7up" },
		{ "palette", "", "3", "palette" },
		{ "palette", "red", "rouge", "rouge" },
		{ "palette", "a-name-that-is-too-long-by-far", "3", "a-name" },
		{ "colors", "red", "3", "colors" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct theme theme, before;
		struct error error = { 0 };
		theme_init(&theme);
		before = theme;
		assert_int_equal(set(&theme, rows[i].section, rows[i].name, rows[i].value, &error), ERROR_INPUT);
		assert_non_null(strstr(error.text, rows[i].named));
		assert_memory_equal(&theme, &before, sizeof(theme));
	}
}

static void theme_set__keeps_the_palette_bounded__and_the_last_value(void **state)
{
	(void)state;
	struct theme theme;
	theme_init(&theme);
	for (int i = 0; i < THEME_PALETTE; i++) {
		char name[16];
		snprintf(name, sizeof(name), "c%d", i);
		assert_int_equal(set(&theme, "palette", name, "1", NULL), 0);
	}
	assert_int_equal(set(&theme, "palette", "more", "1", NULL), ERROR_FULL);
	assert_int_equal(set(&theme, "palette", "c3", "9", NULL), 0);
	assert_int_equal(set(&theme, "roles", "default", "c3", NULL), 0);
	assert_int_equal(theme.styles[ROLE_DEFAULT].foreground, 9);
}

static void theme_finish__lets_roles_inherit__through_generations(void **state)
{
	(void)state;
	struct theme theme;
	theme_init(&theme);
	set(&theme, "roles", "level.error", "203 bold", NULL);
	theme_finish(&theme);
	assert_int_equal(theme.styles[ROLE_LEVEL_FATAL].foreground, 203);
	assert_int_equal(theme.styles[ROLE_MESSAGE_ERROR].foreground, 203);
	assert_false(theme.styles[ROLE_LEVEL_FATAL].set);
	assert_int_equal(theme.styles[ROLE_TIME].foreground, THEME_COLOUR_DEFAULT);
	assert_false(theme.styles[ROLE_STATUS].reverse);
}

static void theme_finish__lays_a_role_on_its_parent__unless_it_has_a_ground(void **state)
{
	(void)state;
	struct theme theme;
	theme_init(&theme);
	set(&theme, "roles", "default", "16 on 231", NULL);
	set(&theme, "roles", "level.error", "124", NULL);
	set(&theme, "roles", "status", "16 on 252", NULL);
	set(&theme, "roles", "status.alert", "124 bold", NULL);
	set(&theme, "roles", "match", "16 on default", NULL);
	theme_finish(&theme);
	assert_int_equal(theme.styles[ROLE_LEVEL_ERROR].background, 231);
	assert_int_equal(theme.styles[ROLE_LEVEL_ERROR].foreground, 124);
	assert_int_equal(theme.styles[ROLE_TIME].background, 231);
	assert_int_equal(theme.styles[ROLE_STATUS_ALERT].background, 252);
	assert_int_equal(theme.styles[ROLE_MATCH].background, THEME_COLOUR_DEFAULT);
}

static void theme_nearest__finds_a_kin__among_fewer_colours(void **state)
{
	static const struct {
		int colour;
		bool rgb;
		int colours, nearest;
	} rows[] = {
		{ THEME_COLOUR_DEFAULT, false, 8, THEME_COLOUR_DEFAULT },
		{ 203, false, 256, 203 },
		{ 203, false, 16, 1 },
		{ 203, false, 8, 1 },
		{ 215, false, 8, 3 },
		{ 7, false, 8, 7 },
		{ 9, false, 8, 1 },
		{ 0xffffff, true, 256, 231 },
		{ 0x000000, true, 256, 16 },
		{ 0xff5f5f, true, 256, 203 },
		{ 0x808080, true, 256, 244 },
		{ 0x00ff00, true, 16, 10 },
		{ 0xffffff, true, 8, 7 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(theme_nearest(rows[i].colour, rows[i].rgb, rows[i].colours), rows[i].nearest);
}

struct file {
	struct theme theme;
	bool used[THEME_PALETTE];
};

static void mark_used(struct file *file, struct slice value)
{
	struct slice word;
	while (slice_next(&value, ' ', &word)) {
		for (size_t i = 0; i < file->theme.palette_count; i++)
			file->used[i] |= slice_is(word, file->theme.palette[i].name);
	}
}

/* Reads a theme that ships; any line that is not understood fails the test with its sentence. */
static void load(const char *name, struct file *file)
{
	char path[512], line[256], section[64] = "";
	const char *root = getenv("srcdir");
	snprintf(path, sizeof(path), "%s/themes/%s.theme", root ? root : ".", name);
	FILE *stream = fopen(path, "r");
	assert_non_null(stream);
	memset(file, 0, sizeof(*file));
	theme_init(&file->theme);
	while (fgets(line, sizeof(line), stream)) {
		struct slice text = slice_trim(slice_of(line)), key;
		struct error error = { 0 };
		if (text.size == 0 || text.data[0] == ';')
			continue;
		if (text.data[0] == '[') {
			slice_copy((struct slice){ text.data + 1, text.size - 2 }, section, sizeof(section));
			continue;
		}
		assert_true(slice_next(&text, '=', &key));
		if (theme_set(&file->theme, slice_of(section), key, text, &error))
			fail_msg("%s: %s", path, error.text);
		if (strcmp(section, "roles") == 0)
			mark_used(file, slice_trim(text));
	}
	fclose(stream);
	theme_finish(&file->theme);
}

/* Calls `each` for every theme that ships, whoever added it. */
static void with_every_theme(void (*each)(const char *name))
{
	char pattern[512], name[64];
	const char *root = getenv("srcdir");
	glob_t files;
	snprintf(pattern, sizeof(pattern), "%s/themes/*.theme", root ? root : ".");
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	assert_true(files.gl_pathc >= 10);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct slice path = slice_of(strrchr(files.gl_pathv[i], '/') + 1);
		slice_copy(slice_first(path, path.size - strlen(".theme")), name, sizeof(name));
		each(name);
	}
	globfree(&files);
}

static void assert_complete(const char *name)
{
	struct file file;
	load(name, &file);
	for (int role = 0; role < ROLE_COUNT; role++) {
		if (!file.theme.styles[role].set)
			fail_msg("%s leaves %s out", name, role_name((enum role)role));
	}
	for (size_t colour = 0; colour < file.theme.palette_count; colour++) {
		if (!file.used[colour])
			fail_msg("%s never uses %s", name, file.theme.palette[colour].name);
	}
}

static void themes__set_every_role__and_use_every_colour(void **state)
{
	(void)state;
	with_every_theme(assert_complete);
}

static void themes__mono__shows_what_no_colour_shows(void **state)
{
	(void)state;
	struct file file;
	struct theme plain;
	load("mono", &file);
	theme_init(&plain);
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct style *a = &file.theme.styles[i], *b = &plain.styles[i];
		assert_int_equal(a->foreground, THEME_COLOUR_DEFAULT);
		assert_int_equal(a->background, THEME_COLOUR_DEFAULT);
		assert_true(a->bold == b->bold && a->dim == b->dim && a->underline == b->underline &&
			a->reverse == b->reverse);
	}
}

static double linear(int channel)
{
	double value = channel / 255.0;
	return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/* Relative luminance of one of 16..255, after WCAG 2. */
static double luminance(int number)
{
	static const int steps[6] = { 0, 95, 135, 175, 215, 255 };
	int red, green, blue;
	assert_in_range(number, 16, 255);
	if (number >= 232) {
		red = green = blue = 8 + (number - 232) * 10;
	} else {
		red = steps[(number - 16) / 36];
		green = steps[(number - 16) / 6 % 6];
		blue = steps[(number - 16) % 6];
	}
	return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

static double contrast(int a, int b)
{
	double first = luminance(a) + 0.05, second = luminance(b) + 0.05;
	return first > second ? first / second : second / first;
}

/* `page` is the terminal's background, `text` its foreground, where the theme does not say its own. Chrome lines may be
 * fainter than text. */
static void assert_readable(const char *name, int page, int text, double least, double least_line)
{
	struct file file;
	load(name, &file);
	const int own = file.theme.styles[ROLE_DEFAULT].background;
	page = own == THEME_COLOUR_DEFAULT ? page : own;
	const int grounds[] = { page, file.theme.styles[ROLE_SELECTION].background,
		file.theme.styles[ROLE_RANGE].background };
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct style *style = &file.theme.styles[i];
		int colour = style->foreground == THEME_COLOUR_DEFAULT ? text : style->foreground;
		for (size_t j = 0; j < 3; j++) {
			int ground = style->background == own ? grounds[j] : style->background;
			double wanted = i == ROLE_BORDER ? least_line : least;
			if (i == ROLE_BORDER && j > 0)
				continue;
			if (contrast(colour, ground) < wanted)
				fail_msg("%s: %s has a contrast of %.2f on %d", name, role_name((enum role)i),
					contrast(colour, ground), ground);
		}
	}
}

static void themes__are_readable__on_their_ground(void **state)
{
	(void)state;
	assert_readable("light", 16, 252, 4.5, 4.5);
	assert_readable("light", 231, 16, 4.5, 4.5);
	assert_readable("default", 16, 252, 4.0, 3.0);
	assert_readable("default", 234, 252, 4.0, 3.0);
	assert_readable("colourblind", 16, 252, 4.5, 3.0);
	assert_readable("colourblind", 234, 252, 4.5, 3.0);
	/* These have a page of their own. */
	assert_readable("contrast", 16, 252, 7.0, 7.0);
	assert_readable("solarized-dark", 16, 252, 4.0, 3.0);
	assert_readable("solarized-light", 16, 252, 4.5, 3.0);
	assert_readable("frost", 16, 252, 4.5, 3.0);
	assert_readable("ember", 16, 252, 4.0, 3.0);
	assert_readable("dusk", 16, 252, 4.5, 3.0);
	assert_readable("phosphor", 16, 252, 4.0, 3.0);
	assert_readable("amber", 16, 252, 4.0, 3.0);
}

/* A page of its own is no page where a colour is left to the terminal, which may have it the other way round. */
static void assert_own_colours(const char *name)
{
	struct file file;
	load(name, &file);
	bool own = file.theme.styles[ROLE_DEFAULT].background != THEME_COLOUR_DEFAULT;
	for (int i = 0; own && i < ROLE_COUNT; i++) {
		const struct style *style = &file.theme.styles[i];
		if (style->foreground == THEME_COLOUR_DEFAULT || style->background == THEME_COLOUR_DEFAULT)
			fail_msg("%s leaves a colour of %s to the terminal", name, role_name((enum role)i));
	}
}

static void themes__with_a_page_of_their_own__leave_no_colour_to_the_terminal(void **state)
{
	(void)state;
	with_every_theme(assert_own_colours);
}

static void assert_levels_apart(const char *name)
{
	static const enum role pairs[][2] = { { ROLE_LEVEL_WARN, ROLE_LEVEL_ERROR },
		{ ROLE_LEVEL_ERROR, ROLE_LEVEL_FATAL }, { ROLE_LEVEL_INFO, ROLE_LEVEL_ERROR },
		{ ROLE_BORDER, ROLE_BORDER_FOCUS }, { ROLE_TITLE, ROLE_TITLE_FOCUS },
		{ ROLE_DEFAULT, ROLE_SELECTION } };
	struct file file;
	load(name, &file);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct style *one = &file.theme.styles[pairs[i][0]], *other = &file.theme.styles[pairs[i][1]];
		if (memcmp(one, other, sizeof(*one)) == 0)
			fail_msg("%s shows %s as %s", name, role_name(pairs[i][0]), role_name(pairs[i][1]));
	}
}

static void themes__keep_levels_apart__by_more_than_a_shade(void **state)
{
	(void)state;
	with_every_theme(assert_levels_apart);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(theme_set__reads_colours_and_attributes__in_any_order),
		cmocka_unit_test(theme_set__names_what_is_wrong__in_a_sentence),
		cmocka_unit_test(theme_set__keeps_the_palette_bounded__and_the_last_value),
		cmocka_unit_test(theme_finish__lets_roles_inherit__through_generations),
		cmocka_unit_test(theme_finish__lays_a_role_on_its_parent__unless_it_has_a_ground),
		cmocka_unit_test(theme_nearest__finds_a_kin__among_fewer_colours),
		cmocka_unit_test(themes__set_every_role__and_use_every_colour),
		cmocka_unit_test(themes__mono__shows_what_no_colour_shows),
		cmocka_unit_test(themes__are_readable__on_their_ground),
		cmocka_unit_test(themes__with_a_page_of_their_own__leave_no_colour_to_the_terminal),
		cmocka_unit_test(themes__keep_levels_apart__by_more_than_a_shade),
	};
	return cmocka_run_group_tests_name("ui/theme", tests, NULL, NULL);
}
