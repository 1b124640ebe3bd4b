#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/base/json.h"
#include "tocsin/telemetry/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/tocsin-log-XXXXXX";
static char path[64];

static int enter(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/log", folder);
	return 0;
}

static int leave(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static size_t read_back(char *out, size_t capacity)
{
	int file = open(path, O_RDONLY);
	assert_true(file >= 0);
	ssize_t size = read(file, out, capacity - 1);
	close(file);
	assert_true(size >= 0);
	out[size] = '\0';
	return (size_t)size;
}

static void log__writes_one_json_object_a_line__with_its_four_members(void **state)
{
	static const char *const members[] = { "timestamp", "level", "logger", "message" };
	char text[4096];
	struct log *log = log_open(path, LEVEL_INFO, NULL);
	(void)state;
	assert_non_null(log);
	log_write(log, LEVEL_WARN, "session", "a \"quote\", a\nnewline and \x1b[31m");
	log_close(log);
	size_t size = read_back(text, sizeof text);
	assert_int_equal(text[size - 1], '\n');
	assert_ptr_equal(strchr(text, '\n'), text + size - 1);
	assert_null(strchr(text, '\x1b'));
	struct json_document *document = json_parse((struct slice){ text, size - 1 });
	assert_non_null(document);
	for (size_t i = 0; i < 4; i++)
		assert_true(json_value_string(json_member(json_root(document), members[i])).size > 0);
	assert_true(slice_is(json_value_string(json_member(json_root(document), "level")), "WARN"));
	json_document_free(document);
}

static void log__keeps_what_is_below_its_level_out(void **state)
{
	char text[4096];
	(void)state;
	unlink(path);
	struct log *log = log_open(path, LEVEL_WARN, NULL);
	log_write(log, LEVEL_INFO, "session", "first");
	log_set_level(log, LEVEL_DEBUG);
	log_write(log, LEVEL_INFO, "session", "second");
	log_close(log);
	read_back(text, sizeof text);
	assert_null(strstr(text, "first"));
	assert_non_null(strstr(text, "second"));
}

static void log__takes_secrets_out(void **state)
{
	char text[4096];
	(void)state;
	struct log *log = log_open(path, LEVEL_INFO, NULL);
	log_write(log, LEVEL_INFO, "http", "Authorization: Bearer abcdef0123456789abcdef and password=hunter2hunter2");
	log_close(log);
	read_back(text, sizeof text);
	assert_null(strstr(text, "abcdef0123456789"));
	assert_null(strstr(text, "hunter2"));
}

static void log__belongs_to_its_user_alone(void **state)
{
	struct stat status;
	(void)state;
	unlink(path);
	log_close(log_open(path, LEVEL_INFO, NULL));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void log__says_a_full_disk_once(void **state)
{
	(void)state;
	struct log *log = log_open("/dev/full", LEVEL_INFO, NULL);
	assert_non_null(log);
	assert_null(log_failure(log));
	log_write(log, LEVEL_INFO, "session", "one");
	log_write(log, LEVEL_INFO, "session", "two");
	assert_non_null(strstr(log_failure(log), "cannot be written"));
	assert_null(log_failure(log));
	log_close(log);
}

static void log__names_the_file__when_it_cannot_be_opened(void **state)
{
	struct error error = { 0 };
	(void)state;
	assert_null(log_open("/nowhere/log", LEVEL_INFO, &error));
	assert_non_null(strstr(error.text, "/nowhere/log"));
	log_write(NULL, LEVEL_ERROR, "session", "nobody listens");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log__writes_one_json_object_a_line__with_its_four_members),
		cmocka_unit_test(log__keeps_what_is_below_its_level_out),
		cmocka_unit_test(log__takes_secrets_out),
		cmocka_unit_test(log__belongs_to_its_user_alone),
		cmocka_unit_test(log__says_a_full_disk_once),
		cmocka_unit_test(log__names_the_file__when_it_cannot_be_opened),
	};
	return cmocka_run_group_tests_name("telemetry/log", tests, enter, leave);
}
