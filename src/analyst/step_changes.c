/*
 * Which change is guilty: never merely the latest.
 *
 * score of a change = (0.1 + likeness) * time * place * kind
 *
 * - likeness: the words that its message, its files and its difference share with what went wrong (the first strange
 *   lines and their fields, failed spans, metrics that moved, the alert), rare words more: sum of idf over the root of
 *   the sum of all its squared idf, or half of it and half of what is usual, so that two words of a flag are no proof.
 * - time: 1 / (1 + hours before the onset); 0 when it came more than a minute after.
 * - place: 1 for a suspect or the service of the alert, 0.1 for any other; 0.3 when it names none, as a commit that no
 *   known deploy has: what it changes may reach a service through what it shares.
 * - kind: 0.2 when only logging, tests, documents, styles or the versions of packages changed.
 *
 * A commit counts when it is deployed. Below LEAST nobody is accused.
 */
#include "analyst/inside.h"
#include "analyst/wording.h"

#include <math.h>
#include <stdlib.h>

#define HOUR (60 * TIMESTAMP_MINUTE)
#define LEAST 0.04
#define RULED_OUT 4 /* changes that are said to be innocent, at most */
#define WORDS 65536

struct weighed {
	const struct change_event *event;
	const struct change_event *commit; /* what it deployed; NULL: unknown */
	double likeness, time, place, kind, score;
};

/* --- what went wrong ---------------------------------------------------------------------------------------------- */

static void add_record(const struct analysis *analysis, struct intern *words, uint64_t id)
{
	struct record record;
	struct store_text text;

	if (!scene_read(&analysis->scene, id, &record, &text))
		return;
	wording_add(words, slice_first(text.message, 2000));
	for (size_t i = 0; i < text.field_count; i++) {
		if (slice_find(text.fields[i].name, slice_of("trace")) != SIZE_MAX)
			continue;
		wording_add(words, text.fields[i].name);
		wording_add(words, slice_first(text.fields[i].value, 500));
	}
}

static struct intern *wrong_words(const struct analysis *analysis)
{
	const struct context *context = analysis->input.context;
	struct intern *words = intern_create(WORDS, WORDS * WORD_BYTES);

	for (size_t i = 0; words && i < analysis->suspects.count; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);

		for (size_t line = 0; line < suspect->line_count; line++)
			add_record(analysis, words, suspect->lines[line]);
	}
	for (size_t i = 0; words && i < context->traces.spans.count; i++)
		if (traces_span(&context->traces, i)->status == SPAN_ERROR)
			wording_add(words, traces_span(&context->traces, i)->error);
	for (size_t i = 0; words && i < analysis->signals.count; i++)
		wording_add(words, ((struct signal *)vector_at(&analysis->signals, i))->name);
	for (size_t i = 0; words && alerts_at(&context->alerts, i); i++) {
		wording_add(words, alerts_at(&context->alerts, i)->summary);
		wording_add(words, alerts_at(&context->alerts, i)->detail);
		wording_add(words, alerts_at(&context->alerts, i)->metric);
	}
	return words;
}

/* --- what changed ------------------------------------------------------------------------------------------------- */

/* Lines of a difference that changed, and its headings; not what merely surrounds them. */
static struct slice next_changed(struct slice *diff)
{
	struct slice line;

	while (slice_next(diff, '\n', &line))
		if (slice_starts(line, "+") || slice_starts(line, "-") || slice_starts(line, "@"))
			return line;
	return (struct slice){ 0 };
}

static struct intern *words_of(const struct change_event *event, const struct change_event *commit)
{
	struct intern *words = intern_create(8192, 8192 * WORD_BYTES);
	const struct change_event *text = commit ? commit : event;
	struct slice diff = text->detail, line;

	if (!words)
		return NULL;
	wording_add(words, text->title);
	for (size_t i = 0; i < text->file_count; i++)
		wording_add(words, text->files[i]);
	if (text->kind != CHANGE_COMMIT)
		wording_add(words, diff);
	else
		while ((line = next_changed(&diff)).size)
			wording_add(words, line);
	return words;
}

