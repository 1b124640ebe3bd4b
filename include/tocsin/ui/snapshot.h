/*
 * Everything that may be shown at one moment, put together by `app` before a frame: values, and pointers borrowed for
 * that frame. Views read it and nothing else, so that a screen is a function of a snapshot, a state, a size and a
 * theme.
 */
#ifndef TOCSIN_UI_SNAPSHOT_H
#define TOCSIN_UI_SNAPSHOT_H

#include "tocsin/analyst/analysis.h"
#include "tocsin/detect/detect.h"
#include "tocsin/store/selection.h"
#include "tocsin/tickets/desk.h"

struct snapshot_source {
	char name[256];
	char state[16]; /* reading, following, ended, gone, failed */
	char format[16];
	char notice[240];
	bool beside; /* no log: metrics, traces, changes; of the ledger only records and unparsed say something */
	bool is_folder; /* a folder, a glob or an archive: it has no records of its own */
	uint64_t read, size;
	struct ledger ledger;
};

/* The text of one row: NULL while it is being fetched. */
struct snapshot_text {
	struct slice message;
	bool cut;
	bool gone;
};

enum analyst_state { ANALYST_IDLE, ANALYST_WORKING, ANALYST_DONE, ANALYST_CANCELLED };

struct snapshot {
	const struct store *store;
	struct horizon horizon;
	struct window extent; /* the whole log's range, also what lies beyond the horizon: the axis of the timeline;
				 from == to when unknown */
	struct zone zone;
	const char *title; /* "checkout-incident.csv", "3 sources" */
	bool indexing;     /* still reading what is there */
	unsigned indexed_percent;

	const struct snapshot_source *sources;
	size_t source_count;
	struct ledger loss; /* of all sources */

	bool replaying, playing;
	double speed; /* of the replay */
	int64_t replay_end;

	const struct detect *detect;       /* findings up to the horizon */
	const struct onset_report *onsets; /* as of the last analysis or refresh; may be NULL */

	const struct transcript *transcript; /* the analyst's pane */
	const struct evidence_book *evidence;
	enum analyst_state analyst_state;
	const char *analyst_name; /* "built-in" */
	unsigned analyst_steps;
	int64_t analyst_took; /* ns of work of the last analysis */

	bool tickets_kept; /* there is a desk (not --db none) */
	const struct ticket *const *tickets;
	size_t ticket_count; /* in the order to show */
	const struct roster *roster;

	bool importance; /* records that are known to be important are marked */

	/* Texts for the tail. */
	const struct snapshot_text *(*text)(void *context, uint64_t id);
	void *text_context;
	/* All of one record, for what is opened or copied: NULL while it is being fetched. Borrowed until the next call. */
	const struct store_text *(*whole)(void *context, uint64_t id);
};

#endif
