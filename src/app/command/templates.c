#include "app/command/load.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"
#include "tocsin/base/vector.h"

struct listed {
	uint32_t template;
	uint64_t count;
};

static int by_count(const void *a, const void *b)
{
	const struct listed *left = a, *right = b;
	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return left->template <right->template ? -1 : left->template > right->template;
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

static void template_json(const struct incident *incident, uint32_t template, struct buffer *out)
{
	const struct store *store = incident->store;
	struct store_template_totals totals;
	struct store_text text = { 0 };
	struct json json;
	store_template_totals(store, template, &totals);
	json_init(&json, out);
	json_begin_object(&json);
	json_field_u64(&json, "id", template);
	json_field_string(&json, "template", store_template_text(store, template));
	json_field_u64(&json, "count", totals.count);
	json_field_time(&json, "first", totals.first);
	json_field_time(&json, "last", totals.last);
	json_key(&json, "levels");
	json_begin_object(&json);
	for (int level = 0; level < LEVEL_COUNT; level++)
		if (totals.levels[level] > 0)
			json_field_u64(&json, level_name((enum level)level), totals.levels[level]);
	json_end_object(&json);
	json_key(&json, "services");
	json_begin_array(&json);
	for (uint32_t service = 0; service < store_service_count(store); service++)
		if (store_template_in_service(store, template, service))
			json_string(&json, store_service_name(store, service));
	json_end_array(&json);
	json_field_string(&json, "example", example_of(incident, &totals, &text));
	json_end_object(&json);
	buffer_append_byte(out, '\n');
}

static void template_text(const struct incident *incident, uint32_t template, struct buffer *out)
{
	struct store_template_totals totals;
	char first[40];
	char letters[LEVEL_COUNT + 1];
	int used = 0;
	store_template_totals(incident->store, template, &totals);
	for (int level = LEVEL_COUNT - 1; level >= 0; level--)
		if (totals.levels[level] > 0)
			letters[used++] = level_letter((enum level)level);
	letters[used] = '\0';
	buffer_append_format(out, "%6u %9llu  %-8s %-5s ", template, (unsigned long long)totals.count,
		timestamp_format(totals.first, TIMESTAMP_CLOCK, &incident->zone, first), letters);
	utf8_append_shown(out, store_template_text(incident->store, template), 160);
	buffer_append_byte(out, '\n');
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	uint64_t limit = settings_count(&invocation->settings, SETTING_LIMIT);
	uint32_t count = store_template_count(incident->store);
	struct vector list;
	vector_init(&list, sizeof(struct listed), (size_t)count + 1);
	for (uint32_t i = 0; i < count; i++) {
		struct store_template_totals totals;
		struct listed *item = vector_push(&list);
		if (item == NULL)
			break;
		store_template_totals(incident->store, i, &totals);
		*item = (struct listed){ i, totals.count };
	}
	vector_sort(&list, by_count);

	if (!as_json)
		buffer_append_string(out, "    id     count  first    level template\n");
	for (size_t i = 0; i < list.count && (limit == 0 || i < limit); i++) {
		const struct listed *item = vector_at(&list, i);
		if (as_json)
			template_json(incident, item->template, out);
		else
			template_text(incident, item->template, out);
	}
	bool complete = list.count == count;
	vector_release(&list);
	return complete ? EXIT_DONE : EXIT_INTERNAL;
}

int command_templates(struct invocation *invocation)
{
	return run_loaded(invocation, &(struct load){ .totals_only = true }, body);
}
