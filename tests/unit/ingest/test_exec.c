/*
 * Commands and named pipes: what they write is read, how they end is said, and nothing of them is left behind.
 */
#include "unit/ingest/scene.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

static const struct intake_options following = { .follow = true };

static void open_source(const struct scene *scene, const char *name)
{
	struct error error = { 0 };

	if (intake_open(scene->intake, slice_of(name), &error) != 0)
		fail_msg("%s", error.text);
}

static void assert_notice(const struct scene *scene, enum intake_state state, const char *words)
{
	struct intake_status status;

	intake_status(scene->intake, 0, &status);
	if (strstr(status.notice, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", status.notice, words);
	assert_int_equal(status.state, state);
}

static void assert_no_children(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void exec__reads_what_a_command_writes__to_its_end(void **state)
{
	struct scene scene;
	struct record record;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	open_source(&scene, "exec:printf 'one\\ntwo\\nthr'; printf ee");
	assert_int_equal(scene_pump(&scene), 3);
	scene_assert_message(&scene, 2, "three");
	store_record(scene.store, 0, &record);
	assert_text(store_service_name(scene.store, record.service), "printf");
	assert_notice(&scene, INTAKE_ENDED, "ended with exit status 0");
	assert_no_children();
	scene_end(&scene);
}

static void exec__tells_how_it_ended__with_its_last_complaint(void **state)
{
	static const struct {
		const char *command;
		enum intake_state state;
		const char *notice;
		uint64_t records;
	} cases[] = {
		{ "exec:echo one; echo no >&2; printf 'disk\033 is full' >&2; exit 3", INTAKE_ENDED,
			"ended with exit status 3: disk? is full", 1 },
		{ "exec:exit 3", INTAKE_FAILED, "ended with exit status 3", 0 },
		{ "exec:/nonexistent/command", INTAKE_FAILED, "ended with exit status 127", 0 },
		{ "exec:echo one; kill -9 $$", INTAKE_ENDED, "ended by signal KILL", 1 },
		{ "exec:true", INTAKE_ENDED, "ended with exit status 0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene scene;

		scene_begin(&scene, NULL, NULL);
		open_source(&scene, cases[i].command);
		assert_int_equal(scene_pump(&scene), cases[i].records);
		assert_notice(&scene, cases[i].state, cases[i].notice);
		assert_no_children();
		scene_end(&scene);
	}
}

static void exec__is_refused__without_a_command(void **state)
{
	struct scene scene;
	struct error error = { 0 };

	(void)state;
	scene_begin(&scene, NULL, NULL);
	assert_int_equal(intake_open(scene.intake, slice_of("exec: "), &error), ERROR_INPUT);
	assert_non_null(strstr(error.text, "which command?"));
	scene_end(&scene);
}

/* More complaints than a pipe holds: whoever does not read them stops the command. */
static void exec__is_not_held_up__by_its_complaints(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	open_source(&scene,
		"exec:i=0; while [ $i -lt 3000 ]; do echo complaint number $i, which is long enough to fill a "
		"pipe in time >&2; i=$((i + 1)); done; echo one");
	assert_int_equal(scene_pump(&scene), 1);
	assert_notice(&scene, INTAKE_ENDED, "complaint number 2999");
	scene_end(&scene);
}

static bool is_zombie(long process)
{
	char path[64];
	char line[256] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", process);
	file = fopen(path, "r");
	if (file == NULL)
		return true;
	if (fgets(line, sizeof(line), file) == NULL)
		line[0] = '\0';
	fclose(file);
	return strstr(line, ") Z") != NULL;
}

static void exec__is_killed_with_its_group__when_it_is_closed(void **state)
{
	struct scene scene;
	struct store_text text;
	static const char command[] = "exec:sleep 1000 & trap '' TERM; echo $$ $!; while :; do sleep 1; done";
	long shell = 0;
	long child = 0;
	char *rest;

	(void)state;
	scene_begin(&scene, &following, NULL);
	open_source(&scene, command);
	while (scene_pump(&scene) == 0)
		;
	scene_read(&scene, 0, &text);
	shell = strtol(text.raw.data, &rest, 10);
	child = strtol(rest, NULL, 10);
	assert_true(shell > 1 && child > 1);
	assert_int_equal(kill((pid_t)shell, 0), 0);
	assert_int_equal(getpgid((pid_t)child), shell);
	assert_int_equal(intake_close(scene.intake, slice_of(command)), 0);
	assert_int_equal(scene_pump(&scene), 0);
	assert_int_equal(kill((pid_t)shell, 0), -1);
	assert_no_children();
	/* the other one was killed too: it is gone, or a zombie that waits for its new parent */
	assert_true(getpgid((pid_t)child) != shell || killpg((pid_t)shell, 0) == -1 || is_zombie(child));
	scene_read(&scene, 0, &text);
	assert_false(text.gone);
	scene_end(&scene);
}

static void exec__leaves_nothing__when_the_intake_ends(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	open_source(&scene, "exec:echo one; exec sleep 1000");
	while (scene_pump(&scene) == 0)
		;
	scene_end(&scene);
	assert_no_children();
}

static void pipe__is_read_from_one_writer_after_another__while_it_is_followed(void **state)
{
	struct scene scene;
	char path[128];
	int writer;

	(void)state;
	scene_begin(&scene, &following, NULL);
	assert_int_equal(mkfifo(scene_path(&scene, "pipe.log", path), 0600), 0);
	open_source(&scene, path);
	assert_int_equal(scene_pump(&scene), 0);
	assert_notice(&scene, INTAKE_READING, "");
	writer = open(path, O_WRONLY | O_NONBLOCK);
	assert_true(writer >= 0);
	assert_int_equal(write(writer, "one\ntw", 6), 6);
	assert_int_equal(scene_pump(&scene), 1);
	close(writer);
	assert_int_equal(scene_pump(&scene), 1); /* the line will not go on */
	scene_assert_message(&scene, 1, "tw");
	assert_notice(&scene, INTAKE_READING, "its writer has left");
	writer = open(path, O_WRONLY | O_NONBLOCK);
	assert_true(writer >= 0);
	assert_int_equal(write(writer, "three\n", 6), 6);
	close(writer);
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 2, "three");
	scene_end(&scene);
}

static void pipe__ends_with_its_writer__when_not_following(void **state)
{
	struct scene scene;
	char path[128];
	int writer;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	assert_int_equal(mkfifo(scene_path(&scene, "pipe.log", path), 0600), 0);
	open_source(&scene, path);
	writer = open(path, O_WRONLY | O_NONBLOCK);
	assert_true(writer >= 0);
	assert_int_equal(write(writer, "one\ntwo", 7), 7);
	close(writer);
	assert_int_equal(scene_pump(&scene), 2);
	assert_notice(&scene, INTAKE_ENDED, "");
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exec__reads_what_a_command_writes__to_its_end),
		cmocka_unit_test(exec__tells_how_it_ended__with_its_last_complaint),
		cmocka_unit_test(exec__is_refused__without_a_command),
		cmocka_unit_test(exec__is_not_held_up__by_its_complaints),
		cmocka_unit_test(exec__is_killed_with_its_group__when_it_is_closed),
		cmocka_unit_test(exec__leaves_nothing__when_the_intake_ends),
		cmocka_unit_test(pipe__is_read_from_one_writer_after_another__while_it_is_followed),
		cmocka_unit_test(pipe__ends_with_its_writer__when_not_following),
	};

	return cmocka_run_group_tests_name("ingest/exec", tests, NULL, NULL);
}
