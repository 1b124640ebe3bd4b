/*
 * The report for a pipe: what a person reads at 80 to 100 columns, the verdict first.
 */
#include "analyst/inside.h"
#include "analyst/report_inside.h"
#include "tocsin/analyst/report.h"
#include "tocsin/base/utf8.h"

#include <inttypes.h>

#define REPORT_SCALE 60 /* cells of text in an evidence line are at least this */
#define EVIDENCE_SHOWN 40
#define FINDINGS_SHOWN 8

/* Appends the next line's worth of `text`: as many words as fit into `cells`, at least one. A word too long for a line
 * is cut where it must be. */
static struct slice take_line(struct slice text, size_t cells, struct slice *line)
{
	size_t fits = 0, at = 0, width = 0;
	struct slice rest = text;
	struct utf8_shown shown;

	while (at < text.size && text.data[at] != '\n') {
		struct slice before = rest;

		if (!utf8_next_shown(&rest, &shown))
			break;
		if (width + (size_t)shown.width > cells && width > 0)
			break;
		width += (size_t)shown.width;
		if (before.data[0] == ' ')
			fits = at;
		at = (size_t)(rest.data - text.data);
	}
	if (at == text.size || text.data[at] == '\n' || text.data[at] == ' ')
		fits = at;
	else if (fits == 0)
		fits = at;
	*line = slice_first(text, fits);
	rest = slice_from(text, fits);
	while (rest.size && (rest.data[0] == ' ' || rest.data[0] == '\n'))
		rest = slice_from(rest, 1);
	return rest;
}

/* Wraps below a hanging indent; `columns` 0 means one line. */
static void append_wrapped(struct buffer *out, struct slice text, size_t indent, size_t columns)
{
	size_t cells = columns == 0 ? SIZE_MAX : columns > indent + 20 ? columns - indent : 20;
	struct slice line;

	do {
		text = take_line(text, cells, &line);
		utf8_append_shown(out, line, SIZE_MAX);
		buffer_append_byte(out, '\n');
		if (text.size)
			buffer_append_repeat(out, ' ', indent);
	} while (text.size);
}

static void append_labelled(struct buffer *out, const char *label, struct slice text, size_t columns)
{
	size_t indent = 12, size = slice_of(label).size;

	buffer_append_format(out, "  %s", label);
	buffer_append_repeat(out, ' ', size + 2 < indent ? indent - size - 2 : 1);
	append_wrapped(out, text, indent, columns);
}

int report_entry(struct buffer *out, const struct entry *entry, size_t columns)
{
	char label[40];

	switch (entry->kind) {
	case ENTRY_STEP:
		buffer_append_string(out, "- ");
		append_wrapped(out, entry->text, 2, columns);
		break;
	case ENTRY_VERDICT:
		buffer_append_byte(out, '\n');
		append_wrapped(out, entry->text, 0, columns);
		break;
	case ENTRY_LABELLED:
		slice_copy(entry->label, label, sizeof(label));
		append_labelled(out, label, entry->text, columns);
		break;
	case ENTRY_QUESTION:
		buffer_append_string(out, "> ");
		append_wrapped(out, entry->text, 2, columns);
		break;
	case ENTRY_NOTICE:
		buffer_append_string(out, "! ");
		append_wrapped(out, entry->text, 2, columns);
		break;
	case ENTRY_ANSWER:
		append_wrapped(out, entry->text, 0, columns);
		break;
	case ENTRY_REASONING:
		buffer_append_string(out, "| ");
		append_wrapped(out, entry->text, 2, columns);
		break;
	case ENTRY_TOOL:
		buffer_append_string(out, "+ ");
		append_wrapped(out, entry->text, 2, columns);
		break;
	case ENTRY_UNPROVEN:
		append_labelled(out, "unproven", entry->text, columns);
		break;
	case ENTRY_TEXT:
		buffer_append_string(out, "  ");
		append_wrapped(out, entry->text, 2, columns);
		break;
	}
	return out->failed;
}

static void append_heading(struct buffer *out, const char *heading)
{
	buffer_append_format(out, "\n%s\n", heading);
}

