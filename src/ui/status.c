/*
 * The status bar: pieces in order, each with a short form. What does not fit becomes short, then goes, the least
 * important first; a loss, a source that failed and the zone stay.
 */
#include <stdio.h>
#include <string.h>

#include "tocsin/base/utf8.h"
#include "ui/view.h"

enum { PIECES_MAX = 12, PIECE_TEXT = 160, GAP = 3, ALWAYS = 100, TITLE = 1 /* its place */, TITLE_LEAST = 8 };

struct piece {
	char text[PIECE_TEXT];
	char brief[PIECE_TEXT]; /* "": it goes at once */
	int importance;         /* ALWAYS: stays */
	enum role role;
	bool right;  /* stands at the right end */
	bool joined; /* " · " before it, not a gap */
};

struct bar {
	struct piece pieces[PIECES_MAX];
	size_t count;
	bool ascii;
};

static struct piece *add(struct bar *bar, int importance, enum role role, const char *text, const char *brief)
{
	if (bar->count == PIECES_MAX)
		bar->count--; /* never: there are fewer kinds */
	struct piece *piece = &bar->pieces[bar->count++];
	*piece = (struct piece){ .importance = importance, .role = role };
	slice_copy(slice_of(text), piece->text, sizeof(piece->text));
	slice_copy(slice_of(brief), piece->brief, sizeof(piece->brief));
	return piece;
}

static void add_replay(struct bar *bar, const struct snapshot *snapshot)
{
	char text[PIECE_TEXT], brief[PIECE_TEXT], now[40], end[40];
	const char *sign = glyph_text(snapshot->playing ? GLYPH_PLAY : GLYPH_PAUSE, bar->ascii);
	const char *times = glyph_text(GLYPH_TIMES, bar->ascii);
	timestamp_format(snapshot->horizon.time, TIMESTAMP_CLOCK, &snapshot->zone, now);
	timestamp_format(snapshot->replay_end, TIMESTAMP_CLOCK, &snapshot->zone, end);
	snprintf(text, sizeof(text), "%s replay %s%g  %s of %s", sign, times, snapshot->speed, now, end);
	snprintf(brief, sizeof(brief), "%s %s%g %s", sign, times, snapshot->speed, now);
	add(bar, 90, ROLE_STATUS_STRONG, text, brief);
}

static void add_progress(struct bar *bar, const struct snapshot *snapshot)
{
	char text[PIECE_TEXT];
	bool following = false;
	for (size_t i = 0; i < snapshot->source_count; i++)
		following = following || strcmp(snapshot->sources[i].state, "following") == 0;
	if (snapshot->indexing) {
		snprintf(text, sizeof(text), "reading %u %%", snapshot->indexed_percent);
		add(bar, 90, ROLE_STATUS_STRONG, text, text);
	} else if (following) {
		add(bar, 50, ROLE_STATUS_STRONG, "following", "");
	}
}

static void add_trouble(struct bar *bar, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->source_count; i++) {
		const struct snapshot_source *source = &snapshot->sources[i];
		char text[PIECE_TEXT];
		if (strcmp(source->state, "failed") != 0 && strcmp(source->state, "gone") != 0 &&
			strcmp(source->state, "waiting") != 0)
			continue;
		snprintf(text, sizeof(text), "%.60s %s", source->name, source->state);
		add(bar, ALWAYS, ROLE_STATUS_ALERT, text,
			snapshot->source_count > 1 ? "a source failed" : source->state);
		return;
	}
}

static void add_count(struct bar *bar, int importance, uint64_t count, const char *what, bool alert)
{
	char number[28], text[PIECE_TEXT];
	snprintf(text, sizeof(text), "%s %s", count_format(count, number), what);
	struct piece *piece =
		add(bar, importance, alert ? ROLE_STATUS_ALERT : ROLE_STATUS, text, importance == ALWAYS ? text : "");
	piece->right = true;
	piece->joined = true;
}

static void add_counts(struct bar *bar, const struct snapshot *snapshot)
{
	const struct ledger *loss = &snapshot->loss;
	size_t first = bar->count;
	add_count(bar, 20, snapshot->horizon.records, snapshot->replaying ? "shown" : "read", false);
	add_count(bar, loss->unparsed > 0 ? ALWAYS : 30, loss->unparsed, "unparsed", false);
	if (loss->truncated > 0)
		add_count(bar, ALWAYS, loss->truncated, "cut", false);
	add_count(bar, loss->lost > 0 ? ALWAYS : 40, loss->lost, "lost", loss->lost > 0);
	bar->pieces[first].joined = false;
}

