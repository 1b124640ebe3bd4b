/*
 * The running console: one incident, one screen, one loop. Everything here happens on the loop's thread; reading,
 * analysing and the database are jobs in workers that come back to it.
 *
 *   session_index    reads the sources into the store, follows them
 *   session_context  metrics, traces and changes beside them
 *   session_watch    notices that they grow
 *   session_time     horizon, replay clock, detectors
 *   session_analyst  analyses and questions
 *   session_model    what is asked of a model, and commands such as /model
 *   session_importance  how important records are, which speak of an issue
 *   session_screen   snapshot, painting
 *   session_read     texts: of rows, of opened records, for filter and search
 *   session_intent   what the console asks for
 *   session          life and loop
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "app/desk.h"
#include "app/incident.h"
#include "app/model.h"
#include "app/replay.h"
#include "tocsin/analyst/question.h"
#include "tocsin/base/vector.h"
#include "tocsin/ingest/rows.h"
#include "tocsin/io/loop.h"
#include "tocsin/ui/console.h"
#include "tocsin/ui/term.h"

struct session_index {
	struct loop_queue *queue;
	struct loop_timer *timer; /* looks for appended bytes */
	bool reading;             /* a job is out */
	bool again;               /* something changed meanwhile */
	bool caught_up;           /* everything there was has been read once */
	struct vector sources;    /* of struct snapshot_source, as of the last job */
	uint64_t size, read;
	size_t named; /* sources that were there at the start */
};

#define SESSION_CONTEXTS 64 /* times that metrics, traces and changes may be read anew */

struct session_context {
	struct vector retired; /* of struct context *: replaced, but somebody may still hold them */
	size_t claimed;        /* files among the sources that were read */
	bool reading;          /* a job is out */
	bool looked;
	bool is_fresh; /* the detectors have not seen it yet */
};

#define WATCHED_FOLDERS 64
#define PATH_SIZE 4096

/* Folders whose changes are told. */
struct session_watch {
	struct watched_folder {
		char name[PATH_SIZE];
		struct loop_watch *watch; /* NULL: it cannot be watched */
	} folders[WATCHED_FOLDERS];
	size_t count;
	struct loop_timer *settling; /* a read that waits for the rest of a trace */
};

struct session_analyst {
	struct loop_queue *queue;
	struct store_reader *reader; /* the queue's */
	struct evidence_book *book;
	struct conversation *conversation;
	struct analysis *running, *shown; /* running: being stepped; shown: the last that was finished */
	struct analysis *asked;           /* was shown when questions that are still out were asked */
	struct transcript reasoning;      /* what the newest analysis has said so far */
	struct transcript chat;           /* questions and answers */
	struct transcript all;            /* both, as shown */
	struct roster *retired;           /* replaced while a job may still read it */
	struct zone zone;                 /* the running analysis's */
	unsigned jobs;                    /* out */
	unsigned questions;               /* of those, questions: detectors stand still meanwhile */
	unsigned steps;
	size_t findings;  /* how many there were when the newest analysis began */
	uint64_t records; /* how many were visible then */
	int64_t started;  /* wall */
	int64_t took;     /* ns of work */
	enum analyst_state state;
	bool wanted;         /* begin a new one as soon as possible */
	bool cancelled;      /* drop the running one when its step comes back */
	struct window scope; /* of the next analysis; from == to for all */
};

struct session_model {
	struct app_model model;
	struct investigation *running;
	struct investigation *last; /* the one that ended last: the next question goes on from it */
	struct analysis *held;      /* shown when it began, replaced meanwhile */
	const struct analysis *used; /* the one that it looks at */
	struct zone zone;
	struct window scope;
	char question[4096]; /* the last one asked of the model; empty: the cause */
	bool begun;          /* the cause was asked for once: again only on request */
	bool stale;          /* it has said more than the pane shows */
	struct investigation_usage total; /* of this incident */
};

struct session_importance {
	struct loop_queue *queue;
	struct store_reader *reader; /* the queue's */
	struct model *model;         /* of --lstm, or NULL */
	unsigned jobs;               /* out */
	unsigned backs;              /* how often the horizon went back: what was begun before is dropped */
	bool filling;                /* one of them fills */
	bool failed, told;
	uint64_t filled;             /* the records below are known */
	int64_t ended;               /* when the last filling did ... */
	int64_t took;                /* ... and how long it took */
	struct buffer relevant;      /* the filter of the last `:relevant` */
};

struct session {
	struct invocation *invocation;
	struct incident incident;
	struct loop *loop;
	struct term term;
	struct theme theme;
	struct console *console;
	struct grid grid;
	struct app_desk desk;

	struct session_index index;
	struct session_context context;
	struct session_watch watch;
	struct session_analyst analyst;
	struct session_model model;
	struct session_importance importance;
	struct replay replay;
	struct horizon horizon;
	uint64_t unparsed; /* of the records below the horizon: in a replay the ledger knows too much */
	struct window extent;