static void append_ranking(struct buffer *out, const struct analysis *analysis, size_t columns)
{
	const struct verdict *verdict = &analysis->verdict;
	struct buffer line;

	if (verdict->ranking_count < 2)
		return;
	append_heading(out, "suspects");
	buffer_init(&line, SCENE_SENTENCE);
	for (size_t i = 0; i < verdict->ranking_count && i < 8; i++) {
		const struct ranked *ranked = &verdict->ranking[i];

		buffer_append_format(&line, "%.2f  ", ranked->score);
		utf8_append_shown(&line, ranked->name, 60);
		buffer_append_string(&line, ": ");
		buffer_append_slice(&line, ranked->reasons);
		buffer_append_string(out, "  ");
		append_wrapped(out, buffer_slice(&line), 8, columns);
		buffer_clear(&line);
	}
	buffer_release(&line);
}

static void append_unproven(struct buffer *out, const struct analysis *analysis, size_t columns)
{
	bool said = false;

	for (size_t i = 0; i < analysis->verdict.claim_count; i++) {
		if (analysis->verdict.claims[i].proven)
			continue;
		if (!said)
			append_heading(out, "unproven (its evidence does not bear it out)");
		said = true;
		buffer_append_string(out, "  ");
		append_wrapped(out, analysis->verdict.claims[i].text, 2, columns);
	}
}

/* Thresholds and new templates are many and mostly told by the steps already: they are counted, not listed. */
static void append_findings(struct buffer *out, const struct analysis *analysis, size_t columns)
{
	size_t shown = 0;

	if (analysis->findings.count == 0)
		return;
	append_heading(out, "findings");
	for (size_t i = 0; i < analysis->findings.count && shown < FINDINGS_SHOWN; i++) {
		const struct finding *finding = vector_at(&analysis->findings, i);
		struct buffer line;

		if (finding->kind == FINDING_THRESHOLD || finding->kind == FINDING_NEW_TEMPLATE)
			continue;
		shown++;
		buffer_init(&line, SCENE_SENTENCE);
		say_clock(&line, &analysis->scene, finding->start);
		buffer_append_format(&line, "  %s", finding->sentence);
		buffer_append_string(out, "  ");
		append_wrapped(out, buffer_slice(&line), 12, columns);
		buffer_release(&line);
	}
	if (analysis->findings.count > shown)
		buffer_append_format(out, "  %zu more: tocsin anomalies\n", analysis->findings.count - shown);
}

static void append_recommendations(struct buffer *out, const struct analysis *analysis, size_t columns)
{
	if (analysis->verdict.recommendation_count == 0)
		return;
	append_heading(out, "next");
	for (size_t i = 0; i < analysis->verdict.recommendation_count; i++) {
		buffer_append_format(out, "  %zu. ", i + 1);
		append_wrapped(out, analysis->verdict.recommendations[i], 5, columns);
	}
}

/* With one source its folder is said once, in the heading. */
static struct slice base_name(struct slice path)
{
	for (size_t i = path.size; i-- > 0;)
		if (path.data[i] == '/')
			return slice_from(path, i + 1);
	return path;
}

int report_evidence(struct buffer *out, const struct store *store, const struct evidence *evidence,
	const struct zone *zone, size_t columns)
{
	struct scene scene = { .store = store, .zone = zone };
	bool single = store_source_count(store) == 1;
	struct buffer line;

	buffer_init(&line, SCENE_SENTENCE + EVIDENCE_TEXT);
	buffer_append_format(&line, "  E%-3u", evidence->number);
	if (evidence->kind == EVIDENCE_LINE) {
		utf8_append_shown(&line, single ? base_name(evidence->source) : evidence->source, 48);
		buffer_append_format(&line, ":%" PRIu64 "  ", evidence->line);
		say_clock(&line, &scene, evidence->time);
		buffer_append_format(&line, " %c ", level_letter(evidence->level));
		say_service(&line, &scene, evidence->service);
		buffer_append_string(&line, "  ");
	}
	size_t used = utf8_shown_width(buffer_slice(&line));
	size_t room = columns > used + REPORT_SCALE / 3 ? columns - used : REPORT_SCALE / 3;
	buffer_append_slice(out, buffer_slice(&line));
	utf8_append_shown(out, evidence->text, columns == 0 ? SIZE_MAX : room);
	buffer_release(&line);
	return buffer_append_byte(out, '\n');
}

