/*
 * The kinds of messages. Totals are kept by signature; here those of a template are added up.
 */
#include "app/command/load.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"
#include "tocsin/base/vector.h"
#include "tocsin/detect/familiar.h"
#include "tocsin/store/templates.h"

#include <stdlib.h>

#define ASSIGN_FLUSH ((size_t)1 << 20)

struct listed {
	uint32_t template;
	uint32_t last; /* signature that was added last */
	struct store_template_totals totals; /* of all signatures; the example is the first record */
};

struct listing {
	struct vector list; /* of struct listed */
	uint32_t *places;   /* by template: where it is in the list while that is not sorted */
	uint32_t *next;     /* by signature: the next one of its template, or 0 */
};

static int by_count(const void *a, const void *b)
{
	const struct listed *left = a, *right = b;
	if (left->totals.count != right->totals.count)
		return left->totals.count > right->totals.count ? -1 : 1;
	return left->template < right->template ? -1 : left->template > right->template;
}

static const struct store_templates *newest(const struct store *store)
{
	return store_templates(store, UINT32_MAX);
}

static void add_totals(struct store_template_totals *sum, const struct store_template_totals *totals)
{
	for (int level = 0; level < LEVEL_COUNT; level++)
		sum->levels[level] += totals->levels[level];
	sum->count += totals->count;
	if (totals->first != TIMESTAMP_NONE && (sum->first == TIMESTAMP_NONE || totals->first < sum->first))
		sum->first = totals->first;
	if (totals->last != TIMESTAMP_NONE && (sum->last == TIMESTAMP_NONE || totals->last > sum->last))
		sum->last = totals->last;
}

/* Every template, in the order of their numbers: a template's number is its smallest signature's. */
static int list_templates(const struct store *store, struct listing *listing)
{
	const struct store_templates *templates = newest(store);
	for (uint32_t signature = 0; signature < store_template_count(store); signature++) {
		uint32_t template = store_templates_of(templates, signature);
		struct store_template_totals totals;
		store_template_totals(store, signature, &totals);
		if (template == signature) {
			struct listed *listed = vector_push(&listing->list);
			if (listed == NULL)
				return ERROR_MEMORY;
			listing->places[signature] = (uint32_t)listing->list.count - 1;
			*listed = (struct listed){ template, template, totals };
		} else {
			struct listed *listed = vector_at(&listing->list, listing->places[template]);
			add_totals(&listed->totals, &totals);
			listing->next[listed->last] = signature;
			listed->last = signature;
		}
	}
	return 0;
}

/* The example is read back from its source: the totals keep where it is, not its text. */
static struct slice example_of(
	const struct incident *incident, const struct store_template_totals *totals, struct store_text *text)
{
	struct record record = { .id = totals->example,
		.source = totals->example_source,
		.offset = totals->example_offset,
		.size = totals->example_size };
	if (incident->reader->read(incident->reader->context, &record, text) != 0 || text->gone)
		return (struct slice){ NULL, 0 };
	return text->message;
}

static bool occurs_in(
	const struct store *store, const struct listing *listing, uint32_t signature, uint32_t service)
{
	do {
		if (store_template_in_service(store, signature, service))
			return true;
		signature = listing->next[signature];
	} while (signature != 0);
	return false;
}

static void template_json(const struct incident *incident, const struct listing *listing, const struct listed *listed,
	struct buffer *out)
{
	const struct store *store = incident->store;
	const struct store_template_totals *totals = &listed->totals;
	struct store_text text = { 0 };
	struct json json;
	json_init(&json, out);
	json_begin_object(&json);
	json_field_u64(&json, "id", listed->template);
	json_field_string(&json, "template", store_templates_text(store, newest(store), listed->template));
	json_field_u64(&json, "count", totals->count);
	json_field_time(&json, "first", totals->first);
	json_field_time(&json, "last", totals->last);
	json_key(&json, "levels");
	json_begin_object(&json);
	for (int level = 0; level < LEVEL_COUNT; level++)
		if (totals->levels[level] > 0)
			json_field_u64(&json, level_name((enum level)level), totals->levels[level]);
	json_end_object(&json);
	json_key(&json, "services");
	json_begin_array(&json);
	for (uint32_t service = 0; service < store_service_count(store); service++)
		if (occurs_in(store, listing, listed->template, service))
			json_string(&json, store_service_name(store, service));
	json_end_array(&json);
	if (incident->baseline.store != NULL) {
		json_key(&json, "new");
		json_bool(&json, !familiar_template(incident->baseline.store, store, listed->template));
	}
	json_field_string(&json, "example", example_of(incident, totals, &text));
	json_end_object(&json);
	buffer_append_byte(out, '\n');
}