static bool ends_with_any(struct slice file)
{
	static const char *const harmless[] = { ".md", ".txt", ".css", ".scss", ".html", "go.mod", "go.sum",
		"package.json", "package-lock.json", "requirements.txt", "CODEOWNERS", "_test.go", "_test.py",
		".golden", "testdata", ".svg", ".png" };

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (slice_ends(file, harmless[i]))
			return true;
	return slice_starts(file, "docs/") || slice_starts(file, "test") || slice_starts(file, ".github") ||
		slice_find(file, slice_of("/testdata/")) != SIZE_MAX;
}

static bool is_logging(struct slice line)
{
	static const char *const words[] = { "log.", "LOG_", "logger", "logging.", "slog.", "console.log",
		"System.out" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_find(line, slice_of(words[i])) != SIZE_MAX)
			return true;
	return false;
}

/* Behind a call that logs: "method", r.Method, or a bracket. */
static bool is_argument(struct slice line)
{
	line = slice_trim(slice_from(line, 1));
	return line.size == 0 || slice_starts(line, "//") || slice_starts(line, "#") || slice_starts(line, "\"") ||
		slice_starts(line, ")") || slice_starts(line, "}");
}

static bool is_harmless(const struct change_event *commit)
{
	struct slice diff = commit->detail, line;
	size_t harmless = 0, logging = 0;

	for (size_t i = 0; i < commit->file_count; i++)
		harmless += ends_with_any(commit->files[i]);
	if (commit->file_count && harmless == commit->file_count)
		return true;
	while ((line = next_changed(&diff)).size) {
		if (slice_starts(line, "@") || slice_starts(line, "+++") || slice_starts(line, "---"))
			continue;
		if (is_logging(line))
			logging++;
		else if (!is_argument(line))
			return false;
	}
	return logging > 0;
}

/* --- weighing ----------------------------------------------------------------------------------------------------- */

static double place_of(const struct analysis *analysis, struct slice service)
{
	const struct context *context = analysis->input.context;

	if (service.size == 0)
		return 0.3;
	for (size_t i = 0; i < analysis->suspects.count; i++)
		if (slice_equal_nocase(
			    service, store_service_name(analysis->scene.store, analysis_suspect(analysis, i)->service)))
			return 1;
	for (size_t i = 0; alerts_at(&context->alerts, i); i++)
		if (slice_equal_nocase(service, alerts_at(&context->alerts, i)->service))
			return 1;
	return 0.1;
}

/* When it began: the first suspect, or a metric of a suspect that moved before. */
static int64_t onset_of(const struct analysis *analysis)
{
	int64_t onset = analysis_suspect(analysis, 0)->onset.time;

	for (size_t i = 0; i < analysis->suspects.count; i++)
		if (analysis_suspect(analysis, i)->onset.time < onset)
			onset = analysis_suspect(analysis, i)->onset.time;
	for (size_t i = 0; i < analysis->signals.count; i++) {
		const struct signal *signal = vector_at(&analysis->signals, i);

		if (signal->onset != TIMESTAMP_NONE && signal->onset < onset &&
			place_of(analysis, signal->service) == 1)
			onset = signal->onset;
	}
	return onset;
}

static double inverse(uint32_t texts, uint32_t having)
{
	return log((texts + 1.0) / (having + 0.5));
}

struct weighing {
	const struct analysis *analysis;
	struct vector list;      /* of struct weighed */
	struct intern *wrong;    /* words of what went wrong */
	struct intern *all;      /* words of all changes */
	struct vector frequency; /* of uint32_t: changes that have it, by word of `all` */
	uint32_t texts;
	double square; /* mean over the texts of the sum of squared idf */
	int64_t onset;
};

static void count_words(struct weighing *weighing, const struct intern *words)
{
	for (uint32_t i = 0; i < intern_count(words); i++) {
		uint32_t code;

		if (intern_put(weighing->all, intern_text(words, i), &code) != 0 ||
			(code == weighing->frequency.count && !vector_push(&weighing->frequency)))
			continue;
		*(uint32_t *)vector_at(&weighing->frequency, code) += 1;
	}
	weighing->texts++;
}

