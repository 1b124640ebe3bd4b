/*
 * Folders and globs: what is opened, in which order, as which service; and what comes later.
 */
#include "unit/ingest/scene.h"

#define COUNT_FILES 1007

static const struct intake_options following = { .follow = true };

static void make_folder(const struct scene *scene, const char *name)
{
	char path[128];

	assert_int_equal(mkdir(scene_path(scene, name, path), 0700), 0);
}

static void move(const struct scene *scene, const char *from, const char *to)
{
	char path[128];
	char target[128];

	assert_int_equal(rename(scene_path(scene, from, path), scene_path(scene, to, target)), 0);
}

static void link_to(const struct scene *scene, const char *target, const char *name)
{
	char path[128];

	assert_int_equal(symlink(target, scene_path(scene, name, path)), 0);
}

/* The sources that have records, by their names below the scene's folder. */
static void assert_sources(const struct scene *scene, const char *const *names, size_t count)
{
	assert_int_equal(store_source_count(scene->store), count);
	for (size_t i = 0; i < count; i++) {
		char path[128];

		assert_text(store_source_name(scene->store, (uint16_t)i), scene_path(scene, names[i], path));
	}
}

static void assert_notice(const struct scene *scene, enum intake_state state, const char *words)
{
	struct intake_status status;

	intake_status(scene->intake, 0, &status);
	assert_int_equal(status.state, state);
	if (strstr(status.notice, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", status.notice, words);
}

static void assert_services(const struct scene *scene, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct record record;

		store_record(scene->store, i, &record);
		assert_text(store_service_name(scene->store, record.service), names[i]);
	}
}

static void folder__opens_its_logs_in_order__and_passes_what_is_none(void **state)
{
	static const char *const expected[] = { "logs/b.log", "logs/cinder/api.log", "logs/nova/api.log.1" };
	static const char *const services[] = { "b", "cinder/api", "nova/api" };
	static const char program[] = "\x7f"
				      "ELF\0\0text\n";
	struct scene scene;
	struct intake_status status;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	make_folder(&scene, "logs");
	make_folder(&scene, "logs/cinder");
	make_folder(&scene, "logs/nova");
	make_folder(&scene, "logs/.git");
	scene_write(&scene, "logs/nova/api.log.1", "2025-05-17T20:00:03Z INFO three\n");
	scene_write(&scene, "logs/cinder/api.log", "2025-05-17T20:00:02Z INFO two\n");
	scene_write(&scene, "logs/b.log", "2025-05-17T20:00:01Z INFO one\n");
	scene_write(&scene, "logs/empty.log", "");
	scene_write(&scene, "logs/.hidden.log", "hidden\n");
	scene_write(&scene, "logs/.git/config.log", "hidden\n");
	scene_write_bytes(&scene, "logs/program", program, sizeof(program), O_TRUNC);
	link_to(&scene, "..", "logs/cinder/up"); /* round and round */
	link_to(&scene, "nowhere", "logs/broken");
	link_to(&scene, "b.log", "logs/current"); /* a second name of what is read already */
	scene_open(&scene, "logs");
	assert_int_equal(scene_pump(&scene), 3);
	assert_sources(&scene, expected, 3);
	assert_services(&scene, services, 3);
	scene_assert_message(&scene, 2, "three");
	intake_status(scene.intake, 0, &status);
	assert_string_equal(status.format, "folder");
	assert_int_equal(status.code, -1);
	assert_notice(&scene, INTAKE_ENDED, "1 binary file");
	scene_end(&scene);
}

static void folder__fails__when_there_is_no_log_in_it(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	make_folder(&scene, "logs");
	scene_open(&scene, "logs");
	assert_int_equal(scene_pump(&scene), 0);
	assert_notice(&scene, INTAKE_FAILED, "no logs in it");
	scene_end(&scene);
}

static void folder__opens_a_thousand__and_says_how_many_are_left_out(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	make_folder(&scene, "logs");
	for (int i = 0; i < COUNT_FILES; i++) {
		char name[32];

		snprintf(name, sizeof(name), "logs/%04d.log", i);
		scene_write(&scene, name, "one\n");
	}
	scene_open(&scene, "logs");
	assert_int_equal(scene_pump(&scene), 1000);
	assert_notice(&scene, INTAKE_ENDED, "7 files are left out: at most 1000 are opened");
	scene_end(&scene);
}

static void folder__opens_what_comes_later__while_it_is_followed(void **state)
{
	static const char *const expected[] = { "logs/a.log", "logs/new/b.log", "logs/empty.log" };
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_open(&scene, "logs");
	assert_notice(&scene, INTAKE_GONE, "waiting");
	make_folder(&scene, "logs");
	assert_int_equal(scene_pump(&scene), 0); /* it is there, and then walked through */
	assert_int_equal(scene_pump(&scene), 0);
	assert_notice(&scene, INTAKE_ENDED, "no logs in it yet");
	scene_write(&scene, "logs/a.log", "one\n");
	scene_write(&scene, "logs/empty.log", "");
	assert_int_equal(scene_pump(&scene), 1);
	assert_notice(&scene, INTAKE_ENDED, "");
	make_folder(&scene, "logs/new");
	scene_write(&scene, "logs/new/b.log", "two\n");
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "logs/empty.log", "three\n");
	scene_append(&scene, "logs/a.log", "four\n");
	assert_int_equal(scene_pump(&scene), 2);
	assert_int_equal(scene_pump(&scene), 0);
	/* the folder was waited for as a file, and is known to the store by that */
	assert_int_equal(store_source_count(scene.store), 4);
	for (uint16_t i = 0; i < 3; i++) {
		char path[128];

		assert_text(store_source_name(scene.store, (uint16_t)(i + 1)), scene_path(&scene, expected[i], path));
	}
	scene_end(&scene);
}

