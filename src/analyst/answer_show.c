/*
 * Showing what a question's filter matches. Said alike, it is shown once: a line for each template with how often and
 * until when, the worst first; a few records, or as many as were asked for, line by line.
 */
#include "analyst/asking.h"

#include <stdlib.h>

#define SHOWN 8
#define KINDS_MAXIMUM 65536

struct kind {
	uint64_t first;
	uint64_t count;
	int64_t last;
	uint32_t service;
	enum level worst;
	bool several; /* services */
};

static int badness(const struct kind *kind)
{
	return kind->worst == LEVEL_UNKNOWN ? -1 : (int)kind->worst;
}

/* From WARN on by level, the rest together; within, as they came. */
static int by_badness(const void *a, const void *b)
{
	const struct kind *left = a, *right = b;
	int x = badness(left) < LEVEL_WARN ? 0 : badness(left), y = badness(right) < LEVEL_WARN ? 0 : badness(right);

	if (x != y)
		return x > y ? -1 : 1;
	return left->first < right->first ? -1 : left->first > right->first;
}

/* One entry for each template in `kinds`; false when out of memory. */
static bool collect(struct answer *answer, struct matches *matches, struct vector *kinds)
{
	uint32_t count = store_template_count(answer->scene.store);
	struct kind *all = calloc((size_t)count + 1, sizeof(*all)), *place;
	struct record record;

	while (all && matches_next(matches, &record)) {
		struct kind *kind = &all[record.template <count ? record.template : count];

		if (kind->count++ == 0)
			*kind = (struct kind){ record.id, 1, record.time, record.service, record.level, false };
		kind->last = record.time > kind->last ? record.time : kind->last;
		kind->several = kind->several || kind->service != record.service;
		if (record.level != LEVEL_UNKNOWN && (int)record.level > badness(kind))
			kind->worst = record.level;
	}
	for (uint32_t i = 0; all && i <= count; i++)
		if (all[i].count && (place = vector_push(kinds)))
			*place = all[i];
	free(all);
	vector_sort(kinds, by_badness);
	return all != NULL;
}

static void say_kinds(struct answer *answer, const struct vector *kinds)
{
	for (size_t i = 0; i < kinds->count && i < SHOWN; i++) {
		const struct kind *kind = vector_at(kinds, i);

		answer_line(answer, kind->first);
		if (kind->count > 1) {
			buffer_append_string(&answer->out, ", ");
			say_number(&answer->out, kind->count);
			buffer_append_format(
				&answer->out, " times%s until ", kind->several ? " in several services" : "");
			say_millis(&answer->out, &answer->scene, kind->last);
		}
		answer_say(answer, NULL);
	}
	if (kinds->count > SHOWN) {
		say_plural(&answer->out, kinds->count - SHOWN, "further kind");
		buffer_append_string(&answer->out, " of message");
		answer_say(answer, "more");
	}
}

/* Line by line, in the order of the log. */
static void say_lines(struct answer *answer, struct matches *matches, size_t most)
{
	uint64_t ids[200];
	struct record record;
	size_t count = 0;

	most = most > 200 ? 200 : most;
	while (count < most &&
		(answer->question->backwards ? matches_previous(matches, &record) : matches_next(matches, &record)))
		ids[count++] = record.id;
	for (size_t i = 0; i < count; i++) {
		answer_line(answer, ids[answer->question->backwards ? count - 1 - i : i]);
		answer_say(answer, NULL);
	}
}

void answer_show(struct answer *answer)
{
	size_t limit = answer->question->limit, most = limit ? limit : SHOWN;
	uint64_t count, first;
	unsigned number = answer_tally(answer, answer->window, &count, &first);
	bool lines = limit || answer->question->backwards || count <= 3;
	struct matches matches;
	struct vector kinds;
	struct buffer text;

	vector_init(&kinds, sizeof(struct kind), KINDS_MAXIMUM);
	buffer_init(&text, SCENE_SENTENCE);
	answer_filter(answer, answer->filter, true);
	answer_filter(answer, &text, false);
	matches_init(&matches, answer, buffer_slice(&text), answer->window);
	lines = lines || !collect(answer, &matches, &kinds);
	answer_subject(answer, count);
	answer_window(answer);
	say_cite(&answer->out, number);
	if (lines && count > most)
		buffer_append_format(
			&answer->out, "; the %s %zu:", answer->question->backwards ? "last" : "first", most);
	else if (!lines) {
		buffer_append_string(&answer->out, "; ");
		say_plural(&answer->out, kinds.count, "kind");
		buffer_append_string(&answer->out, " of message:");
	}
	answer_say(answer, NULL);
	if (lines)
		say_lines(answer, &matches, most);
	else
		say_kinds(answer, &kinds);
	matches_release(&matches);
	vector_release(&kinds);
	buffer_release(&text);
	if (count == 0)
		answer_hint(answer);
	if (answer->filter->size) {
		buffer_append_slice(&answer->out, buffer_slice(answer->filter));
		answer_say(answer, "filter");
	}
}
