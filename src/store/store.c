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
#define ROLLUP_SEGMENTS 64
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

/* What only a store that keeps its records needs. */
static int create_columns(struct store *store)
{
	uint64_t last = (store->maximum_records - 1 - store->shape.first) >> store->segment_shift;

	store->slots = calloc(last + 1, sizeof(*store->slots));
	if (!store->slots || open_init(&store->open, store->shape.segment_records) != 0 ||
		sealer_init(&store->sealer, store->shape.segment_records) != 0)
		return ERROR_MEMORY;
	return rollups_init(&store->rollups, store->shape.fanout, last + 1);
}

static int create_parts(struct store *store)
{
	uint32_t services = store->maximum_services + 1, templates = store->maximum_templates + 1;

	store->services = intern_create(services, (size_t)services * LONGEST_SERVICE);
	store->templates = intern_create(templates, (size_t)templates * LONGEST_SIGNATURE);
	store->sources = calloc(STORE_MAXIMUM_SOURCES, sizeof(*store->sources));
	store->tables = calloc(STORE_MAXIMUM_TABLES, sizeof(*store->tables));
	if (!store->services || !store->templates || !store->sources || !store->tables || tuples_init(&store->tuples) != 0 ||
		totals_init(&store->totals, services, templates) != 0)
		return ERROR_MEMORY;
	return store->totals_only ? 0 : create_columns(store);
}

struct store *store_create_shaped(const struct store_options *options, struct store_shape shape)
{
	struct store *store = calloc(1, sizeof(*store));
	struct store_options wanted = options ? *options : (struct store_options){ 0 };

	if (!store)
		return NULL;
	store->totals_only = wanted.totals_only;
	store->maximum_records =
		choose(wanted.maximum_records, wanted.totals_only ? UINT64_MAX : DEFAULT_RECORDS, UINT64_MAX);
	store->maximum_services = (uint32_t)choose(wanted.maximum_services, DEFAULT_SERVICES, MOST_SERVICES);
	store->maximum_templates = (uint32_t)choose(wanted.maximum_templates, DEFAULT_TEMPLATES, MOST_TEMPLATES);
	store->maximum_time = TIMESTAMP_NONE;
	store->shape = shape;
	store->segment_shift = (unsigned)__builtin_ctzll(shape.segment_records);
	store->appended = shape.first;
	atomic_store_explicit(&store->published, shape.first, memory_order_relaxed);
	if (create_parts(store) != 0) {
		store_destroy(store);
		return NULL;
	}
	return store;
}

struct store *store_create(const struct store_options *options)
{
	return store_create_shaped(options,
		(struct store_shape){ .segment_records = STORE_SEGMENT_RECORDS, .fanout = ROLLUP_SEGMENTS });
}

void store_destroy(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; store->sources && i < STORE_MAXIMUM_SOURCES; i++)
		free(store->sources[i].name);
	for (uint64_t i = 0; i < store->sealed; i++) {
		struct segment *segment = atomic_load_explicit(&store->slots[i].sealed, memory_order_relaxed);

		free(segment);
	}
	for (uint64_t i = 0; store->slots && i <= store->sealed; i++) {
		_Atomic uint8_t *importance = atomic_load_explicit(&store->slots[i].importance, memory_order_relaxed);

		free((void *)(uintptr_t)importance);
	}
	free(store->slots);
	rollups_release(&store->rollups);
	sealer_release(&store->sealer);
	open_release(&store->open);
	free(store->sources);
	intern_destroy(store->services);
	intern_destroy(store->templates);
	for (uint32_t i = 0; i < store->table_count; i++)
		store_templates_destroy(store->tables[i]);
	free(store->tables);
	tuples_release(&store->tuples);
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

