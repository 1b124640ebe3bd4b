/*
 * What all answers share: the filter that a question stands for, counting with it, and putting lines and windows into
 * words.
 */
#include "analyst/asking.h"

#include <inttypes.h>

/* Words that stand for more than their letters: any of the alternatives will do. */
static const struct {
	const char *word;
	const char *filter;
} synonyms[] = {
	{ "timeout", "(timeout | \"timed out\")" },
	{ "timeouts", "(timeout | \"timed out\")" },
	{ "oom", "(oom | \"out of memory\" | outofmemory)" },
	{ "crash", "(crash | panic | segfault | \"core dumped\")" },
	{ "crashes", "(crash | panic | segfault | \"core dumped\")" },
	{ "exceptions", "(exception | traceback)" },
	{ "retries", "(retry | retries | retrying)" },
	{ "5xx", "/\\b50[0-4]\\b/" },
	{ "4xx", "/\\b4[0-4][0-9]\\b/" },
};

/* A plural asks for the singular too: "deadlocks", "crashes", "queries". */
static void append_term(struct buffer *out, const struct term *term)
{
	struct slice text = slice_of(term->text);

	if (term->negated)
		buffer_append_byte(out, '-');
	for (size_t i = 0; !term->phrase && i < sizeof(synonyms) / sizeof(synonyms[0]); i++)
		if (slice_equal_nocase(text, slice_of(synonyms[i].word))) {
			buffer_append_string(out, synonyms[i].filter);
			return;
		}
	if (!term->phrase && text.size > 4 && slice_ends(text, "ies")) {
		buffer_append_byte(out, '(');
		say_filter_value(out, text);
		buffer_append_string(out, " | ");
		say_filter_value(out, slice_first(text, text.size - 3));
		buffer_append_byte(out, ')');
		return;
	}
	if (!term->phrase && text.size > 5 &&
		(slice_ends(text, "ches") || slice_ends(text, "shes") || slice_ends(text, "sses")))
		text.size -= 2;
	else if (!term->phrase && text.size > 1 && slice_ends(text, "s") &&
		(text.size > 4 || (text.data[text.size - 2] >= '0' && text.data[text.size - 2] <= '9')) &&
		!slice_ends(text, "ss") && !slice_ends(text, "us"))
		text.size -= 1;
	/* A bare word could be read as an operator of the filter. */
	if (term->phrase || slice_equal_nocase(text, slice_of("or")) || slice_equal_nocase(text, slice_of("and")) ||
		slice_equal_nocase(text, slice_of("not"))) {
		buffer_append_byte(out, '"');
		for (size_t i = 0; i < text.size; i++) {
			if (text.data[i] == '"' || text.data[i] == '\\')
				buffer_append_byte(out, '\\');
			buffer_append_byte(out, text.data[i]);
		}
		buffer_append_byte(out, '"');
		return;
	}
	say_filter_value(out, text);
}

static void append_services(
	const struct answer *answer, struct buffer *out, const char *prefix, const uint32_t *services, size_t count)
{
	if (count == 0)
		return;
	buffer_append_format(out, "%s%s", out->size ? " " : "", prefix);
	for (size_t i = 0; i < count; i++) {
		buffer_append_string(out, i ? "," : "");
		say_filter_value(out, store_service_name(answer->scene.store, services[i]));
	}
}

static void append_time(const struct answer *answer, struct buffer *out, const char *name, int64_t time)
{
	char text[40];
	size_t start;

	buffer_append_format(out, "%s%s:", out->size ? " " : "", name);
	start = out->size;
	/* Whole seconds as the clock on the screen shows them; anything finer exactly. */
	buffer_append_string(out,
		timestamp_format(time, time % TIMESTAMP_SECOND ? TIMESTAMP_RFC3339 : TIMESTAMP_DATE_TIME,
			answer->scene.zone, text));
	for (size_t i = start; i < out->size; i++)
		if (out->data[i] == ' ')
			out->data[i] = 'T';
}

