/*
 * What stands before the message of a line, written as a pattern:
 *
 *     %{time:yyyy-MM-dd HH:mm:ss} %{level} [%{thread:text}] %{logger}: %{message}
 *
 * Text stands for itself; a blank stands for one or more, at the end of a line also for none. %( and %) enclose what
 * may be missing. %{NAME} takes a word up to white space or to the text that follows in the pattern; %{NAME:KIND} takes
 * something else. The names time, level, priority, service and message fill the row, - keeps nothing, any other becomes
 * a field.
 *
 *     %{time:LAYOUT}   a time (time_layout.h); %{time} is ISO 8601
 *     %{level}         a known level; :letter one letter of it (I W E F, V D I W E F A); :any also an unknown word
 *     %{priority}      the number of a syslog priority: facility and severity
 *     :number          digits
 *     :text            anything, blanks too, up to the text that follows
 *     :tag             the same, at most a few words: the program in a syslog line
 *     :host            a word of a host's name, never a level
 *     %{message}       the rest of the line; it comes last
 */
#ifndef TOCSIN_SRC_INGEST_HEADER_PATTERN_H
#define TOCSIN_SRC_INGEST_HEADER_PATTERN_H

#include "ingest/time_layout.h"
#include "tocsin/ingest/format.h"

#define HEADER_MAXIMUM_STEPS 32

enum header_kind {
	HEADER_LITERAL,
	HEADER_TIME,
	HEADER_LEVEL,
	HEADER_LETTER,
	HEADER_ANY_LEVEL,
	HEADER_PRIORITY,
	HEADER_WORD,
	HEADER_NUMBER,
	HEADER_TEXT,
	HEADER_TAG,
	HEADER_HOST,
	HEADER_REST,
	HEADER_OPTIONAL, /* the steps before `end` may be missing */
};

enum header_target { HEADER_NOTHING, HEADER_SERVICE, HEADER_MESSAGE, HEADER_FIELD };

#define HEADER_MAXIMUM_STOPS 4

struct header_step {
	uint8_t kind;
	uint8_t target;
	uint8_t end;
	uint8_t stop_count;
	uint8_t stops[HEADER_MAXIMUM_STOPS]; /* the literals that may end it: indexes of steps */
	uint64_t
		ends[4]; /* a bit for each byte that may end it: white space for a word, beginnings of those literals */
	struct slice text; /* the literal, the layout or the field's name; borrowed from the pattern */
};

struct header {
	size_t count;
	struct header_step steps[HEADER_MAXIMUM_STEPS];
};

/* The pattern must live as long as the header. ERROR_INPUT with a sentence that names the fault. */
int header_compile(struct header *header, struct slice pattern, struct error *error);

/* Fills the row; after a failure the row holds anything. */
bool header_match(const struct header *header, struct slice line, const struct when *when, struct row *row);

#endif
