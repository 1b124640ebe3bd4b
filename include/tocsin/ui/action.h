/*
 * Actions: everything that can be done in the console, one row each. The key map, `?` help, the `:` palette and its
 * completion, scripts and the manual all read this table.
 */
#ifndef TOCSIN_UI_ACTION_H
#define TOCSIN_UI_ACTION_H

#include "tocsin/ui/key.h"

enum action_scope {
	SCOPE_GLOBAL,
	SCOPE_TAIL,
	SCOPE_TIMELINE,
	SCOPE_SERVICES,
	SCOPE_ANALYST,
	SCOPE_TICKETS,
	SCOPE_REPLAY,
	SCOPE_COUNT
};
const char *action_scope_title(enum action_scope scope); /* heading in the help */

/* X(IDENTIFIER, scope, "name in the palette", "default keys, space separated", "ARGUMENT or empty", "what it does") */
#define ACTION_LIST(X)                                                                                                 \
	X(QUIT, GLOBAL, "quit", "q", "", "leave one level; at the top, leave tocsin")                                  \
	X(HELP, GLOBAL, "help", "? F1", "", "all keys and commands")                                                   \
	X(PALETTE, GLOBAL, "palette", ":", "", "type a command, Tab completes")                                        \
	X(ASK, GLOBAL, "ask", "i", "QUESTION", "ask the analyst about the log")                                        \
	X(FOCUS_NEXT, GLOBAL, "next-pane", "Tab", "", "focus the next pane")                                           \
	X(FOCUS_PREVIOUS, GLOBAL, "previous-pane", "S-Tab", "", "focus the previous pane")                             \
	X(ZOOM, GLOBAL, "zoom", "z", "", "the focused pane over the whole screen, and back")                           \
	X(BACK, GLOBAL, "back", "Esc", "", "close what is open; clear filter, search or selection")                    \
	X(OPEN_ITEM, GLOBAL, "open-item", "Enter", "", "open what the cursor is on")                                   \
	X(UP, GLOBAL, "up", "k Up", "", "one line up")                                                                 \
	X(DOWN, GLOBAL, "down", "j Down", "", "one line down")                                                         \
	X(LEFT, GLOBAL, "left", "Left h", "", "time cursor one column back; in the tail: scroll sideways")             \
	X(RIGHT, GLOBAL, "right", "Right l", "", "time cursor one column on; in the tail: scroll sideways")            \
	X(HALF_UP, GLOBAL, "half-page-up", "C-u", "", "half a page up")                                                \
	X(HALF_DOWN, GLOBAL, "half-page-down", "C-d", "", "half a page down")                                          \
	X(PAGE_UP, GLOBAL, "page-up", "PgUp C-b", "", "one page up")                                                   \
	X(PAGE_DOWN, GLOBAL, "page-down", "PgDn C-f Space", "", "one page down")                                       \
	X(TOP, GLOBAL, "top", "g Home", "", "to the beginning")                                                        \
	X(BOTTOM, GLOBAL, "bottom", "G End", "", "to the end; in the tail: follow")                                    \
	X(SEARCH, GLOBAL, "search", "/", "TEXT", "search the messages, n and N go on")                                 \
	X(SEARCH_NEXT, GLOBAL, "search-next", "n", "", "next match")                                                   \
	X(SEARCH_PREVIOUS, GLOBAL, "search-previous", "N", "", "previous match")                                       \
	X(FILTER, GLOBAL, "filter", "&", "EXPR", "show only what matches: level>=error service:a timeout")             \
	X(RELEVANT, GLOBAL, "relevant", "", "TEXT", "show only the records that speak of an issue: important, then alike")        \
	X(IMPORTANCE, GLOBAL, "importance", "I", "", "mark important records (importance>0.9 filters), and off again")           \
	X(FOLLOW, GLOBAL, "follow", "F", "", "follow the newest record; scrolling up stops it")                        \
	X(NEXT_ERROR, TAIL, "next-error", "e", "", "next ERROR or worse")                                              \
	X(PREVIOUS_ERROR, TAIL, "previous-error", "E", "", "previous ERROR or worse")                                  \
	X(NEXT_WARNING, TAIL, "next-warning", "w", "", "next WARN")                                                    \
	X(PREVIOUS_WARNING, TAIL, "previous-warning", "W", "", "previous WARN")                                        \
	X(MARK, TAIL, "mark", "m", "", "mark or unmark this record")                                                   \
	X(GO_MARK, TAIL, "go-mark", "'", "", "next mark")                                                              \
	X(COPY, GLOBAL, "copy", "y", "", "copy the record or ticket to the clipboard (OSC 52)")                        \
	X(SELECT, GLOBAL, "select", "v", "", "begin or end a selection of time")                                       \
	X(GOTO, GLOBAL, "goto", "t", "TIME", "move the time cursor: 20:41:07, or a full time; E3 shows evidence")      \
	X(SERVICE_ONLY, SERVICES, "only-service", "o", "", "show only this service, and back")                         \
	X(APPROVE, TICKETS, "approve", "a", "", "preview the proposal; a second key approves it")                      \
	X(ASSIGN, TICKETS, "assign", "A", "PERSON", "assign the ticket")                                               \
	X(REJECT, TICKETS, "reject", "x", "REASON", "reject the proposal with a reason")                               \
	X(EDIT, TICKETS, "edit", "C-e", "FIELD VALUE", "edit title, severity, cause or steps")                         \
	X(ACKNOWLEDGE, TICKETS, "ack", "K", "", "acknowledge an assigned ticket")                                      \
	X(RESOLVE, TICKETS, "resolve", "R", "", "resolve the ticket")                                                  \
	X(REOPEN, TICKETS, "reopen", "O", "", "reopen a resolved or rejected ticket")                                  \
	X(UNDO, TICKETS, "undo", "u", "", "undo the last change of the ticket")                                        \
	X(ANALYZE, ANALYST, "analyze", "r", "", "analyse again, up to the time cursor's horizon or in the selection")  \
	X(PAUSE, REPLAY, "pause", "p", "", "pause or go on")                                                           \
	X(SLOWER, REPLAY, "slower", "[", "", "half the speed")                                                         \
	X(FASTER, REPLAY, "faster", "]", "", "twice the speed")                                                        \
	X(STEP, REPLAY, "step", ".", "", "one record further")                                                         \
	X(NEXT_FINDING, REPLAY, "next-finding", ">", "", "on to the next finding")                                     \
	X(PREVIOUS_FINDING, REPLAY, "previous-finding", "<", "", "back to the finding before")                         \
	X(OPEN, GLOBAL, "open", "", "SOURCE", "open another source beside the ones shown")                             \
	X(CLOSE, GLOBAL, "close", "", "SOURCE", "read no more from a source")                                          \
	X(SET, GLOBAL, "set", "", "NAME VALUE", "change a setting until the end of the session")                       \
	X(RELOAD, GLOBAL, "reload", "F5", "", "read configuration, roster and theme again")                            \
	X(THEME, GLOBAL, "theme", "", "NAME", "change the theme")                                                      \
	X(TIME_ZONE, GLOBAL, "tz", "", "ZONE", "show times in UTC, local or +02:00")                                   \
	X(SOURCES, GLOBAL, "sources", "", "", "the sources, their formats and what was lost")                          \
	X(FINDINGS, GLOBAL, "findings", "D", "", "what the detectors say; Enter goes there")                            \
	X(TEMPLATES, GLOBAL, "templates", "T", "", "the kinds of messages by count, newness or burst; Enter shows one, - hides")  \
	X(MOUSE, GLOBAL, "mouse", "F2", "", "mouse on or off")                                                         \
	X(REPAINT, GLOBAL, "repaint", "C-l", "", "paint everything anew")                                              \
	X(SUSPEND, GLOBAL, "suspend", "C-z", "", "back to the shell, fg returns")

enum action {
	ACTION_NONE,
#define ACTION_ENUM(identifier, scope, name, keys, argument, help) ACTION_##identifier,
	ACTION_LIST(ACTION_ENUM)
#undef ACTION_ENUM
		ACTION_COUNT
};

struct action_row {
	enum action_scope scope;
	const char *name;
	const char *keys;
	const char *argument;
	const char *help;
};
const struct action_row *action_row(enum action action); /* ACTION_NONE gives a row of empty strings */
enum action action_find(struct slice name); /* by palette name; a unique beginning is enough; ACTION_NONE */
enum action action_for_key(enum action_scope scope,
	struct key key); /* the focused pane's keys win over global ones; replay keys hold everywhere */

#endif
