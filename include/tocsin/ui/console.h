/*
 * The console: panes over one snapshot with one focus, one time cursor, one selection, one filter. Keys go in; screens
 * and intents come out.
 *
 * It performs nothing: what needs the world (ask, open, approve, quit, ...) comes out as an intent for `app`. Painting
 * is pure: the same snapshot, state and size give the same cells.
 */
#ifndef TOCSIN_UI_CONSOLE_H
#define TOCSIN_UI_CONSOLE_H

#include "tocsin/ui/grid.h"
#include "tocsin/ui/key.h"
#include "tocsin/ui/snapshot.h"

enum intent_kind {
	INTENT_NONE,
	INTENT_QUIT,
	INTENT_SUSPEND,
	INTENT_REPAINT,
	INTENT_ASK,     /* text: the question; window: the selection, from == to when none */
	INTENT_ANALYZE, /* window likewise */
	INTENT_CANCEL,  /* the analysis that is running */
	INTENT_OPEN,    /* text: source */
	INTENT_CLOSE,
	INTENT_SET, /* text: "name value" */
	INTENT_RELEVANT, /* text: the issue */
	INTENT_RELOAD,
	INTENT_THEME, /* text: name */
	INTENT_ZONE,  /* text: zone */
	INTENT_MOUSE,
	INTENT_COPY,        /* text: what to copy */
	INTENT_TICKET,      /* ticket, ticket_action, text */
	INTENT_TICKET_EDIT, /* ticket, field, text: the new value */
	INTENT_REPLAY_PAUSE,
	INTENT_REPLAY_SPEED,   /* number: factor 0.5 or 2 */
	INTENT_REPLAY_STEP,    /* number: records, may be negative */
	INTENT_REPLAY_FINDING, /* number: +1 next, -1 previous */
	INTENT_REPLAY_SEEK     /* time */
};

struct intent {
	enum intent_kind kind;
	struct slice text; /* borrowed until the next console_key */
	struct slice field;
	struct window window;
	int64_t time;
	int64_t ticket;
	enum ticket_action ticket_action;
	double number;
};

struct console;

struct console_options {
	bool ascii;
	bool use_inputrc;
	const char *history_path; /* NULL: none */
};

struct console *console_create(const struct console_options *options); /* NULL when out of memory */
void console_destroy(struct console *console);

/* The new snapshot, before keys and painting; follows the tail, keeps the cursor, looks at the columns of no more than
   `budget` records for filter and search. Returns true while there is more of that to do. */
bool console_update(struct console *console, const struct snapshot *snapshot, uint64_t budget);
/* What filter and search want to read is read in workers: the next look to run there (several may be out), or NULL.
   Finishing it frees it; true when somebody waits for what it brought. A new snapshot follows. */
struct look *console_take_look(struct console *console);
bool console_finish_look(struct console *console, struct look *look);
void console_key(struct console *console, struct key key);
bool console_next_intent(struct console *console, struct intent *intent);

/* A filter from outside (`-f`, an answer). Fails like filter_parse. */
int console_set_filter(struct console *console, struct slice text, struct error *error);
struct slice console_filter(const struct console *console); /* the filter in force, "" for none; borrowed */
/* One line above the prompt until the next key: what happened, what failed. */
void console_message(struct console *console, bool is_error, const char *text);
int64_t console_cursor_time(const struct console *console); /* TIMESTAMP_NONE when it follows the horizon */

void console_paint(struct console *console, struct grid *grid);          /* the grid's size decides the layout */
void console_text_cursor(const struct console *console, int *x, int *y); /* -1, -1 when hidden; valid after paint */

#endif
