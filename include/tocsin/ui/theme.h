/*
 * Colours for roles, read as `name = value` lines of a theme file (themes/NAME.theme):
 *
 *   [palette]                name = colour: 0..255, #rrggbb (nearest of what the terminal has), or default
 *   red = 203
 *   [roles]                  name = [colour or palette name] [on colour] [bold] [dim] [underline] [reverse]
 *   level.error = red bold
 *
 * A role that is not named inherits from its parent; one that names no `on colour` lies on its parent's. A theme never
 * uses colour alone to tell things apart: letters stand beside it.
 */
#ifndef TOCSIN_UI_THEME_H
#define TOCSIN_UI_THEME_H

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"
#include "tocsin/ui/role.h"

#define THEME_COLOUR_DEFAULT (-1)

struct style {
	int foreground, background; /* 0x000000..0xffffff with `rgb`, else 0..255, or THEME_COLOUR_DEFAULT */
	bool foreground_rgb, background_rgb;
	bool bold, dim, underline, reverse;
	bool set;      /* named by the theme, not inherited */
	bool grounded; /* with a background of its own */
};

#define THEME_PALETTE 64
struct theme {
	struct style styles[ROLE_COUNT];
	struct {
		char name[24];
		int colour;
		bool rgb;
	} palette[THEME_PALETTE];
	size_t palette_count;
};

void theme_init(struct theme *theme); /* no colours: attributes of role_mono only */
/* One `name = value` of a section. ERROR_INPUT with a sentence naming what is wrong. */
int theme_set(struct theme *theme, struct slice section, struct slice name, struct slice value, struct error *error);
/* After the last line: roles that were not named take their parent's style, the others its background where they name
 * none. */
void theme_finish(struct theme *theme);

/* The number of 0..`colours`-1 (8, 16 or 256) nearest to a colour. */
int theme_nearest(int colour, bool rgb, int colours);

#endif
