/*
 * Reading themes, and finding the colour a terminal has for one it lacks.
 */
#include "tocsin/ui/theme.h"

#include <limits.h>
#include <string.h>

struct colour {
	int value;
	bool rgb;
};

void theme_init(struct theme *theme)
{
	*theme = (struct theme){ 0 };
	for (int i = 0; i < ROLE_COUNT; i++) {
		enum role_mono mono = role_mono((enum role)i);
		theme->styles[i] = (struct style){
			.foreground = THEME_COLOUR_DEFAULT,
			.background = THEME_COLOUR_DEFAULT,
			.dim = mono == ROLE_FAINT,
			.bold = mono == ROLE_BOLD || mono == ROLE_REVERSE_BOLD,
			.underline = mono == ROLE_UNDERLINE,
			.reverse = mono == ROLE_REVERSE || mono == ROLE_REVERSE_BOLD,
		};
	}
}

static bool hex_digit(char character, int *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = character ? strchr(digits, character | 0x20) : NULL;
	if (!at)
		return false;
	*value = (int)(at - digits);
	return true;
}

static bool parse_rgb(struct slice text, int *value)
{
	*value = 0;
	if (text.size != 7)
		return false;
	for (size_t i = 1; i < text.size; i++) {
		int digit;
		if (!hex_digit(text.data[i], &digit))
			return false;
		*value = *value << 4 | digit;
	}
	return true;
}

/* A colour as a number, #rrggbb or `default`, or the name of one in the palette. */
static bool parse_colour(const struct theme *theme, struct slice text, struct colour *colour)
{
	*colour = (struct colour){ THEME_COLOUR_DEFAULT, false };
	if (slice_is(text, "default"))
		return true;
	if (slice_starts(text, "#")) {
		colour->rgb = true;
		return parse_rgb(text, &colour->value);
	}
	uint64_t number;
	if (slice_to_u64(text, &number)) {
		colour->value = (int)number;
		return number <= 255;
	}
	for (size_t i = 0; i < theme->palette_count; i++) {
		if (slice_is(text, theme->palette[i].name)) {
			*colour = (struct colour){ theme->palette[i].colour, theme->palette[i].rgb };
			return true;
		}
	}
	return false;
}

static bool *attribute(struct style *style, struct slice word)
{
	if (slice_is(word, "bold"))
		return &style->bold;
	if (slice_is(word, "dim"))
		return &style->dim;
	if (slice_is(word, "underline"))
		return &style->underline;
	if (slice_is(word, "reverse"))
		return &style->reverse;
	return NULL;
}

static int set_palette(struct theme *theme, struct slice name, struct slice value, struct error *error)
{
	struct colour colour;
	struct style unused = { 0 };
	if (name.size == 0 || name.size >= sizeof(theme->palette[0].name))
		return error_set(error, ERROR_INPUT, "the palette's name \"%.*s\" is not 1 to 23 characters long",
			(int)name.size, name.data);
	if (attribute(&unused, name) || slice_is(name, "on") || slice_is(name, "default") || name.data[0] == '#' ||
		(name.data[0] >= '0' && name.data[0] <= '9'))
		return error_set(error, ERROR_INPUT, "\"%.*s\" means something else and cannot name a colour",
			(int)name.size, name.data);
	if (!parse_colour(theme, value, &colour))
		return error_set(error, ERROR_INPUT, "\"%.*s\" is no colour: 0 to 255, #rrggbb or default",
			(int)value.size, value.data);
	size_t i = 0;
	while (i < theme->palette_count && !slice_is(name, theme->palette[i].name))
		i++;
	if (i == THEME_PALETTE)
		return error_set(error, ERROR_FULL, "the palette has more than %d colours", THEME_PALETTE);
	slice_copy(name, theme->palette[i].name, sizeof(theme->palette[i].name));
	theme->palette[i].colour = colour.value;
	theme->palette[i].rgb = colour.rgb;
	if (i == theme->palette_count)
		theme->palette_count++;
	return 0;
}

static int find_role(struct slice name)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (slice_is(name, role_name((enum role)i)))
			return i;
	}
	return -1;
}