int store_put_kind(struct store *store, const struct store_kind *kind, uint32_t *code)
{
	struct tuple tuple = {
		.source = kind->source,
		.level = kind->level < LEVEL_COUNT ? (uint8_t)kind->level : LEVEL_UNKNOWN,
		.flags = kind->flags,
		.timeless = kind->timeless,
	};
	uint32_t service;
	int result = put_code(
		store->services, kind->service, store->maximum_services, LONGEST_SERVICE, "(other)", &service);

	tuple.service = (uint16_t)service;
	if (result == 0)
		result = put_code(store->templates, kind->signature, store->maximum_templates, LONGEST_SIGNATURE, "<*>",
			&tuple.template);
	if (result == 0)
		result = tuples_put(&store->tuples, &tuple, code);
	return result != 0 ? result : totals_prepare(&store->totals, *code);
}

uint16_t store_kind_source(const struct store *store, uint32_t kind)
{
	return tuples_at(&store->tuples, kind)->source;
}

uint64_t store_room(const struct store *store)
{
	return store->appended < store->maximum_records ? store->maximum_records - store->appended : 0;
}

/* Makes sure that the next record has a place: a full open segment is sealed first. From then on readers find the
   sealed one, and the open one is free. */
static int make_place(struct store *store)
{
	uint64_t segment = store_segment_of(store, store->appended);
	struct segment *sealed;

	if (store->totals_only || store_position_of(store, store->appended) > 0)
		return 0;
	if (segment > store->sealed) {
		sealed = sealer_seal(&store->sealer, &store->tuples, &store->open);
		if (!sealed)
			return ERROR_MEMORY;
		atomic_store_explicit(&store->slots[store->sealed].sealed, sealed, memory_order_release);
		rollups_add(&store->rollups, &store->sealer, sealed, store->sealed);
		store->sealed++;
	}
	store->slots[segment].maximum_before = store->maximum_time;
	return 0;
}

/* The kind of a record that is late. */
static int find_late(struct store *store, uint32_t *kind)
{
	struct tuple tuple = *tuples_at(&store->tuples, *kind);
	int result;

	tuple.flags |= RECORD_LATE;
	result = tuples_put(&store->tuples, &tuple, kind);
	return result != 0 ? result : totals_prepare(&store->totals, *kind);
}

/* Appends entries that have a place in the open segment. */
static int put_entries(struct store *store, const struct store_entry *entries, size_t count)
{
	size_t position = store_position_of(store, store->appended);
	int64_t maximum = store->maximum_time;
	int result = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		struct store_entry entry = entries[i];

		if (entry.time >= maximum) {
			maximum = entry.time;
		} else if (entry.time != TIMESTAMP_NONE) {
			result = find_late(store, &entry.kind);
			if (result != 0)
				break;
		}
		totals_note(&store->totals, &store->tuples, store->appended + i, &entry);
		if (!store->totals_only)
			open_put(&store->open, position + i, &entry);
	}
	store->maximum_time = maximum;
	store->appended += i;
	return result;
}

/* How many entries go without sealing or publishing before the next: what is left of the open segment. */
static size_t find_room(const struct store *store)
{
	uint64_t left = store_room(store);
	size_t room = store->shape.segment_records - store_position_of(store, store->appended);

	if (store->totals_only)
		room = (size_t)(STORE_SEGMENT_RECORDS - (store->appended - store_count(store)));
	return left < room ? (size_t)left : room;
}

int store_append_entries(struct store *store, const struct store_entry *entries, size_t count, size_t *appended)
{
	int result = 0;

	*appended = 0;
	while (result == 0 && *appended < count) {
		uint64_t before = store->appended;
		size_t room;

		if (store_room(store) == 0)
			return ERROR_FULL;
		result = make_place(store);
		if (result != 0)
			return result;
		room = find_room(store);
		result = put_entries(store, entries + *appended, count - *appended < room ? count - *appended : room);
		*appended += (size_t)(store->appended - before);
		if (store->totals_only && store->appended - store_count(store) == STORE_SEGMENT_RECORDS)
			store_publish(store);
	}
	return result;
}

int store_append(struct store *store, const struct store_row *row)
{
	struct store_kind kind = { row->service, row->signature, row->level, row->flags, row->source,
		row->time == TIMESTAMP_NONE };
	struct store_entry entry = { .time = row->time, .offset = row->offset, .line = row->line, .size = row->size };
	size_t appended;
	int result;

	if (store_room(store) == 0)
		return ERROR_FULL;
	result = store_put_kind(store, &kind, &entry.kind);
	return result != 0 ? result : store_append_entries(store, &entry, 1, &appended);
}

