/*
 * Checking of claims. A claim is proven when
 *
 * - each id that it cites exists (and it cites one);
 * - each line cited still has the bytes that it had, read again from its source;
 * - each count cited comes out the same when the cited filter is run again, record by record;
 * - each text in double quotes stands in something cited;
 * - each number stands in something cited, or is its count, its rate a minute, its clock time, or the time from an
 *   earlier cited line to a later cited one (so that an order told the wrong way round fails).
 *
 * It knows nothing of who made the claim: the sentences of a model will be checked by the same code.
 */
#include "analyst/inside.h"
#include "analyst/shift.h"

#define FACTS_BYTES 65536

static bool span_stands(const struct traces *traces, const struct evidence *evidence)
{
	for (size_t i = 0; i < traces->spans.count; i++) {
		const struct span *span = traces_span(traces, i);

		if (slice_equal(span->id, evidence->filter) && slice_equal(span->service, evidence->source) &&
			span->start == evidence->window.from && (double)span->duration == evidence->value)
			return true;
	}
	return false;
}

static bool change_stands(const struct changes *changes, const struct evidence *evidence)
{
	size_t first, count = changes_window(changes, evidence->window.from, evidence->window.to, &first);

	for (size_t i = first; i < first + count; i++) {
		const struct change_event *event = changes_at(changes, i);

		if (event->kind == CHANGE_FLAG ? slice_starts(evidence->filter, "flag:") &&
					slice_equal(slice_from(evidence->filter, 5), event->title)
					       : slice_equal(evidence->filter, event->sha))
			return true;
	}
	return false;
}

/* What stands beside the log is looked up again by its name and window. */
static bool fact_holds(const struct context *context, const struct evidence *evidence)
{
	const struct metric_series *series;

	if (!context)
		return false;
	switch (evidence->kind) {
	case EVIDENCE_METRIC:
		series = metrics_find(&context->metrics, evidence->source, evidence->filter);
		return series && shift_level(series, evidence->window.from, evidence->window.to) == evidence->value;
	case EVIDENCE_SPAN:
		return span_stands(&context->traces, evidence);
	case EVIDENCE_CHANGE:
		return change_stands(&context->changes, evidence);
	case EVIDENCE_RUNBOOK:
		for (size_t i = 0; i < runbooks_count(&context->runbooks); i++)
			if (slice_equal(runbooks_at(&context->runbooks, i)->name, evidence->filter))
				return true;
		return false;
	case EVIDENCE_LINE:
	case EVIDENCE_COUNT:
		break;
	}
	return false;
}

static bool evidence_holds(const struct scene *scene, const struct evidence *evidence)
{
	struct record record;
	struct store_text text;
	uint64_t count, first;

	if (evidence->kind > EVIDENCE_COUNT)
		return fact_holds(scene->context, evidence);
	if (evidence->kind == EVIDENCE_COUNT)
		return scene_recount(scene, evidence->filter, evidence->window, &count, &first) &&
			count == evidence->count;
	return scene_read(scene, evidence->record, &record, &text) && slice_hash(text.raw, 0) == evidence->hash;
}

static void add_times(struct buffer *facts, const struct scene *scene, int64_t time)
{
	static const enum timestamp_style styles[] = { TIMESTAMP_CLOCK, TIMESTAMP_MILLIS, TIMESTAMP_MINUTES,
		TIMESTAMP_DATE_TIME };
	char text[40];

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		buffer_append_format(facts, " %s ", timestamp_format(time, styles[i], scene->zone, text));
}

static void add_facts(struct buffer *facts, const struct scene *scene, const struct evidence *evidence)
{
	buffer_append_byte(facts, ' ');
	buffer_append_slice(facts, slice_first(evidence->text, SUSPECT_TEXT));
	add_times(facts, scene, evidence->time);
	if (evidence->kind == EVIDENCE_LINE)
		return;
	add_times(facts, scene, evidence->window.from);
	add_times(facts, scene, evidence->window.to);
	say_number(facts, evidence->count);
	buffer_append_byte(facts, ' ');
	say_rate(facts, (double)evidence->count / minutes_of(evidence->window));
	buffer_append_byte(facts, ' ');
	say_duration(facts, time_apart(evidence->window.from, evidence->window.to));
}

