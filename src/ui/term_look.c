#include "ui/term_look.h"

#include <string.h>

#include <ncurses.h>

void term_looks_init(struct term_looks *looks, bool colours)
{
	memset(looks, 0, sizeof(*looks));
	theme_init(&looks->theme);
	if (!colours || !has_colors() || start_color() == ERR || COLORS < 8 || use_default_colors() == ERR)
		return;
	/* Beyond 256, numbers from 8 on are taken as red, green and blue; the first eight keep their meaning. */
	looks->colours = COLORS == 256 ? 256 : COLORS >= 16 && COLORS < 256 ? 16 : 8;
	looks->pair_max = COLOR_PAIRS - 1 < TERM_LOOK_PAIRS ? COLOR_PAIRS - 1 : TERM_LOOK_PAIRS;
}

void term_looks_theme(struct term_looks *looks, const struct theme *theme)
{
	if (looks->colours > 0)
		looks->theme = *theme;
	memset(looks->looks, 0, sizeof(looks->looks));
	looks->pair_count = 0;
}

static short pair_of(struct term_looks *looks, short foreground, short background)
{
	if (foreground < 0 && background < 0)
		return 0;
	for (int i = 0; i < looks->pair_count; i++) {
		if (looks->pairs[i].foreground == foreground && looks->pairs[i].background == background)
			return (short)(i + 1);
	}
	if (looks->pair_count >= looks->pair_max)
		return 0;
	looks->pairs[looks->pair_count].foreground = foreground;
	looks->pairs[looks->pair_count].background = background;
	looks->pair_count++;
	init_pair((short)looks->pair_count, foreground, background);
	return (short)looks->pair_count;
}

static uint32_t attributes_of(const struct style *style)
{
	return (style->bold ? A_BOLD : 0) | (style->dim ? A_DIM : 0) | (style->underline ? A_UNDERLINE : 0) |
		(style->reverse ? A_REVERSE : 0);
}

/* Does it lie on the page, as most roles do? Then a ground may come between. */
static bool is_on_page(const struct term_looks *looks, const struct style *style)
{
	const struct style *page = &looks->theme.styles[ROLE_DEFAULT];
	return style->background == page->background && style->background_rgb == page->background_rgb;
}

static struct term_look work_out(struct term_looks *looks, enum role role, enum role ground)
{
	const struct style *style = &looks->theme.styles[role], *under = &looks->theme.styles[ground];
	struct term_look look = { .attributes = attributes_of(style), .known = true };
	if (ground != ROLE_DEFAULT)
		look.attributes |= attributes_of(under);
	if (looks->colours == 0)
		return look;
	int foreground = theme_nearest(style->foreground, style->foreground_rgb, looks->colours);
	int background = theme_nearest(style->background, style->background_rgb, looks->colours);
	bool on_page = is_on_page(looks, style);
	/* A page asks for shades that these few colours lack; the terminal's own page is sure to be readable. */
	if (looks->colours < 256 && on_page) {
		if (background >= 0 && foreground == COLOR_BLACK)
			foreground = THEME_COLOUR_DEFAULT;
		background = THEME_COLOUR_DEFAULT;
	}
	/* Eight colours have no grey: what comes out black or white would vanish on one kind of screen or the other. */
	if (looks->colours == 8 && background < 0 && (foreground == COLOR_BLACK || foreground == COLOR_WHITE))
		foreground = THEME_COLOUR_DEFAULT;
	/* What has a background of its own keeps it on any ground. The quiet shades of grounds exist among 256 colours
	   only; with fewer, reverse is sure to be seen. */
	if (on_page && ground != ROLE_DEFAULT && !is_on_page(looks, under)) {
		if (looks->colours == 256)
			background = theme_nearest(under->background, under->background_rgb, looks->colours);
		else
			look.attributes |= A_REVERSE;
	}
	look.pair = pair_of(looks, (short)foreground, (short)background);
	return look;
}

const struct term_look *term_looks_of(struct term_looks *looks, enum role role, enum role ground)
{
	struct term_look *look = &looks->looks[(unsigned int)role < ROLE_COUNT ? role : ROLE_DEFAULT]
					      [(unsigned int)ground < ROLE_COUNT ? ground : ROLE_DEFAULT];
	if (!look->known)
		*look = work_out(looks, role, ground);
	return look;
}
