/* The database: whose files are taken and whose are left alone, and what a job's outcome promises. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/keep/database.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
	char folder[64];
	char path[128];
};

static int place_setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->folder, sizeof(place->folder), "/tmp/tocsin-keep-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/t.db", place->folder);
	*state = place;
	return 0;
}

static int place_teardown(void **state)
{
	struct place *place = *state;
	char command[100];

	snprintf(command, sizeof(command), "rm -rf '%s'", place->folder);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

/* One SQL text as a job, and what came of it. */
struct job {
	const char *sql;
	int fail_with; /* returned by `run` after the SQL went well */
	int64_t value; /* the first value of the first row */
	bool done;
	int result;
	struct error error;
};

static int run(struct database *database, void *context, struct error *error)
{
	struct job *job = context;
	struct statement *statement = database_prepare(database, job->sql, error);
	int step;

	if (statement == NULL)
		return ERROR_SYSTEM;
	step = statement_step(statement, error);
	if (step < 0)
		return step;
	if (step == 1)
		job->value = statement_i64(statement, 0);
	statement_reset(statement);
	return job->fail_with != 0 ? error_set(error, job->fail_with, "on purpose") : 0;
}

static void done(void *context, int result, const struct error *error)
{
	struct job *job = context;

	assert_false(job->done);
	job->done = true;
	job->result = result;
	job->error = *error;
}

static struct job perform(struct database *database, const char *sql)
{
	struct job job = { .sql = sql };

	assert_int_equal(database_submit(database, run, done, &job), 0);
	assert_true(job.done);
	return job;
}

static int64_t ask(struct database *database, const char *sql)
{
	struct job job = { .sql = sql };

	assert_int_equal(database_read(database, run, &job, &job.error), 0);
	return job.value;
}

static const char put[] = "INSERT INTO settings SELECT 'k' || count(*), 'value' FROM settings";
static const char count[] = "SELECT count(*) FROM settings";

static struct database *open_good(const char *path, struct loop *loop)
{
	struct error error = { 0 };
	struct database *database = database_open(path, loop, &error);

	if (database == NULL)
		fail_msg("%s", error.text);
	return database;
}