static void template_text(const struct incident *incident, const struct listed *listed, struct buffer *out)
{
	const struct store_template_totals *totals = &listed->totals;
	char first[40];
	char letters[LEVEL_COUNT + 1];
	int used = 0;
	for (int level = LEVEL_COUNT - 1; level >= 0; level--)
		if (totals->levels[level] > 0)
			letters[used++] = level_letter((enum level)level);
	letters[used] = '\0';
	bool is_new = incident->baseline.store != NULL &&
		!familiar_template(incident->baseline.store, incident->store, listed->template);
	buffer_append_format(out, "%6u %9llu  %-8s %-5s %s", listed->template, (unsigned long long)totals->count,
		timestamp_format(totals->first, TIMESTAMP_CLOCK, &incident->zone, first), letters,
		is_new ? "new " : "");
	utf8_append_shown(
		out, store_templates_text(incident->store, newest(incident->store), listed->template), 160);
	buffer_append_byte(out, '\n');
}

static void print_list(struct invocation *invocation, const struct incident *incident, struct listing *listing,
	struct buffer *out)
{
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	uint64_t limit = settings_count(&invocation->settings, SETTING_LIMIT);
	struct vector *list = &listing->list;
	vector_sort(list, by_count);
	if (!as_json)
		buffer_append_string(out, "    id     count  first    level template\n");
	for (size_t i = 0; i < list->count && (limit == 0 || i < limit); i++) {
		if (as_json)
			template_json(incident, listing, vector_at(list, i), out);
		else
			template_text(incident, vector_at(list, i), out);
	}
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	uint32_t count = store_template_count(incident->store);
	struct listing listing = { .places = calloc(count + (size_t)1, sizeof(uint32_t)),
		.next = calloc(count + (size_t)1, sizeof(uint32_t)) };
	vector_init(&listing.list, sizeof(struct listed), (size_t)count + 1);
	int result = listing.places == NULL || listing.next == NULL ? ERROR_MEMORY
								    : list_templates(incident->store, &listing);
	if (result == 0)
		print_list(invocation, incident, &listing, out);
	vector_release(&listing.list);
	free(listing.next);
	free(listing.places);
	return exit_for(result);
}

/* --- which template each record has ------------------------------------------------------------------------------- */

static void assigned_json(
	const struct store *store, const struct record *record, uint32_t template, struct buffer *out)
{
	struct json json;
	json_init(&json, out);
	json_begin_object(&json);
	json_field_place(&json, store, record);
	json_field_u64(&json, "template_id", template);
	json_end_object(&json);
	buffer_append_byte(out, '\n');
}

static void assigned_text(
	const struct store *store, const struct record *record, uint32_t template, struct buffer *out)
{
	buffer_append_format(out, "%6u  ", template);
	utf8_append_shown(out, store_source_name(store, record->source), SIZE_MAX);
	buffer_append_format(out, ":%llu\n", (unsigned long long)record->line);
}

static int assign_body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	const struct store *store = incident->store;
	const struct store_templates *templates = newest(store);
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	uint64_t limit = settings_count(&invocation->settings, SETTING_LIMIT);
	int exit_code = EXIT_DONE;
	for (uint64_t id = 0; id < store_count(store) && (limit == 0 || id < limit) && exit_code == EXIT_DONE; id++) {
		struct record record;
		store_record(store, id, &record);
		uint32_t template = store_templates_of(templates, record.template);
		if (as_json)
			assigned_json(store, &record, template, out);
		else
			assigned_text(store, &record, template, out);
		if (out->size >= ASSIGN_FLUSH) {
			exit_code = print_out(out);
			buffer_clear(out);
		}
	}
	return exit_code;
}

int command_templates(struct invocation *invocation)
{
	if (settings_flag(&invocation->settings, SETTING_ASSIGN))
		return run_loaded(invocation, &(struct load){ .totals_only = false }, assign_body);
	return run_loaded(invocation, &(struct load){ .totals_only = true }, body);
}
