/*
 * The inside of the tools: a call, its arguments, and the frame of its result. Each tool is a function and a row of the
 * table in tool.c.
 */
#ifndef ANALYST_TOOLING_H
#define ANALYST_TOOLING_H

#include "analyst/scene.h"
#include "tocsin/analyst/tool.h"

struct call {
	const struct tool *tool;
	const struct analysis_input *input;
	struct scene scene;
	struct window extent; /* all that is visible */
	const struct json_value *arguments;
	struct json json; /* of the result: `call_begin` opens it */
	uint64_t shown, total;
	struct error *error;
};

struct slice call_text(const struct call *call, const char *name); /* empty when absent */
size_t call_limit(const struct call *call);                        /* of "limit": 1..TOOL_ITEMS, 20 when absent */

/* The code of the service named, QUERY_ALL when none is named. ERROR_INPUT with the nearest name when there is none so
   called. */
int call_service(struct call *call, uint32_t *service);
/* Records that a typed filter matches, walked in order. ERROR_INPUT with the fault. */
int call_filter(struct call *call, struct slice text, struct filter **filter);
/* "from" and "to" as clock or full times; the whole extent when absent. */
int call_window(struct call *call, struct window *window);

void call_begin(struct call *call, struct window window); /* {"tool","window","items":[ */
void call_cite(struct call *call, unsigned evidence);     /* "evidence":"E5", nothing for 0 */
void call_end(struct call *call, const char *note);       /* ],"shown","total","truncated","note"} */

int tool_overview(struct call *call);
int tool_search_logs(struct call *call);
int tool_count(struct call *call);
int tool_templates(struct call *call);
int tool_error_history(struct call *call);
int tool_first_errors(struct call *call);
int tool_metrics(struct call *call);
int tool_traces(struct call *call);
int tool_changes(struct call *call);
int tool_dependencies(struct call *call);
int tool_runbook(struct call *call);

#endif
