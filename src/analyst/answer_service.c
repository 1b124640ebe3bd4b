/*
 * Questions about services, and about when: health, loudness, the list, owners, first and last.
 */
#include "analyst/asking.h"

#define SERVICES_SHOWN 8

static void say_health(struct answer *answer, uint32_t service)
{
	const struct onset *onset = answer_onset(answer, service);
	struct tally errors = { .service = service, .template = QUERY_ALL, .level = LEVEL_ERROR };
	uint64_t count;
	unsigned number = scene_cite_count(&answer->scene, &errors, answer->window, &count);

	say_service(&answer->out, &answer->scene, service);
	if (onset && onset->time != TIMESTAMP_NONE && !onset->background) {
		buffer_append_string(&answer->out, " is not healthy: it left its baseline at ");
		say_millis(&answer->out, &answer->scene, onset->time);
		say_cite(&answer->out,
			evidence_add_line(
				answer->scene.book, answer->scene.store, answer->scene.reader, onset->record));
		buffer_append_string(&answer->out, ", errors went from ");
		say_rate(&answer->out, onset->rate_before);
		buffer_append_string(&answer->out, " to ");
		say_rate(&answer->out, onset->rate_after);
		buffer_append_string(&answer->out, " a minute, ");
		say_rate(&answer->out, onset->peak);
		buffer_append_string(&answer->out, " in its worst minute; ");
	} else if (onset && onset->background) {
		buffer_append_string(&answer->out, " errs, but at its usual rate: ");
	} else {
		buffer_append_string(&answer->out, " looks healthy: nothing left its baseline; ");
	}
	say_plural(&answer->out, count, "error");
	answer_window(answer);
	say_cite(&answer->out, number);
	answer_say(answer, NULL);
}

void answer_health(struct answer *answer)
{
	answer_filter(answer, answer->filter, true);
	if (answer->question->service_count == 0) {
		answer_summary(answer);
		return;
	}
	for (size_t i = 0; i < answer->question->service_count; i++)
		say_health(answer, answer->question->services[i]);
}

struct loud {
	uint32_t service;
	uint64_t records, count;
};

static int by_count(const void *a, const void *b)
{
	const struct loud *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	if (left->records != right->records)
		return left->records > right->records ? -1 : 1;
	return left->service < right->service ? -1 : left->service > right->service;
}

static void collect(const struct answer *answer, const struct tally *wanted, struct vector *list)
{
	for (uint32_t i = 0; i < store_service_count(answer->scene.store); i++) {
		struct tally all = { .service = i, .template = QUERY_ALL, .level = LEVEL_TRACE }, some = *wanted;
		uint64_t records = scene_count(&answer->scene, &all, answer->window);
		struct loud *place = records ? vector_push(list) : NULL;

		some.service = i;
		if (place)
			*place = (struct loud){ i, records, scene_count(&answer->scene, &some, answer->window) };
	}
	vector_sort(list, by_count);
}

static struct tally wanted_level(const struct question *question)
{
	struct tally tally = { .service = QUERY_ALL, .template = QUERY_ALL, .level = LEVEL_ERROR };

	if (question->has_level) {
		tally.level = question->level;
		tally.exactly = question->exactly;
	}
	return tally;
}

void answer_loudest(struct answer *answer)
{
	struct tally tally = wanted_level(answer->question);
	size_t most = answer->question->limit ? answer->question->limit : SERVICES_SHOWN;
	struct vector list;

	vector_init(&list, sizeof(struct loud), 65536);
	collect(answer, &tally, &list);
	for (size_t i = 0; i < list.count && i < most; i++) {
		const struct loud *loud = vector_at(&list, i);
		const struct onset *onset = answer_onset(answer, loud->service);

		if (loud->count == 0)
			break;
		tally.service = loud->service;
		say_service(&answer->out, &answer->scene, loud->service);
		buffer_append_string(&answer->out, i ? ": " : " is loudest: ");
		say_number(&answer->out, loud->count);
		buffer_append_format(&answer->out, " x %s", say_level(tally.level, tally.exactly));
		if (i == 0) {
			answer_window(answer);
			scene_filter(answer->filter, &answer->scene, &tally);
		}
		if (onset && onset->background)
			buffer_append_string(&answer->out, ", its usual rate");
		say_cite(&answer->out, scene_cite_count(&answer->scene, &tally, answer->window, NULL));
		answer_say(answer, NULL);
	}
	if (!answer->answered) {
		buffer_append_format(
			&answer->out, "no service says anything of level %s", say_level(tally.level, tally.exactly));
		answer_window(answer);
		answer_say(answer, NULL);
	}
	vector_release(&list);
}

