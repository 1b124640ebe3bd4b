/*
 * The samples are what is shown first and what detection is judged by: they must be what their truth says.
 */
#include "unit/ingest/scene.h"

#include "tocsin/base/json.h"

static const char *sample(const char *name, char path[256])
{
	const char *folder = getenv("srcdir");

	snprintf(path, 256, "%s/samples/%s", folder != NULL ? folder : ".", name);
	return path;
}

static void open_sample(struct scene *scene, const char *name)
{
	struct error error = { 0 };
	char path[256];

	scene_begin(scene, NULL, NULL);
	if (intake_open(scene->intake, slice_of(sample(name, path)), &error) != 0)
		fail_msg("%s", error.text);
	scene_pump(scene);
}

static struct json_document *read_truth(void)
{
	struct json_document *document;
	struct buffer text;
	char piece[4096];
	char path[256];
	size_t size;
	FILE *file = fopen(sample("checkout-incident.truth.json", path), "r");

	assert_non_null(file);
	buffer_init(&text, 1 << 20);
	while ((size = fread(piece, 1, sizeof(piece), file)) > 0)
		buffer_append(&text, piece, size);
	fclose(file);
	document = json_parse(buffer_slice(&text));
	buffer_release(&text);
	assert_non_null(document);
	return document;
}

static uint64_t number(const struct json_value *object, const char *key)
{
	double value = -1;

	assert_true(json_value_number(json_member(object, key), &value));
	return (uint64_t)value;
}

static void assert_levels(const uint64_t counts[LEVEL_COUNT], const struct json_value *expected)
{
	for (int level = LEVEL_DEBUG; level <= LEVEL_FATAL; level++)
		assert_int_equal(counts[level], number(expected, level_name((enum level)level)));
}

static void incident__holds__what_its_truth_says(void **state)
{
	struct scene scene;
	struct json_document *truth = read_truth();
	const struct json_value *root = json_root(truth);
	const struct json_value *service;
	struct ledger ledger;
	size_t services = 0;

	(void)state;
	open_sample(&scene, "checkout-incident.csv");
	ledger = store_ledger_total(scene.store);
	assert_int_equal(store_count(scene.store), number(root, "records"));
	assert_true(store_count(scene.store) >= 20000);
	assert_int_equal(ledger.unparsed, number(root, "unparsed"));
	assert_int_equal(ledger.unparsed, 2);
	assert_int_equal(ledger.late, 28); /* one of the spoilt rows stands 0.9 s before its time */
	assert_int_equal(ledger.lost, 0);
	assert_levels(store_totals(scene.store).levels, json_member(root, "levels"));
	while ((service = json_element(json_member(root, "services"), services)) != NULL) {
		uint64_t counts[LEVEL_COUNT];
		uint32_t code;

		assert_int_equal(
			store_service_find(scene.store, json_value_string(json_member(service, "name")), &code), 0);
		store_service_totals(scene.store, code, counts);
		assert_levels(counts, json_member(service, "levels"));
		services++;
	}
	assert_int_equal(services, 8);
	assert_int_equal(store_service_count(scene.store), 8);
	json_document_free(truth);
	scene_end(&scene);
}

/* How often the template of `message` occurs as FATAL. */
static uint64_t count_fatal(const struct scene *scene, struct slice message)
{
	for (uint32_t i = 0; i < store_template_count(scene->store); i++) {
		struct store_template_totals totals;

		if (!slice_equal(store_template_text(scene->store, i), message))
			continue;
		store_template_totals(scene->store, i, &totals);
		return totals.levels[LEVEL_FATAL];
	}
	return 0;
}

static void incident__has_fatal_templates__five_times_or_more(void **state)
{
	struct scene scene;
	struct json_document *truth = read_truth();
	const struct json_value *fatal;
	size_t count = 0;

	(void)state;
	open_sample(&scene, "checkout-incident.csv");
	while ((fatal = json_element(json_member(json_root(truth), "fatal_templates"), count)) != NULL) {
		uint64_t expected = number(fatal, "count");

		assert_true(expected >= 5);
		assert_int_equal(count_fatal(&scene, json_value_string(json_member(fatal, "template"))), expected);
		count++;
	}
	assert_int_equal(count, 2);
	json_document_free(truth);
	scene_end(&scene);
}

static void incident__is_louder__where_it_is_not_caused(void **state)
{
	static const char *const loud[] = { "notifier", "gateway", "payment-service", "inventory-service" };
	struct scene scene;
	uint64_t cause[LEVEL_COUNT];
	uint32_t code;

	(void)state;
	open_sample(&scene, "checkout-incident.csv");
	assert_int_equal(store_service_find(scene.store, slice_of("orders-db"), &code), 0);
	store_service_totals(scene.store, code, cause);
	for (size_t i = 0; i < sizeof(loud) / sizeof(loud[0]); i++) {
		uint64_t counts[LEVEL_COUNT];

		assert_int_equal(store_service_find(scene.store, slice_of(loud[i]), &code), 0);
		store_service_totals(scene.store, code, counts);
		assert_true(counts[LEVEL_ERROR] > cause[LEVEL_ERROR]);
	}
	scene_end(&scene);
}

static void service_logs__begin__with_the_rows_of_the_oldest_system(void **state)
{
	static const char *const rows[] = {
		"2025-05-17T20:39:15.921897,gateway,DEBUG,Request routed to payment-service",
		"2025-05-17T20:39:18.921897,inventory-service,DEBUG,Low stock warning",
		"2025-05-17T20:39:19.921897,inventory-service,WARN,Warehouse unreachable",
	};
	struct scene scene;
	struct store_text text;

	(void)state;
	open_sample(&scene, "service-logs.csv");
	for (uint64_t i = 0; i < 3; i++) {
		scene_read(&scene, i, &text);
		assert_text(text.raw, rows[i]);
	}
	assert_true(store_count(scene.store) >= 43);
	assert_int_equal(store_ledger_total(scene.store).unparsed, 0);
	assert_int_equal(store_ledger_total(scene.store).late, 0);
	assert_int_equal(store_totals(scene.store).levels[LEVEL_FATAL], 2);
	scene_end(&scene);
}

static void nova__names_its_four_services__and_fails_to_parse_nothing(void **state)
{
	static const char *const names[] = { "nova-api", "nova-scheduler", "nova-conductor", "nova-compute" };
	struct scene scene;
	struct intake_status status;
	struct store_text text;
	uint32_t code;

	(void)state;
	open_sample(&scene, "openstack/nova-compute.log");
	intake_status(scene.intake, 0, &status);
	assert_string_equal(status.format, "openstack");
	assert_true(store_count(scene.store) >= 500);
	assert_int_equal(store_ledger_total(scene.store).unparsed, 0);
	assert_int_equal(store_service_count(scene.store), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(store_service_find(scene.store, slice_of(names[i]), &code), 0);
	scene_read(&scene, 0, &text);
	assert_int_equal(text.field_count, 3);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(incident__holds__what_its_truth_says),
		cmocka_unit_test(incident__has_fatal_templates__five_times_or_more),
		cmocka_unit_test(incident__is_louder__where_it_is_not_caused),
		cmocka_unit_test(service_logs__begin__with_the_rows_of_the_oldest_system),
		cmocka_unit_test(nova__names_its_four_services__and_fails_to_parse_nothing),
	};

	return cmocka_run_group_tests_name("ingest/samples", tests, NULL, NULL);
}
