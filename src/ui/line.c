/*
 * GNU readline as an editor of one line: keys become the bytes that a terminal would send, readline takes them from a
 * queue through its callback interface, and its line buffer is read back. It is kept off the terminal altogether: no
 * display, no signals, no modes, streams to /dev/null.
 *
 * Readline's callbacks carry no context, hence the one pointer below to the one editor there can be.
 */
#include "tocsin/ui/line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <readline/readline.h>
#include <readline/history.h>

#include "tocsin/base/buffer.h"
#include "tocsin/base/error.h"
#include "tocsin/base/utf8.h"
#include "tocsin/base/vector.h"

enum { TEXT_MAX = 16384, HISTORY_MAX = 1000, COMPLETIONS_MAX = 1000, EDITING_VI = 0 };

struct line {
	line_complete_fn complete;
	void *context;
	FILE *null;
	char queue[64];
	size_t queue_first, queue_count;
	struct buffer accepted;
	enum line_result result;
	struct vector completions; /* of char *, owned */
	size_t candidate;
};

static struct line *active;

/* States in which readline waits for the rest of something; a key then belongs to that. */
static const unsigned long unfinished = RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG | RL_STATE_VIMOTION |
	RL_STATE_MULTIKEY | RL_STATE_CHARSEARCH | RL_STATE_METANEXT;

static int next_byte(FILE *stream)
{
	(void)stream;
	if (active->queue_count == 0)
		return EOF;
	active->queue_count--;
	return (unsigned char)active->queue[active->queue_first++];
}

static int byte_waits(void)
{
	return active->queue_count > 0;
}

static void no_display(void)
{
}

static void on_line(char *text)
{
	buffer_clear(&active->accepted);
	if (text && active->result != LINE_CANCELLED) {
		buffer_append_string(&active->accepted, text);
		active->result = LINE_ACCEPTED;
	} else {
		active->result = LINE_CANCELLED;
	}
	active->queue_count = 0;
	free(text);
}

static void forget_completions(struct line *line)
{
	for (size_t i = 0; i < line->completions.count; i++)
		free(*(char **)vector_at(&line->completions, i));
	vector_clear(&line->completions);
}

/* Readline's generator of candidates: the state is 0 for the first; it wants memory that it may free. */
static char *next_candidate(const char *word, int state)
{
	size_t index = active->candidate = state ? active->candidate + 1 : 0;
	if (index >= COMPLETIONS_MAX)
		return NULL;
	size_t end = (size_t)rl_point, size = strlen(word);
	struct slice text = { rl_line_buffer, (size_t)rl_end };
	const char *candidate = active->complete(active->context, text, end - size, slice_of(word), index);
	return candidate ? strdup(candidate) : NULL;
}

static char **candidates(const char *word, int start, int end)
{
	(void)start;
	(void)end;
	rl_attempted_completion_over = 1;
	char **matches = active->complete ? rl_completion_matches(word, next_candidate) : NULL;
	/* A name that wants a value is not finished: no space after it. */
	size_t size = matches ? strlen(matches[0]) : 0;
	if (size > 0 && !matches[1] && strchr(":=>/,(", matches[0][size - 1]))
		rl_completion_suppress_append = 1;
	return matches;
}

static void keep_completions(char **matches, int count, int longest)
{
	(void)longest;
	forget_completions(active);
	for (int i = 1; i <= count; i++) {
		char *copy = strdup(matches[i]);
		char **item = copy ? vector_push(&active->completions) : NULL;
		if (!item) {
			free(copy);
			return;
		}
		*item = copy;
	}
}