static int set_role(struct theme *theme, struct slice name, struct slice value, struct error *error)
{
	struct style style = { .foreground = THEME_COLOUR_DEFAULT, .background = THEME_COLOUR_DEFAULT, .set = true };
	bool has_foreground = false, has_background = false, on = false;
	struct slice word;
	int role = find_role(name);
	if (role < 0)
		return error_set(error, ERROR_INPUT, "there is no role \"%.*s\"", (int)name.size, name.data);
	while (slice_next(&value, ' ', &word)) {
		struct colour colour;
		word = slice_trim(word);
		if (word.size == 0)
			continue;
		bool *flag = attribute(&style, word);
		if (flag && !on) {
			*flag = true;
		} else if (slice_is(word, "on") && !on && !has_background) {
			on = true;
		} else if (!parse_colour(theme, word, &colour)) {
			return error_set(error, ERROR_INPUT, "%s: \"%.*s\" is no colour, palette name or attribute",
				role_name((enum role)role), (int)word.size, word.data);
		} else if (on) {
			style.background = colour.value;
			style.background_rgb = colour.rgb;
			has_background = true;
			on = false;
		} else if (!has_foreground) {
			style.foreground = colour.value;
			style.foreground_rgb = colour.rgb;
			has_foreground = true;
		} else {
			return error_set(error, ERROR_INPUT,
				"%s: \"%.*s\" is a second colour; a background is written \"on %.*s\"",
				role_name((enum role)role), (int)word.size, word.data, (int)word.size, word.data);
		}
	}
	if (on)
		return error_set(
			error, ERROR_INPUT, "%s: a colour is missing after \"on\"", role_name((enum role)role));
	style.grounded = has_background;
	theme->styles[role] = style;
	return 0;
}

int theme_set(struct theme *theme, struct slice section, struct slice name, struct slice value, struct error *error)
{
	name = slice_trim(name);
	value = slice_trim(value);
	if (slice_is(section, "palette"))
		return set_palette(theme, name, value, error);
	if (slice_is(section, "roles"))
		return set_role(theme, name, value, error);
	return error_set(error, ERROR_INPUT, "a theme has the sections [palette] and [roles], not [%.*s]",
		(int)section.size, section.data);
}

void theme_finish(struct theme *theme)
{
	if (!theme->styles[ROLE_DEFAULT].set)
		theme->styles[ROLE_DEFAULT] =
			(struct style){ .foreground = THEME_COLOUR_DEFAULT, .background = THEME_COLOUR_DEFAULT };
	for (int i = 1; i < ROLE_COUNT; i++) {
		struct style *style = &theme->styles[i];
		const struct style *parent = &theme->styles[role_parent((enum role)i)];
		if (!style->set) {
			*style = *parent;
			style->set = false;
		} else if (!style->grounded) {
			style->background = parent->background;
			style->background_rgb = parent->background_rgb;
		}
	}
}

/* What xterm shows for 0..255; people change the first 16, so they are compared with only where there is nothing
   else. */
static int rgb_of(int number)
{
	static const int basic[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };
	static const int steps[6] = { 0, 95, 135, 175, 215, 255 };
	if (number < 16)
		return basic[number];
	if (number >= 232)
		return (8 + (number - 232) * 10) * 0x010101;
	number -= 16;
	return steps[number / 36] << 16 | steps[number / 6 % 6] << 8 | steps[number % 6];
}

/* How far a colour is from grey. */
static int chroma(int colour)
{
	int red = colour >> 16, green = colour >> 8 & 255, blue = colour & 255;
	int most = red > green ? red : green, least = red < green ? red : green;
	return (most > blue ? most : blue) - (least < blue ? least : blue);
}

/* Squared, weighted by how well the eye tells red, green and blue apart; and a red that must change is better another
 * red than a grey. */
static int distance(int a, int b)
{
	int red = (a >> 16) - (b >> 16), green = (a >> 8 & 255) - (b >> 8 & 255), blue = (a & 255) - (b & 255);
	int faded = chroma(a) - chroma(b);
	return 2 * red * red + 4 * green * green + 3 * blue * blue + 3 * faded * faded;
}

int theme_nearest(int colour, bool rgb, int colours)
{
	if (colour < 0 || (!rgb && colour < colours))
		return colour < 0 ? THEME_COLOUR_DEFAULT : colour;
	int wanted = rgb ? colour : rgb_of(colour & 255), best = 0, least = INT_MAX;
	int last = colours > 256 ? 256 : colours;
	for (int i = last == 256 ? 16 : 0; i < last; i++) {
		int apart = distance(wanted, rgb_of(i));
		if (apart < least) {
			least = apart;
			best = i;
		}
	}
	return best;
}
