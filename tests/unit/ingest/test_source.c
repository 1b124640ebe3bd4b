/*
 * What becomes of sources while they are followed: files that grow, start over, are replaced or vanish, and streams.
 */
#include "unit/ingest/scene.h"

#include <sys/time.h>

#define HEADER "timestamp,service,level,message\n"

static const struct intake_options following = { .follow = true };

static void assert_status(const struct scene *scene, enum intake_state expected, const char *notice)
{
	struct intake_status status;

	intake_status(scene->intake, 0, &status);
	assert_int_equal(status.state, expected);
	if (strstr(status.notice, notice) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", status.notice, notice);
}

/* Makes a file look as if it had been left alone for a minute. */
static void age(const struct scene *scene, const char *name)
{
	struct timeval times[2];
	char path[128];

	gettimeofday(&times[0], NULL);
	times[0].tv_sec -= 60;
	times[1] = times[0];
	assert_int_equal(utimes(scene_path(scene, name, path), times), 0);
}

static void source__gives_new_lines__when_a_file_grows(void **state)
{
	struct scene scene;
	struct record record;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.csv", HEADER "2025-05-17T20:00:01,a,INFO,one\n");
	scene_open(&scene, "a.csv");
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "a.csv", "2025-05-17T20:00:02,a,INFO,two\n2025-05-17T20:00:03,a,INFO,\"three\n");
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "a.csv", "lines\"\n");
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 2, "three\nlines");
	store_record(scene.store, 2, &record);
	assert_int_equal(record.line, 4);
	assert_status(&scene, INTAKE_ENDED, "");
	scene_end(&scene);
}

static void source__begins_later__when_a_file_is_empty_at_first(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.csv", "");
	scene_open(&scene, "a.csv");
	assert_int_equal(scene_pump(&scene), 0);
	scene_append(&scene, "a.csv", "timestamp,service,le");
	assert_int_equal(scene_pump(&scene), 0);
	scene_append(&scene, "a.csv", "vel,message\n2025-05-17T20:00:01,a,INFO,one\n");
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 0, "one");
	scene_end(&scene);
}

static void source__waits_for_the_end_of_a_line__while_it_is_written(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "one\ntw");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	assert_int_equal(scene_pump(&scene), 0);
	scene_append(&scene, "a.log", "o\nthr");
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 1, "two");
	/* left alone for a while, it is taken as it is */
	age(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 2, "thr");
	scene_append(&scene, "a.log", "\nfour\n");
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 3, "four");
	scene_end(&scene);
}

static void source__takes_a_last_line_without_end__when_not_following(void **state)
{
	static const char *const texts[] = { "one\ntwo",
		HEADER "2025-05-17T20:00:01,a,INFO,one\n2025-05-17T20:00:02,a,INFO,two" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct scene scene;

		scene_begin(&scene, NULL, NULL);
		scene_write(&scene, "a", texts[i]);
		scene_open(&scene, "a");
		assert_int_equal(scene_pump(&scene), 2);
		scene_assert_message(&scene, 1, "two");
		assert_int_equal(store_ledger_total(scene.store).lines, 2 + i);
		scene_end(&scene);
	}
}

static void source__starts_over__when_a_file_is_truncated(void **state)
{
	struct scene scene;
	struct store_text text;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.csv", HEADER "2025-05-17T20:00:01,a,INFO,one\n2025-05-17T20:00:02,a,INFO,two\n");
	scene_open(&scene, "a.csv");
	assert_int_equal(scene_pump(&scene), 2);
	scene_write(&scene, "a.csv", "message,level\nnew,WARN\n");
	/* before it was noticed: the bytes are not there */
	scene_read(&scene, 1, &text);
	assert_true(text.gone);
	assert_int_equal(scene_pump(&scene), 1);
	assert_status(&scene, INTAKE_ENDED, "truncated");
	scene_assert_message(&scene, 2, "new");
	/* and after: other bytes stand in their place */
	scene_read(&scene, 0, &text);
	assert_true(text.gone);
	assert_true(text.message.size > 0);
	scene_end(&scene);
}

static void source__finishes_the_old_file__before_it_reads_its_replacement(void **state)
{
	struct scene scene;
	struct store_text text;
	char path[128];
	char rotated[128];

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "one\n");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "a.log", "two\nlast");
	assert_int_equal(rename(scene_path(&scene, "a.log", path), scene_path(&scene, "a.log.1", rotated)), 0);
	scene_write(&scene, "a.log", "three\n");
	assert_int_equal(scene_pump(&scene), 3);
	assert_status(&scene, INTAKE_ENDED, "replaced");
	scene_assert_message(&scene, 3, "three");
	scene_read(&scene, 1, &text);
	assert_true(text.gone);
	scene_append(&scene, "a.log", "four\n");
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 4, "four");
	scene_end(&scene);
}