void answer_filter(const struct answer *answer, struct buffer *out, bool with_window)
{
	const struct question *question = answer->question;

	append_services(answer, out, "service:", question->services, question->service_count);
	append_services(answer, out, "-service:", question->excluded, question->excluded_count);
	if (question->has_level)
		buffer_append_format(out, "%slevel%s%s", out->size ? " " : "",
			question->exactly ? "=" : ">=", level_name(question->level));
	for (size_t i = 0; i < question->term_count; i++) {
		buffer_append_string(out, out->size ? " " : "");
		append_term(out, &question->terms[i]);
	}
	/* As it was asked: the window of the answer ends with what is visible. */
	if (with_window && (question->has_from || question->moment == MOMENT_SINCE))
		append_time(answer, out, "since", question->has_from ? question->from : answer->window.from);
	if (with_window && (question->has_to || question->moment == MOMENT_BEFORE))
		append_time(answer, out, "until", question->has_to ? question->to : answer->window.to);
}

void answer_say(struct answer *answer, const char *label)
{
	enum entry_kind kind = label ? ENTRY_LABELLED : answer->answered ? ENTRY_TEXT : ENTRY_ANSWER;

	transcript_add(answer->transcript, kind, label, buffer_slice(&answer->out), answer->scene.horizon.time);
	answer->answered = answer->answered || !label;
	buffer_clear(&answer->out);
}

static void say_services(struct answer *answer, const char *word, const uint32_t *services, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buffer_append_string(&answer->out, i == 0 ? word : i + 1 == count ? " and " : ", ");
		say_service(&answer->out, &answer->scene, services[i]);
	}
}

void answer_subject(struct answer *answer, uint64_t count)
{
	const struct question *question = answer->question;

	if (!question->has_level)
		say_plural(&answer->out, count, "record");
	else if (question->exactly || question->level == LEVEL_FATAL)
		say_number(&answer->out, count), buffer_append_format(&answer->out, " %s", level_name(question->level));
	else if (question->level == LEVEL_ERROR)
		say_plural(&answer->out, count, "error");
	else
		say_number(&answer->out, count),
			buffer_append_format(&answer->out, " %s or worse", level_name(question->level));
	for (size_t i = 0; i < question->term_count; i++) {
		buffer_append_string(&answer->out, i ? " and " : " with ");
		buffer_append_string(&answer->out, question->terms[i].negated ? "no " : "");
		say_quote(&answer->out, slice_of(question->terms[i].text), 40);
	}
	say_services(answer, " in ", question->services, question->service_count);
	say_services(answer, " outside ", question->excluded, question->excluded_count);
}

void answer_window(struct answer *answer)
{
	buffer_append_string(&answer->out, ", ");
	say_window(&answer->out, &answer->scene, answer->window);
}

struct window answer_clip(const struct answer *answer, struct window window)
{
	if (window.from < answer->extent.from)
		window.from = answer->extent.from;
	if (window.to > answer->extent.to)
		window.to = answer->extent.to;
	return window;
}

/* Clocks alone where all is of one day. */
static void say_span(struct answer *answer, struct window window, bool has_from, bool has_to)
{
	const struct window extent = answer->extent;
	enum timestamp_style style = time_apart(has_from ? window.from : window.to, extent.to) >= TIMESTAMP_DAY / 2 ||
			time_apart(extent.from, has_to ? window.to : window.from) >= TIMESTAMP_DAY / 2
		? TIMESTAMP_DATE_TIME
		: TIMESTAMP_CLOCK;
	char text[40];

	buffer_append_string(&answer->out, has_from && has_to ? "" : has_from ? "after " : "before ");
	if (has_from)
		buffer_append_string(&answer->out, timestamp_format(window.from, style, answer->scene.zone, text));
	buffer_append_string(&answer->out, has_from && has_to ? " - " : "");
	if (has_to)
		buffer_append_string(&answer->out, timestamp_format(window.to, style, answer->scene.zone, text));
	buffer_append_string(&answer->out, " lies outside the log, ");
	buffer_append_string(&answer->out, timestamp_format(extent.from, style, answer->scene.zone, text));
	buffer_append_string(&answer->out, " - ");
	buffer_append_string(&answer->out, timestamp_format(extent.to, style, answer->scene.zone, text));
}

bool answer_outside(struct answer *answer, struct window window, bool has_from, bool has_to)
{
	if ((!has_from || window.from < answer->extent.to) && (!has_to || window.to > answer->extent.from))
		return false;
	say_span(answer, window, has_from, has_to);
	answer_say(answer, NULL);
	return true;
}

void answer_cite_record(struct answer *answer, uint64_t id)
{
	say_cite(&answer->out, evidence_add_line(answer->scene.book, answer->scene.store, answer->scene.reader, id));
}

