/*
 * Tools: read-only questions to the log and to what stands beside it. The one table serves the built-in analyst, the
 * model and the tests. Only tools mint evidence: whatever a result tells stands in the book and can be read again.
 *
 * A result is one JSON object: {"tool","window":{"from","to"},"items":[...],"shown","total","truncated"}, each item
 * with its "evidence":"E5" where it has one; "note" says in a sentence what a reader could get wrong. It is bounded by
 * TOOL_RESULT and by a limit that a call may lower, and says what was left out. Text of the log in it is escaped as
 * JSON but otherwise as it was: hostile. Nothing beyond the horizon is looked at; the same call over the same input
 * gives the same bytes.
 */
#ifndef TOCSIN_ANALYST_TOOL_H
#define TOCSIN_ANALYST_TOOL_H

#include "tocsin/analyst/analysis.h"
#include "tocsin/base/json.h"

#define TOOL_RESULT 65536 /* bytes a result holds at most */
#define TOOL_ITEMS 100    /* items a result shows at most; 20 where the call names no limit */

struct tool {
	const char *name;        /* "search_logs" */
	const char *description; /* for a model and for help: what it answers, in a sentence or two */
	const char *parameters;  /* a JSON schema of the arguments: {"type":"object","properties":{...},...} */
};

const struct tool *tool_at(size_t index);        /* NULL past the end */
const struct tool *tool_find(struct slice name); /* NULL when there is none */

/* Runs a tool. `input` as for an analysis, with a book: what is minted lives in it. `arguments` is a JSON object (""
   is {}). Appends the result to `out`. ERROR_INPUT with a sentence that says what to do instead, and nothing appended,
   when an argument is wrong; ERROR_ABSENT when there is nothing to ask (no metrics were given); ERROR_MEMORY. */
int tool_run(const struct tool *tool, const struct analysis_input *input, struct slice arguments, struct buffer *out,
	struct error *error);

#endif
