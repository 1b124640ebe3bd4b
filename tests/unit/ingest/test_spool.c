#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>

#include "ingest/spool.h"

static const char *const folders[] = { "/nonexistent", "/var/tmp", "/tmp", NULL };
static const char *const no_folders[] = { "/nonexistent", NULL };

static void spool__has_no_name_and_one_reader__on_disk(void **state)
{
	struct spool spool;
	struct stat status;

	(void)state;
	assert_int_equal(spool_init(&spool, folders, 1 << 20), 0);
	assert_false(spool.in_memory);
	assert_int_equal(fstat(spool.fd, &status), 0);
	assert_int_equal(status.st_nlink, 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	spool_release(&spool);
}

static void spool__goes_on_in_memory__where_no_file_can_be_made(void **state)
{
	struct spool spool;
	char read[8] = "";

	(void)state;
	assert_int_equal(spool_init(&spool, no_folders, 1 << 20), 0);
	assert_true(spool.in_memory);
	assert_int_equal(spool_append(&spool, slice_of("hello")), 0);
	assert_int_equal(spool_pread(spool.fd, spool.limit, spool.end, read, 5, 0), 5);
	assert_string_equal(read, "hello");
	spool_release(&spool);
}

static void spool__keeps_the_newest_bytes__when_it_goes_round(void **state)
{
	struct spool spool;
	char read[16];

	(void)state;
	assert_int_equal(spool_init(&spool, folders, 10), 0);
	assert_int_equal(spool_append(&spool, slice_of("0123456")), 0);
	assert_int_equal(spool_append(&spool, slice_of("789abcdefghij")), 0);
	assert_int_equal(spool.end, 20);
	memset(read, 0, sizeof(read));
	assert_int_equal(spool_pread(spool.fd, spool.limit, spool.end, read, sizeof(read), 10), 10);
	assert_string_equal(read, "abcdefghij");
	memset(read, 0, sizeof(read));
	assert_int_equal(spool_pread(spool.fd, spool.limit, spool.end, read, 3, 17), 3);
	assert_string_equal(read, "hij");
	assert_int_equal(spool_pread(spool.fd, spool.limit, spool.end, read, 3, 20), 0);
	assert_int_equal(spool_pread(spool.fd, spool.limit, spool.end, read, 3, 9), -1);
	assert_int_equal(spool_pread(spool.fd, spool.limit, spool.end, read, 3, 21), -1);
	spool_release(&spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spool__has_no_name_and_one_reader__on_disk),
		cmocka_unit_test(spool__goes_on_in_memory__where_no_file_can_be_made),
		cmocka_unit_test(spool__keeps_the_newest_bytes__when_it_goes_round),
	};

	return cmocka_run_group_tests_name("ingest/spool", tests, NULL, NULL);
}
