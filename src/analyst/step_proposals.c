/*
 * The ticket rule: a FATAL template with five or more occurrences in one service is worth a person's work.
 *
 * - severity: critical when the service is the suspected cause, high when it left its baseline, medium when it fails at
 *   its usual rate.
 * - ready: the event time of the fifth occurrence. Nobody could have proposed it earlier.
 */
#include "analyst/inside.h"

#include <stdlib.h>

#define PROPOSAL_EVIDENCE 3

/* What one walk over the records of the rule learns. */
struct sighting {
	uint64_t first, last, ready; /* records */
	uint64_t count;
};

static struct sighting find_sightings(const struct analysis *analysis, uint32_t service, uint32_t template)
{
	const struct scene *scene = &analysis->scene;
	struct sighting sighting = { UINT64_MAX, UINT64_MAX, UINT64_MAX, 0 };

	for (uint64_t id = query_find_time(scene->store, scene->horizon, analysis->scope.from);
		id < scene->horizon.records; id++) {
		struct record record;

		store_record(scene->store, id, &record);
		if (record.service != service || record.template != template || record.level != LEVEL_FATAL ||
			record.time < analysis->scope.from || record.time >= analysis->scope.to)
			continue;
		if (sighting.count == 0)
			sighting.first = id;
		sighting.last = id;
		if (++sighting.count == analysis->input.fatal_count)
			sighting.ready = id;
	}
	return sighting;
}

/* Copies what a buffer holds into a field of a ticket, as much as fits. */
static void fill(char *field, size_t capacity, struct buffer *text)
{
	slice_copy(buffer_slice(text), field, capacity);
	buffer_clear(text);
}

/* Messages have their variables as "<*>": in a title they read better as "...". */
static void say_title(struct analysis *analysis, struct buffer *out, uint32_t service, uint32_t template)
{
	struct buffer quoted;
	struct slice text;
	size_t at;

	buffer_init(&quoted, SCENE_SENTENCE);
	say_template(&quoted, &analysis->scene, template, 100);
	text = slice_from(slice_first(buffer_slice(&quoted), quoted.size ? quoted.size - 1 : 0), 1);
	say_service(out, &analysis->scene, service);
	buffer_append_string(out, ": ");
	while ((at = slice_find(text, slice_of("<*>"))) != SIZE_MAX) {
		buffer_append_slice(out, slice_first(text, at));
		buffer_append_string(out, "...");
		text = slice_from(text, at + 3);
	}
	buffer_append_slice(out, text);
	buffer_release(&quoted);
}

static void say_evidence(struct analysis *analysis, struct buffer *out, uint32_t service, uint32_t template)
{
	const struct scene *scene = &analysis->scene;
	struct tally tally = { .service = service, .template = template, .level = LEVEL_FATAL };
	struct window window = analysis->scope;

	for (int i = 0; i < PROPOSAL_EVIDENCE; i++) {
		uint64_t id = scene_first(scene, &tally, window);
		const struct evidence *line =
			id == UINT64_MAX ? NULL : evidence_find(scene->book, analysis_cite_line(analysis, id));
		struct buffer text;

		if (!line)
			break;
		buffer_init(&text, SCENE_SENTENCE);
		say_quote(&text, line->text, 120);
		buffer_append_format(out, "%sE%u ", i ? "\n" : "", line->number);
		buffer_append_slice(out, line->source);
		buffer_append_format(out, ":%llu ", (unsigned long long)line->line);
		buffer_append_slice(out, slice_from(slice_first(buffer_slice(&text), text.size - 1), 1));
		buffer_release(&text);
		window.from = line->time + 1;
	}
}

static const struct suspect *suspect_of(const struct analysis *analysis, uint32_t service)
{
	for (size_t i = 0; i < analysis->suspects.count; i++)
		if (analysis_suspect(analysis, i)->service == service)
			return analysis_suspect(analysis, i);
	return NULL;
}

static void say_cause(struct analysis *analysis, struct buffer *out, uint32_t service, unsigned evidence)
{
	const struct scene *scene = &analysis->scene;
	const struct suspect *culprit = analysis->culprit, *suspect = suspect_of(analysis, service);

	say_service(out, scene, service);
	if (suspect && suspect == culprit) {
		buffer_append_format(out, " %s", analysis->cause ? analysis->cause->phrase : "failed");
		buffer_append_string(out, ", and was the first to leave its baseline");
		say_cite(out, culprit->evidence);
	} else if (suspect && culprit) {
		buffer_append_string(out, " probably failed because of ");
		say_service(out, scene, culprit->service);
		say_cite(out, culprit->evidence);
		buffer_append_string(out, ", which began ");
		say_duration(out, time_apart(culprit->onset.time, suspect->onset.time));
		buffer_append_string(out, " earlier");
		say_cite(out, suspect->evidence);
	} else {
		buffer_append_string(out, " says this at its usual rate; nothing else explains it");
		say_cite(out, evidence);
	}
	buffer_append_string(out, ".");
}

static void say_steps(
	struct analysis *analysis, struct buffer *out, const struct store_text *text, const struct suspect *suspect)
{
	const struct cause *cause = cause_find(&text->message, 1, NULL);

	if (suspect && suspect == analysis->culprit && analysis->cause)
		cause = analysis->cause;
	if (suspect && analysis->culprit && suspect != analysis->culprit) {
		buffer_append_string(out, "Look at ");
		say_service(out, &analysis->scene, analysis->culprit->service);
		buffer_append_string(out, " first: this one should recover with it.\n");
	}
	for (size_t i = 0; cause && i < CAUSE_STEPS && cause->steps[i]; i++)
		buffer_append_format(out, "%s%s", i ? "\n" : "", cause->steps[i]);
	if (!cause)
		buffer_append_string(out,
			"Read the lines cited and what the service logged in the minute before.\n"
			"Ask the owner what this FATAL stops.");
}