static void set_up_readline(struct line *line, bool use_inputrc)
{
	rl_readline_name = "tocsin";
	rl_instream = line->null;
	rl_outstream = line->null;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_getc_function = next_byte;
	rl_input_available_hook = byte_waits;
	/* Set before it initialises: a program that displays by itself is spared tgetent, which would disturb curses.
	 */
	rl_redisplay_function = no_display;
	rl_attempted_completion_function = candidates;
	rl_completion_display_matches_hook = keep_completions;
	rl_completer_word_break_characters = " \t\n\"(|,:=<>";
	/* Readline reads an init file whatever one does; this is the only way to name an empty one. */
	if (!use_inputrc)
		setenv("INPUTRC", "/dev/null", 1);
	rl_initialize();
	if (!use_inputrc)
		rl_variable_bind("editing-mode", "emacs");
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("enable-bracketed-paste", "off");
	rl_variable_bind("show-mode-in-prompt", "off");
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("revert-all-at-newline", "on");
	/* Of the editing keys this is the one that it learns from the terminal alone. */
	rl_bind_keyseq_if_unbound_in_map("\033[3~", rl_delete, emacs_standard_keymap);
	rl_bind_keyseq_if_unbound_in_map("\033[3~", rl_delete, vi_insertion_keymap);
	rl_bind_keyseq_if_unbound_in_map("\033[3~", rl_delete, vi_movement_keymap);
	stifle_history(HISTORY_MAX);
}

struct line *line_create(bool use_inputrc, line_complete_fn complete, void *context)
{
	struct line *line = active ? NULL : calloc(1, sizeof(*line));
	if (!line)
		return NULL;
	line->null = fopen("/dev/null", "r+e");
	if (!line->null) {
		free(line);
		return NULL;
	}
	line->complete = complete;
	line->context = context;
	buffer_init(&line->accepted, (size_t)TEXT_MAX * 2);
	vector_init(&line->completions, sizeof(char *), COMPLETIONS_MAX);
	active = line;
	set_up_readline(line, use_inputrc);
	rl_callback_handler_install("", on_line);
	return line;
}

void line_destroy(struct line *line)
{
	if (!line)
		return;
	rl_callback_sigcleanup();
	rl_callback_handler_remove();
	rl_free_line_state();
	clear_history();
	rl_instream = NULL;
	rl_outstream = NULL;
	fclose(line->null);
	forget_completions(line);
	vector_release(&line->completions);
	buffer_release(&line->accepted);
	free(line);
	active = NULL;
}

static void queue_bytes(struct line *line, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size && line->queue_first + line->queue_count < sizeof(line->queue); i++)
		line->queue[line->queue_first + line->queue_count++] = bytes[i];
}

static void run_queue(struct line *line)
{
	while (line->queue_count > 0)
		rl_callback_read_char();
}

/* Ends the line by way of Enter, so that readline puts back the history lines that were changed. */
static enum line_result cancel(struct line *line)
{
	rl_callback_sigcleanup();
	line->result = LINE_CANCELLED;
	line->queue_first = line->queue_count = 0;
	queue_bytes(line, "\n", 1);
	run_queue(line);
	line_begin(line, NULL);
	return LINE_CANCELLED;
}

/* What a terminal would send for a key that has a name; NULL for one that means nothing here. */
static const char *sequence_of(uint32_t code)
{
	static const struct {
		uint32_t code;
		const char *sequence;
	} sequences[] = {
		{ KEY_CODE_UP, "\033[A" },
		{ KEY_CODE_DOWN, "\033[B" },
		{ KEY_CODE_RIGHT, "\033[C" },
		{ KEY_CODE_LEFT, "\033[D" },
		{ KEY_CODE_HOME, "\033[H" },
		{ KEY_CODE_END, "\033[F" },
		{ KEY_CODE_INSERT, "\033[2~" },
		{ KEY_CODE_DELETE, "\033[3~" },
		{ KEY_CODE_PAGE_UP, "\033[5~" },
		{ KEY_CODE_PAGE_DOWN, "\033[6~" },
		{ KEY_CODE_SHIFT_TAB, "\033[Z" },
		{ KEY_CODE_SHIFT_LEFT, "\033[1;2D" },
		{ KEY_CODE_SHIFT_RIGHT, "\033[1;2C" },
		{ KEY_CODE_BACKSPACE, "\177" },
		{ KEY_CODE_TAB, "\t" },
		{ KEY_CODE_ENTER, "\r" },
		{ KEY_CODE_ESCAPE, "\033" },
	};
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (sequences[i].code == code)
			return sequences[i].sequence;
	}
	return NULL;
}