	struct rows *rows;         /* of the tail */
	struct rows *whole;        /* whole records: what is opened or copied */
	unsigned reads;            /* jobs of both, and looks, that are out */
	struct snapshot_text text; /* what the last call of the snapshot's `text` gave */
	struct vector tickets;         /* of struct ticket: copies clipped to the horizon */
	struct vector ticket_pointers; /* of const struct ticket * */
	char title[256];

	bool scripted; /* time stands still but for the script */
	int64_t fake_time;
	bool dirty, key_pressed; /* something may look different; at once */
	bool more;               /* filter, search or detectors have work left */
	bool moved;      /* what the console's snapshot points to was replaced: it gets a new one before a key */
	bool looking;    /* of them, filter or search: only a new snapshot takes them on */
	int64_t painted; /* when */
	uint64_t painted_records;
	bool seeking;         /* a job looks for the next finding */
	bool hold;            /* the next paint shows the horizon of the last: its texts have come */
	struct horizon shown; /* of the last paint */
	bool quitting;
	bool fast; /* reading need not give way to others */
	bool ascii;
	bool reopening;    /* leave the loop, then call session_reopen */
	char opened[4096]; /* the source that it is for */
};

/* Opens the sources and sets up everything but the terminal, so that what is wrong is said before the screen is taken.
 */
int session_open(
	struct session *session, struct invocation *invocation, bool ascii, bool scripted, struct error *error);
void session_show(
	struct session *session, struct term term); /* from here on it paints; the terminal is the session's */
void session_hide(struct session *session);         /* gives the terminal back */
void session_close(struct session *session);
/* After `reopening`: reads all sources anew with the opened one among them, so that they are merged by time. Filter,
 * replay clock and terminal stay. On failure the session is closed but for its terminal. */
int session_reopen(struct session *session, struct error *error);

/* One round of everything that is due on the loop: time, detectors, analyst, screen. Returns in how many ms the next is
 * due, or -1 for none until an event. */
int session_turn(struct session *session);
/* Is everything that was begun finished? */
bool session_idle(const struct session *session);
void session_key(struct session *session, struct key key);
int64_t session_now(const struct session *session);  /* monotonic, or the script's */
int64_t session_wall(const struct session *session); /* the date, or the script's */

/* --- the parts, for each other --- */
void session_index_read(struct session *session);
int session_index_open(struct session *session, struct slice name, struct error *error);
int session_index_close(struct session *session, struct slice name, struct error *error);
void session_index_release(struct session *session);

void session_context_open(struct session *session);
void session_context_read(struct session *session); /* anew, in a worker */
void session_context_look(struct session *session); /* between jobs: is there something that was not read yet? */
void session_context_release(struct session *session);

void session_watch_sources(struct session *session); /* after the sources were noted */
void session_watch_release(struct session *session);

void session_time_turn(struct session *session);
void session_time_back(struct session *session); /* the horizon has moved back: forget what came after */
void session_time_seek(struct session *session, int64_t time);
void session_time_step(struct session *session, double records);
void session_time_finding(struct session *session, int direction);

int session_analyst_open(struct session *session, struct error *error);
void session_analyst_turn(struct session *session);
void session_analyst_ask(struct session *session, struct slice question, struct window window);
void session_analyst_cancel(struct session *session);
void session_analyst_forget(struct session *session); /* what was said about times beyond the horizon */
void session_analyst_release(struct session *session);
void session_analyst_compose(struct session *session); /* the pane's text anew */
void session_analyst_builtin(struct session *session, struct slice question, struct window window);

int session_model_open(struct session *session, struct error *error);
void session_model_turn(struct session *session);
bool session_model_ask(struct session *session, struct slice question, struct window window); /* false: no model */
bool session_model_command(struct session *session, struct slice text); /* false: none of its commands */
void session_model_again(struct session *session);                      /* the next analysis goes to the model, too */
bool session_model_cancel(struct session *session);                     /* false: nothing was running */
bool session_model_uses(const struct session *session, const struct analysis *analysis);
void session_model_release(struct session *session);

int session_importance_open(struct session *session, struct error *error);
void session_importance_turn(struct session *session);
bool session_importance_idle(const struct session *session);
void session_importance_anew(struct session *session);   /* it was turned on or off */
void session_importance_forget(struct session *session); /* what was worked out from records beyond the horizon */
void session_importance_relevant(struct session *session, struct slice issue);
void session_importance_release(struct session *session);

int session_paint(struct session *session);    /* in how many ms it wants to paint, or -1 */
void session_refresh(struct session *session); /* a new snapshot for the console, without painting it */
void session_read(struct session *session);    /* what filter, search and the last paint want to read, in workers */
void session_intents(struct session *session);
void session_say(struct session *session, bool is_error, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
