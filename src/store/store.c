/*
 * Appending, publishing, and reading back by id or code. How this goes without locks is told in store_inside.h.
 */
#include "store/store_inside.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_RECORDS (UINT64_C(1) << 32)
#define DEFAULT_TEMPLATES UINT32_C(65536)
#define MOST_TEMPLATES (UINT32_C(1) << 20)
#define DEFAULT_SERVICES UINT32_C(4096)
#define MOST_SERVICES UINT32_C(65534) /* a column holds 16 bits, and "(other)" takes one code more */
#define LONGEST_SIGNATURE 512
#define LONGEST_SERVICE 256

_Static_assert(sizeof(struct ledger) == LEDGER_NUMBERS * sizeof(uint64_t), "a ledger is copied as an array of numbers");

/* --- birth and death ------------------------------------------------------------------------------------------- */

static uint64_t choose(uint64_t wanted, uint64_t usual, uint64_t most)
{
	if (wanted == 0)
		return usual;
	return wanted < most ? wanted : most;
}

static int create_parts(struct store *store)
{
	uint64_t segments = store->totals_only ? 1 : (store->maximum_records - 1) / STORE_SEGMENT_RECORDS + 1;
	uint32_t services = store->maximum_services + 1, templates = store->maximum_templates + 1;

	store->services = intern_create(services, (size_t)services * LONGEST_SERVICE);
	store->templates = intern_create(templates, (size_t)templates * LONGEST_SIGNATURE);
	store->sources = calloc(STORE_MAXIMUM_SOURCES, sizeof(*store->sources));
	store->segments = calloc(segments, sizeof(struct segment *));
	if (!store->services || !store->templates || !store->sources || !store->segments)
		return ERROR_MEMORY;
	return totals_init(&store->totals, services, templates);
}

struct store *store_create(const struct store_options *options)
{
	struct store *store = calloc(1, sizeof(*store));
	struct store_options wanted = options ? *options : (struct store_options){0};

	if (!store)
		return NULL;
	store->totals_only = wanted.totals_only;
	store->maximum_records =
		choose(wanted.maximum_records, wanted.totals_only ? UINT64_MAX : DEFAULT_RECORDS, UINT64_MAX);
	store->maximum_services = (uint32_t)choose(wanted.maximum_services, DEFAULT_SERVICES, MOST_SERVICES);
	store->maximum_templates = (uint32_t)choose(wanted.maximum_templates, DEFAULT_TEMPLATES, MOST_TEMPLATES);
	store->maximum_time = TIMESTAMP_NONE;
	if (create_parts(store) != 0) {
		store_destroy(store);
		return NULL;
	}
	return store;
}

void store_destroy(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; store->sources && i < STORE_MAXIMUM_SOURCES; i++)
		free(store->sources[i].name);
	for (size_t i = 0; store->segments && store->segments[i]; i++) {
		free(store->segments[i]);
		if (store->totals_only || (i + 1) * STORE_SEGMENT_RECORDS >= store->maximum_records)
			break;
	}
	free(store->segments);
	free(store->sources);
	intern_destroy(store->services);
	intern_destroy(store->templates);
	totals_release(&store->totals);
	free(store);
}

/* --- the writer ------------------------------------------------------------------------------------------------ */

int store_add_source(struct store *store, struct slice name, uint16_t *source)
{
	uint16_t count = atomic_load_explicit(&store->source_count, memory_order_relaxed);
	struct store_source *added = &store->sources[count];

	if (count >= STORE_MAXIMUM_SOURCES)
		return ERROR_FULL;
	added->name = malloc(name.size + 1);
	if (!added->name)
		return ERROR_MEMORY;
	if (name.size > 0)
		memcpy(added->name, name.data, name.size);
	added->name[name.size] = '\0';
	added->name_size = name.size;
	atomic_store_explicit(&store->source_count, (uint16_t)(count + 1), memory_order_release);
	*source = count;
	return 0;
}

/* The code of a text. What is too long, or new in a full table, becomes `overflow`, for which the table has one place
 * more. */
static int put_code(struct intern *table, struct slice text, uint32_t maximum, size_t longest, const char *overflow,
		    uint32_t *code)
{
	if (text.size > longest)
		text = slice_of(overflow);
	if (intern_count(table) < maximum)
		return intern_put(table, text, code);
	return intern_find(table, text, code) == 0 ? 0 : intern_put(table, slice_of(overflow), code);
}

