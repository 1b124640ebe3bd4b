#include "unit/ingest/scene.h"

#include "tocsin/ingest/rows.h"

static void fill(const struct scene *scene, int count)
{
	char path[128];
	FILE *file = fopen(scene_path(scene, "a.log", path), "w");

	assert_non_null(file);
	for (int i = 0; i < count; i++)
		fprintf(file, "line %d\n", i);
	fclose(file);
	scene_open(scene, "a.log");
	assert_int_equal(scene_pump(scene), count);
}

/* What a worker does between two paints. */
static bool fetch(struct rows *rows, const struct scene *scene)
{
	struct rows_job *job = rows_take_wanted(rows, scene->store);

	if (job == NULL)
		return false;
	rows_job_run(job, scene->store, scene->reader);
	return rows_job_finish(rows, job);
}

static void rows__gives_a_text__once_a_job_has_brought_it(void **state)
{
	struct rows *rows = rows_create(0);
	const struct row_text *text;
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	fill(&scene, 10);
	assert_null(rows_take_wanted(rows, scene.store));
	assert_null(rows_get(rows, 3));
	assert_null(rows_get(rows, 3));
	assert_true(fetch(rows, &scene));
	text = rows_get(rows, 3);
	assert_non_null(text);
	assert_text(text->message, "line 3");
	assert_false(text->cut);
	assert_false(text->gone);
	assert_null(rows_take_wanted(rows, scene.store));
	rows_destroy(rows);
	scene_end(&scene);
}

static void rows__has_one_job_at_a_time__and_asks_for_the_rest_later(void **state)
{
	struct rows *rows = rows_create(64);
	struct rows_job *job;
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	fill(&scene, 10);
	rows_get(rows, 1);
	job = rows_take_wanted(rows, scene.store);
	assert_non_null(job);
	rows_get(rows, 2);
	assert_null(rows_take_wanted(rows, scene.store));
	rows_job_run(job, scene.store, scene.reader);
	assert_true(rows_job_finish(rows, job));
	assert_non_null(rows_get(rows, 1));
	assert_null(rows_get(rows, 2));
	assert_true(fetch(rows, &scene));
	assert_non_null(rows_get(rows, 2));
	rows_destroy(rows);
	scene_end(&scene);
}

static void rows__holds_a_whole_screen__in_neighbours_and_in_matches(void **state)
{
	static const uint64_t strides[] = { 1, 8, 64, 97, 512 };
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	fill(&scene, 60000);
	for (size_t i = 0; i < sizeof(strides) / sizeof(strides[0]); i++) {
		struct rows *rows = rows_create(1024);

		for (uint64_t row = 0; row < 100; row++)
			rows_get(rows, row * strides[i]);
		fetch(rows, &scene);
		for (uint64_t row = 0; row < 100; row++)
			assert_non_null(rows_get(rows, row * strides[i]));
		rows_destroy(rows);
	}
	scene_end(&scene);
}

static void rows__stays_bounded__while_one_scrolls_far(void **state)
{
	struct rows *rows = rows_create(64);
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	fill(&scene, 5000);
	for (uint64_t id = 0; id < 5000; id++) {
		rows_get(rows, id);
		if (id % 10 == 9) {
			fetch(rows, &scene);
			assert_non_null(rows_get(rows, id));
		}
	}
	/* what was seen long ago has given way */
	assert_null(rows_get(rows, 0));
	rows_destroy(rows);
	scene_end(&scene);
}

static void rows__cuts_a_long_message__between_characters(void **state)
{
	char line[ROWS_MAXIMUM_TEXT + 100];
	struct rows *rows = rows_create(0);
	const struct row_text *text;
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	memset(line, 'x', sizeof(line));
	memcpy(line + ROWS_MAXIMUM_TEXT - 1, "\xc3\xa9", 2);
	line[sizeof(line) - 1] = '\n';
	scene_write_bytes(&scene, "long.log", line, sizeof(line), 0);
	scene_open(&scene, "long.log");
	scene_pump(&scene);
	rows_get(rows, 0);
	fetch(rows, &scene);
	text = rows_get(rows, 0);
	assert_non_null(text);
	assert_true(text->cut);
	assert_int_equal(text->message.size, ROWS_MAXIMUM_TEXT - 1);
	rows_destroy(rows);
	scene_end(&scene);
}

static void rows__says_that_a_text_is_gone__in_words(void **state)
{
	struct rows *rows = rows_create(0);
	const struct row_text *text;
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	fill(&scene, 3);
	scene_write(&scene, "a.log", "");
	rows_get(rows, 2);
	fetch(rows, &scene);
	text = rows_get(rows, 2);
	assert_non_null(text);
	assert_true(text->gone);
	assert_true(text->message.size > 0);
	rows_destroy(rows);
	scene_end(&scene);
}

static void rows__forgets__what_a_job_brings_after_a_clear(void **state)
{
	struct rows *rows = rows_create(0);
	struct rows_job *job;
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	fill(&scene, 3);
	rows_get(rows, 1);
	job = rows_take_wanted(rows, scene.store);
	rows_clear(rows);
	rows_get(rows, 1);
	rows_job_run(job, scene.store, scene.reader);
	assert_false(rows_job_finish(rows, job));
	assert_null(rows_get(rows, 1));
	assert_true(fetch(rows, &scene));
	assert_non_null(rows_get(rows, 1));
	rows_destroy(rows);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows__gives_a_text__once_a_job_has_brought_it),
		cmocka_unit_test(rows__has_one_job_at_a_time__and_asks_for_the_rest_later),
		cmocka_unit_test(rows__holds_a_whole_screen__in_neighbours_and_in_matches),
		cmocka_unit_test(rows__stays_bounded__while_one_scrolls_far),
		cmocka_unit_test(rows__cuts_a_long_message__between_characters),
		cmocka_unit_test(rows__says_that_a_text_is_gone__in_words),
		cmocka_unit_test(rows__forgets__what_a_job_brings_after_a_clear),
	};

	return cmocka_run_group_tests_name("ingest/rows", tests, NULL, NULL);
}