static double likeness(const struct weighing *weighing, const struct intern *words)
{
	double shared = 0, square = 0;

	for (uint32_t i = 0; i < intern_count(words); i++) {
		struct slice word = intern_text(words, i);
		uint32_t code, known;
		double weight;

		if (intern_find(weighing->all, word, &code) != 0)
			continue;
		weight = inverse(weighing->texts, *(uint32_t *)vector_at(&weighing->frequency, code));
		if (weight <= 0)
			continue;
		square += weight * weight;
		shared += intern_find(weighing->wrong, word, &known) == 0 ? weight : 0;
	}
	square = (square + weighing->square) / 2;
	return square > 0 ? shared / sqrt(square) : 0;
}

static bool is_deployed(const struct changes *changes, const struct change_event *commit)
{
	for (size_t i = 0; changes_at(changes, i); i++)
		if (changes_at(changes, i)->kind == CHANGE_DEPLOY &&
			changes_commit(changes, changes_at(changes, i)->sha) == commit)
			return true;
	return false;
}

/* Everything that could be accused, and how common each word is among all that changed. */
static void gather(struct weighing *weighing, const struct changes *changes)
{
	for (size_t i = 0; changes_at(changes, i); i++) {
		const struct change_event *event = changes_at(changes, i);
		const struct change_event *commit =
			event->kind == CHANGE_DEPLOY ? changes_commit(changes, event->sha) : NULL;
		struct weighed *weighed;

		if (event->kind != CHANGE_DEPLOY) {
			struct intern *words = words_of(event, NULL);

			if (words)
				count_words(weighing, words);
			intern_destroy(words);
		}
		if ((event->kind == CHANGE_COMMIT && is_deployed(changes, event)) ||
			event->time >= analysis_end(weighing->analysis))
			continue;
		weighed = event->time == TIMESTAMP_NONE ? NULL : vector_push(&weighing->list);
		if (weighed)
			*weighed = (struct weighed){ .event = event,
				.commit = event->kind == CHANGE_COMMIT ? event : commit };
	}
}

/* Each word adds its squared idf to every text that has it. */
static void find_usual(struct weighing *weighing)
{
	for (uint32_t i = 0; i < weighing->frequency.count; i++) {
		uint32_t having = *(uint32_t *)vector_at(&weighing->frequency, i);
		double weight = inverse(weighing->texts, having);

		weighing->square += weight > 0 ? weight * weight * having / weighing->texts : 0;
	}
}

static void weigh(const struct weighing *weighing, struct weighed *weighed)
{
	double lag = (double)time_apart(weighed->event->time, weighing->onset) / (double)HOUR;
	struct intern *words = words_of(weighed->event, weighed->commit);

	if (weighed->event->time > time_shift(weighing->onset, TIMESTAMP_MINUTE))
		weighed->time = 0;
	else
		weighed->time = 1 / (1 + (lag > 0 ? lag : 0));
	weighed->likeness = words ? likeness(weighing, words) : 0;
	weighed->place = place_of(weighing->analysis, weighed->event->service);
	weighed->kind = weighed->commit && is_harmless(weighed->commit) ? 0.2 : 1;
	weighed->score = (0.1 + weighed->likeness) * weighed->time * weighed->place * weighed->kind;
	intern_destroy(words);
}

static int by_score(const void *a, const void *b)
{
	const struct weighed *left = a, *right = b;

	if (left->score != right->score)
		return left->score > right->score ? -1 : 1;
	return left->event < right->event ? -1 : left->event > right->event;
}

/* --- saying it ---------------------------------------------------------------------------------------------------- */

static void write_name(struct buffer *out, const struct change_event *event)
{
	if (event->kind == CHANGE_FLAG) {
		buffer_append_string(out, "flag:");
		buffer_append_slice(out, event->title);
	} else {
		buffer_append_slice(out, event->sha);
	}
}