bool matches_init(struct matches *matches, struct answer *answer, struct slice filter, struct window window)
{
	struct filter_scope scope = {
		.store = answer->scene.store, .now = answer->scene.horizon.time, .zone = answer->scene.zone
	};
	size_t fault;

	*matches = (struct matches){ .answer = answer,
		.filter = filter_parse(filter, &scope, &fault, NULL),
		.window = window,
		.begin = query_find_time(scope.store, answer->scene.horizon, window.from),
		.end = answer->scene.horizon.records };
	return matches->filter != NULL;
}

static bool matches_take(struct matches *matches, uint64_t id, struct record *record)
{
	const struct scene *scene = &matches->answer->scene;

	store_record(scene->store, id, record);
	return record->time >= matches->window.from && record->time < matches->window.to &&
		filter_match(matches->filter, scene->store, record, scene->reader);
}

bool matches_next(struct matches *matches, struct record *record)
{
	while (matches->filter && matches->begin < matches->end)
		if (matches_take(matches, matches->begin++, record))
			return true;
	return false;
}

bool matches_previous(struct matches *matches, struct record *record)
{
	while (matches->filter && matches->begin < matches->end)
		if (matches_take(matches, --matches->end, record))
			return true;
	return false;
}

void matches_release(struct matches *matches)
{
	filter_destroy(matches->filter);
	matches->filter = NULL;
}

unsigned answer_tally(struct answer *answer, struct window window, uint64_t *count, uint64_t *first)
{
	struct buffer filter, sentence, kept = answer->out;
	unsigned number = 0;

	*count = 0;
	*first = UINT64_MAX;
	buffer_init(&filter, SCENE_SENTENCE);
	answer_filter(answer, &filter, false);
	if (scene_recount(&answer->scene, buffer_slice(&filter), window, count, first)) {
		buffer_init(&sentence, SCENE_SENTENCE);
		answer->out = sentence;
		answer_subject(answer, *count);
		buffer_append_string(&answer->out, ", ");
		say_window(&answer->out, &answer->scene, window);
		number = evidence_add_count(answer->scene.book, answer->scene.store, buffer_slice(&filter), window,
			*count, *first, buffer_slice(&answer->out));
		buffer_release(&answer->out);
		answer->out = kept;
	}
	buffer_release(&filter);
	return number;
}

void answer_line(struct answer *answer, uint64_t id)
{
	const struct evidence *line = evidence_find(answer->scene.book,
		evidence_add_line(answer->scene.book, answer->scene.store, answer->scene.reader, id));

	if (!line) {
		buffer_append_format(&answer->out, "record %" PRIu64 ": its text is gone", id);
		return;
	}
	say_millis(&answer->out, &answer->scene, line->time);
	buffer_append_format(&answer->out, " %c ", level_letter(line->level));
	say_service(&answer->out, &answer->scene, line->service);
	buffer_append_byte(&answer->out, ' ');
	say_quote(&answer->out, line->text, 100);
	say_cite(&answer->out, line->number);
}

void answer_import(struct answer *answer, struct slice text)
{
	size_t at = 0, begin, end;
	unsigned number;

	while (evidence_next_citation(text, at, &begin, &end, &number)) {
		const struct evidence *evidence =
			answer->analysis ? evidence_find(answer->analysis->scene.book, number) : NULL;
		unsigned again = evidence ? scene_import(&answer->scene, evidence) : 0;

		buffer_append_slice(&answer->out, slice_first(slice_from(text, at), begin - at));
		if (again)
			buffer_append_format(&answer->out, "[E%u]", again);
		at = end;
	}
	buffer_append_slice(&answer->out, slice_from(text, at));
}

const struct analysis *answer_analysis(struct answer *answer)
{
	if (!answer->analysis && !answer->own) {
		answer->own = analysis_create(answer->input);
		while (answer->own && analysis_step(answer->own))
			;
		answer->analysis = answer->own;
	}
	return answer->analysis;
}

const struct analysis *answer_analysis_now(struct answer *answer)
{
	if (answer->analysis && answer->analysis->scene.horizon.records != answer->scene.horizon.records)
		answer->analysis = answer->own;
	return answer_analysis(answer);
}

const struct onset *answer_onset(struct answer *answer, uint32_t service)
{
	const struct analysis *analysis = answer_analysis(answer);

	for (size_t i = 0; analysis && analysis->have_onsets && i < analysis->onsets.onsets.count; i++) {
		const struct onset *onset = vector_at(&analysis->onsets.onsets, i);

		if (onset->service == service)
			return onset;
	}
	return NULL;
}
