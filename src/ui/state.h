/*
 * The state of the console: what the engineer has chosen, shared by all panes. The snapshot says what is; the state
 * says what is looked at.
 *
 * There is one time cursor. `cursor_time` is TIMESTAMP_NONE while everything follows the newest record; else every pane
 * shows that moment: the tail has the record nearest to it under its line cursor, the timeline draws its bar there.
 * Moving in either moves both (state_move_to_time, state_move_to_record).
 */
#ifndef UI_STATE_H
#define UI_STATE_H

#include "tocsin/base/pattern.h"
#include "tocsin/base/vector.h"
#include "tocsin/store/selection.h"
#include "tocsin/store/templates.h"
#include "tocsin/ui/action.h"
#include "tocsin/ui/console.h"
#include "tocsin/ui/layout.h"

/* What lies over the panes. */
enum overlay {
	OVERLAY_NONE,
	OVERLAY_HELP,
	OVERLAY_RECORD,
	OVERLAY_TICKET,
	OVERLAY_SOURCES,
	OVERLAY_EVIDENCE,
	OVERLAY_TEMPLATES,
	OVERLAY_FINDINGS
};

/* What is being looked for in the tail. */
enum search_goal { SEARCH_TEXT, SEARCH_ERROR, SEARCH_WARNING, SEARCH_NOTHING };

/* One goal: all that was found of it so far. */
struct tail_search {
	struct filter *filter; /* NULL: it was never looked for */
	struct selection found;
};

/* What the prompt is for. */
enum prompt_mode {
	PROMPT_IDLE,
	PROMPT_ASK,
	PROMPT_COMMAND,
	PROMPT_SEARCH,
	PROMPT_FILTER,
	PROMPT_GOTO,
	PROMPT_ASSIGN,
	PROMPT_REJECT,
	PROMPT_EDIT
};

struct tail_state {
	uint64_t top;        /* index into the selection of the first row shown */
	uint64_t current;    /* index of the line cursor */
	uint64_t record;     /* id under the line cursor: what stays when the selection changes; UINT64_MAX when none */
	int shift;           /* cells scrolled sideways: sacred */
	uint64_t new_below;  /* records that came below while not following */
	uint64_t seen;       /* ids below this were there when following stopped, or have been scrolled to since */
	struct vector marks; /* of uint64_t record ids, sorted */
};

struct timeline_state {
	struct level_counts *buckets; /* one a column */
	int columns;
	uint64_t highest;     /* most records in a column */
	uint64_t trouble;     /* most records of WARN and worse in a column; 0: there are none */
	bool root;            /* one column dwarfs the rest: the volume is drawn as square roots */
	struct window extent; /* the buckets were counted over this ... */
	uint64_t records;     /* ... from the records below this id */
};

struct services_state {
	uint32_t *order; /* service codes: abnormal ones in onset order, then noisy, then the rest by errors, by name */
	uint32_t count;
	struct level_counts *buckets; /* count * columns, by service code */
	struct level_counts *totals;  /* by service code, over the visible log */
	double *rates;                /* errors a minute in the last minute up to the cursor, by service code */
	int columns;
	uint32_t listed;          /* services in `order`: those that have spoken by the cursor */
	uint32_t abnormal, noisy; /* of them, first the abnormal, then the noisy ones */
	struct window extent;     /* what was counted: this range, the records below this id, rates up to this time */
	uint64_t records;
	int64_t time;
	int selected, top;
	bool only;             /* the filter was put on by `o` ... */
	uint32_t only_service; /* ... for this service */
};

struct analyst_state_view {
	int top; /* first wrapped line shown; ignored while following the end */
	bool following;
	int selected; /* index of the selected citation among those of the transcript, -1 for none: Up and Down go from
			 one to the next */
	int64_t moment;   /* the time cursor that was followed last */
	size_t entries;   /* seen so far; fewer than before: another analysis */
	size_t questions; /* of them: a new one brings the end into view */
};

struct tickets_state {
	int selected, top;
	int64_t id;      /* of the selected one: the selection stays with the ticket when the order changes */
	int64_t moment;  /* the time cursor that was followed last */
	bool armed;      /* the preview was shown and stands open: the second key approves */
	int preview_top; /* scroll of the ticket overlay */
};

enum templates_order { TEMPLATES_BY_COUNT, TEMPLATES_BY_NOVELTY, TEMPLATES_BY_BURST };

