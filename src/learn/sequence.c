#include "tocsin/learn/sequence.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define NAME_BYTES ((size_t)1 << 26)

/* While they are gathered: one step in the order of the log, and whose it is. */
struct gathered {
	struct sequence_step step;
	uint32_t sequence;
};

struct slice sequence_template(const struct store *store, uint32_t template)
{
	return store_template_text(store, template);
}

static uint32_t named(struct sequences *sequences, struct slice name)
{
	uint32_t code;

	return intern_put(sequences->names, name, &code) == 0 ? code : NONE;
}

static uint32_t session_of(struct sequences *sequences, const struct store_reader *reader, const struct record *record,
	struct pattern *pattern)
{
	struct store_text text = { 0 };
	size_t begin, end;
	struct slice group;

	if (reader->read(reader->context, record, &text) != 0 || text.gone ||
		!pattern_find(pattern, text.message, 0, &begin, &end))
		return NONE;
	group = pattern_group(pattern, 1);
	return named(sequences, group.size > 0 ? group : slice_first(slice_from(text.message, begin), end - begin));
}

static int gather(struct sequences *sequences, const struct store *store, const struct store_reader *reader,
	uint64_t records, struct pattern *pattern, struct vector *gathered)
{
	for (uint64_t id = 0; id < records; id++) {
		struct gathered *item;
		struct record record;
		uint32_t sequence;

		store_record(store, id, &record);
		if (record.time != TIMESTAMP_NONE && record.time > sequences->end)
			sequences->end = record.time;
		sequence = pattern != NULL ? session_of(sequences, reader, &record, pattern)
					   : named(sequences, store_service_name(store, record.service));
		if (sequence == NONE || gathered->count == gathered->maximum) {
			sequences->left_out++;
			continue;
		}
		item = vector_push(gathered);
		if (item == NULL)
			return ERROR_MEMORY;
		*item = (struct gathered){ { id, record.time, record.template, (uint16_t)record.service, record.level },
			sequence };
	}
	return 0;
}

/* Counting sort by sequence. */
static int arrange(struct sequences *sequences, const struct vector *gathered)
{
	size_t *next = NULL;

	sequences->count = intern_count(sequences->names);
	sequences->begins = calloc(sequences->count + 2, sizeof(*sequences->begins));
	sequences->steps = calloc(gathered->count + 1, sizeof(*sequences->steps));
	next = calloc(sequences->count + 1, sizeof(*next));
	if (sequences->begins == NULL || sequences->steps == NULL || next == NULL) {
		free(next);
		return ERROR_MEMORY;
	}
	for (size_t i = 0; i < gathered->count; i++)
		sequences->begins[((struct gathered *)vector_at(gathered, i))->sequence + 1]++;
	for (size_t i = 0; i < sequences->count; i++)
		sequences->begins[i + 1] += sequences->begins[i];
	memcpy(next, sequences->begins, sequences->count * sizeof(*next));
	for (size_t i = 0; i < gathered->count; i++) {
		const struct gathered *item = vector_at(gathered, i);

		sequences->steps[next[item->sequence]++] = item->step;
	}
	free(next);
	return 0;
}

int sequences_init(struct sequences *sequences, const struct store *store, const struct store_reader *reader,
	struct horizon horizon, struct pattern *pattern)
{
	struct vector gathered;
	int result;

	*sequences = (struct sequences){ .names = intern_create(SEQUENCES_MAXIMUM, NAME_BYTES), .end = TIMESTAMP_NONE };
	if (sequences->names == NULL)
		return ERROR_MEMORY;
	vector_init(&gathered, sizeof(struct gathered), SEQUENCES_MAXIMUM_STEPS);
	result = gather(sequences, store, reader, horizon.records, pattern, &gathered);
	if (result == 0)
		result = arrange(sequences, &gathered);
	vector_release(&gathered);
	if (result != 0)
		sequences_release(sequences);
	return result;
}

void sequences_release(struct sequences *sequences)
{
	intern_destroy(sequences->names);
	free(sequences->steps);
	free(sequences->begins);
	*sequences = (struct sequences){ .names = NULL };
}
