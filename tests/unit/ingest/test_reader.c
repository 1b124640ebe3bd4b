#include "unit/ingest/scene.h"

static void reader__gives_raw_message_and_fields__of_a_record(void **state)
{
	struct scene scene;
	struct store_text text;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "a.csv", "level,message,ts,order\r\nINFO,\"a, \"\"b\"\"\",2025-05-17T20:00:01,17\r\n");
	scene_open(&scene, "a.csv");
	scene_pump(&scene);
	scene_read(&scene, 0, &text);
	assert_text(text.raw, "INFO,\"a, \"\"b\"\"\",2025-05-17T20:00:01,17");
	assert_text(text.message, "a, \"b\"");
	assert_int_equal(text.field_count, 1);
	assert_text(text.fields[0].name, "order");
	assert_text(text.fields[0].value, "17");
	scene_end(&scene);
}

static void reader__reads_from_many_sources__with_few_descriptors(void **state)
{
	struct scene scene;
	char name[16];
	char message[64];

	(void)state;
	scene_begin(&scene, NULL, NULL);
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "%02d.log", i);
		snprintf(message, sizeof(message), "2025-05-17T20:00:%02d line %d\n", i, i);
		scene_write(&scene, name, message);
		scene_open(&scene, name);
	}
	assert_int_equal(scene_pump(&scene), 40);
	for (uint64_t round = 0; round < 3; round++) {
		for (uint64_t id = 0; id < 40; id++) {
			snprintf(message, sizeof(message), "line %d", (int)id);
			scene_assert_message(&scene, id, message);
		}
	}
	scene_end(&scene);
}

static void reader__serves_each_thread__with_its_own(void **state)
{
	struct scene scene;
	struct store_reader *other;
	struct store_text first;
	struct store_text second;
	struct record record;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "a.csv", "level,message\nINFO,one\nINFO,two\n");
	scene_open(&scene, "a.csv");
	scene_pump(&scene);
	other = intake_reader_create(scene.intake);
	assert_non_null(other);
	scene_read(&scene, 0, &first);
	store_record(scene.store, 1, &record);
	assert_int_equal(other->read(other->context, &record, &second), 0);
	assert_text(first.message, "one");
	assert_text(second.message, "two");
	intake_reader_destroy(other);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reader__gives_raw_message_and_fields__of_a_record),
		cmocka_unit_test(reader__reads_from_many_sources__with_few_descriptors),
		cmocka_unit_test(reader__serves_each_thread__with_its_own),
	};

	return cmocka_run_group_tests_name("ingest/reader", tests, NULL, NULL);
}