static void append_evidence(struct buffer *out, const struct analysis *analysis, size_t columns)
{
	const struct scene *scene = &analysis->scene;
	unsigned count = evidence_count(scene->book), shown = 0;

	if (count == 0)
		return;
	append_heading(out, "evidence");
	if (store_source_count(scene->store) == 1) {
		buffer_truncate(out, out->size - 1);
		buffer_append_string(out, " from ");
		utf8_append_shown(out, store_source_name(scene->store, 0), 60);
		buffer_append_byte(out, '\n');
	}
	for (unsigned number = 1; number <= count; number++) {
		const struct evidence *evidence = evidence_find(scene->book, number);

		if (!scene_sees(scene, evidence))
			continue;
		if (shown < EVIDENCE_SHOWN)
			report_evidence(out, scene->store, evidence, scene->zone, columns);
		shown++;
	}
	if (shown > EVIDENCE_SHOWN)
		buffer_append_format(out, "  %u more with --json\n", shown - EVIDENCE_SHOWN);
}

static void append_tickets(struct buffer *out, const struct analysis *analysis, size_t columns)
{
	if (analysis->proposals.count == 0)
		return;
	append_heading(out, "proposed tickets (nothing is filed until a person approves it)");
	for (size_t i = 0; i < analysis->proposals.count; i++) {
		const struct ticket *ticket = vector_at(&analysis->proposals, i);
		struct buffer line;

		buffer_append_format(out, "  %-9s", ticket->severity);
		append_wrapped(out, slice_of(ticket->title), 11, columns);
		buffer_init(&line, SCENE_SENTENCE);
		say_number(&line, ticket->count);
		buffer_append_string(&line, " times, ");
		say_clock(&line, &analysis->scene, ticket->first);
		buffer_append_string(&line, " - ");
		say_clock(&line, &analysis->scene, ticket->last);
		if (ticket->assignee[0])
			buffer_append_format(&line, "; for %s (%s)", ticket->assignee, ticket->assignee_reason);
		else if (ticket->assignee_reason[0])
			buffer_append_format(&line, "; for nobody yet (%s)", ticket->assignee_reason);
		buffer_append_repeat(out, ' ', 11);
		append_wrapped(out, buffer_slice(&line), 11, columns);
		buffer_release(&line);
	}
}

static void append_impact(struct buffer *out, const struct analysis *analysis, size_t columns)
{
	const struct verdict *verdict = &analysis->verdict;
	struct buffer line;

	if (verdict->impact_from == TIMESTAMP_NONE)
		return;
	buffer_init(&line, SCENE_SENTENCE);
	say_plural(&line, analysis->suspects.count, "service");
	buffer_append_string(&line, ", ");
	say_clock(&line, &analysis->scene, verdict->impact_from);
	buffer_append_string(&line, " - ");
	say_clock(&line, &analysis->scene, verdict->impact_to);
	if (verdict->impact_requests) {
		buffer_append_string(&line, ", ");
		say_plural(&line, verdict->impact_requests, "failed request");
	}
	append_labelled(out, "impact", buffer_slice(&line), columns);
	buffer_release(&line);
}

int report_text(struct buffer *out, struct analysis *analysis, const struct analysis_input *input, size_t columns)
{
	bool verdict = false;

	(void)input;
	if (!analysis->have_verdict)
		return ERROR_STATE;
	for (size_t i = 0; i < transcript_count(&analysis->transcript); i++) {
		const struct entry *entry = transcript_at(&analysis->transcript, i);

		verdict = verdict || entry->kind == ENTRY_VERDICT;
		/* All recommendations follow in their own section. */
		if (verdict && !(entry->kind == ENTRY_LABELLED && slice_is(entry->label, "next")))
			report_entry(out, entry, columns);
	}
	append_impact(out, analysis, columns);
	report_cascade(out, analysis, columns);
	append_ranking(out, analysis, columns);
	append_recommendations(out, analysis, columns);
	append_tickets(out, analysis, columns);
	append_findings(out, analysis, columns);
	append_unproven(out, analysis, columns);
	append_evidence(out, analysis, columns);
	buffer_append_format(out, "\ntimes in %s; by the built-in analyst, which is no model\n",
		analysis->scene.zone ? zone_name(analysis->scene.zone) : "UTC");
	return out->failed;
}
