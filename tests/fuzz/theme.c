/*
 * Themes: any lines are taken or refused with a sentence, and what is left can be painted: colours in range, whatever
 * the terminal has.
 */
#include "fuzz/fuzz.h"
#include "tocsin/ui/theme.h"

static void require_colour(int colour, bool rgb)
{
	static const int counts[] = { 8, 16, 256 };

	REQUIRE(colour == THEME_COLOUR_DEFAULT || (colour >= 0 && colour <= (rgb ? 0xFFFFFF : 255)));
	if (colour == THEME_COLOUR_DEFAULT)
		return;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		int nearest = theme_nearest(colour, rgb, counts[i]);

		REQUIRE(nearest >= 0 && nearest < counts[i]);
	}
}

static void require_sound(const struct theme *theme)
{
	REQUIRE(theme->palette_count <= THEME_PALETTE);
	for (size_t i = 0; i < theme->palette_count; i++)
		require_colour(theme->palette[i].colour, theme->palette[i].rgb);
	for (int role = 0; role < ROLE_COUNT; role++) {
		require_colour(theme->styles[role].foreground, theme->styles[role].foreground_rgb);
		require_colour(theme->styles[role].background, theme->styles[role].background_rgb);
	}
}

static void set_line(struct theme *theme, struct slice section, struct slice line)
{
	struct error error = { 0 };
	size_t equals = slice_find_byte(line, '=');
	struct slice name = slice_trim(slice_first(line, equals));
	struct slice value = equals == SIZE_MAX ? (struct slice){ NULL, 0 } : slice_trim(slice_from(line, equals + 1));

	if (theme_set(theme, section, name, value, &error) != 0)
		REQUIRE(error.code != 0 && error.text[0] != '\0' && !fuzz_has_control(slice_of(error.text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct theme theme;
	struct slice rest = fuzz_input(data, size);
	struct slice section = slice_of("palette");
	struct slice line;

	theme_init(&theme);
	while (slice_next(&rest, '\n', &line)) {
		if (slice_starts(line, "[") && slice_ends(line, "]"))
			section = slice_first(slice_from(line, 1), line.size - 2);
		else
			set_line(&theme, section, line);
	}
	theme_finish(&theme);
	require_sound(&theme);
	return 0;
}