static void database_open__makes_private_file_and_folder__when_absent(void **state)
{
	struct place *place = *state;
	char path[200], folder[100];
	struct database *database;
	struct stat file;

	snprintf(folder, sizeof(folder), "%s/a/b", place->folder);
	snprintf(path, sizeof(path), "%s/t.db", folder);
	umask(0);
	database = open_good(path, NULL);
	assert_string_equal(database_path(database), path);
	assert_int_equal(perform(database, put).result, 0);
	assert_int_equal(stat(folder, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0700);
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	snprintf(path, sizeof(path), "%s/t.db-wal", folder);
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	database_close(database);
}

static void database_open__keeps_what_was_there__when_opened_again(void **state)
{
	struct place *place = *state;
	struct database *database = open_good(place->path, NULL);

	assert_int_equal(perform(database, put).result, 0);
	database_close(database);
	database = open_good(place->path, NULL);
	assert_int_equal(ask(database, count), 1);
	assert_int_equal(ask(database, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
	assert_int_equal(ask(database, "PRAGMA synchronous"), 2);
	assert_int_equal(ask(database, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	database_close(database);
}

static void write_file(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static size_t read_file(const char *path, char *out, size_t capacity)
{
	FILE *file = fopen(path, "r");
	size_t size;

	assert_non_null(file);
	size = fread(out, 1, capacity, file);
	fclose(file);
	return size;
}

static void make_database(const char *path, const char *sql)
{
	sqlite3 *other;

	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
}

static void database_open__refuses_and_changes_nothing__when_the_file_is_not_ours(void **state)
{
	static const struct {
		const char *text; /* the file's content, or */
		const char *sql;  /* what made it with SQLite */
		const char *says;
	} cases[] = {
		{ "hello\n", NULL, "is not a database" },
		{ "SQLite format 3", NULL, "is not a database" },
		{ NULL, "CREATE TABLE bookmarks (url)", "another program" },
		{ NULL, "PRAGMA user_version = 3", "another program" },
		{ NULL, "PRAGMA application_id = 77; CREATE TABLE x (y)", "another program" },
		{ NULL, "PRAGMA journal_mode = WAL; CREATE TABLE x (y)", "another program" },
		{ NULL, "PRAGMA application_id = 0x5463736e; PRAGMA user_version = 9999; CREATE TABLE new (x)",
		  "newer tocsin (schema 9999" },
	};
	struct place *place = *state;
	static char before[65536], after[65536];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error error = { 0 };
		size_t size;

		unlink(place->path);
		if (cases[i].text != NULL)
			write_file(place->path, cases[i].text, strlen(cases[i].text));
		else
			make_database(place->path, cases[i].sql);
		size = read_file(place->path, before, sizeof(before));
		assert_null(database_open(place->path, NULL, &error));
		assert_int_equal(error.code, ERROR_INPUT);
		assert_non_null(strstr(error.text, cases[i].says));
		assert_non_null(strstr(error.text, place->path));
		assert_int_equal(read_file(place->path, after, sizeof(after)), size);
		assert_memory_equal(before, after, size);
	}
}

static void database_open__names_the_reason__when_the_path_cannot_be(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	char path[200];

	assert_null(database_open("", NULL, &error));
	assert_int_equal(error.code, ERROR_INPUT);
	assert_null(database_open(place->folder, NULL, &error));
	assert_int_equal(error.code, ERROR_SYSTEM);
	write_file(place->path, "x", 1);
	snprintf(path, sizeof(path), "%s/below/t.db", place->path);
	assert_null(database_open(path, NULL, &error));
	assert_int_equal(error.code, ERROR_SYSTEM);
	assert_non_null(strstr(error.text, "Not a directory"));
}

static void database_submit__keeps_nothing__when_the_job_fails(void **state)
{
	struct database *database = open_good(":memory:", NULL);
	struct job job = { .sql = put, .fail_with = ERROR_STATE };

	(void)state;
	assert_int_equal(database_submit(database, run, done, &job), 0);
	assert_int_equal(job.result, ERROR_STATE);
	assert_string_equal(job.error.text, "on purpose");
	assert_int_equal(ask(database, count), 0);
	assert_int_equal(perform(database, put).result, 0);
	assert_int_equal(ask(database, count), 1);
	assert_int_equal(database_pending(database), 0);
	database_close(database);
}

static void database_submit__answers_with_a_sentence__when_sql_is_refused(void **state)
{
	static const char *const texts[] = {
		"SELECT nonsense FROM nowhere",
		"INSERT INTO settings VALUES (NULL, NULL)",
		"INSERT INTO ticket_journal VALUES (1, 99, 0, 0, '', '', '', NULL)", /* no such ticket */
		"INSERT INTO settings VALUES ('k', 'v', 'too many')",
	};
	struct database *database = open_good(":memory:", NULL);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct job job = perform(database, texts[i]);

		assert_int_equal(job.result, ERROR_SYSTEM);
		assert_true(strlen(job.error.text) > 10);
	}
	database_close(database);
}

static int run_round_trip(struct database *database, void *context, struct error *error)
{
	static const char zero[] = "a\0b";
	struct statement *statement = database_prepare(database, "SELECT ?1, ?2, ?3, ?4, ?5", error);

	(void)context;
	statement_bind_text(statement, 1, (struct slice){ zero, 3 });
	statement_bind_text(statement, 2, (struct slice){ NULL, 0 });
	statement_bind_null(statement, 3);
	statement_bind_i64(statement, 4, INT64_MIN);
	statement_bind_i64(statement, 5, INT64_MAX);
	assert_int_equal(statement_step(statement, error), 1);
	assert_int_equal(statement_text(statement, 0).size, 3);
	assert_memory_equal(statement_text(statement, 0).data, zero, 3);
	assert_int_equal(statement_text(statement, 1).size, 0);
	assert_false(statement_is_null(statement, 1));
	assert_true(statement_is_null(statement, 2));
	assert_int_equal(statement_text(statement, 2).size, 0);
	assert_int_equal(statement_i64(statement, 2), 0);
	assert_true(statement_i64(statement, 3) == INT64_MIN);
	assert_true(statement_i64(statement, 4) == INT64_MAX);
	assert_int_equal(statement_step(statement, error), 0);
	/* The same text is the same statement, with its values forgotten. */
	assert_ptr_equal(database_prepare(database, "SELECT ?1, ?2, ?3, ?4, ?5", error), statement);
	assert_int_equal(statement_step(statement, error), 1);
	assert_true(statement_is_null(statement, 0));
	statement_reset(statement);
	/* A bind that cannot be is told by the step. */
	statement_bind_i64(statement, 6, 1);
	assert_int_equal(statement_step(statement, error), ERROR_SYSTEM);
	return 0;
}

static void statement__gives_back_what_was_bound(void **state)
{
	struct database *database = open_good(":memory:", NULL);
	struct error error = { 0 };

	(void)state;
	assert_int_equal(database_read(database, run_round_trip, NULL, &error), 0);
	database_close(database);
}

static void database_prepare__says_so__when_there_are_too_many_texts(void **state)
{
	static char texts[200][20];
	struct database *database = open_good(":memory:", NULL);
	struct error error = { 0 };
	int i, good = 0;

	(void)state;
	for (i = 0; i < 200; i++) {
		snprintf(texts[i], sizeof(texts[i]), "SELECT %d", i);
		good += database_prepare(database, texts[i], &error) != NULL;
	}
	assert_int_equal(good, 128);
	assert_int_equal(error.code, ERROR_FULL);
	database_close(database);
}

static void two_databases__see_each_others_work__on_one_file(void **state)
{
	struct place *place = *state;
	struct database *a = open_good(place->path, NULL), *b = open_good(place->path, NULL);
	int i;

	for (i = 0; i < 5; i++) {
		assert_int_equal(perform(a, put).result, 0);
		assert_int_equal(ask(b, count), 2 * i + 1);
		assert_int_equal(perform(b, put).result, 0);
		assert_int_equal(ask(a, count), 2 * i + 2);
	}
	database_close(a);
	database_close(b);
}

/* Runs `child` in a process of its own, whose exit code is its answer. */
static pid_t start(int (*child)(const char *path, int argument), const char *path, int argument)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(child(path, argument));
	assert_true(pid > 0);
	return pid;
}

static int wait_for(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int child_puts(const char *path, int times)
{
	struct error error = { 0 };
	struct database *database = database_open(path, NULL, &error);
	int i;

	for (i = 0; database != NULL && i < times; i++) {
		struct job job = { .sql = put };

		if (database_submit(database, run, done, &job) != 0 || job.result != 0)
			return 2;
	}
	if (database == NULL)
		fprintf(stderr, "%s\n", error.text);
	database_close(database);
	return database == NULL;
}

static void many_processes__create_and_fill_one_file__at_the_same_time(void **state)
{
	struct place *place = *state;
	struct database *database;
	pid_t pids[6];
	int i;

	for (i = 0; i < 6; i++)
		pids[i] = start(child_puts, place->path, 5);
	for (i = 0; i < 6; i++)
		assert_int_equal(wait_for(pids[i]), 0);
	database = open_good(place->path, NULL);
	assert_int_equal(ask(database, count), 30);
	database_close(database);
}

static int child_dies(const char *path, int times)
{
	struct error error = { 0 };
	struct database *database = database_open(path, NULL, &error);
	int i;

	for (i = 0; i < times; i++) {
		struct job job = { .sql = put };

		if (database_submit(database, run, done, &job) != 0 || job.result != 0)
			return 2;
	}
	raise(SIGKILL);
	return 3;
}

static void database_submit__has_lost_nothing__when_the_process_is_killed_after_done(void **state)
{
	struct place *place = *state;
	struct database *database;

	assert_int_equal(wait_for(start(child_dies, place->path, 7)), 1000 + SIGKILL);
	database = open_good(place->path, NULL);
	assert_int_equal(ask(database, count), 7);
	database_close(database);
}

static int run_dies(struct database *database, void *context, struct error *error)
{
	run(database, context, error);
	raise(SIGKILL);
	return 0;
}

static int child_dies_inside(const char *path, int times)
{
	struct error error = { 0 };
	struct database *database = database_open(path, NULL, &error);
	struct job job = { .sql = put };

	(void)times;
	database_submit(database, run_dies, done, &job);
	return 3;
}

static void database_submit__has_kept_no_half__when_the_process_is_killed_inside(void **state)
{
	struct place *place = *state;
	struct database *database;

	assert_int_equal(wait_for(start(child_puts, place->path, 2)), 0);
	assert_int_equal(wait_for(start(child_dies_inside, place->path, 0)), 1000 + SIGKILL);
	database = open_good(place->path, NULL);
	assert_int_equal(ask(database, count), 2);
	database_close(database);
}

static const char put_much[] = "INSERT INTO settings VALUES ('much', hex(randomblob(200000)))";

static void database_submit__says_the_disk_is_full__when_it_cannot_grow(void **state)
{
	struct place *place = *state;
	struct database *database = open_good(place->path, NULL);
	struct job job;

	/* The same answer of SQLite as for ENOSPC. */
	assert_int_equal(perform(database, "PRAGMA max_page_count = 30").result, 0);
	job = perform(database, put_much);
	assert_int_equal(job.result, ERROR_SYSTEM);
	assert_non_null(strstr(job.error.text, "the disk is full"));
	assert_int_equal(ask(database, count), 0);
	assert_int_equal(perform(database, put).result, 0);
	assert_int_equal(ask(database, count), 1);
	database_close(database);
}

static int child_hits_limit(const char *path, int size)
{
	struct rlimit limit = { (rlim_t)size, (rlim_t)size };
	struct error error = { 0 };
	struct database *database = database_open(path, NULL, &error);
	struct job job = { .sql = put_much };
	struct job small = { .sql = count };

	signal(SIGXFSZ, SIG_IGN);
	if (database == NULL || setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 2;
	if (database_submit(database, run, done, &job) != 0 || job.result != ERROR_SYSTEM)
		return 3;
	if (strstr(job.error.text, path) == NULL)
		return 4;
	if (database_read(database, run, &small, &error) != 0 || small.value != 0)
		return 5;
	return 0;
}

static void database_submit__answers_with_a_sentence__when_writing_fails(void **state)
{
	struct place *place = *state;
	struct database *database;

	assert_int_equal(wait_for(start(child_hits_limit, place->path, 150000)), 0);
	database = open_good(place->path, NULL);
	assert_int_equal(ask(database, count), 0);
	assert_int_equal(ask(database, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
	database_close(database);
}

static int child_is_nobody(const char *path, int unused)
{
	struct error error = { 0 };
	struct job job = { .sql = put }, look = { .sql = count };
	struct database *database;

	(void)unused;
	if (geteuid() == 0 && setuid(65534) != 0)
		return 2;
	database = database_open(path, NULL, &error);
	if (database == NULL)
		return 3;
	if (database_read(database, run, &look, &error) != 0 || look.value != 2)
		return 4;
	if (database_submit(database, run, done, &job) != 0 || job.result != ERROR_SYSTEM)
		return 5;
	return strstr(job.error.text, "read-only") != NULL ? 0 : 6;
}

static void database_open__shows_and_refuses_to_change__when_the_file_is_read_only(void **state)
{
	struct place *place = *state;

	assert_int_equal(wait_for(start(child_puts, place->path, 2)), 0);
	assert_int_equal(chmod(place->folder, 0777), 0);
	assert_int_equal(chmod(place->path, 0444), 0);
	assert_int_equal(wait_for(start(child_is_nobody, place->path, 0)), 0);
}

static void database_submit__comes_back_on_the_loop__in_order(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	struct loop *loop = loop_create(&error);
	struct database *database = open_good(place->path, loop);
	struct job jobs[10] = { 0 };
	int i;

	for (i = 0; i < 10; i++) {
		jobs[i].sql = i % 2 == 0 ? put : count;
		assert_int_equal(database_submit(database, run, done, &jobs[i]), 0);
		assert_false(jobs[i].done); /* never inside the call */
	}
	assert_int_equal(database_pending(database), 10);
	/* A look does not wait for them, and sees whole transactions only. */
	assert_in_range(ask(database, count), 0, 5);
	while (database_pending(database) > 0)
		loop_turn(loop, true);
	for (i = 0; i < 10; i++) {
		assert_true(jobs[i].done);
		assert_int_equal(jobs[i].result, 0);
		if (i % 2 == 1)
			assert_int_equal(jobs[i].value, (i + 1) / 2);
	}
	assert_int_equal(ask(database, count), 5);
	database_close(database);
	loop_destroy(loop);
}

static void database_read__may_not_write__when_there_is_a_loop(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	struct loop *loop = loop_create(&error);
	struct database *database = open_good(place->path, loop);
	struct job job = { .sql = put };

	assert_int_equal(database_read(database, run, &job, &error), ERROR_SYSTEM);
	assert_int_equal(ask(database, count), 0);
	database_close(database);
	loop_destroy(loop);
}

#define AT_PLACE(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_PLACE(database_open__makes_private_file_and_folder__when_absent),
		AT_PLACE(database_open__keeps_what_was_there__when_opened_again),
		AT_PLACE(database_open__refuses_and_changes_nothing__when_the_file_is_not_ours),
		AT_PLACE(database_open__names_the_reason__when_the_path_cannot_be),
		cmocka_unit_test(database_submit__keeps_nothing__when_the_job_fails),
		cmocka_unit_test(database_submit__answers_with_a_sentence__when_sql_is_refused),
		cmocka_unit_test(statement__gives_back_what_was_bound),
		cmocka_unit_test(database_prepare__says_so__when_there_are_too_many_texts),
		AT_PLACE(two_databases__see_each_others_work__on_one_file),
		AT_PLACE(many_processes__create_and_fill_one_file__at_the_same_time),
		AT_PLACE(database_submit__has_lost_nothing__when_the_process_is_killed_after_done),
		AT_PLACE(database_submit__has_kept_no_half__when_the_process_is_killed_inside),
		AT_PLACE(database_submit__says_the_disk_is_full__when_it_cannot_grow),
		AT_PLACE(database_submit__answers_with_a_sentence__when_writing_fails),
		AT_PLACE(database_open__shows_and_refuses_to_change__when_the_file_is_read_only),
		AT_PLACE(database_submit__comes_back_on_the_loop__in_order),
		AT_PLACE(database_read__may_not_write__when_there_is_a_loop),
	};

	return cmocka_run_group_tests_name("keep/database", tests, NULL, NULL);
}
