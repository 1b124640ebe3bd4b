/*
 * Roles: what a cell means. Themes give them colours; without colours they still differ by attribute, and meaning never
 * hangs on colour alone. Glyphs: the few drawing characters, with their ASCII forms.
 */
#ifndef TOCSIN_UI_ROLE_H
#define TOCSIN_UI_ROLE_H

#include <stdbool.h>

/* X(identifier, "name in themes", parent it inherits from, letter in goldens, attribute without colours) ; the parent
 * stands earlier */
#define ROLE_LIST(X)                                                                                                   \
	X(DEFAULT, "default", DEFAULT, ' ', ROLE_PLAIN)                                                                \
	X(DIM, "dim", DEFAULT, 'd', ROLE_FAINT)                                                                        \
	X(STRONG, "strong", DEFAULT, 'b', ROLE_BOLD)                                                                   \
	X(STATUS, "status", DEFAULT, 's', ROLE_REVERSE)                                                                \
	X(STATUS_STRONG, "status.strong", STATUS, 'S', ROLE_REVERSE_BOLD)                                              \
	X(STATUS_ALERT, "status.alert", STATUS, '!', ROLE_REVERSE_BOLD)                                                \
	X(BORDER, "border", DIM, '-', ROLE_PLAIN)                                                                      \
	X(BORDER_FOCUS, "border.focus", STRONG, '=', ROLE_BOLD)                                                        \
	X(TITLE, "title", DIM, 't', ROLE_PLAIN)                                                                        \
	X(TITLE_FOCUS, "title.focus", STRONG, 'T', ROLE_BOLD)                                                          \
	X(TIME, "time", DIM, '0', ROLE_PLAIN)                                                                          \
	X(SERVICE, "service", DEFAULT, 'v', ROLE_PLAIN)                                                                \
	X(LEVEL_TRACE, "level.trace", DIM, '1', ROLE_FAINT)                                                            \
	X(LEVEL_DEBUG, "level.debug", DIM, '2', ROLE_FAINT)                                                            \
	X(LEVEL_INFO, "level.info", DEFAULT, '3', ROLE_PLAIN)                                                          \
	X(LEVEL_WARN, "level.warn", DEFAULT, 'w', ROLE_PLAIN)                                                          \
	X(LEVEL_ERROR, "level.error", DEFAULT, 'e', ROLE_BOLD)                                                         \
	X(LEVEL_FATAL, "level.fatal", LEVEL_ERROR, 'f', ROLE_REVERSE_BOLD)                                             \
	X(LEVEL_UNKNOWN, "level.unknown", DEFAULT, 'u', ROLE_PLAIN)                                                    \
	X(ESCAPED, "escaped", DIM, 'x', ROLE_UNDERLINE)                                                                \
	X(MATCH, "match", STRONG, 'm', ROLE_UNDERLINE)                                                                 \
	X(SELECTION, "selection", DEFAULT, 'L', ROLE_REVERSE)                                                          \
	X(CURSOR_TIME, "cursor.time", STRONG, 'c', ROLE_BOLD)                                                          \
	X(RANGE, "range", SELECTION, 'r', ROLE_REVERSE)                                                                \
	X(BADGE, "badge", STRONG, 'n', ROLE_BOLD)                                                                      \
	X(MARK, "mark", STRONG, 'k', ROLE_BOLD)                                                                        \
	X(IMPORTANT, "important", STRONG, 'I', ROLE_BOLD)                                                              \
	X(FINDING, "finding", LEVEL_ERROR, 'F', ROLE_BOLD)                                                             \
	X(GRAPH, "graph", DEFAULT, 'g', ROLE_PLAIN)                                                                    \
	X(STEP, "analyst.step", DIM, 'p', ROLE_PLAIN)                                                                  \
	X(REASONING, "analyst.reasoning", DIM, 'R', ROLE_FAINT)                                                         \
	X(TOOL, "analyst.tool", STEP, '+', ROLE_PLAIN)                                                                  \
	X(VERDICT, "analyst.verdict", STRONG, 'V', ROLE_BOLD)                                                          \
	X(LABEL, "analyst.label", DIM, 'l', ROLE_PLAIN)                                                                \
	X(QUESTION, "analyst.question", STRONG, 'q', ROLE_BOLD)                                                        \
	X(CITATION, "citation", STRONG, '[', ROLE_UNDERLINE)                                                           \
	X(UNPROVEN, "unproven", DIM, '~', ROLE_UNDERLINE)                                                              \
	X(TICKET_PROPOSED, "ticket.proposed", STRONG, 'P', ROLE_BOLD)                                                  \
	X(TICKET_OPEN, "ticket.open", DEFAULT, 'O', ROLE_PLAIN)                                                        \
	X(TICKET_CLOSED, "ticket.closed", DIM, 'C', ROLE_FAINT)                                                        \
	X(PROMPT, "prompt", STRONG, '>', ROLE_BOLD)                                                                    \
	X(HINT_KEY, "hint.key", STRONG, 'K', ROLE_BOLD)                                                                \
	X(HINT_TEXT, "hint.text", DIM, 'h', ROLE_PLAIN)                                                                \
	X(FORM, "form", DEFAULT, 'o', ROLE_PLAIN)                                                                      \
	X(MESSAGE, "message", STRONG, 'i', ROLE_BOLD)                                                                  \
	X(MESSAGE_ERROR, "message.error", LEVEL_ERROR, 'E', ROLE_REVERSE_BOLD)