struct templates_state {
	struct vector rows; /* of struct template_row (templates_count.h), in order */
	enum templates_order order;
	int selected;
	bool moved;                 /* the selection was moved: it stays with its template */
	uint32_t selected_template;
	const struct store *store;  /* what was counted: this, with this table, the records below this id, at this time */
	const struct store_templates *table;
	uint64_t records;
	int64_t time;
};

struct state {
	const struct snapshot
		*snapshot; /* of this moment; a copy owned by the console: never NULL after the first update */
	bool ascii;

	enum pane focus;
	enum pane zoomed;     /* PANE_COUNT: none */
	enum pane side;       /* the switchable pane of narrow layouts */
	struct layout layout; /* as of the last paint or update */

	int64_t cursor_time; /* TIMESTAMP_NONE: at the horizon */
	bool follow;
	bool selecting;      /* `v` was pressed once: range.from is set */
	struct window range; /* the selection of time; from == to when none. While selecting it grows with the cursor */
	int64_t range_anchor; /* where `v` was pressed */

	struct buffer filter_text;
	struct filter *filter;      /* NULL: none */
	struct selection selection; /* what the tail shows */
	struct buffer search_text;
	struct tail_search searches[SEARCH_NOTHING];
	enum search_goal search_goal; /* of a search that is going on; SEARCH_NOTHING: none is */
	int search_direction;         /* of a search that is going on: +1, -1 */
	uint64_t search_at;           /* id that it goes on from */
	bool search_wrapped;          /* it went round the end */

	enum overlay overlay;
	int overlay_top;           /* scroll */
	uint64_t overlay_record;   /* OVERLAY_RECORD */
	uint64_t copying;          /* the record to be copied once its text has come; UINT64_MAX: none */
	unsigned overlay_evidence; /* OVERLAY_EVIDENCE */
	int64_t ticket;            /* OVERLAY_TICKET, and of assign, reject, edit prompts */

	enum prompt_mode prompt;
	struct line *line;
	bool offered; /* what stands in it from `offer_from` on was put there, and typing replaces it */
	size_t offer_from;
	char message[1200]; /* up to three lines */
	bool message_is_error;
	bool stale;           /* something was chosen: views are brought up to it before they are painted */
	bool filter_waiting;  /* filter_text came before the first snapshot and is parsed with it */
	char completion[400]; /* the candidate the line editor was offered last */

	struct vector intents; /* of struct intent, texts in `intent_texts` */
	struct arena intent_texts;

	size_t intents_taken;

	struct tail_state tail;
	struct timeline_state timeline;
	struct services_state services;
	struct analyst_state_view analyst;
	struct tickets_state tickets;
	struct templates_state templates;
	int finding_selected; /* in the list of findings */
	bool mouse;
	int cursor_x, cursor_y; /* of the prompt, set by paint */
};

/* Moves the time cursor and the tail together. Both stop following, unless the place is the newest record. */
void state_move_to_time(struct state *state, int64_t time);
void state_move_to_record(struct state *state, uint64_t id);
void state_follow(struct state *state);
/* Moves there and focuses the tail; a filter that hides the record is taken away. For Enter on a citation, a finding, a
 * ticket's line. */
void state_show_record(struct state *state, uint64_t id);
/* Goes to what a piece of evidence says: its line, or its filter and range. */
void state_show_evidence(struct state *state, const struct evidence *evidence);
/* Begins a selection of time at the cursor, or ends it; what `v` does. */
void state_select(struct state *state);

/* The moment all panes show: cursor_time, or the horizon's while following. */
int64_t state_time(const struct state *state);

/* Filter and search by text; "" takes it away. On failure nothing changes. */
int state_set_filter(struct state *state, struct slice text, struct error *error);
int state_set_search(struct state *state, struct slice text, struct error *error);

/* Intents for `app`; texts are copied. */
void state_emit(struct state *state, struct intent intent);
void state_message(struct state *state, bool is_error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The selected ticket, or NULL. */
const struct ticket *state_ticket(const struct state *state);
const struct ticket *state_ticket_by_id(const struct state *state, int64_t id);

/* "1,204" with thousands separators; out holds at least 28 bytes. */
const char *count_format(uint64_t count, char out[28]);
/* The rest of a text from the first character that begins at or after cell `cells` when shown. */
struct slice text_skip_cells(struct slice text, int cells);
/* The role of a level's letter and counts. */
enum role role_of_level(enum level level);

#endif
