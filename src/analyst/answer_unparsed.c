/*
 * Records that the format did not fit: how many, and the first few. They may have no time, so they are looked for by
 * their place in the log.
 */
#include "analyst/asking.h"

#include <inttypes.h>

#define UNPARSED_SHOWN 5

/* Is it in the window that was asked about? One without a time is in all that is not bounded. */
static bool is_inside(const struct answer *answer, const struct record *record)
{
	bool whole = answer->window.from == answer->extent.from && answer->window.to == answer->extent.to;

	if (record->time == TIMESTAMP_NONE)
		return whole;
	return whole || (record->time >= answer->window.from && record->time < answer->window.to);
}

/* Returns how many there are; the first `most` ids are kept. */
static uint64_t find(const struct answer *answer, uint64_t *ids, size_t most)
{
	const struct scene *scene = &answer->scene;
	uint64_t count = 0;

	for (uint64_t begin = 0; begin < scene->horizon.records; begin += STORE_SEGMENT_RECORDS) {
		uint64_t end = begin + STORE_SEGMENT_RECORDS;

		end = end < scene->horizon.records ? end : scene->horizon.records;
		for (uint64_t id = begin, left = query_unparsed(scene->store, begin, end); id < end && left; id++) {
			struct record record;

			store_record(scene->store, id, &record);
			if (!(record.flags & RECORD_UNPARSED))
				continue;
			left--;
			if (!is_inside(answer, &record))
				continue;
			if (count < most)
				ids[count] = id;
			count++;
		}
	}
	return count;
}

static void say_unparsed(struct answer *answer, uint64_t id)
{
	struct record record;
	const struct evidence *line = evidence_find(answer->scene.book,
		evidence_add_line(answer->scene.book, answer->scene.store, answer->scene.reader, id));

	store_record(answer->scene.store, id, &record);
	if (record.line)
		buffer_append_format(&answer->out, "line %" PRIu64 ": ", record.line);
	if (line) {
		say_quote(&answer->out, line->text, 100);
		say_cite(&answer->out, line->number);
	} else {
		buffer_append_string(&answer->out, "its text is gone");
	}
	answer_say(answer, NULL);
}

void answer_unparsed(struct answer *answer)
{
	uint64_t ids[UNPARSED_SHOWN], count = find(answer, ids, UNPARSED_SHOWN);

	say_number(&answer->out, count);
	buffer_append_string(&answer->out, " of ");
	say_plural(&answer->out, answer->scene.horizon.records, "record");
	buffer_append_string(&answer->out, " could not be parsed");
	buffer_append_string(&answer->out, count ? ": kept as text, the whole line as the message" : "");
	if (count > UNPARSED_SHOWN)
		buffer_append_format(&answer->out, "; the first %d", UNPARSED_SHOWN);
	answer_say(answer, NULL);
	for (size_t i = 0; i < count && i < UNPARSED_SHOWN; i++)
		say_unparsed(answer, ids[i]);
}
