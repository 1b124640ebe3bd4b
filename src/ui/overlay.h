/*
 * What lies over the panes: help, a record, a ticket, the sources, a piece of evidence. One row of a table each.
 *
 * An overlay writes its content on a sheet, line by line from the top; the sheet wraps, counts, and paints only the
 * lines that the scroll lets through.
 */
#ifndef UI_OVERLAY_H
#define UI_OVERLAY_H

#include "ui/state.h"

struct sheet {
	const struct canvas *canvas; /* NULL: only count */
	int width;
	int top;   /* first line to paint */
	int line;  /* the next one to write */
	int label; /* cells of the column of labels */
};

void sheet_blank(struct sheet *sheet);
/* A heading of its own line. */
void sheet_heading(struct sheet *sheet, const char *text);
/* One line, cut where the sheet ends. */
void sheet_line(struct sheet *sheet, enum role role, struct slice text, bool selected);
bool sheet_shows(const struct sheet *sheet); /* is the next line painted? If not, sheet_blank does as well */
/* Wrapped text. */
void sheet_text(struct sheet *sheet, enum role role, struct slice text);
void sheet_string(struct sheet *sheet, enum role role, const char *text);
/* A label, and wrapped text in a column behind it; an empty text shows as "-". */
void sheet_pair(struct sheet *sheet, const char *label, enum role role, struct slice text);
void sheet_pair_string(struct sheet *sheet, const char *label, enum role role, const char *text);
void sheet_pair_format(struct sheet *sheet, const char *label, enum role role, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

struct overlay_row {
	void (*title)(const struct state *state, struct buffer *out);
	void (*content)(const struct state *state, struct sheet *sheet);
	void (*footer)(const struct state *state, struct buffer *out); /* what keys do */
	bool (*key)(struct state *state, struct key key);              /* false: scrolling and closing; may be NULL */
};
extern const struct overlay_row overlay_help, overlay_record, overlay_ticket, overlay_sources, overlay_evidence,
	overlay_templates, overlay_findings;

/* Paints the open overlay on a canvas of the whole screen. */
void overlay_paint(const struct state *state, const struct canvas *canvas);
/* How many lines of it are seen. */
int overlay_rows(const struct state *state);
/* A key while one is open. */
void overlay_key(struct state *state, struct key key);
void overlay_open(struct state *state, enum overlay overlay);
void overlay_close(struct state *state);

#endif