void answer_services(struct answer *answer)
{
	struct tally tally = wanted_level(answer->question);
	struct vector list;

	vector_init(&list, sizeof(struct loud), 65536);
	collect(answer, &tally, &list);
	say_plural(&answer->out, list.count, "service");
	answer_window(answer);
	buffer_append_string(&answer->out, ":");
	answer_say(answer, NULL);
	for (size_t i = 0; i < list.count && i < 50; i++) {
		const struct loud *loud = vector_at(&list, i);

		say_service(&answer->out, &answer->scene, loud->service);
		buffer_append_string(&answer->out, ": ");
		say_plural(&answer->out, loud->records, "record");
		buffer_append_string(&answer->out, ", ");
		say_plural(&answer->out, loud->count, "error");
		answer_say(answer, NULL);
	}
	vector_release(&list);
}

void answer_owner(struct answer *answer)
{
	const struct roster *roster = answer->input->roster;
	const struct analysis *analysis = answer->question->service_count || !roster ? NULL : answer_analysis(answer);
	struct question question = *answer->question;

	/* Without a name it is about what is broken. */
	if (question.service_count == 0 && analysis && analysis->culprit)
		question.services[question.service_count++] = analysis->culprit->service;
	if (!roster || question.service_count == 0) {
		buffer_append_string(&answer->out,
			roster ? "name a service: who owns orders-db"
			       : "there is no roster, so I do not know who owns what");
		answer_say(answer, NULL);
		return;
	}
	for (size_t i = 0; i < question.service_count; i++) {
		char name[80], reason[160];

		roster_owner(roster, store_service_name(answer->scene.store, question.services[i]), name, reason);
		say_service(&answer->out, &answer->scene, question.services[i]);
		buffer_append_string(&answer->out, ": ");
		buffer_append_slice(
			&answer->out, name[0] ? roster_describe(roster, slice_of(name)) : slice_of("nobody"));
		buffer_append_format(&answer->out, " (%s)", reason);
		answer_say(answer, NULL);
	}
}

/* Does the question describe records, or only the trouble as a whole? */
static bool describes_records(const struct question *question)
{
	return question->service_count || question->term_count || question->has_level || question->excluded_count ||
		question->any_level;
}

static bool last_of(struct answer *answer, struct slice text, uint64_t *last)
{
	struct matches matches;
	struct record record;
	bool found = matches_init(&matches, answer, text, answer->window) && matches_previous(&matches, &record);

	if (found)
		*last = record.id;
	matches_release(&matches);
	return found;
}

/* A service alone means its trouble: WARN and worse. */
static void mean_trouble(struct question *question)
{
	if (question->service_count && !question->term_count && !question->has_level && !question->any_level) {
		question->has_level = true;
		question->level = LEVEL_WARN;
		question->exactly = false;
	}
}

static void say_moment(struct answer *answer, const char *which, uint64_t id, uint64_t count, unsigned number)
{
	buffer_append_string(&answer->out, which);
	buffer_append_string(&answer->out, " of ");
	answer_subject(answer, count);
	answer_window(answer);
	say_cite(&answer->out, number);
	buffer_append_string(&answer->out, ": ");
	answer_line(answer, id);
	answer_say(answer, NULL);
	answer->has_anchor = true;
	answer->anchor = store_time(answer->scene.store, id);
}

static void answer_moment(struct answer *answer, bool last)
{
	struct question question = *answer->question;
	const struct question *asked = answer->question;
	uint64_t count, first, id;
	unsigned number;
	struct buffer text;

	mean_trouble(&question);
	answer->question = &question;
	answer_filter(answer, answer->filter, true);
	number = answer_tally(answer, answer->window, &count, &first);
	id = first;
	buffer_init(&text, SCENE_SENTENCE);
	answer_filter(answer, &text, false);
	if (count == 0) {
		answer_subject(answer, 0);
		answer_window(answer);
		say_cite(&answer->out, number);
		answer_say(answer, NULL);
	} else if (!last || last_of(answer, buffer_slice(&text), &id)) {
		say_moment(answer, last ? "last" : "first", id, count, number);
	}
	buffer_release(&text);
	answer->question = asked;
}

void answer_first(struct answer *answer)
{
	const struct onset *onset =
		answer->question->service_count == 1 ? answer_onset(answer, answer->question->services[0]) : NULL;

	if (!describes_records(answer->question)) {
		answer_order(answer);
		return;
	}
	answer_moment(answer, false);
	if (onset && onset->time != TIMESTAMP_NONE && !onset->background) {
		say_service(&answer->out, &answer->scene, onset->service);
		buffer_append_string(&answer->out, " left its baseline at ");
		say_millis(&answer->out, &answer->scene, onset->time);
		say_cite(&answer->out,
			evidence_add_line(
				answer->scene.book, answer->scene.store, answer->scene.reader, onset->record));
		answer_say(answer, "onset");
	}
}

void answer_last(struct answer *answer)
{
	struct question question = *answer->question;
	const struct question *asked = answer->question;

	if (!describes_records(&question)) {
		question.has_level = true;
		question.level = LEVEL_ERROR;
		question.exactly = false;
	}
	answer->question = &question;
	answer_moment(answer, true);
	answer->question = asked;
}
