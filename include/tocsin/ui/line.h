/*
 * The prompt's line editor: GNU readline without its terminal. Keys go in, the edited line comes out; someone else
 * paints it. History, Emacs and vi keys (the user's inputrc is read), completion through a callback.
 *
 * Readline keeps global state of its own, so there is one line editor in a process.
 */
#ifndef TOCSIN_UI_LINE_H
#define TOCSIN_UI_LINE_H

#include "tocsin/base/slice.h"
#include "tocsin/ui/key.h"

struct line;

/* Offers the index-th completion of `word` (which begins at byte `start` of `text`), terminated and borrowed until the
   next call; NULL past the end. Words end at spaces and " ( | , : = < >. After the only completion a space is added,
   unless it ends in : = > / , or (. At most 1,000 are asked for. */
typedef const char *(*line_complete_fn)(
	void *context, struct slice text, size_t start, struct slice word, size_t index);

/* `use_inputrc` false for tests: Emacs keys, nothing read (INPUTRC is set to /dev/null: readline knows no other way).
 * Call setlocale before. NULL when out of memory or when there is one already. */
struct line *line_create(bool use_inputrc, line_complete_fn complete, void *context);
void line_destroy(struct line *line);

enum line_result { LINE_EDITING, LINE_ACCEPTED, LINE_CANCELLED };
/* Feeds one key. ACCEPTED: Enter was pressed, take the text, then begin the next line. CANCELLED: Esc (in vi mode: Esc
 * out of command mode) or C-c or C-g. */
enum line_result line_key(struct line *line, struct key key);

void line_begin(struct line *line, const char *initial); /* a fresh line; text holds at most 16,384 bytes */
struct slice line_text(const struct line *line);         /* UTF-8, borrowed until the next call */
size_t line_cursor(const struct line *line);             /* byte position in the text */
bool line_in_vi_command_mode(const struct line *line);

void line_history_add(struct line *line, struct slice text); /* consecutive duplicates are kept once; at most 1,000 */
int line_history_load(struct line *line, const char *path);  /* ERROR_ABSENT is fine */
int line_history_save(struct line *line, const char *path);  /* 0600 */
/* After Tab: how many completions there are and which, for a row above the prompt; 0 when none are to be shown. */
size_t line_completion_count(const struct line *line);
const char *line_completion(const struct line *line, size_t index);

#endif