static void folder__reads_nothing_twice__when_its_logs_rotate(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	make_folder(&scene, "logs");
	scene_write(&scene, "logs/a.log", "alpha\n");
	scene_open(&scene, "logs");
	assert_int_equal(scene_pump(&scene), 1);
	/* renamed, twice before it is looked at */
	scene_append(&scene, "logs/a.log", "beta\n");
	move(&scene, "logs/a.log", "logs/a.log.2");
	scene_write(&scene, "logs/a.log.1", "gamma\n");
	scene_write(&scene, "logs/a.log", "delta\n");
	assert_int_equal(scene_pump(&scene), 3);
	/* copied and truncated */
	move(&scene, "logs/a.log.2", "logs/a.log.3");
	move(&scene, "logs/a.log.1", "logs/a.log.2");
	scene_write(&scene, "logs/a.log.1", "delta\n");
	scene_write(&scene, "logs/a.log", "zeta\n");
	assert_int_equal(scene_pump(&scene), 1);
	/* and an old one is compressed */
	scene_write(&scene, "logs/a.log.3.gz", "\x1f\x8b\x08nothing");
	/* but what only looks like it is read */
	scene_write(&scene, "logs/b.log.1", "eta\n");
	assert_int_equal(scene_pump(&scene), 1);
	assert_int_equal(scene_pump(&scene), 0);
	assert_int_equal(store_source_count(scene.store), 2);
	assert_int_equal(store_count(scene.store), 6);
	assert_int_equal(store_ledger_total(scene.store).lines, 6);
	scene_end(&scene);
}

static void folder__is_closed__with_all_that_it_brought_forth(void **state)
{
	struct scene scene;
	char path[128];

	(void)state;
	scene_begin(&scene, &following, NULL);
	make_folder(&scene, "logs");
	scene_write(&scene, "logs/a.log", "one\n");
	scene_open(&scene, "logs");
	assert_int_equal(scene_pump(&scene), 1);
	assert_int_equal(intake_close(scene.intake, slice_of(scene_path(&scene, "logs", path))), 0);
	scene_append(&scene, "logs/a.log", "two\n");
	scene_write(&scene, "logs/b.log", "three\n");
	assert_int_equal(scene_pump(&scene), 0);
	scene_assert_message(&scene, 0, "one");
	scene_end(&scene);
}

