/*
 * What to do next: undo the guilty change, what a runbook says, what is known to help against such trouble, and who to
 * ask when no runbook does. Shown to read and to copy; nothing of it is ever run.
 */
#include "analyst/inside.h"

#define RUNBOOK_STEPS 6
#define STEP_BYTES 300

static void push(struct analysis *analysis, struct slice text)
{
	struct slice *place = text.size ? vector_push(&analysis->recommendations) : NULL;

	if (place)
		*place = text;
}

static void push_kept(struct analysis *analysis, struct buffer *text)
{
	push(analysis, analysis_keep(analysis, buffer_slice(text)));
	buffer_clear(text);
}

static void undo(struct analysis *analysis, struct buffer *out)
{
	struct slice change = analysis->verdict.change;

	if (!change.size)
		return;
	if (slice_starts(change, "flag:")) {
		buffer_append_string(out, "Set the flag ");
		say_quote(out, slice_from(change, 5), 80);
		buffer_append_string(out, " back to what it was, and watch whether the errors stop.");
	} else {
		buffer_append_string(out, "Roll back change ");
		say_quote(out, slice_first(change, 12), 20);
		buffer_append_string(out, ", and watch whether the errors stop.");
	}
	push_kept(analysis, out);
}

static const struct runbook *find_runbook(const struct analysis *analysis)
{
	const struct context *context = analysis->input.context;
	const struct suspect *culprit = analysis->culprit;
	const struct runbook *runbook = NULL;

	for (size_t i = 0; context && i < culprit->line_count && !runbook; i++)
		runbook = runbooks_find(&context->runbooks, store_service_name(analysis->scene.store, culprit->service),
			culprit->texts[i]);
	return runbook;
}

/* "1. Look", "- look", "* look": a step; *text is what follows. */
static bool is_step(struct slice line, struct slice *text)
{
	size_t at = 0;

	while (at < line.size && line.data[at] >= '0' && line.data[at] <= '9')
		at++;
	if (at > 0 && at + 1 < line.size && line.data[at] == '.') {
		*text = slice_trim(slice_from(line, at + 1));
		return true;
	}
	if (line.size < 2 || (line.data[0] != '-' && line.data[0] != '*') || line.data[1] != ' ')
		return false;
	*text = slice_trim(slice_from(line, 2));
	return true;
}

static void follow(struct analysis *analysis, const struct runbook *runbook, struct buffer *out)
{
	struct slice body = runbook->body, line, text;
	size_t steps = 0;

	buffer_append_string(out, "Runbook ");
	say_quote(out, runbook->title, 80);
	buffer_append_string(out, " (");
	say_quote(out, runbook->name, 80);
	buffer_append_string(out, ") fits");
	say_cite(out,
		evidence_add_fact(analysis->scene.book, EVIDENCE_RUNBOOK, (struct slice){ 0 }, runbook->name,
			analysis->scope, 0, runbook->title));
	buffer_append_string(out, ":");
	push_kept(analysis, out);
	while (steps < RUNBOOK_STEPS && slice_next(&body, '\n', &line)) {
		if (!is_step(slice_trim(line), &text))
			continue;
		push(analysis, analysis_keep(analysis, slice_first(text, STEP_BYTES)));
		steps++;
	}
}

static void escalate(struct analysis *analysis, struct buffer *out)
{
	char name[80] = "", reason[160] = "";

	if (analysis->input.roster)
		roster_owner(analysis->input.roster,
			store_service_name(analysis->scene.store, analysis->culprit->service), name, reason);
	buffer_append_string(out, "No runbook found. Escalate to on-call");
	if (name[0])
		buffer_append_format(out, ": %s (%s).", name, reason);
	else
		buffer_append_string(out, "; the roster names nobody.");
	push_kept(analysis, out);
}

static void push_known(struct analysis *analysis)
{
	const char *const *steps = analysis->external ? analysis->external->steps
		: analysis->cause                     ? analysis->cause->steps
						      : NULL;
	size_t count = analysis->external ? EXTERNAL_STEPS : CAUSE_STEPS;

	for (size_t i = 0; steps && i < count && steps[i]; i++)
		push(analysis, slice_of(steps[i]));
	if (!steps)
		push(analysis,
			slice_of("Read the first abnormal lines cited, and what the service logged in the minute "
				 "before."));
}

void recommend(struct analysis *analysis)
{
	struct buffer out;

	buffer_init(&out, SCENE_SENTENCE);
	if (analysis->culprit && analysis->verdict.kind != VERDICT_HEALTHY) {
		const struct runbook *runbook = find_runbook(analysis);

		undo(analysis, &out);
		if (runbook)
			follow(analysis, runbook, &out);
		push_known(analysis);
		if (!runbook)
			escalate(analysis, &out);
	}
	if (analysis->verdict.missing.size) {
		buffer_append_string(&out, "Find what is missing: ");
		buffer_append_slice(&out, analysis->verdict.missing);
		buffer_append_byte(&out, '.');
		push_kept(analysis, &out);
	}
	buffer_release(&out);
}