static int put_codes(struct store *store, const struct store_row *row, struct record *record)
{
	int result = put_code(store->services, row->service, store->maximum_services, LONGEST_SERVICE, "(other)",
			      &record->service);

	if (result != 0)
		return result;
	return put_code(store->templates, row->signature, store->maximum_templates, LONGEST_SIGNATURE, "<*>",
			&record->template);
}

/* Where the record with this id is kept. With totals_only only what is not published yet has a place. */
static size_t find_place(const struct store *store, uint64_t id, size_t *position)
{
	if (store->totals_only) {
		*position = (size_t)(id - atomic_load_explicit(&store->published, memory_order_relaxed));
		return 0;
	}
	*position = id % STORE_SEGMENT_RECORDS;
	return (size_t)(id / STORE_SEGMENT_RECORDS);
}

int store_append(struct store *store, const struct store_row *row)
{
	size_t position, index = find_place(store, store->appended, &position);
	struct record record = {.time = row->time,
				.source = row->source,
				.level = (uint8_t)row->level,
				.flags = row->flags,
				.size = row->size,
				.offset = row->offset,
				.line = row->line};
	int result;

	if (store->appended >= store->maximum_records)
		return ERROR_FULL;
	if (!store->segments[index]) {
		store->segments[index] = segment_create(store->maximum_time);
		if (!store->segments[index])
			return ERROR_MEMORY;
	}
	result = put_codes(store, row, &record);
	if (result != 0)
		return result;
	if (record.level >= LEVEL_COUNT)
		record.level = LEVEL_UNKNOWN;
	if (record.time != TIMESTAMP_NONE && record.time < store->maximum_time)
		record.flags |= RECORD_LATE;
	if (record.time > store->maximum_time)
		store->maximum_time = record.time;
	segment_put(store->segments[index], position, &record);
	store->appended++;
	if (store->totals_only && position + 1 == STORE_SEGMENT_RECORDS)
		store_publish(store);
	return 0;
}

/* Counts what was appended into the totals and makes the summaries of the segments that became full. */
static void count_appended(struct store *store)
{
	uint64_t published = atomic_load_explicit(&store->published, memory_order_relaxed);
	uint32_t templates = atomic_load_explicit(&store->template_count, memory_order_relaxed);

	for (uint64_t id = published; id < store->appended; id++) {
		struct record record = {.id = id};
		size_t position, index = find_place(store, id, &position);

		segment_get(store->segments[index], position, &record);
		/* Codes are given in order of appearance: what carries the next code is the first of its template. */
		totals_add(&store->totals, &record, record.template >= templates);
		if (record.template >= templates)
			templates = record.template + 1;
		if (!store->totals_only && position + 1 == STORE_SEGMENT_RECORDS)
			segment_summarise(store->segments[index]);
	}
}

static void publish_ledgers(struct store *store)
{
	uint16_t count = atomic_load_explicit(&store->source_count, memory_order_relaxed);

	for (uint16_t i = 0; i < count; i++) {
		struct store_source *source = &store->sources[i];
		uint64_t numbers[LEDGER_NUMBERS];

		memcpy(numbers, &source->edited, sizeof(numbers));
		for (size_t k = 0; k < LEDGER_NUMBERS; k++)
			atomic_store_explicit(&source->published[k], numbers[k], memory_order_relaxed);
	}
}

void store_publish(struct store *store)
{
	count_appended(store);
	publish_ledgers(store);
	atomic_store_explicit(&store->service_count, intern_count(store->services), memory_order_release);
	atomic_store_explicit(&store->template_count, intern_count(store->templates), memory_order_release);
	atomic_store_explicit(&store->published, store->appended, memory_order_release);
}

struct ledger *store_ledger_edit(struct store *store, uint16_t source)
{
	return &store->sources[source].edited;
}

/* --- readers --------------------------------------------------------------------------------------------------- */

uint64_t store_count(const struct store *store)
{
	return atomic_load_explicit(&store->published, memory_order_acquire);
}

bool store_has_records(const struct store *store)
{
	return !store->totals_only;
}

void store_record(const struct store *store, uint64_t id, struct record *record)
{
	record->id = id;
	segment_get(store_segment(store, id), id % STORE_SEGMENT_RECORDS, record);
}