static int cells_of(const struct piece *piece)
{
	return (int)utf8_shown_width(slice_of(piece->text));
}

static int width_of(const struct bar *bar)
{
	int width = 2;
	for (size_t i = 0; i < bar->count; i++) {
		if (bar->pieces[i].text[0] != '\0')
			width += cells_of(&bar->pieces[i]) + (i > 0 ? GAP : 0);
	}
	return width;
}

/* The least important piece that can still give way. */
static struct piece *weakest(struct bar *bar, bool shorten)
{
	struct piece *found = NULL;
	for (size_t i = 0; i < bar->count; i++) {
		struct piece *piece = &bar->pieces[i];
		bool can = shorten ? piece->brief[0] != '\0' && strcmp(piece->brief, piece->text) != 0
				   : piece->importance < ALWAYS;
		if (piece->text[0] != '\0' && can && (!found || piece->importance < found->importance))
			found = piece;
	}
	return found;
}

/* What the log is called is cut before it goes. */
static bool cut_title(struct bar *bar, int width)
{
	struct piece *title = &bar->pieces[TITLE];
	int room = width - (width_of(bar) - cells_of(title));
	struct buffer cut;
	if (room < TITLE_LEAST)
		return false;
	buffer_init(&cut, sizeof(title->text) - 1);
	utf8_append_shown(&cut, slice_of(title->brief), (size_t)room);
	slice_copy(buffer_slice(&cut), title->text, sizeof(title->text));
	buffer_release(&cut);
	return true;
}

static void fit(struct bar *bar, int width)
{
	for (int shorten = 1; shorten >= 0; shorten--) {
		struct piece *piece;
		while (width_of(bar) > width && (piece = weakest(bar, shorten)) != NULL) {
			if (!shorten && piece == &bar->pieces[TITLE] && cut_title(bar, width))
				return;
			memcpy(piece->text, shorten ? piece->brief : "", shorten ? sizeof(piece->text) : 1);
		}
	}
}

static void paint_piece(const struct canvas *canvas, int *x, const struct piece *piece, bool first)
{
	if (piece->text[0] == '\0')
		return;
	if (!first && piece->joined)
		canvas_string(canvas, *x, 0, GAP, ROLE_STATUS, " · ");
	*x += first ? 0 : GAP;
	*x += canvas_string(canvas, *x, 0, canvas->area.width - *x, piece->role, piece->text);
}

static void paint_side(const struct bar *bar, const struct canvas *canvas, int x, bool right)
{
	bool first = true;
	for (size_t i = 0; i < bar->count; i++) {
		if (bar->pieces[i].right != right || bar->pieces[i].text[0] == '\0')
			continue;
		paint_piece(canvas, &x, &bar->pieces[i], first);
		first = false;
	}
}

static int right_width(const struct bar *bar)
{
	int width = 0;
	for (size_t i = 0; i < bar->count; i++) {
		if (bar->pieces[i].right && bar->pieces[i].text[0] != '\0')
			width += cells_of(&bar->pieces[i]) + (width > 0 ? GAP : 0);
	}
	return width;
}

void status_paint(const struct state *state, const struct canvas *canvas)
{
	const struct snapshot *snapshot = state->snapshot;
	struct bar bar = { .ascii = canvas->ascii };
	int width = canvas->area.width;
	char brief[PIECE_TEXT];
	struct buffer title;
	canvas_fill(canvas, 0, 0, width, ROLE_STATUS, GLYPH_SPACE);
	canvas_ground(canvas, 0, 0, width, ROLE_STATUS);
	buffer_init(&title, sizeof(brief) - 1);
	utf8_append_shown(&title, slice_of(snapshot->title), width > 100 ? 40 : 24);
	slice_copy(buffer_slice(&title), brief, sizeof(brief));
	buffer_release(&title);
	add(&bar, 25, ROLE_STATUS_STRONG, "tocsin", "");
	add(&bar, 60, ROLE_STATUS, snapshot->title ? snapshot->title : "", brief);
	if (snapshot->replaying)
		add_replay(&bar, snapshot);
	else
		add_progress(&bar, snapshot);
	add_trouble(&bar, snapshot);
	add_counts(&bar, snapshot);
	add(&bar, 35, ROLE_STATUS, snapshot->analyst_name ? snapshot->analyst_name : "", "")->right = true;
	add(&bar, ALWAYS, ROLE_STATUS_STRONG, zone_name(&snapshot->zone), "")->right = true;
	fit(&bar, width);
	paint_side(&bar, canvas, 1, false);
	paint_side(&bar, canvas, width - 1 - right_width(&bar), true);
}