static void count_noted(struct store *store)
{
	uint32_t code = store->totals.noted;

	while (code != STORE_NO_CODE) {
		const struct totals_note *note = vector_at(&store->totals.notes, code);
		const struct tuple *tuple = tuples_at(&store->tuples, code);
		struct ledger *ledger = &store->sources[tuple->source].edited;

		ledger->records += note->count;
		ledger->unparsed += tuple->flags & RECORD_UNPARSED ? note->count : 0;
		ledger->late += tuple->flags & RECORD_LATE ? note->count : 0;
		code = note->next;
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
	count_noted(store);
	totals_publish(&store->totals, &store->tuples);
	publish_ledgers(store);
	atomic_store_explicit(&store->service_count, intern_count(store->services), memory_order_release);
	atomic_store_explicit(&store->template_count, store->totals.template_count, memory_order_release);
	atomic_store_explicit(&store->tuple_count, store->tuples.count, memory_order_release);
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

/* Reads the record from the open segment; false when that holds another segment by now. */
static bool read_open(const struct store *store, uint64_t id, struct record *record)
{
	struct open_record open;
	const struct tuple *tuple;

	open_get(&store->open, store_position_of(store, id), &open);
	if (store_sealed(store, store_segment_of(store, id)))
		return false;
	tuple = tuples_at(&store->tuples, open.tuple);
	record->time = open.time;
	record->offset = open.offset;
	record->line = open.line;
	record->size = open.size;
	record->service = tuple->service;
	record->template = tuple->template;
	record->source = tuple->source;
	record->level = tuple->level;
	record->flags = tuple->flags;
	return true;
}

void store_record(const struct store *store, uint64_t id, struct record *record)
{
	uint64_t segment = store_segment_of(store, id);
	const struct segment *sealed = store_sealed(store, segment);

	record->id = id;
	if (sealed || !read_open(store, id, record))
		segment_record(sealed ? sealed : store_sealed(store, segment), &store->tuples,
			store_position_of(store, id), record);
}

int64_t store_time(const struct store *store, uint64_t id)
{
	uint64_t segment = store_segment_of(store, id);
	const struct segment *sealed = store_sealed(store, segment);
	int64_t time;

	if (!sealed) {
		open_times(&store->open, store_position_of(store, id), 1, &time);
		sealed = store_sealed(store, segment);
	}
	return sealed ? segment_time(sealed, store_position_of(store, id)) : time;
}

void store_block_times(const struct store *store, uint64_t segment, size_t block, int64_t times[PLANES_NUMBERS])
{
	const struct segment *sealed = store_sealed(store, segment);

	if (!sealed) {
		open_times(&store->open, block * PLANES_NUMBERS, PLANES_NUMBERS, times);
		sealed = store_sealed(store, segment);
	}
	if (sealed)
		segment_times(sealed, block, times);
}

void store_block_tuples(const struct store *store, uint64_t segment, size_t block, uint32_t tuples[PLANES_NUMBERS])
{
	const struct segment *sealed = store_sealed(store, segment);

	if (!sealed) {
		open_tuples(&store->open, block * PLANES_NUMBERS, PLANES_NUMBERS, tuples);
		sealed = store_sealed(store, segment);
	}
	if (sealed)
		segment_tuples(sealed, block, tuples);
}

void store_block_places(const struct store *store, uint64_t segment, size_t block, uint64_t offsets[PLANES_NUMBERS],
	uint32_t sizes[PLANES_NUMBERS])
{
	const struct segment *sealed = store_sealed(store, segment);

	if (!sealed) {
		for (size_t i = 0; i < PLANES_NUMBERS; i++) {
			struct open_record record;

			open_get(&store->open, block * PLANES_NUMBERS + i, &record);
			offsets[i] = record.offset;
			sizes[i] = record.size;
		}
		sealed = store_sealed(store, segment);
	}
	if (sealed)
		segment_places(sealed, block, offsets, sizes);
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

		ledger_add(&total, &ledger);
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