static unsigned cite(struct analysis *analysis, const struct weighed *weighed, struct buffer *name)
{
	const struct change_event *event = weighed->event;
	struct buffer text;
	unsigned evidence;

	buffer_init(&text, SCENE_SENTENCE);
	buffer_append_format(&text, "%s ", change_event_kind_name(event->kind));
	buffer_append_slice(&text, slice_first(buffer_slice(name), event->kind == CHANGE_FLAG ? SIZE_MAX : 12));
	if (event->service.size) {
		buffer_append_string(&text, " of ");
		buffer_append_slice(&text, event->service);
	}
	buffer_append_string(&text, " at ");
	say_clock(&text, &analysis->scene, event->time);
	buffer_append_string(&text, ": ");
	buffer_append_slice(&text, slice_first(weighed->commit ? weighed->commit->title : event->detail, 200));
	evidence = evidence_add_fact(analysis->scene.book, EVIDENCE_CHANGE, event->service, buffer_slice(name),
		(struct window){ event->time, event->time + 1 }, weighed->score, buffer_slice(&text));
	buffer_release(&text);
	return evidence;
}

static void say_change(struct analysis *analysis, const struct weighed *weighed, int64_t onset, bool guilty)
{
	const struct change_event *event = weighed->event;
	struct buffer out, name;

	buffer_init(&out, SCENE_SENTENCE);
	buffer_init(&name, 1024);
	write_name(&name, event);
	buffer_append_format(&out, "%s ", event->kind == CHANGE_FLAG ? "flag" : "change");
	say_quote(&out, slice_first(event->kind == CHANGE_FLAG ? event->title : event->sha, 12), 40);
	if (event->service.size) {
		buffer_append_string(&out, " of ");
		buffer_append_slice(&out, event->service);
	}
	say_cite(&out, cite(analysis, weighed, &name));
	if (guilty)
		buffer_append_string(&out,
			" is the likely cause: it came before, and touches what the first strange lines speak of");
	else if (weighed->time == 0)
		buffer_append_string(&out, ": after the onset, so not its cause");
	else if (weighed->place < 0.2)
		buffer_append_string(&out, ": innocent, its service stayed normal");
	else
		buffer_append_string(&out,
			weighed->kind < 1 ? ": innocent, nothing that runs changed in it"
					  : ": what it touches is not what went wrong");
	(void)onset;
	analysis_claim(analysis, guilty ? CLAIM_CHANGE : CLAIM_RULED_OUT, &out);
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	if (guilty)
		analysis->change = analysis_keep(analysis, buffer_slice(&name));
	buffer_release(&name);
	buffer_release(&out);
}

/* Deploys and flags of the suspects within the last hours are said to be innocent; of the rest nobody asks. */
static void say_all(struct analysis *analysis, const struct weighing *weighing)
{
	size_t said = 0;

	for (size_t i = 0; i < weighing->list.count; i++) {
		const struct weighed *weighed = vector_at(&weighing->list, i);
		bool guilty = i == 0 && weighed->score >= LEAST && !analysis->external;

		if (!guilty &&
			(weighed->event->kind == CHANGE_COMMIT || said >= RULED_OUT ||
				time_apart(weighed->event->time, weighing->onset) > 2 * HOUR))
			continue;
		say_change(analysis, weighed, weighing->onset, guilty);
		said += !guilty;
	}
}

bool step_changes(struct analysis *analysis)
{
	const struct context *context = analysis->input.context;
	struct weighing weighing = { .analysis = analysis };

	if (!analysis->culprit || !context || !changes_at(&context->changes, 0))
		return false;
	vector_init(&weighing.list, sizeof(struct weighed), CHANGES_MAXIMUM);
	vector_init(&weighing.frequency, sizeof(uint32_t), WORDS);
	weighing.wrong = wrong_words(analysis);
	weighing.all = intern_create(WORDS, WORDS * WORD_BYTES);
	weighing.onset = onset_of(analysis);
	if (weighing.wrong && weighing.all) {
		gather(&weighing, &context->changes);
		find_usual(&weighing);
		for (size_t i = 0; i < weighing.list.count; i++)
			weigh(&weighing, vector_at(&weighing.list, i));
		vector_sort(&weighing.list, by_score);
		say_all(analysis, &weighing);
	}
	intern_destroy(weighing.all);
	intern_destroy(weighing.wrong);
	vector_release(&weighing.frequency);
	vector_release(&weighing.list);
	return false;
}