static void propose(struct analysis *analysis, uint32_t service, uint32_t template)
{
	const struct scene *scene = &analysis->scene;
	struct sighting seen = find_sightings(analysis, service, template);
	const struct suspect *suspect = suspect_of(analysis, service);
	struct store_text text = { 0 };
	struct record record;
	struct ticket *ticket;
	struct buffer out;

	/* The rule counts what the walk counts; without its fifth record there is nothing to propose. */
	if (seen.ready == UINT64_MAX || !scene_read(scene, seen.first, &record, &text))
		return;
	ticket = vector_push(&analysis->proposals);
	if (!ticket)
		return;
	buffer_init(&out, SCENE_SENTENCE);
	ticket->state = TICKET_PROPOSED;
	ticket->count = seen.count;
	ticket->first = store_time(scene->store, seen.first);
	ticket->last = store_time(scene->store, seen.last);
	ticket->ready = store_time(scene->store, seen.ready);
	say_steps(analysis, &out, &text, suspect);
	fill(ticket->steps, sizeof(ticket->steps), &out);
	say_title(analysis, &out, service, template);
	fill(ticket->title, sizeof(ticket->title), &out);
	say_service(&out, scene, service);
	fill(ticket->service, sizeof(ticket->service), &out);
	say_evidence(analysis, &out, service, template);
	fill(ticket->evidence, sizeof(ticket->evidence), &out);
	say_cause(analysis, &out, service, analysis_cite_line(analysis, seen.first));
	fill(ticket->cause, sizeof(ticket->cause), &out);
	buffer_release(&out);
	slice_copy(store_template_text(scene->store, template), ticket->template, sizeof(ticket->template));
	slice_copy(store_source_name(scene->store, record.source), ticket->source, sizeof(ticket->source));
	slice_copy(slice_of(suspect && suspect == analysis->culprit ? "critical"
				   : suspect                        ? "high"
								    : "medium"),
		ticket->severity, sizeof(ticket->severity));
	if (analysis->input.roster)
		roster_owner(analysis->input.roster, store_service_name(scene->store, service), ticket->assignee,
			ticket->assignee_reason);
	ticket_fingerprint(ticket);
}

/* One service at a time; the candidates come from the rollups. */
static void find_rule(struct analysis *analysis, uint32_t service)
{
	const struct scene *scene = &analysis->scene;
	uint32_t count = store_template_count(scene->store);
	uint64_t *counts = calloc((size_t)count + 1, sizeof(*counts));

	if (!counts)
		return;
	query_template_counts(scene->store, scene->horizon, analysis->scope, service, LEVEL_FATAL, count, counts, NULL);
	for (uint32_t i = 0; i < count; i++)
		if (counts[i] >= analysis->input.fatal_count)
			propose(analysis, service, i);
	free(counts);
}

/* The cause's own ticket first, then in the order in which they became due. "critical" < "high" < "medium" as it
 * happens. */
static int by_weight(const void *a, const void *b)
{
	const struct ticket *left = a, *right = b;

	if (left->severity[0] != right->severity[0])
		return left->severity[0] < right->severity[0] ? -1 : 1;
	return left->ready < right->ready ? -1 : left->ready > right->ready;
}

static void say_proposal(struct analysis *analysis, const struct ticket *ticket, struct buffer *out)
{
	struct tally tally = { .service = QUERY_ALL, .template = QUERY_ALL, .level = LEVEL_FATAL };

	for (uint32_t i = 0; i < store_template_count(analysis->scene.store) && tally.template == QUERY_ALL; i++)
		if (slice_is(store_template_text(analysis->scene.store, i), ticket->template))
			tally.template = i;
	if (store_service_find(analysis->scene.store, slice_of(ticket->service), &tally.service) != 0)
		tally.service = QUERY_ALL;
	buffer_append_string(out, "ticket rule met: ");
	say_number(out, ticket->count);
	buffer_append_string(out, " x FATAL ");
	say_quote(out, slice_of(ticket->template), 60);
	buffer_append_format(out, " in %s", ticket->service);
	say_cite(out, scene_cite_count(&analysis->scene, &tally, analysis->scope, NULL));
	analysis_claim(analysis, CLAIM_FATAL, out);
	if (ticket->assignee[0])
		buffer_append_format(out, ": ticket for %s", ticket->assignee);
	else
		buffer_append_string(out, ": ticket proposed");
	analysis_say(analysis, ENTRY_STEP, NULL, out);
}

bool step_proposals(struct analysis *analysis)
{
	const struct scene *scene = &analysis->scene;
	struct buffer out;

	if (scene->horizon.records == 0 || !store_has_records(scene->store) ||
		analysis->scope.from >= analysis->scope.to)
		return false;
	if (analysis->cursor < store_service_count(scene->store)) {
		find_rule(analysis, (uint32_t)analysis->cursor++);
		return true;
	}
	vector_sort(&analysis->proposals, by_weight);
	analysis->fatal_templates = analysis->proposals.count;
	buffer_init(&out, SCENE_SENTENCE);
	for (size_t i = 0; i < analysis->proposals.count; i++)
		say_proposal(analysis, vector_at(&analysis->proposals, i), &out);
	buffer_release(&out);
	return false;
}
