/*
 * Roles and glyphs are two tables; this reads them.
 */
#include "tocsin/ui/role.h"

struct role_row {
	const char *name;
	enum role parent;
	char letter;
	enum role_mono mono;
};

static const struct role_row role_rows[ROLE_COUNT] = {
#define ROLE_ROW(identifier, name, parent, letter, mono) [ROLE_##identifier] = { name, ROLE_##parent, letter, mono },
	ROLE_LIST(ROLE_ROW)
#undef ROLE_ROW
};

static const char *const glyph_texts[GLYPH_COUNT][2] = {
#define GLYPH_ROW(identifier, utf8, ascii) [GLYPH_##identifier] = { utf8, ascii },
	GLYPH_LIST(GLYPH_ROW)
#undef GLYPH_ROW
};

static const struct role_row *row_of(enum role role)
{
	return &role_rows[(unsigned int)role < ROLE_COUNT ? role : ROLE_DEFAULT];
}

const char *role_name(enum role role)
{
	return row_of(role)->name;
}

enum role role_parent(enum role role)
{
	return row_of(role)->parent;
}

char role_letter(enum role role)
{
	return row_of(role)->letter;
}

enum role_mono role_mono(enum role role)
{
	return row_of(role)->mono;
}

const char *glyph_text(enum glyph glyph, bool ascii)
{
	return glyph_texts[(unsigned int)glyph < GLYPH_COUNT ? glyph : GLYPH_SPACE][ascii];
}