/* Everything that a sentence with these citations may say. */
static bool gather(const struct scene *scene, const struct claim *claim, struct buffer *facts)
{
	for (size_t i = 0; i < claim->evidence_count; i++) {
		const struct evidence *evidence = evidence_find(scene->book, claim->evidence[i]);

		if (!evidence || !evidence_holds(scene, evidence))
			return false;
		add_facts(facts, scene, evidence);
		for (size_t j = 0; j < i; j++) {
			const struct evidence *before = evidence_find(scene->book, claim->evidence[j]);

			buffer_append_byte(facts, ' ');
			if (before->kind == EVIDENCE_LINE && evidence->kind == EVIDENCE_LINE &&
				before->time <= evidence->time)
				say_duration(facts, time_apart(before->time, evidence->time));
		}
	}
	return claim->evidence_count > 0 && !facts->failed;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

/* The next number or clock time that is no part of a name ("node1"). */
static bool next_number(struct slice *rest, struct slice *number)
{
	size_t at = 0;

	while (at < rest->size) {
		size_t end = at;

		while (end < rest->size &&
			(is_digit(rest->data[end]) ||
				(end > at && end + 1 < rest->size &&
					(rest->data[end] == ',' || rest->data[end] == '.' || rest->data[end] == ':') &&
					is_digit(rest->data[end + 1]))))
			end++;
		if (end > at && (at == 0 || !is_letter(rest->data[at - 1]))) {
			*number = (struct slice){ rest->data + at, end - at };
			*rest = slice_from(*rest, end);
			return true;
		}
		at = end > at ? end : at + 1;
	}
	return false;
}

static bool number_in(struct slice facts, struct slice number)
{
	struct slice fact;

	while (next_number(&facts, &fact))
		if (slice_equal(fact, number))
			return true;
	return false;
}

static bool quote_in(const struct scene *scene, const struct claim *claim, struct slice quote)
{
	static const char cut[] = "\xe2\x80\xa6"; /* the ellipsis of a text that was cut to fit */
	bool found = false;

	if (slice_ends(quote, cut))
		quote = slice_trim(slice_first(quote, quote.size - 3));
	for (size_t i = 0; i < claim->evidence_count && !found; i++) {
		const struct evidence *evidence = evidence_find(scene->book, claim->evidence[i]);
		struct buffer shown;

		buffer_init(&shown, SCENE_SENTENCE);
		say_quote(&shown, evidence->text, SIZE_MAX);
		found = slice_find(buffer_slice(&shown), quote) != SIZE_MAX;
		buffer_release(&shown);
	}
	return found;
}

/* Goes through the sentence: quotations, citations, and the plain text between them. */
static bool text_holds(const struct scene *scene, const struct claim *claim, struct slice facts)
{
	struct slice rest = claim->text, piece;
	bool quoted = false;

	for (; rest.size; quoted = !quoted) {
		size_t end = slice_find_byte(rest, '"'), begin = 0, stop = 0, at = 0;
		unsigned id;

		piece = slice_first(rest, end);
		rest = end == SIZE_MAX ? (struct slice){ 0 } : slice_from(rest, end + 1);
		if (quoted) {
			if (!quote_in(scene, claim, piece))
				return false;
			continue;
		}
		while (at < piece.size) {
			bool citation = evidence_next_citation(piece, at, &begin, &stop, &id);
			struct slice plain = slice_first(slice_from(piece, at), (citation ? begin : piece.size) - at),
				     number;

			while (next_number(&plain, &number))
				if (!number_in(facts, number))
					return false;
			at = citation ? stop : piece.size;
		}
	}
	return true;
}

bool claim_check(const struct scene *scene, const struct claim *claim)
{
	struct buffer facts;
	bool holds;

	buffer_init(&facts, FACTS_BYTES);
	holds = gather(scene, claim, &facts) && text_holds(scene, claim, buffer_slice(&facts));
	buffer_release(&facts);
	return holds;
}

bool step_check(struct analysis *analysis)
{
	struct claim *claim;
	size_t proven = 0;
	struct buffer out;

	if (analysis->cursor < analysis->claims.count) {
		claim = vector_at(&analysis->claims, analysis->cursor++);
		claim->proven = claim_check(&analysis->scene, claim);
		return true;
	}
	if (analysis->claims.count == 0)
		return false;
	for (size_t i = 0; i < analysis->claims.count; i++)
		proven += ((struct claim *)vector_at(&analysis->claims, i))->proven;
	buffer_init(&out, SCENE_SENTENCE);
	buffer_append_format(&out, "checked %zu claim%s against the lines and counts %s cite%s: %zu hold%s",
		analysis->claims.count, analysis->claims.count == 1 ? "" : "s",
		analysis->claims.count == 1 ? "it" : "they", analysis->claims.count == 1 ? "s" : "", proven,
		proven == 1 ? "s" : "");
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
	return false;
}