/* Readline inserts the tail of a sequence that nothing is bound to, so such a one is not sent. */
static bool is_bound(const char *sequence)
{
	int type;
	return !sequence[1] || (rl_function_of_keyseq(sequence, NULL, &type) && type != ISKMAP);
}

static bool queue_key(struct line *line, struct key key)
{
	char bytes[4];
	const char *sequence = bytes;
	size_t size;
	if (key.code < KEY_NAMED) {
		if (key.code >= ' ' && rl_end >= TEXT_MAX)
			return false;
		size = utf8_encode(key.code, bytes);
	} else {
		sequence = sequence_of(key.code);
		if (!sequence || !is_bound(sequence))
			return false;
		size = strlen(sequence);
	}
	if (key.alt)
		queue_bytes(line, "\033", 1);
	queue_bytes(line, sequence, size);
	return true;
}

/* Esc leaves what is unfinished first, then vi's insertion, then the line. */
static bool cancels(const struct line *line, struct key key)
{
	bool busy = RL_ISSTATE(unfinished);
	if (key.alt)
		return false;
	if (key.code == KEY_CODE_ESCAPE)
		return !busy && (rl_editing_mode != EDITING_VI || line_in_vi_command_mode(line));
	return key.code == 3 || (key.code == 7 && !busy);
}

enum line_result line_key(struct line *line, struct key key)
{
	forget_completions(line);
	line->result = LINE_EDITING;
	buffer_clear(&line->accepted);
	if (cancels(line, key))
		return cancel(line);
	line->queue_first = line->queue_count = 0;
	if (queue_key(line, key))
		run_queue(line);
	return line->result;
}

void line_begin(struct line *line, const char *initial)
{
	rl_callback_sigcleanup();
	rl_callback_handler_remove();
	rl_callback_handler_install("", on_line);
	forget_completions(line);
	line->result = LINE_EDITING;
	buffer_clear(&line->accepted);
	if (initial)
		rl_insert_text(initial);
}

struct slice line_text(const struct line *line)
{
	if (line->result == LINE_ACCEPTED)
		return buffer_slice(&line->accepted);
	return (struct slice){ rl_line_buffer, (size_t)rl_end };
}

size_t line_cursor(const struct line *line)
{
	return line->result == LINE_ACCEPTED ? line->accepted.size : (size_t)rl_point;
}

bool line_in_vi_command_mode(const struct line *line)
{
	(void)line;
	return rl_editing_mode == EDITING_VI && rl_get_keymap() == vi_movement_keymap;
}

void line_history_add(struct line *line, struct slice text)
{
	struct buffer copy;
	(void)line;
	if (text.size == 0)
		return;
	buffer_init(&copy, (size_t)TEXT_MAX * 2);
	buffer_append_slice(&copy, text);
	const HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
	if (!copy.failed && (!last || strcmp(last->line, buffer_string(&copy)) != 0))
		add_history(buffer_string(&copy));
	buffer_release(&copy);
	using_history();
}

static int code_of(int number)
{
	return number == 0 ? 0 : number == ENOENT ? ERROR_ABSENT : number == ENOMEM ? ERROR_MEMORY : ERROR_SYSTEM;
}

int line_history_load(struct line *line, const char *path)
{
	(void)line;
	int code = code_of(read_history(path));
	using_history();
	return code;
}

int line_history_save(struct line *line, const char *path)
{
	(void)line;
	int code = code_of(write_history(path));
	if (code == 0 && chmod(path, 0600) != 0)
		code = ERROR_SYSTEM;
	return code;
}

size_t line_completion_count(const struct line *line)
{
	return line->completions.count;
}

const char *line_completion(const struct line *line, size_t index)
{
	return index < line->completions.count ? *(char **)vector_at(&line->completions, index) : "";
}
