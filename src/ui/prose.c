/*
 * Steps have a tick before them; labels, questions and answers share one column of labels, so that all text of the
 * lower part begins in one place. A blank line stands where something else begins.
 */
#include "ui/prose.h"

#include "tocsin/analyst/evidence.h"
#include "tocsin/base/utf8.h"
#include "tocsin/ui/grid.h"

enum { STEP_INDENT = 2, LABEL_GAP = 2 };

/* What an entry belongs to; between two groups there is a blank line. */
enum group { GROUP_NONE, GROUP_STEPS, GROUP_THOUGHTS, GROUP_VERDICT, GROUP_LABELS, GROUP_CHAT, GROUP_NOTICE };

struct walk {
	const struct prose *prose;
	void (*each)(void *context, const struct prose_line *line);
	void *context;
	struct prose_size size;
	struct prose_line line; /* of the entry at hand */
	int label_width;
	enum group group;
	struct slice label; /* the last one shown in this group */
};

static struct slice label_of(const struct entry *entry)
{
	switch (entry->kind) {
	case ENTRY_LABELLED:
		return entry->label;
	case ENTRY_QUESTION:
		return slice_of("you");
	case ENTRY_ANSWER:
		return slice_of("tocsin");
	case ENTRY_UNPROVEN:
		return slice_of("unproven");
	default:
		return (struct slice){ NULL, 0 };
	}
}

static bool is_known(const struct prose *prose, const struct entry *entry)
{
	return entry->horizon <= prose->horizon;
}

static int measure_labels(const struct prose *prose)
{
	size_t widest = 0;
	for (size_t i = 0; prose->transcript && i < transcript_count(prose->transcript); i++) {
		const struct entry *entry = transcript_at(prose->transcript, i);
		size_t width = is_known(prose, entry) ? utf8_shown_width(label_of(entry)) : 0;
		widest = width > widest ? width : widest;
	}
	int most = prose->width / 3;
	int width = (widest < 40 ? (int)widest : 40) + LABEL_GAP;
	return width < most ? width : most;
}

/* Text and labels behind a question belong to the talk, until the next analysis. */
static enum group group_of(const struct entry *entry, enum group before)
{
	switch (entry->kind) {
	case ENTRY_STEP:
		return GROUP_STEPS;
	case ENTRY_VERDICT:
		return GROUP_VERDICT;
	case ENTRY_QUESTION:
	case ENTRY_ANSWER:
		return GROUP_CHAT;
	case ENTRY_NOTICE:
		return GROUP_NOTICE;
	case ENTRY_REASONING:
	case ENTRY_TOOL:
		return GROUP_THOUGHTS;
	case ENTRY_UNPROVEN:
	case ENTRY_LABELLED:
		return before == GROUP_CHAT ? GROUP_CHAT : GROUP_LABELS;
	default:
		return before == GROUP_CHAT ? GROUP_CHAT : GROUP_VERDICT;
	}
}

static enum role role_of_entry(enum entry_kind kind)
{
	switch (kind) {
	case ENTRY_STEP:
		return ROLE_STEP;
	case ENTRY_VERDICT:
		return ROLE_VERDICT;
	case ENTRY_QUESTION:
		return ROLE_QUESTION;
	case ENTRY_NOTICE:
		return ROLE_DIM;
	case ENTRY_REASONING:
		return ROLE_REASONING;
	case ENTRY_TOOL:
		return ROLE_TOOL;
	case ENTRY_UNPROVEN:
		return ROLE_UNPROVEN;
	default:
		return ROLE_DEFAULT;
	}
}

static void emit(struct walk *walk)
{
	walk->line.number = walk->size.lines++;
	if (walk->each)
		walk->each(walk->context, &walk->line);
}

static void emit_part(void *context, int number, struct slice part)
{
	struct walk *walk = context;
	size_t begin, end = 0;
	unsigned evidence;
	walk->line.first = number == 0;
	walk->line.text = part;
	walk->line.citation = walk->size.citations;
	emit(walk);
	while (evidence_next_citation(part, end, &begin, &end, &evidence))
		walk->size.citations++;
	walk->line.label = (struct slice){ NULL, 0 };
}

static void emit_blank(struct walk *walk)
{
	walk->line = (struct prose_line){ .citation = walk->size.citations };
	emit(walk);
}

static void walk_entry(struct walk *walk, const struct entry *entry)
{
	enum group group = group_of(entry, walk->group);
	struct slice label = label_of(entry);
	bool begins = group != walk->group || entry->kind == ENTRY_QUESTION || entry->kind == ENTRY_VERDICT;
	if (begins && walk->size.lines > 0)
		emit_blank(walk);
	if (entry->kind == ENTRY_VERDICT || entry->kind == ENTRY_QUESTION)
		walk->size.anchor = walk->size.lines;
	else if (entry->kind == ENTRY_REASONING || entry->kind == ENTRY_TOOL)
		walk->size.anchor = -1; /* thoughts are followed */
	bool repeated = !begins && (entry->kind == ENTRY_LABELLED || entry->kind == ENTRY_UNPROVEN) &&
		slice_equal(label, walk->label);
	walk->group = group;
	walk->label = label;
	walk->line =
		(struct prose_line){ .entry = entry, .role = role_of_entry(entry->kind), .label_role = ROLE_LABEL };
	if (entry->kind == ENTRY_STEP) {
		walk->line.indent = STEP_INDENT;
		walk->line.label = slice_of(glyph_text(GLYPH_CHECK, false));
		walk->line.label_role = ROLE_STEP;
	} else if (entry->kind == ENTRY_TOOL) {
		walk->line.indent = STEP_INDENT;
		walk->line.label = slice_of(glyph_text(GLYPH_ARROW, false));
		walk->line.label_role = ROLE_TOOL;
	} else if (group == GROUP_LABELS || group == GROUP_CHAT) {
		walk->line.indent = walk->label_width;
		if (!repeated)
			walk->line.label = label;
	}
	text_wrap(entry->text, walk->prose->width - walk->line.indent, emit_part, walk);
}

struct prose_size prose_walk(
	const struct prose *prose, void (*each)(void *context, const struct prose_line *line), void *context)
{
	struct walk walk = { .prose = prose,
		.each = each,
		.context = context,
		.size = { .anchor = -1 },
		.label_width = measure_labels(prose) };
	for (size_t i = 0; prose->transcript && i < transcript_count(prose->transcript); i++) {
		const struct entry *entry = transcript_at(prose->transcript, i);
		if (is_known(prose, entry))
			walk_entry(&walk, entry);
	}
	return walk.size;
}