int64_t store_time(const struct store *store, uint64_t id)
{
	return store_segment(store, id)->time[id % STORE_SEGMENT_RECORDS];
}

uint16_t store_source_count(const struct store *store)
{
	return atomic_load_explicit(&store->source_count, memory_order_acquire);
}

struct slice store_source_name(const struct store *store, uint16_t source)
{
	if (source >= store_source_count(store))
		return (struct slice){0};
	return (struct slice){store->sources[source].name, store->sources[source].name_size};
}

struct ledger store_ledger(const struct store *store, uint16_t source)
{
	struct ledger ledger = {0};
	uint64_t numbers[LEDGER_NUMBERS];

	if (source >= store_source_count(store))
		return ledger;
	for (size_t k = 0; k < LEDGER_NUMBERS; k++)
		numbers[k] = atomic_load_explicit(&store->sources[source].published[k], memory_order_relaxed);
	memcpy(&ledger, numbers, sizeof(ledger));
	return ledger;
}

struct ledger store_ledger_total(const struct store *store)
{
	struct ledger total = {0};
	uint16_t count = store_source_count(store);

	for (uint16_t i = 0; i < count; i++) {
		struct ledger ledger = store_ledger(store, i);

		total.bytes += ledger.bytes;
		total.lines += ledger.lines;
		total.records += ledger.records;
		total.unparsed += ledger.unparsed;
		total.joined += ledger.joined;
		total.late += ledger.late;
		total.truncated += ledger.truncated;
		total.lost += ledger.lost;
	}
	return total;
}

uint32_t store_service_count(const struct store *store)
{
	return atomic_load_explicit(&store->service_count, memory_order_acquire);
}

struct slice store_service_name(const struct store *store, uint32_t service)
{
	return service < store_service_count(store) ? intern_text(store->services, service) : (struct slice){0};
}

int store_service_find(const struct store *store, struct slice name, uint32_t *service)
{
	uint32_t count = store_service_count(store);

	for (uint32_t code = 0; code < count; code++) {
		if (slice_equal_nocase(intern_text(store->services, code), name)) {
			*service = code;
			return 0;
		}
	}
	return ERROR_ABSENT;
}

uint32_t store_template_count(const struct store *store)
{
	return atomic_load_explicit(&store->template_count, memory_order_acquire);
}

struct slice store_template_text(const struct store *store, uint32_t template)
{
	return template < store_template_count(store) ? intern_text(store->templates, template) : (struct slice){0};
}

uint64_t store_template_first(const struct store *store, uint32_t template)
{
	return template < store_template_count(store) ? store->totals.templates[template].first.id : UINT64_MAX;
}

struct store_totals store_totals(const struct store *store)
{
	struct store_totals totals = {.records = store_count(store)};

	totals_read_levels(&store->totals.levels, totals.levels);
	totals.first = atomic_load_explicit(&store->totals.range.first, memory_order_relaxed);
	totals.last = atomic_load_explicit(&store->totals.range.last, memory_order_relaxed);
	return totals;
}

void store_service_totals(const struct store *store, uint32_t service, uint64_t levels[LEVEL_COUNT])
{
	memset(levels, 0, LEVEL_COUNT * sizeof(*levels));
	if (service < store_service_count(store))
		totals_read_levels(&store->totals.services[service], levels);
}

void store_template_totals(const struct store *store, uint32_t template, struct store_template_totals *totals)
{
	const struct template_row *row;

	*totals = (struct store_template_totals){.first = TIMESTAMP_NONE, .last = TIMESTAMP_NONE};
	if (template >= store_template_count(store))
		return;
	row = &store->totals.templates[template];
	totals_read_levels(&row->levels, totals->levels);
	for (size_t i = 0; i < LEVEL_COUNT; i++)
		totals->count += totals->levels[i];
	totals->first = atomic_load_explicit(&row->range.first, memory_order_relaxed);
	totals->last = atomic_load_explicit(&row->range.last, memory_order_relaxed);
	totals->example = row->first.id;
	totals->example_offset = row->first.offset;
	totals->example_size = row->first.size;
	totals->example_source = row->first.source;
}

bool store_template_in_service(const struct store *store, uint32_t template, uint32_t service)
{
	return template < store_template_count(store) && service < store_service_count(store) &&
	       totals_occurs(&store->totals, template, service);
}