static void source__is_gone__when_its_file_vanishes_until_it_is_back(void **state)
{
	struct scene scene;
	char path[128];

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "one\n");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	assert_int_equal(unlink(scene_path(&scene, "a.log", path)), 0);
	assert_int_equal(scene_pump(&scene), 0);
	assert_status(&scene, INTAKE_GONE, "gone");
	/* the open file still holds the text */
	scene_assert_message(&scene, 0, "one");
	scene_write(&scene, "a.log", "two\n");
	assert_int_equal(scene_pump(&scene), 1);
	assert_status(&scene, INTAKE_ENDED, "replaced");
	scene_end(&scene);
}

static void source__reads_a_stream__as_it_comes(void **state)
{
	struct scene scene;
	struct error error = { 0 };
	int saved = dup(STDIN_FILENO);
	int ends[2];

	(void)state;
	scene_begin(&scene, &following, NULL);
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
	close(ends[0]);
	assert_int_equal(intake_open(scene.intake, slice_of("-"), &error), 0);
	assert_int_equal(scene_pump(&scene), 0);
	assert_status(&scene, INTAKE_READING, "");
	assert_int_equal(write(ends[1], HEADER "2025-05-17T20:00:01,,INFO,one\nbro", 65), 65);
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 0, "one");
	assert_text(store_service_name(scene.store, 0), "stdin");
	assert_int_equal(write(ends[1], "ken", 3), 3);
	close(ends[1]);
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 1, "broken");
	assert_status(&scene, INTAKE_ENDED, "");
	scene_end(&scene);
	dup2(saved, STDIN_FILENO);
	close(saved);
}

/* A batch program waits without end for a stream that is open: one that failed must not be waited for. */
static void source__fails_a_stream__that_the_wanted_format_cannot_read(void **state)
{
	struct intake_options options = { .format = format_find(slice_of("csv")) };
	struct scene scene;
	struct error error = { 0 };
	int saved = dup(STDIN_FILENO);
	int ends[2];

	(void)state;
	scene_begin(&scene, &options, NULL);
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
	close(ends[0]);
	assert_int_equal(write(ends[1], "a,b\n1,2\n", 8), 8);
	close(ends[1]);
	assert_int_equal(intake_open(scene.intake, slice_of("-"), &error), 0);
	assert_int_equal(scene_pump(&scene), 0);
	assert_status(&scene, INTAKE_FAILED, "names no known column");
	scene_end(&scene);
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void source__reads_standard_input_in_place__when_it_is_a_file(void **state)
{
	struct scene scene;
	struct error error = { 0 };
	int saved = dup(STDIN_FILENO);
	char path[128];
	int fd;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "a.log", "one\ntwo\n");
	fd = open(scene_path(&scene, "a.log", path), O_RDONLY);
	assert_true(dup2(fd, STDIN_FILENO) >= 0);
	close(fd);
	assert_int_equal(intake_open(scene.intake, slice_of("-"), &error), 0);
	assert_int_equal(scene_pump(&scene), 2);
	scene_assert_message(&scene, 1, "two");
	scene_end(&scene);
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void source__ends__with_files_whose_size_says_nothing(void **state)
{
	static const char *const names[] = { "/proc/filesystems", "/sys/kernel/mm/transparent_hugepage/enabled",
		"/proc/version" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct scene scene;
		struct error error = { 0 };

		if (access(names[i], R_OK) != 0)
			continue;
		scene_begin(&scene, NULL, NULL);
		assert_int_equal(intake_open(scene.intake, slice_of(names[i]), &error), 0);
		assert_true(scene_pump(&scene) > 0);
		assert_int_equal(scene_pump(&scene), 0);
		scene_end(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(source__gives_new_lines__when_a_file_grows),
		cmocka_unit_test(source__begins_later__when_a_file_is_empty_at_first),
		cmocka_unit_test(source__waits_for_the_end_of_a_line__while_it_is_written),
		cmocka_unit_test(source__takes_a_last_line_without_end__when_not_following),
		cmocka_unit_test(source__starts_over__when_a_file_is_truncated),
		cmocka_unit_test(source__finishes_the_old_file__before_it_reads_its_replacement),
		cmocka_unit_test(source__is_gone__when_its_file_vanishes_until_it_is_back),
		cmocka_unit_test(source__reads_a_stream__as_it_comes),
		cmocka_unit_test(source__fails_a_stream__that_the_wanted_format_cannot_read),
		cmocka_unit_test(source__reads_standard_input_in_place__when_it_is_a_file),
		cmocka_unit_test(source__ends__with_files_whose_size_says_nothing),
	};

	return cmocka_run_group_tests_name("ingest/source", tests, NULL, NULL);
}