enum role {
#define ROLE_ENUM(identifier, name, parent, letter, mono) ROLE_##identifier,
	ROLE_LIST(ROLE_ENUM)
#undef ROLE_ENUM
		ROLE_COUNT
};

/* How a role differs where there are no colours. */
enum role_mono { ROLE_PLAIN, ROLE_FAINT, ROLE_BOLD, ROLE_UNDERLINE, ROLE_REVERSE, ROLE_REVERSE_BOLD };

const char *role_name(enum role role);
enum role role_parent(enum role role);
char role_letter(enum role role);
enum role_mono role_mono(enum role role);

/* X(identifier, UTF-8, ASCII) */
#define GLYPH_LIST(X)                                                                                                  \
	X(SPACE, " ", " ")                                                                                             \
	X(HORIZONTAL, "─", "-")                                                                                        \
	X(VERTICAL, "│", "|")                                                                                          \
	X(TEE_UP, "┴", "+")                                                                                            \
	X(TEE_DOWN, "┬", "+")                                                                                          \
	X(CROSS, "┼", "+")                                                                                             \
	X(CURSOR, "┃", "|")                                                                                            \
	X(FINDING, "▲", "^")                                                                                           \
	X(SELECTED, "▸", ">")                                                                                          \
	X(PLAY, "▶", ">")                                                                                              \
	X(PAUSE, "‖", "=")                                                                                             \
	X(CHECK, "✓", "*")                                                                                             \
	X(DONE, "●", "*")                                                                                              \
	X(ARROW, "→", ">")                                                                                             \
	X(TIMES, "×", "x")                                                                                             \
	X(ELLIPSIS, "…", "~")                                                                                          \
	X(RETURN, "⏎", "$")                                                                                            \
	X(DOT, "·", ".")                                                                                               \
	X(MARK, "◆", "*")                                                                                              \
	X(IMPORTANT, "▎", "|")                                                                                         \
	X(DASH, "–", "-")                                                                                              \
	X(LEFT, "←", "<")                                                                                              \
	X(UP, "↑", "^")                                                                                                \
	X(DOWN, "↓", "v")

enum glyph {
#define GLYPH_ENUM(identifier, utf8, ascii) GLYPH_##identifier,
	GLYPH_LIST(GLYPH_ENUM)
#undef GLYPH_ENUM
		GLYPH_COUNT
};
const char *glyph_text(enum glyph glyph, bool ascii);

#endif
