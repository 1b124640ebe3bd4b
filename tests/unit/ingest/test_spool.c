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

static void spool__refuses_more__when_it_may_not_go_round(void **state)
{
	static const char words[] = "0123456789";
	struct spool spool;
	char out[16];

	(void)state;
	assert_int_equal(spool_init(&spool, folders, 25), 0);
	spool.straight = true;
	assert_int_equal(spool_append(&spool, slice_of(words)), 0);
	assert_int_equal(spool_append(&spool, slice_of(words)), 0);
	assert_int_equal(spool_append(&spool, slice_of(words)), ERROR_FULL);
	assert_int_equal(spool.end, 25); /* as much as there was room for */
	assert_int_equal(spool_pread(spool.fd, spool.limit, spool.end, out, 10, 0), 10);
	assert_memory_equal(out, words, 10);
	spool_release(&spool);
}

/* A bomb, or many archives at once: together they take no more of the disk than one may. */
static void spool__goes_round_early__when_the_common_budget_is_used_up(void **state)
{
	static char piece[1 << 20];
	struct spool_budget budget = { .left = (uint64_t)16 << 20 };
	struct spool first;
	struct spool second;

	(void)state;
	assert_int_equal(spool_init(&first, folders, (uint64_t)64 << 20), 0);
	assert_int_equal(spool_init(&second, folders, (uint64_t)64 << 20), 0);
	if (first.in_memory || first.limit < (uint64_t)64 << 20)
		skip();
	first.budget = second.budget = &budget;
	for (int i = 0; i < 20; i++)
		assert_int_equal(spool_append(&first, (struct slice){ piece, sizeof(piece) }), 0);
	assert_int_equal(first.end, (uint64_t)20 << 20);
	assert_int_equal(first.limit, (uint64_t)16 << 20);
	assert_true(first.shortened);
	assert_int_equal(budget.left, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(spool_append(&second, (struct slice){ piece, sizeof(piece) }), 0);
	assert_int_equal(second.limit, (uint64_t)1 << 20); /* a little all the same */
	spool_release(&first);
	spool_release(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spool__has_no_name_and_one_reader__on_disk),
		cmocka_unit_test(spool__goes_on_in_memory__where_no_file_can_be_made),
		cmocka_unit_test(spool__keeps_the_newest_bytes__when_it_goes_round),
		cmocka_unit_test(spool__refuses_more__when_it_may_not_go_round),
		cmocka_unit_test(spool__goes_round_early__when_the_common_budget_is_used_up),
	};

	return cmocka_run_group_tests_name("ingest/spool", tests, NULL, NULL);
}