static void glob__opens_what_it_matches(void **state)
{
	static const struct {
		const char *pattern;
		const char *sources[4];
		const char *services[4];
	} cases[] = {
		{ "logs/*.csv", { "logs/a.csv", "logs/b.csv" }, { "a", "b" } },
		{ "logs/[b-z]*", { "logs/b.csv", "logs/cinder/api.log", "logs/cinder/deep/x.log" },
			{ "b", "cinder/api", "cinder/deep/x" } },
		{ "logs/*/api.log", { "logs/cinder/api.log" }, { "cinder/api" } },
		{ "logs/**/*.log", { "logs/a.log", "logs/cinder/api.log", "logs/cinder/deep/x.log" },
			{ "a", "cinder/api", "cinder/deep/x" } },
		{ "logs/**", { "logs/a.csv", "logs/a.log", "logs/b.csv", "logs/cinder/api.log" },
			{ "a", "a", "b", "cinder/api" } },
		{ "logs/cinder/?pi.log", { "logs/cinder/api.log" }, { "api" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene scene;
		size_t count = 0;

		scene_begin(&scene, NULL, NULL);
		make_folder(&scene, "logs");
		make_folder(&scene, "logs/cinder");
		make_folder(&scene, "logs/cinder/deep");
		scene_write(&scene, "logs/a.csv", "one\n");
		scene_write(&scene, "logs/a.log", "two\n");
		scene_write(&scene, "logs/b.csv", "three\n");
		scene_write(&scene, "logs/cinder/api.log", "four\n");
		if (i != 4)
			scene_write(&scene, "logs/cinder/deep/x.log", "five\n");
		scene_open(&scene, cases[i].pattern);
		scene_pump(&scene);
		while (count < 4 && cases[i].sources[count] != NULL)
			count++;
		assert_sources(&scene, cases[i].sources, count);
		assert_services(&scene, cases[i].services, count);
		scene_end(&scene);
	}
}

static void glob__says__that_nothing_matches(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_open(&scene, "*.csv");
	assert_int_equal(scene_pump(&scene), 0);
	assert_notice(&scene, INTAKE_FAILED, "no file matches");
	scene_end(&scene);
	scene_begin(&scene, &following, NULL);
	scene_open(&scene, "*.csv");
	assert_int_equal(scene_pump(&scene), 0);
	assert_notice(&scene, INTAKE_ENDED, "no file matches yet");
	scene_write(&scene, "a.csv", "one\n");
	assert_int_equal(scene_pump(&scene), 1);
	assert_notice(&scene, INTAKE_ENDED, "");
	scene_end(&scene);
}

static void glob__is_a_file__that_has_such_a_name(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "a[1].log", "one\n");
	scene_write(&scene, "a1.log", "two\n");
	scene_open(&scene, "a[1].log");
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 0, "one");
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folder__opens_its_logs_in_order__and_passes_what_is_none),
		cmocka_unit_test(folder__fails__when_there_is_no_log_in_it),
		cmocka_unit_test(folder__opens_a_thousand__and_says_how_many_are_left_out),
		cmocka_unit_test(folder__opens_what_comes_later__while_it_is_followed),
		cmocka_unit_test(folder__reads_nothing_twice__when_its_logs_rotate),
		cmocka_unit_test(folder__is_closed__with_all_that_it_brought_forth),
		cmocka_unit_test(glob__opens_what_it_matches),
		cmocka_unit_test(glob__says__that_nothing_matches),
		cmocka_unit_test(glob__is_a_file__that_has_such_a_name),
	};

	return cmocka_run_group_tests_name("ingest/source_dir", tests, NULL, NULL);
}
