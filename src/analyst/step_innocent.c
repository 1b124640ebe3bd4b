/*
 * Changes in the log (a deploy, a restart, a flag): of a service that stayed normal they are ruled out; of the culprit,
 * shortly before its onset, they are a lead.
 */
#include "analyst/inside.h"
#include "analyst/names.h"

#define CHANGES_SHOWN 4
#define LEAD_TIME (15 * TIMESTAMP_MINUTE)

static const char *const change_words[] = { "deploy", "rollout", "rolled out", "release", "new version", "version",
	"restarted", "restarting", "migration", "feature flag", "flag", "config changed", "configuration changed",
	"config reload", "configuration reload", "scaled", "upgrade" };

static bool is_change(struct slice signature)
{
	for (size_t i = 0; i < sizeof(change_words) / sizeof(change_words[0]); i++)
		if (names_find_word(signature, slice_of(change_words[i])) != SIZE_MAX)
			return true;
	return false;
}

static bool is_suspect(const struct analysis *analysis, uint32_t service)
{
	for (size_t i = 0; i < analysis->suspects.count; i++)
		if (analysis_suspect(analysis, i)->service == service)
			return true;
	return false;
}

/* Whom a change line is about: a service that it names, else the one that wrote it. */
static uint32_t subject(const struct analysis *analysis, const struct record *record, struct slice message)
{
	const struct store *store = analysis->scene.store;

	for (uint32_t i = 0; i < store_service_count(store); i++)
		if (i != record->service && names_find_word(message, store_service_name(store, i)) != SIZE_MAX &&
			scene_knows(&analysis->scene, i))
			return i;
	return record->service;
}

/* Returns whether something was said: of one service only its first change is told. */
static bool judge(struct analysis *analysis, uint64_t id, uint32_t *last, struct buffer *out)
{
	const struct scene *scene = &analysis->scene;
	struct tally tally = { .template = QUERY_ALL, .level = LEVEL_ERROR };
	struct record record;
	struct store_text text;
	unsigned line;

	if (!scene_read(scene, id, &record, &text))
		return false;
	tally.service = subject(analysis, &record, text.message);
	if (tally.service == *last)
		return false;
	*last = tally.service;
	line = analysis_cite_line(analysis, id);
	buffer_append_string(out, "change at ");
	say_clock(out, scene, record.time);
	buffer_append_string(out, ", ");
	say_quote(out, text.message, 60);
	say_cite(out, line);
	if (tally.service == analysis->culprit->service) {
		if (record.time > analysis->culprit->onset.time)
			buffer_append_string(out, ": after the onset, so not its cause");
		else
			buffer_append_string(out, ": before its onset, look at it first");
		analysis_claim(
			analysis, record.time > analysis->culprit->onset.time ? CLAIM_RULED_OUT : CLAIM_CHANGE, out);
	} else if (is_suspect(analysis, tally.service)) {
		buffer_append_string(out, ": ");
		say_service(out, scene, tally.service);
		buffer_append_string(out, " failed only later");
		analysis_claim(analysis, CLAIM_RULED_OUT, out);
	} else {
		uint64_t errors;
		unsigned count = scene_cite_count(scene, &tally, analysis->after, &errors);

		buffer_append_string(out, ": innocent, ");
		say_service(out, scene, tally.service);
		buffer_append_string(out, " stayed normal with ");
		say_plural(out, errors, "error");
		buffer_append_string(out, " since");
		say_cite(out, count);
		analysis_claim(analysis, CLAIM_RULED_OUT, out);
	}
	analysis_say(analysis, ENTRY_STEP, NULL, out);
	return true;
}

bool step_innocent(struct analysis *analysis)
{
	const struct scene *scene = &analysis->scene;
	struct buffer out;
	size_t shown = 0;
	uint32_t last = STORE_NO_CODE;
	int64_t from;

	if (!analysis->culprit)
		return false;
	from = time_shift(analysis->culprit->onset.time, -LEAD_TIME);
	buffer_init(&out, SCENE_SENTENCE);
	for (uint32_t i = 0; i < store_template_count(scene->store) && shown < CHANGES_SHOWN; i++) {
		struct tally tally = { .service = QUERY_ALL, .template = i, .level = LEVEL_INFO, .exactly = true };
		struct window window = { from, analysis->after.to };
		uint64_t first;

		/* A change is said once or twice; what is said all the time is routine. */
		if (!is_change(store_template_text(scene->store, i)) ||
			store_template_first(scene->store, i) >= scene->horizon.records ||
			scene_count(scene, &tally, analysis->scope) > 5)
			continue;
		first = scene_first(scene, &tally, window);
		if (first == UINT64_MAX)
			continue;
		shown += judge(analysis, first, &last, &out);
	}
	if (shown == 0) {
		buffer_append_string(
			&out, "no deploy, restart or change of configuration is in the log near the onset");
		analysis_say(analysis, ENTRY_STEP, NULL, &out);
	}
	buffer_release(&out);
	return false;
}
